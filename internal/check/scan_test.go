package check

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func scanned(page string) (found, ids []string) {
	eachTag([]byte(page), func(t *tag) {
		t.names(func(how reference, value []byte) { found = append(found, fmt.Sprintf("%d %s", how, value)) }, func(id []byte) { ids = append(ids, string(id)) })
	})
	return found, ids
}

func TestScan(t *testing.T) {
	for _, c := range []struct{ page, want string }{
		{`<a href="/x/">x</a>`, "0 /x/"},
		{`<A class=b HREF = /x/>x</A>`, "0 /x/"},
		{`<a href='/x?a=1&amp;b'>`, "0 /x?a=1&amp;b"},
		{`<a href="/x/" href="/y/">`, "0 /x/"},
		{`<img src=/a.jpg srcset="/a.jpg 480w, /b,c.jpg 960w,/d.jpg" alt="<a href=no>">`, "1 /a.jpg, 1 /a.jpg, 1 /b,c.jpg, 1 /d.jpg"},
		{`<video poster=p.jpg><source src="v.mp4"></video><object data="o.svg"></object><p data=x>`, "1 p.jpg, 1 v.mp4, 1 o.svg"},
		{`<form action="/send"><button formaction=/other></form>`, "2 /send, 2 /other"},
		{`<link href="/a.css" rel="stylesheet"><link rel="preconnect" href="//x"><link rel=canonical href=/c>`, "1 /a.css, 3 /c"},
		{`<!-- <a href="no"> --><a href=yes>`, "0 yes"},
		{`<script>"<a href='no'>"</script ><a href=yes>`, "0 yes"},
		{`<TITLE><a href=no></Title><a href=yes>`, "0 yes"},
		{`<svg><use xlink:href="#i"/></svg>`, "1 #i"},
		{`a < b <a href="yes">`, "0 yes"},
		{`<a href="never closed>`, ""},
		{`<a href`, ""},
		{`<`, ""},
	} {
		if got, _ := scanned(c.page); strings.Join(got, ", ") != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.page, strings.Join(got, ", "), c.want)
		}
	}
	if _, ids := scanned(`<p id="a"><h2 ID=b-c><a name="d"></a><meta name=no><p id="">`); strings.Join(ids, " ") != "a b-c d" {
		t.Errorf("ids: %v", ids)
	}
}

// What is found is what the tokenizer of golang.org/x/net finds.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		`<a href="/x/">x</a><p id=y>`, `<img srcset="a 1x, b 2x" src='c'>`, `<!-- --><script><a href=x></script><a href=y>`,
		`<a href=x/y/>`, `<a / href = "x" id='z'>`, "<a\fhref=x>", `<title></titlex><a href=x></title>`, `<a ="x" =href=y>`, `<a href=x`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, page string) {
		got, ids := scanned(page)
		if strings.ContainsAny(page, "!?&\r\x00") || strings.Contains(page, "</") || strings.Contains(strings.ToLower(page), "<plaintext") {
			return // where the two part: comments, character references, ends of texts
		}
		var want, entries []string
		z := html.NewTokenizer(strings.NewReader(page))
		for z.Next() != html.ErrorToken {
			token := z.Token()
			if raw([]byte(token.Data)) && token.Type == html.StartTagToken {
				return // its text has no end
			}
			if token.Type != html.StartTagToken && token.Type != html.SelfClosingTagToken {
				continue
			}
			seen := map[string]bool{}
			for _, a := range token.Attr {
				if seen[a.Key] {
					continue
				}
				seen[a.Key] = true
				switch {
				case a.Key == "href" && token.Data == "a" && a.Val != "":
					want = append(want, "0 "+a.Val)
				case a.Key == "id" && a.Val != "", a.Key == "name" && token.Data == "a" && a.Val != "":
					entries = append(entries, a.Val)
				}
			}
		}
		links := slices.DeleteFunc(got, func(s string) bool { return !strings.HasPrefix(s, "0 ") })
		has := func(all []string, one string) bool { return slices.Contains(all, one) }
		for _, w := range want {
			if !has(links, w) {
				t.Errorf("%q: %q is not found, but %q", page, w, links)
			}
		}
		for _, w := range entries {
			if !has(ids, w) {
				t.Errorf("%q: the id %q is not found, but %q", page, w, ids)
			}
		}
	})
}
