package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"stet/internal/build"
	"stet/internal/diag"
	"stet/internal/site"
)

// A told is what a build is to say.
type told struct {
	s     *system
	f     *siteFlags
	now   time.Time // of the edition
	rep   build.Report
	found []diag.Problem
}

// problems prints what was found.
func (t told) problems() {
	found, held := t.open()
	if len(found) > 0 {
		p := t.s.printer(t.f.all)
		p.Lines = t.line
		p.Print(found)
	}
	if held > 0 {
		t.s.note("%s about embargoed stories (--all shows them)", count(held, "warning"))
	}
}

// line is a line of a file as it may be shown: none of another file that names a
// story under embargo.
func (t told) line(name string, n int) (string, bool) {
	if t.rep.Lines == nil {
		return "", false
	}
	text, ok := t.rep.Lines(name, n)
	if ok && !t.f.all && !secrets(t.rep, t.f)(name) {
		plain, _ := url.PathUnescape(text)
		plain = strings.ToLower(text + " " + plain)
		ok = !slices.ContainsFunc(t.rep.Hushed, func(word string) bool { return strings.Contains(plain, strings.ToLower(word)) })
	}
	return text, ok
}

// open are the problems that may be told, and how many may not: those about
// stories under embargo, but for errors, without which nobody could mend them.
func (t told) open() (found []diag.Problem, held int) {
	secret := secrets(t.rep, t.f)
	for _, p := range t.found {
		if p.Severity != diag.Error && secret(p.Path) {
			held++
		} else {
			found = append(found, p)
		}
	}
	return found, held
}

// secrets tells which files may not be named: those of stories under embargo, and
// what lies in their bundles. With --all every file may.
func secrets(rep build.Report, f *siteFlags) func(name string) bool {
	return func(name string) bool {
		return !f.all && slices.ContainsFunc(rep.Secret, func(s string) bool {
			folder, bundle := strings.CutSuffix(s, "/index.md")
			return name == s || bundle && strings.HasPrefix(name, folder+"/")
		})
	}
}

// skipped says what is not published, and why. Embargoed stories must not leak
// before their time, not even into the log of a build: they are only counted.
func (t told) skipped() {
	embargoed := 0
	for _, skip := range t.rep.Skipped {
		if skip.Reason == "embargo" && !t.f.all {
			embargoed++
			continue
		}
		t.s.note("not published: %s (%s)", oneLine(skip.Path), why(skip, t.now))
	}
	if embargoed > 0 {
		t.s.note("not published: %s (--all names them)", embargoedStories(embargoed))
	}
}

func embargoedStories(n int) string {
	if n == 1 {
		return "1 embargoed story"
	}
	return grouped(n) + " embargoed stories"
}

// why is the reason why something is not published.
func why(skip site.Skipped, now time.Time) string {
	if skip.Until.IsZero() {
		return skip.Reason
	}
	return fmt.Sprintf("%s: until %s, %s", skip.Reason, skip.Until.Format("2006-01-02 15:04 MST"), ago(now, skip.Until))
}

// summary is the last line of a build.
func (t told) summary(took time.Duration) {
	fmt.Fprintf(t.s.out, "made %s, let %s stand, removed %s, in %s\n",
		count(t.rep.Made, "page"), grouped(t.rep.Kept), grouped(len(t.rep.Removed)), duration(took))
}

func duration(d time.Duration) string {
	if d < 10*time.Second {
		return grouped(int(d.Milliseconds())) + " ms"
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// A buildReport is what --json reports of a build. docs and scripts rely on it.
type buildReport struct {
	Made     int            `json:"made"`
	Kept     int            `json:"kept"`
	Removed  int            `json:"removed"`
	Files    int            `json:"files"`
	Written  []string       `json:"written"`
	Skipped  []skippedFile  `json:"skipped"`
	Problems []diag.Problem `json:"problems"`
	Next     *string        `json:"next_change"` // null: never
	Duration int64          `json:"duration_ms"`
	Profile  []cost         `json:"profile,omitempty"` // with --profile
}

type skippedFile struct {
	Path   string `json:"path,omitempty"` // "" of an embargoed story
	Reason string `json:"reason"`
	Until  string `json:"until,omitempty"`
}

func (t told) json(took time.Duration) error {
	found, _ := t.open()
	r := buildReport{
		Made: t.rep.Made, Kept: t.rep.Kept, Removed: len(t.rep.Removed), Files: t.rep.Files,
		Written: list(t.rep.Written), Skipped: []skippedFile{}, Problems: list(found), Duration: took.Milliseconds(), Profile: t.costs(),
	}
	for _, skip := range t.rep.Skipped {
		f := skippedFile{skip.Path, skip.Reason, stamp(skip.Until)}
		if skip.Reason == "embargo" && !t.f.all {
			f.Path = ""
		}
		r.Skipped = append(r.Skipped, f)
	}
	if next := stamp(t.rep.Next); next != "" {
		r.Next = &next
	}
	return t.s.json(r)
}

// json writes an object to stdout.
func (s *system) json(v any) error {
	e := json.NewEncoder(s.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// list is a list that JSON writes as one even if it is empty.
func list[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

// stamp is a time as JSON has it, or "".
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
