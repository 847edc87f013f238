package deploy

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
)

const askedHeaders = `# what hosts are asked
/*
  X-Content-Type-Options: nosniff
  Referrer-Policy: strict-origin-when-cross-origin
/
  Content-Security-Policy: default-src 'none'; img-src 'self' data:; frame-ancestors 'self'
/*/
  Content-Security-Policy: default-src 'none'; img-src 'self' data:; frame-ancestors 'self'
/*.html
  Content-Security-Policy: default-src 'none'; img-src 'self' data:; frame-ancestors 'self'
/*.pdf
  Content-Security-Policy: frame-ancestors 'self'
/assets/*
  Cache-Control: public, max-age=31536000, immutable
/feed.xml
  Content-Type: application/rss+xml; charset=utf-8
/*/feed.xml
  Content-Type: application/rss+xml; charset=utf-8
/about/
  X-Odd: 100% "of" \ {it} $costs
`

const askedRedirects = `/old/ /world/ 301
/moved /about/?x=1#y 302
/%D8%B9/ /%D8%A7%D8%AE%D8%A8%D8%A7%D8%B1/ 301
/p id=5 /world/ 301
/p id=6 /about/ 308
/blog/* /world/:splat 301
/author/:name/ https://example.org/by/:name/ 302
/temp/* /world/:splat 307
/was-here/ 410
/proxy/* /world/:splat 200
`

// edition is one that lies on the disk, with the files beside that a target has
// which compresses.
func edition(t *testing.T) (dir string, files []string) {
	t.Helper()
	dir = t.TempDir()
	long := "<!doctype html><title>long</title>" + strings.Repeat("<p>A line of news.</p>\n", 200)
	for name, text := range map[string]string{
		"_headers": askedHeaders, "_redirects": askedRedirects,
		"index.html": long, "world/index.html": "<!doctype html>world", "about/index.html": "<!doctype html>about", "odd.html": long,
		"404.html": "<!doctype html>not here", "ar/404.html": "<!doctype html>ليس هنا", "ar/index.html": "<!doctype html>ar",
		"اخبار/index.html": "<!doctype html>اخبار", "feed.xml": "<rss/>" + strings.Repeat("<!-- news -->\n", 200), "world/feed.xml": "<rss/>", "ar/atom.xml": "<feed/>",
		"feed.json": "{}", "data.json": "{}", "sitemap.xml": "<urlset/>", "robots.txt": "User-agent: *\n", "manifest.webmanifest": "{}",
		"assets/site-0123456789.css": strings.Repeat("p { color: red }\n", 200), "assets/a-0123456789.js": "1", "img/a.webp": "webp", "a.pdf": "pdf", "b.svg": "<svg/>", "f.woff2": "font",
		"unknown.xyz": "?", ".stet/manifest": "secret", "blog/kept/index.html": "<!doctype html>kept",
		"killed/index.html": "<!doctype html>no longer available", "killed/410.txt": "gone\n", ".well-known/security.txt": "Contact: x\n",
	} {
		full := filepath.Join(dir, filepath.FromSlash(name))
		must(t, os.MkdirAll(filepath.Dir(full), 0o755))
		must(t, os.WriteFile(full, []byte(text), 0o644))
		if !strings.HasPrefix(name, "_") && !strings.HasPrefix(name, ".stet") && !strings.HasPrefix(name, "killed") && !strings.HasSuffix(name, "404.html") {
			files = append(files, name)
		}
		for how, ending := range Compressions {
			if Compressible(name, int64(len(text))) {
				packed, err := Compress([]byte(text), how)
				must(t, err)
				must(t, os.WriteFile(full+ending, packed, 0o644))
			}
		}
	}
	slices.Sort(files)
	return dir, files
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// started are the programs that serve the tests; each is started with a
// configuration, and told where it is.
var started = map[string]func(t *testing.T, dir, conf, port string) *exec.Cmd{
	"nginx": func(t *testing.T, dir, conf, port string) *exec.Cmd {
		program := witness(t, "nginx", "/usr/sbin/nginx")
		conf = strings.NewReplacer("listen 80;", "listen 127.0.0.1:"+port+";", "\tlisten [::]:80;\n", "").Replace(conf)
		const module = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so"
		load := "load_module " + module + ";\n"
		if _, err := os.Stat(module); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatal("nginx cannot send br here: install libnginx-mod-http-brotli-static")
			}
			load, conf = "", strings.ReplaceAll(conf, "\tbrotli_static on;", "\t#")
		}
		user := ""
		if os.Geteuid() == 0 {
			user = "user root;\n"
		}
		main := load + user + "daemon off;\nmaster_process off;\npid " + dir + "/pid;\nerror_log stderr;\nevents {}\nhttp {\n\taccess_log off;\n"
		for _, of := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
			main += fmt.Sprintf("\t%s_temp_path %s/%s;\n", of, dir, of)
		}
		must(t, os.WriteFile(dir+"/nginx.conf", []byte(main+conf+"}\n"), 0o644))
		return exec.Command(program, "-p", dir, "-c", dir+"/nginx.conf")
	},
	"caddy": func(t *testing.T, dir, conf, port string) *exec.Cmd {
		program := witness(t, "caddy", "/usr/bin/caddy")
		conf = "{\n\tadmin off\n}\n" + strings.Replace(conf, "\nhttp:// {", "\nhttp://127.0.0.1:"+port+" {", 1)
		must(t, os.WriteFile(dir+"/Caddyfile", []byte(conf), 0o644))
		cmd := exec.Command(program, "run", "--adapter", "caddyfile", "--config", dir+"/Caddyfile")
		cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_CONFIG_HOME="+dir, "XDG_DATA_HOME="+dir)
		return cmd
	},
	"apache": func(t *testing.T, dir, conf, port string) *exec.Cmd {
		program := witness(t, "apache2", "/usr/sbin/apache2")
		var main strings.Builder
		for _, name := range []string{"mpm_event", "authz_core", "dir", "mime", "headers", "rewrite", "alias"} {
			fmt.Fprintf(&main, "LoadModule %s_module /usr/lib/apache2/modules/mod_%[1]s.so\n", name)
		}
		fmt.Fprintf(&main, "ServerName 127.0.0.1\nListen 127.0.0.1:%s\nPidFile %s/pid\nErrorLog %[2]s/error.log\nDefaultRuntimeDir %[2]s\nMutex file:%[2]s default\nTypesConfig /dev/null\n", port, dir)
		if os.Geteuid() == 0 {
			main.WriteString("User www-data\nGroup www-data\n")
		}
		must(t, os.WriteFile(dir+"/apache.conf", []byte(main.String()+strings.Replace(conf, "*:80", "*:"+port, 1)), 0o644))
		return exec.Command(program, "-X", "-d", dir, "-f", dir+"/apache.conf")
	},
}

