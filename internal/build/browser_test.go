package build_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"stet"
	"stet/internal/browser"
	"stet/internal/build"
)

// What a reader's browser makes of pictures: which of their sizes it takes, that
// nothing jumps while they arrive, and that they open.

// A visitor is a tab of a browser on the pages of an edition, whose pictures
// arrive slowly.
type visitor struct {
	*testing.T
	url string
	tab context.Context
}

// visitDemo opens a tab for the demo newspaper with all its pictures.
func visitDemo(t *testing.T, patience time.Duration) *visitor {
	t.Helper()
	if testing.Short() {
		t.Skip("all pictures of the newspaper are made, and a browser looks at them")
	}
	at := hosted(t, demoPaper.edition(t))
	tab, cancel := context.WithTimeout(browser.Start(t), patience)
	t.Cleanup(cancel)
	return &visitor{t, at, tab}
}

func visit(t *testing.T) *visitor {
	t.Helper()
	if testing.Short() {
		t.Skip("pictures are made, and a browser looks at them")
	}
	ctx := browser.Start(t)
	files := http.FileServer(http.Dir(lightPaper.edition(t)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if strings.HasPrefix(r.URL.Path, "/img/") {
			time.Sleep(150 * time.Millisecond)
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	ctx, cancel := context.WithTimeout(ctx, 90*time.Second)
	t.Cleanup(cancel)
	return &visitor{t, server.URL, ctx}
}

// lightSite is a site of pictures in two languages.
func lightSite(t *testing.T) build.Options {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "site.yaml", "format: 1\ntitle: The Paper\ntimezone: UTC\ncheck: {credit-missing: off, alt-missing: off}\nlanguages: {en: {}, ar: {title: الجريدة}}\n")
	for i, name := range []string{"lead", "text", "one", "two", "three", "left", "right"} {
		w, h := 2000, 1333
		if name == "right" {
			w, h = h, w
		}
		write(t, dir, "content/town/"+name+".jpg", drawnPhoto(t, w, h, i))
	}
	story := `---
title: %s
date: 2026-11-01
image: {src: %[2]slead.jpg, alt: The lead, caption: First, credit: AFP, size: wide}
---
Words before.

![In the text](%[2]stext.jpg "Second [AFP]")

[![With a link](%[2]stext.jpg)](https://stet.example/)

:::gallery
![Number one](%[2]sone.jpg "The first of three [AFP]")
![Number two](%[2]stwo.jpg "The second of three [AFP]")
![Number three](%[2]sthree.jpg "The third of three [AFP]")
:::

Words between.

:::pair
![On the left](%[2]sleft.jpg "Left [AFP]")
![On the right](%[2]sright.jpg "Right [AFP]")
:::

Words after.
`
	write(t, dir, "content/town/photos.md", fmt.Sprintf(story, "Photos", ""))
	write(t, dir, "content/ar/town/photos.md", fmt.Sprintf(story, "صور", "../../town/"))
	return build.Options{Dir: dir, Theme: stet.Theme(), Now: demoTime}
}

// drawnPhoto draws what is as hard to compress as a photo, a little.
func drawnPhoto(t *testing.T, w, h, seed int) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, color.RGBA{uint8(x*255/w + (x*y+seed)%7), uint8(y * 255 / h), uint8(40*seed + (x/40+y/40)%2*30), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 85}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const photosPage = "/town/2026/11/photos/"

func (v *visitor) do(actions ...chromedp.Action[chromedp.Void]) {
	v.Helper()
	for _, a := range actions {
		if err := chromedp.Do(v.tab, a); err != nil {
			v.Fatal(err)
		}
	}
}

// is waits until an expression has a value.
func (v *visitor) is(expression string, want any) {
	v.Helper()
	var got any
	var err error
	for range 150 {
		if got, err = chromedp.Run(v.tab, chromedp.Evaluate[any](`(() => { try { return `+expression+` } catch (e) { return String(e) } })()`)); err == nil && got == want {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	v.Errorf("%s is %v, want %v (%v)", expression, got, want, err)
}

// settled waits until every picture is there, those below included.
func (v *visitor) settled() {
	v.Helper()
	const script = `(async () => {
		for (const i of document.images) { i.scrollIntoView(); while (!i.complete) await new Promise(r => setTimeout(r, 20)); }
		return document.images.length;
	})()`
	if n, err := chromedp.Run(v.tab, chromedp.Evaluate[int](script, chromedp.EvalAwaitPromise)); err != nil || n < 7 {
		v.Fatal(n, err)
	}
}

// The browser takes the size that the window and the screen need, as WebP.
func TestCandidates(t *testing.T) {
	v := visit(t)
	for _, c := range []struct {
		width               int64
		scale               float64
		lead, text, gallery string
	}{
		{360, 1, "720", "400", "720"},
		{360, 2, "720", "720", "720"},
		{768, 1, "1280", "720", "1280"},
		{1280, 1, "1280", "720", "1280"},
		{1280, 2, "1920", "1120", "1920"},
	} {
		v.do(chromedp.EmulateViewport(c.width, 900, chromedp.EmulateScale(c.scale)), chromedp.Navigate(v.url+photosPage))
		v.settled()
		t.Logf("%d at %g", c.width, c.scale)
		for alt, width := range map[string]string{"The lead": c.lead, "In the text": c.text, "Number one": c.gallery} {
			v.is(`document.querySelector('img[alt="`+alt+`"]').currentSrc.match(/-(\d+)\.webp$/)[1]`, width)
		}
		v.is(`document.documentElement.scrollWidth <= innerWidth`, true)
	}
}

// Nothing moves while pictures arrive late.
func TestNoShift(t *testing.T) {
	v := visit(t)
	for _, width := range []int64{360, 1280} {
		v.do(chromedp.EmulateViewport(width, 900), chromedp.Navigate(v.url+photosPage))
		v.is(`(window.moved = 0, new PerformanceObserver(l => { for (const e of l.getEntries()) moved += e.value }).observe({type: "layout-shift", buffered: true}), true)`, true)
		v.settled()
		v.do(chromedp.Sleep(100 * time.Millisecond))
		v.is(`moved`, 0.0)
	}
}

// Pictures open and close by the keyboard, and without a script they are links.
func TestLightbox(t *testing.T) {
	v := visit(t)
	const (
		link    = `document.querySelector('a:has(> picture > img[alt="Number two"])')`
		caption = `document.querySelector("dialog figcaption").innerText`
	)
	for _, c := range []struct{ path, next, previous string }{{photosPage, kb.ArrowRight, kb.ArrowLeft}, {"/ar" + photosPage, kb.ArrowLeft, kb.ArrowRight}} {
		v.do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(v.url+c.path))
		v.is(`document.body.innerText.split("The second of three").length`, 2.0)
		v.is(`document.querySelector("dialog")`, nil)
		v.is(`(`+link+`.focus(), document.activeElement === `+link+`)`, true)
		v.do(chromedp.KeyEvent(kb.Enter))
		v.is(`document.querySelector("dialog").open`, true)
		v.is(caption+`.includes("The second of three") && `+caption+`.includes("[AFP]")`, true)
		v.is(`document.body.textContent.split("The second of three").length`, 2.0)
		v.is(`/2.*3/.test(document.querySelector("dialog").ariaLabel)`, true)
		v.do(chromedp.KeyEvent(c.next))
		v.is(caption+`.includes("The third of three")`, true)
		v.do(chromedp.KeyEvent(c.next))
		v.is(caption+`.includes("The first of three")`, true)
		v.do(chromedp.KeyEvent(c.previous), chromedp.KeyEvent(c.previous))
		v.is(caption+`.includes("The second of three")`, true)
		v.is(`document.querySelector("dialog img").naturalWidth`, 1120.0)
		v.is(`document.querySelector("dialog img").currentSrc.replace(/.*\/two-\w+-/, "")`, "1120.webp") // whole, as it is on the page
		v.is(`performance.getEntriesByType("resource").filter(e => /-1120\.jpg$/.test(e.name)).length`, 0.0)
		v.is(`document.querySelector("dialog").contains(document.activeElement)`, true)
		v.do(chromedp.KeyEvent(kb.Escape))
		v.is(`document.querySelector("dialog")`, nil)
		v.is(`document.activeElement === `+link, true)
		v.is(`[...document.querySelectorAll("figcaption")].map(c => c.textContent.split("of three").length).join("")`, "1122211")
		v.is(`location.pathname`, c.path)
	}
	v.is(`document.querySelector('a:has(> picture > img[alt="With a link"])').href`, "https://stet.example/")
	if _, err := chromedp.Call(v.tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	v.do(chromedp.Navigate(v.url+photosPage), chromedp.Click(`a:has(> picture > img[alt="Number two"])`))
	v.is(`document.contentType`, "image/jpeg")
	v.is(`/^\/img\/two-\w+-1120\.jpg$/.test(location.pathname)`, true)
}

// swipe moves a finger over the page, from a point to another, and lifts it.
func (v *visitor) swipe(x, y, toX, toY float64) {
	v.Helper()
	const steps = 8
	for i := range steps + 2 {
		e := input.DispatchTouchEventParams{Type: "touchMove"}
		part := float64(min(i, steps)) / steps
		e.TouchPoints = []*input.TouchPoint{{X: x + part*(toX-x), Y: y + part*(toY-y)}}
		switch i {
		case 0:
			e.Type = "touchStart"
		case steps + 1:
			e.Type, e.TouchPoints = "touchEnd", []*input.TouchPoint{}
		}
		if _, err := chromedp.Call(v.tab, input.DispatchTouchEvent, e); err != nil {
			v.Fatal(err)
		}
	}
}

// On a phone a swipe goes on in the direction of reading, and nothing else does.
func TestSwipe(t *testing.T) {
	v := visit(t)
	const link = `document.querySelector('a:has(> picture > img[alt="Number two"])')`
	caption := func(number string) {
		t.Helper()
		v.is(`document.querySelector("dialog figcaption").innerText.includes("The `+number+` of three")`, true)
	}
	for _, c := range []struct {
		path           string
		next, previous float64 // how far a finger moves
	}{{photosPage, -150, 150}, {"/ar" + photosPage, 150, -150}} {
		t.Log(c.path)
		v.do(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch), chromedp.Navigate(v.url+c.path))
		v.settled()
		v.is(`(`+link+`.scrollIntoView({block: "center"}), `+link+`.click(), document.querySelector("dialog").open)`, true)
		caption("second")
		v.swipe(180, 370, 180+c.next, 380)
		caption("third")
		v.swipe(180, 370, 180+c.next, 360) // they go round
		caption("first")
		v.swipe(180, 370, 180+c.previous, 370)
		caption("third")
		v.swipe(180, 370, 180+c.previous, 370)
		caption("second")
		for _, to := range [][2]float64{{150, 370}, {180, 600}, {260, 470}} { // too short, down, aslant
			v.swipe(180, 370, to[0], to[1])
			v.do(chromedp.Sleep(50 * time.Millisecond))
			caption("second")
		}
		v.is(`document.elementFromPoint(180, 715).closest("figcaption") !== null`, true)
		v.swipe(180, 715, 180+c.next, 715) // over the caption, which may scroll
		caption("third")
		v.is(`document.querySelector("dialog").scrollLeft + visualViewport.scale`, 1.0)
		v.is(`getSelection().toString()`, "")
	}
}
