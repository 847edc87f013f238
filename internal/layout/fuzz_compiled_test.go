package layout

import (
	"fmt"
	"html/template"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
)

// A writer of random templates.
type scribe struct {
	dice  *rand.Rand
	b     strings.Builder
	vars  []string
	depth int
	loops int
	calls []string // what may be called
	risk  int      // one of so many pipelines may fail
}

func (s *scribe) pick(from ...string) string { return from[s.dice.IntN(len(from))] }
func (s *scribe) chance(n int) bool          { return s.dice.IntN(n) == 0 }

var fuzzNames = []string{
	"Text", "Empty", "HTML", "Odd", "URL", "CSS", "JS", "JSStr", "Attr", "Srcset", "Link", "Word", "Flag", "Count", "Int", "Neg", "Zero", "Big", "Uint", "Float", "Whole", "Complex",
	"True", "False", "Nil", "None", "Nowhere", "Stringer", "Pointed", "Unpointed", "Error", "PP", "TextP", "Time", "TimeP", "Never", "Outer", "Deep", "Hidden", "List", "Any", "NoList", "Array",
	"Ints", "Outers", "Map", "Words", "IntMap", "UintMap", "Texts", "NoMap", "Bytes", "Runes", "Struct", "Random", "RandomHTML", "RandomAny",
}

// template writes nodes.
func (s *scribe) template(nodes int) {
	mark := len(s.vars)
	for range nodes {
		s.node()
	}
	s.vars = s.vars[:mark]
}

func (s *scribe) node() {
	s.depth++
	defer func() { s.depth-- }()
	n := s.dice.IntN(20)
	if s.depth > 4 {
		n %= 8
	}
	switch {
	case n < 5:
		s.b.WriteString(at(s.pick(goodPlaces()...), s.pipe(2)))
	case n < 7:
		fmt.Fprintf(&s.b, "{{%s}}", s.pipe(3))
	case n < 8:
		s.b.WriteString(s.pick("text ", "<p>", "</p>", "\n", "<!-- c -->", "{{/* c */}}", "<br>"))
	case n < 11:
		fmt.Fprintf(&s.b, "{{if %s}}", s.pipe(2))
		s.template(2)
		s.orElse("{{else if " + s.pipe(1) + "}}")
	case n < 13:
		mark, over := len(s.vars), s.pipe(1)
		fmt.Fprintf(&s.b, "{{with %s}}", s.decl(1)+over)
		s.template(2)
		s.orElse("{{else with " + s.pipe(1) + "}}")
		s.vars = s.vars[:mark]
	case n < 16:
		s.loop()
	case n < 18:
		if len(s.vars) > 0 && s.chance(2) {
			fmt.Fprintf(&s.b, "{{%s = %s}}", s.pick(s.vars...), s.pipe(2))
		} else {
			name := fmt.Sprintf("$v%d", s.dice.IntN(4))
			fmt.Fprintf(&s.b, "{{%s := %s}}", name, s.pipe(2))
			s.vars = append(s.vars, name)
		}
	case len(s.calls) > 0:
		place := s.pick("%", "%", "<p title=\"%\">", "<title>%</title>", "<script>x = %</script>", "<a href='/?x=%'>")
		s.b.WriteString(strings.ReplaceAll(place, "%", fmt.Sprintf("{{template %q %s}}", s.pick(s.calls...), s.arg(1))))
	}
}

func (s *scribe) decl(most int) string {
	if !s.chance(3) {
		return ""
	}
	names := []string{}
	for range 1 + s.dice.IntN(most) {
		names = append(names, fmt.Sprintf("$v%d", s.dice.IntN(4)))
	}
	s.vars = append(s.vars, names...)
	return strings.Join(names, ", ") + " := "
}

func (s *scribe) orElse(chain string) {
	if s.chance(4) {
		s.b.WriteString(chain)
		s.template(1)
	}
	if s.chance(3) {
		s.b.WriteString("{{else}}")
		s.template(1)
	}
	s.b.WriteString("{{end}}")
}

