package build_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"stet/internal/browser"
)

// How pages look: every kind of page of the demo newspaper and of the stress site,
// as a browser sets it.

const (
	paperWidth  = 605 // what is printed on of A4, in pixels of CSS
	zoomedWidth = 320 // what is left of 1280 at 400 %
)

// looks are the windows that a page is looked at in: in CI each width and each scheme
// once, with STET_LOOK=all all of them together.
func looks() (all []window) {
	for i, width := range []int64{360, 768, 1280} {
		for j, scheme := range []string{"light", "dark"} {
			if os.Getenv("STET_LOOK") == "all" || i%2 == j {
				all = append(all, window{width, "screen", scheme})
			}
		}
	}
	return append(all, window{zoomedWidth, "screen", "light"}, window{paperWidth, "print", "light"})
}

type window struct {
	width         int64
	media, scheme string
}

// TestLook looks at every kind of page, in both directions: nothing sticks out,
// nothing lies on anything else, and what else testdata/look.js asks. With
// STET_LOOK=all it looks at every page there is.
func TestLook(t *testing.T) {
	t.Parallel() // with the other long ones
	if testing.Short() {
		t.Skip("a browser looks at pages")
	}
	v, looked := startViewer(t), 0
	for _, site := range viewedSites(t) {
		for _, p := range site.pages {
			v.open(site.url + p.path)
			for _, w := range looks() {
				v.see(w.width, w.media, w.scheme)
				for _, fault := range v.faults() {
					t.Errorf("%s, %s, %s, %d %s %s: %s", site.name, p.kind, p.path, w.width, w.media, w.scheme, fault)
				}
			}
			looked++
			if pages := v.printed(); pages < 1 || pages > 40 {
				t.Errorf("%s, %s: printed on %d pages", site.name, p.path, pages)
			}
		}
	}
	t.Logf("%d pages, each in %d windows", looked, len(looks()))
}

// A reader who has letters of twice the size, on a phone, loses nothing of a page.
func TestLargeLetters(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser looks at pages")
	}
	v, demo := startViewer(t), viewed(t, "demo", demoPaper)
	for _, p := range demo.pages {
		v.open(demo.url + p.path)
		v.see(360, "screen", "light")
		v.do(`const sheet = new CSSStyleSheet(); sheet.replaceSync(":root { font-size: 200% !important }"); document.adoptedStyleSheets.push(sheet);`)
		for _, fault := range v.faults() {
			t.Errorf("%s, %s: %s", p.kind, p.path, fault)
		}
	}
}

// A lookSpoiler is what breaks a rule of look.js on a page: a style, or a script.
type lookSpoiler struct {
	rule, path    string
	width         int64
	style, script string
}

var lookSpoilers = []lookSpoiler{
	{rule: "wide", path: "", width: 360, style: `.card-lead { inline-size: 120vw }`},
	{rule: "wide", path: "ar/", width: 1280, style: `.card-lead { inline-size: 120vw }`},
	{rule: "wide", path: "", width: 768, style: `h2 { white-space: nowrap; inline-size: max-content; min-inline-size: 50rem }`},
	{rule: "box", path: "", width: 1280, style: `.card-title { white-space: nowrap }`},
	{rule: "box", path: "ar/", width: 360, style: `.card-title { white-space: nowrap }`},
	{rule: "box", path: "", width: 360, style: `.card-title { block-size: 1em }`},
	{rule: "cut", path: "", width: 1280, style: `.card { block-size: 5rem; overflow: hidden }`},
	{rule: "cut", path: "ar/", width: 360, style: `.card-title { inline-size: 4rem; overflow: clip; white-space: nowrap }`},
	{rule: "overlap", path: "", width: 360, style: `.card-summary { margin-block-start: -2rem }`},
	{rule: "overlap", path: "ar/", width: 1280, style: `.card-picture { position: absolute }`},
	{rule: "orphan", path: "", width: 1280, style: `.row > * { grid-column: span 1 !important } .row { grid-template-columns: 1fr 1fr !important } .row > :nth-child(even):last-child { display: none }`},
	{rule: "lead", path: "", width: 1280, style: `.card-lead { block-size: 12rem; inline-size: 14rem }`},
	{rule: "round", path: "opinion/", width: 1280, style: `.card > .author-photo { align-self: stretch }`},
	{rule: "line", path: "town/2026/11/mill-fire/", width: 1280, style: `:root { --measure: 42rem !important }`},
	{rule: "line", path: "town/2026/11/mill-fire/", width: 1280, style: `:root { --measure: 30rem !important }`},
	{rule: "line", path: "ar/الرأي/2026/11/بأي-لغة-تدق-الصفارة/", width: 1280, style: `:lang(ar) { --measure: 24rem !important }`},
	{rule: "scroll", path: "", width: 360, style: `.colophon { overflow-x: auto; inline-size: 300px } .colophon nav { inline-size: 400px }`},
	{rule: "h1", path: "", width: 360, script: `document.querySelector("h1").remove()`},
	{rule: "glyph", path: "", width: 360, script: `document.querySelector(".card-title a").append("\u0378")`},
}

