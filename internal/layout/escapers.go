package layout

import (
	"fmt"
	"html/template"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"
)

// html/template's escapers, which it does not export. TestEscapers and
// FuzzCompiled hold them against the originals; where one is involved and rare,
// the original is asked.

// A content says what a text is known to be.
type content int

const (
	plainText content = iota
	isCSS
	isHTML
	isAttr
	isJS
	isJSStr
	isURL
	isSrcset
)

// An escaper makes a value safe for a place.
type escaper struct {
	text  func(s string, c content) string
	value func(v reflect.Value) string
}

// ofText is an escaper that looks at the text of a value alone.
func ofText(f func(s string, c content) string) escaper {
	return escaper{f, func(v reflect.Value) string { return f(textIn(v)) }}
}

var escapers = map[string]escaper{
	"_html_template_attrescaper":      ofText(escapeAttr),
	"_html_template_commentescaper":   ofText(func(string, content) string { return "" }),
	"_html_template_cssescaper":       ofText(func(s string, _ content) string { return escapeCSS(s) }),
	"_html_template_cssvaluefilter":   ofText(filterCSS),
	"_html_template_htmlnamefilter":   ofText(filterName),
	"_html_template_htmlescaper":      ofText(escapeHTML),
	"_html_template_jsregexpescaper":  ofText(escapeRegexp),
	"_html_template_jsstrescaper":     ofText(escapeJSStr),
	"_html_template_jstmpllitescaper": ofText(func(s string, _ content) string { return escapeJS(s, &jsLiteral) }),
	"_html_template_jsvalescaper":     {func(s string, _ content) string { return jsText(s) }, jsValue},
	"_html_template_nospaceescaper":   ofText(escapeUnquoted),
	"_html_template_rcdataescaper":    ofText(escapeRaw),
	"_html_template_srcsetescaper":    ofText(filterSrcset),
	"_html_template_urlescaper":       ofText(func(s string, c content) string { return escapeURL(s, c == isURL) }),
	"_html_template_urlfilter":        ofText(filterURL),
	"_html_template_urlnormalizer":    ofText(func(s string, _ content) string { return escapeURL(s, true) }),
}

// textIn is the text of a value, and what that is known to be.
func textIn(v reflect.Value) (string, content) {
	switch v.Kind() {
	case reflect.Invalid:
		return "", plainText
	case reflect.String:
		if c, ok := contentOf(v.Type()); ok {
			return v.String(), c
		}
	case reflect.Int:
		if v.Type() == intType {
			return strconv.FormatInt(v.Int(), 10), plainText
		}
	}
	return textInAny(v.Interface())
}

var (
	intType  = reflect.TypeFor[int]()
	contents = [...]reflect.Type{
		plainText: stringType,
		isCSS:     reflect.TypeFor[template.CSS](),
		isHTML:    reflect.TypeFor[template.HTML](),
		isAttr:    reflect.TypeFor[template.HTMLAttr](),
		isJS:      reflect.TypeFor[template.JS](),
		isJSStr:   reflect.TypeFor[template.JSStr](),
		isURL:     reflect.TypeFor[template.URL](),
		isSrcset:  reflect.TypeFor[template.Srcset](),
	}
)

func contentOf(t reflect.Type) (content, bool) {
	for c, known := range contents {
		if t == known {
			return content(c), true
		}
	}
	return plainText, false
}

func textInAny(a any) (string, content) {
	v := reflect.ValueOf(a)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if v.Kind() == reflect.String {
		if c, ok := contentOf(v.Type()); ok {
			return v.String(), c
		}
	}
	if a == nil {
		return "", plainText
	}
	return fmt.Sprint(speaker(a)), plainText
}

// speaker follows pointers to a value that says itself how it is printed, or to
// the last.
func speaker(a any) any {
	if a == nil {
		return nil
	}
	v := reflect.ValueOf(a)
	for !speaks(v.Type()) && v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	return v.Interface()
}

// print compiles a pipeline whose value is printed. Its last commands are the
// escapers that html/template has added.
func (c *compiler) print(p *parse.PipeNode) step {
	head := len(p.Cmds)
	var chain []string
	for head > 1 {
		name, ok := isEscaper(p.Cmds[head-1])
		if !ok {
			break
		}
		chain = append([]string{name}, chain...)
		head--
	}
	if id, _ := p.Cmds[head-1].Args[0].(*parse.IdentifierNode); len(chain) == 0 && identOf(id) != "html" && identOf(id) != "urlquery" {
		giveUp() // nothing is printed as it is
	}
	value, write := c.commands(p.Cmds[:head]), writer(chain)
	return func(m *machine, dot reflect.Value) signal {
		write(m, value(m, dot))
		return goOn
	}
}

// writer is what prints a value through a chain of escapers.
func writer(chain []string) func(*machine, reflect.Value) {
	n := len(chain)
	if n == 0 {
		return func(m *machine, v reflect.Value) { m.out = append(m.out, printed(v)...) }
	}
	var through []escaper
	for _, name := range chain {
		e, ok := escapers[name]
		if !ok {
			giveUp()
		}
		through = append(through, e)
	}
	last := strings.TrimPrefix(chain[n-1], "_html_template_")
	switch {
	case n == 1 && last == "htmlescaper":
		return writeHTML
	case n == 1 && last == "attrescaper":
		return writeAttr
	case n == 1 && last == "jsvalescaper":
		return writeJS
	}
	write := func(m *machine, v reflect.Value) {
		s := through[0].value(v)
		for _, e := range through[1:] {
			s = e.text(s, plainText)
		}
		m.out = append(m.out, s...)
	}
	if slices.Equal(chain, linkEscapers) {
		return writeLink(write)
	}
	return write
}

func writeHTML(m *machine, v reflect.Value) {
	s, c := textIn(v)
	if c == isHTML {
		m.out = append(m.out, s...)
		return
	}
	m.out = appendReplaced(m.out, s, &htmlTable)
}

func writeAttr(m *machine, v reflect.Value) {
	s, c := textIn(v)
	if c == isHTML {
		m.out = append(m.out, escapeAttr(s, c)...)
		return
	}
	m.out = appendReplaced(m.out, s, &htmlTable)
}
