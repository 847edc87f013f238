package feeds

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// A writer writes XML, one element a line. Names are ours, values are foreign.
type writer struct {
	b     *bytes.Buffer
	depth int
}

// newWriter begins a document.
func newWriter(b *bytes.Buffer) *writer {
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	return &writer{b: b}
}

// open begins an element that holds others. Attributes are name, value, name,
// value.
func (w *writer) open(name string, attributes ...string) {
	w.tag(name, attributes)
	w.b.WriteString(">\n")
	w.depth++
}

func (w *writer) close(name string) {
	w.depth--
	w.indent()
	w.b.WriteString("</" + name + ">\n")
}

// text writes an element that holds text.
func (w *writer) text(name, value string, attributes ...string) {
	w.tag(name, attributes)
	w.b.WriteByte('>')
	appendEscaped(w.b, value, false)
	w.b.WriteString("</" + name + ">\n")
}

// maybe writes an element that holds text, if there is any.
func (w *writer) maybe(name, value string, attributes ...string) {
	if value != "" {
		w.text(name, value, attributes...)
	}
}

// empty writes an element without content.
func (w *writer) empty(name string, attributes ...string) {
	w.tag(name, attributes)
	w.b.WriteString("/>\n")
}

// tag writes the beginning of a tag. Attributes without a value are left out.
func (w *writer) tag(name string, attributes []string) {
	w.indent()
	w.b.WriteString("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] == "" {
			continue
		}
		w.b.WriteString(" " + attributes[i] + `="`)
		appendEscaped(w.b, attributes[i+1], true)
		w.b.WriteByte('"')
	}
}

func (w *writer) indent() {
	for range w.depth {
		w.b.WriteString("  ")
	}
}

// appendEscaped writes text as XML can hold it.
func appendEscaped(b *bytes.Buffer, s string, attribute bool) {
	written := 0 // before it, all of s is written
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		if as, other := escaped(r, n, attribute); other {
			b.WriteString(s[written:i])
			b.WriteString(as)
			written = i + n
		}
		i += n
	}
	b.WriteString(s[written:])
}

// escaped is what XML has in the place of a character of n bytes, if it cannot
// have the character itself.
func escaped(r rune, n int, attribute bool) (as string, other bool) {
	switch {
	case r == utf8.RuneError && n == 1:
		return "\uFFFD", true
	case dropped(r):
		return "", true
	case r == '&':
		return "&amp;", true
	case r == '<':
		return "&lt;", true
	case r == '>':
		return "&gt;", true
	case attribute && r == '"':
		return "&quot;", true
	case attribute && r == '\n':
		return "&#10;", true
	case attribute && r == '\t':
		return "&#9;", true
	}
	return "", false
}

// dropped tells whether a character is a control character, or none at all. A
// line ends in one character, as in XML.
func dropped(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r == 0xfffe || r == 0xffff
}

// clean is text without what XML could not hold either.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if dropped(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

var (
	htmlText  = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	htmlValue = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;")
)

// escapeHTML writes text as HTML.
func escapeHTML(s string) string { return htmlText.Replace(clean(s)) }

// escapeValue writes text as the value of an HTML attribute.
func escapeValue(s string) string { return htmlValue.Replace(clean(s)) }
