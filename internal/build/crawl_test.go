package build_test

import (
	"bytes"
	"context"
	"io/fs"
	"net/url"
	"os"
	"path"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"stet/internal/build"
	"stet/internal/diag"
)

// Every link, picture and style of the demo newspaper leads to a file of the
// edition, also when it is hosted under a path, and every page is reached from
// the front page.
func TestCrawl(t *testing.T) {
	if testing.Short() {
		t.Skip("all pictures of the newspaper are made")
	}
	out := t.TempDir()
	o := demoSite(t)
	o.Out, o.BaseURL = out, "https://paper.example/news/"
	rep, problems := build.Run(context.Background(), o)
	if diag.AnyError(problems) {
		t.Fatal(problems)
	}
	c := &crawler{T: t, files: os.DirFS(out), base: "/news/", seen: map[string]bool{}}
	c.visit("index.html")
	for _, name := range rep.Pages {
		if strings.HasSuffix(name, "/index.html") && !c.seen[name] && !strings.Contains(c.read(name), `http-equiv="refresh"`) {
			t.Errorf("no link leads to %s", name)
		}
	}
	if len(c.seen) < 100 {
		t.Errorf("only %d files were reached", len(c.seen))
	}
}

type crawler struct {
	*testing.T
	files fs.FS
	base  string
	seen  map[string]bool
}

func (c *crawler) read(name string) string {
	data, err := fs.ReadFile(c.files, name)
	if err != nil {
		c.Error(err)
	}
	return string(data)
}

func (c *crawler) visit(name string) {
	if c.seen[name] {
		return
	}
	c.seen[name] = true
	if path.Ext(name) != ".html" {
		return
	}
	page := c.read(name)
	if strings.Contains(page, "&amp;amp;") || strings.Contains(page, "&amp;lt;") || strings.Contains(page, "ZgotmplZ") {
		c.Errorf("%s is escaped badly", name)
	}
	doc := html.NewTokenizer(bytes.NewBufferString(page))
	for doc.Next() != html.ErrorToken {
		for _, a := range doc.Token().Attr {
			switch a.Key {
			case "href", "src":
				c.link(name, a.Val)
			case "srcset":
				for part := range strings.SplitSeq(a.Val, ",") {
					c.link(name, strings.Fields(part)[0])
				}
			}
		}
	}
}

// link follows a link of a page, if it stays in the site.
func (c *crawler) link(from, to string) {
	u, err := url.Parse(to)
	if err != nil {
		c.Errorf("%s: %v", from, err)
		return
	}
	if u.Host == "paper.example" {
		u.Scheme, u.Host = "", ""
	}
	if u.Scheme != "" || u.Host != "" || u.Path == "" {
		return
	}
	rest, ok := strings.CutPrefix(u.Path, c.base)
	if !ok {
		c.Errorf("%s links to %s, which is not below %s", from, to, c.base)
		return
	}
	if rest == "" || strings.HasSuffix(rest, "/") {
		rest += "index.html"
	}
	if _, err := fs.Stat(c.files, rest); err != nil {
		c.Errorf("%s links to %s, which is not there", from, to)
		return
	}
	c.visit(rest)
}
