package layout

import (
	"fmt"
	"strings"
)

// Dice are thrown by the bytes of a fuzzer. When these are used up they show the
// last side for ever, with which everything ends.
type dice struct {
	data string
	at   int
}

func (d *dice) IntN(n int) int {
	if n < 2 || d.at >= len(d.data) {
		return max(n-1, 0)
	}
	d.at++
	return int(d.data[d.at-1]) % n
}

func (d *dice) chance(n int) bool        { return d.IntN(n) == 0 && !d.over() }
func (d *dice) over() bool               { return d.at >= len(d.data) }
func (d *dice) pick(of ...string) string { return of[d.IntN(len(of))] }

// A scribe writes random layouts by a grammar: here what stands between {{ and
// }}, in scribe_html_test.go all around.
type scribe struct {
	dice
	b     strings.Builder
	vars  []string
	calls []string // what may be called
	depth int
	loops int
	risk  int  // one of so many pipelines may fail
	asks  bool // functions that ask are called too
}

var fuzzNames = []string{
	"Text", "Empty", "HTML", "Odd", "URL", "CSS", "JS", "JSStr", "Attr", "Srcset", "Link", "Word", "Flag", "Count", "Int", "Neg", "Zero", "Big", "Uint", "Float", "Whole", "Complex",
	"True", "False", "Nil", "None", "Nowhere", "Stringer", "Pointed", "Unpointed", "Error", "PP", "TextP", "Time", "TimeP", "Never", "Outer", "Deep", "Hidden", "List", "Any", "NoList", "Array",
	"Ints", "Outers", "Map", "Words", "IntMap", "UintMap", "Texts", "NoMap", "Bytes", "Struct", "A", "B", "C", "D", "A", "B", "C", "D",
}

// A piece writes something that ends where in the HTML it began.
type piece func()

// act writes an action that prints.
func (s *scribe) act() { fmt.Fprintf(&s.b, "{{%s%s%s}}", s.trim("- "), s.pipe(2), s.trim(" -")) }

func (s *scribe) trim(mark string) string {
	if s.chance(12) {
		return mark
	}
	return ""
}

// some writes pieces, with control around some of them.
func (s *scribe) some(most int, p piece) {
	mark := len(s.vars)
	for range 1 + s.IntN(most) {
		if s.over() {
			break
		}
		s.depth++
		if s.depth < 6 && s.chance(4) {
			s.control(p)
		} else {
			p()
		}
		s.depth--
	}
	s.vars = s.vars[:mark]
}

// control writes a branch, a loop or an assignment.
func (s *scribe) control(p piece) {
	mark := len(s.vars)
	switch s.IntN(9) {
	case 0, 1, 2:
		value := s.pipe(2)
		fmt.Fprintf(&s.b, "{{if %s}}", s.declares(1)+value)
		s.some(2, p)
		s.otherwise("{{else if "+s.pipe(1)+"}}", p)
	case 3, 4:
		value := s.pipe(1)
		fmt.Fprintf(&s.b, "{{with %s}}", s.declares(1)+value)
		s.some(2, p)
		s.otherwise("{{else with "+s.pipe(1)+"}}", p)
	case 5, 6:
		s.loop(p)
	case 7:
		if mark > 0 && s.chance(2) {
			fmt.Fprintf(&s.b, "{{%s = %s}}", s.pick(s.vars...), s.pipe(2))
			return
		}
		value := s.pipe(2) // in which there is no such variable yet
		name := fmt.Sprintf("$v%d", s.IntN(4))
		fmt.Fprintf(&s.b, "{{%s := %s}}", name, value)
		s.vars = append(s.vars, name)
		return // until the next end
	default:
		if len(s.calls) > 0 {
			fmt.Fprintf(&s.b, "{{template %q %s}}", s.pick(s.calls...), s.pick(".", "$", s.arg(1)))
		}
	}
	s.vars = s.vars[:mark]
}

// declares begins a pipeline that declares variables, or assigns to them.
func (s *scribe) declares(most int) string {
	if !s.chance(3) {
		return ""
	}
	names := []string{}
	for range 1 + s.IntN(most) {
		names = append(names, fmt.Sprintf("$v%d", s.IntN(4)))
	}
	set := " := "
	if len(s.vars) > 0 && s.chance(4) {
		for i := range names {
			names[i] = s.pick(s.vars...)
		}
		set = " = "
	}
	s.vars = append(s.vars, names...)
	return strings.Join(names, ", ") + set
}

func (s *scribe) otherwise(chain string, p piece) {
	if s.chance(4) {
		s.b.WriteString(chain)
		s.some(1, p)
	}
	if s.chance(3) {
		s.b.WriteString("{{else}}")
		s.some(1, p)
	}
	s.b.WriteString("{{end}}")
}

