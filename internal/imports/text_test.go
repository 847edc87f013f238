package imports

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "",
		"plain":                           "plain",
		"<p>One</p><p>two</p>":            "One\n\ntwo",
		"<p>One<br>two<br/><br>three</p>": "One\ntwo\n\nthree",
		"  a \n b\t c  ":                  "a b c",
		"a &amp; b &lt;i&gt; &amp;amp;":   "a & b <i> &amp;",
		"<b>bo</b>ld <i> it </i>x":        "bold it x",
		`see <a href="https://a.example/x">this</a>.`:                  "see this (https://a.example/x).",
		`<a href="https://a.example/x">https://a.example/x</a>!`:       "https://a.example/x!",
		`<a href="https://a.example/long/path">a.example/lo...</a> so`: "https://a.example/long/path so",
		`<a href="https://a.example/">a.example</a>`:                   "a.example",
		`<a href="javascript:alert(1)">click</a>`:                      "click",
		`<a href="mailto:ada@a.example">write</a>`:                     "write (ada@a.example)",
		`<a href="/town/">town</a>`:                                    "town (/town/)",
		`<a href="https://a.example/"></a>`:                            "https://a.example/",
		`<a href="https://a.example/">open`:                            "open (https://a.example/)",
		`x<a href="https://disq.us/url?url=https%3A%2F%2Fa.example%2F%3Aabcdefghijklmnopqrstuvwxyz&cuid=9">y</a>`: "xy (https://a.example/)",
		`a <img src="https://a.example/x.png"> b`:                         "a https://a.example/x.png b",
		`<img class="emoji" alt="🙂" src="https://s.example/1f642.png">`:   "🙂",
		`<img alt="A mill" src="https://a.example/x.png">`:                "A mill https://a.example/x.png",
		"<script>x</script>a<style>b</style>c":                            "ac",
		"<blockquote><p>q</p><p>r</p></blockquote><p>s</p>":               "> q\n>\n> r\n\ns",
		"<p>x</p><blockquote>q<blockquote>deep</blockquote></blockquote>": "x\n\n> q\n>\n> > deep",
		"<ul><li>one</li><li>two</li></ul>":                               "- one\n- two",
		"<pre>a\n  b</pre>":                                               "a\n  b",
		"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>": "a b\nc",
		"a \x00\x1b[31m\ufeff b":                                          "a [31m b",
		"never <b closed":                                                 "never <b closed",
		"2 < 3 and <3":                                                    "2 < 3 and <3",
		"<!-- hidden -->x<?php y ?>":                                      "x",
	} {
		if got := Plain(text, false); got != want {
			t.Errorf("%q is %q, not %q", text, got, want)
		}
	}
	if got := Plain("a\r\nb\n\n\n\nc  d", true); got != "a\nb\n\nc d" {
		t.Errorf("with lines it is %q", got)
	}
}

func TestMarkdown(t *testing.T) {
	for text, want := range map[string]string{
		"*so* `<b>` x":                "*so* `<b>` x",
		"```\n<div>\n  x\n```\nafter": "```\n<div>\n  x\n```\nafter",
		"<https://a.example/?a&b>":    "https://a.example/?a&b",
		"a<b, c>d, x <y> z":           "a<b, c>d, x <y> z",
		"<b>bold</b> <unknown>":       "bold <unknown>",
		"one  \ntwo\n\n> three":       "one\ntwo\n\n> three",
		"if a<b then":                 "if a<b then",
	} {
		if got := markdown(text); got != want {
			t.Errorf("%q is %q, not %q", text, got, want)
		}
	}
}

// Whatever it is, what comes out is a text that a file can hold, and not much
// longer.
func FuzzPlain(f *testing.F) {
	for _, seed := range []string{"<p>a<br>b</p>", `<a href="https://disq.us/url?url=x:y">z</a>`, "<blockquote><ul><li>x", "`<b>` <https://a.example>", "<script>", "&#0;&#x202e;\xff"} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, text string, lines bool) {
		for _, got := range []string{Plain(text, lines), markdown(text)} {
			if !utf8.ValidString(got) || strings.ContainsAny(got, "\x00\x1b\r\x7f") || strings.Contains(got, "\n\n\n") || got != strings.Trim(got, "\n ") {
				t.Errorf("%q is %q", text, got)
			}
			if len(got) > 30*len(text)+100 {
				t.Errorf("%d bytes became %d", len(text), len(got))
			}
		}
	})
}
