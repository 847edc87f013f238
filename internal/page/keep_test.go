package page_test

import (
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"stet/internal/diag"
	"stet/internal/page"
)

func kept(l *page.Ledger) string {
	var b strings.Builder
	l.WriteTo(&b)
	return b.String()
}

func TestKeep(t *testing.T) {
	p, disk := newPaper(), edition{}
	p.stories["a3"] = story{"sport", "Derby", "careless", "a1"}
	l, _, _ := p.build(t, &page.Ledger{}, disk, 2)
	l.Pages[0].Told = &page.Told{Problems: []diag.Problem{{Path: "x", Line: 3, Text: "a warning"}}}
	l.Built, l.Pages[1].Made = 1700000000, 1600000000
	l.Pages[1].Why = &page.Why{Questions: []page.Question{{Kind: "fragment", Args: "x"}, {Kind: "gone"}}}
	l.Pages[2].Why = &page.Why{Spoilt: true}
	l.Rests = "the stories"
	b := kept(l)
	got, rest, err := page.ReadLedger(b+"rest", true)
	if err != nil || rest != "rest" {
		t.Fatal(rest, err)
	}
	if d := cmp.Diff(l, got, cmp.Comparer(sameNotes), cmpopts.IgnoreUnexported(page.Ledger{})); d != "" {
		t.Error(d)
	}
	for i := range b {
		if _, _, err := page.ReadLedger(b[:i], true); err == nil {
			t.Fatalf("%d of %d bytes are a ledger", i, len(b))
		}
	}
	if _, made, _ := p.build(t, got, disk, 2); len(made) != 0 {
		t.Errorf("made %v though nothing changed", made)
	}
}

// A ledger that is only written down says what one says that is laid out, though most
// of its text is copied from the old one.
func TestWritten(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	p, disk, first := newPaper(), edition{}, &page.Ledger{}
	old := kept(first)
	for step := range 200 {
		p.edit(r, step)
		lay := func(written bool) (*page.Ledger, string, edition) {
			l, _, err := page.ReadLedger(old, false)
			if err != nil {
				t.Fatal(err)
			}
			if step%7 == 6 {
				l.Forget(func(path string) bool { return path < "b" })
			}
			p.written = written
			on := maps.Clone(disk)
			l, _, _ = p.build(t, l, on, 1)
			return l, kept(l), on
		}
		want, _, _ := lay(false)
		_, text, on := lay(true)
		got, rest, err := page.ReadLedger(text, false)
		if err != nil || rest != "" {
			t.Fatal(rest, err)
		}
		if d := cmp.Diff(want, got, cmp.Comparer(sameNotes), cmpopts.IgnoreUnexported(page.Ledger{})); d != "" {
			t.Fatalf("after %d edits: %s", step, d)
		}
		old, disk = text, on
	}
}

func sameNotes(a, b []int32) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func FuzzReadLedger(f *testing.F) {
	t := &testing.T{}
	l, _, _ := newPaper().build(t, &page.Ledger{}, edition{}, 1)
	f.Add(kept(l))
	f.Fuzz(func(t *testing.T, b string) {
		l, _, err := page.ReadLedger(b, len(b)%2 == 0)
		if err != nil {
			return
		}
		for _, p := range l.Pages {
			for _, n := range p.Note {
				if int(n) >= len(l.Questions) {
					t.Error("a note names a question that there is not")
				}
			}
			if q := p.Quote; q.Size < 0 || q.At < 0 || q.Size > 0 && int(q.Nth) >= len(p.Note) {
				t.Errorf("a page of %d questions has the quote %v", len(p.Note), q)
			}
		}
	})
}
