package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// newEditing prepares a small run of the edits with the real stet. Hugo's
// builds, which take no part in what is checked, take a second each.
func newEditing(t *testing.T) *editing {
	t.Helper()
	work := t.TempDir()
	s := newSites(work)
	stet, err := buildStet(s.Bin, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	e := &editing{options: options{N: 60, Runs: 2, Seed: 1, Dir: work}, stet: stet, stderr: io.Discard,
		peer: func() (usage, error) { return usage{Wall: time.Second}, nil }}
	if err := writeForStet(s.Stet.Dir, e.N, e.Seed); err != nil {
		t.Fatal(err)
	}
	if err := e.preparePapers(work, s.Stet, ""); err != nil {
		t.Fatal(err)
	}
	return e
}

// Of a small archive each change makes the pages that show it, twice, and the
// editions are as clean builds make them. Then one of them is spoilt.
func TestEditsOfASmallArchive(t *testing.T) {
	e := newEditing(t)
	for run := range e.Runs {
		if err := e.round(run); err != nil {
			t.Fatal(err)
		}
	}
	clean := t.TempDir()
	if err := e.checkPapers(clean); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := e.report([]bound{e.publishing()}, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"edits, 60 articles", "one story published, built-in theme, wrote at most these ", "\n  series/the-long-repair/index.html\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report has no %q:\n%s", want, &out)
		}
	}
	for _, trial := range e.trials {
		if len(trial.took) != e.Runs {
			t.Errorf("%s was measured %d times", trial.name(), len(trial.took))
		}
	}

	bench := e.papers[0]
	feed := filepath.Join(bench.Out, "feed.xml")
	data, err := os.ReadFile(feed)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(feed, append(data, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := e.checkPapers(clean); err == nil || !strings.Contains(err.Error(), "feed.xml is not as in a clean build, from byte") {
		t.Errorf("a spoilt file: %v", err)
	}

	// A page that Stet would forget: it shows the words and is not written.
	stale := filepath.Join(bench.Out, bench.newest[0][len("content/"):]+".html")
	data, err = os.ReadFile(filepath.Join(bench.Dir, filepath.FromSlash(body.file(bench, 7))))
	if err != nil {
		t.Fatal(err)
	}
	if err := writeFile(stale, string(data)); err != nil {
		t.Fatal(err)
	}
	want, err := bench.make(&body, 7)
	if err != nil {
		t.Fatal(err)
	}
	_, b, err := buildTelling(e.stet, bench.paper)
	if err != nil {
		t.Fatal(err)
	}
	if err := want.check(b); err == nil || !strings.Contains(err.Error(), "1 files that show what was changed were not written: ") {
		t.Errorf("a forgotten page: %v", err)
	}
}

// What a build did is held against what it must do.
func TestExpectations(t *testing.T) {
	const own, list = "sport/2020/01/mill-1/index.html", "sport/index.html"
	for _, test := range []struct {
		what string
		want expectation
		did  built
		says string
	}{
		{"nothing", expectation{change: &nothing}, built{}, ""},
		{"a page made in vain", expectation{change: &nothing}, built{Made: 1}, "1 pages were made, 0 show the change"},
		{"a page written in vain", expectation{change: &nothing}, built{Made: 1, Written: []string{own}}, "1 files were written that show nothing of the change: " + own + "\n1 pages were made, 0 show the change"},
		{"a body", expectation{change: &body, shown: []string{own}}, built{Made: 1, Written: []string{own}}, ""},
		{"a body made twice", expectation{change: &body, shown: []string{own}}, built{Made: 2, Written: []string{own}}, "2 pages were made, 1 show the change"},
		{"a body that stands", expectation{change: &body, shown: []string{own}}, built{}, "1 files that show what was changed were not written: " + own + "\n0 pages were made, 1 show the change"},
		{"another body", expectation{change: &body, shown: []string{own}}, built{Made: 1, Written: []string{list}}, "1 files were written that show nothing of the change: " + list + "\n1 files that show what was changed were not written: " + own},
		{"a headline", expectation{change: &headline, shown: []string{own, list}}, built{Made: 3, Written: []string{own, list}}, ""},
		{"a list forgotten", expectation{change: &headline, shown: []string{own, list}}, built{Made: 1, Written: []string{own}}, "1 files that show what was changed were not written: " + list},
		{"all", expectation{change: &partial, shown: []string{own, list}, all: 1}, built{Made: 2, Written: []string{own, list}}, ""},
		{"one story too few", expectation{change: &partial, shown: []string{own, list}, all: 2}, built{Made: 2, Written: []string{own, list}}, "1 of 2 stories' pages were written"},
		{"a story", expectation{change: &publication, page: own}, built{Made: 2, Written: []string{own, list}}, ""},
		{"no story", expectation{change: &publication, page: own}, built{Made: 1, Written: []string{list}}, own + " was not written"},
	} {
		got := ""
		if err := test.want.check(test.did); err != nil {
			got = err.Error()
		}
		if got != test.says {
			t.Errorf("%s: %q, want %q", test.what, got, test.says)
		}
	}
}

// Two editions of one paper differ by a byte, by a file more or by a file less.
func TestSameEdition(t *testing.T) {
	for _, test := range []struct{ what, path, text, says string }{
		{"the same", ".stet/manifest", "other", ""},
		{"another byte", "a/index.html", "abd", "a/index.html is not as in a clean build, from byte 2 on"},
		{"a byte more", "a/index.html", "abcd", "a/index.html is not as in a clean build, from byte 3 on"},
		{"a file more", "b.html", "b", "b.html is left over: a clean build has it not"},
		{"a file less", "a/index.html", "", "a/index.html is missing: a clean build has it"},
	} {
		dirs := []string{t.TempDir(), t.TempDir()}
		for _, dir := range dirs {
			for path, text := range map[string]string{"a/index.html": "abc", "feed.xml": "feed", ".stet/manifest": "one"} {
				if err := writeFile(filepath.Join(dir, path), text); err != nil {
					t.Fatal(err)
				}
			}
		}
		err := writeFile(filepath.Join(dirs[0], test.path), test.text)
		if test.text == "" {
			err = os.Remove(filepath.Join(dirs[0], test.path))
		}
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		files, err := sameEdition(dirs[0], dirs[1])
		if err != nil {
			got = err.Error()
		} else if files != 2 {
			t.Errorf("%s: %d files were compared, want 2", test.what, files)
		}
		if got != test.says {
			t.Errorf("%s: %q, want %q", test.what, got, test.says)
		}
	}
}

// The words that a change replaces are found, and those alone are replaced,
// in Hugo's copy too.
func TestReplacing(t *testing.T) {
	const before = "---\ntitle: \"One mill burns\"\nsummary: \"The mill of the town has burnt down to the ground.\"\n---\n## A short head\n\n\"It is as *bad* as can be. Nobody knows what will come of the mill now.\" More.\n"
	p := &edited{paper: paper{Dir: t.TempDir()}, twin: t.TempDir(), newest: []string{"content/a.md", "content/b.md"}}
	for _, dir := range []string{p.Dir, p.twin} {
		for _, name := range p.newest {
			if err := writeFile(filepath.Join(dir, name), before); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, test := range []struct {
		change    *change
		old, text string
	}{
		{&body, "Nobody knows what will come of the mill now.", "This is edit 4."},
		{&headline, "One mill burns", "One mill burns 4"},
	} {
		file := test.change.file(p, 3)
		old, err := p.replace(file, test.change.words, strings.ReplaceAll(test.change.with, "%d", "4"))
		if err != nil || old != test.old {
			t.Errorf("%s: %q, %v; want %q", test.change.name, old, err, test.old)
		}
		for _, dir := range []string{p.Dir, p.twin} {
			data, err := os.ReadFile(filepath.Join(dir, file))
			if want := strings.Replace(before, test.old, test.text, 1); err != nil || string(data) != want {
				t.Errorf("%s: %q, %v", test.change.name, data, err)
			}
		}
		if _, err := p.replace(file, partial.words, ""); err == nil {
			t.Errorf("%s: a footer was found", test.change.name)
		}
	}
	if even, odd := body.file(p, 3), headline.file(p, 3); even == odd {
		t.Errorf("both edit %s", even)
	}
}

// newestFiles gives what was written last, the newest first.
func TestNewestFiles(t *testing.T) {
	var all []string
	if err := eachStory(30, 3, func(s story) error { all = append(all, "content/"+s.File()); return nil }); err != nil {
		t.Fatal(err)
	}
	got, err := newestFiles(30, 3)
	slices.Reverse(got)
	if err != nil || !slices.Equal(got, all[20:]) {
		t.Errorf("%q, %v, want %q", got, err, all[20:])
	}
}
