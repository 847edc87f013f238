package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// What go test -list says of three packages.
const listed = `?   	stet/internal/archive	[no test files]
FuzzParse
FuzzRender
ok  	stet/internal/article	0.007s
ok  	stet/internal/cache	0.008s
FuzzYAML
ok  	stet/cmd/stet	(cached)
`

// The names belong to the package that is named after them.
func TestParseTargets(t *testing.T) {
	got := parseTargets(listed)
	want := []fuzzTarget{{"stet/internal/article", "FuzzParse"}, {"stet/internal/article", "FuzzRender"}, {"stet/cmd/stet", "FuzzYAML"}}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Compiled layouts are fuzzed for ten minutes where others are for two.
func TestFuzzTime(t *testing.T) {
	s := &soaking{Fuzztime: 2 * time.Minute}
	if got := s.timeOf(fuzzTarget{"stet/internal/layout", "FuzzCompiled"}); got != 10*time.Minute {
		t.Errorf("compiled layouts have %v", got)
	}
	if got := s.timeOf(fuzzTarget{"stet/internal/layout", "FuzzLayout"}); got != 2*time.Minute {
		t.Errorf("others have %v", got)
	}
}

// What go test -fuzz says when all is well, when an input fails, when the
// input that fails is one of the seeds, and when it takes its own end for a failure.
const (
	fuzzedWell = `fuzz: elapsed: 0s, gathering baseline coverage: 0/656 completed
fuzz: elapsed: 3s, execs: 860 (286/sec), new interesting: 1 (total: 657)
fuzz: elapsed: 6s, execs: 17729 (7956/sec), new interesting: 25 (total: 681)
PASS
ok  	stet/internal/fields	5.577s
`
	fuzzedBadly = `fuzz: elapsed: 0s, execs: 1071 (5000/sec), new interesting: 2 (total: 4)
--- FAIL: FuzzParse (0.21s)
    --- FAIL: FuzzParse (0.00s)
        fields_test.go:20: another tree
    
    Failing input written to testdata/fuzz/FuzzParse/f8cd9d5b8b9b3b1c
    To re-run:
    go test -run=FuzzParse/f8cd9d5b8b9b3b1c
FAIL
`
	seededBadly = `fuzz: elapsed: 0s, gathering baseline coverage: 0/1 completed
failure while testing seed corpus entry: FuzzParse/seed#0
fuzz: elapsed: 0s, gathering baseline coverage: 0/1 completed
--- FAIL: FuzzParse (0.00s)
    --- FAIL: FuzzParse (0.00s)
        fields_test.go:20: another tree
FAIL
`
	fuzzedLate = `fuzz: elapsed: 5s, execs: 900 (180/sec), new interesting: 1 (total: 3)
--- FAIL: FuzzParse (5.01s)
    context deadline exceeded
FAIL
`
)

// What fuzzing says is understood.
func TestFuzzed(t *testing.T) {
	for _, test := range []struct {
		said   string
		inputs int
		late   bool
		where  string
	}{
		{fuzzedWell, 17729, false, "no input was written"},
		{fuzzedBadly, 1071, false, "the input is in internal/fields/testdata/fuzz/FuzzParse/f8cd9d5b8b9b3b1c"},
		{seededBadly, 0, false, "the input was there before: FuzzParse/seed#0"},
		{fuzzedLate, 900, true, "no input was written"},
		{fuzzedLate + fuzzedBadly, 1071, false, "the input is in internal/fields/testdata/fuzz/FuzzParse/f8cd9d5b8b9b3b1c"},
		{fuzzedLate + "panic: runtime error\n", 900, false, "no input was written"},
	} {
		if got := fuzzedInputs(test.said); got != test.inputs {
			t.Errorf("%d inputs, want %d of\n%s", got, test.inputs, test.said)
		}
		if got := endedLate(test.said); got != test.late {
			t.Errorf("late is %v of\n%s", got, test.said)
		}
		if got := failingInput(test.said, "internal/fields"); got != test.where {
			t.Errorf("%q, want %q of\n%s", got, test.where, test.said)
		}
	}
}

// Walks are as many as cores, but none is too short, and together they are all.
func TestShares(t *testing.T) {
	for _, test := range []struct {
		steps, cores int
		want         []int
	}{
		{10000, 2, []int{5000, 5000}},
		{10001, 2, []int{5001, 5000}},
		{10000, 8, []int{2500, 2500, 2500, 2500}},
		{300, 2, []int{300}},
		{10000, 1, []int{10000}},
	} {
		if got := shares(test.steps, test.cores); !slices.Equal(got, test.want) {
			t.Errorf("%d steps on %d cores: %v, want %v", test.steps, test.cores, got, test.want)
		}
	}
}

// newSoaking makes a module with tests of its own to soak.
func newSoaking(t *testing.T, files map[string]string) *soaking {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module example.org/soaked\n\ngo 1.26\n"
	for name, text := range files {
		if err := writeFile(filepath.Join(dir, name), text); err != nil {
			t.Fatal(err)
		}
	}
	return &soaking{name: "example.org/soaked", dir: dir, tmp: t.TempDir(), stderr: io.Discard}
}

// The fuzz targets of a whole module are found, and a test that passes, fails,
// is skipped, is no more or is broken off is told apart.
func TestSoaking(t *testing.T) {
	s := newSoaking(t, map[string]string{
		"a/a_test.go": "package a\n\nimport \"testing\"\n\nfunc FuzzA(f *testing.F) {}\n\nfunc FuzzB(f *testing.F) {}\n",
		"b/b_test.go": `package b

import (
	"os"
	"testing"
	"time"
)

func TestPasses(t *testing.T) {
	if os.Getenv("STET_KILLS") != "7" {
		t.Fatal("it is not told how many")
	}
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/file", nil, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestFails(t *testing.T) { t.Error("it is another") }
func TestSkips(t *testing.T) { t.Skip("not here") }
func TestWaits(t *testing.T) { time.Sleep(time.Minute) }
`,
		"c/c.go": "package c\n",
	})
	var shown bytes.Buffer
	s.stderr = &shown
	targets, err := s.fuzzTargets(context.Background())
	if want := []fuzzTarget{{"example.org/soaked/a", "FuzzA"}, {"example.org/soaked/a", "FuzzB"}}; err != nil || !slices.Equal(targets, want) {
		t.Errorf("%v, %v; want %v", targets, err, want)
	}
	long := func(test string) outcome {
		return s.long(context.Background(), longTest{what: test, pkg: "./b", test: test, many: 7, unit: "kills", env: []string{"STET_KILLS=7"}})
	}
	if o := long("TestPasses"); o.err != nil || o.many != "7 kills" {
		t.Errorf("%+v", o)
	}
	for test, says := range map[string]string{"TestFails": "exit status 1", "TestSkips": "it was skipped", "TestIsGone": "it did not run"} {
		want := says + "; again: STET_KILLS=7 go test -run '^" + test + "$' -count=1 -timeout 0 ./b"
		if o := long(test); o.err == nil || o.err.Error() != want {
			t.Errorf("%s: %v, want %s", test, o.err, want)
		}
	}
	if !strings.Contains(shown.String(), "TestFails:     b_test.go:19: it is another\n") {
		t.Errorf("what the tests say is not shown:\n%s", &shown)
	}
	ctx, stop := context.WithCancel(context.Background())
	time.AfterFunc(time.Second, stop)
	start := time.Now()
	o := s.long(ctx, longTest{what: "waits", pkg: "./b", test: "TestWaits"})
	if o.err != errStopped || time.Since(start) > 30*time.Second {
		t.Errorf("broken off after %s: %v", time.Since(start), o.err)
	}
}

const fixedSoak = `what                              how many       time     result
fuzz internal/fields FuzzParse    17729 inputs   2m2s     ok
fuzz internal/fields FuzzRender   12 inputs      4s       FAILED: exit status 1; no input was written
random edits, seed 1              5000 steps     20m10s   stopped
`

// The table says what came of each test, and one failure is a failure.
func TestOutcomes(t *testing.T) {
	all := []outcome{
		{"fuzz internal/fields FuzzParse", "17729 inputs", 122 * time.Second, nil},
		{"fuzz internal/fields FuzzRender", "12 inputs", 4 * time.Second, errors.New("exit status 1; no input was written")},
		{"random edits, seed 1", "5000 steps", 1210 * time.Second, errStopped},
	}
	var out bytes.Buffer
	if err := printOutcomes(&out, all); err != nil || out.String() != fixedSoak {
		t.Errorf("%v, got\n%s\nwant\n%s", err, &out, fixedSoak)
	}
	if err := verdictOf(all); err == nil || err.Error() != "1 of 3 failed" {
		t.Errorf("verdict %v", err)
	}
	if err := verdictOf(all[:1]); err != nil {
		t.Errorf("verdict %v", err)
	}
	if verdictOf(nil) == nil {
		t.Error("nothing was run, and all is well")
	}
}
