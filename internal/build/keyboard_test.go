package build_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"stet/internal/browser"
)

// A stop is where the Tab key has led to.
type stop struct {
	In    string // the landmark or the part of the page that it is in
	Name  string // what it says
	Path  string // where it leads to, without its host
	Wrong string // what keeps a reader from seeing that it has the focus
}

// focused tells where the focus is. It is to be seen: in the window, with an outline
// of its own or of what it is drawn on, and with nothing lying over it.
const focused = `(() => {
	const e = document.activeElement;
	if (!e || e === document.body) return null;
	const wrong = [], part = e.closest("dialog, nav, header.masthead, main, footer");
	const lines = [e, ...e.querySelectorAll("*")].flatMap(x => [getComputedStyle(x), getComputedStyle(x, "::after")]);
	if (!lines.some(s => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2)) wrong.push("has no outline");
	const boxes = [...e.getClientRects()].filter(b => b.width && b.height);
	if (!boxes.length) wrong.push("has no place");
	else {
		const b = boxes[0], x = b.left + b.width / 2, y = b.top + Math.min(b.height, innerHeight) / 2;
		if (b.left < 0 || b.right > innerWidth + 1 || b.top < 0 || b.top + Math.min(b.height, 24) > innerHeight) wrong.push("is out of the window at " + [b.left, b.top, b.right, b.bottom].map(Math.round));
		const over = document.elementFromPoint(x, y);
		if (!over || !(e.contains(over) || over.contains(e) && over === e.parentElement)) wrong.push("lies under " + (over ? over.tagName + "." + over.className : "nothing"));
	}
	return { In: part ? part.tagName.toLowerCase() + (part.className ? "." + part.className.split(" ")[0] : "") : "", Wrong: wrong.join(", "),
		Name: (e.ariaLabel || e.textContent.trim() || e.querySelector("img")?.alt || e.tagName).replace(/\s+/g, " "), Path: e.href ? decodeURI(new URL(e.href).pathname + new URL(e.href).hash) : "" };
})()`

// tabbed presses the Tab key, or another, and tells where the focus is then.
func (v *visitor) tabbed(key string, options ...chromedp.KeyOption) *stop {
	v.Helper()
	v.do(chromedp.KeyEvent(key, options...))
	// A frame later what was scrolled to is drawn.
	v.do(chromedp.Evaluate[chromedp.Void](`new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))`, chromedp.EvalAwaitPromise))
	at, err := chromedp.Run(v.tab, chromedp.Evaluate[*stop](focused))
	if err != nil {
		v.Fatal(err)
	}
	if at != nil && at.Wrong != "" {
		v.Errorf("%s %q in %s: the focus %s", at.Path, at.Name, at.In, at.Wrong)
	}
	return at
}

// walk goes through a page by the Tab key until the focus leaves it.
func (v *visitor) walk(path string) []stop {
	v.Helper()
	v.do(chromedp.Navigate(v.url + path))
	var all []stop
	for at := v.tabbed(kb.Tab); at != nil; at = v.tabbed(kb.Tab) {
		all = append(all, *at)
		if len(all) > 400 {
			v.Fatalf("%s: the focus does not leave the page: %v", path, all[380:])
		}
	}
	return all
}

// Whoever has a keyboard alone reaches everything on a front page, in order, and
// sees where they are: on a desk and on a phone, in both directions.
func TestKeyboard(t *testing.T) {
	v := visitDemo(t, 3*time.Minute)
	v.scheme("light")
	for _, c := range []struct {
		path, skip, other string
		width             int64
	}{{"/", "Skip to content", "/ar/", 1280}, {"/ar/", "انتقل إلى المحتوى", "/", 412}} {
		v.do(chromedp.EmulateViewport(c.width, 700))
		all := v.walk(c.path)
		if len(all) < 30 || all[0].Name != c.skip || all[0].Path != c.path+"#page-main" {
			t.Fatalf("%s begins with %+v", c.path, all[:min(3, len(all))])
		}
		if i := slices.IndexFunc(all, func(s stop) bool { return s.In == "nav.languages" && s.Path == c.other }); i < 0 || i > 4 {
			t.Errorf("%s: the other language is at %d", c.path, i)
		}
		var order []string
		reached := map[string]bool{}
		for _, s := range all {
			reached[s.Path] = true
			if part, _, _ := strings.Cut(s.In, "."); len(order) == 0 || order[len(order)-1] != part {
				order = append(order, part)
			}
		}
		if got := strings.Join(order, " "); !strings.HasPrefix(got, " nav header nav ") || strings.Count(got, "main") != 1 || !strings.HasSuffix(got, " footer nav") {
			t.Errorf("%s: the focus goes through %s", c.path, got)
		}
		links, err := chromedp.Run(v.tab, chromedp.Evaluate[[]string](`[...document.links].filter(a => a.checkVisibility({ visibilityProperty: true })).map(a => decodeURI(a.pathname + a.hash))`))
		if err != nil || len(links) < 30 {
			t.Fatal(err, links)
		}
		for _, link := range links {
			if !reached[link] {
				t.Errorf("%s: the focus never gets to %s", c.path, link)
			}
		}
		// The first stop again: over the masthead, and on to the text.
		v.do(chromedp.Navigate(v.url + c.path))
		v.tabbed(kb.Tab)
		shot(t, v, fmt.Sprintf("skip-%d", c.width))
		v.do(chromedp.KeyEvent(kb.Enter))
		v.is(`document.activeElement.id + location.hash`, "page-main#page-main")
		if next := v.tabbed(kb.Tab); next == nil || next.In != "main" {
			t.Errorf("%s: after the link to the text the focus is at %+v", c.path, next)
		}
	}
}

