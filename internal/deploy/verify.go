package deploy

import (
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/brotli"

	"stet/internal/diag"
)

// A Verifier reads back over HTTP what a deploy has changed, as readers get it: no
// cache on the way is asked to look anew.
type Verifier struct {
	Client *http.Client
	Wait   time.Duration // what is wrong is asked for again until then: a host may need a moment; 10 seconds if 0
	Pause  time.Duration // between two times; 2 seconds if 0
}

// Verify says which addresses do not have what was sent, and what should be gone
// but is not. It returns how many it has read.
func (v Verifier) Verify(ctx context.Context, rep Report) (read int, problems []diag.Problem) {
	var changes, missing []Change
	for _, c := range append(slices.Clone(rep.Changes), rep.Last...) {
		switch {
		case unserved(c.Path):
		case path.Base(c.Path) != missingPage:
			changes = append(changes, c)
		case c.File != nil:
			missing = append(missing, c)
		}
	}
	v.Wait, v.Pause = cmp.Or(v.Wait, 10*time.Second), cmp.Or(v.Pause, 2*time.Second)
	patience, end := context.WithTimeout(ctx, v.Wait)
	defer end()
	var mu sync.Mutex
	err := inParallel(ctx, 8, changes, func(ctx context.Context, c Change) error {
		for {
			wrong := v.one(ctx, rep, c)
			if wrong == nil {
				return nil
			}
			if pause(patience, v.Pause) != nil {
				mu.Lock()
				defer mu.Unlock()
				problems = append(problems, *wrong)
				return context.Cause(ctx)
			}
		}
	})
	if err != nil {
		problems = append(problems, problem(rep.BaseURL, err))
	}
	for _, c := range missing { // when all else has arrived: a host that knows no such page will not learn it in a moment
		if wrong := v.missing(ctx, rep, c); wrong != nil && err == nil {
			problems = append(problems, *wrong)
		}
	}
	slices.SortFunc(problems, func(a, b diag.Problem) int { return strings.Compare(a.Path, b.Path) })
	return len(changes) + len(missing), problems
}

// missingPage is the name of the page that stands for what is missing.
const missingPage = "404.html"

// unserved tells whether a host keeps a file to itself.
func unserved(name string) bool {
	return name == "_headers" || name == "_redirects" || strings.HasPrefix(name, ".") && !strings.HasPrefix(name, ".well-known/")
}

// What is to be done about each kind of thing that is wrong.
const (
	hintStale = "have your CDN forget what --purge-file lists, or wait until it does by itself; then look again: stet deploy TARGET --verify"
	hintWrong = "see to it that base_url leads to the target, and that nothing on the way changes what is sent"
	hintLeads = "see whether the host takes redirects at all, and which (docs/hosting.md)"
)

// one says what is wrong with one address; nil if nothing is.
func (v Verifier) one(ctx context.Context, rep Report, c Change) *diag.Problem {
	at := URL(rep.BaseURL, c.Path)
	wrong := func(hint, format string, args ...any) *diag.Problem {
		return &diag.Problem{Severity: diag.Error, Path: at, Text: fmt.Sprintf(format, args...), Hint: hint}
	}
	for _, accept := range accepted(c) {
		got, err := v.ask(ctx, at, accept, c)
		if err != nil {
			return wrong("see whether the host is up, and can be reached from here", "%v", err)
		}
		if c.File == nil {
			return v.gone(got, c, wrong)
		}
		if to, ok := rep.leads(at, c); ok && got.leads() {
			if same(at, got.location, to) {
				return nil
			}
			return wrong(hintLeads, "it should lead to %s, and leads to %s", to, got.location)
		} else if c.File.Header.Redirect != "" && got.status == http.StatusOK && got.is(rep.Sums[c.Path]) {
			return wrong("only the website endpoint of a bucket leads on (docs/hosting.md); else take redirects: objects out of site.yaml", "it should lead to %s, and is an empty page", to)
		}
		if got.status == http.StatusGone && rep.killed(at, c) {
			return nil
		}
		if got.leads() { // to https, or without .html: readers get there
			if got, err = v.follow(ctx, at, accept, c); err != nil {
				return wrong(hintWrong, "it leads on, and then: %v", err)
			}
		}
		switch {
		case got.status == http.StatusNotFound, got.status == http.StatusForbidden, got.status == http.StatusGone:
			return wrong(hintWrong, "it is not there: the server answers %s", got.said)
		case got.status != http.StatusOK:
			return wrong("see what the host says of that in its log", "the server answers %s", got.said)
		case got.is(rep.Sums[c.Path]):
		case c.Was != nil && got.is(c.Was.SHA256):
			return wrong(hintStale, "the old one is still there%s%s", got.form(), got.aged())
		case got.aged() != "":
			return wrong(hintStale, "something else is there than was sent%s%s", got.form(), got.aged())
		default:
			return wrong(hintWrong, "something else is there than was sent%s: %d bytes, sent were %d", got.form(), got.size, c.File.Size)
		}
	}
	return nil
}

