package build

import (
	"strings"
	"time"

	"github.com/zeebo/xxh3"

	"stet/internal/page"
	"stet/internal/plain"
	"stet/internal/site"
	"stet/internal/source"
)

// A rests is what the answers about content rest on. Each of them is read off the
// site: that is what it is made of, and what is published now. If all of that is as
// it was, all of them stand, and if only what some stories say of themselves is
// another, those that show none of these do.
type rests struct {
	All     page.Digest
	Outline page.Digest  // the same but for what stories say to readers alone
	Says    []source.Sum // of all articles, by path
	Words   []int32      // that their texts have
}

func always(string) bool { return true }

// restOn says which answers rest on nothing that is another than when these notes
// were taken.
func (p *press) restOn(past *page.Ledger) {
	if past.Rests == "" {
		return
	}
	var was rests
	if _, err := plain.Read(past.Rests, &was); err != nil {
		return
	}
	if p.keeps != nil && p.o.Memory == nil { // who holds on to them sums up here
		p.keeps() // its error is told later
	}
	p.rests = p.content()
	n := len(p.rests.Says)
	if was.Outline != p.rests.Outline || len(was.Says) != n || len(was.Words) != n {
		return
	}
	differ, longer := map[string]bool{}, map[string]bool{}
	for i, n := 0, 0; i < len(p.records); i++ {
		if p.records[i].Said == nil {
			continue
		}
		if p.rests.Says[n] != was.Says[n] {
			differ[p.records[i].Path] = true
		}
		if p.rests.Words[n] != was.Words[n] {
			longer[p.records[i].Path] = true
		}
		n++
	}
	p.stands = p.site.Stands(differ)
	if was.All == p.rests.All {
		for kind := range p.site.Book() {
			p.stands[kind] = always
		}
	}
	for kind := range p.placed() {
		p.stands[kind] = always
	}
	p.stands["words"] = func(args string) bool { return !longer[page.Field(args, 0)] }
}

// rest leaves with the notes of this build what its answers rest on. If it is not
// known yet, it is taken of what has been written down.
func (p *press) rest(l *page.Ledger) {
	if p.o.Cache.Dir == "" && p.o.Memory == nil {
		return
	}
	if p.rests.Says == nil {
		p.keeps() // its error is told later
		p.rests = p.content()
	}
	l.Rests = string(plain.Append(nil, p.rests))
}

// content is what the answers about content rest on.
func (p *press) content() rests {
	told := plain.Append(nil, struct {
		Unpublished []site.Skipped
		Next        time.Time
	}{p.site.Unpublished, p.site.Next})
	all, outline := p.claims()
	addresses := p.site.Addresses()
	r := rests{page.SumAll(all, page.Sum(told)), page.SumAll(outline, addresses, page.Sum(told)), make([]source.Sum, 0, len(p.records)), make([]int32, 0, len(p.records))}
	for i := range p.records {
		if said := p.records[i].Said; said != nil {
			r.Says = append(r.Says, p.records[i].Says.All)
			r.Words = append(r.Words, int32(said.Words))
		}
	}
	return r
}

// claims is a digest of all that the site is made of but the time: the settings,
// the words of its languages, the fronts, the names of its files, and what the articles
// say; and one in which those count with their outlines.
func (p *press) claims() (claims, outline page.Digest) {
	if p.claimed == nil {
		p.claimed = p.summedUp()
	}
	return p.claimed[0], p.claimed[1]
}

func (p *press) summedUp() *[2]page.Digest {
	all, some := xxh3.New(), xxh3.New()
	both := func(b []byte) { all.Write(b); some.Write(b) }
	for i := range p.records {
		r := &p.records[i]
		if r.Said != nil && r.Says == (source.Says{}) {
			r.Says = saysOf(says(nil, r.Said), r.Said)
		}
		all.WriteString(r.Path)
		some.WriteString(r.Path)
		all.Write(r.Says.All[:])
		some.Write(r.Says.Outline[:])
		if r.Path == source.Settings || strings.HasPrefix(r.Path, "layouts/languages/") {
			both(r.Sum[:])
		}
	}
	for _, f := range p.fronts {
		sum, _ := p.tree.Sum(f.Path)
		both([]byte(f.Path))
		both(sum[:])
	}
	both(plain.Append(nil, struct {
		BaseURL         string
		NoIndex, Drafts bool
	}{p.o.BaseURL, p.o.NoIndex, p.o.Drafts}))
	return &[2]page.Digest{all.Sum128().Bytes(), some.Sum128().Bytes()}
}