// Each rule finds what breaks it, and nothing before.
func TestLookSpoilt(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser looks at pages")
	}
	v, demo := startViewer(t), viewed(t, "demo", demoPaper)
	for _, s := range lookSpoilers {
		v.open(demo.url + s.path)
		v.see(s.width, "screen", "light")
		ours := func(fault string) bool { return strings.HasPrefix(fault, s.rule+": ") }
		if slices.ContainsFunc(v.faults(), ours) {
			t.Errorf("%s at %d is %s before it is spoilt", s.path, s.width, s.rule)
		}
		v.do(fmt.Sprintf("const sheet = new CSSStyleSheet(); sheet.replaceSync(%q); document.adoptedStyleSheets.push(sheet);", s.style) + s.script)
		if faults := v.faults(); !slices.ContainsFunc(faults, ours) {
			t.Errorf("%s: not found: %s%s; but %q", s.rule, s.style, s.script, faults)
		}
	}
}

// A viewedSite is an edition at an address.
type viewedSite struct {
	name, url string
	pages     []viewedPage // one of each kind in each direction
}

type viewedPage struct{ kind, dir, path string }

// viewedSites are the two editions that are looked at.
func viewedSites(t *testing.T) []viewedSite {
	t.Helper()
	return []viewedSite{viewed(t, "demo", demoPaper), viewed(t, "stress", stressPaper)}
}

