package layout

import (
	"html/template"
	"strings"
	"testing"
)

// places are where a value can stand. % is the value.
var places = []string{
	`%`, `<p>%</p>`, `<title>%</title>`, `<textarea>%</textarea>`, `<!-- % -->`, `<p title="%">`, `<p title='%'>`, `<p title=%>`, `<p title=x%>`,
	`<p %>`, `<p %="x">`, `<p data-%="x">`, `<input type=checkbox % value="%">`,
	`<a href="%">`, `<a href='%'>`, `<a href=%>`, `<a href="/x/%/y">`, `<a href="/x?q=%&r=%">`, `<a href='/x#%'>`, `<a href=/x?q=%>`, `<a href="http://x/%">`,
	`<img srcset="%">`, `<img srcset="a.jpg 1x, % 2x">`, `<img srcset=%>`, `<p data-url="%">`, `<p xmlns:x="%">`, `<form action="%">`,
	`<p style="color:%">`, `<p style='color:%;x:"%"'>`, `<p style="background:url(%)">`, `<p style="background:url('/x?%')">`, `<p style=color:%>`,
	`<style>p{color:%}</style>`, `<style>p{content:"%"}</style>`, `<style>p{content:'%'}</style>`, `<style>p{background:url(%)}</style>`, `<style>p{background:url("%")}</style>`,
	`<style>p{background:url('/x?q=%')}</style>`, `<style>/* % */</style>`, `<style>#% {}</style>`,
	`<script>var x = %;</script>`, `<script>x = "%"</script>`, `<script>x = '%'</script>`, `<script>x = /%/g</script>`, `<script>x = /a%b/</script>`, "<script>x = `%`</script>", "<script>x = `a${ % }b`</script>",
	`<script>/* % */</script>`, "<script>// %\n</script>", `<script>f(%, %)</script>`, `<script>x/%/y</script>`,
	`<button onclick="f(%)">`, `<button onclick="f('%')">`, `<button onclick='f("%")'>`, `<button onclick=f(%)>`, "<button onclick='f(`%`)'>", `<button onclick="x = /%/">`,
	`<script type="application/ld+json">{"a": %, "b": "%"}</script>`, `<script type="application/json">%</script>`, `<script type="text/template"><b>%</b></script>`,
	`<meta content="%">`, `<meta http-equiv="refresh" content="0; url=%">`, `<meta name=x content=%>`, `<svg><a xlink:href="%"></a></svg>`, `<iframe srcdoc="%">`, `<% x>`, `<b%>`,
	`<script type="module">import(%)</script>`, "<script>x = `a${ `b${ % }c%` }`</script>", `<script>x = {"%": %, '%': 1}</script>`, "<script>--> %\n</script>", "<script>#! %\n<!-- %\n</script>", `<script>return % / %</script>`,
	"<style>// %\n</style>", `<style>@import "%";</style>`, `<style>p{background:url("/x?%")}</style>`, `<p style="background:url(&quot;%&quot;)">`, `<p style="%:red">`, `<p style="margin:-%px">`,
	`<meta content="1; URL='/y?z=%'">`, `<a href="javascript:f('%')">`, `<a href="?%">`, `<a href=#%>`, `<a href="%?%#%">`, `<q cite=%>`, `<p data-on="%">`, `<img srcset='% %w'>`, `<p {{if true}}title="%"{{end}}>`, `<a href="{{if true}}/a{{else}}/b{{end}}%">`,
	`<svg><title>%</title></svg>`, `<TEXTAREA name="%">%</TEXTAREA>`, `a < % > b`, `<p title = '%'>`, `<!doctype %>`, `<p on%="x">`, `<p xml:lang="%">`,
}

// at puts a pipeline into a place.
func at(place, pipe string) string { return strings.ReplaceAll(place, "%", "{{"+pipe+"}}") }

// Each value in each place is written as html/template writes it.
func TestPlaces(t *testing.T) {
	dot := values()
	delete(dot, "Value") // is left to html/template
	ran, all := 0, 0
	for _, place := range places {
		for name := range dot {
			for _, pipe := range []string{"." + name, "." + name + " | html", "." + name + " | urlquery", "print ." + name} {
				v, ok := judge(t, at(place, pipe), dot)
				if wrong := v.wrong(); wrong != "" {
					t.Errorf("%s, %s: %s", place, pipe, wrong)
				}
				if ok && v.err == nil {
					all++
					if v.ran {
						ran++
					} else {
						t.Errorf("%s, %s: not compiled", place, pipe)
					}
				}
			}
		}
	}
	t.Logf("%d of %d were compiled", ran, all)
}

