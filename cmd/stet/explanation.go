package main

import (
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"stet/internal/diag"
	"stet/internal/page"
	"stet/internal/site"
	"stet/internal/slug"
)

// An explanation is what stet explain says, with --json as it stands here.
type explanation struct {
	Path       string         `json:"path,omitempty"` // of the source; "" if there is none
	Published  bool           `json:"published"`
	Reason     string         `json:"reason,omitempty"` // why it is not
	Until      string         `json:"until,omitempty"`
	URL        string         `json:"url,omitempty"`
	Output     string         `json:"output,omitempty"`
	Kind       string         `json:"kind,omitempty"`
	Layout     string         `json:"layout,omitempty"`
	Candidates []string       `json:"candidates,omitempty"`
	Questions  []asked        `json:"questions,omitempty"`
	More       []string       `json:"more,omitempty"`  // URLs of further pages of it
	Users      []string       `json:"users,omitempty"` // URLs of the pages that rest on it
	Problems   []diag.Problem `json:"problems,omitempty"`

	until time.Time
	own   bool // the layout is the site's own
}

// An asked is a question of a page, with what it was answered in short.
type asked struct {
	Kind      string  `json:"kind"`
	Args      string  `json:"args,omitempty"`
	Digest    string  `json:"digest"`
	Questions []asked `json:"questions,omitempty"` // with --all
}

// describe says of a page how it is made.
func (x *explainer) describe(e *explanation, p page.PageNote) {
	e.Published, e.URL, e.Output, e.Kind = true, x.url(p.Path), p.Path, p.Kind
	e.Questions = x.asked(p.Note, map[int32]bool{})
	for _, n := range p.Note {
		q := x.rep.Ledger.Questions[n]
		if q.Kind == "lookup" {
			e.Candidates = page.Fields(q.Args, 1)
			e.Layout, e.own = x.winner(e.Candidates)
			return
		}
	}
}

// asked lists questions by their numbers. With --all, what was asked to answer
// them follows, once.
func (x *explainer) asked(note []int32, seen map[int32]bool) []asked {
	var all []asked
	for _, n := range note {
		q := x.rep.Ledger.Questions[n]
		a := asked{Kind: q.Kind, Args: q.Args, Digest: hex.EncodeToString(q.Digest[:4])}
		if x.f.all && !seen[n] {
			seen[n] = true
			a.Questions = x.asked(q.Note, seen)
		}
		all = append(all, a)
	}
	return all
}

// winner is the first of the candidates there is, and whether it is the site's.
func (x *explainer) winner(candidates []string) (name string, own bool) {
	for _, c := range candidates {
		name := "layouts/" + c
		if isFile(x.f.inside(name)) {
			return name, true
		}
		if inTheme(name) {
			return name, false
		}
	}
	return "", false
}

// url is the address of a file of the edition, readable and with the base path.
func (x *explainer) url(name string) string {
	if name == "index.html" {
		name = ""
	} else if folder, ok := strings.CutSuffix(name, "/index.html"); ok {
		name = folder + "/"
	}
	return unescaped(x.cfg.BasePath()) + name
}

// made is the file that a page is about, or "".
func (x *explainer) made(p page.PageNote) string {
	f := page.Fields(p.Args, 4)
	switch p.Kind {
	case "article", "page", "file":
		return f[0]
	case "asset":
		return "static/assets/" + f[0]
	case "section":
		return x.existing(x.content(f[0]) + "/" + f[2] + "/_index.md")
	case "author", "tag", "series":
		return x.term(f[0], p.Kind, f[2])
	}
	return ""
}

// term is the file about an author, a topic or a series, whose name has the
// slug.
func (x *explainer) term(lang, kind, name string) string {
	folder := x.content(lang) + "/" + map[string]string{"author": "authors", "tag": "tags", "series": "series"}[kind]
	for _, form := range []string{name + ".md", name + "/index.md"} {
		if is := x.existing(folder + "/" + form); is != "" {
			return is
		}
	}
	for _, q := range x.rep.Ledger.Questions {
		if q.Kind == "body" && strings.HasPrefix(q.Args, folder+"/") {
			is := page.Fields(q.Args, 1)[0]
			if slug.Make(strings.TrimSuffix(path.Base(strings.TrimSuffix(is, "/index.md")), ".md")) == name {
				return is
			}
		}
	}
	return ""
}