// witness is a program that tests look with, where it is installed.
func witness(t *testing.T, name, usual string) string {
	t.Helper()
	if p, err := exec.LookPath(name); err == nil {
		return p
	}
	if _, err := os.Stat(usual); err == nil {
		return usual
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("%s is not installed", name)
	return ""
}

// A visitor asks a server as browsers do, and follows nothing.
type visitor struct {
	t    *testing.T
	base string
}

func (v visitor) get(path string, accept string) (*http.Response, []byte) {
	v.t.Helper()
	r, err := http.NewRequest("GET", v.base+path, nil)
	must(v.t, err)
	r.Header.Set("Accept-Encoding", accept)
	answer, err := http.DefaultTransport.RoundTrip(r)
	must(v.t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	must(v.t, err)
	return answer, body
}

func serving(t *testing.T, name string, dir string) visitor {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	listener.Close()
	r, err := ReadRules(os.DirFS(dir), "/")
	must(t, err)
	conf := Servers[name](r, Served{Name: "The Post", Word: "post", Base: "/", Root: dir, Compress: []string{"br", "gzip"}, How: "stet new host " + name})
	work := t.TempDir()
	must(t, os.Chmod(work, 0o755))
	cmd := started[name](t, work, conf, port)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	must(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		cmd.Process.Kill()
		if t.Failed() {
			t.Logf("%s\n%s", conf, said.String())
		}
	})
	for range 600 {
		select {
		case err := <-ended:
			logged, _ := os.ReadFile(work + "/error.log") // Apache's
			t.Fatalf("%s has ended: %v\n%s%s\n%s", name, err, said.String(), logged, conf)
		case <-time.After(100 * time.Millisecond):
		}
		if c, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
			c.Close()
			return visitor{t, "http://127.0.0.1:" + port}
		}
	}
	t.Fatalf("%s does not listen", name)
	return visitor{}
}

// asked is what _headers says of a path, read in the plainest way.
func asked(path string) map[string]string {
	all := map[string]string{}
	fits := false
	for line := range strings.Lines(askedHeaders) {
		switch {
		case strings.HasPrefix(line, "/"):
			glob := regexp.QuoteMeta(strings.TrimSpace(line))
			fits = regexp.MustCompile("^" + strings.ReplaceAll(glob, `\*`, ".*") + "$").MatchString(path)
		case fits && strings.HasPrefix(line, " "):
			name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			all[name] = value
		}
	}
	return all
}

// Real servers with what is written for them say of each file what _headers and
// the room say.
func TestServers(t *testing.T) {
	dir, files := edition(t)
	for up := dir; len(up) > len(os.TempDir()); up = filepath.Dir(up) {
		must(t, os.Chmod(up, 0o755)) // Apache reads as another user
	}
	for name := range Servers {
		t.Run(name, func(t *testing.T) {
			v := serving(t, name, dir)
			for _, file := range files {
				v.file(URL("/", file), dir, file)
			}
			v.redirects()
			v.missing()
		})
	}
}

