package service

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"stet/internal/comments"
)

// A reader without script: the form of the static page, the page that asks to send
// it, and back to the story.
func TestComment(t *testing.T) {
	b := newBench(t)
	form := wrote(fire, "Ada  Marsh", "First line\r\nsecond\r\n\r\n<b>third</b>")
	page := b.send(plainReader, "/comment", form)
	b.is(page, 200, "Read your comment once more", "<bdi>Ada Marsh</bdi>", "First line<br>\nsecond</p>", "&lt;b&gt;third&lt;/b&gt;", "ada@example.org",
		`href="https://news.example/town/2026/11/mill-fire/"`, "Fire at the mill", `href="https://news.example/comment-policy/"`, "The Pellmouth Lantern")
	if len(b.stored()) > 0 {
		t.Fatal("it was stored before it was sent")
	}
	b.wait(young)
	b.carry(form, page)
	for range 3 { // a nervous finger
		sent := b.send(plainReader, "/comment", form, "Origin", b.url)
		b.is(sent, 303)
		if to := sent.Header.Get("Location"); to != "https://news.example/town/2026/11/mill-fire/#comment-waiting" {
			t.Errorf("it leads to %s", to)
		}
	}
	all := b.stored()
	if len(all) != 1 || all[0].Text != "First line\nsecond\n\n<b>third</b>" || all[0].Name != "Ada Marsh" || all[0].State != comments.Waiting || all[0].Lang != "en" || all[0].Source == "" {
		t.Fatalf("stored is %+v", all)
	}
	form.Set("text", "Another one from the same page")
	b.is(b.send(plainReader, "/comment", form), 403, "has been sent from this page already", "Another one from the same page")
	b.silent("ada", "Marsh", "line", "127.0.0.1", "mill-fire")
	if changes, err := b.store.Changes(t.Context(), 0, 10); err != nil || len(changes.Threads) > 0 && len(changes.Threads[0].Put) > 0 {
		t.Errorf("it is public: %+v, %v", changes, err)
	}
}

// A script: the token at first use, then the same form.
func TestCommentByScript(t *testing.T) {
	b := newBench(t)
	const script = "application/json"
	form := wrote(fire, "Ada", "By script")
	b.is(b.send(plainReader, "/comment", form, "Accept", script), 403, `"field":""`)
	b.with(form)
	sent := b.send(plainReader, "/comment", form, "Accept", script)
	b.is(sent, 200, `{"state":"waiting"}`)
	if sent.Header.Get("Access-Control-Allow-Origin") != news1 || sent.Header.Get("Content-Type") != script {
		t.Errorf("headers are %v", sent.Header)
	}
	id := b.stored()[0].ID
	if _, err := b.store.Decide(t.Context(), "desk", id, comments.Approved); err != nil {
		t.Fatal(err)
	}
	b.is(b.send(plainReader, "/comment", form, "Accept", script), 200, `{"state":"approved"}`)
	empty := b.with(url.Values{"story": {fire}, "lang": {"fr"}})
	b.is(b.send(plainReader, "/comment", empty, "Accept", script), 422, `{"field":"name","text":"Écrivez votre nom"}`, `"field":"email"`, `"field":"text"`)
	b.is(b.send(plainReader, "/comment", wrote(shut, "Ada", "x"), "Accept", script), 409, `{"errors":[{"field":"","text":"Comments on this story are closed"}]}`)
}

// What is wrong is said by field, listed and linked, and all that was written stays.
func TestFaults(t *testing.T) {
	b := newBench(t)
	form := wrote(fire, "", strings.Repeat("x", 1501))
	form.Set("email", "nobody")
	page := b.send(plainReader, "/comment", form)
	b.is(page, 422, "<title>Error: Your comment", `<h2 id="faults">There are 3 problems</h2>`, `<a href="#name">Write your name</a>`, `id="name-fault"`,
		`aria-describedby="text-note text-fault"`, "The comment has 1,501 characters, and may have 1,500", `aria-invalid="true"`, `value="nobody"`, strings.Repeat("x", 1501))
	b.wait(young)
	form.Set("name", "Ada")
	form.Set("email", "ada@example.org")
	form.Set("text", strings.Repeat("🔥", 749)+"\r\n"+"x") // 1500 as browsers count
	b.is(b.send(plainReader, "/comment", b.carry(form, page)), 303)
	if got := b.stored(); len(got) != 1 || comments.Length(got[0].Text) != 1500 {
		t.Errorf("stored is %+v", got)
	}
}

