package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"stet/internal/browser"
)

// A desk is a preview whose edition the test makes, and a browser's tab that
// looks at it.
type desk struct {
	*testing.T
	dir, url string
	preview  *Preview
	server   *httptest.Server
	made     map[string]string
	next     Edition
	tab      context.Context

	mu   sync.Mutex
	asks map[string]int // how often each path was asked for
	cut  string         // the path that is not answered now, for the line is cut
}

// openDesk opens a desk with an edition in it.
func openDesk(t *testing.T, browser context.Context, o Options, files map[string]string) *desk {
	d := &desk{T: t, dir: t.TempDir(), made: map[string]string{}, asks: map[string]int{}}
	d.next.Title = "The Pellmouth Lantern"
	d.preview = NewPreview(Folder(d.dir), o)
	d.put(files)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		d.asks[r.URL.Path]++
		p, cut := d.preview, d.cut == r.URL.Path
		d.mu.Unlock()
		if cut {
			panic(http.ErrAbortHandler)
		}
		if strings.HasSuffix(r.URL.Path, ".css") {
			time.Sleep(100 * time.Millisecond) // long enough to be seen without
		}
		p.ServeHTTP(w, r)
	}))
	d.url, d.server = server.URL, server
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(func() {
		cancel()
		server.CloseClientConnections()
		server.Close()
	})
	ctx, cancel = context.WithTimeout(ctx, 60*time.Second)
	t.Cleanup(cancel)
	d.tab = ctx
	return d
}

// put puts files in place as a build does. A file without text is removed.
func (d *desk) put(files map[string]string) {
	d.Helper()
	release := d.preview.Hold()
	d.next.Changed, d.next.Removed = nil, nil
	for name, text := range files {
		path := filepath.Join(d.dir, filepath.FromSlash(name))
		switch {
		case text == "":
			if err := os.Remove(path); err != nil {
				d.Fatal(err)
			}
			d.next.Removed = append(d.next.Removed, name)
		case text != d.made[name]:
			write(d.T, path, text)
			d.next.Changed = append(d.next.Changed, name)
		}
		d.made[name] = text
	}
	release()
	d.preview.Show(d.next)
}

func (d *desk) visit(path string) {
	d.Helper()
	if err := chromedp.Do(d.tab, chromedp.Navigate(d.url+path)); err != nil {
		d.Fatal(err)
	}
	d.sees(`galley.style.display !== "none" && root.querySelector(".bar").textContent`)
}

// ask evaluates an expression in the page, in which galley and root are the
// preview's element and its shadow tree.
func ask[T any](d *desk, expression string) T {
	d.Helper()
	v, err := chromedp.Run(d.tab, chromedp.Evaluate[T](inPage(expression)))
	if err != nil {
		d.Fatalf("%s: %v", expression, err)
	}
	return v
}

func inPage(expression string) string {
	return `(() => { const galley = document.querySelector("stet-galley"), root = galley?.shadowRoot; return ` + expression + ` })()`
}

