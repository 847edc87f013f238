package build_test

import (
	"strings"

	"golang.org/x/net/html"
)

// apart are the tags that begin a line of their own.
var apart = " address article aside blockquote dd div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul "

// unstyled is the text of a page as a browser shows it that knows no styles: a
// line for each block, pictures by their alternative text.
func unstyled(page string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	silent := ""
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			var lines []string
			for line := range strings.Lines(b.String()) {
				if line = strings.Join(strings.Fields(line), " "); line != "" {
					lines = append(lines, line)
				}
			}
			return strings.Join(lines, "\n") + "\n"
		case html.TextToken:
			if silent == "" {
				b.WriteString(strings.ReplaceAll(string(z.Text()), "\n", " "))
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			t := z.Token()
			switch {
			case silent == t.Data && kind == html.EndTagToken:
				silent = ""
			case silent == "" && kind == html.StartTagToken && strings.Contains(" head script style ", " "+t.Data+" "):
				silent = t.Data
			case strings.Contains(apart, " "+t.Data+" "):
				b.WriteByte('\n')
			}
			for _, a := range t.Attr {
				if t.Data == "img" && a.Key == "alt" && a.Val != "" && silent == "" {
					b.WriteString("(" + a.Val + ")")
				}
			}
		}
	}
}