// Each language has its own pages, from right to left where it is written so.
func TestLanguages(t *testing.T) {
	b := newBench(t)
	form := wrote(harbr, "ليلى", "نص")
	form.Set("lang", "ar")
	page := b.send(plainReader, "/comment", form)
	b.is(page, 200, `<html lang="ar" dir="rtl">`, "اقرأ تعليقك مرة أخرى", "فانوس بلماوث", `href="https://news.example/ar/town/2026/11/%D8%AD%D8%B1%D9%8A%D9%82/"`)
	b.wait(young)
	sent := b.send(plainReader, "/comment", b.carry(form, page))
	if to := sent.Header.Get("Location"); to != "https://news.example/ar/town/2026/11/%D8%AD%D8%B1%D9%8A%D9%82/#comment-waiting" {
		t.Errorf("it leads to %s", to)
	}
	form.Del("token")
	for lang, want := range map[string]string{"de": "Lesen Sie", "de-AT": "Lesen Sie", "fr": "Relisez", "es": "Lea su", "fa": "دیدگاه", "tr": "اقرأ", "": "اقرأ"} {
		form.Set("lang", lang)
		b.is(b.send(plainReader, "/comment", form), 200, want)
	}
}

// A reply stands below a comment of the same story that the desk has let through.
func TestReply(t *testing.T) {
	b := newBench(t)
	parent := b.approved(fire, "What a fire")
	page := b.get(plainReader, "/reply?story="+url.QueryEscape(fire)+"&to="+parent.ID+"&lang=en")
	b.is(page, 200, "What a fire", "<bdi>Bert</bdi>", `name="parent" value="`+parent.ID+`"`)
	b.wait(young)
	form := b.carry(wrote(fire, "Ada", "Indeed"), page)
	form.Set("parent", parent.ID)
	b.is(b.send(plainReader, "/comment", form, "Origin", b.url), 303)
	if got := b.stored(); len(got) != 2 || got[1].Parent != parent.ID {
		t.Errorf("stored is %+v", got)
	}
	b.is(b.get(plainReader, "/reply?story="+url.QueryEscape(fire)+"&to=no.body&lang=en"), 422, "is not there any more", `name="parent" value=""`)
	b.is(b.get(plainReader, "/reply?story="+url.QueryEscape(harbr)+"&to="+parent.ID+"&lang=en"), 422, "<li>The comment that you answer is not there any more")
	form = b.with(wrote(harbr, "Ada", "Of another story"))
	form.Set("parent", parent.ID)
	b.is(b.send(plainReader, "/comment", form, "Accept", "application/json"), 422, `"field":"parent"`)
	waiting := b.stored()[1].ID
	b.is(b.get(plainReader, "/reply?story="+url.QueryEscape(fire)+"&to="+waiting+"&lang=en"), 422, "is not there any more")
}

// A comment that was brought into the files of the site alone is not known here, and
// its Reply leads to the form all the same. One that was forgotten is gone.
func TestReplyImported(t *testing.T) {
	b := newBench(t)
	page := b.get(plainReader, "/reply?story="+url.QueryEscape(fire)+"&to=disqus-4711&lang=en")
	b.is(page, 200, `name="parent" value="disqus-4711"`)
	b.wait(young)
	form := b.carry(wrote(fire, "Ada", "Indeed"), page)
	form.Set("parent", "disqus-4711")
	b.is(b.send(plainReader, "/comment", form, "Origin", b.url), 303)
	if got := b.stored(); len(got) != 1 || got[0].Parent != "disqus-4711" {
		t.Errorf("stored is %+v", got)
	}
	gone := b.approved(fire, "Forget me")
	if _, err := b.store.Forget(t.Context(), "desk", gone.Email); err != nil {
		t.Fatal(err)
	}
	b.is(b.get(plainReader, "/reply?story="+url.QueryEscape(fire)+"&to="+gone.ID+"&lang=en"), 422, "is not there any more", `name="parent" value=""`)
}