// accepted are the ways in which browsers ask for a file, if there is more than one
// form of it.
func accepted(c Change) []string {
	if c.File != nil && c.File.Header.Beside != "" {
		return []string{"gzip, br", "gzip", "identity"}
	}
	return []string{"gzip, br"}
}

func (v Verifier) gone(got answer, c Change, wrong func(hint, format string, args ...any) *diag.Problem) *diag.Problem {
	switch {
	case got.status >= http.StatusInternalServerError:
		return wrong("see what the host says of that in its log", "it should be gone, and the server answers %s", got.said)
	case got.status >= http.StatusMultipleChoices:
		return nil
	case c.Was != nil && c.Was.SHA256 != "" && !got.is(c.Was.SHA256) && got.aged() == "":
		return wrong(hintWrong, "it should be gone, and the server answers %s with something else", got.said)
	}
	return wrong(hintStale, "it should be gone, and is still there%s", got.aged())
}

// missing looks whether an address at which nothing lies is answered with the error
// page. Of those in folders, some hosts take none.
func (v Verifier) missing(ctx context.Context, rep Report, c Change) *diag.Problem {
	at := URL(rep.BaseURL, path.Join(path.Dir(c.Path), "nothing-is-here-"+rep.Sums[c.Path][:min(8, len(rep.Sums[c.Path]))]))
	got, err := v.ask(ctx, at, "identity", c)
	warning := diag.Problem{Severity: diag.Warning, Path: at, Hint: "have the host answer with /404.html and status 404 what it does not have (docs/hosting.md)"}
	switch {
	case err != nil:
		warning.Text = err.Error()
	case got.status != http.StatusNotFound:
		warning.Text = "nothing is there, and the server answers " + got.said
	case path.Dir(c.Path) == "." && c.Was != nil && got.is(c.Was.SHA256):
		warning.Text, warning.Hint = "nothing is there, and the error page is still the old one"+got.aged(), hintStale
	case path.Dir(c.Path) == "." && !got.is(rep.Sums[c.Path]):
		warning.Text = "nothing is there, and the server does not answer with the site's error page"
	default:
		return nil
	}
	return &warning
}

// leads tells where an address leads by the edition's redirects.
func (r *Report) leads(at string, c Change) (to string, ok bool) {
	if to = c.File.Header.Redirect; to != "" {
		return to, true
	}
	if rule, ok := r.ruled(at); ok && rule.to != "" {
		return rule.to, true
	}
	return "", false
}

// killed tells whether a host may say that a story is gone where its notice lies.
func (r *Report) killed(at string, c Change) bool {
	if rule, ok := r.ruled(at); ok && rule.status == http.StatusGone {
		return true
	}
	return findFile(r.files, path.Join(path.Dir(c.Path), "410.txt")) != nil
}

// ruled is what the edition's redirects say of an address.
func (r *Report) ruled(at string) (rule redirectRule, ok bool) {
	u, err := url.Parse(at)
	if err != nil {
		return rule, false
	}
	rule, ok = r.rules[strings.TrimSuffix(u.Path, "/")]
	return rule, ok
}

// plain are the redirects of one address each, whatever is asked there, by their
// paths without a slash at the end.
func (r *Rules) plain() map[string]redirectRule {
	all := map[string]redirectRule{}
	for _, rule := range r.redirects {
		path, ok := rule.pattern.plain()
		path = strings.TrimSuffix(path, "/")
		if _, above := all[path]; ok && !above && len(rule.query) == 0 {
			all[path] = rule
		}
	}
	return all
}

// same tells whether what a server says in Location is where an address is to lead
// to. A host may name itself as it likes.
func same(at, location, to string) bool {
	base, err := url.Parse(at)
	got, err2 := url.Parse(location)
	want, err3 := url.Parse(to)
	if errors.Join(err, err2, err3) != nil {
		return false
	}
	if want.Host != "" && got.Host != want.Host {
		return false
	}
	got, want = base.ResolveReference(got), base.ResolveReference(want)
	return got.Path == want.Path && got.RawQuery == want.RawQuery && got.Fragment == want.Fragment
}

