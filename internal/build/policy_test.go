package build_test

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"net/url"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// dataTypes are those of scripts that browsers do not run.
var dataTypes = map[string]bool{"application/ld+json": true, "application/json": true}

// No page of the demo newspaper has a script or a style written into it, or has a
// browser ask another site for anything by itself; all say so in their policy.
func TestNothingInline(t *testing.T) {
	if testing.Short() {
		t.Skip("all pictures of the newspaper are made")
	}
	out := os.DirFS(demoPaper.edition(t))
	pages, sheets := 0, 0
	err := fs.WalkDir(out, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(out, name)
		switch path.Ext(name) {
		case ".html":
			pages++
			for _, wrong := range blockedIn(string(data)) {
				t.Errorf("%s: %s", name, wrong)
			}
		case ".css":
			sheets++
			for _, wrong := range foreignIn(string(data)) {
				t.Errorf("%s: %s", name, wrong)
			}
		}
		return err
	})
	if err != nil || pages < 100 || sheets == 0 {
		t.Errorf("%d pages and %d sheets, %v", pages, sheets, err)
	}
}

// blockedIn lists what a page has that its policy must keep browsers from, and says
// if it has no policy.
func blockedIn(page string) (wrong []string) {
	policy, first := "", ""
	z := html.NewTokenizer(strings.NewReader(page))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		raw := string(z.Raw())
		tag := z.Token()
		is := map[string]string{}
		for _, a := range tag.Attr {
			is[a.Key] = a.Val
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
				wrong = append(wrong, "inline: "+raw)
			}
		}
		_, external := is["src"]
		if tag.Data == "style" || tag.Data == "script" && !external && !dataTypes[is["type"]] {
			wrong = append(wrong, "inline: "+raw)
		}
		if tag.Data == "meta" && strings.EqualFold(is["http-equiv"], "Content-Security-Policy") {
			policy = is["content"]
		}
		for _, address := range loadedBy(tag.Data, is) {
			if first == "" && policy == "" {
				first = raw
			}
			if foreignAddress(address) {
				wrong = append(wrong, "of another site: "+raw)
			}
		}
	}
	switch {
	case strings.Contains(page, `http-equiv="refresh"`): // it leads on
	case policy == "":
		wrong = append(wrong, "it has no policy")
	case strings.Contains(policy, "unsafe") || !strings.Contains(policy, "default-src 'none'"):
		wrong = append(wrong, "its policy is "+policy)
	case first != "":
		wrong = append(wrong, "this stands above the policy: "+first)
	}
	return wrong
}

// loadedBy lists what a browser loads by itself for a tag.
func loadedBy(name string, is map[string]string) (all []string) {
	switch name {
	case "a", "area", "base", "form", "button":
		return nil
	case "link":
		for word := range strings.FieldsSeq(is["rel"]) {
			switch strings.ToLower(word) {
			case "stylesheet", "icon", "apple-touch-icon", "mask-icon", "manifest", "preload", "modulepreload", "prefetch", "prerender", "preconnect", "dns-prefetch":
				return append(listed(is["imagesrcset"]), is["href"])
			}
		}
		return nil
	}
	all = append(listed(is["srcset"]), is["src"], is["poster"], is["data"], is["background"])
	if name == "image" || name == "use" {
		all = append(all, is["href"], is["xlink:href"])
	}
	var some []string
	for _, one := range all {
		if one != "" {
			some = append(some, one)
		}
	}
	return some
}

func listed(set string) (all []string) {
	for part := range strings.SplitSeq(set, ",") {
		if words := strings.Fields(part); len(words) > 0 {
			all = append(all, words[0])
		}
	}
	return all
}

// foreignAddress tells whether an address leads out of the site, as seen from any
// page of it: that it names its own host whole would be as bad, since an edition is
// shown at other addresses too.
func foreignAddress(address string) bool {
	u, err := url.Parse(strings.TrimSpace(address))
	return err != nil || u.Host != "" || u.Scheme != "" && u.Scheme != "data"
}

var inSheet = regexp.MustCompile(`(?i)url\(\s*["']?([^"')]*)|@import\s+["']([^"']*)`)

