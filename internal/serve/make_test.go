package serve

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"
)

// What the edition has not yet is made when somebody asks for it, while files
// may be put in place; what it has, and what a rule leads away from, is not.
func TestMake(t *testing.T) {
	pages := maps.Clone(edition)
	pages["img/there.jpg"] = file("there")
	pages["_redirects"] = file("/news/img/ruled.jpg /else/ 301\n/news/img/* /lost/ 302\n")
	var p *Preview
	p = NewPreview(pages, Options{Base: "/news", Make: func(_ context.Context, name string) []byte {
		p.Hold()()
		if name == "img/none.jpg" {
			return nil
		}
		return []byte("made " + name)
	}})
	for target, want := range map[string]string{
		"/news/img/there.jpg": "200 there",
		"/news/img/a.jpg":     "200 made img/a.jpg",
		"/news/img/ruled.jpg": "301 ",
		"/news/img/none.jpg":  "302 ",
	} {
		r := get(p, "GET", target, "localhost")
		got := text(t, r)
		if got = fmt.Sprint(r.StatusCode, " ", got); got != want {
			t.Errorf("%s is %q", target, got)
		}
	}
	if got := text(t, get(p, "GET", "/news/_headers", "localhost")); strings.Contains(got, "made") {
		t.Errorf("what only hosts read is %q", got)
	}
	first := get(p, "GET", "/news/img/a.jpg", "localhost")
	if tag := first.Header.Get("ETag"); tag == "" || first.Header.Get("Content-Type") != "image/jpeg" || tag != get(p, "GET", "/news/img/a.jpg", "localhost").Header.Get("ETag") {
		t.Errorf("what is made has the headers %v", first.Header)
	}
}