// A thread that the desk has closed takes nothing, and gives back what was written.
func TestClosed(t *testing.T) {
	b := newBench(t)
	form := b.with(wrote(fire, "Ada", "Too late"))
	if err := b.store.CloseThread(t.Context(), "desk", fire, true); err != nil {
		t.Fatal(err)
	}
	b.is(b.send(plainReader, "/comment", form), 409, "Comments on this story are closed", "Too late")
	if len(b.stored()) > 0 {
		t.Error("it was stored")
	}
}

// Who fills the field that nobody sees is answered as all are.
func TestHoneypot(t *testing.T) {
	b := newBench(t)
	form := b.with(wrote(fire, "Ada", "Cheap watches"))
	form.Set("website", "http://watches.example")
	b.is(b.send(plainReader, "/comment", form), 303)
	if got := b.stored(); len(got) != 1 || got[0].State != comments.Spam || got[0].Flags != "hidden field" {
		t.Errorf("stored is %+v", got)
	}
}

func TestRating(t *testing.T) {
	b := newBench(t)
	tally := func(yes, no int) {
		t.Helper()
		if got, err := b.store.Tally(t.Context(), fire); err != nil || got.Yes != yes || got.No != no {
			t.Fatalf("the tally is %+v, %v; not %d and %d", got, err, yes, no)
		}
	}
	rate := func(c *http.Client, answer, from string) {
		t.Helper()
		form := url.Values{"story": {fire}, "lang": {"en"}, "answer": {answer}}
		page := b.send(c, "/rating", form, "X-Forwarded-For", from)
		b.is(page, 200, "Send your answer", `value="`+answer+`"`)
		sent := b.send(c, "/rating", b.carry(form, page), "Origin", b.url, "X-Forwarded-For", from)
		b.is(sent, 303)
		if to := sent.Header.Get("Location"); to != news1+fire+"#rating-thanks" {
			t.Errorf("it leads to %s", to)
		}
	}
	ada, bert := reader(true), reader(true)
	rate(ada, "yes", "192.0.2.1")
	rate(ada, "yes", "192.0.2.1")
	tally(1, 0)
	rate(bert, "yes", "192.0.2.1") // of the same household
	tally(2, 0)
	rate(ada, "no", "198.51.100.7") // who has gone out
	tally(1, 1)
	rate(plainReader, "no", "192.0.2.9") // whose browser refuses cookies
	rate(plainReader, "no", "192.0.2.9")
	tally(1, 2)
	for range 2 { // of one subscriber
		rate(plainReader, "no", "2001:db8::1")
		rate(plainReader, "no", "2001:db8::2:1")
	}
	tally(1, 3)
	b.silent("192.0.2.", "198.51", "2001:db8")
	b.is(b.send(plainReader, "/rating", url.Values{"story": {harbr}, "lang": {"en"}, "answer": {"yes"}}), 409)
	b.is(b.send(plainReader, "/rating", url.Values{"story": {fire}, "lang": {"en"}, "answer": {"maybe"}}), 422, "Choose an answer")
	form := b.with(url.Values{"story": {fire}, "lang": {"en"}, "answer": {"yes"}})
	sent := b.send(plainReader, "/rating", form, "Accept", "application/json", "X-Forwarded-For", "203.0.113.5")
	b.is(sent, 200, `{"state":"approved"}`)
}

// The cookie says nothing of a reader, is for the service alone, and only counts if
// the service has made it.
func TestCookie(t *testing.T) {
	b := newBench(t, func(o *Options) { o.URL = "https://comments.example/talk/" })
	form := url.Values{"story": {fire}, "lang": {"en"}, "answer": {"yes"}}
	page := b.send(plainReader, "/talk/rating", form)
	b.is(page, 200, `action="/talk/rating"`, `href="/talk/style.css`)
	got := page.Header.Get("Set-Cookie")
	for _, want := range []string{"reader=", "Path=/talk/", "HttpOnly", "Secure", "SameSite=Lax"} {
		if !strings.Contains(got, want) {
			t.Errorf("the cookie %q has no %s", got, want)
		}
	}
	b.carry(form, page)
	for _, forged := range []string{"reader=a.b", "reader=" + strings.Repeat("x", 200), "reader="} {
		b.is(b.send(plainReader, "/talk/rating", form, "Cookie", forged), 303)
	}
	if tally, _ := b.store.Tally(t.Context(), fire); tally.Yes != 1 {
		t.Errorf("forged cookies count: %+v", tally)
	}
	b.is(b.send(plainReader, "/rating", form), 303) // a proxy has taken the path off
}
