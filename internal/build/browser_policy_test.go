package build_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"stet"
	"stet/internal/browser"
	"stet/internal/build"
)

// What a reader's browser asks for, and that the policy of the pages keeps it from
// nothing that they have.

// hosted serves an edition as a host does that reads _headers: each answer has the
// policy there. One page more breaks it.
func hosted(t *testing.T, edition string) string {
	t.Helper()
	rules, err := os.ReadFile(filepath.Join(edition, "_headers"))
	if err != nil {
		t.Fatal(err)
	}
	_, policy, found := strings.Cut(string(rules), "Content-Security-Policy: ")
	policy, _, _ = strings.Cut(policy, "\n")
	if !found {
		t.Fatalf("there is no policy in _headers: %s", rules)
	}
	files := http.FileServer(http.Dir(edition))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/") || strings.HasSuffix(r.URL.Path, ".html") {
			w.Header().Set("Content-Security-Policy", policy)
		}
		if r.URL.Path == "/broken/" {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, `<!doctype html><title>x</title><p style="color: red">x<script>1</script><img src="https://other.example/a.png">`)
			return
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// A witness of a tab notes what it complains of, and of which hosts it asks.
type tabWitness struct {
	sync.Mutex
	said, hosts []string
}

func (w *tabWitness) take() (said, hosts []string) {
	w.Lock()
	defer w.Unlock()
	said, hosts = w.said, w.hosts
	w.said, w.hosts = nil, nil
	return said, hosts
}

