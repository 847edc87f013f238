package build_test

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// What a page costs its readers, counted in the files of the demo newspaper.

// readBudget is how many bytes the HTML and CSS of a page may have when they are sent.
const readBudget = 20 << 10

// A tally is what the HTML of one page asks for.
type tally struct {
	bytes int // of HTML and CSS, packed
	leads int // first pictures
	wrong []string
}

// tallied counts what a page asks for, and names what makes it jump or wait.
func tallied(data []byte, size func(name string) int) (all tally) {
	all.bytes = gzipped(data)
	eager := 0    // pictures that are loaded at once
	lead := false // within the first story of a front, or above a text
	z := html.NewTokenizer(bytes.NewReader(data))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		tag := z.Token()
		if kind == html.EndTagToken && (tag.Data == "article" || tag.Data == "figure") {
			lead = false
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		is := map[string]string{}
		for _, a := range tag.Attr {
			is[a.Key] = a.Val
		}
		if classes := strings.Fields(is["class"]); slices.Contains(classes, "card-lead") || slices.Contains(classes, "photo-lead") {
			lead = true
		}
		switch {
		case tag.Data == "link" && is["rel"] == "stylesheet":
			all.bytes += size(is["href"])
		case tag.Data == "style" || tag.Data == "link" && is["rel"] == "preload" && is["as"] != "font":
			all.wrong = append(all.wrong, "has "+tag.String())
		case tag.Data == "img":
			if lead {
				all.leads++
				if is["fetchpriority"] != "high" {
					all.wrong = append(all.wrong, "lets its first picture wait: "+is["src"])
				}
			}
			if is["width"] == "" || is["height"] == "" {
				all.wrong = append(all.wrong, "has a picture without its size: "+is["src"])
			}
			if is["fetchpriority"] == "high" {
				if eager++; eager > 1 || is["loading"] == "lazy" {
					all.wrong = append(all.wrong, "hurries for more than the first picture: "+is["src"])
				}
			} else if is["loading"] != "lazy" {
				eager++
			}
		}
	}
	return all
}

// gzipped is how long bytes are when they are packed as any host does.
func gzipped(data []byte) int {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, 6)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Len()
}

// The HTML and CSS of every page are within their budget, every picture has its
// size, and the first one of a page is the only one that hurries.
func TestPageBudget(t *testing.T) {
	if testing.Short() {
		t.Skip("all pictures of the newspaper are made")
	}
	out := os.DirFS(demoPaper.edition(t))
	sizes := map[string]int{}
	size := func(name string) int {
		if _, known := sizes[name]; !known {
			data, err := fs.ReadFile(out, strings.TrimPrefix(name, "/"))
			if err != nil {
				t.Error(err)
			}
			sizes[name] = gzipped(data)
		}
		return sizes[name]
	}
	most, on, hurried := 0, "", 0
	err := fs.WalkDir(out, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".html" {
			return err
		}
		data, err := fs.ReadFile(out, name)
		all := tallied(data, size)
		for _, wrong := range all.wrong {
			t.Errorf("%s %s", name, wrong)
		}
		if all.bytes > most {
			most, on = all.bytes, name
		}
		if bytes.Contains(data, []byte(`<article class="story`)) && all.bytes > readBudget {
			t.Errorf("%s: HTML and CSS are %d bytes, %d are the most", name, all.bytes, readBudget)
		}
		hurried += all.leads
		return err
	})
	if err != nil || most == 0 || hurried < 40 {
		t.Errorf("%d bytes on %s, %d pages with a first picture: %v", most, on, hurried, err)
	}
	t.Logf("%s has most HTML and CSS: %d bytes; of all styles %v", on, most, sizes)
}

// What the test above looks for is found.
func TestTallied(t *testing.T) {
	for page, want := range map[string]string{
		`<img src=a width=1 height=1 fetchpriority=high><img src=b width=1 height=1 loading=lazy>`: "",
		`<img src=a width=1 loading=lazy>`:                                                               "without its size: a",
		`<img src=a width=1 height=1><img src=b width=1 height=1 fetchpriority=high>`:                    "more than the first picture: b",
		`<img src=a width=1 height=1 fetchpriority=high><img src=b width=1 height=1 fetchpriority=high>`: "more than the first picture: b",
		`<img src=a width=1 height=1 fetchpriority=high loading=lazy>`:                                   "more than the first picture: a",
		`<figure class="photo photo-lead"><img src=a width=1 height=1 loading=lazy>`:                     "first picture wait: a",
		`<figure class="photo photo-lead"></figure><img src=a width=1 height=1 loading=lazy>`:            "",
		`<link rel=preload as=image href=a>`:                                                             "has <link",
		`<style>p {}</style>`:                                                                            "has <style",
	} {
		all := tallied([]byte(page), func(string) int { return 0 })
		if got := strings.Join(all.wrong, "\n"); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("of %s it says %q, want %q", page, got, want)
		}
	}
	if all := tallied([]byte(`<link rel=stylesheet href=/a>`), func(string) int { return 1000 }); all.bytes < 1000 || all.bytes > 1100 {
		t.Errorf("a style sheet of 1000 bytes makes %d", all.bytes)
	}
}
