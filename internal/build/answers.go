package build

import (
	"bytes"
	"encoding/binary"
	"errors"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"stet/internal/diag"
	"stet/internal/fields"
	"stet/internal/layout"
	"stet/internal/page"
	"stet/internal/site"
	"stet/internal/source"
	"stet/internal/threads"
)

// folded is a path as a disk sees it that takes capitals and small letters, and
// the forms of Unicode, for equal.
func folded(name string) string {
	for i := range len(name) {
		if c := name[i]; c >= 0x80 || c >= 'A' && c <= 'Z' {
			return cases.Fold().String(norm.NFC.String(name))
		}
	}
	return name
}

// perMinute is how many words most people read in a minute.
const perMinute = 230

// layoutMaker makes pages of a kind: it asks for the dot and executes the
// layout that fits best.
func (p *press) layoutMaker(kind, question string) page.Maker {
	return func(ask *page.Ask, pg page.Page, to *page.Content) error {
		dot, err := ask.Get(question, pg.Args)
		if err != nil {
			return err
		}
		if story, ok := dot.(*site.Story); ok {
			if story.Words, err = page.Get[int](ask, "words", pg.Args); err != nil {
				return err
			}
			story.Minutes = (story.Words + perMinute - 1) / perMinute
			if p.editors != nil {
				p.editors.note(page.Fields(pg.Args, 1)[0], func(w *written) { w.story = story })
			}
		}
		lang, own, section, story := p.site.Fit(dot)
		if _, ok := p.layouts.Lookup(named(own)); own != "" && !ok {
			return p.noLayout(ask, pg, own)
		}
		c := layout.Context{Lang: lang, Making: pg.Path}
		name, err := p.layouts.Pick(ask, c, p.candidates(kind, own, section, story)...)
		if err != nil {
			return err
		}
		p.costs.made(pg.Path, name)
		if err := p.layouts.Execute(ask, c, name, dot, &to.Body); err != nil {
			return err
		}
		if len(bytes.TrimSpace(to.Body.Bytes())) == 0 && p.layouts.Silent(name) {
			return diag.Problem{Severity: diag.Error, Path: "layouts/" + name, Line: 1, Column: 1, Text: "this layout writes nothing",
				Hint: "begin it with\n{{ template \"base.html\" . }}", While: "making " + pg.Path}
		}
		if story, ok := dot.(*site.Story); ok && kind == "article" && p.abouts {
			to.About, err = p.about(ask, pg, story)
		}
		return err
	}
}

// noLayout says that a story names a layout there is none of. That somebody
// adds it later must be seen, so the look-up is asked.
func (p *press) noLayout(ask *page.Ask, pg page.Page, own string) error {
	if _, err := ask.Digest("lookup", page.Args(named(own))); err != nil {
		return err
	}
	m := p.site.Mark(page.Fields(pg.Args, 1)[0], "layout")
	m.Severity, m.Text = diag.Error, "there is no layout "+quoted(own)
	m.Hint = "add layouts/" + named(own)
	if n := diag.Nearest(strings.TrimSuffix(own, ".html")+".html", p.layouts.Names()); n != "" {
		m.Hint = "did you mean " + quoted(strings.TrimSuffix(n, ".html")) + "?"
	}
	return m
}

// candidates are those of a page, which most pages have in common.
func (p *press) candidates(kind, own, section, story string) []string {
	if own != "" {
		return []string{named(own)}
	}
	key := [3]string{kind, section, story}
	if known, ok := p.fits.Load(key); ok {
		return known.([]string)
	}
	names := candidates(kind, section, story)
	p.fits.Store(key, names)
	return names
}

// named is the layout that a story names.
func named(own string) string { return strings.TrimSuffix(own, ".html") + ".html" }

// candidates are the layouts of a page, the best first: that of the kind of
// story it is, that of its section, that of all such pages.
func candidates(kind, section, story string) (names []string) {
	if kind == "all" {
		kind = "archive"
	}
	if story != "" {
		names = append(names, story+".html")
	}
	if section != "" {
		names = append(names, section+"/"+kind+".html")
	}
	return append(names, kind+".html")
}

