package layout

import "strings"

// The scribe's HTML, CSS and JavaScript. Each piece ends in the context in which
// it began, so that most layouts are such as html/template lets pass; noise sees
// to the others.

func (s *scribe) put(text ...string) {
	for _, t := range text {
		s.b.WriteString(t)
	}
}

// markup is a piece of a page.
func (s *scribe) markup() {
	switch s.IntN(12) {
	case 0, 1, 2:
		s.act()
	case 3:
		s.words()
	case 4, 5:
		name := s.pick("p", "a", "div", "svg", "form", "iframe", "object", "video", "P")
		s.put("<", name)
		s.attributes()
		s.put(">")
		if s.depth < 5 {
			s.depth++
			s.some(2, s.markup)
			s.depth--
		}
		s.put("</", name, ">")
	case 6:
		s.put("<", s.pick("img", "br", "input", "link", "meta", "source"))
		s.attributes()
		s.put(s.pick(">", "/>", " />"))
	case 7:
		name := s.pick("title", "textarea")
		s.put("<", name, ">")
		s.some(2, s.words)
		s.put("</", name, s.pick(">", " >"))
	case 8:
		s.put("<style>")
		s.some(3, s.css)
		s.put("</style>")
	case 9:
		s.put("<script", s.pick("", "", ` type="module"`, ` type="application/ld+json"`, ` type="application/json"`, ` type=text/javascript`, ` type='text/template'`, ` type="importmap"`, ` type="{{.Text}}"`, ` async`), ">")
		s.some(3, s.script)
		s.put("</script>")
	case 10:
		s.put("<!--")
		s.some(2, s.words)
		s.put("-->")
	default:
		s.put(s.pick("{{/* c */}}", "<br>", "\n", "<!doctype html>", "{{- /* c */ -}}", s.noise()))
	}
}

// noise is what most often is a mistake.
func (s *scribe) noise() string {
	if !s.chance(6) {
		return " "
	}
	return s.pick("<", ">", "\"", "'", "=", "</", "<!--", "-->", "`", "/", "\\", "&", "<script>", "</script>", "{", "}", "${", "<style>", "\x00", "\xff", "<a href=", "<p title=\"")
}

// words are text, with values in it.
func (s *scribe) words() {
	if s.chance(2) {
		s.act()
		return
	}
	s.put(s.pick("text ", "a &amp; b ", "é ", "1", ".", ", ", "x=y ", "&", "a-b ", s.noise()))
}

func (s *scribe) attributes() {
	for range s.IntN(4) {
		s.put(s.pick(" ", " ", "\n", "  "))
		switch s.IntN(8) {
		case 0:
			s.put("{{if ", s.pipe(1), "}}")
			s.attribute()
			s.otherwise("", s.attribute)
		case 1:
			s.put(s.pick("hidden", "disabled", "checked", "{{.Attr}}", "{{$.Attr}}", "{{$.Text}}"), " ")
		default:
			s.attribute()
		}
	}
}

// attribute is one with its value, and a space behind it.
func (s *scribe) attribute() {
	quote := s.pick(`"`, `"`, `"`, `'`, "")
	equals := s.pick("=", "=", "=", " = ")
	begin := func(name string) { s.put(name, equals, quote) }
	switch s.IntN(9) {
	case 0, 1:
		begin(s.pick("title", "class", "alt", "id", "lang", "value", "placeholder", "data-x", "content", "name", "aria-label", "TITLE", "data-{{.Text}}", "{{$.Word}}"))
		s.some(2, s.plain)
	case 2, 3:
		begin(s.pick("href", "src", "action", "cite", "poster", "data-url", "data-src", "xlink:href", "xmlns:x", "background", "formaction", "HREF", "longdesc"))
		s.address()
	case 4:
		begin(s.pick("srcset", "data-srcset"))
		s.put(s.pick("", "", "a.jpg 1x, ", "/b.jpg 100w,"))
		s.act()
		s.put(s.pick("", " 2x", ", c.jpg 3x"))
	case 5:
		begin("style")
		s.some(2, s.declaration)
	case 6:
		begin(s.pick("onclick", "onload", "data-onclick", "ONCLICK"))
		s.some(2, s.inlineScript(quote))
	case 7:
		begin(s.pick("srcdoc", "http-equiv", "rel", "type", "charset"))
		s.some(1, s.plain)
	default:
		begin("content")
		s.put(s.pick("", "0;url=", "0; URL=/x?", "refresh url="))
		s.act()
	}
	s.put(quote, " ")
}

