package service

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"stet/internal/browser"
	"stet/internal/comments"
)

// A viewer is a reader in a real browser, on two origins: the newspaper's pages, which
// are as a build makes them as far as forms go, and the service's.
type viewer struct {
	*bench
	ctx   context.Context
	press string // the newspaper's address
}

func newViewer(t *testing.T) *viewer {
	if testing.Short() {
		t.Skip("a browser takes its time")
	}
	ctx := browser.Start(t)
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	d := &viewer{ctx: ctx}
	press := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!DOCTYPE html><html lang="en"><meta name="viewport" content="width=device-width"><title>%s</title><h1>A page of the newspaper</h1>
<form id="comment" method="post" action="%s/comment"><input type="hidden" name="story" value="%[1]s"><input type="hidden" name="lang" value="%[3]s">
<input id="name" name="name"><input id="email" name="email"><textarea id="text" name="text"></textarea><button>Send</button></form>
<form id="rating" method="post" action="%[2]s/rating"><input type="hidden" name="story" value="%[1]s"><input type="hidden" name="lang" value="%[3]s">
<button name="answer" value="yes">Yes</button></form>`, html.EscapeString(r.URL.Path), d.url, map[bool]string{false: "en", true: "ar"}[strings.HasPrefix(r.URL.Path, "/ar/")])
	}))
	t.Cleanup(press.Close)
	d.press = press.URL
	d.bench = newBench(t, func(o *Options) { o.Paper, o.MinTime = press.URL, -1 })
	return d
}

func (d *viewer) do(actions ...chromedp.Action[chromedp.Void]) {
	d.Helper()
	for _, a := range actions {
		if err := chromedp.Do(d.ctx, a); err != nil {
			d.Fatal(err)
		}
	}
}

func look[T any](d *viewer, expression string) T {
	d.Helper()
	v, err := chromedp.Run(d.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		d.Fatalf("%s: %v", expression, err)
	}
	return v
}

// goes waits until the browser is at an address.
func (d *viewer) goes(to string) {
	d.Helper()
	d.waits(`location.href === ` + strconv.Quote(to))
}

// waits waits until a page has come of which this holds. The one that is left
// cannot tell any more.
func (d *viewer) waits(expression string) {
	d.Helper()
	for range 100 {
		holds, err := chromedp.Run(d.ctx, chromedp.Evaluate[bool](`document.readyState === "complete" && `+expression))
		if err == nil && holds {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	d.Fatalf("never was %s: the browser shows %s", expression, look[string](d, "location.href + document.body.innerText"))
}

func (d *viewer) call(params any) {
	d.Helper()
	var err error
	switch p := params.(type) {
	case emulation.SetScriptExecutionDisabledParams:
		_, err = chromedp.Call(d.ctx, emulation.SetScriptExecutionDisabled, p)
	case emulation.SetEmulatedMediaParams:
		_, err = chromedp.Call(d.ctx, emulation.SetEmulatedMedia, p)
	}
	if err != nil {
		d.Fatal(err)
	}
}

// A reader whose browser runs no script comments, is told what is wrong, answers and
// rates, and is each time back at the story.
func TestBrowserWithoutScript(t *testing.T) {
	d := newViewer(t)
	d.call(emulation.SetScriptExecutionDisabledParams{Value: true})
	d.do(chromedp.Navigate(d.press+fire), chromedp.SendKeys("#name", "Ada"), chromedp.SendKeys("#text", "From a browser"), chromedp.Click("#comment button"))
	d.goes(d.url + "/comment")
	if got := look[string](d, `document.activeElement.className + "|" + document.querySelector(".faults").innerText`); got != "faults|There is a problem\nWrite your e-mail address" {
		t.Errorf("the focus is on %q", got)
	}
	d.do(chromedp.Click(".faults a"))
	if got := look[string](d, `document.activeElement.id`); got != "email" {
		t.Errorf("the link leads to %q", got)
	}
	d.do(chromedp.SendKeys("#email", "ada@example.org"), chromedp.Click("#comment button, form button"))
	d.goes(d.press + fire + "#comment-waiting")
	if all := d.stored(); len(all) != 1 || all[0].Text != "From a browser" {
		t.Errorf("stored is %+v", all)
	}
	parent := d.approved(harbr, "تعليق أول")
	story := d.press + (&url.URL{Path: harbr}).EscapedPath()
	d.do(chromedp.Navigate(d.url+"/reply?lang=ar&story="+url.QueryEscape(harbr)+"&to="+parent.ID),
		chromedp.SendKeys("#name", "ليلى"), chromedp.SendKeys("#email", "layla@example.org"), chromedp.SendKeys("#text", "رد"), chromedp.Click("#comment button, form button"))
	d.goes(story + "#comment-waiting")
	if all := d.stored(); len(all) != 3 || all[2].Parent != parent.ID {
		t.Errorf("stored is %+v", all)
	}
	d.do(chromedp.Navigate(d.press+fire), chromedp.Click("#rating button"))
	d.goes(d.url + "/rating")
	d.do(chromedp.Click("#comment button, form button"))
	d.goes(d.press + fire + "#rating-thanks")
	if tally, err := d.store.Tally(t.Context(), fire); err != nil || tally.Yes != 1 {
		t.Errorf("the tally is %+v, %v", tally, err)
	}
}

// Nothing of the service's pages is against axe-core, sticks out, or is against their
// own policy: in both directions and schemes, on a phone and on a desk.
func TestBrowserLook(t *testing.T) {
	d := newViewer(t)
	cache, _ := os.UserCacheDir()
	axe, err := os.ReadFile(filepath.Join(cache, "stet-tests/node_modules/axe-core/axe.min.js"))
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal(err)
	}
	for lang, story := range map[string]string{"en": fire, "ar": harbr} {
		parent := d.approved(story, map[string]string{"en": "I was there when it burned.\n\nThe bells rang for an hour.", "ar": "كنت هناك حين احترقت.\n\nدقت الأجراس ساعة."}[lang])
		for name, open := range map[string]string{
			"check":  `t("name").value = "Ada Marsh"; t("email").value = "ada@example.org"; t("text").value = "It was the mill of my grandfather.\n\nI worked there " + "for a long time ".repeat(12); t("comment").submit()`,
			"faults": `t("email").value = "nobody"; t("text").value = "longwordwithoutanyspaces".repeat(70); t("comment").submit()`,
			"rating": `document.querySelector("#rating button").click()`,
			"reply":  `location = "` + d.url + "/reply?lang=" + lang + "&story=" + url.QueryEscape(story) + "&to=" + parent.ID + `"`,
			"notice": `document.querySelector("[name=story]").value = "/nothing/"; t("text").value = "What I had written"; t("name").value = "Ada"; t("comment").submit()`,
		} {
			if lang == "ar" && name == "rating" {
				continue // that story has none
			}
			d.do(chromedp.Navigate(d.press + (&url.URL{Path: story}).EscapedPath()))
			look[chromedp.Void](d, `{ const t = id => document.getElementById(id); `+open+` }; 0`)
			d.waits(`location.origin === "` + d.url + `" && !!document.querySelector("main h1")`)
			for _, width := range []int64{360, 1280} {
				for _, scheme := range []string{"light", "dark"} {
					d.page(fmt.Sprintf("%s-%s-%d-%s", name, lang, width, scheme), width, scheme, string(axe))
				}
			}
		}
	}
	look[chromedp.Void](d, `{ document.documentElement.lang = ""; document.querySelector("main").insertAdjacentHTML("beforeend", "<input>") }; 0`)
	if len(axe) > 0 {
		if found := d.axe(string(axe)); len(found) < 2 {
			t.Errorf("of a page where two things are wrong axe-core says %+v", found)
		}
	}
	if all, err := d.store.Count(t.Context(), comments.Query{State: comments.Waiting}); err != nil || all != 0 {
		t.Errorf("%d are stored, %v", all, err)
	}
}

// page looks at the open page. STET_SHOTS names a folder that gets a picture of it.
func (d *viewer) page(name string, width int64, scheme, axe string) {
	d.Helper()
	d.call(emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	d.do(chromedp.EmulateViewport(width, 900), chromedp.Sleep(50*time.Millisecond))
	if wide := look[int64](d, `document.documentElement.scrollWidth`); wide > width {
		d.Errorf("%s is %d px wide", name, wide)
	}
	if plain := look[string](d, `getComputedStyle(document.querySelector("main")).fontFamily + getComputedStyle(document.body).direction`); !strings.HasSuffix(plain, map[bool]string{false: "ltr", true: "rtl"}[strings.Contains(name, "-ar-")]) {
		d.Errorf("%s is written %s", name, plain)
	}
	if len(axe) > 0 {
		for _, f := range d.axe(axe) {
			d.Errorf("%s: %+v", name, f)
		}
	}
	if dir := os.Getenv("STET_SHOTS"); dir != "" {
		png, err := chromedp.Run(d.ctx, chromedp.CaptureScreenshot())
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
		}
		if err != nil {
			d.Fatal(err)
		}
	}
}

// A finding is what axe-core has against a page.
type finding struct {
	ID, Help string
	Nodes    []struct{ HTML, FailureSummary string }
}

func (d *viewer) axe(source string) (found []finding) {
	d.Helper()
	look[chromedp.Void](d, source+";0")
	said, err := chromedp.Run(d.ctx, chromedp.Evaluate[string](`axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } }).then(r => JSON.stringify(r.violations))`, chromedp.EvalAwaitPromise))
	if err == nil {
		err = json.Unmarshal([]byte(said), &found)
	}
	if err != nil {
		d.Fatal(err)
	}
	return found
}