func (s *scribe) loop() {
	mark := len(s.vars)
	if s.loops > 1 {
		return
	}
	over := s.arg(1)
	if s.chance(2) {
		over = s.pick("$.List", "$.Any", "$.Map", "$.Outers", "$.Ints", "$.Words", "3", "$.IntMap", "$.Nil", "$.NoList", "$.Pointers")
	}
	fmt.Fprintf(&s.b, "{{range %s}}", s.decl(2)+over)
	s.loops++
	s.template(2)
	if s.chance(4) {
		fmt.Fprintf(&s.b, "{{if %s}}{{%s}}{{end}}", s.pipe(1), s.pick("break", "continue"))
		s.template(1)
	}
	s.loops--
	if s.chance(3) {
		s.b.WriteString("{{else}}")
		s.template(1)
	}
	s.b.WriteString("{{end}}")
	s.vars = s.vars[:mark]
}

// goodPlaces are those that html/template allows.
var goodPlaces = sync.OnceValue(func() (good []string) {
	for _, p := range places {
		if trees, err := parseText("main", at(p, ".")); err == nil && compile("main", trees) != nil {
			good = append(good, p)
		}
	}
	return good
})

// pipe writes a pipeline, mostly one that cannot fail.
func (s *scribe) pipe(depth int) string {
	if !s.chance(s.risk) {
		return s.pick("$.", "$.", "print $.", "or $.", "not $.", "list $.", "and 1 $.", "printf \"%v\" $.", "eq $.Text $.Text $.") + s.pick(fuzzNames...) + s.pick("", "", "", " | print", " | html", " | list", " | list | len | add 1")
	}
	p := s.command(depth)
	for s.chance(5) {
		p += " | " + s.pick("print", "len", "not", "printf \"%v-\"", "html", "js", "urlquery", "eq "+s.arg(0), "and "+s.arg(0), "or "+s.arg(0), "index $.List", "upper", "add 1", "$.Outer.Hello", "slice", "println 1", "list")
	}
	return p
}

func (s *scribe) command(depth int) string {
	if depth <= 0 || s.chance(2) {
		return s.arg(depth)
	}
	a := func() string { return s.arg(depth - 1) }
	switch s.dice.IntN(12) {
	case 0:
		return s.pick("eq", "ne", "lt", "le", "gt", "ge") + " " + a() + " " + a()
	case 1:
		return s.pick("and", "or", "print", "println", "list", "html", "js", "urlquery") + " " + a() + " " + a()
	case 2:
		return s.pick("not", "len", "print", "html", "upper", "number", "join") + " " + a()
	case 3:
		return "index " + a() + " " + a()
	case 4:
		return "slice " + a() + " " + s.pick("0", "1", "2", a())
	case 5:
		return fmt.Sprintf("printf %q %s", s.pick("%v", "%s", "%d", "%q", "<%v>", "%T"), a())
	case 6:
		return s.pick("$.Outer", "$.Deep", "$.PP") + "." + s.pick("Hello", "Sum", "Any", "Float", "Word", "Fails", "Time") + " " + a()
	case 7:
		return "dict \"a\" " + a() + " \"b\" " + a()
	case 8:
		return s.pick("$.Time", "$.TimeP", "$.Never") + "." + s.pick("IsZero", "Year", "Format \"2006\"", "Month", "Equal "+a())
	case 9:
		return "date \"long\" " + s.pick("$.Time", "$.TimeP", "$.Never", a())
	case 10:
		return "t \"more\" " + a()
	}
	return s.pick("add", "sub") + " " + a() + " " + a()
}

