package layout

import (
	"bytes"
	"fmt"
	"html/template"
	"reflect"

	"stet/internal/diag"
	"stet/internal/page"
)

// A Context is what a layout is executed for.
type Context struct {
	Lang   string // tag of the language
	Making string // for messages: "world/index.html", "fragment header.html"
}

// A renderer is one copy of a set, whose functions are bound to it. It serves
// one execution at a time; a fragment that is rendered in the midst of a page
// has its own.
type renderer struct {
	layouts  *Layouts
	set      *set
	template *template.Template // nil until html/template is needed
	machine  machine

	ask      *page.Ask
	lang     string
	language Language
	styles   map[string]string // of its dates
	dot      any
	trace    *trace // while the way to an error is sought
}

// renderer takes a renderer of the set that nobody uses, or makes one.
func (l *Layouts) renderer(s *set) *renderer {
	if r := s.free.take(); r != nil {
		return r
	}
	r := &renderer{layouts: l, set: s}
	r.machine.r = r
	return r
}

// bind gives a renderer a copy of the set's templates.
func (r *renderer) bind(t *template.Template) {
	r.template = t
	funcs := template.FuncMap{}
	for name, f := range functions {
		funcs[name] = func(args ...any) (any, error) { return f.call(r, call{name, args}) }
	}
	r.bindTrace(funcs)
	t.Funcs(funcs)
}

// get puts a question. Whatever goes wrong with it is told from other errors.
func (r *renderer) get(kind, args string) (any, error) {
	v, err := r.ask.Get(kind, args)
	if err != nil {
		return nil, unanswered{err}
	}
	if p, ok := v.(diag.Problem); ok {
		return nil, refused(p)
	}
	if r.trace != nil && v != nil {
		r.trace.types = append(r.trace.types, reflect.TypeOf(v))
	}
	return v, nil
}

// An unanswered question failed for a reason that its asker knows nothing of.
type unanswered struct{ error }

func (u unanswered) Unwrap() error { return u.error }

// A refused question was answered by saying what is wrong with it.
type refused diag.Problem

func (p refused) Error() string { return p.Text }

// Execute renders a layout with its dot and appends the result to w. What the
// layout asks is written into the note of whatever ask is making; so is which
// templates and which language it is made with. After an error w is as before.
//
// The error holds one or more diag.Problem.
func (l *Layouts) Execute(ask *page.Ask, c Context, name string, dot any, w *bytes.Buffer) error {
	s := l.sets[name]
	if s == nil {
		return c.problem(diag.Problem{Text: fmt.Sprintf("there is no layout %s%s", folder, name), Hint: l.meant(name, l.names)}, "")
	}
	lang, ok := l.languages[c.Lang]
	if !ok {
		return c.problem(diag.Problem{Text: fmt.Sprintf("the site has no language %q", c.Lang)}, "")
	}
	if _, err := ask.Digest("template", name); err != nil {
		return err
	}
	if _, err := ask.Digest("language", c.Lang); err != nil {
		return err
	}
	r := l.renderer(s)
	r.ask, r.lang, r.language, r.styles, r.dot = ask, c.Lang, lang.Language, lang.styles, dot
	if r.run(w) {
		r.release(&s.free)
		return nil
	}
	if err := r.ready(); err != nil {
		return c.problem(diag.Problem{Path: folder + name, Text: err.Error()}, "")
	}
	start := w.Len()
	err := r.execute(w)
	if err == nil && !bytes.Contains(w.Bytes()[start:], failsafe) {
		r.release(&s.free)
		return nil
	}
	w.Truncate(start)
	return l.explain(r, c, err, w)
}

// run makes the page with the compiled set. It reports whether it did; if it
// did not, nothing was written, and html/template has to make it.
func (r *renderer) run(w *bytes.Buffer) bool {
	if r.layouts.interpret {
		return false
	}
	p, m := r.set.compiled(), &r.machine
	if p == nil || !p.run(m, r.dot) || bytes.Contains(m.out, failsafe) {
		return false
	}
	w.Write(m.out)
	return true
}

// ready sees to it that html/template can be used.
func (r *renderer) ready() error {
	if r.template != nil {
		return nil
	}
	t, err := r.set.template()
	if err == nil {
		r.bind(t)
	}
	return err
}

func (r *renderer) release(to *free) {
	r.machine.release()
	r.ask, r.language, r.dot, r.trace = nil, nil, nil, nil
	to.put(r)
}

// execute runs the template. A panic in html/template or in a method of a
// value is an error like any other.
func (r *renderer) execute(w *bytes.Buffer) (err error) {
	defer func() {
		if e := recover(); e != nil {
			err = panicked{e}
		}
	}()
	return r.template.Execute(w, r.dot)
}

// A panicked error is a mistake in a program, not in a site.
type panicked struct{ what any }

func (p panicked) Error() string { return fmt.Sprint(p.what) }

// problem completes a problem with what is being made, and the templates that
// led to it.
func (c Context) problem(p diag.Problem, way string) diag.Problem {
	p.Severity = diag.Error
	if c.Making != "" {
		p.While = "making " + c.Making
		if way != "" {
			p.While += ", by way of " + way
		}
	}
	return p
}