// sees waits until an expression is true.
func (d *desk) sees(expression string) {
	d.Helper()
	var got any
	for range 250 {
		v, err := chromedp.Run(d.tab, chromedp.Evaluate[any](`(() => { try { return `+inPage(expression)+` } catch (e) { return null } })()`))
		if d.tab.Err() != nil {
			d.Fatal(d.tab.Err())
		}
		if got = v; err == nil && v != nil && v != false && v != "" && v != 0.0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	d.Fatalf("the page never sees %s, but %v", expression, got)
}

func (d *desk) asked(path string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.asks[path]
}

// shot keeps a picture of the window, at a width, for people to look at.
func (d *desk) shot(name string, width, height int64, scheme string) {
	d.Helper()
	dir := os.Getenv("STET_SHOTS")
	if dir == "" {
		dir = d.ArtifactDir()
	}
	_, err := chromedp.Call(d.tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	if err == nil {
		err = chromedp.Do(d.tab, chromedp.EmulateViewport(width, height), chromedp.Sleep(120*time.Millisecond))
	}
	var png []byte
	if err == nil {
		png, err = chromedp.Run(d.tab, chromedp.CaptureScreenshot())
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
	}
	if err != nil {
		d.Fatal(err)
	}
}

const sheetText = `body { margin: 0 auto; max-width: 40rem; padding: 2rem 1rem 6rem; font: 18px/1.55 Georgia, serif; color: %s; background: Canvas; color-scheme: light dark }
p { margin: 0 0 1em } stet-galley, stet-galley * { display: none; color: red; font-size: 3px; position: absolute; opacity: 0 }
* { letter-spacing: 0 } @media print { h1 { text-transform: uppercase } nav { display: none } }`

// story is a page of many paragraphs, of which one is given.
func story(headline, css, fifth string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>%s</title>\n<link rel=\"stylesheet\" href=\"/assets/%s\">\n<script type=\"application/ld+json\">{\"headline\": %q}</script>\n</head>\n<body>\n", headline, css, headline)
	fmt.Fprintf(&b, "<nav><a href=\"/\">The Pellmouth Lantern</a></nav>\n<h1>%s</h1>\n", headline)
	for i := range 40 {
		text := "The mill stood by the weir for two hundred years, and on Tuesday night it burned until the river ran warm below it."
		if i == 5 {
			text = fifth
		}
		fmt.Fprintf(&b, "<p id=\"p%d\">%s</p>\n", i, text)
		if i == 20 {
			b.WriteString("<details><summary>Timeline</summary><p>At nine the first smoke was seen.</p></details>\n<form><input name=\"comment\"><textarea></textarea></form>\n")
		}
	}
	b.WriteString("<script>window.born = (window.born ?? 0) + 1</script>\n</body>\n</html>\n")
	return b.String()
}

// TestBrowser drives a real browser. Each part has a preview and a tab of its own.
func TestBrowser(t *testing.T) {
	browser := browser.Start(t)
	for name, part := range map[string]func(*testing.T, context.Context){
		"Morph": testMorph, "Sheets": testSheets, "Gone": testGone, "Cut": testCut, "Asleep": testAsleep, "Strict": testStrict, "Policy": testPolicy, "Overlay": testOverlay, "Panel": testPanel,
	} {
		t.Run(name, func(t *testing.T) { part(t, browser) })
	}
}

// What was edited shows, and what the reader did stays.
func testMorph(t *testing.T, browser context.Context) {
	d := openDesk(t, browser, Options{}, map[string]string{
		"fire/index.html": story("Fire at the mill", "site.1.css", "The fifth."), "other/index.html": story("Other", "site.1.css", "Other."), "assets/site.1.css": fmt.Sprintf(sheetText, "black"),
	})
	d.visit("/fire/")
	ask[any](d, `(window.mark = 1, document.querySelector("details").open = true, document.querySelector("input").value = "mine",
		document.querySelector("textarea").value = "also mine", document.querySelector("input").focus(), document.querySelector("#p25").scrollIntoView(), 0)`)
	ask[any](d, `(document.documentElement.style.overflowAnchor = "none", 0)`) // as in browsers that hold nothing still
	where := `Math.round(document.querySelector("#p25").getBoundingClientRect().top)`
	before := ask[int](d, where)
	d.put(map[string]string{"fire/index.html": story("Fire at the old mill", "site.1.css", strings.Repeat("The fifth is a good deal longer than it was. ", 30))})
	d.sees(`document.title === "Fire at the old mill" && document.querySelector("#p5").textContent.startsWith("The fifth is")`)
	d.sees(`document.querySelector("h1").textContent === "Fire at the old mill" && document.querySelector("script").textContent.includes("old mill")`)
	time.Sleep(50 * time.Millisecond)
	if after := ask[int](d, where); after < before-1 || after > before+1 {
		t.Errorf("what was read at %d is now at %d", before, after)
	}
	kept := ask[[]any](d, `[window.mark, window.born, document.querySelector("details").open, document.querySelector("input").value, document.querySelector("textarea").value, document.activeElement.name]`)
	if got, _ := json.Marshal(kept); string(got) != `[1,1,true,"mine","also mine","comment"]` {
		t.Errorf("the reader has %s", got)
	}
	times := d.asked("/fire/")
	d.put(map[string]string{"other/index.html": story("Another", "site.1.css", "Other.")})
	d.put(map[string]string{"fire/index.html": strings.Replace(d.made["fire/index.html"], `<p id="p6">`, `<p id="new">Between.</p><p id="p6">`, 1)})
	d.sees(`document.querySelector("#p5 + #new + #p6")`)
	if got := d.asked("/fire/"); got != times+1 {
		t.Errorf("the page was asked for %d times for one change", got-times)
	}
	d.put(map[string]string{"fire/index.html": strings.Replace(d.made["fire/index.html"], "window.born ??", "window.reborn ??", 1)})
	d.sees(`window.mark === undefined && document.readyState === "complete" && window.born === 1`)
}

// A style is swapped under the page, whether its name changes or not. So is a
// picture.
func testSheets(t *testing.T, browser context.Context) {
	picture := `<img src="/mill.svg" srcset="/mill.svg 1x">`
	d := openDesk(t, browser, Options{}, map[string]string{"index.html": story("Front", "site.1.css", picture), "mill.svg": mill, "assets/site.1.css": fmt.Sprintf(sheetText, "rgb(1, 2, 3)")})
	d.visit("/")
	ask[any](d, `(window.mark = 1, window.bare = 0, (function look() { getComputedStyle(document.body).maxWidth === "none" && window.bare++; requestAnimationFrame(look) })(), 0)`)
	d.put(map[string]string{"index.html": story("Front", "site.2.css", picture), "assets/site.2.css": fmt.Sprintf(sheetText, "rgb(4, 5, 6)"), "assets/site.1.css": ""})
	colour := func(want string) string {
		return `getComputedStyle(document.body).color === "` + want + `" && document.querySelectorAll("link[rel=stylesheet]").length === 1`
	}
	d.sees(colour("rgb(4, 5, 6)"))
	times := d.asked("/")
	d.put(map[string]string{"assets/site.2.css": fmt.Sprintf(sheetText, "rgb(7, 8, 9)"), "mill.svg": strings.Replace(mill, "<svg", `<svg width="77" height="50"`, 1)})
	d.sees(colour("rgb(7, 8, 9)"))
	d.sees(`document.querySelector("img").naturalWidth === 77`)
	if d.asked("/") != times || ask[int](d, `window.mark * 10 + window.bare`) != 10 {
		t.Error("the page was loaded anew, or was without a style, for a style")
	}
	ask[any](d, `(window.sheet = document.querySelector("link[rel=stylesheet]"), 0)`)
	d.put(map[string]string{"index.html": story("The front", "site.2.css", picture)})
	d.sees(`document.querySelector("h1").textContent === "The front"`)
	d.sees(colour("rgb(7, 8, 9)"))
	if !ask[bool](d, `window.sheet.isConnected && document.querySelector("img").naturalWidth === 77 && document.querySelector("img").currentSrc.includes("stet=")`) {
		t.Error("what was new is old again")
	}
}

// A page that is removed shows so, and comes back; one that lost its server
// finds the next.
func testGone(t *testing.T, browser context.Context) {
	d := openDesk(t, browser, Options{}, map[string]string{"a/index.html": story("A", "s.css", "x"), "404.html": "<title>Not here</title>", "assets/s.css": "p { color: red }"})
	d.visit("/a/")
	d.put(map[string]string{"a/index.html": ""})
	d.sees(`document.title === "Not here"`)
	d.put(map[string]string{"a/index.html": story("A again", "s.css", "x")})
	d.sees(`document.title === "A again" && document.readyState === "complete"`)
	ask[any](d, `(window.mark = 1, 0)`)
	write(t, filepath.Join(d.dir, "a/index.html"), story("A in another run", "s.css", "x")) // before the next run has shown anything
	d.mu.Lock()
	d.preview = NewPreview(Folder(d.dir), Options{})
	d.mu.Unlock()
	d.server.CloseClientConnections()
	d.sees(`document.title === "A in another run"`)
	d.sees(`window.mark === 1`)
}

// A line that is cut while the preview's script or the page anew is on its way
// leaves no page as it was.
func testCut(t *testing.T, browser context.Context) {
	d := openDesk(t, browser, Options{}, map[string]string{"index.html": story("Front", "s.css", "x"), "assets/s.css": "p { color: red }"})
	cut := func(path string, then func()) {
		d.mu.Lock()
		times := d.asks[path]
		d.cut = path
		d.mu.Unlock()
		then()
		eventually(t, path+" is asked for", func() bool { return d.asked(path) > times })
		d.mu.Lock()
		d.cut = ""
		d.mu.Unlock()
	}
	cut("/_stet/galley.js", func() {
		if err := chromedp.Do(d.tab, chromedp.Navigate(d.url+"/")); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the page listens", func() bool { return d.preview.listeners() == 1 })
		ask[any](d, `(window.mark = 1, 0)`)
	})
	cut("/", func() { d.put(map[string]string{"index.html": story("The front", "s.css", "x")}) })
	d.sees(`document.title === "The front" && window.mark === 1`)
	d.sees(`galley && galley.style.display !== "none" && root.querySelector(".bar").textContent`)
}

// A page that nobody sees listens to nobody, and learns what it missed.
func testAsleep(t *testing.T, browser context.Context) {
	d := openDesk(t, browser, Options{}, map[string]string{"index.html": story("Front", "s.css", "x"), "assets/s.css": "p { color: red }"})
	d.visit("/")
	eventually(t, "the page listens", func() bool { return d.preview.listeners() == 1 })
	hide := func(hidden bool) {
		ask[any](d, fmt.Sprintf(`(Object.defineProperty(document, "hidden", {value: %v, configurable: true}), document.dispatchEvent(new Event("visibilitychange")), window.mark = 1)`, hidden))
	}
	hide(true)
	eventually(t, "the page sleeps", func() bool { return d.preview.listeners() == 0 })
	d.put(map[string]string{"index.html": story("Missed", "s.css", "x")})
	d.put(map[string]string{"assets/s.css": "p { color: blue }"})
	hide(false)
	d.sees(`document.title === "Missed" && window.mark === 1 && getComputedStyle(document.querySelector("p")).color === "rgb(0, 0, 255)"`)
}

// A page may forbid scripts, styles and connections. It is shown all the same.
func testStrict(t *testing.T, browser context.Context) {
	strict := func(headline, policy string) string {
		return strings.Replace(story(headline, "s.css", "x"), "<meta", `<meta http-equiv="Content-Security-Policy" content="`+policy+`"><meta`, 1)
	}
	d := openDesk(t, browser, Options{}, map[string]string{"self/index.html": strict("Self", "default-src 'self'"), "none/index.html": strict("None", "default-src 'none'; script-src 'self'"), "assets/s.css": "p { color: red }"})
	d.visit("/self/")
	d.put(map[string]string{"self/index.html": strict("Self again", "default-src 'self'")})
	d.sees(`document.title === "Self again"`)
	if err := chromedp.Do(d.tab, chromedp.Navigate(d.url+"/none/")); err != nil {
		t.Fatal(err)
	}
	d.sees(`galley?.style.display === "none"`)
	time.Sleep(3 * 500 * time.Millisecond) // longer than the first attempts to come back
	if got := ask[string](d, `document.title + getComputedStyle(galley).display`); got != "Nonenone" {
		t.Errorf("got %s", got)
	}
	if n := d.asked("/_stet/events"); n != 1 {
		t.Errorf("the pages listened %d times", n)
	}
}

// A problem shows with its place and excerpt over the page that stands, can be
// put away, comes back when there is another, and goes when it is mended.
func testOverlay(t *testing.T, browser context.Context) {
	d := openDesk(t, browser, Options{Dir: "/home/ada/the paper"}, map[string]string{"index.html": story("Front", "s.css", "x"), "assets/s.css": fmt.Sprintf(sheetText, "CanvasText")})
	d.visit("/")
	const shown = `root.querySelector(".problems:not([hidden])")`
	d.next.Problems = []Problem{broken, warned}
	d.put(nil)
	d.sees(shown)
	for _, want := range []string{"content/world/fire.md:4:1", "unknown field \"autor\"", "4 │ autor: <b>Ada</b>\n  ╵ ~~~~~", "did you mean \"author\"?"} {
		if got := ask[string](d, `root.querySelector(".problems .list").textContent`); !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	if got := ask[string](d, shown+`.querySelector(".place a").href`); got != "vscode://file/home/ada/the%20paper/content/world/fire.md:4:1" {
		t.Errorf("the editor is given %s", got)
	}
	if n := ask[int](d, `root.querySelectorAll("b, .problems .problem[data-severity=warning]").length`); n != 0 {
		t.Error("text of a file is markup, or a warning covers the page")
	}
	d.sees(`root.querySelector("[role=status]").textContent.includes("content/world/fire.md:4:1")`)
	d.sees(`document.elementFromPoint(innerWidth / 2, innerHeight - 60) !== galley`) // the page can be used
	d.shots("problems", 1280, 800)
	d.shots("problems-phone", 390, 844)
	key(d, kb.Escape)
	d.sees(`!` + shown + ` && root.querySelector(".bar .badge.error").textContent === "1"`)
	d.put(nil)
	ask[any](d, `location.reload()`)
	d.sees(`root.querySelector(".bar .badge.error") && !` + shown)
	second := broken
	second.Line = 5
	d.next.Problems = []Problem{broken, second}
	d.put(nil)
	d.sees(shown + `?.querySelectorAll(".problem").length === 2`)
	d.next.Problems = nil
	d.put(nil)
	d.sees(`!` + shown + ` && !root.querySelector(".badge.error")`)
}
