package layout

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"stet/internal/diag"
)

// failsafe is what html/template prints instead of a value that is not safe
// where it stands. It says so nowhere else.
var failsafe = []byte("ZgotmplZ")

// explain turns what went wrong into a problem. If nothing did after all, the
// output is in w.
func (l *Layouts) explain(r *renderer, c Context, err error, w *bytes.Buffer) error {
	var escape *template.Error
	if errors.As(err, &escape) {
		p, way := l.escapeProblem(r.set, escape)
		return c.problem(p, way)
	}
	var lost unanswered
	if errors.As(err, &lost) {
		return l.unanswered(c, err, lost)
	}
	start := w.Len()
	notes, again := l.retrace(r, w)
	if notes == nil {
		return c.problem(diag.Problem{Path: folder + r.set.name, Text: again.Error()}, "")
	}
	if again == nil && err == nil {
		p, way := l.unsafe(notes, start)
		if p == nil {
			return nil
		}
		w.Truncate(start)
		return c.problem(*p, way)
	}
	w.Truncate(start)
	if again == nil {
		return c.problem(l.execProblem(r, notes, err), "")
	}
	return c.problem(l.execProblem(r, notes, again), notes.way())
}

// A placed error is a question's failure with the place where it was asked. If
// its cause is told elsewhere, the desk recognizes that and tells no more.
type placed struct {
	diag.Problem
	cause error
}

func (p placed) Unwrap() error { return p.cause }

func (p placed) As(target any) bool {
	if t, ok := target.(*diag.Problem); ok {
		*t = p.Problem
		return true
	}
	return false
}

func (l *Layouts) unanswered(c Context, err error, lost unanswered) error {
	var p diag.Problem
	if errors.As(lost.error, &p) {
		return lost.error
	}
	at := l.failureOf(err)
	return placed{c.problem(at.problem(lost.Error(), ""), ""), lost.error}
}

// A failure is what text/template says of an error in an execution.
type failure struct {
	file    *file
	name    string // of the file
	pos     int    // of the node
	context string // the node as text
	said    string
}

var execError = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s)^template: (.+?):(\d+):(\d+): executing "((?:[^"\\]|\\.)*)" at <(.*?)>: (.*)$`)
})

func (l *Layouts) failureOf(err error) failure {
	m := execError().FindStringSubmatch(err.Error())
	if m == nil {
		return failure{said: err.Error()}
	}
	f := failure{name: m[1], file: l.files[m[1]], context: m[5], said: m[6]}
	if f.file != nil {
		line, _ := strconv.Atoi(m[2])
		column, _ := strconv.Atoi(m[3])
		f.pos = offset(f.file.text, line, column)
		f.rewind()
	}
	return f
}

// rewind goes to where the node begins: of a chain such as .A.B the parser
// notes where the B is.
func (f *failure) rewind() {
	text := f.file.text
	if strings.HasPrefix(f.context, "{{") {
		s := spanAt(text, f.pos)
		f.pos, f.context = s.from, text[s.from:s.to]
		return
	}
	for at := f.pos; at >= max(0, f.pos-len(f.context)); at-- {
		if strings.HasPrefix(text[at:], f.context) {
			f.pos = at
			return
		}
	}
	f.context = ""
}

func (f failure) problem(text, hint string) diag.Problem {
	if f.file == nil {
		return diag.Problem{Path: folder + f.name, Text: text, Hint: hint}
	}
	return f.file.problem(f.pos, len([]rune(f.context)), text, hint)
}

// at narrows a failure to a part of its node, such as one field.
func (f failure) at(part string) failure {
	for i := 0; part != ""; {
		j := strings.Index(f.context[i:], part)
		if j < 0 {
			break
		}
		i += j + len(part)
		if i == len(f.context) || f.context[i] == '.' || f.context[i] == ' ' || f.context[i] == ')' {
			f.pos, f.context = f.pos+i-len(part), part
			break
		}
	}
	return f
}

// execProblem explains an error in an execution.
func (l *Layouts) execProblem(r *renderer, notes *trace, err error) diag.Problem {
	f := l.failureOf(err)
	var m misuse
	var no refused
	var p panicked
	switch {
	case errors.As(err, &m):
		return f.problem(m.text, m.hint)
	case errors.As(err, &no):
		return f.refusal(diag.Problem(no))
	case errors.As(err, &p):
		if f.file == nil {
			f.name = r.set.name
		}
		return f.problem("the template could not be executed: "+p.Error(), "this is a mistake in Stet, please report it")
	}
	for _, e := range explanations {
		if g := e.said.FindStringSubmatch(f.said); g != nil {
			return e.explain(l, explained{f, g, r, notes})
		}
	}
	text, hint := translate(execSayings, f.said)
	return f.problem(text, hint)
}

