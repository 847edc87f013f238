package serve

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"stet/internal/diag"
)

var edition = fstest.MapFS{
	"index.html":                file("front"),
	"404.html":                  file("not here"),
	"ar/404.html":               file("ليس هنا"),
	"ar/index.html":             file("الواجهة"),
	"ar/العالم/index.html":      file("العالم"),
	"world/index.html":          file("world"),
	"world/a b.html":            file("space"),
	"empty/x.txt":               file("x"),
	"feed.xml":                  file("<rss/>"),
	"atom.xml":                  file("<feed/>"),
	"feed.json":                 file("{}"),
	"data.json":                 file("{}"),
	"sitemap.xml":               file("<x/>"),
	"manifest.webmanifest":      file("{}"),
	"style.css":                 file("0123456789"),
	"photo.JPG":                 file("jpg"),
	"LICENSE":                   file("free"),
	".stet/manifest":            file("secret"),
	"world/.hidden":             file("secret"),
	".well-known/security.txt":  file("known"),
	"old/index.html":            file("moved"),
	"_headers":                  file("secret"),
	"_redirects":                file(redirectLines),
	"%2e%2e/index.html":         file("odd"),
	"world/fire/..%2f..%2fx.md": file("odd"),
}

const redirectLines = `# a comment
/old/ /world/ 301
/%D9%82%D8%AF%D9%8A%D9%85/ /ar/ 302
/ p=12 /world/ 301
/blog/:year/:years/* /archive/:years/:year/:splat
/self /self/ 301
/away https://example.org/x?y=1 302
/proxied /world/ 200
/bad
/gone/* //example.net/:splat
`

func file(text string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(text), ModTime: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
}

// get asks for a path as it is written, at a host.
func get(h http.Handler, method, target, host string, headers ...string) *http.Response {
	path, query, _ := strings.Cut(target, "?")
	plain, err := url.PathUnescape(path)
	if err != nil {
		plain = path
	}
	r := httptest.NewRequest(method, "/", nil)
	r.Host = host
	r.URL = &url.URL{Path: plain, RawPath: path, RawQuery: query}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func text(t testing.TB, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFiles(t *testing.T) {
	h := Handler(edition, Options{})
	for target, want := range map[string]string{
		"/":                         "200 text/html; charset=utf-8 front",
		"/index.html":               "200 text/html; charset=utf-8 front",
		"/world/":                   "200 text/html; charset=utf-8 world",
		"/world/a%20b.html":         "200 text/html; charset=utf-8 space",
		"/ar/العالم/":               "200 text/html; charset=utf-8 العالم",
		"/feed.xml":                 "200 application/rss+xml; charset=utf-8 <rss/>",
		"/atom.xml":                 "200 application/atom+xml; charset=utf-8 <feed/>",
		"/feed.json":                "200 application/feed+json; charset=utf-8 {}",
		"/data.json":                "200 application/json; charset=utf-8 {}",
		"/sitemap.xml":              "200 application/xml; charset=utf-8 <x/>",
		"/manifest.webmanifest":     "200 application/manifest+json; charset=utf-8 {}",
		"/style.css":                "200 text/css; charset=utf-8 0123456789",
		"/photo.JPG":                "200 image/jpeg jpg",
		"/LICENSE":                  "200 application/octet-stream free",
		"/.well-known/security.txt": "200 text/plain; charset=utf-8 known",
		"/none":                     "404 text/html; charset=utf-8 not here",
		"/world/none/x":             "404 text/html; charset=utf-8 not here",
		"/empty/":                   "404 text/html; charset=utf-8 not here",
		"/empty":                    "404 text/html; charset=utf-8 not here",
		"/ar/none/x/":               "404 text/html; charset=utf-8 ليس هنا",
		"/ar/none":                  "404 text/html; charset=utf-8 ليس هنا",
		"/style.css/":               "404 text/html; charset=utf-8 not here",
		"/.stet/manifest":           "404 text/html; charset=utf-8 not here",
		"/.stet/":                   "404 text/html; charset=utf-8 not here",
		"/.stet":                    "404 text/html; charset=utf-8 not here",
		"/%2estet/manifest":         "404 text/html; charset=utf-8 not here",
		"/world/.hidden":            "404 text/html; charset=utf-8 not here",
		"/_headers":                 "404 text/html; charset=utf-8 not here",
		"/_redirects":               "404 text/html; charset=utf-8 not here",
	} {
		r := get(h, "GET", target, "localhost:8080")
		if got := r.Status[:3] + " " + r.Header.Get("Content-Type") + " " + text(t, r); got != want {
			t.Errorf("%s: got %q, want %q", target, got, want)
		}
		if r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", target, r.Header)
		}
		head := get(h, "HEAD", target, "localhost:8080")
		if head.StatusCode != r.StatusCode || head.Header.Get("Content-Length") != r.Header.Get("Content-Length") || text(t, head) != "" {
			t.Errorf("HEAD %s: %v", target, head)
		}
	}
}

// What might be read in two ways is refused.
func TestTraversal(t *testing.T) {
	h := Handler(edition, Options{})
	for _, target := range []string{
		"/..", "/../x", "/world/../index.html", "/world/..", "/./index.html", "/world/.", "/%2e%2e/index.html", "/%2E%2E%2Findex.html", "/world/%2e%2e/x",
		"/..%2fx", "/world%2findex.html", "/%5c..%5cx", "/..\\x", "/world\\index.html", "/index.html%00", "/%00", "/index.html%00.txt", "//", "//example.org/", "/world//",
		"/%2f%2fexample.org/", "/\x7f", "/%0d%0aSet-Cookie:x", "/%ff", "/%c0%ae%c0%ae/x", "", "index.html", "/.%2e/x", "/%c2%85",
	} {
		r := get(h, "GET", target, "localhost")
		if r.StatusCode != http.StatusBadRequest {
			t.Errorf("%q: got %s, %s", target, r.Status, text(t, r))
		}
	}
}

func TestHosts(t *testing.T) {
	for host, want := range map[string]int{
		"localhost": 200, "localhost:8080": 200, "LOCALHOST": 200, "127.0.0.1:80": 200, "[::1]:8080": 200, "[::1]": 200, "localhost.": 200,
		"example.org": 421, "": 421, "localhost.example.org": 421, "127.0.0.1.nip.io:80": 421, "10.0.0.1": 421, "localhost:80@evil.example": 421, "evil.example:80": 421,
	} {
		if r := get(Handler(edition, Options{}), "GET", "/", host); r.StatusCode != want {
			t.Errorf("%q: got %s", host, r.Status)
		}
	}
	for _, known := range []string{"example.org", "*"} {
		if r := get(Handler(edition, Options{Hosts: []string{known}}), "GET", "/", "Example.org:80"); r.StatusCode != 200 {
			t.Errorf("with %s known: got %s", known, r.Status)
		}
	}
}

func TestMethods(t *testing.T) {
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE", "PATCH"} {
		if r := get(Handler(edition, Options{}), method, "/", "localhost"); r.StatusCode != 405 || r.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: got %s", method, r.Status)
		}
	}
}

