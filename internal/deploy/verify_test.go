package deploy

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stet/internal/diag"
)

// aLongPaper is one with pages that are compressed, an old address that leads on,
// a story that was killed and an error page.
func aLongPaper() *paper {
	p := newPaper(12)
	for slug := range p.stories {
		p.stories[slug] += strings.Repeat(" And so on.", 200)
	}
	p.more["_redirects"] = "/old/ /news/story-001/ 301\n/was/ 410\n"
	p.more["old/index.html"] = "<meta http-equiv=refresh content='0; url=/news/story-001/'>"
	p.more["killed/index.html"], p.more["killed/410.txt"] = "no longer available", "gone\n"
	p.more["was/index.html"], p.more["about/index.html"] = "no longer available", "about us"
	p.more["404.html"], p.more["ar/404.html"], p.more["ar/index.html"] = "not here", "ليس هنا", "ar"
	return p
}

// verified sends an edition with compressed forms, and verifies it as it is seen
// at an address.
func (p place) verified(t *testing.T, e Edition, from string) (int, []diag.Problem) {
	t.Helper()
	e.Compressed([]string{"br", "gzip"})
	j := p.job(t, e)
	j.Verify = true
	rep, problems := Send(context.Background(), j)
	clear(t, problems)
	rep.BaseURL = from + "/"
	return aVerifier(t).Verify(context.Background(), rep)
}

func aVerifier(t *testing.T) Verifier {
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return Verifier{Client: &http.Client{Transport: transport}, Wait: 200 * time.Millisecond, Pause: 50 * time.Millisecond}
}

