package check_test

import (
	"fmt"
	"strings"
	"testing"

	"stet/internal/check"
)

// deadOn is what is dead in an edition of these pages: where it leads, what is
// meant instead, and the pages that have it.
func deadOn(base, own string, pages map[string]string, more ...string) (string, *check.Links) {
	there := func(file string) bool {
		_, is := pages[file]
		for _, m := range more {
			is = is || m == file
		}
		return is
	}
	l := check.NewLinks(base, own, true, func(file string) bool { _, is := pages[file]; return is })
	for file, page := range pages {
		l.Add(file, []byte(page), strings.HasPrefix(file, "old/"), check.Blocked{})
	}
	var all []string
	for _, d := range l.Dead(there, func(file string) string { return strings.ToLower(file) + "?" }) {
		text := d.Written + " on " + strings.Join(d.Pages, " ")
		if d.Near != "" {
			text += " near " + d.Near
		}
		all = append(all, text)
	}
	return strings.Join(all, "; "), l
}

func TestDeadLinks(t *testing.T) {
	for _, c := range []struct{ base, own, page, want string }{
		{"/", "", `<a href="/b/"><a href="b/"><a href="/b"><a href="b/index.html"><a href="./b/../b/?x=1"><img src="/a.jpg">`, ""},
		{"/", "", `<a href="/C/">`, "/C/ on index.html near /c/"},
		{"/", "", `<a href="/b/x.html"><img srcset="a.jpg 1x, no.jpg 2x">`, "/b/x.html on index.html near /b/x.html?; no.jpg on index.html near /no.jpg?"},
		{"/", "", `<a href="#one"><p id="one"><p id="second"><a href="#secnd"><a href="#"><a href="#top"><a href="#:~:text=x"><a href="#!/x">`, "#secnd on index.html near #second"},
		{"/", "", `<a href="/b/#caf%C3%A9"><a href="/b/#cafe"><a href="/b#half-time">`, "/b/#cafe on index.html near #café"},
		{"/", "", `<a href="/b/#a&amp;b">`, ""},
		{"/", "", `<a href="mailto:a@b.example"><a href="tel:1"><a href="data:,x"><a href="//other.example/x"><a href="https://other.example/"><a href="">`, ""},
		{"/", "https://x.example/", `<a href="https://x.example/b/"><a href="https://x.example"><a href="https://x.example/no/">`, "https://x.example/no/ on index.html near /no/index.html?"},
		{"/news/", "https://x.example/news/", `<a href="/news/b/"><a href="/news"><a href="b/"><a href="/elsewhere/"><a href="https://x.example/x">`, ""},
		{"/news/", "", `<a href="/b/">`, "/b/ on index.html near /news/b/"},
		{"/news/", "", `<a href="/news/no/">`, "/news/no/ on index.html near /news/no/index.html?"},
		{"/", "", `<a href="/%62/"><a href="/b/&#35;half-time"><a href=" /b/ ">`, ""},
		{"/", "", `<form action="/send">`, "/send on index.html near /send?"},
	} {
		pages := map[string]string{"index.html": c.page, "b/index.html": `<p id="café"><p id="half-time"><p id="a&amp;b">`}
		if got, _ := deadOn(c.base, c.own, pages, "a.jpg"); strings.ReplaceAll(got, "/c/index.html?", "/c/") != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.page, got, c.want)
		}
	}
}

// A page is led to by others, in a link that readers follow.
func TestLed(t *testing.T) {
	_, l := deadOn("/", "", map[string]string{
		"index.html": `<a href="/b/"><img src="/c/"><link rel="alternate" href="/d/"><a href="https://x.example/a#b"><a href="https://y.example/" rel="ugc nofollow noopener"><a rel=ugc href="/e/">`, "b/index.html": `<a href="/b/">`,
		"c/index.html": `<a href="/c/"><a href="/d/#x">`, "d/index.html": ``, "old/e/index.html": `<a href="/e/">`, "e/index.html": ``,
	})
	got := ""
	for _, name := range []string{"index", "b/index", "c/index", "d/index", "e/index"} {
		got += fmt.Sprintf("%s %v, ", name, l.Led(name+".html"))
	}
	if want := "index false, b/index true, c/index false, d/index true, e/index false, "; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if !l.Named("c/index.html") || l.Named("index.html") {
		t.Error("what is named is not known")
	}
	if got := fmt.Sprint(l.Foreign()); got != "map[https://x.example/a:[index.html]]" {
		t.Error(got)
	}
}