func TestRedirects(t *testing.T) {
	h := Handler(edition, Options{})
	for target, want := range map[string]string{
		"/world":     "301 /world/",
		"/world?a=b": "301 /world/?a=b",
		"/ar/%D8%A7%D9%84%D8%B9%D8%A7%D9%84%D9%85": "301 /ar/%D8%A7%D9%84%D8%B9%D8%A7%D9%84%D9%85/",
		"/old/":                "301 /world/",
		"/old":                 "301 /world/",
		"/old/?a=b":            "301 /world/?a=b",
		"/قديم/":               "302 /ar/",
		"/?p=12":               "301 /world/",
		"/?p=13":               "200 ",
		"/blog/2024/x/a/b%20c": "301 /archive/x/2024/a/b%20c",
		"/blog/2024":           "404 ",
		"/self":                "301 /self/",
		"/self/":               "404 ",
		"/away":                "302 https://example.org/x?y=1",
		"/proxied":             "404 ",
		"/bad":                 "404 ",
		"/gone/a":              "301 //example.net/a",
	} {
		r := get(h, "GET", target, "localhost")
		if got := r.Status[:3] + " " + r.Header.Get("Location"); got != want {
			t.Errorf("%s: got %q, want %q", target, got, want)
		}
	}
}

func TestBase(t *testing.T) {
	for _, base := range []string{"/news/", "/news", "news"} {
		h := Handler(edition, Options{Base: base})
		for target, want := range map[string]string{
			"/": "302 /news/", "/news": "302 /news/", "/news/": "200 ", "/news/world": "301 /news/world/", "/news/world/": "200 ", "/world/": "404 ", "/newspaper/": "404 ", "/news/none": "404 ",
		} {
			r := get(h, "GET", target, "localhost")
			if got := r.Status[:3] + " " + r.Header.Get("Location"); got != want {
				t.Errorf("%s: got %q, want %q", target, got, want)
			}
			if r.StatusCode == 404 && text(t, r) != "not here" {
				t.Errorf("%s is not missing as it should be", target)
			}
		}
	}
}

func TestRanges(t *testing.T) {
	h := Handler(edition, Options{})
	r := get(h, "GET", "/style.css", "localhost", "Range", "bytes=2-4")
	if got := text(t, r); r.StatusCode != 206 || got != "234" {
		t.Errorf("got %s, %q", r.Status, got)
	}
	if r := get(h, "GET", "/style.css", "localhost", "Range", "bytes=20-"); r.StatusCode != 416 {
		t.Errorf("got %s", r.Status)
	}
	tag := r.Header.Get("ETag")
	if r := get(h, "GET", "/style.css", "localhost", "If-None-Match", tag); tag == "" || r.StatusCode != 304 {
		t.Errorf("got %s for %q", r.Status, tag)
	}
	if r := get(h, "GET", "/style.css", "localhost", "If-Modified-Since", r.Header.Get("Last-Modified")); r.StatusCode != 304 {
		t.Errorf("got %s", r.Status)
	}
}