// finds sees to it that just these addresses are wrong, in these words.
func finds(t *testing.T, from string, problems []diag.Problem, want ...string) {
	t.Helper()
	var got []string
	for _, p := range problems {
		got = append(got, fmt.Sprintf("%s: %s", strings.TrimPrefix(p.Path, from), p.Text))
		if p.Hint == "" {
			t.Errorf("%s: nobody is told what to do", p.Path)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d are wrong, not %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i, w := range want {
		if !strings.HasPrefix(got[i], w) {
			t.Errorf("%q, not %q", got[i], w)
		}
	}
}

// passable has every user read a folder of the test's, as servers are others.
func passable(t *testing.T, dir string) {
	for up := dir; len(up) > len(os.TempDir()); up = filepath.Dir(up) {
		must(t, os.Chmod(up, 0o755))
	}
}

// Behind real servers what was sent is found, in each form and at each address;
// and what was changed behind Stet's back is told for what it is.
func TestVerify(t *testing.T) {
	for name := range Servers {
		t.Run(name, func(t *testing.T) {
			at := aFolder(t)
			passable(t, at.dir)
			p := aLongPaper()
			at.send(t, newPaper(1).edition())
			must(t, os.WriteFile(filepath.Join(at.dir, "_redirects"), []byte(p.more["_redirects"]), 0o644)) // the server is told of them when it begins
			must(t, os.WriteFile(filepath.Join(at.dir, "404.html"), nil, 0o644))
			must(t, os.MkdirAll(filepath.Join(at.dir, "ar"), 0o755))
			must(t, os.WriteFile(filepath.Join(at.dir, "ar", "404.html"), nil, 0o644))
			server := serving(t, name, at.dir)
			n, problems := at.verified(t, p.edition(), server.base)
			finds(t, server.base, problems)
			if n < 20 {
				t.Errorf("%d were read", n)
			}

			delete(p.stories, "story-011")
			delete(p.more, "about/index.html")
			for _, slug := range []string{"story-000", "story-002", "story-003", "story-004", arabic, decomposed} {
				p.stories[slug] += "Edited."
			}
			p.more["photo.jpg"] = "\xff\xd8 another photo"
			n, problems = at.verified(t, p.edition(), server.base)
			finds(t, server.base, problems)
			if n != 12 { // these, the front with feed and sitemap, and two are gone
				t.Errorf("%d were read, not those that changed", n)
			}

			on := func(name string) string { return filepath.Join(at.dir, filepath.FromSlash(name)) }
			packed, err := Compress([]byte("an old form"), "br")
			must(t, err)
			must(t, os.WriteFile(on(storyPath("story-000"))+".br", packed, 0o644))
			must(t, os.WriteFile(on(storyPath("story-002")), []byte("tampered"), 0o644))
			must(t, os.Remove(on(storyPath("story-002")+".br")))
			must(t, os.Remove(on(storyPath("story-002")+".gz")))
			must(t, os.WriteFile(on("photo.jpg"), []byte("\xff\xd8 a photo"), 0o644))
			for _, form := range []string{"", ".br", ".gz"} {
				must(t, os.Remove(on(storyPath("story-003")+form)))
			}
			must(t, os.MkdirAll(on("about"), 0o755))
			must(t, os.WriteFile(on("about/index.html"), []byte("about us"), 0o644))
			wrong := []string{
				"/about/: it should be gone, and is still there",
				"/news/story-000/: something else is there than was sent (sent as br): 11 bytes, sent were ",
				"/news/story-002/: something else is there than was sent: 8 bytes, sent were ",
				"/news/story-003/: it is not there: the server answers 404 Not Found",
				"/photo.jpg: the old one is still there",
			}
			for range 2 { // there is nothing to send, but what was sent last is looked at
				n, problems = at.verified(t, p.edition(), server.base)
				finds(t, server.base, problems, wrong...)
				if n != 11 { // of a story that has left nothing is kept
					t.Errorf("%d were read again", n)
				}
			}
			if !strings.Contains(problems[4].Hint, "stet deploy TARGET --verify") {
				t.Errorf("the hint is %q", problems[4].Hint)
			}
			must(t, os.WriteFile(on("about/index.html"), []byte("somebody else"), 0o644))
			_, problems = at.verified(t, p.edition(), server.base)
			wrong[0] = "/about/: it should be gone, and the server answers 200 OK with something else"
			finds(t, server.base, problems, wrong...)
		})
	}
}

// A server that leads elsewhere than the edition says, and one that knows no error
// page.
func TestVerifyLeads(t *testing.T) {
	at := aFolder(t)
	passable(t, at.dir)
	p := aLongPaper()
	at.send(t, p.edition())
	server := serving(t, "nginx", at.dir)
	p.more["_redirects"] = "/old/ /news/story-002/ 301\n"
	p.more["old/index.html"] = "<meta http-equiv=refresh content='0; url=/news/story-002/'>"
	_, problems := at.verified(t, p.edition(), server.base)
	finds(t, server.base, problems, "/old/: it should lead to /news/story-002/, and leads to /news/story-001/")

	plain := httptest.NewServer(http.FileServer(http.Dir(at.dir)))
	t.Cleanup(plain.Close)
	p.more["404.html"] = "it is not here"
	p.more["old/index.html"] += "<p>It is elsewhere.</p>" // which is a page to a server that leads nowhere
	_, problems = at.verified(t, p.edition(), plain.URL)
	finds(t, plain.URL, problems, "/nothing-is-here-")
	if p := problems[0]; p.Severity != diag.Warning || !strings.HasSuffix(p.Text, "does not answer with the site's error page") {
		t.Errorf("%+v", p)
	}
	// A host that has one address for a page, and another that has gone.
	moved := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rest, ok := strings.CutPrefix(r.URL.Path, "/news/"); ok {
			http.Redirect(w, r, plain.URL+"/news/"+rest, http.StatusMovedPermanently)
			return
		}
		http.Error(w, "no", http.StatusBadGateway)
	}))
	t.Cleanup(moved.Close)
	p.stories["story-004"] = "Short."
	p.more["photo.jpg"] = "new"
	_, problems = at.verified(t, p.edition(), moved.URL)
	finds(t, moved.URL, problems, "/photo.jpg: the server answers 502 Bad Gateway")
	moved.Close()
	_, problems = at.verified(t, p.edition(), moved.URL)
	if len(problems) != 2 || !strings.Contains(problems[0].Text, "refused") || problems[0].Severity != diag.Error {
		t.Errorf("%+v", problems)
	}
}

