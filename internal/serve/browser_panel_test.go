package serve

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"stet/internal/diag"
)

var broken = Problem{diag.Problem{
	Severity: diag.Error, Path: "content/world/fire.md", Line: 4, Column: 1, Length: 5, Text: `unknown field "autor"`, Hint: `did you mean "author"?`,
}, "    4 │ autor: <b>Ada</b>\n      ╵ ~~~~~\n"}

var warned = Problem{diag.Problem{
	Severity: diag.Warning, Path: "content/world/fire.md", Line: 12, Column: 8, Length: 9, Text: "the picture has no alt text", Hint: "say what is to be seen on it",
}, "   12 │ ![](mill.jpg)\n      ╵ ~~~~~~~~~~~~~\n"}

// What the panel knows of an article, and what it asks for.
func testPanel(t *testing.T, browser context.Context) {
	asked := make(chan string, 4)
	o := Options{Dir: "/home/ada/paper", AsOf: func(when string) error {
		if asked <- when; when == "2020-01-01T00:00" {
			return errors.New("there was no edition before 2021")
		}
		return nil
	}}
	d := openDesk(t, browser, o, map[string]string{"fire/index.html": story("Fire at the mill", "s.css", "x"), "about/index.html": story("About", "s.css", "x"), "assets/s.css": fmt.Sprintf(sheetText, "CanvasText"), "mill.svg": mill})
	d.next.Page = func(file string) *Facts {
		if file == "fire/index.html" {
			return &fire
		}
		return nil
	}
	d.next.Problems, d.next.Unpublished = []Problem{warned}, unpublished
	d.put(nil)
	d.visit("/fire/")
	d.sees(`root.querySelector(".bar").textContent.includes("Embargo") && root.querySelector(".badge.check").textContent === "1"`)
	d.keyboard()
	panel := ask[string](d, `root.querySelector(".panel").textContent`)
	for _, want := range []string{"Embargo until Wed 4 Mar 2026, 05:06 UTC", "1,204", "6 min", "town/article.html", "content/world/fire.md:12:8", "the picture has no alt text", "1 warning in the whole site", "content/world/fire.md", "Unpublished (4)"} {
		if !strings.Contains(panel, want) {
			t.Errorf("%q is not in the panel: %s", want, panel)
		}
	}
	for kind, want := range map[string]string{"card": "Fire at the mill", "search": "lantern.example › town", "social": "lantern.example"} {
		ask[any](d, `(root.querySelector("input[value=`+kind+`]").click(), 0)`)
		d.sees(`root.querySelector(".look.` + kind + `").textContent.includes("` + want + `")`)
		d.shots("panel-"+kind, 1280, 900)
	}
	if got := ask[string](d, `root.querySelector(".source a").href`); got != "vscode://file/home/ada/paper/content/world/fire.md" {
		t.Errorf("the editor is given %s", got)
	}
	d.asOf(asked)
	d.widths()
	d.shots("panel-phone", 390, 844)
	d.visit("/about/")
	d.sees(`root.querySelector(".panel:not([hidden]) .state").textContent.includes("no article")`)
	d.right()
}

// keyboard opens the panel, goes into it, leaves it, and opens it again.
func (d *desk) keyboard() {
	d.Helper()
	ask[any](d, `(root.querySelector(".bar").focus(), 0)`)
	key(d, kb.Enter)
	d.sees(`root.querySelector(".bar").getAttribute("aria-expanded") === "true" && !root.querySelector(".panel").hidden`)
	key(d, kb.Tab)
	key(d, kb.Tab)
	d.sees(`root.querySelector(".panel").contains(root.activeElement)`)
	key(d, kb.Escape)
	d.sees(`root.querySelector(".panel").hidden && root.activeElement === root.querySelector(".bar")`)
	key(d, kb.Enter)
	d.sees(`!root.querySelector(".panel").hidden`)
}

// asOf asks for other times.
func (d *desk) asOf(asked chan string) {
	d.Helper()
	when := func(text string) {
		ask[any](d, `(root.querySelector("#as-of").value = "`+text+`", root.querySelector("form button").click(), 0)`)
		if got := <-asked; got != text {
			d.Errorf("it is asked for %q", got)
		}
	}
	when("2020-01-01T00:00")
	d.sees(`root.querySelector(".time [role=alert]:not([hidden])").textContent.includes("no edition before")`)
	when("2026-04-01T08:00")
	d.sees(`root.querySelector(".time [role=alert]").hidden`)
	d.next.AsOf = "2026-04-01T08:00"
	d.put(nil)
	d.sees(`root.querySelector(".bar .as-of")`)
	ask[any](d, `([...root.querySelectorAll("form button")].find((b) => b.textContent === "Now").click(), 0)`)
	if got := <-asked; got != "" {
		d.Errorf("now is %q", got)
	}
	d.next.AsOf = ""
	d.put(nil)
	d.sees(`!root.querySelector(".bar .as-of")`)
}