func (p *press) makeFile(ask *page.Ask, pg page.Page, to *page.Content) error {
	to.Copy = page.Fields(pg.Args, 1)[0]
	if tells(to.Copy) {
		return p.discreet(ask, to.Copy)
	}
	_, err := ask.Digest("source", to.Copy)
	return err
}

// answers are the questions about files and their texts.
func (p *press) answers() page.Book {
	return page.Book{
		"source": {Answer: p.answerSource, Sum: p.sumOf},
		"data":   {Answer: p.answerData, Noted: true},
		"body":   {Answer: p.answerBody, Noted: true, Quoted: p.quotedBody()},
		"words":  {Answer: p.answerWords, Sum: p.sumOfWords},

		"wirebody": {Answer: p.answerWireBody, Noted: true},
		"media":    {Answer: p.answerMedia, Noted: true},

		"imagesettings": {Answer: p.answerImageSettings, Keep: true},
		"themesettings": {Answer: p.answerThemeSettings, Keep: true},
	}
}

// placed are the questions about where files are. As the answers about content
// do, theirs rest on the site and the names of its files.
func (p *press) placed() page.Book {
	return page.Book{
		"file":   {Answer: p.answerFile},
		"rooted": {Answer: p.answerRooted},
	}
}

// answerWords answers "words PATH" with how many a story's text has. Of all that
// is read of a text that changes most, so that it is no part of other answers,
// nor of the site.
func (p *press) answerWords(_ *page.Ask, args string) (page.Answer, error) {
	n := p.words(args)
	return page.Answer{Value: n, Digest: numberSum(int64(n))}, nil
}

func (p *press) words(args string) int {
	path := page.Field(args, 0)
	if i, ok := p.tree.Index(path); ok && p.site.Counts(path) && p.records[i].Said != nil {
		return p.records[i].Said.Words
	}
	return 0
}

// numberSum is the digest of a number, and numberOf reads that of it.
func numberSum(n int64) (d page.Digest) {
	d[0] = 'n'
	binary.LittleEndian.PutUint64(d[8:], uint64(n))
	return d
}

func numberOf(d page.Digest) int64 { return int64(binary.LittleEndian.Uint64(d[8:])) }

func (p *press) sumOfWords(args string) page.Digest {
	return numberSum(int64(p.words(args)))
}

// answerSource answers "source PATH" with the sum of a file of the site.
func (p *press) answerSource(_ *page.Ask, args string) (page.Answer, error) {
	sum, ok := p.tree.Sum(args)
	if !ok {
		return page.Answer{}, nil
	}
	return page.Answer{Value: sum[:], Digest: page.Digest(sum)}, nil
}

// sumOf is the digest of that.
func (p *press) sumOf(args string) page.Digest {
	if sum, ok := p.tree.Sum(args); ok {
		return page.Digest(sum)
	}
	return page.Sum(nil)
}

// answerFile answers "file PATH" with the URL at which a file of the site is
// published. Where there is none, the digest is that of what may be meant.
func (p *press) answerFile(_ *page.Ask, args string) (page.Answer, error) {
	name := page.Fields(args, 1)[0]
	if p.tree.Has(name) {
		if url := p.site.FileURL(name); url != "" {
			return page.Answer{Value: url}, nil
		}
	}
	return page.Answer{Digest: page.Sum([]string{p.nearFile(name), p.site.Withheld(name)})}, nil
}

// nearFile names a file that may be meant.
func (p *press) nearFile(name string) string {
	if p.isFront(name) {
		return "what plans a front page is not published"
	}
	below, inside := strings.CutPrefix(name, "content/")
	if slices.Contains(p.site.SectionNames(), below) {
		return "did you mean " + quoted("/"+below+"/") + "?"
	}
	var beside []string
	for _, f := range p.tree.Files {
		if path.Dir(f.Path) == path.Dir(name) && (path.Ext(f.Path) != ".md" || strings.EqualFold(path.Ext(name), ".md")) {
			beside = append(beside, path.Base(f.Path))
		}
	}
	if n := diag.NearestFile(path.Base(name), beside); n != "" {
		return "did you mean " + quoted(n) + "?"
	}
	if !inside && !strings.HasPrefix(name, "static/") {
		return "a file that is linked to must lie in content/ or in static/"
	}
	return "put the file at " + name + ", or correct the link"
}

