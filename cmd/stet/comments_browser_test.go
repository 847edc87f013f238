package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"stet/internal/browser"
	"stet/internal/threads"
)

// What readers say, from their browsers into the edition: the newspaper's pages are on
// one origin, the service and its desk on another, and all of it is the program itself.

// A press is a newspaper that is read and answered.
type press struct {
	*stand
	paper, talk string // the two origins
	mishap      atomic.Pointer[func(w http.ResponseWriter, r *http.Request, on http.Handler)]
}

const deskPassword = "four words go here"

// newPress builds the newspaper and starts its service.
func newPress(t *testing.T, stories ...string) *press {
	t.Helper()
	if testing.Short() {
		t.Skip("browsers look at a newspaper and its service")
	}
	browser.Path(t)
	s := emptyShell(t, 1)
	p := &press{}
	edition := http.FileServer(http.Dir(filepath.Join(s.dir, "public")))
	paper := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		edition.ServeHTTP(w, r)
	}))
	t.Cleanup(paper.Close)
	service := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		to, _ := url.Parse(p.url)
		r.SetURL(to)
		r.SetXForwarded()
	}}
	before := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if does := p.mishap.Load(); does != nil {
			(*does)(w, r, service)
			return
		}
		service.ServeHTTP(w, r)
	}))
	t.Cleanup(before.Close)
	p.paper, p.talk = paper.URL, strings.Replace(before.URL, "127.0.0.1", "localhost", 1)
	s.write("site.yaml", "format: 1\ntitle: The Test\ntimezone: UTC\nbase_url: "+p.paper+"/\nlanguages: {en: {}, ar: {title: الجريدة}}\ncomments: {service: '"+p.talk+"/', policy: /rules/}\n")
	s.write("content/rules.md", "---\ntitle: Rules\n---\nBe kind.\n")
	for _, name := range stories {
		s.write("content/news/"+name+".md", "---\ntitle: A story "+name+"\ndate: 2026-05-20\n---\nWhat happened.\n")
		s.write("content/ar/news/"+name+".md", "---\ntitle: خبر\ndate: 2026-05-20\n---\nما حدث.\n")
	}
	s.run("build")
	p.stand = startStand(s, "--paper", p.paper, "--url", p.talk+"/")
	p.stet(deskPassword+"\n", "account", "ada", "--role", "editor", "--db", "comments.db")
	return p
}

// story is the address of a story.
func (p *press) story(name string) string { return p.paper + p.id(name) }

func (p *press) id(name string) string { return "/news/2026/05/" + name + "/" }

// stet runs a command of the service.
func (p *press) stet(in string, args ...string) {
	p.Helper()
	cmd := exec.Command(p.shell.stet, append([]string{"comments"}, args...)...)
	cmd.Dir, cmd.Stdin = p.dir, strings.NewReader(in)
	if out, err := cmd.CombinedOutput(); err != nil {
		p.Fatalf("%q: %v\n%s", args, err, out)
	}
}

// published brings what the desk has let through into the edition.
func (p *press) published() {
	p.Helper()
	p.stet("", "pull", "--db", "comments.db", "--no-cache")
	p.run("build")
}

// thread is what the site's files have of a story.
func (p *press) thread(name string, want int) []threads.Comment {
	p.Helper()
	data, err := os.ReadFile(filepath.Join(p.dir, filepath.FromSlash(threads.Path(p.id(name)))))
	if err != nil {
		p.Fatal(err)
	}
	all, problems := threads.Parse(name, data)
	if len(all) != want || len(problems) > 0 {
		p.Fatalf("of %s there is %+v, %v", name, all, problems)
	}
	return all
}

// A person sits before a browser.
type person struct {
	*press
	tab    context.Context
	script bool
}

func (p *press) person(tab context.Context, script bool) *person {
	p.Helper()
	r := &person{p, tab, script}
	if _, err := chromedp.Call(tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !script}); err != nil {
		p.Fatal(err)
	}
	return r
}