func (s *scribe) arg(depth int) string {
	switch s.dice.IntN(14) {
	case 0:
		return s.pick("1", "0", "2", "-1", "1.5", "'a'", "0x8", "1e3", "true", "false", "2i")
	case 1:
		return s.pick(`"x"`, `""`, `"<b>"`, "`a'b`", `"k"`, `"more"`, `"javascript:x"`)
	case 2:
		return "."
	case 3:
		if len(s.vars) > 0 {
			return s.pick(s.vars...)
		}
		return "$"
	case 4:
		return "." + s.pick("Name", "URL", "Own", "k", "a", "m", "Change", "IsZero", "Far", "A", "B")
	case 5:
		return "$." + s.pick("Outer", "Deep", "PP", "Map", "Struct", "Hidden", "Time", "Texts") + "." + s.pick("Name", "URL", "Own", "k", "a", "n", "m", "Change", "Self", "Self.Name", "Far", "A", "B", "Open", "IsZero", "Year", "m.deep")
	case 6, 7:
		if depth > 0 {
			return "(" + s.pipe(depth-1) + ")"
		}
	case 8:
		if depth > 0 {
			return "(" + s.command(depth-1) + ")." + s.pick("Name", "a", "k", "URL")
		}
	}
	return "$." + s.pick(fuzzNames...)
}

// layout writes a whole layout.
func (s *scribe) layout() string {
	s.risk = 2 + s.dice.IntN(30)
	for _, name := range []string{"c", "b", "a"} {
		if s.chance(2) {
			fmt.Fprintf(&s.b, "{{define %q}}", name)
			s.template(2)
			s.b.WriteString("{{end}}")
			s.calls = append(s.calls, name)
		}
	}
	s.template(1 + s.dice.IntN(6))
	return s.b.String()
}

// random writes a text.
func (s *scribe) random() string {
	var b strings.Builder
	texts := []string{"<b>", "</b>", "\"", "'", "&", "&amp;", "%", "%2f", "javascript:", "http:", "/", "\\", "a", "Z", "0", " ", "\n", "\x00", "\xff", "é", "\u2028", "\ufffe", "<!--", "</script>", "${", "}", "expression", "--", "url(", ";", ",", "<em title='x>y'>", "=", "+", "`"}
	for range s.dice.IntN(8) {
		b.WriteString(s.pick(texts...))
	}
	return b.String()
}

// compareRandom executes a random layout with random data both ways.
func compareRandom(t *testing.T, seed, more uint64) (v verdict) {
	s := &scribe{dice: rand.New(rand.NewPCG(seed, more))}
	text := s.layout()
	dot := values()
	dot["Random"], dot["RandomHTML"] = s.random(), template.HTML(s.random())
	dot["RandomAny"] = []any{dot[s.pick(fuzzNames...)], s.random(), dot[s.pick(fuzzNames...)]}
	v, ok := judge(t, text, dot)
	if !ok {
		return v
	}
	if wrong := v.wrong(); wrong != "" {
		t.Errorf("seeds %d, %d: %s\n%s", seed, more, text, wrong)
	}
	return v
}

// Random layouts with random data give, compiled, what html/template makes of
// them; or they are left to it.
func FuzzCompiled(f *testing.F) {
	for n := range uint64(8) {
		f.Add(n, n)
	}
	f.Fuzz(func(t *testing.T, seed, more uint64) { compareRandom(t, seed, more) })
}

// Most random layouts are compiled and need not be left to html/template.
func TestRandom(t *testing.T) {
	made, ran, left := 0, 0, 0
	for n := range uint64(1500) {
		switch v := compareRandom(t, n, 99); {
		case v.ran:
			made, ran = made+1, ran+1
		case v.err == nil && v.out != "":
			made++
			if left++; left < 10 {
				s := &scribe{dice: rand.New(rand.NewPCG(n, 99))}
				t.Logf("left to html/template: %s", s.layout())
			}
		}
	}
	t.Logf("of %d layouts that can be made %d were compiled", made, ran)
	if ran < 100 || ran < made*95/100 {
		t.Error("too few")
	}
}