// readFor reads a file for an answer, whose note then holds its sum.
func (p *press) readFor(ask *page.Ask, name string) ([]byte, bool, error) {
	if _, err := ask.Digest("source", name); err != nil || !p.tree.Has(name) {
		return nil, false, err
	}
	data, err := p.again(name, nil)
	return data, true, err
}

// again reads a file that was loaded.
func (p *press) again(name string, buf []byte) ([]byte, error) {
	data, err := p.tree.ReadInto(name, buf)
	return data, p.heed(err)
}

// heed sees to it that the build begins anew if a file changed since it was
// loaded, whatever becomes of the question for which it was read again.
func (p *press) heed(err error) error {
	if errors.Is(err, source.ErrChanged) {
		p.changed.Store(&err)
	}
	return err
}

// A dataFile is a file of data/, parsed when first asked for.
type dataFile struct {
	path  string
	value func() (any, []diag.Problem, error)
}

func (p *press) dataFiles() (map[string]*dataFile, []diag.Problem) {
	all := map[string]*dataFile{}
	var twins []diag.Problem
	for _, f := range p.tree.Below("data") {
		name := strings.TrimPrefix(f.Path, "data/")
		ext := path.Ext(name)
		ok := false
		switch ext {
		case ".yaml", ".yml", ".json", ".toml", ".csv":
			ok = true
		}
		if !ok || strings.HasPrefix(f.Path, threads.Comments) || strings.HasPrefix(f.Path, threads.Ratings) {
			continue // what readers say may be much, and is asked for in another way
		}
		d := &dataFile{path: f.Path}
		var once sync.Once
		var value any
		var problems []diag.Problem
		var err error
		d.value = func() (any, []diag.Problem, error) {
			once.Do(func() {
				var data []byte
				if data, err = p.again(d.path, nil); err != nil {
					return
				}
				var v *fields.Value
				if v, problems = fields.Parse(d.path, data); v != nil {
					value = v.Plain()
				}
			})
			return value, problems, err
		}
		name = strings.TrimSuffix(name, ext)
		if other := all[name]; other != nil {
			twins = append(twins, diag.Problem{Severity: diag.Error, Path: d.path, Text: "this and " + other.path + " would both be the data " + quoted(name),
				Hint: "rename one of them"})
		}
		all[name] = d
	}
	return all, twins
}

// answerData answers "data FILE KEY" with what a file of data/ says under a
// dotted key.
func (p *press) answerData(ask *page.Ask, args string) (page.Answer, error) {
	f := page.Fields(args, 2)
	d := p.data[f[0]]
	if d == nil {
		var names []string
		for name := range p.data {
			names = append(names, name)
		}
		slices.Sort(names)
		return page.Answer{Value: diag.Problem{Severity: diag.Error, Text: "there is no file " + quoted(f[0]) + " in data/", Hint: near(f[0], names)}}, nil
	}
	if _, err := ask.Digest("source", d.path); err != nil {
		return page.Answer{}, err
	}
	v, problems, err := d.value()
	ask.Report(problems...)
	if wrong := slices.IndexFunc(problems, isError); wrong >= 0 && err == nil {
		err = problems[wrong] // which is told; what a layout would make of the rest is not
	}
	if err != nil || f[1] == "" {
		return page.Answer{Value: v}, err
	}
	for key := range strings.SplitSeq(f[1], ".") {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	return page.Answer{Value: v}, nil
}

func isError(p diag.Problem) bool { return p.Severity == diag.Error }

func near(word string, candidates []string) string {
	if n := diag.Nearest(word, candidates); n != "" {
		return "did you mean " + quoted(n) + "?"
	}
	return "put it there as YAML, JSON, TOML or CSV"
}