// widths looks at the page as other windows have it, and as paper does.
func (d *desk) widths() {
	d.Helper()
	inside := `root.querySelector("iframe").contentWindow`
	for size, width := range map[string]int{"phone": 390, "tablet": 768, "print": 680} {
		ask[any](d, `(root.querySelector("input[value=`+size+`]").click(), 0)`)
		d.sees(fmt.Sprintf(`%s.innerWidth === %d && %[1]s.document.querySelector("h1")`, inside, width))
		if size == "print" {
			d.sees(inside + `.getComputedStyle(` + inside + `.document.body).colorScheme === "light"`)
			d.sees(inside + `.getComputedStyle(` + inside + `.document.querySelector("h1")).textTransform === "uppercase"`)
		}
		d.shots("width-"+size, 1280, 900)
	}
	if ask[bool](d, `!!`+inside+`.document.querySelector("stet-galley")`) {
		d.Error("there is a panel in the panel's frame")
	}
	key(d, kb.Escape)
	d.sees(`root.querySelector(".stage").hidden && root.querySelector(".widths input:checked").value === ""`)
}

// right looks at a page that is written from right to left, and at the list.
func (d *desk) right() {
	d.Helper()
	page := strings.Replace(story("حريق في الطاحونة", "s.css", "x"), `lang="en"`, `lang="ar" dir="rtl"`, 1)
	d.put(map[string]string{"about/index.html": page})
	d.sees(`galley.hasAttribute("mirrored") && root.querySelector(".bar").getBoundingClientRect().left < 40`)
	d.shots("panel-right-to-left", 1280, 900)
	d.visit("/_stet/")
	d.sees(`document.querySelectorAll("section").length === 3 && document.querySelectorAll("li").length === 4`)
	ask[any](d, `(root.querySelector(".bar").click(), 0)`)
	d.shots("unpublished", 1280, 900)
	d.shots("unpublished-phone", 390, 844)
	d.next.Unpublished = unpublished[:1]
	d.put(nil)
	d.sees(`document.querySelectorAll("li").length === 1`)
}

var at = time.Date(2026, 3, 4, 5, 6, 0, 0, time.UTC)

var fire = Facts{
	Source: "content/world/fire.md", State: "embargo", Until: at, Words: 1204, Minutes: 6, Layout: "town/article.html", Checks: []Problem{warned},
	Card: Look{Title: "Fire at the mill", Description: "The last working mill on the Pell burned down on Tuesday night. Nobody was hurt; two hundred years of ledgers are gone.",
		Image: "/mill.svg", Section: "Town", Byline: "By Ada Lovelace", Date: "4 March 2026"},
	Search: Look{Title: "Fire at the mill – The Pellmouth Lantern", Description: "The last working mill on the Pell burned down on Tuesday night. Nobody was hurt; two hundred years of ledgers are gone.",
		URL: "https://lantern.example › town › mill-fire", Site: "The Pellmouth Lantern", Date: "4 Mar 2026"},
	Social: Look{Title: "Fire at the mill", Description: "The last working mill on the Pell burned down on Tuesday night.", Image: "/mill.svg", URL: "lantern.example"},
}

var unpublished = []Unpublished{
	{"content/town/bridge.md", "The bridge will be closed until May", "Town", "/town/bridge/", "draft", time.Time{}},
	{"content/town/mill.md", "Fire at the mill", "Town", "/fire/", "embargo", at},
	{"content/ar/world/x.md", "حريق في الطاحونة القديمة", "العالم", "/ar/x/", "future", at},
	{"content/notice.md", "Road works in Mill Lane", "", "", "expired", at},
}

const mill = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200"><rect width="300" height="200" fill="#e9b872"/><circle cx="210" cy="60" r="34" fill="#f7e0a8"/><path d="M0 150h300v50H0z" fill="#5b4a3f"/><path d="M90 150V70l40-30 40 30v80z" fill="#8c1c24"/></svg>`

// shots keeps a picture in light and one in dark.
func (d *desk) shots(name string, width, height int64) {
	d.Helper()
	d.shot(name+"-light", width, height, "light")
	d.shot(name+"-dark", width, height, "dark")
}

func key(d *desk, name string) {
	d.Helper()
	if err := chromedp.Do(d.tab, chromedp.KeyEvent(name)); err != nil {
		d.Fatal(err)
	}
}
