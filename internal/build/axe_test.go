package build_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// kindsOfPages are pages of the demo newspaper, one of each kind in each language.
var kindsOfPages = []string{
	"/", "/town/", "/town/ferrow/", "/town/2026/11/mill-fire/", "/opinion/2026/11/let-them-lean/", "/culture/2026/10/gull-point-light/",
	"/culture/2026/11/eight-crossings/", "/culture/2026/10/drowned-bell/", "/town/2026/11/highest-tide/", "/business/2026/11/lamplight-bakery/",
	"/tags/", "/tags/mill-fire/", "/authors/", "/authors/jun-ashby/", "/series/", "/series/holding-the-wall/", "/2026/", "/2026/11/", "/corrections/", "/about/", "/404.html",
	"/ar/", "/ar/البلدة/", "/ar/البلدة/2026/11/حريق-مطحنة-براندل/", "/ar/الرأي/2026/11/دعوهم-يميلون/", "/ar/الثقافة/2026/11/درس-الأربعاء/",
	"/ar/الثقافة/2026/11/ثماني-رحلات/", "/ar/tags/", "/ar/tags/حريق-المطحنة/", "/ar/authors/", "/ar/authors/jun-ashby/", "/ar/series/",
	"/ar/series/لكي-يصمد-السور/", "/ar/2026/", "/ar/2026/11/", "/ar/تصحيحات/", "/ar/من-نحن/", "/ar/404.html",
}

// module finds a file of an npm package, which .ci/run witnesses installs.
func module(t *testing.T, name string) string {
	t.Helper()
	cache, _ := os.UserCacheDir()
	file := filepath.Join(cache, "stet-tests/node_modules", filepath.FromSlash(name))
	if _, err := os.Stat(file); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s must be there: .ci/run witnesses installs it", file)
		}
		t.Skipf("%s is not there (CI=true .ci/run witnesses installs it): nobody else looks at what it looks at", file)
	}
	return file
}

// scheme has the browser ask for light or dark pages, on paper that does not move.
func (v *visitor) scheme(name string) {
	v.Helper()
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"}}
	if _, err := chromedp.Call(v.tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		v.Fatal(err)
	}
}

// An axeFinding is what axe-core has against a page, by the name of its rule.
type axeFinding struct {
	ID, Help string
	Nodes    []struct {
		Target         []any
		FailureSummary string
	}
}

func (f axeFinding) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", f.ID, f.Help)
	for _, n := range f.Nodes {
		fmt.Fprintf(&b, "\n    %v: %s", n.Target, strings.ReplaceAll(n.FailureSummary, "\n", "\n    "))
	}
	return b.String()
}

// axe has axe-core look at the open page with all of its rules that are no
// experiments, and those for targets of 24 px and for nothing but contrast if so said.
func (v *visitor) axe(source []byte, contrast bool) []axeFinding {
	v.Helper()
	options := `{ resultTypes: ["violations"], rules: { "target-size": { enabled: true } } }`
	if contrast {
		options = `{ resultTypes: ["violations"], runOnly: ["color-contrast", "link-in-text-block"] }`
	}
	v.do(chromedp.Evaluate[chromedp.Void](string(source)))
	said, err := chromedp.Run(v.tab, chromedp.Evaluate[string](`axe.run(document, `+options+`).then(r => JSON.stringify(r.violations))`, chromedp.EvalAwaitPromise))
	if err != nil {
		v.Fatal(err)
	}
	var found []axeFinding
	if err := json.Unmarshal([]byte(said), &found); err != nil {
		v.Fatal(err)
	}
	return found
}

// axed are the pages that axe-core looks at, with STET_LOOK=all every page that there
// is, and how long it may take.
func axed(t *testing.T) (paths []string, patience time.Duration) {
	if testing.Short() || os.Getenv("STET_LOOK") != "all" {
		return kindsOfPages, 5 * time.Minute
	}
	for _, p := range viewed(t, "demo", demoPaper).pages {
		paths = append(paths, "/"+p.path)
	}
	return paths, time.Hour
}

// axe-core finds nothing against any kind of page, in both directions: all of its
// rules on a phone in light colours, and those about colours in dark ones.
func TestAxe(t *testing.T) {
	t.Parallel() // with the other long ones
	paths, patience := axed(t)
	v := visitDemo(t, patience)
	source, err := os.ReadFile(module(t, "axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	for i, path := range paths {
		width := int64(412)
		if i%2 == 0 || len(path) < 6 { // every other one, and fronts
			width = 1280
		}
		v.scheme("light")
		v.do(chromedp.EmulateViewport(width, 900), chromedp.Navigate(v.url+path))
		v.is(`getComputedStyle(document.documentElement).direction + !!document.querySelector("h1")`, map[bool]string{false: "ltrtrue", true: "rtltrue"}[strings.HasPrefix(path, "/ar/")])
		for _, f := range v.axe(source, false) {
			t.Errorf("%s, %d px, light: %v", path, width, f)
		}
		v.scheme("dark")
		for _, f := range v.axe(source, true) {
			t.Errorf("%s, %d px, dark: %v", path, width, f)
		}
	}
	t.Logf("%d pages", len(paths))
	few := hosted(t, fewPaper.edition(t)) // where a story has everything that it can have
	for _, path := range []string{"/town/2026/11/mill/", "/town/2026/11/walk/", "/ar/town/2026/11/mill/"} {
		v.scheme("light")
		v.do(chromedp.EmulateViewport(412, 900), chromedp.Navigate(few+path))
		for _, f := range v.axe(source, false) {
			t.Errorf("%s of few words: %v", path, f)
		}
	}
	v.do(chromedp.Navigate(v.url + "/town/2026/11/mill-fire/"))
	const spoil = `const main = document.querySelector("main"), add = html => main.insertAdjacentHTML("beforeend", html);
		document.querySelector("main img").removeAttribute("alt");
		add("<h6>x</h6><p id=pale>These words are pale</p><ul id=small><li><a href=/a>x</a><li><a href=/b>x</a></ul>");
		document.getElementById("pale").style.cssText = "color: #888; background: #999";
		for (const a of document.querySelectorAll("#small a")) a.style.cssText = "display: block; font-size: 8px; line-height: 9px; inline-size: 12px";
		main.insertAdjacentHTML("afterend", "<p>outside of everything</p>")`
	v.do(chromedp.Evaluate[chromedp.Void]("{" + spoil + "}; 0"))
	found := v.axe(source, false)
	for _, name := range []string{"image-alt", "heading-order", "color-contrast", "target-size", "region"} {
		if !slices.ContainsFunc(found, func(f axeFinding) bool { return f.ID == name }) {
			t.Errorf("axe-core says nothing of %s on a page where that is wrong: %v", name, found)
		}
	}
}
