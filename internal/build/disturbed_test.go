package build_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"stet"
	"stet/internal/build"
	"stet/internal/cache"
	"stet/internal/diag"
	"stet/internal/output"
)

// A disturbed site is changed while it is being built.
type disturbed struct {
	*testing.T
	build.Options
	files map[string]string
}

func newDisturbed(t *testing.T) *disturbed {
	dir := t.TempDir()
	d := &disturbed{T: t, Options: build.Options{
		Dir: filepath.Join(dir, "site"), Out: filepath.Join(dir, "out"), Theme: stet.Theme(), Now: demoTime, Jobs: 1,
		Cache: cache.Folder{Dir: filepath.Join(dir, "cache"), Version: "1"}, Started: time.Now().Add(3 * time.Second),
	}}
	d.files = map[string]string{
		"site.yaml":              "format: 1\ntitle: P\ntimezone: UTC\n",
		"content/world/a.md":     "---\ntitle: A\ndate: 2026-01-01\n---\n![P](/p.gif)\n",
		"content/world/b.md":     "---\ntitle: B\ndate: 2025-01-01\n---\nOther words.\n",
		"data/d.yaml":            "word: one\n",
		"static/x.txt":           "x",
		"static/p.gif":           picture(40),
		"static/assets/site.css": "/* ours */",
		"layouts/404.html":       `{{ asset "site.css" }} {{ data "d" "word" }}`,
	}
	for name := range d.files {
		d.put(name)
	}
	return d
}

// put writes a file as it should be.
func (d *disturbed) put(name string) { writeFile(d.T, filepath.Join(d.Dir, name), d.files[name]) }

// run builds, and compares what came of it with a build of what the site is in
// the end, from nothing.
func (d *disturbed) run() {
	d.Helper()
	rep, problems := build.Run(context.Background(), d.Options)
	o := d.Options
	o.Out, o.Cache, o.Listed, o.Progress, o.Waiting, o.Memory = filepath.Join(d.TempDir(), "clean"), cache.Folder{}, nil, nil, nil, nil
	clean, cleanly := build.Run(context.Background(), o)
	if a, b := saying(rep, problems), saying(clean, cleanly); a != b {
		d.Errorf("it says\n%s\nfrom nothing\n%s", a, b)
	} else if diff := differ(o.Out, d.Out); diff != "" && !diag.AnyError(cleanly) {
		d.Errorf("not as from nothing: %s", diff)
	}
}

// A file that is taken away before it is read, or before it is read again, is as
// good as one that was never there.
func TestRemovedUnderway(t *testing.T) {
	for _, name := range []string{"content/world/a.md", "data/d.yaml", "static/x.txt", "static/p.gif", "static/assets/site.css"} {
		t.Run(name, func(t *testing.T) {
			d := newDisturbed(t)
			d.Progress = func(int, int) { os.Remove(filepath.Join(d.Dir, name)) }
			d.run()
		})
	}
	for _, name := range slices.Sorted(maps.Keys(newDisturbed(t).files)) {
		t.Run("listed "+name, func(t *testing.T) {
			d := newDisturbed(t)
			d.Listed = func(int, int) { os.Remove(filepath.Join(d.Dir, name)) }
			d.run()
		})
	}
}

// A picture that need not be copied is another one, or no whole one, while a
// page that shows its size is being made.
func TestPictureChangedUnderway(t *testing.T) {
	for name, changes := range map[string][]string{
		"another": {picture(99)}, "another for a while": {picture(99), picture(40)}, "half for a while": {"GIF89a", picture(40)},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDisturbed(t)
			d.run()
			d.files["content/world/a.md"] += "More.\n"
			d.put("content/world/a.md")
			d.Progress = func(int, int) {
				if len(changes) > 0 {
					d.files["static/p.gif"], changes = changes[0], changes[1:]
					d.put("static/p.gif")
				}
			}
			if d.run(); len(changes) > 0 {
				t.Error("nothing was disturbed")
			}
		})
	}
}

// A round of a preview fails late, for a text was saved again while pages were
// being made: of what that round brought, nothing is left in the next.
func TestRoundFailsLate(t *testing.T) {
	d := newDisturbed(t)
	d.Proof, d.Memory = true, new(build.Memory)
	for _, n := range []string{"1", "2", "3"} {
		d.files["content/world/more"+n+".gif"] = picture(50)
		d.put("content/world/more" + n + ".gif")
	}
	a, b := "---\ntitle: A\nsummary: S\ndate: 2026-01-01\n---\n", "---\ntitle: B\nsummary: S\ndate: 2025-01-01\n---\n"
	save := func(textOfA, textOfB string) {
		d.files["content/world/a.md"], d.files["content/world/b.md"] = a+textOfA, b+textOfB
		d.put("content/world/a.md")
		d.put("content/world/b.md")
	}
	save("[One](more1.gif)", "Words.")
	d.run()
	save("[One](more1.gif), other words.", "Words.")
	d.run()
	told := 0
	d.Progress = func(int, int) {
		if told++; told == 1 {
			save("[Two](more2.gif), [three](more3.gif).", "Saved again.")
		}
	}
	save("[Two](more2.gif), [three](more3.gif).", "Saved.")
	if d.run(); told < 2 {
		t.Error("nothing was disturbed")
	}
	d.Progress = nil
	save("[Three](more3.gif).", "[One](more1.gif)")
	d.run()
}

// picture is one that is not read to its end, as only its size is wanted.
func picture(width byte) string {
	return "GIF89a" + string([]byte{width, 0, 30, 0}) + strings.Repeat("x", 1<<20)
}

// A build that waits for another one to end makes the edition of the site as it
// is then, not as it was when it began: whoever began later may have put that in
// place already.
func TestChangedWhileWaiting(t *testing.T) {
	for _, before := range []string{"no edition", "an edition"} {
		t.Run(before, func(t *testing.T) {
			d := newDisturbed(t)
			if before == "an edition" {
				d.run()
			}
			other, err := output.Begin(context.Background(), d.Out, output.Options{})
			if err != nil {
				t.Fatal(err)
			}
			told := 0
			d.Waiting = func() {
				told++
				d.files["site.yaml"] = "format: 1\ntitle: Another\ntimezone: UTC\n"
				d.files["static/new.txt"] = "new"
				d.put("site.yaml")
				d.put("static/new.txt")
				os.Remove(filepath.Join(d.Dir, "static", "x.txt"))
				if err := other.Discard(); err != nil {
					t.Error(err)
				}
			}
			if d.run(); told != 1 {
				t.Errorf("it said %d times that it waits", told)
			}
		})
	}
}
