package service

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"stet/internal/browser"
	"stet/internal/comments"
)

// A clerk is somebody at the desk in a real browser.
type clerk struct {
	*bench
	tab context.Context
}

func (b *bench) clerk(t *testing.T) *clerk {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser takes its time")
	}
	c := &clerk{b, browser.Start(t)}
	c.do(chromedp.EmulateViewport(1280, 900), chromedp.Navigate(b.url+"/desk/"),
		chromedp.SendKeys("#name", editorName), chromedp.SendKeys("#password", goodPassword+kb.Enter), chromedp.WaitVisible("#list"))
	return c
}

func (c *clerk) do(actions ...chromedp.Action[chromedp.Void]) {
	c.Helper()
	for _, a := range actions {
		if err := chromedp.Do(c.tab, a); err != nil {
			c.Fatal(err)
		}
	}
}

// press presses keys, one after another, once the page listens to them.
func (c *clerk) press(keys string) {
	c.Helper()
	c.sees(`document.readyState + document.getElementById("show-keys").hidden`, "completefalse")
	for _, key := range keys {
		c.do(chromedp.KeyEvent(string(key)))
	}
}

// sees waits until an expression has a value.
func (c *clerk) sees(expression string, want any) {
	c.Helper()
	var got any
	var err error
	for range 400 {
		if got, err = chromedp.Run(c.tab, chromedp.Evaluate[any](expression)); err == nil && fmt.Sprint(got) == fmt.Sprint(want) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	c.Fatalf("%s is %v, %v, not %v", expression, got, err, want)
}

const focus = `document.activeElement.id`

// A moderator works through the queue by keys alone. The focus is where the next
// comment is, and what was done can be taken back.
func TestDeskKeys(t *testing.T) {
	b := newDesk(t)
	var all []comments.Comment
	for i := range 6 {
		all = append(all, b.waits(comments.Comment{Text: fmt.Sprintf("Comment %d. It has more to say.", i), Sent: b.Now().Add(time.Duration(i) * time.Second)}))
	}
	card := func(i int) string { return "c-" + all[i].ID }
	state := func(i int, want comments.State) {
		t.Helper()
		for range 400 {
			if b.stateOf(all[i].ID).State == want {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatalf("comment %d is %s, not %s", i, b.stateOf(all[i].ID).State, want)
	}
	c := b.clerk(t)
	c.press("a") // no comment is meant yet
	c.press("j")
	c.sees(focus, card(0))
	c.press("jjk")
	c.sees(focus, card(1))
	c.press("a")
	state(1, comments.Approved)
	c.sees(focus, card(2))
	c.sees(`document.activeElement.getAttribute("aria-describedby") + document.getElementById("notice").textContent.includes("1 comment approved")`, "noticetrue")
	c.press("r")
	state(2, comments.Rejected)
	c.sees(focus, card(3))
	c.press("s")
	state(3, comments.Spam)
	c.sees(focus, card(4))
	c.press("u")
	state(3, comments.Waiting)
	c.sees(focus, card(3))
	c.press("e")
	c.sees(focus, "e-"+all[3].ID)
	c.press("arsjk?") // letters of a text
	c.sees(`document.activeElement.value`, "arsjk?"+all[3].Text)
	c.press(kb.Escape)
	c.sees(focus, card(3))
	c.press("x")
	c.press("jx")
	c.sees(`document.querySelectorAll(".pick :checked").length`, 2)
	c.do(chromedp.Click(`.bulk .to-rejected`))
	state(3, comments.Rejected)
	state(4, comments.Rejected)
	c.sees(`document.getElementById("notice").textContent.includes("2 comments rejected")`, true)
	c.sees(focus, "list")
	c.press("?")
	c.sees(`document.getElementById("keys").open`, true)
	c.press("a") // the help is open: nothing happens below it
	c.do(chromedp.Click("#keys-on"))
	c.press("?")
	c.sees(`document.getElementById("keys").open`, false)
	c.press("ja")
	c.do(chromedp.Reload())
	c.press("ja")
	c.press("?")
	c.sees(`document.getElementById("keys").open + "" + document.getElementById("keys-on").checked`, "truefalse")
	state(0, comments.Waiting)
	// On an Arabic keyboard the same keys.
	c.do(chromedp.Click("#keys-on"))
	c.press("?")
	c.do(chromedp.Evaluate[chromedp.Void](`for (const [key, code] of [["ت", "KeyJ"], ["ش", "KeyA"]])
		document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true })); 0`))
	state(0, comments.Approved)
}

// Without script all of it is forms, and the browser goes to the next comment itself.
func TestDeskWithoutScript(t *testing.T) {
	b := newDesk(t)
	one, two := b.waits(comments.Comment{Text: "One", Sent: b.Now().Add(-time.Hour)}), b.waits(comments.Comment{Text: "Two"})
	c := b.clerk(t)
	if _, err := chromedp.Call(c.tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	c.do(chromedp.Navigate(b.url+"/desk/"), chromedp.Click("#c-"+one.ID+" .edit summary"), chromedp.SendKeys("#e-"+one.ID, ""),
		chromedp.Click("#c-"+one.ID+" .to-approved"), chromedp.WaitVisible("#notice"))
	c.sees(`location.hash + document.activeElement.id`, "#c-"+two.ID+"c-"+two.ID)
	if got := b.stateOf(one.ID).State; got != comments.Approved {
		t.Errorf("the comment is %s", got)
	}
	c.sees(`[...document.querySelectorAll("#show-keys, .all")].every(e => e.hidden)`, true)
}

const (
	allRules     = `rules: { "target-size": { enabled: true } }`
	contrastRule = `runOnly: ["color-contrast"]`
)

// axe finds what axe-core has against the open page.
func (c *clerk) axe(source, only string) (found []string) {
	c.Helper()
	c.do(chromedp.Evaluate[chromedp.Void](source))
	said, err := chromedp.Run(c.tab, chromedp.Evaluate[string](`axe.run(document, { resultTypes: ["violations"], `+only+` }).then(r =>
		JSON.stringify(r.violations.map(v => v.id + ": " + v.help + " " + v.nodes.map(n => n.target + " " + n.failureSummary).slice(0, 3).join("; "))))`, chromedp.EvalAwaitPromise))
	if err != nil {
		c.Fatal(err)
	}
	if err := json.Unmarshal([]byte(said), &found); err != nil {
		c.Fatal(err)
	}
	return found
}

// axeSource is axe-core, which .ci/run witnesses installs.
func axeSource(t *testing.T) string {
	t.Helper()
	cache, _ := os.UserCacheDir()
	file := filepath.Join(cache, "stet-tests/node_modules/axe-core/axe.min.js")
	data, err := os.ReadFile(file)
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatalf("%v: .ci/run witnesses installs it", err)
	} else if err != nil {
		t.Skipf("%v: nobody else looks at what it looks at (CI=true .ci/run witnesses installs it)", err)
	}
	return string(data)
}

// axe-core finds nothing against any page of the desk, on a phone and a wide screen,
// in both directions and schemes; nothing sticks out, and the policy lets all that
// pages have.
func TestDeskAxe(t *testing.T) {
	source := axeSource(t)
	b := newDesk(t)
	all := b.busy()
	ctx := t.Context()
	_, err := b.store.Edit(ctx, editorName, all[3].ID, "There were two inspections in ten years.")
	b.check(err)
	_, err = b.store.Reply(ctx, editorName, all[0].ID, "The Pellmouth Lantern", "Thank you.")
	b.check(err)
	_, _, err = b.store.DecideSeen(ctx, moderatorName, all[4].ID, comments.Waiting, comments.Spam)
	b.check(err)
	c := b.clerk(t)
	pages := []string{"", "?state=all&did=" + all[1].ID + "~waiting&met=" + all[4].ID, "?state=approved", "?story=" + fire, "?state=spam&q=nothing", "comment?id=" + all[0].ID, "person?of=" + all[2].ID,
		"forget?of=" + all[2].ID, "words?said=words", "log", "accounts?said=account", "account", "nowhere", "sign-in"}
	for _, lang := range []string{"en", "ar"} {
		for i, path := range pages {
			width := []int64{1280, 412}[i%2]
			if lang == "ar" {
				width = 1692 - width // the other one
			}
			switch {
			case lang == "ar" && slices.Contains(pages[1:5], path), lang == "en" && path == "sign-in":
				continue // the same but for its words; and one is signed in still
			case path == "sign-in":
				c.signOut()
			}
			c.look(lang, "light", width, path)
			c.sees(`document.documentElement.dir + !!document.querySelector("h1")`, map[string]string{"en": "ltrtrue", "ar": "rtltrue"}[lang])
			if path == "comment?id="+all[0].ID {
				c.do(chromedp.Click(".edit summary"))
			}
			for _, f := range c.axe(source, allRules) {
				t.Errorf("%s %s, %d px, light: %s", lang, path, width, f)
			}
			c.sees(`document.documentElement.scrollWidth <= innerWidth`, true)
			c.look(lang, "dark", width, path)
			for _, f := range c.axe(source, contrastRule) {
				t.Errorf("%s %s, %d px, dark: %s", lang, path, width, f)
			}
		}
	}
	// Of Arabic letters axe-core says nothing; the colours are those of the English pages.
	c.do(chromedp.Evaluate[chromedp.Void](`{
		document.querySelector("label").remove();
		const h1 = document.querySelector("h1");
		h1.textContent = "These words are pale";
		h1.style.color = "#333";
	}; 0`))
	found := c.axe(source, allRules)
	for _, name := range []string{"label", "color-contrast"} {
		if !slices.ContainsFunc(found, func(f string) bool { return strings.HasPrefix(f, name+":") }) {
			t.Errorf("axe-core says nothing of %s on a page where that is wrong: %v", name, found)
		}
	}
}

// look opens a page in a language, a colour scheme and a width. STET_SHOTS names a
// folder that gets a picture of it.
func (c *clerk) look(lang, scheme string, width int64, path string) {
	c.Helper()
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}
	if _, err := chromedp.Call(c.tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		c.Fatal(err)
	}
	if _, err := chromedp.Call(c.tab, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": lang}}); err != nil {
		c.Fatal(err)
	}
	c.do(chromedp.EmulateViewport(width, 900), chromedp.Navigate(c.url+"/desk/"+path))
	if dir := os.Getenv("STET_SHOTS"); dir != "" {
		png, err := chromedp.Run(c.tab, chromedp.CaptureScreenshot())
		c.check(err)
		name, _, _ := strings.Cut(path, "of=")
		c.check(os.WriteFile(filepath.Join(dir, fmt.Sprintf("desk-%s-%s-%d-%.12s.png", lang, scheme, width, url.QueryEscape(name))), png, 0o644))
	}
}

// signOut has the browser forget who it is.
func (c *clerk) signOut() {
	c.Helper()
	if _, err := chromedp.Call(c.tab, network.ClearBrowserCookies, cdp.Empty{}); err != nil {
		c.Fatal(err)
	}
}