func (s *scribe) loop(p piece) {
	if s.loops > 1 {
		p()
		return
	}
	over := s.arg(1)
	if s.chance(2) {
		over = s.pick("$.List", "$.Any", "$.Map", "$.Outers", "$.Ints", "$.Words", "3", "$.IntMap", "$.Nil", "$.NoList", "$.Pointers", "$.Array", "$.Grid", "$.UintMap", "$.Mapped", "$.Texts")
		if s.chance(10) {
			over = s.pick("$.Seq", "$.Seq2", "$.BoolMap", "$.NoSeq", "$.FloatMap")
		}
	}
	fmt.Fprintf(&s.b, "{{range %s}}", s.declares(2)+over)
	s.loops++
	s.some(2, p)
	if s.chance(4) {
		fmt.Fprintf(&s.b, "{{if %s}}{{%s}}{{end}}", s.pipe(1), s.pick("break", "continue"))
		s.some(1, p)
	}
	s.loops--
	s.otherwise("", p)
}

// pipe writes a pipeline, mostly one that cannot fail.
func (s *scribe) pipe(depth int) string {
	if !s.chance(s.risk) {
		return s.pick("$.", "$.", "print $.", "or $.", "not $.", "list $.", "and 1 $.", "printf \"%v\" $.", "eq $.Text $.Text $.") + s.pick(fuzzNames...) +
			s.pick("", "", "", " | print", " | html", " | urlquery", " | list", " | list | len | add 1")
	}
	p := s.command(depth)
	for s.chance(5) {
		p += " | " + s.pick("print", "len", "not", "printf \"%v-\"", "html", "js", "urlquery", "eq "+s.arg(0), "and "+s.arg(0), "or "+s.arg(0), "index $.List", "upper", "add 1", "$.Outer.Hello",
			"slice", "println 1", "list", "_eval_args_", "_html_template_htmlescaper", "call $.Func", "index $.Map", "printf", "$.Outer.Sum 1", "ne 1", "lt 2")
	}
	return p
}

func (s *scribe) command(depth int) string {
	if depth <= 0 || s.chance(2) {
		return s.arg(depth)
	}
	a := func() string { return s.arg(depth - 1) }
	switch s.IntN(14) {
	case 0:
		return s.pick("eq", "ne", "lt", "le", "gt", "ge") + " " + a() + " " + a()
	case 1:
		return s.pick("and", "or", "print", "println", "list", "html", "js", "urlquery") + " " + a() + " " + a()
	case 2:
		return s.pick("not", "len", "print", "html", "upper", "number", "join", "index", "slice", "call") + " " + a()
	case 3:
		return "index " + a() + " " + a()
	case 4:
		return "slice " + a() + " " + s.pick("0", "1", "2", a())
	case 5:
		return fmt.Sprintf("printf %q %s", s.pick("%v", "%s", "%d", "%q", "<%v>", "%T", "%x", "%5.1f", "%+v"), a())
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
	case 11:
		return "eq " + a() + " " + a() + " " + a()
	case 12:
		if s.asks {
			return s.pick(`config "title"`, `card "p"`, `(card "q").Headline`, `url "/x"`, `index (latest "" 2) 0 | len`, `(index (latest "" 2) 0).Headline`, `fragment "f.html" "<x>"`, `body "p"`, `near "older" "p"`, `data "polls" "a"`, `image "x.jpg"`, `param "mood"`) +
				s.pick("", "", " | print", " | len")
		}
	}
	return s.pick("add", "sub") + " " + a() + " " + a()
}

func (s *scribe) arg(depth int) string {
	switch s.IntN(15) {
	case 0:
		return s.pick("1", "0", "2", "-1", "1.5", "'a'", "0x8", "1e3", "true", "false", "2i", "nil", "0b11", "1e19")
	case 1:
		return s.pick(`"x"`, `""`, `"<b>"`, "`a'b`", `"k"`, `"more"`, `"javascript:x"`, `"\\"`)
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
		return "$." + s.pick("Outer", "Deep", "PP", "Map", "Struct", "Hidden", "Time", "Texts", "Faces", "Iface") + "." +
			s.pick("Name", "URL", "Own", "k", "a", "n", "m", "Change", "Self", "Self.Name", "Far", "A", "B", "Open", "IsZero", "Year", "m.deep", "String")
	case 6:
		return "$." + s.pick("A", "B", "C", "D") + "." + s.pick("A", "B", "k", "a", "A.B", "k.k", "String", "Name")
	case 7, 8:
		if depth > 0 {
			return "(" + s.pipe(depth-1) + ")"
		}
	case 9:
		if depth > 0 {
			return "(" + s.command(depth-1) + ")." + s.pick("Name", "a", "k", "URL", "A")
		}
	}
	return "$." + s.pick(fuzzNames...)
}

// layout writes a whole layout.
func (s *scribe) layout() string {
	s.risk = 2 + s.IntN(30)
	s.asks = s.chance(4)
	s.defines()
	s.some(5, s.markup)
	return s.b.String()
}

// defines writes templates that can be called, by those after them too. Called
// from other places than text they are of the kind of that place.
func (s *scribe) defines() {
	for _, name := range []string{"c", "b", "a"} {
		if !s.chance(2) {
			continue
		}
		fmt.Fprintf(&s.b, "{{define %q}}", name)
		outer := s.vars
		s.vars = nil
		switch s.IntN(3) {
		case 0:
			s.some(3, s.markup)
		case 1:
			s.some(2, s.act)
		default:
			s.some(3, s.words)
		}
		s.vars = outer
		s.b.WriteString("{{end}}")
		s.calls = append(s.calls, name)
	}
}
