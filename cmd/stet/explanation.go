package main

import (
	"cmp"
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
	Killed     bool           `json:"killed,omitempty"`  // a notice is published in its place
	Expired    bool           `json:"expired,omitempty"` // likewise
	Reason     string         `json:"reason,omitempty"`  // why it is not
	Until      string         `json:"until,omitempty"`
	URL        string         `json:"url,omitempty"`
	Output     string         `json:"output,omitempty"`
	Kind       string         `json:"kind,omitempty"`
	Layout     string         `json:"layout,omitempty"`
	Candidates []string       `json:"candidates,omitempty"`
	Built      *history       `json:"built,omitempty"` // nil if no build is known that made it
	Now        *reason        `json:"now,omitempty"`   // why a build would make it now; nil if it would let it stand
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
	Digest    string  `json:"digest,omitempty"`
	Questions []asked `json:"questions,omitempty"` // with --all
}

// A history says when the page was made that lies in the output folder, and
// when the last build began that had to look at it.
type history struct {
	Made string `json:"made"`
	Last string `json:"last"`
	reason
	made, last time.Time
}

// A reason says why a page is made.
type reason struct {
	// Because is new, spoilt (its file was not as it was left) or answer (to a
	// question, which is another now).
	Because string `json:"because"`
	// Differs lists that question, then what that had asked that is answered
	// differently, and so on.
	Differs []asked `json:"differs,omitempty"`
}

// history finds in the notes of the edition that lies there what is known of a
// page.
func (x *explainer) history(p page.Page) *history {
	was, ok := x.past.Note(p.Path)
	if !ok || was.Page != p || was.Made == 0 || x.past.Built == 0 {
		return nil
	}
	h := &history{reason: x.because(was.Why), made: time.Unix(was.Made, 0).In(x.cfg.Zone), last: time.Unix(x.past.Built, 0).In(x.cfg.Zone)}
	h.Made, h.Last = stamp(h.made), stamp(h.last)
	return h
}

func (x *explainer) because(w *page.Why) reason {
	r := reason{Because: "new"}
	switch {
	case w == nil:
		return r
	case w.Spoilt:
		r.Because = "spoilt"
	}
	for _, q := range w.Questions {
		r.Because = "answer"
		r.Differs = append(r.Differs, asked{Kind: q.Kind, Args: x.args(q)})
	}
	return r
}