// A folder may not be there yet, holds links out of it, and is replaced whole.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	public := filepath.Join(dir, "public")
	h := Handler(Folder(public), Options{})
	if r := get(h, "GET", "/", "localhost"); r.StatusCode != 404 || text(t, r) == "" {
		t.Errorf("without a folder: got %s", r.Status)
	}
	for _, words := range []string{"first", "second"} {
		os.RemoveAll(public)
		write(t, filepath.Join(public, "index.html"), words)
		write(t, filepath.Join(public, "_redirects"), "/"+words+" /\n")
		if got := text(t, get(h, "GET", "/", "localhost")); got != words {
			t.Errorf("got %q, want %q", got, words)
		}
		if r := get(h, "GET", "/"+words, "localhost"); r.StatusCode != 301 {
			t.Errorf("%s: got %s", words, r.Status)
		}
	}
	write(t, filepath.Join(dir, "secret.txt"), "secret")
	if err := os.Symlink("../secret.txt", filepath.Join(public, "link.txt")); err != nil {
		t.Skip(err)
	}
	if r := get(h, "GET", "/link.txt", "localhost"); r.StatusCode != 404 {
		t.Errorf("a link out of the folder: got %s", r.Status)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

// A real server takes the next port where one is taken, and ends with its
// context. It is sent requests that no client would write.
func TestListen(t *testing.T) {
	first, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	ctx, cancel := context.WithCancel(t.Context())
	ready, ended := make(chan net.Addr, 1), make(chan error, 1)
	go func() {
		ended <- Listen(ctx, first.Addr().String(), Handler(edition, Options{}), func(a net.Addr) { ready <- a })
	}()
	var addr string
	select {
	case a := <-ready:
		addr = a.String()
	case err := <-ended:
		t.Fatal(err)
	}
	if addr == first.Addr().String() {
		t.Error("two listen at", addr)
	}
	for line, want := range map[string]string{
		"GET / HTTP/1.1\r\nHost: localhost":                         "HTTP/1.1 200",
		"GET /%2e%2e%2fx HTTP/1.1\r\nHost: localhost":               "HTTP/1.1 400",
		"GET /../../etc/passwd HTTP/1.1\r\nHost: localhost":         "HTTP/1.1 400",
		"GET /%zz HTTP/1.1\r\nHost: localhost":                      "HTTP/1.1 400",
		"GET //example.org/%2e%2e HTTP/1.1\r\nHost: localhost":      "HTTP/1.1 400",
		"GET http://example.org/ HTTP/1.1\r\nHost: localhost":       "HTTP/1.1 421",
		"GET / HTTP/1.1\r\nHost: example.org":                       "HTTP/1.1 421",
		"GET / HTTP/1.0":                                            "HTTP/1.0 421",
		"OPTIONS * HTTP/1.1\r\nHost: localhost":                     "HTTP/1.1 ",
		"GET /world HTTP/1.1\r\nHost: localhost\r\nX: \r\n\tfolded": "HTTP/1.1 301",
	} {
		if got := send(t, addr, line); !strings.HasPrefix(got, want) {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if c, err := net.Dial("tcp", addr); err == nil {
		c.Close()
		t.Error("it listens still")
	}
}

func send(t *testing.T, addr, request string) string {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(5 * time.Second))
	io.WriteString(c, request+"\r\nConnection: close\r\n\r\n")
	b, _ := io.ReadAll(c)
	return string(b)
}

func TestAddresses(t *testing.T) {
	for _, addr := range []string{"8080", "localhost:http-or-so", "localhost:99999", "localhost:-1"} {
		var p diag.Problem
		if err := Listen(t.Context(), addr, nil, nil); !errors.As(err, &p) || p.Hint == "" {
			t.Errorf("%q: got %v", addr, err)
		}
	}
}

// Whatever is asked for, only files of the edition that are for readers are
// served.
func FuzzHandler(f *testing.F) {
	f.Add("/world/%2e%2e/.stet/manifest", "p=12")
	f.Add("/blog/a/b/c", "")
	f.Fuzz(func(t *testing.T, path, query string) {
		r := get(Handler(edition, Options{}), "GET", path+"?"+query, "localhost")
		if got := text(t, r); got == "secret" || got == "odd" {
			t.Errorf("%q served what is not for readers", path)
		}
		if to := r.Header.Get("Location"); strings.HasPrefix(to, "//") && !strings.HasPrefix(to, "//example.net/") {
			t.Errorf("%q leads to %q", path, to)
		}
	})
}

// Whatever _redirects holds, its rules can be asked.
func FuzzRules(f *testing.F) {
	f.Add(redirectLines, "/blog/2024/x/a")
	f.Fuzz(func(t *testing.T, lines, path string) {
		for _, r := range parseRules(lines) {
			r.match(&url.URL{Path: path})
		}
	})
}

var _ fs.StatFS = folder("")
