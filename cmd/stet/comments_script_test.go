package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"stet/internal/browser"
	"stet/internal/comments"
)

// What static/assets/comments.js does where all goes well, and where it does not.

// waiting are the texts that wait for the desk, the oldest first.
func (p *press) waiting() (all []string) {
	p.Helper()
	store, err := comments.Open(p.Context(), p.dir+"/comments.db")
	if err != nil {
		p.Fatal(err)
	}
	defer store.Close()
	found, err := store.Find(p.Context(), comments.Query{State: comments.Waiting, OldestFirst: true})
	if err != nil {
		p.Fatal(err)
	}
	for _, c := range found {
		all = append(all, c.Text)
	}
	return all
}

// holds sees what waits.
func (p *press) holds(want ...string) {
	p.Helper()
	if got := p.waiting(); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		p.Errorf("there wait %q, not %q", got, want)
	}
}

// befalls has something happen to what browsers ask of the service.
func (p *press) befalls(does func(w http.ResponseWriter, r *http.Request, on http.Handler)) {
	if does == nil {
		p.mishap.Store(nil)
		return
	}
	p.mishap.Store(&does)
}

// types sets the comment as a reader's paste would.
func (r *person) types(text string) {
	r.Helper()
	quoted, _ := json.Marshal(text)
	r.do(chromedp.Evaluate[chromedp.Void](`{ const t = document.getElementById("comment-text"); t.focus(); t.value = ` + string(quoted) + `; t.dispatchEvent(new InputEvent("input", { bubbles: true })) }; 0`))
}

const counter = `document.getElementById("comment-left").lastElementChild.textContent`

// The counter and the service come to the same number, whatever is written.
func TestCommentCounted(t *testing.T) {
	p := newPress(t, "fire")
	r := p.person(browser.Start(t), true)
	r.opens(p.story("fire"))
	r.is(counter, "1500 / 1500")
	for _, text := range []string{
		"plain", "👍", "👩‍👩‍👧‍👦 and 🇱🇧", "نصٌّ عربيٌّ مشكول", "می\u200cخواهم", "one\r\ntwo\rthree\n\nfour\n", "e\u0301 𝒳", strings.Repeat("👍", 750), strings.Repeat("\r\n", 3) + "x",
	} {
		r.types(text)
		r.is(counter, fmt.Sprintf("%d / 1500", comments.Most-comments.Length(text)))
	}
	long := strings.Repeat("ع", 1497) + "\r\n👍"
	r.do(chromedp.SendKeys("#comment-name", "Ada"), chromedp.SendKeys("#comment-email", "ada@mail.example"))
	r.types(long + "x")
	r.is(counter+` + document.querySelectorAll(".over").length`, "\u200e-1 / 15001")
	r.do(chromedp.Click(sender))
	r.is(`document.activeElement.className + "|" + document.activeElement.innerText`, "faults|The comment has 1,501 characters, and may have 1,500")
	r.is(`(t => t.getAttribute("aria-invalid") + " " + t.getAttribute("aria-describedby") + " " + document.getElementById("comment-text-fault").textContent)(document.getElementById("comment-text"))`,
		"true comment-text-fault comment-rules comment-left The comment has 1,501 characters, and may have 1,500")
	r.axe("a form with a fault")
	r.do(chromedp.Click(".faults a"))
	r.is(focused, "comment-text")
	r.types(long)
	r.do(chromedp.Click(sender))
	r.is(focused, "comment-waiting")
	r.is(`document.querySelectorAll(".faults, .fault, [aria-invalid]").length + document.getElementById("comment-text").getAttribute("aria-describedby")`, "0comment-rules comment-left")
	p.holds(strings.ReplaceAll(long, "\r\n", "\n"))
}

// What is written survives a reload, also below the comment that it answers, and is
// gone once it is sent.
func TestCommentDraft(t *testing.T) {
	p := newPress(t, "fire", "frost")
	r := p.person(browser.Start(t), true)
	p.holds()
	r.comments("fire", "Ada", "First")
	r.approves(1)
	p.published()
	first := p.thread("fire", 1)[0]
	r.opens(p.story("fire"))
	r.do(chromedp.Click("#comment-" + first.ID + " .comment-reply a"))
	r.writes("comment-", "Bo", "Half of a thought,\nand more")
	r.opens(p.story("frost"))
	r.is(`document.getElementById("comment-text").value`, "")
	r.opens(p.story("fire"))
	r.is(`document.getElementById("comment-text").value + "|" + document.querySelector("[name=parent]").value + "|" + !!document.querySelector("#comment-`+first.ID+` #comment-form")`,
		"Half of a thought,\nand more|"+first.ID+"|true")
	r.is(counter, "1473 / 1500")
	r.do(chromedp.SendKeys("#comment-name", "Bo"), chromedp.SendKeys("#comment-email", "bo@mail.example"), chromedp.Click(sender))
	r.is(focused, "comment-waiting")
	r.opens(p.story("fire"))
	r.is(`document.getElementById("comment-text").value + localStorage.length`, "0")
	p.holds("Half of a thought,\nand more")
	// A store that is full, or a draft that is none, is no harm.
	r.do(chromedp.Evaluate[chromedp.Void](`localStorage.setItem("stet-comment ` + p.id("fire") + `", "{"); for (let n = 23; n >= 0; n--) try { localStorage.setItem("x" + n, "y".repeat(2 ** n)) } catch {}; 0`))
	r.opens(p.story("fire"))
	r.types(strings.Repeat("full ", 200))
	r.is(counter, "500 / 1500")
	r.is(`localStorage.getItem("stet-comment `+p.id("fire")+`")`, "{")
}

