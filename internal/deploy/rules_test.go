package deploy

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// Whatever stands in _headers and _redirects, no line of a configuration is made of
// it that was not meant.
func FuzzRules(f *testing.F) {
	f.Add(askedHeaders, askedRedirects)
	f.Add("/a\n  X: y\n/:b/*\n  Z: {$\\\"%}\n", "/x/:a/*/:aa y=:z /:aa/:a/:splat 308\n/y\n/z 410\n")
	f.Fuzz(func(t *testing.T, headers, redirects string) {
		edition := fstest.MapFS{"_headers": {Data: []byte(headers)}, "_redirects": {Data: []byte(redirects)}, "404.html": {}}
		r, err := ReadRules(edition, "/")
		if err != nil {
			t.Fatal(err)
		}
		for name, write := range Servers {
			text := write(r, Served{Name: "P", Word: "p", Base: "/", Root: "/srv"})
			if strings.ContainsAny(strings.ReplaceAll(text, "\n", ""), "\x00\r\v\f\x7f") {
				t.Errorf("%s is told a control character: %q", name, text)
			}
			for line := range strings.Lines(text) {
				if strings.HasPrefix(strings.TrimSpace(line), "#") {
					continue // a remark ends with its line, whatever it quotes
				}
				if strings.Count(line, "`")%2 != 0 {
					t.Errorf("%s: quotes that do not end: %s", name, line)
				}
				line = ticked.ReplaceAllString(line, "")
				plain := strings.NewReplacer(`\\`, "", `\"`, "").Replace(line)
				if strings.Count(plain, `"`)%2 != 0 {
					t.Errorf("%s: quotes that do not end: %s", name, line)
				}
			}
		}
		for _, rule := range r.headers {
			regexp.MustCompile(rule.pattern.regexp(true))
		}
		h, to := Vercel(r)
		if !json.Valid(h) || !json.Valid(to) {
			t.Errorf("that is no JSON: %s %s", h, to)
		}
	})
}

var ticked = regexp.MustCompile("`[^`]*`")

// Of a site below a path all addresses are.
func TestRulesBase(t *testing.T) {
	edition := fstest.MapFS{"404.html": {}, "ar/404.html": {}, "_headers": {Data: []byte("/news/*\n  X-A: b\n")}}
	r, err := ReadRules(edition, "/news/")
	if err != nil {
		t.Fatal(err)
	}
	text := Nginx(r, Served{Name: "P", Word: "p", Base: "/news/", Root: "/srv"})
	for _, want := range []string{`default "/news/404.html";`, `"~^/news/ar/" "/news/ar/404.html";`, `"~^/news/(.*)$" "b";`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing in\n%s", want, text)
		}
	}
}

// The same bytes are compressed to the same bytes, and each form lies beside its
// file and goes with it.
func TestCompressed(t *testing.T) {
	a, err := Compress([]byte(strings.Repeat("news ", 1000)), "br")
	must(t, err)
	if b, _ := Compress([]byte(strings.Repeat("news ", 1000)), "br"); string(a) != string(b) {
		t.Error("two ways of it")
	}
	if _, err := Compress(nil, "zip"); err == nil {
		t.Error("zip is not known")
	}
	for name, want := range map[string]bool{"a.html": true, "a.jpg": false, "feed.xml": true, "_redirects": false, "x/410.txt": false, "f.woff2": false, "a.svg": true} {
		if Compressible(name, 5000) != want || Compressible(name, 100) {
			t.Errorf("%s: it is the other way round", name)
		}
	}
}
