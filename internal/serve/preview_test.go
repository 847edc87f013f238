package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"stet/internal/diag"
)

// What is a page has the script, at the end of its body. All else is as it lies
// there.
func TestInject(t *testing.T) {
	pages := maps.Clone(edition)
	pages["whole.html"] = file("<html><body><p>x</p></BODY></html>")
	pages["two.html"] = file("\xff\xfe<\x00p\x00>\x00")
	pages["big.html"] = file(strings.Repeat("x", maxCopy+1))
	h, p := Handler(pages, Options{Base: "/news"}), NewPreview(pages, Options{Base: "/news"})
	p.Show(Edition{})
	for target, want := range map[string]string{
		"/news/":                 "front%s",
		"/news/whole.html":       "<html><body><p>x</p>%s</BODY></html>",
		"/news/none":             "not here%s",
		"/news/ar/none/x/":       "ليس هنا%s",
		"/news/world":            "",
		"/news/world/a%20b.html": "space%s",
	} {
		r := get(p, "GET", target, "localhost")
		got := text(t, r)
		before, rest, found := strings.Cut(got, "<script ")
		script, after, _ := strings.Cut(rest, "</script>\n")
		if found != (want != "") || found && before+"%s"+after != want {
			t.Errorf("%s: got %q", target, got)
		}
		for _, part := range []string{`type="module"`, `src="/news/_stet/live.js"`, `data-edition="1"`, `data-run="` + p.run + `"`, fmt.Sprintf(`data-status="%d"`, r.StatusCode)} {
			if found && !strings.Contains(script, part) {
				t.Errorf("%s: the script has no %s: %s", target, part, script)
			}
		}
		if n := r.Header.Get("Content-Length"); found && n != fmt.Sprint(len(got)) {
			t.Errorf("%s: %d bytes are said to be %s", target, len(got), n)
		}
		head := get(p, "HEAD", target, "localhost")
		if text(t, head) != "" || head.StatusCode != r.StatusCode || head.Header.Get("Content-Length") != r.Header.Get("Content-Length") || head.Header.Get("ETag") != r.Header.Get("ETag") {
			t.Errorf("HEAD %s: %v", target, head.Header)
		}
	}
	for name := range pages {
		target := "/news/" + (&url.URL{Path: name}).EscapedPath()
		r, plain := get(p, "GET", target, "localhost"), get(h, "GET", target, "localhost")
		if script := strings.HasPrefix(typeOf(name), "text/html") && name != "two.html" && name != "big.html"; script || plain.StatusCode == 404 {
			continue
		}
		if got, want := text(t, r), text(t, plain); got != want || fmt.Sprint(r.Header) != fmt.Sprint(plain.Header) {
			t.Errorf("%s: got %.80q, %v, want %.80q, %v", target, got, r.Header, want, plain.Header)
		}
	}
}

// What a missing page rests on is what would be there.
func TestMissing(t *testing.T) {
	p := NewPreview(edition, Options{Base: "/news"})
	for target, want := range map[string]string{
		"/news/none/":  "404.html\nnone/index.html",
		"/news/none":   "404.html\nnone\nnone/index.html",
		"/news/ar/x/":  "ar/404.html\nar/x/index.html",
		"/elsewhere/x": "404.html",
		"/news/world/": "world/index.html",
	} {
		_, rest, _ := strings.Cut(text(t, get(p, "GET", target, "localhost")), `data-files="`)
		if got, _, _ := strings.Cut(rest, `"`); got != want {
			t.Errorf("%s rests on %q", target, got)
		}
	}
	hostile := "/news/%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
	if got := text(t, get(p, "GET", hostile, "localhost")); strings.Contains(got, "<script>") {
		t.Errorf("a path is markup: %s", got)
	}
}

// What is known of a page holds until the script in it is another.
func TestTags(t *testing.T) {
	p := NewPreview(edition, Options{})
	r := get(p, "GET", "/", "localhost")
	tag, whole := r.Header.Get("ETag"), text(t, r)
	if r.Header.Get("Last-Modified") != "" {
		t.Error("a page has the time of its file, which says nothing of the script")
	}
	if r := get(p, "GET", "/", "localhost", "If-None-Match", tag); tag == "" || r.StatusCode != 304 {
		t.Errorf("got %s for %s", r.Status, tag)
	}
	if r := get(p, "GET", "/", "localhost", "Range", "bytes=2-9"); r.StatusCode != 206 || text(t, r) != whole[2:10] {
		t.Errorf("a range of a page: got %s", r.Status)
	}
	p.Show(Edition{})
	if r := get(p, "GET", "/", "localhost", "If-None-Match", tag); r.StatusCode != 200 {
		t.Errorf("another script: got %s", r.Status)
	}
	if r := get(NewPreview(edition, Options{}), "GET", "/", "localhost", "If-None-Match", tag); r.StatusCode != 200 {
		t.Errorf("another run: got %s", r.Status)
	}
	if r := get(p, "GET", "/style.css", "localhost", "Range", "bytes=2-4"); r.StatusCode != 206 || text(t, r) != "234" {
		t.Errorf("a range: got %s", r.Status)
	}
}