// Whatever becomes of the connection, a comment is there once, and the reader knows.
func TestCommentMishaps(t *testing.T) {
	p := newPress(t, "fire")
	r := p.person(browser.Start(t), true)
	var posts, lose atomic.Int32 // how many came, and of how many the answer is lost
	losing := func(w http.ResponseWriter, req *http.Request, on http.Handler) {
		if req.Method != http.MethodPost || posts.Add(1) > lose.Load() {
			w.Header().Set("Connection", "close") // on one that is used again browsers send twice by themselves
			on.ServeHTTP(w, req)
			return
		}
		on.ServeHTTP(httptest.NewRecorder(), req)
		panic(http.ErrAbortHandler)
	}
	start := func(lost int32, text string) {
		t.Helper()
		posts.Store(0)
		lose.Store(lost)
		r.opens(p.story("fire"))
		r.writes("comment-", "Ada", text)
		r.do(chromedp.Click(sender))
	}
	p.befalls(losing)
	start(1, "lost once")
	r.is(focused, "comment-waiting")
	p.holds("lost once")
	start(2, "lost twice") // then it is sent as without script
	r.at(p.story("fire") + "#comment-waiting")
	p.holds("lost once", "lost twice")
	r.is(`document.getElementById("comment-text").value + localStorage.length`, "0")

	p.befalls(func(w http.ResponseWriter, r *http.Request, on http.Handler) {
		if strings.Contains(r.Header.Get("Accept"), "application/json") {
			http.Error(w, "<h1>down</h1>", http.StatusBadGateway)
			return
		}
		on.ServeHTTP(w, r)
	})
	start(0, "no token")
	r.at(p.talk + "/comment")
	r.is(`document.querySelector("article").innerText.includes("no token") + document.querySelector("h1").textContent`, "trueRead your comment once more")
	r.do(chromedp.Click(`main a[href*="/news/"]`))
	r.at(p.story("fire"))
	r.is(`document.getElementById("comment-text").value`, "no token")
	r.do(chromedp.Click(`#rating-form [value=no]`))
	r.at(p.talk + "/rating")
	r.is(`document.querySelector("[name=answer]:checked").value`, "no")

	p.befalls(nil)
	r.opens(p.story("fire"))
	r.is(`document.getElementById("comment-text").value`, "no token")
	r.do(chromedp.SendKeys("#comment-name", "Ada"), chromedp.SendKeys("#comment-email", "ada@mail.example"))
	r.offline(true)
	r.do(chromedp.Click(sender))
	r.is(`document.activeElement.className + "|" + document.activeElement.innerText`, "faults|Not sent: there is no connection. Try again in a moment.")
	r.offline(false)
	r.do(chromedp.Click(sender))
	r.is(focused, "comment-waiting")
	p.holds("lost once", "lost twice", "no token")

	store, err := comments.Open(t.Context(), p.dir+"/comments.db")
	if err == nil {
		err = store.CloseThread(t.Context(), "ada", p.id("fire"), true)
		store.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	start(0, "too late")
	r.is(`document.activeElement.className + "|" + document.activeElement.innerText`, "faults|Comments on this story are closed")
	r.is(`document.getElementById("comment-text").value`, "too late")
}

func (r *person) offline(off bool) {
	r.Helper()
	_, err := chromedp.Call(r.tab, network.Enable, network.EnableParams{})
	if err == nil {
		_, err = chromedp.Call(r.tab, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}}})
	}
	if err == nil {
		_, err = chromedp.Call(r.tab, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1})
	}
	if err != nil {
		r.Fatal(err)
	}
}

// A folder that is no edition is named at once.
func TestCommentsNoEdition(t *testing.T) {
	d := newStand(emptyShell(t, 1), "--edition", ".")
	if err := d.end(os.Interrupt); err != nil || !strings.Contains(d.log.String(), "there is no comments.json in ., so no story takes comments yet") {
		t.Errorf("%v, %s", err, d.log)
	}
}

// A page in Arabic says in Arabic what the script says.
func TestCommentScriptSpeaks(t *testing.T) {
	p := newPress(t, "fire")
	r := p.person(browser.Start(t), true)
	r.opens(p.paper + "/ar" + p.id("fire"))
	r.do(chromedp.Click("#rating-form [value=yes]"))
	r.is(`document.querySelector("[role=status]").textContent`, "شكرًا على إجابتك.")
	r.writes("comment-", "ليلى", "تعليق")
	r.types(strings.Repeat("ع", 1501))
	r.do(chromedp.Click(sender))
	r.is(`document.activeElement.className + document.activeElement.innerText.includes("عدد أحرف التعليق")`, "faultstrue")
	r.axe("an Arabic form with a fault")
}
