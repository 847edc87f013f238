package page_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"stet/internal/diag"
	"stet/internal/page"
)

// A paper is a small site to make pages of: stories with a section, a headline
// and a body that may mention another story.
type paper struct {
	stories map[string]story
	broken  bool // the fragment cannot be made
	written bool // ledgers are only to be written down

	mu    sync.Mutex
	makes map[string]int // how often each question was answered by asking, and texts were taken off pages
}

func (p *paper) count(kind string) {
	p.mu.Lock()
	p.makes[kind]++
	p.mu.Unlock()
}

type story struct {
	Section, Headline, Body, Mentions string
}

func (p *paper) newest(section string) []string {
	var names []string
	for name, s := range p.stories {
		if s.Section == section {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	slices.Reverse(names)
	return names[:min(3, len(names))]
}

func (p *paper) pages() []page.Page {
	var pages []page.Page
	sections := map[string]bool{}
	for name, s := range p.stories {
		pages = append(pages, page.Page{Path: name + ".html", Kind: "story", Args: name})
		sections[s.Section] = true
	}
	for s := range sections {
		pages = append(pages, page.Page{Path: s + "/index.html", Kind: "front", Args: s})
	}
	slices.SortFunc(pages, func(a, b page.Page) int { return strings.Compare(a.Path, b.Path) })
	return pages
}

func (p *paper) book() page.Book {
	plain := func(f func(args string) any) page.Answerer {
		return page.Answerer{Answer: func(_ *page.Ask, args string) (page.Answer, error) {
			return page.Answer{Value: f(args)}, nil
		}}
	}
	return page.Book{
		"story": plain(func(name string) any {
			s, ok := p.stories[name]
			if !ok {
				return nil
			}
			return [2]string{s.Section, s.Headline}
		}),
		"text":   plain(func(name string) any { return p.stories[name].Body + "|" + p.stories[name].Mentions }),
		"newest": plain(func(section string) any { return p.newest(section) }),
		"body": {Noted: true, Quoted: &page.Quoted{
			Text:  func(answer any) string { return answer.(string) },
			Value: func(text string) any { return text },
			Taken: func(string) { p.count("taken") },
		}, Answer: func(ask *page.Ask, name string) (page.Answer, error) {
			p.count("body")
			text, err := page.Get[string](ask, "text", name)
			body, mentions, _ := strings.Cut(text, "|")
			if mentions != "" {
				m, err := page.Get[[2]string](ask, "story", mentions)
				if err != nil {
					return page.Answer{}, err
				}
				body += " see " + m[1]
			}
			if strings.Contains(body, "careless") {
				ask.Report(diag.Problem{Path: name, Text: "careless words"})
			}
			return page.Answer{Value: body}, err
		}},
		"fragment": {Noted: true, Keep: true, Answer: func(ask *page.Ask, section string) (page.Answer, error) {
			p.count("fragment")
			if p.broken {
				return page.Answer{}, errors.New("the fragment is broken")
			}
			names, err := page.Get[[]string](ask, "newest", section)
			var lines []string
			for _, n := range names {
				s, _ := page.Get[[2]string](ask, "story", n)
				lines = append(lines, s[1])
			}
			return page.Answer{Value: strings.Join(lines, ",")}, err
		}},
		"one": {Noted: true, Answer: func(ask *page.Ask, _ string) (page.Answer, error) {
			_, err := ask.Get("other", "")
			return page.Answer{}, err
		}},
		"other": {Noted: true, Answer: func(ask *page.Ask, _ string) (page.Answer, error) {
			_, err := ask.Get("one", "")
			return page.Answer{}, err
		}},
	}
}

var makers = map[string]page.Maker{
	"story": func(ask *page.Ask, p page.Page, to *page.Content) error {
		s, err := page.Get[[2]string](ask, "story", p.Args)
		if err != nil {
			return err
		}
		body, err := page.Get[string](ask, "body", p.Args)
		if err != nil {
			return err
		}
		side, err := page.Get[string](ask, "fragment", s[0])
		fmt.Fprintf(&to.Body, "%s\n%s\n[%s]\n", s[1], body, side)
		return err
	},
	"front": func(ask *page.Ask, p page.Page, to *page.Content) error {
		side, err := page.Get[string](ask, "fragment", p.Args)
		fmt.Fprintf(&to.Body, "front %s\n[%s]\n", p.Args, side)
		return err
	},
	"circle": func(ask *page.Ask, p page.Page, _ *page.Content) error {
		_, err := ask.Get(p.Args, "")
		return err
	},
}

// An edition is what lies on the disk.
type edition map[string]string

// build makes the paper into the edition and names the pages that were made.
func (p *paper) build(t *testing.T, l *page.Ledger, on edition, workers int) (*page.Ledger, []string, []diag.Problem) {
	t.Helper()
	return p.make(t, l, on, workers, p.pages())
}

func (p *paper) make(t *testing.T, l *page.Ledger, on edition, workers int, pages []page.Page) (*page.Ledger, []string, []diag.Problem) {
	t.Helper()
	p.makes = map[string]int{}
	next := edition{}
	var made []string
	var lock = make(chan bool, 1)
	ledger, problems, err := l.Make(context.Background(), pages, page.Job{
		Makers: makers, Book: p.book(), Workers: workers, Written: p.written,
		Stands: func(path string) bool { _, ok := on[path]; return ok },
		Piece: func(path string, b []byte, at int64) error {
			if text := on[path]; int64(len(text)) < at || copy(b, text[at:]) < len(b) {
				return io.ErrUnexpectedEOF
			}
			return nil
		},
		Put: func(r page.Result) error {
			lock <- true
			defer func() { <-lock }()
			if r.Content == nil {
				next[r.Path] = on[r.Path]
				return nil
			}
			made = append(made, r.Path)
			next[r.Path] = r.Content.Body.String()
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	clear(on)
	maps.Copy(on, next)
	slices.Sort(made)
	return ledger, made, problems
}

func newPaper() *paper {
	return &paper{stories: map[string]story{
		"a1": {"world", "Fire", "It burnt.", ""},
		"a2": {"world", "Flood", "It rose.", "a1"},
		"a3": {"sport", "Derby", "They won.", ""},
		"a4": {"world", "Storm", "It blew.", ""},
		"a5": {"world", "Quake", "It shook.", ""},
	}}
}

func TestCutoff(t *testing.T) {
	for _, test := range []struct {
		name string
		edit func(map[string]story)
		made string
	}{
		{"nothing", func(map[string]story) {}, ""},
		{"the body of an old story", func(s map[string]story) { x := s["a1"]; x.Body = "!"; s["a1"] = x }, "a1.html"},
		{"the body of a listed story", func(s map[string]story) { x := s["a5"]; x.Body = "!"; s["a5"] = x }, "a5.html"},
		{"the headline of a mentioned story", func(s map[string]story) { x := s["a1"]; x.Headline = "!"; s["a1"] = x }, "a1.html a2.html"},
		{"the headline of a listed story", func(s map[string]story) { x := s["a5"]; x.Headline = "!"; s["a5"] = x },
			"a1.html a2.html a4.html a5.html world/index.html"},
		{"a new story", func(s map[string]story) { s["a6"] = story{"sport", "Cup", "", ""} }, "a3.html a6.html sport/index.html"},
		{"a story less", func(s map[string]story) { delete(s, "a3") }, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, disk := newPaper(), edition{}
			l, made, _ := p.build(t, &page.Ledger{}, disk, 1)
			if len(made) != 7 {
				t.Fatalf("the first build made %v", made)
			}
			test.edit(p.stories)
			_, made, _ = p.build(t, l, disk, 1)
			if got := strings.Join(made, " "); got != test.made {
				t.Errorf("made %q, want %q", got, test.made)
			}
		})
	}
}

// What is answered by asking is made once a build, and not at all while what it
// asked is answered as before.
func TestOnce(t *testing.T) {
	p, disk := newPaper(), edition{}
	l, _, _ := p.build(t, &page.Ledger{}, disk, 4)
	if p.makes["fragment"] != 2 {
		t.Errorf("%d fragments were made, want 2", p.makes["fragment"])
	}
	p.build(t, l, disk, 4)
	if len(p.makes) != 0 {
		t.Errorf("made %v though nothing changed", p.makes)
	}
}

// The question that a page finds answered differently is the reason it is
// given, with what that rests on; for as long as the page stands, that stays.
func TestWhy(t *testing.T) {
	p, disk := newPaper(), edition{}
	l, _, _ := p.build(t, &page.Ledger{}, disk, 1)
	s := p.stories["a3"]
	s.Body, s.Headline = "They lost.", "Derby lost"
	p.stories["a3"] = s
	l, made, _ := p.build(t, l, disk, 1)
	if got := reasons(l, made); got != "a3.html: [story a3]\nsport/index.html: [fragment sport story a3]" {
		t.Error(got)
	}
	delete(disk, "a1.html")
	later, made, _ := p.build(t, l, disk, 1)
	if got := reasons(later, made); got != "a1.html: spoilt" {
		t.Error(got)
	}
	if got := reasons(later, []string{"a3.html"}); got != "a3.html: [story a3]" {
		t.Error(got)
	}
}

func reasons(l *page.Ledger, paths []string) string {
	var all []string
	for _, name := range paths {
		n, _ := l.Note(name)
		if n.Why == nil {
			n.Why = &page.Why{}
		}
		why := fmt.Sprint(n.Why.Questions)
		if n.Why.Spoilt {
			why = "spoilt"
		}
		all = append(all, name+": "+why)
	}
	return strings.Join(all, "\n")
}

// Who measures learns how long each page and each answer took, and that what a
// page asked is not its own time.
func TestTook(t *testing.T) {
	p := newPaper()
	p.makes = map[string]int{}
	now := time.Unix(0, 0)
	clock := func() time.Time { now = now.Add(time.Second); return now }
	took := map[string][2]time.Duration{}
	_, _, err := new(page.Ledger).Make(context.Background(), p.pages(), page.Job{Makers: makers, Book: p.book(), Workers: 1,
		Put: func(page.Result) error { return nil }, Clock: clock, Took: func(m page.Took) {
			took[m.Page.Path+m.Question.String()] = [2]time.Duration{m.All / time.Second, m.Own / time.Second}
		}})
	if err != nil {
		t.Fatal(err)
	}
	// The clock goes on by a second at each look: a question that asks nothing
	// takes one.
	if got := took["story a1"]; got != [2]time.Duration{1, 1} {
		t.Error(got)
	}
	for name, d := range took {
		if d[1] < 1 || d[1] > d[0] {
			t.Errorf("%s took %v", name, d)
		}
	}
	if first := took["a1.html"]; first[0] < 5 || first[1] == first[0] {
		t.Error(first)
	}
}

// A warning is told again for as long as what it is about stands.
func TestWarningsStand(t *testing.T) {
	p, disk := newPaper(), edition{}
	p.stories["a3"] = story{"sport", "Derby", "careless", ""}
	l, _, first := p.build(t, &page.Ledger{}, disk, 1)
	l, made, again := p.build(t, l, disk, 1)
	if len(first) != 1 || len(again) != 1 || len(made) != 0 {
		t.Fatalf("first %v, again %v, made %v", first, again, made)
	}
	p.stories["a3"] = story{"sport", "Derby", "better", ""}
	if _, _, none := p.build(t, l, disk, 1); len(none) != 0 {
		t.Errorf("still told: %v", none)
	}
}

// A failure is told once, however many pages it hits, and those that it does
// not hit are made.
func TestFailure(t *testing.T) {
	p := newPaper()
	p.broken = true
	_, made, problems := p.build(t, &page.Ledger{}, edition{}, 4)
	if len(made) != 0 || len(problems) != 2 { // one for each section
		t.Errorf("made %v, problems %v", made, problems)
	}
	for _, p := range problems {
		if p.Severity != diag.Error || !strings.Contains(p.Text, "the fragment is broken") {
			t.Errorf("%+v", p)
		}
	}
}

// A circle is an error that names the chain, whoever meets it first.
func TestCircle(t *testing.T) {
	for range 50 {
		p := newPaper()
		_, _, problems := p.make(t, &page.Ledger{}, edition{}, 2, []page.Page{
			{Path: "1.html", Kind: "circle", Args: "one"}, {Path: "2.html", Kind: "circle", Args: "other"},
		})
		problems = diag.Sort(problems)
		if len(problems) != 1 || problems[0].Text != "these ask for each other in a circle: one > other > one" {
			t.Fatalf("%+v", problems)
		}
	}
}

// Whatever is edited, pages that stand and pages that are made together equal
// a clean build. The test must fail when the ledger is deaf to any kind of
// question.
func TestIncrementalEqualsClean(t *testing.T) {
	for _, deaf := range []string{"", "story", "text", "newest", "body", "fragment"} {
		t.Run("deaf to "+strconv.Quote(deaf), func(t *testing.T) {
			if got := differs(t, deaf); got != (deaf != "") {
				t.Errorf("deaf to %q: the editions differ: %v", deaf, got)
			}
		})
	}
}

func differs(t *testing.T, deaf string) bool {
	r := rand.New(rand.NewPCG(1, 2))
	p, disk := newPaper(), edition{}
	l := &page.Ledger{}
	for step := range 200 {
		p.edit(r, step)
		l, _, _ = p.build(t, l, disk, 1+step%3)
		clean := edition{}
		p.build(t, &page.Ledger{}, clean, 2)
		if !maps.Equal(disk, clean) {
			return true
		}
		l = deafen(l, deaf)
	}
	return false
}

// deafen forgets that questions of a kind were asked.
func deafen(l *page.Ledger, kind string) *page.Ledger {
	hears := func(note []int32) []int32 {
		return slices.DeleteFunc(slices.Clone(note), func(n int32) bool { return l.Questions[n].Kind == kind })
	}
	for i := range l.Pages {
		l.Pages[i].Note, l.Pages[i].Quote = hears(l.Pages[i].Note), page.Quote{} // which is one of its note
	}
	for i := range l.Questions {
		l.Questions[i].Note = hears(l.Questions[i].Note)
	}
	return l
}

func (p *paper) edit(r *rand.Rand, step int) {
	names := slices.Sorted(maps.Keys(p.stories))
	name := names[r.IntN(len(names))]
	s := p.stories[name]
	switch r.IntN(6) {
	case 0:
		s.Body = fmt.Sprint("body ", step)
	case 1:
		s.Headline = fmt.Sprint("headline ", step)
	case 2:
		s.Section = []string{"world", "sport", "arts"}[r.IntN(3)]
	case 3:
		s.Mentions = names[r.IntN(len(names))]
	case 4:
		if len(names) > 3 {
			delete(p.stories, name)
			return
		}
	case 5:
		name, s = fmt.Sprintf("b%d", r.IntN(20)), story{"arts", "New", "new", ""}
	}
	p.stories[name] = s
}