func foreignIn(sheet string) (wrong []string) {
	for _, m := range inSheet.FindAllStringSubmatch(sheet, -1) {
		if address := m[1] + m[2]; foreignAddress(address) {
			wrong = append(wrong, "of another site: "+address)
		}
	}
	return wrong
}

// What the walk is to find, it finds.
func TestBlockedFound(t *testing.T) {
	const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'">`
	for _, c := range []struct {
		page string
		n    int
	}{
		{policy + `<script type="application/ld+json">{}</script><script src="/a.js"></script><a href="https://x.example/">x</a><form action="https://x.example/"></form>`, 0},
		{policy + `<img src="data:image/gif;base64,x"><link rel="canonical" href="https://x.example/">`, 0},
		{`<p>`, 1}, {policy + `<p style="x">`, 1}, {policy + `<style>x</style>`, 1}, {policy + `<script>1</script>`, 1}, {policy + `<b onclick="x">`, 1},
		{policy + `<a href=" JavaScript:x">`, 1}, {policy + `<script type="module">1</script>`, 1}, {policy + `<img src="//x.example/a.jpg">`, 1},
		{policy + `<img srcset="/a.jpg 1x, https://x.example/a.jpg 2x">`, 1}, {policy + `<link rel="preload stylesheet" href="https://x.example/a.css">`, 1},
		{policy + `<iframe src="https://x.example/"></iframe>`, 1}, {`<script src="/a.js"></script>` + policy, 1},
		{`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'">`, 1},
	} {
		if got := blockedIn(c.page); len(got) != c.n {
			t.Errorf("%s: found %q, want %d", c.page, got, c.n)
		}
	}
	if got := foreignIn(`a { background: url("//x.example/a.png"), url(a.png), url( 'data:image/png,x') } @import "https://x.example/a.css";`); len(got) != 2 {
		t.Errorf("of a sheet: %q", got)
	}
}

// scriptBudget is how many bytes of scripts a page of the demo newspaper loads at
// most, as they are sent.
const scriptBudget = 6 << 10

// The scripts of each page are few, and none keeps the page waiting.
func TestScriptBudget(t *testing.T) {
	if testing.Short() {
		t.Skip("all pictures of the newspaper are made")
	}
	out := os.DirFS(demoPaper.edition(t))
	sizes, most, on := map[string]int{}, 0, ""
	err := fs.WalkDir(out, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".html" {
			return err
		}
		data, err := fs.ReadFile(out, name)
		total, seen := 0, map[string]bool{}
		z := html.NewTokenizer(bytes.NewReader(data))
		for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
			tag := z.Token()
			if kind != html.StartTagToken {
				continue
			}
			is := map[string]string{}
			for _, a := range tag.Attr {
				is[a.Key] = a.Val
			}
			src := is["data-script"] // which page.js fetches
			if tag.Data == "script" {
				src = is["src"]
				if _, deferred := is["defer"]; src != "" && !deferred && is["type"] != "module" {
					t.Errorf("%s waits for %s", name, src)
				}
			}
			if src == "" || seen[src] {
				continue
			}
			seen[src] = true
			total += packed(t, out, strings.TrimPrefix(src, "/"), sizes)
		}
		if total > most {
			most, on = total, name
		}
		return err
	})
	if err != nil || most == 0 || most > scriptBudget {
		t.Errorf("%s loads %d bytes of scripts, %d are the most; %v", on, most, scriptBudget, err)
	}
	t.Logf("%s loads most: %d bytes; of all scripts %v", on, most, sizes)
}

// packed is how large a script is when it is sent, with what it imports.
func packed(t *testing.T, out fs.FS, name string, sizes map[string]int) int {
	t.Helper()
	if n, known := sizes[name]; known {
		return n
	}
	data, err := fs.ReadFile(out, name)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(data, []byte("import ")) || bytes.Contains(data, []byte("import(")) {
		t.Errorf("%s imports others, which are not counted", name)
	}
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, 9)
	_, _ = w.Write(data)
	_ = w.Close()
	sizes[name] = b.Len()
	return b.Len()
}
