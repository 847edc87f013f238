package layout

import (
	"fmt"
	"html/template"
	"strings"
	"unicode/utf8"
)

// A table says what stands for each ASCII character; nothing for itself.
type table [utf8.RuneSelf]string

// with is the table with some entries replaced.
func (t table) with(entries map[byte]string) table {
	for c, s := range entries {
		t[c] = s
	}
	return t
}

var (
	htmlTable = table{0: "\uFFFD", '"': "&#34;", '&': "&amp;", '\'': "&#39;", '+': "&#43;", '<': "&lt;", '>': "&gt;"}
	// What is HTML already keeps its entities.
	htmlAgain = htmlTable.with(map[byte]string{'&': ""})
	// Between no quotes, whatever might end the value is escaped too.
	unquoted = htmlTable.with(map[byte]string{
		0: "&#xfffd;", '\t': "&#9;", '\n': "&#10;", '\v': "&#11;", '\f': "&#12;", '\r': "&#13;", ' ': "&#32;", '=': "&#61;", '`': "&#96;",
	})
	unquotedAgain = unquoted.with(map[byte]string{'&': ""})
)

// appendReplaced appends a text with what the table says.
func appendReplaced(out []byte, s string, t *table) []byte {
	from := 0
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < utf8.RuneSelf && t[c] != "" {
			out = append(out, s[from:i]...)
			out = append(out, t[c]...)
			from = i + 1
		}
	}
	return append(out, s[from:]...)
}

// replaced is a text with what the table says.
func replaced(s string, t *table) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < utf8.RuneSelf && t[c] != "" {
			return string(appendReplaced(make([]byte, 0, len(s)+16), s, t))
		}
	}
	return s
}

func escapeHTML(s string, c content) string {
	if c == isHTML {
		return s
	}
	return replaced(s, &htmlTable)
}

// escapeRaw is for elements that hold text alone, such as a title.
func escapeRaw(s string, c content) string {
	if c == isHTML {
		return replaced(s, &htmlAgain)
	}
	return replaced(s, &htmlTable)
}

func escapeAttr(s string, c content) string {
	if c != isHTML {
		return replaced(s, &htmlTable)
	}
	if text, ok := tagless(s); ok {
		return replaced(text, &htmlAgain)
	}
	return attrOriginal.print(template.HTML(s))
}

func escapeUnquoted(s string, c content) string {
	if s == "" {
		return string(failsafe)
	}
	if c != isHTML {
		return noncharacters(s, &unquoted)
	}
	if text, ok := tagless(s); ok {
		return noncharacters(text, &unquotedAgain)
	}
	return unquotedOriginal.print(template.HTML(s))
}

// noncharacters escapes for a value without quotes, where some characters
// beyond ASCII are escaped too.
func noncharacters(s string, t *table) string {
	var b strings.Builder
	for i, w := 0, 0; i < len(s); i += w {
		var r rune
		r, w = utf8.DecodeRuneInString(s[i:])
		switch {
		case r < utf8.RuneSelf && t[r] != "":
			b.WriteString(t[r])
		case r >= 0xfdd0 && r <= 0xfdef || r >= 0xfff0 && r <= 0xffff:
			fmt.Fprintf(&b, "&#x%x;", r)
		default:
			b.WriteString(s[i : i+w])
		}
	}
	return b.String()
}

// plainTags are the elements that a headline may have, and which tagless knows.
var plainTags = map[string]bool{
	"a": true, "abbr": true, "b": true, "br": true, "cite": true, "code": true, "em": true, "i": true, "mark": true,
	"p": true, "q": true, "s": true, "small": true, "span": true, "strong": true, "sub": true, "sup": true, "u": true,
}

// tagless takes the tags out of HTML, if they are of the plainest kind.
func tagless(s string) (string, bool) {
	at := strings.IndexByte(s, '<')
	if at < 0 {
		return s, true
	}
	var b strings.Builder
	for at >= 0 {
		b.WriteString(s[:at])
		name, rest, ok := strings.Cut(s[at+1:], ">")
		if !ok || !plainTags[strings.TrimPrefix(name, "/")] {
			return "", false
		}
		s = rest
		at = strings.IndexByte(s, '<')
	}
	b.WriteString(s)
	return b.String(), true
}

// filterName is for the names of attributes.
func filterName(s string, c content) string {
	if c == isAttr {
		return s
	}
	return nameOriginal.print(s)
}

// An original is an escaper of html/template's, taken from between two texts.
type original struct {
	template *template.Template
	before   string
	after    string
}

func originalOf(before, after string) original {
	return original{template.Must(template.New("original").Parse(before + "{{.}}" + after)), before, after}
}

func (o original) print(v any) string {
	var b strings.Builder
	if err := o.template.Execute(&b, v); err != nil {
		giveUp()
	}
	return strings.TrimSuffix(strings.TrimPrefix(b.String(), o.before), o.after)
}

var (
	attrOriginal     = originalOf(`<p title="`, `">`)
	unquotedOriginal = originalOf(`<p title=`, `>`)
	nameOriginal     = originalOf(`<p `, `>`)
	styleOriginal    = originalOf(`<style>p{color:`, `}</style>`)
	scriptOriginal   = originalOf(`<script>x=`, `</script>`)
)
