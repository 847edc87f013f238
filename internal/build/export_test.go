package build

import (
	"fmt"
	"maps"
	"slices"

	"stet/internal/output"
	"stet/internal/page"
	"stet/internal/source"
)

// Kinds lists the kinds of questions that there are.
func Kinds() []string { return slices.Sorted(maps.Keys(new(press).book())) }

// Stood counts by kind what was asked in the edition that o left and is said to be
// answered as it was, and lists what of that is not.
func Stood(o Options) (stood map[string]int, wrong []string, err error) {
	tree, _, err := source.Open(o.Dir, o.Theme)
	if err != nil {
		return nil, nil, err
	}
	defer tree.Close()
	p, problems, err := open(o, tree, o.Memory.files(o))
	if err != nil || p.site == nil {
		return nil, nil, fmt.Errorf("%v %v", err, problems)
	}
	there, _ := output.Look(o.Out)
	past := o.Memory.pages(o)(there)
	if past.Rests == "" {
		return nil, nil, fmt.Errorf("there are no notes")
	}
	p.restOn(past)
	book := p.book()
	stood = map[string]int{}
	for _, q := range past.Questions {
		who := book[q.Kind]
		if who.Stands == nil || !who.Stands(q.Args) {
			continue
		}
		stood[q.Kind]++
		is, err := who.Answer(nil, q.Args)
		if err != nil {
			return nil, nil, err
		}
		if is.Digest == (page.Digest{}) {
			is.Digest = page.Sum(is.Value)
		}
		if is.Digest != q.Digest {
			wrong = append(wrong, q.String())
		}
	}
	return stood, wrong, nil
}
