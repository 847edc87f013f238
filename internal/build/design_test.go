package build_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"stet"
	"stet/internal/browser"
	"stet/internal/build"
)

// How the built-in theme sets a page, as a browser measures it: fronts of few and
// of many stories, headlines of all lengths, in both directions.

// headlines are of 3, 60 and 140 characters, and of one word that is too long.
var headlines = []string{
	"Ash", "Council votes by eleven to eight to mend the old harbour wall",
	"A headline of one hundred and forty characters that goes on about the harbour, the ferry, the mill, the market and the very long vote of them all",
	"Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "Bakers will not run short",
}

const blankDrawing = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800"/>`

// setSite writes a site of n stories, whose first has a picture or not, and
// returns the folder of its edition.
func setSite(t *testing.T, n int, lead bool) string {
	t.Helper()
	dir, out := t.TempDir(), t.TempDir()
	write(t, dir, "site.yaml", "format: 1\ntitle: The Paper\ndescription: News.\ntimezone: UTC\ncheck: {credit-missing: off, alt-missing: off}\nlanguages: {en: {}, ar: {title: الجريدة}}\n")
	write(t, dir, "content/town/p.svg", blankDrawing)
	for i := range n {
		picture := ""
		if i%4 != 3 && (i > 0 || lead) {
			picture = fmt.Sprintf("image: {src: /%s.svg, alt: A drawing, caption: %q, size: %s}\n", []string{"p", "tall", "p", "p"}[i%4], strings.Repeat("word ", 80), []string{"wide", "text", "full"}[i%3])
		}
		front := fmt.Sprintf("date: 2026-10-%02d\nauthor: [Ann Lee, Ben Cole, Cy Dow, Di Eng]\ntype: %s\ntags: [One, Two, Three, Four, Five, Six, Seven, Eight, Nine, Ten, Eleven, %s]\n%s---\n", 30-i%29, []string{"news", "opinion", "feature", "live"}[i%4], headlines[3], picture)
		section := []string{"town", "world", "sport"}[i%3]
		_, afterFirst, _ := strings.Cut(setText, "\n\n")
		write(t, dir, fmt.Sprintf("content/%s/s%d.md", section, i), "---\ntitle: "+headlines[i%5]+"\n"+front+setText)
		write(t, dir, fmt.Sprintf("content/ar/%s/s%d.md", section, i), "---\ntitle: حريق يلتهم علّية المطحنة القديمة والبلدة تستيقظ على الدخان\n"+front+arabicText+afterFirst)
	}
	write(t, dir, "static/p.svg", blankDrawing)
	write(t, dir, "static/tall.svg", strings.Replace(blankDrawing, "1200", "600", 1))
	_, problems := build.Run(context.Background(), build.Options{Dir: dir, Out: out, Theme: stet.Theme(), Now: demoTime})
	for _, p := range problems {
		t.Errorf("%v", p)
	}
	return out
}

// arabicText is long enough that its lines count.
const arabicText = "استيقظت البلدة قبل الفجر على رائحة الدخان، وخرج الناس إلى الجسر ينظرون إلى المطحنة القديمة وهي تحترق، وحمل الجيران الماء من النهر في الدلاء ساعة كاملة قبل أن تصل عربات الإطفاء من الوادي المجاور، ثم جلسوا على الدرج صامتين حتى طلع النهار وبرد الحجر. وقالت صاحبة المخبز إنها ستخبز للجميع هذا الصباح في فرن المدرسة، لأن أحدًا لم ينم، ولأن الخبز يجب أن يكون على الموائد قبل أن تدق الأجراس، كما كان في كل صباح منذ مئة سنة، في الصيف والشتاء.\n\n"

const setText = `The summary of this story is its first paragraph, which is long enough to be cut somewhere, as they are when nobody writes one by hand, and which goes on for a while yet, so that there are lines in it which are as long as the column is wide and can be counted, more than three of them on a desk.

| A | Long heading two | Long heading three | Long heading four | Long heading five | Long heading six |
| --- | --- | --- | --- | --- | --- |
| Donaudampfschifffahrt | 123,456,789 | 123,456,789 | 123,456,789 | 123,456,789 | 123,456,789 |

:::pullquote {by="Ann"}
It was loud, and then it was quiet.
:::
`