// describe says of a page how it is made.
func (x *explainer) describe(e *explanation, p page.PageNote) {
	e.Published, e.URL, e.Output, e.Kind = true, x.url(p.Path), p.Path, p.Kind
	if source := x.made(p); slices.Contains(x.rep.Gone, source) {
		e.Expired = slices.ContainsFunc(x.rep.Skipped, func(s site.Skipped) bool { return s.Path == source && s.Reason == "expired" })
		e.Killed = !e.Expired
	}
	e.Built = x.history(p.Page)
	if _, made := slices.BinarySearch(x.rep.Pages, p.Path); made {
		e.Now = new(x.because(p.Why))
	}
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

// args are what a question is about, without the names of what is under embargo.
func (x *explainer) args(q page.Question) string {
	secret, all := secrets(x.rep, &x.f.siteFlags), page.Fields(q.Args, 0)
	said := q.Args
	for i, f := range all {
		if secret(f) || secret(site.SourceOf(all[0], f)) || secret(strings.Replace(site.SourceOf(all[0], f), "static/", "content/", 1)) {
			all[i] = "(embargoed)"
			said = page.Args(all...)
		}
	}
	return said
}

// asked lists questions by their numbers. With --all, what was asked to answer
// them follows, once.
func (x *explainer) asked(note []int32, seen map[int32]bool) []asked {
	var all []asked
	for _, n := range note {
		q := x.rep.Ledger.Questions[n]
		a := asked{Kind: q.Kind, Args: x.args(q.Question), Digest: hex.EncodeToString(q.Digest[:4])}
		if x.f.all && !seen[n] {
			seen[n] = true
			a.Questions = x.asked(q.Note, seen)
		}
		all = append(all, a)
	}
	return all
}

// winner is the first of the candidates there is, the site's before the theme's,
// and whether it is the site's.
func (x *explainer) winner(candidates []string) (name string, own bool) {
	for _, c := range candidates {
		if isFile(x.f.inside("layouts/" + c)) {
			return "layouts/" + c, true
		}
	}
	for _, c := range candidates {
		if inTheme("layouts/" + c) {
			return "layouts/" + c, false
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
	case "corrections":
		return cmp.Or(x.existing(x.content(f[0])+"/corrections.md"), x.existing(x.content(f[0])+"/corrections/index.md"))
	case "front":
		return x.front(f[0], "front")
	case "section":
		return x.existing(x.content(f[0]) + "/" + f[2] + "/_index.md")
	case "author", "tag", "series":
		return x.term(f[0], p.Kind, f[2])
	}
	return ""
}

// front is the file of content/fronts/ that plans a front, or "".
func (x *explainer) front(lang, name string) string {
	for _, ext := range []string{".yaml", ".yml", ".toml", ".json"} {
		if is := x.existing(x.content(lang) + "/fronts/" + name + ext); is != "" {
			return is
		}
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
	known := map[int32]bool{}
	var all []string
	var rests func(n int32) bool
	rests = func(n int32) bool {
		is, ok := known[n]
		if !ok {
			q := x.rep.Ledger.Questions[n]
			is = x.names(q.Question, name) || slices.ContainsFunc(q.Note, rests)
			known[n] = is
		}
		return is
	}
	for _, p := range x.rep.Ledger.Pages {
		if slices.ContainsFunc(p.Note, rests) {
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
	switch {
	case e.Killed:
		line("killed", "a notice stands in its place, and it is in no list, feed or sitemap")
		line("notice at", "%s", e.URL)
	case e.Expired:
		line("expired", "a notice stands in its place, and it is in no list, feed or sitemap")
		line("notice at", "%s", e.URL)
		line("to publish it", "change or remove expires")
	default:
		line("published at", "%s", e.URL)
	}
	line("file", "%s", e.Output)
	line("kind", "%s", e.Kind)
	e.printLayout(line)
	if n := len(e.More); n > 0 {
		line("also", "%s, such as %s", count(n, "page"), e.More[0])
	}
	e.printWhy(line)
	line("asked", "%s, answered in short:", count(len(e.Questions), "question"))
	w.Flush()
	printAsked(w, e.Questions, "    ")
}

var remedies = map[string]string{
	"draft":   "stet publish gives it a date and removes the line draft: true; --drafts shows where it would be",
	"future":  "wait, or change its date with stet publish --at; --drafts shows where it would be",
	"embargo": "wait, or change its embargo; --drafts shows where it would be",
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

// printWhy says when and why the page was made, and whether it would be now.
func (e *explanation) printWhy(line func(key, format string, args ...any)) {
	const form = "2006-01-02 15:04:05"
	if e.Built == nil {
		line("made", "by no build that is known of")
		return
	}
	line("made", "%s, as %s", e.Built.made.Format(form), e.Built.reason.text("was"))
	if e.Built.last.After(e.Built.made) {
		line("let stand", "since then, such as by the build of %s", e.Built.last.Format(form))
	}
	if e.Now == nil {
		line("now", "a build would let it stand")
	} else {
		line("now", "a build would make it again, as %s", e.Now.text("is"))
	}
}

// text says the reason in words, in the past or the present.
func (r reason) text(be string) string {
	switch r.Because {
	case "new":
		return "it " + be + " new"
	case "spoilt":
		return "its file " + be + " not as it was left"
	}
	var b strings.Builder
	for i, q := range r.Differs {
		if i > 0 {
			b.WriteString(", and that as ")
		}
		fmt.Fprintf(&b, "%q %s answered differently", page.Question{Kind: q.Kind, Args: q.Args}, be)
	}
	return b.String()
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