func (r *person) do(actions ...chromedp.Action[chromedp.Void]) {
	r.Helper()
	for _, a := range actions {
		ctx, cancel := context.WithTimeout(r.tab, time.Minute)
		err := chromedp.Do(ctx, a)
		cancel()
		if err != nil {
			page, _ := chromedp.Run(r.tab, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText`))
			r.Fatalf("%v, at %s", err, page)
		}
	}
}

// is waits until an expression has a value.
func (r *person) is(expression string, want any) {
	r.Helper()
	var got any
	var err error
	for start := time.Now(); time.Since(start) < 40*time.Second; time.Sleep(40 * time.Millisecond) {
		got, err = chromedp.Run(r.tab, chromedp.Evaluate[any](`(() => { try { return document.readyState === "complete" ? `+expression+` : "not yet" } catch (e) { return String(e) } })()`))
		if err == nil && fmt.Sprint(got) == fmt.Sprint(want) {
			return
		}
	}
	page, _ := chromedp.Run(r.tab, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText`))
	r.Fatalf("%s is %v, not %v (%v), at %s\n%s", expression, got, want, err, page, r.log)
}

// at waits until the browser is somewhere.
func (r *person) at(to string) {
	r.Helper()
	r.is("location.href", to)
}

// opens goes to a page anew.
func (r *person) opens(to string) {
	r.Helper()
	r.do(chromedp.Navigate("about:blank"), chromedp.Navigate(to))
	if r.script { // which comes to who scrolls there
		r.is(`(document.querySelector("[data-script]")?.scrollIntoView(), !document.querySelector("[data-script]") || !!document.querySelector("[data-script] [role=status]"))`, true)
	}
}

// human is longer than the service takes a program to need.
const human = 3100 * time.Millisecond

const (
	focused = `document.activeElement.id`
	sender  = `.comment-form button:not(.back)`
)

// writes fills in the form, whose fields are named with a prefix.
func (r *person) writes(prefix, name, text string) {
	r.Helper()
	r.do(chromedp.SendKeys("#"+prefix+"name", name), chromedp.SendKeys("#"+prefix+"email", "reader@mail.example"), chromedp.SendKeys("#"+prefix+"text", text))
}

// rates says that a story is liked.
func (r *person) rates(name string) {
	r.Helper()
	r.opens(r.story(name))
	r.do(chromedp.Click(`#rating-form [value=yes]`))
	if !r.script {
		r.at(r.talk + "/rating")
		r.do(chromedp.Click(`main form button`))
		r.at(r.story(name) + "#rating-thanks")
	} else {
		r.is(`document.querySelector("[role=status]").textContent`, "Thank you for your answer.")
		r.is(`document.querySelector("#rating-form [value=yes]").getAttribute("aria-pressed") + " " + location.href`, "true "+r.story(name))
	}
	r.is(`document.getElementById("rating-thanks").checkVisibility()`, true)
}

// comments sends a comment, with a finger that presses twice.
func (r *person) comments(story, name, text string) {
	r.Helper()
	r.opens(r.story(story))
	r.is(`document.getElementById("comment-waiting").checkVisibility()`, false)
	r.writes("comment-", name, text)
	if r.script {
		r.do(chromedp.DoubleClick(sender))
		r.is(focused, "comment-waiting")
		r.is(`document.querySelector(".sent").innerText + "|" + document.querySelector(".sent").nextElementSibling.id + "|" + location.href`, text+"|comment-form|"+r.story(story))
		r.is(`document.getElementById("comment-text").value + document.getElementById("comment-left").lastElementChild.textContent`, "1500 / 1500")
	} else {
		r.do(chromedp.Click(sender))
		r.at(r.talk + "/comment")
		time.Sleep(human)
		r.do(chromedp.Click(`button[form=comment]`))
		r.at(r.story(story) + "#comment-waiting")
	}
	r.is(`document.getElementById("comment-waiting").checkVisibility() && document.getElementById("comment-waiting").textContent`, "Thank you. Your comment will be read by an editor.")
}

// replies answers a comment, after having thought better of it once.
func (r *person) replies(story string, to threads.Comment, name, text string) {
	r.Helper()
	r.opens(r.story(story))
	link := "#comment-" + to.ID + " .comment-reply a"
	r.do(chromedp.Click(link))
	if r.script {
		below := `!!document.querySelector("#comment-` + to.ID + ` #comment-form") + " " + document.getElementById("comment-form-title").textContent + " " + document.activeElement.id`
		r.is(below, "true Reply to \u2068"+to.Name+"\u2069 comment-name")
		r.do(chromedp.Click(`.comment-form .back`))
		r.is(`document.activeElement === document.querySelector("`+link+`") && !document.querySelector(".thread .comment-form") && document.querySelector("[name=parent]").value`, "")
		r.do(chromedp.Click(link))
		r.is(below, "true Reply to \u2068"+to.Name+"\u2069 comment-name")
		r.writes("comment-", name, text)
		r.do(chromedp.Click(sender))
		r.is(focused, "comment-waiting")
		r.is(`!!document.querySelector("#comment-`+to.ID+` > #comment-waiting") && !document.querySelector(".thread .comment-form")`, true)
		return
	}
	r.is(`location.href.startsWith("`+r.talk+`/reply?")`, true)
	r.writes("", name, text)
	time.Sleep(human)
	r.do(chromedp.Click(`#comment button`))
	r.at(r.story(story) + "#comment-waiting")
}

// approves signs in at the desk, if need be, and lets all through that waits.
func (r *person) approves(want int) {
	r.Helper()
	r.opens(r.talk + "/desk/")
	if signIn := `!!document.getElementById("password")`; r.tells(signIn) {
		r.axe("the desk's door")
		r.do(chromedp.SendKeys("#name", "ada"), chromedp.SendKeys("#password", deskPassword), chromedp.Click("form.fields button"))
	}
	r.is(`document.querySelectorAll("article.card .decide").length`, want)
	r.axe("the desk")
	for left := want - 1; left >= 0; left-- {
		r.do(chromedp.Click(`article.card .to-approved`))
		r.is(`document.querySelectorAll("article.card .decide").length`, left)
	}
}

func (r *person) tells(expression string) bool {
	r.Helper()
	got, err := chromedp.Run(r.tab, chromedp.Evaluate[bool](expression))
	if err != nil {
		r.Fatal(err)
	}
	return got
}

// axe says what axe-core has against the page. STET_SHOTS names a folder that gets a
// picture of it.
func (r *person) axe(name string) {
	r.Helper()
	if dir := os.Getenv("STET_SHOTS"); dir != "" {
		png, err := chromedp.Run(r.tab, chromedp.CaptureScreenshot())
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
		}
		if err != nil {
			r.Fatal(err)
		}
	}
	cache, _ := os.UserCacheDir()
	source, err := os.ReadFile(filepath.Join(cache, "stet-tests/node_modules/axe-core/axe.min.js"))
	if err != nil && os.Getenv("CI") != "true" {
		return
	}
	said := ""
	if err == nil {
		err = chromedp.Do(r.tab, chromedp.Evaluate[chromedp.Void](string(source)+";0"))
	}
	if err == nil {
		said, err = chromedp.Run(r.tab, chromedp.Evaluate[string](`axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } }).then(r => JSON.stringify(r.violations))`, chromedp.EvalAwaitPromise))
	}
	var found []struct {
		ID, Help string
		Nodes    []struct{ HTML, FailureSummary string }
	}
	if err == nil {
		err = json.Unmarshal([]byte(said), &found)
	}
	if err != nil {
		r.Fatal(err)
	}
	for _, f := range found {
		r.Errorf("%s: %+v", name, f)
	}
}

