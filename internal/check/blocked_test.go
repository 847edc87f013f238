package check

import (
	"slices"
	"strings"
	"testing"
)

func TestBlocked(t *testing.T) {
	for _, c := range []struct{ page, want string }{
		{`<script type="application/ld+json">{"a": "<style>"}</script><script src="/a.js"></script><a href="/x/">x</a>`, "script /a.js"},
		{`<script>1</script><script type=module>2</script><script type="text/JavaScript">3</script>`, `<script>: <script>|<script>: <script type=module>|<script>: <script type="text/JavaScript">`},
		{`<script type="application/json">x</script><script type="speculationrules">{}</script>`, `<script>: <script type="speculationrules">`},
		{`<p onclick='a("b")' STYLE = x class="style">`, `onclick: onclick='a("b")'|style: STYLE = x`},
		{`<style media=print>p { color: red }</style><p on=x once=y one>`, `<style>: <style media=print>|once: once=y|one: one`},
		{`<a href=" javascript:x">`, `javascript::  javascript:x`},
		{`<!-- <script>1</script> --><textarea><style></textarea>`, ""},
		{`<iframe src="https://a/?b&amp;c"></iframe><form action=//b><button formaction=/c>`, "frame https://a/?b&c|form //b|form /c"},
		{`<img src=a srcset="b 1x, https://c/d,e 2x"><video src=f poster=g><source src=h></video><object data=i></object>`, "image a|image b|image https://c/d,e|media f|image g|media h|plug-in i"},
		{`<link rel="preload stylesheet" href="https://s/"><link rel=canonical href="https://t/"><p src=x data=y>`, "style https://s/"},
		{`<`, ""}, {`<p style="x`, `style: style="x`}, {`<b onx`, "onx: onx"},
	} {
		var got []string
		Blocked{
			Inline: func(what, written string) { got = append(got, what+": "+written) },
			Loads:  func(kind, address string) { got = append(got, kind+" "+address) },
		}.Find([]byte(c.page))
		want := strings.Split(c.want, "|")
		if c.want == "" {
			want = nil
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s\ngot  %q\nwant %q", c.page, got, want)
		}
	}
}