func (v visitor) file(path, dir, file string) {
	t := v.t
	want := asked(path)
	if want["Content-Type"] == "" {
		want["Content-Type"] = TypeOf(file)
	}
	if want["Cache-Control"] == "" {
		kind := KindOf(file, false)
		want["Cache-Control"] = HeaderOf(file, kind, nil).Cache
		if kind == Asset || kind == Feed && filepath.Base(file) != "feed.xml" && filepath.Base(file) != "atom.xml" && filepath.Base(file) != "feed.json" {
			delete(want, "Cache-Control")
		}
	}
	data, err := os.ReadFile(filepath.Join(dir, file))
	must(t, err)
	for _, accept := range []string{"identity", "gzip", "br, gzip"} {
		answer, body := v.get(path, accept)
		encoding := answer.Header.Get("Content-Encoding")
		switch encoding {
		case "gzip":
			r, err := gzip.NewReader(bytes.NewReader(body))
			must(t, err)
			body, _ = io.ReadAll(r)
		case "br":
			body, _ = io.ReadAll(brotli.NewReader(bytes.NewReader(body)))
		}
		wanted := ""
		if Compressible(file, int64(len(data))) {
			wanted = map[string]string{"gzip": "gzip", "br, gzip": "br"}[accept]
		}
		if answer.StatusCode != 200 || !bytes.Equal(body, data) || encoding != wanted {
			t.Errorf("%s (%s): %s, encoded by %q, %d bytes, not %d", path, accept, answer.Status, encoding, len(body), len(data))
		}
		if wanted != "" && !strings.Contains(strings.Join(answer.Header.Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("%s (%s): caches are not told that it depends on what is accepted", path, accept)
		}
		for name, value := range want {
			got := answer.Header.Values(name)
			if len(got) == 0 && value == "application/octet-stream" {
				continue // Apache says nothing, which means the same
			}
			if len(got) != 1 || !strings.EqualFold(got[0], value) {
				t.Errorf("%s (%s): %s is %q, not %q", path, accept, name, got, value)
			}
		}
		for _, name := range []string{"Content-Security-Policy", "X-Odd"} {
			if want[name] == "" && answer.Header.Get(name) != "" {
				t.Errorf("%s: nobody asked for %s: %s", path, name, answer.Header.Get(name))
			}
		}
	}
}

func (v visitor) redirects() {
	for _, c := range []struct {
		from   string
		status int
		to     string
	}{
		{"/old/", 301, "/world/"}, {"/old", 301, "/world/"}, {"/moved", 302, "/about/?x=1#y"}, {"/%D8%B9/", 301, "/%D8%A7%D8%AE%D8%A8%D8%A7%D8%B1/"},
		{"/p?id=5", 301, "/world/"}, {"/p?id=6", 308, "/about/"}, {"/p?id=7", 404, ""}, {"/p", 404, ""},
		{"/blog/a/b%20c", 301, "/world/a/b%20c"}, {"/blog/feed.xml", 301, "/world/feed.xml"}, {"/author/ann/", 302, "https://example.org/by/ann/"}, {"/temp/x", 307, "/world/x"},
		{"/blog/kept/", 200, ""}, {"/was-here/", 410, ""}, {"/killed/", 410, ""}, {"/world", 301, "/world/"},
	} {
		answer, _ := v.get(c.from, "identity")
		got := answer.Header.Get("Location")
		if u, err := url.Parse(got); err == nil && strings.HasPrefix(got, v.base) {
			got = u.EscapedPath()
			if u.RawQuery != "" {
				got += "?" + u.RawQuery
			}
			if u.Fragment != "" {
				got += "#" + u.Fragment
			}
		}
		if c.from == "/world" && answer.StatusCode == 308 {
			continue // Caddy's way
		}
		if answer.StatusCode != c.status || got != c.to && strings.ReplaceAll(got, " ", "%20") != c.to {
			v.t.Errorf("%s: %d %s, not %d %s", c.from, answer.StatusCode, got, c.status, c.to)
		}
	}
	if answer, _ := v.get("/temp/a%0d%0aSet-Cookie:x=1", "identity"); answer.Header.Get("Set-Cookie") != "" {
		v.t.Error("an address writes headers")
	}
}

func (v visitor) missing() {
	for path, want := range map[string]string{
		"/nope": "not here", "/world/nope/": "not here", "/ar/nope": "ليس هنا", "/img/": "not here", "/no/feed.xml": "not here",
		"/_headers": "not here", "/_redirects": "not here", "/.stet/manifest": "not here",
	} {
		answer, body := v.get(path, "identity")
		if answer.StatusCode != 404 || !strings.Contains(string(body), want) || answer.Header.Get("Content-Type") != types[".html"] {
			v.t.Errorf("%s: %s, %s: %s", path, answer.Status, answer.Header.Get("Content-Type"), body)
		}
		if !strings.Contains(answer.Header.Get("Content-Security-Policy"), "frame-ancestors") {
			v.t.Errorf("%s: the error page has no policy", path)
		}
	}
}