// Every answer is of one edition, also while the next is put in place.
func TestHold(t *testing.T) {
	dir := t.TempDir()
	put := func(n int) {
		for _, name := range []string{"a.html", "_redirects", "404.html"} {
			write(t, dir+"/"+name, map[string]string{"a.html": fmt.Sprint("edition ", n, "\n", strings.Repeat("x", 1<<16), "\nedition ", n, "\n"), "_redirects": fmt.Sprintf("/r /%d\n", n), "404.html": fmt.Sprint("edition ", n)}[name])
		}
	}
	put(0)
	p := NewPreview(Folder(dir), Options{})
	var readers sync.WaitGroup
	ended := make(chan struct{})
	for range 4 {
		readers.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-ended:
					return
				default:
				}
				page, _, _ := strings.Cut(text(t, get(p, "GET", "/a.html", "localhost")), "<script")
				first, last, _ := strings.Cut(page, strings.Repeat("x", 1<<16)+"\n")
				if first == "" || first != last {
					t.Errorf("a mix of %q and %q", first, last)
					return
				}
			}
		})
	}
	for n := range 100 {
		release := p.Hold()
		put(n)
		release()
		release() // twice does no harm
		p.Show(Edition{Changed: []string{"a.html"}})
	}
	close(ended)
	readers.Wait()

	release := p.Hold()
	answered := make(chan string)
	go func() { answered <- text(t, get(p, "GET", "/a.html", "localhost")) }()
	select {
	case <-answered:
		t.Fatal("a request did not wait")
	case <-time.After(30 * time.Millisecond):
	}
	put(1000)
	release()
	if got := <-answered; !strings.HasPrefix(got, "edition 1000\n") {
		t.Errorf("got %.20q", got)
	}
}

// Who reads a large file slowly does not keep an edition from being made.
func TestSlowReader(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/film.mp4", strings.Repeat("x", maxCopy*4))
	p := NewPreview(Folder(dir), Options{})
	s := serving(t, p)
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "GET /film.mp4 HTTP/1.1\r\nHost: localhost\r\n\r\n")
	if _, err := c.Read(make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	held := make(chan struct{})
	go func() {
		p.Hold()()
		close(held)
	}()
	select {
	case <-held:
	case <-time.After(5 * time.Second):
		t.Error("it waits")
	}
}

// A preview for other devices shows itself only to who knows the token.
func TestToken(t *testing.T) {
	o := Options{Token: "correct horse", Hosts: []string{"*"}}
	for name, h := range map[string]http.Handler{"plain": Handler(edition, o), "preview": NewPreview(edition, o)} {
		for _, target := range []string{"/", "/?token=", "/?token=wrong", "/?token=correct%20hors", "/none", "/%2e%2e/x", "/_stet/", "/_stet/events", "/_stet/live.js"} {
			if r := get(h, "GET", target, "10.0.0.7:8080"); r.StatusCode != 403 || len(r.Cookies()) > 0 {
				t.Errorf("%s %s: got %s", name, target, r.Status)
			}
		}
		r := get(h, "GET", "/?token=correct%20horse", "10.0.0.7:8080")
		if r.StatusCode != 200 || len(r.Cookies()) != 1 {
			t.Fatalf("%s: got %s, %v", name, r.Status, r.Cookies())
		}
		c := r.Cookies()[0]
		if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || strings.Contains(c.String(), "horse") {
			t.Errorf("%s: the cookie is %s", name, c)
		}
		if r := get(h, "GET", "/world/", "10.0.0.7", "Cookie", c.Name+"="+c.Value); r.StatusCode != 200 || len(r.Cookies()) > 0 {
			t.Errorf("%s: with the cookie: got %s", name, r.Status)
		}
		if r := get(h, "GET", "/world/", "10.0.0.7", "Cookie", c.Name+"="+c.Value[1:]); r.StatusCode != 403 {
			t.Errorf("%s: with part of the cookie: got %s", name, r.Status)
		}
	}
	other := get(Handler(edition, Options{Token: "another"}), "GET", "/?token=another", "localhost").Cookies()[0]
	if other.Name == newDoor(o).cookie.Name {
		t.Error("two previews on one machine take each other's cookie")
	}
}