func (x *explainer) content(lang string) string {
	if l, ok := x.cfg.Language(lang); ok && l.Prefix != "" {
		return "content/" + l.Prefix
	}
	return "content"
}

func (x *explainer) existing(name string) string {
	if isFile(x.f.inside(name)) {
		return name
	}
	return ""
}

// users lists the pages that rest on a file which is no page itself.
func (x *explainer) users(name string) []string {
	rests := make([]bool, len(x.rep.Ledger.Questions))
	var all []string
	for i, q := range x.rep.Ledger.Questions { // what an answer asked stands before it
		rests[i] = x.names(q.Question, name) || slices.ContainsFunc(q.Note, func(n int32) bool { return rests[n] })
	}
	for _, p := range x.rep.Ledger.Pages {
		if slices.ContainsFunc(p.Note, func(n int32) bool { return rests[n] }) {
			all = append(all, x.url(p.Path))
		}
	}
	return all
}

// names tells whether a question is about a file.
func (x *explainer) names(q page.Question, name string) bool {
	layout, isLayout := strings.CutPrefix(name, "layouts/")
	f := page.Fields(q.Args, 2)
	switch q.Kind {
	case "source":
		return q.Args == name
	case "file":
		return f[0] == name
	case "config":
		return name == "site.yaml"
	case "lookup":
		winner, _ := x.winner(f)
		return winner == name
	case "template":
		return isLayout && f[0] == layout
	case "fragment":
		return isLayout && "partials/"+f[1] == layout
	}
	return false
}

// print writes an explanation for people.
func (e *explanation) print(s *system, now time.Time) {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	defer w.Flush()
	line := func(key, format string, args ...any) {
		fmt.Fprintf(w, "  %s\t%s\n", key, oneLine(fmt.Sprintf(format, args...)))
	}
	switch {
	case e.Path != "":
		fmt.Fprintln(w, oneLine(e.Path))
	default:
		fmt.Fprintln(w, oneLine(e.Output)+", which is made of no single file")
	}
	if e.Reason != "" {
		line("not published", "%s", why(site.Skipped{Reason: e.Reason, Until: e.until}, now))
		line("to publish it", "%s", remedies[e.Reason])
		return
	}
	if !e.Published {
		e.printUsers(line)
		return
	}
	line("published at", "%s", e.URL)
	line("file", "%s", e.Output)
	line("kind", "%s", e.Kind)
	e.printLayout(line)
	if n := len(e.More); n > 0 {
		line("also", "%s, such as %s", count(n, "page"), e.More[0])
	}
	line("asked", "%s, answered in short:", count(len(e.Questions), "question"))
	w.Flush()
	printAsked(w, e.Questions, "    ")
}

var remedies = map[string]string{
	"draft":   "give it a date and remove the line draft: true; --drafts shows where it would be",
	"future":  "wait, or change its date; --drafts shows where it would be",
	"embargo": "wait, or change its embargo; --drafts shows where it would be",
	"expired": "change or remove expires",
}

func (e *explanation) printLayout(line func(key, format string, args ...any)) {
	if e.Layout == "" {
		return
	}
	whose := "built in"
	if e.own {
		whose = "the site's own"
	}
	line("layout", "%s (%s), the first there is of %s", e.Layout, whose, strings.Join(e.Candidates, ", "))
}

// printUsers says who rests on a file that is no page.
func (e *explanation) printUsers(line func(key, format string, args ...any)) {
	if n := len(e.Users); n > 0 {
		line("no page itself", "%s asked for it, such as %s", count(n, "page"), e.Users[0])
		return
	}
	line("not published", "no page asks for it")
}

func printAsked(w *tabwriter.Writer, all []asked, indent string) {
	for _, a := range all {
		fmt.Fprintf(w, "%s%s\t%s\n", indent, a.Digest, oneLine(page.Question{Kind: a.Kind, Args: a.Args}.String()))
		printAsked(w, a.Questions, indent+"    ")
	}
}
