package layout

import (
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The escapers of scripts and styles.

var (
	jsText0 = controls.with(map[byte]string{
		'"': `\u0022`, '`': `\u0060`, '&': `\u0026`, '\'': `\u0027`, '+': `\u002b`, '/': `\/`, '<': `\u003c`, '>': `\u003e`, '\\': `\\`,
	})
	jsLiteral = jsText0.with(map[byte]string{'$': `\u0024`, '{': `\u007b`, '}': `\u007d`})
	jsAgain   = jsText0.with(map[byte]string{'\\': ""})
	jsRegexp  = jsText0.with(map[byte]string{
		'`': "", '$': `\$`, '(': `\(`, ')': `\)`, '*': `\*`, '-': `\-`, '.': `\.`, '?': `\?`,
		'[': `\[`, ']': `\]`, '^': `\^`, '{': `\{`, '|': `\|`, '}': `\}`,
	})
	controls = controlTable()
)

func controlTable() (t table) {
	for c := range 0x20 {
		t[c] = `\u00` + strconv.FormatInt(int64(c>>4), 16) + strconv.FormatInt(int64(c&15), 16)
	}
	return t.with(map[byte]string{'\t': `\t`, '\n': `\n`, '\f': `\f`, '\r': `\r`})
}

// escapeJS escapes by a table, and the line ends that Unicode has of its own.
func escapeJS(s string, t *table) string {
	s = replaced(s, t)
	if strings.Contains(s, "\u2028") || strings.Contains(s, "\u2029") {
		s = strings.NewReplacer("\u2028", `\u2028`, "\u2029", `\u2029`).Replace(s)
	}
	return s
}

func escapeJSStr(s string, c content) string {
	if c == isJSStr {
		return escapeJS(s, &jsAgain)
	}
	return escapeJS(s, &jsText0)
}

func escapeRegexp(s string, _ content) string {
	if s == "" {
		return "(?:)"
	}
	return escapeJS(s, &jsRegexp)
}

// jsValue writes a value as JavaScript. What is neither text nor a number, true
// or false, html/template writes.
func jsValue(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Invalid:
		return " null "
	case reflect.String:
		switch c, ok := contentOf(v.Type()); {
		case !ok:
		case c == isJS:
			return v.String()
		case c == isJSStr:
			return `"` + v.String() + `"`
		default:
			return jsText(v.String())
		}
	case reflect.Int:
		if v.Type() == intType {
			return " " + strconv.FormatInt(v.Int(), 10) + " "
		}
	}
	return scriptOriginal.print(v.Interface())
}

// jsText writes a text as JavaScript.
func jsText(s string) string {
	if !plainJS(s) {
		return scriptOriginal.print(s)
	}
	return `"` + s + `"`
}

// plainJS tells whether a text stands in a script as it is.
func plainJS(s string) bool {
	for i := 0; i < len(s); i++ {
		if !inJSON[s[i]] && s[i] != 0x7f {
			return false
		}
	}
	return true
}

// writeJS writes a value as JavaScript.
func writeJS(m *machine, v reflect.Value) {
	if v.Kind() == reflect.String && v.Type() == stringType && plainJS(v.String()) {
		m.out = append(append(append(m.out, '"'), v.String()...), '"')
		return
	}
	m.out = append(m.out, jsValue(v)...)
}

var cssTable = table{
	0: `\0`, '\t': `\9`, '\n': `\a`, '\f': `\c`, '\r': `\d`,
	'"': `\22`, '&': `\26`, '\'': `\27`, '(': `\28`, ')': `\29`, '+': `\2b`, '/': `\2f`,
	':': `\3a`, ';': `\3b`, '<': `\3c`, '>': `\3e`, '\\': `\\`, '{': `\7b`, '}': `\7d`,
}

// escapeCSS ends a number by a space where it would go on otherwise.
func escapeCSS(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf || cssTable[c] == "" {
			b.WriteByte(c)
			continue
		}
		b.WriteString(cssTable[c])
		if c != '\\' && (i+1 == len(s) || isHex(s[i+1]) || strings.IndexByte("\t\n\f\r ", s[i+1]) >= 0) {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// filterCSS lets the plainest of values through, and asks html/template about
// all others.
func filterCSS(s string, c content) string {
	if c == isCSS {
		return s
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c != '#' && c != '%' && c != '.' && !(c >= '0' && c <= '9') {
			return styleOriginal.print(s)
		}
	}
	return s
}