func TestDesign(t *testing.T) {
	t.Parallel() // with the other long ones
	if testing.Short() {
		t.Skip("a browser looks at pages")
	}
	v := startViewer(t)
	for _, c := range []struct {
		stories int
		lead    bool
	}{{1, true}, {3, true}, {3, false}, {5, true}, {9, false}, {40, true}} {
		server := httptest.NewServer(http.FileServer(http.Dir(setSite(t, c.stories, c.lead))))
		paths := []string{"/", "/ar/", "/town/", "/town/2026/10/s0/"}
		if c.stories == 40 {
			paths = append(paths, "/world/2026/10/s1/", "/sport/2026/10/s2/", "/ar/sport/2026/10/s2/", "/town/2026/10/s3/", "/authors/ann-lee/", "/tags/one/", "/2026/10/", "/404.html", "/ar/world/")
		}
		for _, path := range paths {
			v.open(server.URL + path)
			for _, width := range []int64{zoomedWidth, 360, 768, 1280} {
				v.see(width, "screen", "light")
				for _, fault := range v.faults() {
					t.Errorf("%d stories, lead %v: %s at %d: %s", c.stories, c.lead, path, width, fault)
				}
			}
		}
		server.Close()
	}
}

// What a reader's phone fetches of an article before its pictures: 20 KB, and 6
// of scripts.
func TestLight(t *testing.T) {
	out := setSite(t, 5, true)
	packed := func(pattern string) (n int) {
		names, err := filepath.Glob(filepath.Join(out, pattern))
		if err != nil || len(names) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
			_, _ = w.Write(data)
			_ = w.Close()
			n += b.Len()
		}
		return n
	}
	if n := packed("town/2026/10/s0/index.html") + packed("assets/*.css"); n > 20<<10 {
		t.Errorf("page and styles are %d bytes", n)
	}
	if n := packed("assets/*.js"); n > 6<<10 {
		t.Errorf("scripts are %d bytes", n)
	}
}

// The page behind a link is fetched once the pointer rests on the link, and never
// where data are to be saved.
func TestPrefetch(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser looks at pages")
	}
	ctx, cancel := context.WithTimeout(browser.Start(t), time.Minute)
	defer cancel()
	server := httptest.NewServer(http.FileServer(http.Dir(setSite(t, 3, true))))
	defer server.Close()
	for _, saved := range []bool{false, true} {
		script := fmt.Sprintf(`(async () => {
			Object.defineProperty(navigator.connection, "saveData", { value: %v });
			const wrong = [];
			addEventListener("securitypolicyviolation", e => wrong.push(e.blockedURI));
			document.querySelector(".card-lead .card-title a").dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
			for (let i = 0; i < 40 && !performance.getEntriesByType("resource").some(e => e.name.endsWith("/s0/")); i++) await new Promise(r => setTimeout(r, 25));
			return wrong.concat(performance.getEntriesByType("resource").map(e => new URL(e.name).pathname).filter(p => p.endsWith("/"))).join(" ");
		})()`, saved)
		if err := chromedp.Do(ctx, chromedp.Navigate(server.URL+"/")); err != nil {
			t.Fatal(err)
		}
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
		if want := map[bool]string{false: "/town/2026/10/s0/", true: ""}[saved]; err != nil || got != want {
			t.Errorf("saving data %v: fetched %q, want %q (%v)", saved, got, want, err)
		}
	}
}

// What a phone loads of the pictures of cards is as large as it shows them, however
// many dots it has.
func TestPhonePictures(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser looks at pages")
	}
	v, demo := startViewer(t), viewed(t, "demo", demoPaper)
	for _, dots := range []float64{2, 3} {
		for _, path := range []string{"", "ar/", "town/", "town/2026/11/mill-fire/", "tags/ferry/", "series/holding-the-wall/"} {
			if err := chromedp.Do(v.tab, chromedp.EmulateViewport(360, 800, chromedp.EmulateScale(dots))); err != nil {
				t.Fatal(err)
			}
			v.open(demo.url + path)
			wrong, err := chromedp.Run(v.tab, chromedp.Evaluate[[]string](loadedScript, chromedp.EvalAwaitPromise))
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range wrong {
				t.Errorf("/%s with %v dots a pixel: %s", path, dots, w)
			}
		}
	}
}

// loadedScript tells of all pictures of cards which are far larger or smaller than
// they are shown, though there is another.
const loadedScript = `(async () => {
	const wrong = [], all = [...document.querySelectorAll(".card-picture")];
	for (const i of all) i.loading = "eager";
	await Promise.all(all.map(i => i.decode()));
	for (const i of all) {
		const widths = i.srcset.split(",").map(s => +s.trim().split(" ")[1].slice(0, -1));
		const got = (await createImageBitmap(await (await fetch(i.currentSrc)).blob())).width, needs = i.clientWidth * devicePixelRatio;
		if (got > 1.6 * needs && got > Math.min(...widths) || got < .75 * needs && got < Math.max(...widths)) wrong.push(i.currentSrc + " is " + got + " wide, it needs " + Math.round(needs));
	}
	if (!all.length) wrong.push("no picture");
	return wrong;
})()`