func watched(t *testing.T, tab context.Context) *tabWitness {
	t.Helper()
	w := &tabWitness{}
	err := chromedp.Listen(tab, func(ev any) {
		w.Lock()
		defer w.Unlock()
		switch ev := ev.(type) {
		case *log.EventEntryAdded:
			if !strings.HasSuffix(ev.Entry.URL, "/404.html") {
				w.said = append(w.said, ev.Entry.Text)
			}
		case *network.EventRequestWillBeSent:
			if u, err := url.Parse(ev.Request.URL); err == nil && u.Scheme != "data" {
				w.hosts = append(w.hosts, u.Host)
			}
		}
	})
	if err == nil {
		_, err = chromedp.Call(tab, log.Enable, cdp.Empty{})
	}
	if err == nil {
		_, err = chromedp.Call(tab, network.Enable, network.EnableParams{})
	}
	if err == nil {
		_, err = chromedp.Call(tab, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
			Source: `window.violations = []; addEventListener("securitypolicyviolation", e => violations.push(e.violatedDirective + " " + e.blockedURI))`})
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// The pages of the demo newspaper ask of their own site alone, and nothing of them
// is against their policy.
func TestPolicyHolds(t *testing.T) {
	v := visitDemo(t, 3*time.Minute)
	w := watched(t, v.tab)
	own := strings.TrimPrefix(v.url, "http://")
	for _, path := range []string{
		"/", "/town/", "/culture/2026/10/gull-point-light/", "/town/2026/11/mill-fire/", "/culture/2026/10/drowned-bell/", "/authors/", "/authors/jun-ashby/",
		"/tags/", "/tags/mill-fire/", "/series/holding-the-wall/", "/2026/", "/2026/11/", "/corrections/", "/about/", "/404.html",
	} {
		v.do(chromedp.Navigate(v.url + path))
		v.is(`document.readyState === "complete" && document.querySelector("meta[http-equiv=Content-Security-Policy]") !== null && document.querySelector("h1, h2") !== null`, true)
		v.do(chromedp.Evaluate[chromedp.Void](`scrollTo(0, document.body.scrollHeight)`), chromedp.Sleep(100*time.Millisecond))
		v.is(`violations.join()`, "")
		said, hosts := w.take()
		if len(said) > 0 || len(hosts) < 2 || slices.ContainsFunc(hosts, func(h string) bool { return h != own }) {
			t.Errorf("%s: the browser says %q, and asks of %q", path, said, hosts)
		}
	}
	v.do(chromedp.Navigate(v.url + "/broken/"))
	v.is(`violations.length`, 3.0)
	if said, _ := w.take(); len(said) != 3 {
		t.Errorf("of a page against the policy the browser says %q", said)
	}
}

// What another site shows is asked for when a reader chooses it, and stands in the
// place of its picture; without scripts it is a link.
func TestEmbedOpens(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser looks")
	}
	var mu sync.Mutex
	asked := map[string]int{}
	films := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked[r.URL.Path]++
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><title>A film</title><p>A film")
	}))
	t.Cleanup(films.Close)
	times := func(path string) int {
		mu.Lock()
		defer mu.Unlock()
		return asked[path]
	}
	host := strings.TrimPrefix(films.URL, "https://")
	dir, out := t.TempDir(), t.TempDir()
	write(t, dir, "site.yaml", "format: 1\ntitle: The Paper\ntimezone: UTC\ncheck: {credit-missing: off}\nlanguages: {en: {}, ar: {title: الجريدة}}\nallow: {frame: ['"+host+"']}\n")
	write(t, dir, "content/town/film.jpg", drawnPhoto(t, 1200, 900, 1))
	for _, lang := range []string{"", "ar/"} {
		write(t, dir, "content/"+lang+"town/film.md", fmt.Sprintf("---\ntitle: Film\ndate: 2026-11-01\n---\nAbove.\n\n"+
			":::embed {src=%q title=\"The mill\" image=/town/film.jpg href=%q ratio=2:1}\nThe mill. [Ada]\n:::\n\n:::embed {src=%q title=\"Only words\"}\n:::\n\nBelow.\n",
			films.URL+"/embed/"+lang, films.URL+"/page/"+lang, films.URL+"/words/"+lang))
	}
	write(t, dir, "static/town/film.jpg", drawnPhoto(t, 1200, 900, 1))
	_, problems := build.Run(t.Context(), build.Options{Dir: dir, Out: out, Theme: stet.Theme(), Now: demoTime})
	for _, p := range problems {
		t.Errorf("%v", p)
	}
	at := hosted(t, out)
	tab, cancel := context.WithTimeout(browser.Start(t, "ignore-certificate-errors"), 2*time.Minute)
	defer cancel()
	watched(t, tab)
	v := &visitor{t, at, tab}
	for _, lang := range []string{"", "ar/"} {
		v.do(chromedp.EmulateViewport(800, 900), chromedp.Navigate(at+"/"+lang+"town/2026/11/film/"))
		v.is(`document.querySelector(".embed-open img").complete && scrollY === 0 && (window.below = [...document.querySelectorAll(".body > p")].at(-1).getBoundingClientRect().top) > 0`, true)
		if n := times("/embed/"+lang) + times("/words/"+lang); n > 0 {
			t.Errorf("it was asked for %d times before anybody wished it", n)
		}
		shot(t, v, "embed-"+strings.Trim(lang, "/")+"-before")
		v.is(`(document.querySelector(".embed-open").focus(), true)`, true)
		v.do(chromedp.KeyEvent(kb.Enter))
		v.is(`document.querySelector("iframe").title + " " + (document.activeElement === document.querySelector("iframe"))`, "The mill true")
		v.is(`[...document.querySelectorAll(".body > p")].at(-1).getBoundingClientRect().top - below`, 0.0)
		v.is(`Math.round(document.querySelector("iframe").clientWidth / document.querySelector("iframe").clientHeight * 100)`, 200.0)
		v.is(`document.querySelector(".embed-open").pathname`, "/page/"+lang)
		for range 100 {
			if times("/embed/"+lang) > 0 {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		if times("/embed/"+lang) != 1 || times("/words/"+lang) != 0 || times("/page/"+lang) != 0 {
			t.Errorf("after a choice these were asked for: %v", asked)
		}
		v.is(`violations.join()`, "")
		v.do(chromedp.Click(`a.embed-open[data-frame]`))
		v.is(`document.querySelectorAll("iframe").length`, 2.0)
		shot(t, v, "embed-"+strings.Trim(lang, "/")+"-after")
	}
	if _, err := chromedp.Call(tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	v.do(chromedp.Navigate(at+"/town/2026/11/film/"), chromedp.Click(`a.embed-open`))
	v.is(`location.href`, films.URL+"/page/")
}

// shot keeps a picture of the page, where STET_SHOTS names a folder.
func shot(t *testing.T, v *visitor, name string) {
	t.Helper()
	dir := os.Getenv("STET_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(v.tab, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
	}
	if err != nil {
		t.Error(err)
	}
}
