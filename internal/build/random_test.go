package build_test

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"stet"
	"stet/internal/build"
	"stet/internal/cache"
	"stet/internal/diag"
)

// TestRandomEdits edits a site that uses every feature in every way there is,
// builds it after each edit upon the edition before, and compares bytes and
// messages with a build from nothing. STET_STEPS says how many edits (300 if it
// is not set), STET_SEED where they begin.
func TestRandomEdits(t *testing.T) {
	t.Parallel() // with the other long ones
	steps, seed := number("STET_STEPS", 300), number("STET_SEED", 1)
	if testing.Short() {
		steps = 60
	}
	e := newEditor(t, uint64(seed), "")
	kinds := slices.Sorted(maps.Keys(edits))
	for range steps {
		e.step(kinds)
		if e.wrong != "" {
			t.Fatalf("step %d (STET_SEED=%d): %s\n%s", e.n, seed, strings.Join(e.log[max(0, len(e.log)-6):], "\n  then "), e.wrong)
		}
	}
	e.report(steps)
}

func number(name string, or int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return or
}

// An editor edits a site at random.
type editor struct {
	*testing.T
	*rand.Rand
	dir, out string
	files    map[string]string // of the site, as they should be
	past     []map[string]string
	options
	good   map[string]string // the files that built last
	with   options           // and how they did
	broken bool              // the files do not build
	memory build.Memory
	fast   bool // files are old enough to be left unread
	n      int
	log    []string
	kinds  map[string]int
	built  int
	made   int
	kept   int
	deaf   string         // the kind of question that nobody notes
	next   time.Time      // at which the edition last made changes by itself
	wrong  string         // in what the last build is not as one from nothing
	same   int            // made with equal bytes
	idle   map[string]int // the same, by kind of edit
}

// options are what a build depends on beside the files.
type options struct {
	now    time.Time
	base   string
	drafts bool
}

// newEditor makes the first site and builds it. To questions of the kind deaf,
// if it is not "", the recorder is deaf.
func newEditor(t *testing.T, seed uint64, deaf string) *editor {
	e := &editor{T: t, deaf: deaf, Rand: rand.New(rand.NewPCG(seed, 7)), files: firstSite(), kinds: map[string]int{}, idle: map[string]int{},
		options: options{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}, dir: filepath.Join(t.TempDir(), "site")}
	e.out = filepath.Join(filepath.Dir(e.dir), "out")
	if deaf != "" && !slices.Contains(drawnFor, deaf) {
		e.setting("images", "{cards: false}") // a fifth of the time is theirs
	}
	e.sync(nil)
	e.build()
	if e.built != 1 {
		t.Fatal("the first site does not build")
	}
	e.made, e.kept, e.good, e.with = 0, 0, maps.Clone(e.files), e.options
	return e
}

// step makes one edit, of one of these kinds, and builds. What does not build is
// taken back before the next edit, or, now and then, after it.
func (e *editor) step(kinds []string) {
	e.n++
	before := maps.Clone(e.files)
	kind := e.edit(kinds)
	e.kinds[kind]++
	e.log = append(e.log, kind)
	e.sync(before)
	if !e.build() {
		if e.broken = !e.broken && e.IntN(4) == 0; !e.broken {
			broken := e.files
			e.files, e.options = maps.Clone(e.good), e.with
			e.sync(broken)
		}
		return
	}
	e.broken, e.good, e.with = false, maps.Clone(e.files), e.options
	if e.past = append(e.past, before); len(e.past) > 20 {
		e.past = e.past[1:]
	}
}

// sync brings the disk to what the files should be.
func (e *editor) sync(was map[string]string) {
	for name := range was {
		if _, ok := e.files[name]; !ok {
			os.Remove(filepath.Join(e.dir, name))
		}
	}
	for name, text := range e.files {
		if old, ok := was[name]; ok && old == text {
			continue
		}
		full := filepath.Join(e.dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			e.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			e.Fatal(err)
		}
	}
}

func (e *editor) job() build.Options {
	return build.Options{Dir: e.dir, Theme: stet.Theme(), Now: e.now, BaseURL: e.base, Drafts: e.drafts, Jobs: 1 + e.IntN(3)}
}

func (e *editor) cache() cache.Folder { return cache.Folder{Dir: e.out + "-cache", Version: "1"} }