// refusal gives a problem that has no place the place of the call.
func (f failure) refusal(p diag.Problem) diag.Problem {
	if p.Path != "" {
		return p
	}
	return f.problem(p.Text, p.Hint)
}

// explained is an error with all that is known of it.
type explained struct {
	failure
	groups []string
	r      *renderer
	notes  *trace
}

// An explanation turns one kind of error into a problem.
type explanation struct {
	said    *regexp.Regexp
	explain func(*Layouts, explained) diag.Problem
}

var explanations = []explanation{
	{regexp.MustCompile(`^can't evaluate field (\S+) in type (.+)$`), (*Layouts).noField},
	{regexp.MustCompile(`^nil pointer evaluating (.+)\.([^.]+)$`), (*Layouts).nothingThere},
	{regexp.MustCompile(`^map has no entry for key "(.*)"$`), (*Layouts).noKey},
	{regexp.MustCompile(`^nil data; no entry for key "(.*)"$`), (*Layouts).noDot},
	{regexp.MustCompile(`^error calling (\w+): (.*)$`), (*Layouts).functionFailed},
}

func (l *Layouts) noField(e explained) diag.Problem {
	field, typ := e.groups[1], e.groups[2]
	at := e.at("." + field)
	t := typeNamed(typ, e.r.dot, e.notes.types)
	if t == nil {
		return at.problem(fmt.Sprintf("there is no .%s in %s", field, typ), "")
	}
	words := typeWords(t)
	hint := nearField(field, t)
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		hint = fmt.Sprintf("go through it: {{ range … }}{{ .%s }}{{ end }}", field)
	case reflect.String:
		hint = "print it as it is: {{ . }}"
	}
	if field == "Params" {
		hint = `write {{ param "KEY" }}`
	}
	return at.problem(fmt.Sprintf("%s has no .%s", words, field), hint)
}

func (l *Layouts) nothingThere(e explained) diag.Problem {
	field := e.groups[2]
	at := e.at("." + field)
	before := strings.TrimSuffix(e.context, "."+field)
	if i := strings.Index(e.context, "."+field); i >= 0 {
		before = e.context[:i]
	}
	if before == "" {
		return at.problem(fmt.Sprintf("there is nothing here that could have .%s", field), "wrap it: {{ with . }}…{{ end }}")
	}
	return at.problem(fmt.Sprintf("%s is nothing here, so it has no .%s", before, field),
		fmt.Sprintf("write {{ with %s }}{{ .%s }}{{ end }}", before, field))
}

func (l *Layouts) noKey(e explained) diag.Problem {
	key := e.groups[1]
	at := e.at("." + key)
	text := fmt.Sprintf("there is no key %q here", key)
	if i := strings.Index(e.context, ".Params."); i >= 0 {
		rest := e.context[i+len(".Params."):]
		return at.problem(text, fmt.Sprintf("write {{ param %q }}, which gives nothing where the key is missing", rest))
	}
	before, _, _ := strings.Cut(e.context, "."+key)
	if before == "" {
		before = "."
	}
	return at.problem(text, fmt.Sprintf("write {{ index %s %q }}, or {{ param %q }} for the page's params: they give nothing where the key is missing", before, key, key))
}

func (l *Layouts) noDot(e explained) diag.Problem {
	at := e.at("." + e.groups[1])
	text := fmt.Sprintf("the dot is nothing here, so it has no .%s", e.groups[1])
	if strings.HasPrefix(e.r.set.name, partials) && len(e.notes.calls) < 2 {
		return at.problem(text, "a fragment sees only its arguments; give it a path and ask inside of it: {{ fragment \"NAME.html\" .Path }}")
	}
	return at.problem(text, "hand it on where the template is called: {{ template \"NAME\" . }}")
}