// inform has the report tell a Verifier what it must know: where the edition's
// host leads on, and, if there is nothing to do, what the deploy before has
// changed, which perhaps a cache has not forgotten then. Of the first one that is
// all.
func (s *sender) inform(ctx context.Context, at *Manifest, todo Changes, nothing bool) error {
	if f := findFile(s.Edition.Files, "_redirects"); f != nil {
		data, err := s.text(ctx, f, todo)
		if err != nil {
			return err
		}
		var rules Rules
		rules.readRedirects(string(data))
		s.rep.rules = rules.plain()
	}
	if !nothing {
		return nil
	}
	before, err := s.read(ctx, editionPath(at.Number-1))
	if err != nil || before == nil && at.Number > 1 {
		return err
	}
	if before == nil {
		before = &Manifest{}
		for _, f := range s.Edition.Files {
			before.Added = append(before.Added, f.Path)
		}
	}
	s.rep.Sums = map[string]string{}
	add := func(name string, was *Entry) {
		c := Change{Path: name, File: findFile(s.Edition.Files, name), Was: was}
		if e, there := at.find(name); there && c.File == nil {
			return // an asset that stays
		} else if there {
			s.rep.Sums[name] = e.SHA256
		}
		s.rep.Last = append(s.rep.Last, c)
	}
	for i, e := range before.Files {
		add(e.Path, &before.Files[i])
	}
	for _, name := range slices.Concat(before.Added, before.Cut) {
		add(name, nil)
	}
	return nil
}

// text is what is in a file that is to be sent, or lies there already.
func (s *sender) text(ctx context.Context, f *File, todo Changes) ([]byte, error) {
	if s.Rollback && !slices.ContainsFunc(todo.List, func(c Change) bool { return c.Path == f.Path }) {
		return s.get(ctx, f.Path)
	}
	body, _, err := s.body(ctx, f)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return io.ReadAll(io.LimitReader(body, maxRules))
}

// findFile is the file of a path among those of an edition; nil if there is none.
func findFile(files []File, name string) *File {
	i, ok := slices.BinarySearchFunc(files, name, func(f File, name string) int { return strings.Compare(f.Path, name) })
	if !ok {
		return nil
	}
	return &files[i]
}

// An answer is what a server said, and what was in it.
type answer struct {
	status   int
	said     string // the status for people
	location string
	encoding string
	age      string
	size     int64    // as it is shown
	sums     []string // SHA-256 of what came, and of what is shown
}

func (a answer) is(sum string) bool { return sum != "" && slices.Contains(a.sums, sum) }

func (a answer) leads() bool { return a.status >= 300 && a.status < 400 && a.location != "" }

// form tells in which form it came.
func (a answer) form() string {
	if a.encoding == "" {
		return ""
	}
	return " (sent as " + a.encoding + ")"
}

// aged tells for how long a cache has it.
func (a answer) aged() string {
	if n, err := strconv.Atoi(a.age); err != nil || n <= 0 {
		return ""
	}
	return ", from a cache that has had it for " + a.age + " s"
}

// ask asks for an address, and follows nothing.
func (v Verifier) ask(ctx context.Context, at, accept string, c Change) (answer, error) {
	client := *v.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return read(ctx, &client, at, accept, c)
}

// follow asks for an address, and goes where that leads.
func (v Verifier) follow(ctx context.Context, at, accept string, c Change) (answer, error) {
	return read(ctx, v.Client, at, accept, c)
}

// read reads an answer, of which no more is taken than could be right.
func read(ctx context.Context, client *http.Client, at, accept string, c Change) (a answer, err error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return a, err
	}
	q.Header.Set("Accept-Encoding", accept) // so that what comes is not unpacked by the library
	r, err := client.Do(q)
	if err != nil {
		return a, err
	}
	defer r.Body.Close()
	a = answer{status: r.StatusCode, said: r.Status, location: r.Header.Get("Location"), encoding: r.Header.Get("Content-Encoding"), age: r.Header.Get("Age")}
	longest := int64(1 << 20)
	if c.File != nil {
		longest += c.File.Size
	}
	if c.Was != nil {
		longest += c.Was.Size
	}
	raw := sha256.New()
	body := io.TeeReader(io.LimitReader(r.Body, longest), raw)
	shown := body
	switch a.encoding {
	case "br":
		shown = brotli.NewReader(body)
	case "gzip", "x-gzip":
		if shown, err = gzip.NewReader(body); err != nil {
			return a, fmt.Errorf("what the server sends as gzip cannot be unpacked: %w", err)
		}
	}
	plain := sha256.New()
	if a.size, err = io.Copy(plain, io.LimitReader(shown, longest)); err != nil {
		return a, fmt.Errorf("the answer cannot be read to its end: %w", err)
	}
	if _, err = io.Copy(io.Discard, body); err != nil {
		return a, fmt.Errorf("the answer cannot be read to its end: %w", err)
	}
	a.sums = []string{hex.EncodeToString(plain.Sum(nil)), hex.EncodeToString(raw.Sum(nil))}
	return a, nil
}