// Readers rate, comment and are told to wait, whatever their browsers do for them;
// once the desk has approved, and after a pull and a build, it is there to be answered.
func TestReadersAnswer(t *testing.T) {
	ways := []string{"script", "plain", "refusing", "refusing-plain"}
	p := newPress(t, ways...)
	usual, refusing := browser.Start(t), browser.Refusing(t)
	by := func(way string) *person {
		tab := usual
		if strings.HasPrefix(way, "refusing") {
			tab = refusing
		}
		return p.person(tab, !strings.HasSuffix(way, "plain"))
	}
	for _, way := range ways {
		r := by(way)
		r.rates(way)
		r.is(`(() => { try { return typeof localStorage } catch (e) { return e.name } })()`, map[bool]string{true: "object", false: "SecurityError"}[!strings.HasPrefix(way, "refusing")])
		r.comments(way, "Ada", "First of "+way)
		if way == "script" {
			r.axe("the story with a comment that waits")
		}
	}
	by("script").approves(len(ways))
	p.published()
	first := map[string]threads.Comment{}
	for _, way := range ways {
		first[way] = p.thread(way, 1)[0]
		r := by(way)
		r.opens(p.story(way))
		r.is(`document.querySelector(".thread > li > #comment-`+first[way].ID+` .comment-text").innerText`, "First of "+way)
		r.replies(way, first[way], "Bo", "Answer of "+way)
	}
	for n := range 9 {
		p.answers("script", n, n < 8)
	}
	by("script").approves(len(ways))
	p.published()
	for _, way := range ways {
		all := p.thread(way, 2)
		reply := all[slices.IndexFunc(all, func(c threads.Comment) bool { return c.Parent == first[way].ID })]
		r := by(way)
		r.opens(p.story(way))
		r.is(`document.querySelector("#comment-`+first[way].ID+` + .replies > li > #comment-`+reply.ID+` .comment-text").innerText + "|" + document.querySelector("#comments-title").textContent`, "Answer of "+way+"|2 comments")
		r.is(`document.querySelector(".tally")?.textContent ?? "none"`, map[bool]string{true: "9 of 10 readers like this article", false: "none"}[way == "script"])
		r.opens(p.paper + "/")
		r.is(`document.querySelector('.card-comments a[href="`+p.id(way)+`#comments"]').textContent`, "2 comments")
	}
	r := by("script")
	r.opens(p.story("script"))
	r.do(chromedp.Click("#comment-" + first["script"].ID + " .comment-reply a"))
	r.is(focused, "comment-name")
	r.axe("a story with comments, and the form below one of them")
	r.opens(p.talk + "/reply?lang=ar&story=" + url.QueryEscape(p.id("script")) + "&to=" + first["script"].ID)
	r.is(`document.dir + !!document.getElementById("text")`, "rtltrue")
	r.axe("the service's form")
	if strings.Contains(p.log.String(), "panic") {
		t.Error(p.log)
	}
}

// answers says of a story whether it is liked, as somebody from elsewhere.
func (p *press) answers(story string, n int, likes bool) {
	p.Helper()
	w, err := http.Get(p.url + "/token?story=" + url.QueryEscape(p.id(story)))
	if err != nil {
		p.Fatal(err)
	}
	defer w.Body.Close()
	var t struct{ Token, Key string }
	if err := json.NewDecoder(w.Body).Decode(&t); err != nil {
		p.Fatal(err)
	}
	form := url.Values{"story": {p.id(story)}, "lang": {"en"}, "answer": {map[bool]string{true: "yes", false: "no"}[likes]}, "token": {t.Token}, "key": {t.Key}}
	r, err := http.NewRequest(http.MethodPost, p.url+"/rating", strings.NewReader(form.Encode()))
	if err != nil {
		p.Fatal(err)
	}
	for name, value := range map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Origin": p.paper, "Accept": "application/json", "X-Forwarded-For": from(n)} {
		r.Header.Set(name, value)
	}
	if w, err = http.DefaultClient.Do(r); err != nil {
		p.Fatal(err)
	}
	w.Body.Close()
	if w.StatusCode != http.StatusOK {
		p.Fatal(w.Status)
	}
}