// Redirects that are objects must lead on: a bucket that is no website shows an
// empty page.
func TestVerifyRedirectObjects(t *testing.T) {
	at := aFolder(t)
	p := aLongPaper()
	e := p.edition()
	e.Redirects("")
	plain := httptest.NewServer(http.FileServer(http.Dir(at.dir)))
	t.Cleanup(plain.Close)
	_, problems := at.verified(t, e, plain.URL)
	if len(problems) == 0 || problems[len(problems)-1].Text != "it should lead to /news/story-001/, and is an empty page" {
		t.Fatalf("%+v", problems)
	}
}

// A rollback is verified by the redirects of the edition that came back.
func TestVerifyRollback(t *testing.T) {
	at := aFolder(t)
	passable(t, at.dir)
	p := aLongPaper()
	at.send(t, p.edition())
	server := serving(t, "nginx", at.dir) // which leads as this edition says
	p.more["_redirects"] = "/old/ /news/story-002/ 301\n"
	p.more["old/index.html"] += " "
	p.stories["story-003"] = "A mistake."
	at.send(t, p.edition())
	j := at.job(t, Edition{})
	j.Rollback, j.Verify = true, true
	rep, problems := Send(context.Background(), j)
	clear(t, problems)
	rep.BaseURL = server.base + "/"
	n, problems := aVerifier(t).Verify(context.Background(), rep)
	finds(t, server.base, problems)
	if n != 2 {
		t.Errorf("%d were read", n)
	}
}

// aCache is nginx as a cache before another server, which keeps what it got for a
// while, whatever it is asked.
func aCache(t *testing.T, before, valid string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	listener.Close()
	work := t.TempDir()
	must(t, os.Chmod(work, 0o755))
	conf := "\tproxy_cache_path " + work + "/kept keys_zone=kept:1m;\n\tserver {\n\t\tlisten 80;\n\t\tlocation / {\n\t\t\tproxy_pass " + before + ";\n\t\t\tproxy_cache kept;\n" +
		"\t\t\tproxy_cache_key $uri$http_accept_encoding;\n\t\t\tproxy_ignore_headers Cache-Control Expires Vary;\n\t\t\tproxy_cache_valid any " + valid + ";\n\t\t\tproxy_set_header Accept-Encoding $http_accept_encoding;\n\t\t\tadd_header Age 42 always;\n\t\t}\n\t}\n"
	cmd := started["nginx"](t, work, conf, port)
	must(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { cmd.Process.Kill(); <-ended })
	for range 600 {
		if c, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
			c.Close()
			return "http://127.0.0.1:" + port
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the cache does not listen")
	return ""
}

// What a cache on the way keeps is told to be old, and one that forgets soon is
// waited for.
func TestVerifyCache(t *testing.T) {
	at := aFolder(t)
	passable(t, at.dir)
	p := aLongPaper()
	at.verified(t, p.edition(), "http://127.0.0.1:1")
	server := serving(t, "nginx", at.dir)
	for valid, wait := range map[string]time.Duration{"10m": 200 * time.Millisecond, "1s": 20 * time.Second} {
		cache := aCache(t, server.base, valid)
		look := func() []diag.Problem {
			e := p.edition()
			e.Compressed([]string{"br", "gzip"})
			j := at.job(t, e)
			j.Verify = true
			rep, problems := Send(context.Background(), j)
			clear(t, problems)
			rep.BaseURL = cache + "/"
			v := aVerifier(t)
			v.Wait = wait
			_, problems = v.Verify(context.Background(), rep)
			return problems
		}
		p.stories["story-005"] += " First " + valid
		finds(t, cache, look())
		p.stories["story-005"] += " Second"
		if valid == "1s" {
			finds(t, cache, look())
			continue
		}
		finds(t, cache, look(), "/news/story-005/: the old one is still there (sent as br), from a cache that has had it for 42 s")
		finds(t, cache, look(), "/news/story-005/: the old one is still there (sent as br), from a cache that has had it for 42 s")
		delete(p.stories, "story-005")
		if problems := look(); len(problems) < 1 || problems[len(problems)-1].Text != "it should be gone, and is still there, from a cache that has had it for 42 s" {
			t.Errorf("of the story that was killed: %+v", problems)
		}
	}
}