// Pages of other sites are not told what is being written, and cannot ask.
func TestOrigin(t *testing.T) {
	asked := 0
	p := NewPreview(edition, Options{AsOf: func(string) error { asked++; return nil }})
	s := serving(t, p)
	host := s.Listener.Addr().String()
	for headers, want := range map[string]bool{
		"":                            true,
		"Sec-Fetch-Site: same-origin": true,
		"Sec-Fetch-Site: none":        true,
		"Origin: http://" + host:      true,
		"Origin: http://" + host + "|Sec-Fetch-Site: same-origin":                true,
		"Sec-Fetch-Site: same-site":                                              false,
		"Sec-Fetch-Site: cross-site":                                             false,
		"Sec-Fetch-Site: odd":                                                    false,
		"Origin: null":                                                           false,
		"Origin: http://evil.example":                                            false,
		"Origin: http://127.0.0.1:1":                                             false,
		"Origin: %zz":                                                            false,
		"Origin: http://evil.example|X-Forwarded-Host: evil.example":             false,
		"Origin: http://" + host + "|Sec-Fetch-Site: cross-site":                 false,
		"Origin: http://evil.example|Sec-Fetch-Site: same-origin":                false,
		"Origin: http://evil.example|Forwarded: host=evil.example|X-Original: 1": false,
	} {
		var pairs []string
		for pair := range strings.SplitSeq(headers, "|") {
			name, value, _ := strings.Cut(pair, ": ")
			pairs = append(pairs, name, value)
		}
		if headers == "" {
			pairs = nil
		}
		asked = 0
		status := map[bool]int{true: 200, false: 403}[want]
		for _, target := range []string{"/_stet/facts?page=index.html", "/_stet/events"} {
			method := "GET"
			if strings.HasSuffix(target, "events") {
				method = "HEAD"
			}
			if r := get(p, method, target, host, pairs...); r.StatusCode != status || r.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s with %q: got %s", target, headers, r.Status)
			}
		}
		if r := post(p, "when=", host, pairs...); (r.StatusCode == 204) != want || (asked == 1) != want {
			t.Errorf("POST with %q: got %s", headers, r.Status)
		}
		if r := get(p, "GET", "/", host, pairs...); r.StatusCode != 200 || r.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
			t.Errorf("a page with %q: got %s, %v", headers, r.Status, r.Header)
		}
	}
	if r := get(p, "GET", "/_stet/events", "evil.example", "X-Forwarded-Host", "localhost", "Forwarded", "host=localhost"); r.StatusCode != 421 {
		t.Errorf("another host: got %s", r.Status)
	}
}