// build builds upon the edition before and from nothing, and compares. It tells
// whether there was an edition.
func (e *editor) build() bool {
	o := e.job()
	o.Out, o.Cache, o.Started = e.out, e.cache(), time.Now()
	if e.fast = e.IntN(2) == 0; e.fast {
		o.Started = o.Started.Add(3 * time.Second)
	}
	if e.deaf == "" && e.IntN(2) == 0 {
		o.Memory = &e.memory // as in one process with the build before, or one of those before that
	}
	rep, problems := build.Run(context.Background(), o)
	if e.deaf != "" && e.n == 0 && !diag.AnyError(problems) { // the first is from nothing itself
		e.deafen(rep)
		e.built, e.next = 1, rep.Next
		return true
	}
	o.Memory = nil
	o.Out, o.Cache = filepath.Join(filepath.Dir(e.dir), "clean"), cache.Folder{}
	o.Interpret = e.n%3 == 0 && !testing.Short() // html/template itself makes the same
	os.RemoveAll(o.Out)
	clean, cleanly := build.Run(context.Background(), o)
	failed := diag.AnyError(problems) || diag.AnyError(cleanly)
	a, b := saying(rep, problems), saying(clean, cleanly)
	switch d := differ(o.Out, e.out); {
	case e.deaf != "" && !failed:
		e.wrong = e.stale(o.Out)
		e.deafen(rep)
	case e.deaf == "" && a != b:
		e.wrong = fmt.Sprintf("upon the edition before it says\n%s\nfrom nothing\n%s", a, b)
	case !failed && d != "":
		e.wrong = "not as from nothing: " + d
	}
	if failed || e.wrong != "" {
		return false
	}
	e.built, e.next = e.built+1, rep.Next
	e.made += rep.Made
	e.kept += rep.Kept
	e.same += rep.Made - len(rep.Written)
	if len(e.log) > 0 {
		e.idle[e.log[len(e.log)-1]] += rep.Made - len(rep.Written)
	}
	return true
}

func saying(rep build.Report, problems []diag.Problem) string {
	var b strings.Builder
	diag.Printer{Out: &b, Lines: rep.Lines}.Print(problems)
	for _, s := range rep.Skipped {
		fmt.Fprintln(&b, s.Path, s.Reason, s.Until)
	}
	return b.String()
}

// report holds the run against what it must reach to mean anything.
func (e *editor) report(steps int) {
	e.Logf("%d of %d steps built; of %d pages %d were made, %d of them with equal bytes: %v; edits: %v",
		e.built-1, steps, e.made+e.kept, e.made, e.same, e.idle, e.kinds)
	if steps < 300 {
		return
	}
	if e.built-1 < steps*8/10 {
		e.Errorf("only %d of %d steps built", e.built-1, steps)
	}
	if e.kept < (e.made+e.kept)*7/10 {
		e.Errorf("only %d of %d pages were let stand", e.kept, e.made+e.kept)
	}
	// A list's digest covers all of its cards, also what it does not show.
	if e.same > e.made/10 {
		e.Errorf("%d of %d pages were made with equal bytes", e.same, e.made)
	}
	for kind := range edits {
		if steps >= 1000 && e.kinds[kind] < steps/len(edits)/4 {
			e.Errorf("%q came only %d times", kind, e.kinds[kind])
		}
	}
}

// edit makes one edit of the site, of one of these kinds, and names it.
func (e *editor) edit(kinds []string) string {
	for {
		kind := kinds[e.IntN(len(kinds))]
		if edits[kind](e) {
			return kind
		}
	}
}

// pick picks a file whose path fits a pattern; "" if there is none.
func (e *editor) pick(pattern string) string {
	var fit []string
	for _, name := range slices.Sorted(maps.Keys(e.files)) {
		if ok, _ := filepath.Match(pattern, name); ok {
			fit = append(fit, name)
		}
	}
	if len(fit) == 0 {
		return ""
	}
	return fit[e.IntN(len(fit))]
}

// story picks a story in either language.
func (e *editor) story() string {
	fit := e.stories()
	return fit[e.IntN(len(fit))]
}

// stories are all that have a date.
func (e *editor) stories() (fit []string) {
	for _, name := range slices.Sorted(maps.Keys(e.files)) {
		if strings.Contains(e.files[name], "\ndate: ") {
			fit = append(fit, name)
		}
	}
	return fit
}

// replace replaces what stands after a key of a story's front matter, or adds
// the line.
func (e *editor) set(name, key, value string) bool {
	lines := strings.Split(e.files[name], "\n")
	for i, l := range lines[1:] {
		if strings.HasPrefix(l, key+": ") {
			lines[i+1] = key + ": " + value
			e.files[name] = strings.Join(lines, "\n")
			return true
		}
		if l == "---" {
			lines = slices.Insert(lines, i+1, key+": "+value)
			e.files[name] = strings.Join(lines, "\n")
			return true
		}
	}
	return false
}

// forEach visits the files on the disk of an edition.
func (e *editor) output() string {
	var names []string
	fs.WalkDir(os.DirFS(e.out), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasPrefix(name, ".stet") {
			names = append(names, name)
		}
		return nil
	})
	return filepath.Join(e.out, names[e.IntN(len(names))])
}