// hostile are texts that escapers have to look at closely.
func hostile() []string {
	texts := []string{
		"", " ", "</script>", "<!--", "-->", "<script", "]]>", "\\", "\\\\", "\\'", `\"`, "'\"`", "/", "//", "/*", "*/", "${x}", "{{x}}", "&amp;", "&", "&#39;", "&lt", "%", "%2", "%2f", "%zz", "%25",
		"javascript:alert(1)", "JaVaScRiPt:x", "http://x/y?z=1&a=b#c", "HTTPS://é/", "mailto:a@b", "data:text/html,x", "a:b/c", "a/b:c", ":x", "//x/y", "#x", "?x", "tel:1",
		"a.jpg 1x, b.jpg 2x", "a.jpg 1x,javascript:x 2x", ",", ", ,", "a b c", "a.jpg\t100w", "a.jpg 1.5x", " a.jpg ", "a,b c,d",
		"red", "10px", "expression(1)", "exp\\72 ession", "\\65xpression", "mozbinding", "moz-binding", "--x", "a--b", "#fff", "url(x)", "\\0", "\\10ffff", "\\110000", "\\A B", "\\\r\n",
		"checked", "onclick", "href", "data-x", "DATA", "a b", "dir=ltr", "\xff", "a\xc3", "\xe2\x80", "\xe2\x80\xa8", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\u2028\u2029", "\ufdd0\ufdef\ufff0\ufffe\uffff\ufffd", "\U0001F600", "\U0010ffff", "\ufeff",
		"<b>x</b>", "<b title='1>2'>x</b>", "a<b", "a < b", "<", "<a", "</", "</b", "<em>a</em>&amp;<br>b", "<br/>", "<EM>x</EM>", "<em >x</em>", "<script>x</script>y", "<style>a</style>b", "<textarea><b></textarea>x", "<title>a<b>c</title>",
		"<!-- x -->y", "<!-->", "<p>a</p><meta>b<i>c", "<a<b>c", "<1>", "</1>", "<em", "<em><", "x</em", "<em>\x00</em>", "a\nb\tc\rd\fe\vf\x00g", strings.Repeat("long é ", 500),
		"\\\u2028", "0", "-1", "1e3", "true", "null", "a=b", "=", "+", "a+b", "\x7f", "\u0080", "\u00a0", "²", "İ", "ſ", "K", "scri\u017ft:x", "http\u017f:x",
	}
	return texts
}

// runes are texts of each of the first characters of Unicode.
func runes() (texts []string) {
	for r := rune(0); r < 0x300; r++ {
		texts = append(texts, string(r), "a"+string(r)+"1", string(r)+string(r))
	}
	return texts
}

// Each escaper treats each text, and each text of a known kind, as
// html/template does.
func TestEscapers(t *testing.T) {
	if testing.Short() {
		t.Skip("many texts")
	}
	some, all := hostile(), append(hostile(), runes()...)
	kinds := map[string]func(string) any{
		"text": func(s string) any { return s }, "HTML": func(s string) any { return template.HTML(s) },
		"URL": func(s string) any { return template.URL(s) }, "CSS": func(s string) any { return template.CSS(s) }, "JS": func(s string) any { return template.JS(s) },
		"JSStr": func(s string) any { return template.JSStr(s) }, "Attr": func(s string) any { return template.HTMLAttr(s) }, "Srcset": func(s string) any { return template.Srcset(s) },
		"word": func(s string) any { return word(s) },
	}
	for _, place := range places {
		for kind, of := range kinds {
			texts := some
			if kind == "text" || kind == "HTML" {
				texts = all
			}
			var list []any
			for _, s := range texts {
				list = append(list, of(s))
			}
			checkEach(t, place, kind, list)
		}
	}
}

// checkEach executes a place with each of these values as its dot.
func checkEach(t *testing.T, place, kind string, list []any) {
	t.Helper()
	b := bothOf(t, at(place, "."))
	for _, dot := range list {
		switch wrong := b.differ(dot); {
		case wrong != "":
			t.Errorf("%s, %s %q: %s", place, kind, dot, wrong)
		case b.err == nil && !b.ran:
			t.Fatalf("%s, %s %q: not compiled", place, kind, dot)
		}
	}
}