// viewed serves the edition of a paper, but for files of a pattern.
func viewed(t *testing.T, name string, p *paper, but ...string) viewedSite {
	t.Helper()
	ed, dir := p.read(t), p.edition(t)
	base, err := url.Parse(ed.base)
	if err != nil {
		t.Fatal(err)
	}
	files := http.StripPrefix(base.Path, http.FileServer(http.Dir(dir)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, pattern := range but {
			if regexp.MustCompile(pattern).MatchString(r.URL.Path) {
				http.NotFound(w, r)
				return
			}
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return viewedSite{name, server.URL + base.Path, kindsOf(ed)}
}

var (
	pageDir  = regexp.MustCompile(`<html[^>]* dir="(\w+)"`)
	pageKind = regexp.MustCompile(`<body class="kind-(\w+)"`)
	storyTyp = regexp.MustCompile(`<article class="story story-(\w+)`)
)

// kindsOf are the longest pages of each kind in each direction, fronts first;
// stories of another type are of another kind.
func kindsOf(ed *edition) (all []viewedPage) {
	longest := map[[2]string]string{}
	for name, p := range ed.pages {
		dir, kind := pageDir.FindStringSubmatch(p.text), pageKind.FindStringSubmatch(p.text)
		if dir == nil || kind == nil {
			continue
		}
		key := [2]string{kind[1], dir[1]}
		if typ := storyTyp.FindStringSubmatch(p.text); typ != nil && kind[1] == "article" {
			key[0] = typ[1]
		}
		if os.Getenv("STET_LOOK") == "all" {
			key[0] += " " + name
		}
		if was := longest[key]; was == "" || len(ed.files[was]) < len(p.text) || len(ed.files[was]) == len(p.text) && name < was {
			longest[key] = name
		}
	}
	for key, name := range longest {
		all = append(all, viewedPage{key[0], key[1], strings.TrimSuffix(name, "index.html")})
	}
	first := []string{"front", "section", "news", "feature", "opinion", "gallery", "live"}
	rank := func(p viewedPage) int {
		if at := slices.Index(first, p.kind); at >= 0 {
			return at
		}
		return len(first)
	}
	slices.SortFunc(all, func(a, b viewedPage) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a.kind+a.dir, b.kind+b.dir)
	})
	return all
}

// A viewer is a tab of a browser that looks at pages.
type viewer struct {
	*testing.T
	tab context.Context
	js  string // look.js
}

// startViewer starts a browser. The fonts that .ci/run installs are there in CI.
func startViewer(t *testing.T) *viewer {
	t.Helper()
	js, err := os.ReadFile("testdata/look.js")
	if err != nil {
		t.Fatal(err)
	}
	v := &viewer{t, browser.Start(t), string(js)}
	const lacking = `(() => {
		const c = new OffscreenCanvas(1, 1).getContext("2d"), wide = (font, text) => (c.font = "40px " + font, c.measureText(text).width);
		return Object.entries({ "Noto Serif": "Hamburg", "Noto Sans": "Hamburg", "Noto Naskh Arabic": "الجريدة", "Noto Sans Arabic": "الجريدة", "Noto Color Emoji": "🔥" })
			.filter(([font, text]) => wide('"' + font + '", monospace', text) === wide("monospace", text) && wide('"' + font + '", cursive', text) === wide("cursive", text)).map(([font]) => font).join(", ");
	})()`
	fonts, err := chromedp.Run(v.tab, chromedp.Evaluate[string](lacking))
	switch {
	case err != nil:
		t.Fatal(err)
	case fonts != "" && os.Getenv("CI") == "true":
		t.Fatalf("there is no %s here", fonts)
	case fonts != "":
		t.Skipf("there is no %s here: lines are of another length", fonts)
	}
	return v
}

// see sets what the window is like.
func (v *viewer) see(width int64, media, scheme string) {
	v.Helper()
	height, scale := int64(900), 1.0
	if width == zoomedWidth {
		height, scale = 225, 4
	}
	if err := chromedp.Do(v.tab, chromedp.EmulateViewport(width, height, chromedp.EmulateScale(scale))); err != nil {
		v.Fatal(err)
	}
	if _, err := chromedp.Call(v.tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media,
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}); err != nil {
		v.Fatal(err)
	}
}

// open opens a page.
func (v *viewer) open(url string) {
	v.Helper()
	if err := chromedp.Do(v.tab, chromedp.Navigate(url)); err != nil {
		v.Fatal(url, err)
	}
}

// do runs a script in the page.
func (v *viewer) do(script string) {
	v.Helper()
	if _, err := chromedp.Run(v.tab, chromedp.Evaluate[any]("(async () => { "+script+" })()", chromedp.EvalAwaitPromise)); err != nil {
		v.Fatal(err)
	}
}

// faults are what look.js finds in the page, once what observes sizes has run.
func (v *viewer) faults() []string {
	v.Helper()
	v.do("for (let i = 0; i < 2; i++) await new Promise(r => requestAnimationFrame(r));")
	faults, err := chromedp.Run(v.tab, chromedp.Evaluate[[]string](v.js))
	if err != nil {
		v.Fatal(err)
	}
	return faults
}

// printed prints the page on A4 and counts the sheets of paper.
func (v *viewer) printed() int {
	v.Helper()
	css := true
	pdf, err := chromedp.Call(v.tab, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: 8.27, PaperHeight: 11.69, PreferCSSPageSize: &css})
	if err != nil {
		v.Fatal(err)
	}
	return bytes.Count(pdf.Data, []byte("/Type /Page\n"))
}