func post(h http.Handler, form, host string, headers ...string) *http.Response {
	r := httptest.NewRequest("POST", "/_stet/as-of", strings.NewReader(form))
	r.Host = host
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestAsOf(t *testing.T) {
	var asked []string
	p := NewPreview(edition, Options{AsOf: func(when string) error {
		asked = append(asked, when)
		if when == "never" {
			return errors.New(`"never" is no time`)
		}
		return nil
	}})
	for form, want := range map[string]string{
		"when=2026-03-04T05%3A06":            "204 ",
		"when=":                              "204 ",
		"when=never":                         "422 \"never\" is no time\n",
		"":                                   "400 a time is asked for as when=2026-03-04T05:06\n",
		"when=%zz":                           "400 a time is asked for as when=2026-03-04T05:06\n",
		"when=" + strings.Repeat("x", 8<<10): "400 a time is asked for as when=2026-03-04T05:06\n",
		"other=1":                            "400 a time is asked for as when=2026-03-04T05:06\n",
	} {
		r := post(p, form, "localhost")
		if got := r.Status[:3] + " " + text(t, r); got != want {
			t.Errorf("%.40q: got %q", form, got)
		}
	}
	if len(asked) != 3 {
		t.Errorf("asked for %q", asked)
	}
	if r := post(NewPreview(edition, Options{}), "when=", "localhost"); r.StatusCode != 404 {
		t.Errorf("not offered: got %s", r.Status)
	}
	if r := get(p, "GET", "/_stet/as-of?when=2026", "localhost"); r.StatusCode != 405 || r.Header.Get("Allow") != "POST" {
		t.Errorf("GET: got %s", r.Status)
	}
}

// What is told of a page is what was given, and no more.
func TestFacts(t *testing.T) {
	p := NewPreview(edition, Options{Dir: "/home/ada"})
	p.Show(Edition{Page: func(file string) *Facts {
		if file == "world/index.html" {
			return &fire
		}
		return nil
	}})
	for target, want := range map[string]string{
		"world/index.html": `"state":"embargo"`, "index.html": "null", "": "null", "../x": "null", "/etc/passwd": "null", "_redirects": "null",
	} {
		r := get(p, "GET", "/_stet/facts?page="+url.QueryEscape(target), "localhost")
		if got := text(t, r); r.StatusCode != 200 || !strings.Contains(got, want) || want == "null" && got != "null\n" {
			t.Errorf("%q: got %s, %s", target, r.Status, got)
		}
	}
	var got map[string]any
	json.Unmarshal([]byte(text(t, get(p, "GET", "/_stet/facts?page=world/index.html", "localhost"))), &got)
	check, _ := got["checks"].([]any)[0].(map[string]any)
	if got["when"] != "Wed 4 Mar 2026, 05:06 UTC" || got["edit"] != "vscode://file/home/ada/content/world/fire.md" || check["edit"] != "vscode://file/home/ada/content/world/fire.md:12:8" || check["severity"] != "warning" {
		t.Errorf("got %v", got)
	}
	if got := text(t, get(NewPreview(edition, Options{}), "GET", "/_stet/facts?page=index.html", "localhost")); got != "null\n" {
		t.Errorf("before anything is shown: %s", got)
	}
}

func TestEditURL(t *testing.T) {
	for _, one := range []struct {
		dir, file    string
		line, column int
		want         string
	}{
		{"/home/a b", "content/ü?#.md", 3, 4, "vscode://file/home/a%20b/content/%C3%BC%3F%23.md:3:4"},
		{"/site", "site.yaml", 3, 0, "vscode://file/site/site.yaml:3"},
		{"/site", "site.yaml", 0, 4, "vscode://file/site/site.yaml"},
		{"/site", "../secret", 1, 1, ""}, {"/site", "/etc/passwd", 1, 1, ""}, {"/site", "", 1, 1, ""}, {"", "site.yaml", 1, 1, ""}, {"/site", ".", 1, 1, ""},
	} {
		if got := editURL(one.dir, one.file, one.line, one.column); got != one.want {
			t.Errorf("%v: got %s", one, got)
		}
	}
}

// The preview's own pages are there whatever the edition has, and say so.
func TestOwn(t *testing.T) {
	taken := maps.Clone(edition)
	taken["_stet/index.html"], taken["_stet/x.txt"], taken["_redirects"] = file("taken"), file("taken"), file("/* /world/ 301\n/_stet/ /world/\n")
	p := NewPreview(taken, Options{Dir: "/site"})
	given := []Problem{warned}
	p.Show(Edition{Title: "The <Lantern>", AsOf: "2026-03-04", Problems: given[:1:1], Unpublished: unpublished, Pictures: func() []Problem {
		return []Problem{{Problem: diag.Problem{Path: "content/idle.jpg", Text: "it is used <nowhere>"}}}
	}})
	if n := p.news(nil, 0); len(n.Problems) != 2 || !strings.Contains(n.Problems[1].Text, "_stet") || n.Problems[1].Hint == "" {
		t.Errorf("a folder _stet is shadowed silently: %+v", n.Problems)
	}
	for target, want := range map[string]string{
		"/_stet":            "301 ",
		"/_stet/":           "200 text/html; charset=utf-8",
		"/_stet/live.js":    "200 text/javascript; charset=utf-8",
		"/_stet/live.css":   "200 text/css; charset=utf-8",
		"/_stet/x.txt":      "404 text/plain; charset=utf-8",
		"/_stet/list.html":  "404 text/plain; charset=utf-8",
		"/_stet/index.html": "404 text/plain; charset=utf-8",
		"/_stet/live.js/":   "404 text/plain; charset=utf-8",
		"/_stet/events?file=a&file=a&file=a&file=a&file=a&file=a&file=a&file=a&file=a": "400 text/plain; charset=utf-8",
	} {
		r := get(p, "GET", target, "localhost")
		if got := r.Status[:3] + " " + r.Header.Get("Content-Type"); got != want || strings.Contains(text(t, r), "taken") {
			t.Errorf("%s: got %q", target, got)
		}
	}
	list := text(t, get(p, "GET", "/_stet/", "localhost"))
	for _, want := range []string{"The &lt;Lantern&gt;", "As of 2026-03-04", "4 stories that readers do not see", `href="/town/bridge/">The bridge will be closed`, "Embargo until <time>Wed 4 Mar 2026, 05:06 UTC</time>", "Scheduled for", "Expired since", `href="vscode://file/site/content/notice.md"`, "No section", "حريق", `data-files="_stet/"`, `href="vscode://file/site/content/idle.jpg">content/idle.jpg</a> <span>it is used &lt;nowhere&gt;`} {
		if !strings.Contains(list, want) {
			t.Errorf("%q is not in the list: %s", want, list)
		}
	}
	r := get(p, "GET", "/_stet/live.js", "localhost")
	if r := get(p, "GET", "/_stet/live.js", "localhost", "If-None-Match", r.Header.Get("ETag")); r.StatusCode != 304 {
		t.Errorf("a script that is known: got %s", r.Status)
	}
	for _, target := range []string{"/", "/_stet/", "/_stet/events", "/_stet/facts"} {
		if r := get(p, "DELETE", target, "localhost"); r.StatusCode != 405 {
			t.Errorf("DELETE %s: got %s", target, r.Status)
		}
	}
}

// What is too long, or no request at all, is refused.
func TestHugeHeaders(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ready, ended := make(chan net.Addr, 1), make(chan error, 1)
	go func() {
		ended <- Listen(ctx, "127.0.0.1:0", NewPreview(edition, Options{}), func(a net.Addr) { ready <- a })
	}()
	addr := (<-ready).String()
	for request, want := range map[string]string{
		"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + strings.Repeat("x", 1<<20):   "HTTP/1.1 431",
		"GET /" + strings.Repeat("x", 1<<20) + " HTTP/1.1\r\nHost: localhost":          "HTTP/1.1 431",
		"GET /_stet/%2e%2e/x HTTP/1.1\r\nHost: localhost":                              "HTTP/1.1 400",
		"GET /_stet/facts?page=%zz;;&&= HTTP/1.1\r\nHost: localhost":                   "HTTP/1.1 200",
		"POST /_stet/as-of HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example": "HTTP/1.1 403",
		"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example":                      "HTTP/1.1 400",
		"\x00\x01": "HTTP/1.1 400",
	} {
		if got := send(t, addr, request); !strings.HasPrefix(got, want) {
			t.Errorf("%.60q: got %.60q, want %q", request, got, want)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// Whatever is asked for in whatever way, a preview shows only what is for
// readers, and never fails.
func FuzzPreview(f *testing.F) {
	f.Add("GET", "/world/%2e%2e/.stet/manifest", "p=12", "localhost", "same-origin", "http://localhost")
	f.Add("GET", "/_stet/facts", "page=../.stet/manifest", "localhost", "", "")
	f.Add("POST", "/_stet/as-of", "when=2026", "localhost", "cross-site", "null")
	f.Add("HEAD", "/_stet/events", "file=_redirects&run=x&edition=-1", "[::1]:80", "", "http://[::1]:80")
	p := NewPreview(edition, Options{Dir: "/site", AsOf: func(string) error { return nil }})
	p.Show(Edition{Page: func(file string) *Facts {
		if !fs.ValidPath(file) {
			panic(file)
		}
		return nil
	}})
	f.Fuzz(func(t *testing.T, method, path, query, host, site, origin string) {
		if strings.HasSuffix(path, "/events") && method != "HEAD" {
			method = "HEAD" // it would listen
		}
		if !validMethod(method) {
			return
		}
		r := get(p, method, path+"?"+query, host, "Sec-Fetch-Site", site, "Origin", origin)
		if got := text(t, r); strings.Contains(got, "secret") || strings.Contains(got, "odd<") || r.StatusCode >= 500 {
			t.Errorf("%s %q: got %s, %q", method, path, r.Status, got)
		}
		if !newDoor(Options{}).knows(host) && r.StatusCode != 421 {
			t.Errorf("%q was let in", host)
		}
	})
}

func validMethod(method string) bool {
	_, err := http.NewRequest(method, "/", nil)
	return err == nil && method != ""
}