func (l *Layouts) functionFailed(e explained) diag.Problem {
	name, said := e.groups[1], e.groups[2]
	text, hint := translate(builtinSayings, said)
	if before, after, ok := strings.Cut(text, "; "); ok && hint == "" {
		text, hint = before, after
	}
	if strings.HasPrefix(said, "runtime error: ") {
		hint = "this is a mistake in Stet, please report it"
	}
	if f, ours := functions[name]; ours && hint == "" {
		hint = "write {{ " + f.usage + " }}"
	}
	return e.problem(name+": "+text, hint)
}

var builtinSayings = sayings([][3]string{
	{`incompatible types for comparison.*`, `the values are of different kinds`, `compare a text with a text, and a number with a number`},
	{`non-comparable types?.*`, `these values cannot be compared`, `compare one of their fields`},
	{`(?:reflect: slice )?index out of range: (-?\d+)`, `there is no element $1`, `ask for its length first: {{ if gt (len .List) $1 }}`},
	{`cannot index slice/array with (?:type )?(\w+)`, `an element of a list is asked for by its number, not by a $1`, `keys are for maps: {{ index .Map "KEY" }}`},
	{`index of (?:untyped nil|nil pointer)`, `there is nothing to take an element from`, `wrap it: {{ with .List }}{{ index . 0 }}{{ end }}`},
	{`len of (?:type .*|nil pointer)`, `this has no length`, `texts, lists and maps have one`},
	{`can't index item of type .*`, `this has no elements`, `lists and maps have them`},
	{`value is nil; should be of type (.*)`, `the value is nothing`, `give it a value, or wrap it in {{ with }}`},
})

var execSayings = sayings([][3]string{
	{`range can't iterate over (.*)`, `there is nothing to go through: $1 is not a list`, `range goes through lists and maps`},
	{`wrong number of args for (\w+): want (?:at least )?(\d+) got (\d+)`, `$1 takes $2 arguments, not $3`, `count what stands behind it, and what is piped into it`},
	{`can't use (\S+) (?:to )?iterate over more than one variable`, `range counts up to $1 with one variable, not with two`, `write {{ range $$i := .N }}`},
	{`exceeded maximum template depth \(\d+\)`, `the template calls itself without end`, `let an {{ if }} or {{ range }} decide whether it goes on`},
	{`can't give argument to non-function (.*)`, `$1 is no function and takes no arguments`, `a function stands first: {{ date "long" .Date }}`},
	{`(\w+) has arguments but cannot be invoked as function`, `$1 is no function and takes no arguments`, `a function stands first: {{ date "long" .Date }}`},
	{`(\w+) is not a method but has arguments`, `$1 is no function and takes no arguments`, `a function stands first: {{ date "long" .Date }}`},
	{`wrong type for value; expected (\S+); got (\S+)`, `the value is a $2, but a $1 is needed`, ``},
	{`(\w+) is an unexported field of struct type (.*)`, `there is no field $1`, `fields begin with a capital letter`},
	{`nil is not a command`, `nil prints nothing`, `remove it`},
	{`template "(.*)" not defined`, `there is no template "$1"`, ``},
})

// typeNamed finds a type by its name among those that can be reached from the
// dot and from what questions were answered with.
func typeNamed(name string, dot any, more []reflect.Type) reflect.Type {
	seen := map[reflect.Type]bool{}
	types := append([]reflect.Type{}, more...)
	if dot != nil {
		types = append(types, reflect.TypeOf(dot))
	}
	for len(types) > 0 {
		t := types[0]
		types = types[1:]
		if seen[t] {
			continue
		}
		seen[t] = true
		if t.String() == name {
			return t
		}
		types = append(types, typesIn(t)...)
	}
	return basicTypes[name]
}

var basicTypes = map[string]reflect.Type{
	"string": reflect.TypeFor[string](), "int": reflect.TypeFor[int](), "bool": reflect.TypeFor[bool](),
	"float64": reflect.TypeFor[float64](), "template.HTML": reflect.TypeFor[template.HTML](),
	"[]interface {}": reflect.TypeFor[[]any](),
}

func typesIn(t reflect.Type) []reflect.Type {
	switch t.Kind() {
	case reflect.Map:
		return []reflect.Type{t.Key(), t.Elem()}
	case reflect.Slice, reflect.Array:
		return []reflect.Type{t.Elem()}
	case reflect.Pointer:
		return []reflect.Type{t.Elem()}
	case reflect.Struct:
		types := []reflect.Type{reflect.PointerTo(t)}
		for i := range t.NumField() {
			types = append(types, t.Field(i).Type)
		}
		return types
	}
	return nil
}
