package build_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"
)

// readable are the feeds for readers.
func (f *edition) readable() []string {
	return slices.Concat(f.at("feed.xml"), f.at("atom.xml"), f.at("feed.json"))
}

// A reader of feeds finds in each what the feed tells, the same in all formats.
func TestFeedsRead(t *testing.T) {
	f := normSite(t, demoTime)
	front := map[string][]string{}
	for _, name := range f.readable() {
		feed, err := gofeed.NewParser().ParseString(f.files[name])
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if feed.Title == "" || feed.Link == "" || feed.FeedLink == "" {
			t.Errorf("%s has no title or no address", name)
		}
		for _, it := range feed.Items {
			if it.GUID == "" || it.Title == "" || it.Link == "" || it.PublishedParsed == nil && filepath.Ext(name) != ".json" {
				t.Errorf("%s: %+v", name, it)
			}
			if filepath.Dir(name) != "." {
				continue
			}
			line := it.Title + " " + it.Link
			if strings.HasPrefix(it.GUID, "https:") { // Atom makes an IRI of another
				line += " " + it.GUID
			}
			if len(it.Authors) > 0 { // of RSS gofeed takes one
				line += " " + it.Authors[0].Name
			}
			front[name] = append(front[name], line)
		}
	}
	want := front["atom.xml"]
	if len(want) < 5 || !strings.HasPrefix(want[0], "The council meets https://post.example/news/town/2026/11/council/ https://post.example/news/town/2026/11/council/ Ada Lovelace") {
		t.Errorf("atom.xml tells %q", want)
	}
	for name, got := range front {
		if !slices.Equal(got, want) {
			t.Errorf("%s tells %q, atom.xml %q", name, got, want)
		}
	}
}

// newsboat, a reader that people use, finds all stories of a feed.
func TestNewsboat(t *testing.T) {
	reader := witnessed(t, "newsboat")
	f := normSite(t, demoTime)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, ok := f.files[strings.TrimPrefix(r.URL.Path, "/")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, text)
	}))
	defer server.Close()
	for _, name := range []string{"feed.xml", "atom.xml", "ar/feed.xml", "feeds/council/feed.xml", "feeds/short/atom.xml", "corrections/feed.xml"} {
		feed, err := gofeed.NewParser().ParseString(f.files[name])
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		write(t, dir, "urls", server.URL+"/"+(&url.URL{Path: name}).EscapedPath()+"\n")
		write(t, dir, "config", "")
		run := exec.Command(reader, "-u", filepath.Join(dir, "urls"), "-c", filepath.Join(dir, "cache"), "-C", filepath.Join(dir, "config"), "-x", "reload", "print-unread")
		run.Env = append(os.Environ(), "HOME="+dir, "LC_ALL=C.UTF-8", "http_proxy=", "HTTP_PROXY=")
		out, err := run.CombinedOutput()
		if want := fmt.Sprintf("%d unread", len(feed.Items)); err != nil || len(feed.Items) == 0 || !bytes.Contains(out, []byte(want)) {
			t.Errorf("%s: newsboat says %s (%v), not %s", name, out, err, want)
		}
	}
}