// By the keyboard a story of pictures is opened, gone through and closed, where it was
// opened, and its other language is reached.
func TestKeyboardGallery(t *testing.T) {
	v := visitDemo(t, 3*time.Minute)
	v.scheme("dark")
	v.do(chromedp.EmulateViewport(1280, 700), chromedp.Navigate(v.url+"/culture/2026/11/eight-crossings/"))
	to := func(what string, is func(s *stop) bool) *stop {
		t.Helper()
		for range 60 {
			if s := v.tabbed(kb.Tab); s != nil && is(s) {
				return s
			}
		}
		t.Fatalf("the focus never gets to %s", what)
		return nil
	}
	to("a picture", func(s *stop) bool { return strings.HasPrefix(s.Path, "/img/") })
	opener := `document.querySelector("a.photo-open")`
	v.is(`document.activeElement === `+opener+` && document.activeElement.ariaHasPopup`, "dialog")
	v.do(chromedp.KeyEvent(kb.Enter))
	v.is(`document.querySelector("dialog").matches(":modal")`, true)
	name := `document.querySelector("dialog").ariaLabel`
	v.is(`/^\D*1\D+8\D*$/.test(`+name+`)`, true)
	var buttons []string
	for range 3 {
		s := v.tabbed(kb.Tab)
		if s == nil || s.In != "dialog.lightbox" {
			t.Fatalf("in the dialog the focus is at %+v", s)
		}
		buttons = append(buttons, s.Name)
	}
	if got := strings.Join(buttons, ", "); got != "Close, Previous picture, Next picture" {
		t.Errorf("the dialog has %s", got)
	}
	v.do(chromedp.KeyEvent(kb.Enter)) // next
	v.is(`/^\D*2\D+8\D*$/.test(`+name+`)`, true)
	v.do(chromedp.KeyEvent(kb.ArrowRight))
	v.is(`/^\D*3\D+8\D*$/.test(`+name+`)`, true)
	v.tabbed(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift))
	if s := v.tabbed(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)); s == nil || s.Name != "Close" {
		t.Fatalf("back at the first button the focus is at %+v", s)
	}
	v.do(chromedp.KeyEvent(kb.Enter))
	v.is(`document.querySelector("dialog") === null && document.activeElement === `+opener, true)
	if s := v.tabbed(kb.Tab); s == nil || s.In != "main" {
		t.Errorf("after the dialog the focus goes to %+v", s)
	}
	v.do(chromedp.Navigate(v.url + "/culture/2026/11/eight-crossings/"))
	to("the other language", func(s *stop) bool { return s.In == "nav.languages" })
	v.do(chromedp.KeyEvent(kb.Enter))
	v.is(`document.documentElement.dir + decodeURI(location.pathname)`, "rtl/ar/الثقافة/2026/11/ثماني-رحلات/")
}

// A focus that cannot be seen is found.
func TestFocusHidden(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser looks at a page")
	}
	tab, cancel := context.WithTimeout(browser.Start(t), time.Minute)
	defer cancel()
	v := &visitor{t, "", tab}
	for style, want := range map[string]string{
		"":                                   "",
		"a:focus { outline: none }":          "has no outline",
		"a { position: fixed; left: -99px }": "is out of the window",
		"div { position: fixed; inset: 0; height: 90px; background: red }": "lies under DIV",
	} {
		v.do(chromedp.Navigate("data:text/html,<!doctype html><style>a:focus{outline:3px solid} " + style + "</style><p><a href='https://stet.example/'>A link</a><div></div>"))
		v.do(chromedp.KeyEvent(kb.Tab))
		got, err := chromedp.Run(tab, chromedp.Evaluate[*stop](focused))
		if err != nil || got == nil || (want == "") != (got.Wrong == "") || !strings.Contains(got.Wrong, want) {
			t.Errorf("of %q it says %+v, want %q (%v)", style, got, want, err)
		}
	}
}
