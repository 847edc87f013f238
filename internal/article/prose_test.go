package article_test

import (
	"fmt"
	"strings"
	"testing"

	"stet/internal/article"
)

// What is no running text is a NUL, shown as ·, and each letter has its place.
func TestProse(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"One line.", "3:1 One line."},
		{"Two\nlines, *so* to say.", "3:1 Two\nlines, ·so· to say."},
		{"- an entry\n- [a link](http://a.example/) here", "3:3 an entry|4:4 a link···················· here"},
		{"> quoted\n> text", "3:3 quoted\n  text"},
		{"> quoted\nlazy", "3:3 quoted\nlazy"},
		{"It's a `code` and \"quoted\" -- so", "3:1 It's a ······ and \"quoted\" -- so"},
		{"a poem  \nof lines\\\nthree", "3:1 a poem· \nof lines·\nthree"},
		{"## A heading\n\ntext", "3:4 A heading|5:1 text"},
		{"![alt](a.jpg \"caption\")", ""},
		{"Text ![alt](a.jpg) ends", "3:1 Text ············· ends"},
		{"    code code\n\n<b>html html</b> text", "5:4 html html···· text"},
		{"```\ncode code\n```", ""},
		{":::note\nIn a block.\n:::", "4:1 In a block."},
		{"نص *عربي* هنا", "3:1 نص ·عربي· هنا"},
	} {
		var got []string
		o := article.Options{FirstLine: 3, Quotes: article.Quotes{Open: "“", Close: "”", OpenSingle: "‘", CloseSingle: "’"}}
		o.Prose = func(p article.Prose) {
			got = append(got, fmt.Sprintf("%d:%d %s", p.Line, p.Column, strings.ReplaceAll(p.Text, "\x00", "·")))
		}
		article.Render("a.md", []byte(c.text), o)
		if strings.Join(got, "|") != c.want {
			t.Errorf("%q: got %q, want %q", c.text, strings.Join(got, "|"), c.want)
		}
	}
}