// plain is a part of an attribute's value that may stand without quotes too.
func (s *scribe) plain() {
	if s.chance(3) {
		s.put(s.pick("x", "a-b", "1", "&amp;", "é", ":", "/"))
		return
	}
	s.act()
}

// address is a URL with values in some of its parts.
func (s *scribe) address() {
	s.put(s.pick("", "", "/", "http://x/", "//x/", "mailto:", "javascript:", "#", "?", "tel:", "{{if .True}}/a{{else}}/b{{end}}"))
	s.some(2, s.plain)
	if s.chance(3) {
		s.put(s.pick("?q=", "?", "?a=b&amp;c="))
		s.act()
	}
	if s.chance(4) {
		s.put("#")
		s.some(1, s.plain)
	}
}

// declaration is one of CSS that may stand in an attribute, quoted or not.
func (s *scribe) declaration() {
	s.put(s.pick("color:", "x:", "background:url(", "width:", "background:url(/x?", "margin:-"))
	url := strings.HasSuffix(s.b.String(), "(") || strings.HasSuffix(s.b.String(), "?")
	s.act()
	if url {
		s.put(")")
	}
	s.put(s.pick(";", ";", "px;", "%;"))
}

// css is a rule, or a comment.
func (s *scribe) css() {
	switch s.IntN(8) {
	case 0, 1:
		s.put("p{")
		s.some(2, s.declaration)
		s.put("}")
	case 2:
		quote := s.pick(`"`, `'`)
		s.put(".a{content:", quote)
		s.some(2, s.act)
		s.put(quote, "}")
	case 3:
		quote := s.pick(`"`, `'`, "")
		s.put(".b{background:url(", quote, s.pick("", "/x?", "a/", "#", "http:"))
		s.act()
		s.put(quote, ")}")
	case 4:
		s.put("/* ")
		s.words()
		s.put(" */")
	case 5:
		s.put("#")
		s.act()
		s.put(" {}")
	case 6:
		s.put("// ")
		s.words()
		s.put("\n")
	default:
		s.put(s.pick("@media print {}", "b{}", "\\", "\"\\22 \"", s.noise()))
	}
}

// script is a statement.
func (s *scribe) script() {
	switch s.IntN(12) {
	case 0, 1:
		s.put(s.pick("var x = ", "x = ", "f(", "return ", "[", "{\"a\": ", "x+", "x-", "typeof ", "(", "x / ", "x ? "))
		s.act()
		s.put(s.pick(";", ");", ",", "]", "}", " / 2;", "\n", ".y;", " : "))
	case 2:
		quote := s.pick(`"`, `'`)
		s.put("x = ", quote)
		s.some(2, s.inString)
		s.put(quote, ";")
	case 3:
		s.put("x = `")
		s.some(3, s.literal)
		s.put("`;")
	case 4:
		s.put("x = /")
		s.put(s.pick("a", "a.", "(", "[^x]"))
		s.some(1, s.inString)
		s.put(s.pick("b", ")"), s.pick("/g;", "/;"))
	case 5:
		s.put("/* ")
		s.words()
		s.put(" */")
	case 6:
		s.put(s.pick("// ", "<!-- ", "--> ", "#! "))
		s.words()
		s.put("\n")
	case 7:
		s.put("{")
		if s.depth < 5 {
			s.depth++
			s.some(2, s.script)
			s.depth--
		}
		s.put("}")
	case 8:
		s.put(`{"a": `)
		s.act()
		s.put(`, "b": "`)
		s.act()
		s.put(`"}`)
	default:
		s.put(s.pick("x++;", "y / 2;", "'a\\'b';", "\"</p>\";", "`a${b}c`;", "if (a) {}", "\n", "x = /[/]/;", "`\\``;", s.noise()))
	}
}

// inlineScript is a statement in an attribute with these quotes.
func (s *scribe) inlineScript(quote string) piece {
	inner := map[string]string{`"`: `'`, `'`: `"`, "": ""}[quote]
	return func() {
		s.put(s.pick("f(", "x=", "return(", "x+"), inner)
		s.act()
		s.put(inner, s.pick(";", ");"))
	}
}

// inString is a part of a string of JavaScript.
func (s *scribe) inString() {
	if s.chance(3) {
		s.put(s.pick("a", " ", "\\n", "\\\\", "<\\/p>", "1", "é", "</", "<!--"))
		return
	}
	s.act()
}

// literal is a part of a template literal.
func (s *scribe) literal() {
	if s.depth < 5 && s.chance(3) {
		s.depth++
		s.put("${ ")
		s.some(1, s.script)
		s.put(" }")
		s.depth--
		return
	}
	s.inString()
}
