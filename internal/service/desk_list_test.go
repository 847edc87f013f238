package service

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"stet/internal/comments"
)

var cardID = regexp.MustCompile(`<article class="card [a-z]+" id="c-([^"]+)"`)

// cardsOf are the comments that a page shows, in its order.
func cardsOf(page reply) (ids []string) {
	for _, m := range cardID.FindAllStringSubmatch(page.text, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

var nextPage = regexp.MustCompile(`<a href="([^"]+)" rel="next">`)

// The queue begins with what waits longest, and its pages skip and repeat nothing,
// also while somebody decides; other lists begin with the newest.
func TestLists(t *testing.T) {
	b := newDesk(t)
	all := b.busy()
	s := b.sit(moderatorName)
	var waiting []string
	for _, c := range all {
		if c.State == comments.Waiting {
			waiting = append(waiting, c.ID)
		}
	}
	page := s.page("")
	b.is(page, http.StatusOK, `<span class="count">37</span>`)
	got := cardsOf(page)
	if len(got) != perPage || strings.Join(got, " ") != strings.Join(waiting[:perPage], " ") {
		t.Errorf("the queue has %q, not %q", got, waiting[:perPage])
	}
	s.decides(comments.Approved, all[len(all)-perPage]) // one of the second page
	more := nextPage.FindStringSubmatch(page.text)
	if more == nil {
		t.Fatal("there is no further page")
	}
	s.decides(comments.Spam, b.stateOf(got[perPage-1])) // and the last of the first, by which the second is found
	page = s.page(html.UnescapeString(strings.TrimPrefix(more[1], "./")))
	if got := cardsOf(page); len(got) < 11 || got[len(got)-1] != waiting[len(waiting)-1] {
		t.Errorf("the second page has %q", got)
	}
	b.is(page, http.StatusOK, "First page")
	newest := cardsOf(s.page("?state=all"))
	if newest[0] != all[len(all)-1].ID {
		t.Errorf("the list of all begins with %s", newest[0])
	}
	for query, want := range map[string]int{"?state=rejected": 1, "?state=all&q=tam%40EXAMPLE.org": 3, "?state=all&q=O’dell": 3, "?q=inspections": 1, "?state=all&q=%25": 0, "?state=approved&q=tam@": 1,
		"?story=" + url.QueryEscape(harbr): 1, "?state=spam&story=" + fire: 1, "?state=bogus&q=sacks": 1, "?q=" + url.QueryEscape("' OR 1=1 --"): 0} {
		if got := cardsOf(s.page(query)); len(got) != want {
			t.Errorf("%s lists %d", query, len(got))
		}
	}
	b.is(s.page("?state=all&q=nobody-said-this"), http.StatusOK, "Nothing was found.")
}

// A card shows all that somebody needs who decides, and what is hostile is text.
func TestCard(t *testing.T) {
	b := newDesk(t)
	b.busy()
	s := b.sit(moderatorName)
	page := s.page("")
	for _, want := range []string{"1 approved", "1 rejected", "tam@example.org", "Answers \u2068Nell Harrow\u2069", "My grandfather carried sacks there.", "many links", "repeated",
		`href="https://news.example/town/2026/11/mill-fire/"`, "Fire at the mill", "nothing else", "word “&lt;b&gt;mill&lt;/b&gt;”", "&lt;img src=x onerror=alert(1)&gt;",
		`<div class="text" lang="ar"><p dir="auto">`} {
		if !strings.Contains(page.text, want) {
			t.Errorf("the queue does not show %s", want)
		}
	}
	root, err := html.Parse(strings.NewReader(page.text))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && (n.Data == "img" || n.Data == "script" && attribute(n, "src") != "desk.js" || n.Data == "style" || attribute(n, "style") != "" || attribute(n, "onclick") != "") {
			t.Errorf("the page has <%s> %v", n.Data, n.Attr)
		}
	}
	for _, path := range []string{"", "?state=all", "account", "nowhere", "sign-in"} {
		h := s.page(path).Header
		if p := h.Get("Content-Security-Policy"); !strings.Contains(p, "default-src 'none'") || !strings.Contains(p, "script-src 'self'") || !strings.Contains(p, "frame-ancestors 'none'") {
			t.Errorf("%s: the policy is %s", path, p)
		}
		if h.Get("Cache-Control") != "no-store" || h.Get("X-Robots-Tag") != "noindex" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// A comment on a story that the edition has no more is shown by what is remembered of
// it, and one on a story that never was, by its name.
func TestStoryGone(t *testing.T) {
	b := newDesk(t)
	b.waits(comments.Comment{Story: "/never/was/", Text: "Imported"})
	b.waits(comments.Comment{Story: fire, Text: "Remembered"})
	b.check(b.store.SetStories(t.Context(), nil))
	s := b.sit(moderatorName)
	b.is(s.page(""), http.StatusOK, "/never/was/", "Fire at the mill")
	b.is(s.page("?story=/never/was/"), http.StatusOK, "The story takes no comments.")
}

func TestThread(t *testing.T) {
	b := newDesk(t)
	s := b.sit(editorName)
	b.waits(comments.Comment{Text: "x"})
	b.is(s.page("?story="+fire), http.StatusOK, "Comments are open.", "Close the thread")
	got := s.act("thread", url.Values{"story": {fire}, "closed": {"yes"}, "back": {"story=" + fire}})
	b.is(s.follow(got), http.StatusOK, "The thread is closed.", "The desk has closed this thread.", "Open the thread")
	b.is(b.send(plainReader, "/comment", wrote(fire, "Late", "Too late")), http.StatusConflict)
	got = s.act("thread", url.Values{"story": {fire}, "closed": {"no"}})
	b.is(s.follow(got), http.StatusOK, "The thread is open.")
	b.is(s.act("thread", url.Values{"story": {"/never/"}, "closed": {"yes"}}), http.StatusNotFound)
}

func TestBlockWords(t *testing.T) {
	b := newDesk(t)
	s := b.sit(editorName)
	seen := regexp.MustCompile(`name="seen" value="([^"]+)"`)
	mark := func() string { return seen.FindStringSubmatch(s.page("words").text)[1] }
	old := mark()
	b.is(s.follow(s.act("words", url.Values{"seen": {old}, "words": {"mill\r\n  mill \r\n\r\n<b>x</b>"}})), http.StatusOK, "The words are kept.", "\n&lt;b&gt;x&lt;/b&gt;\nmill</textarea>")
	got := s.act("words", url.Values{"seen": {old}, "words": {"boats\nmill"}})
	b.is(got, http.StatusConflict, "changed the list meanwhile", "boats\nmill</textarea>", "&lt;b&gt;x&lt;/b&gt;")
	b.is(s.act("words", url.Values{"seen": {mark()}, "words": {""}}), http.StatusSeeOther)
	if words, _ := b.store.Words(t.Context()); len(words) != 0 {
		t.Errorf("the words are %q", words)
	}
}

func TestAccounts(t *testing.T) {
	b := newDesk(t)
	s := b.sit(editorName)
	add := func(name, password string) reply {
		return s.act("accounts", url.Values{"do": {"add"}, "name": {name}, "password": {password}, "role": {"moderator"}})
	}
	b.is(add("two words", goodPassword), http.StatusUnprocessableEntity, "A name has letters", `href="#new-name"`)
	b.is(add("Sam", goodPassword), http.StatusUnprocessableEntity, "There is an account by that name.")
	b.is(add("eve", "short"), http.StatusUnprocessableEntity, "12 to 200", `value="eve"`)
	b.is(s.follow(add("Eve", goodPassword)), http.StatusOK, "The account is kept.", "eve")
	eve := b.sit("eve")
	do := func(what, name string) reply { return s.act("accounts", url.Values{"do": {what}, "name": {name}}) }
	b.is(do("editor", "eve"), http.StatusSeeOther)
	b.is(eve.page(""), http.StatusSeeOther)
	eve = b.sit("eve")
	b.is(eve.page("log"), http.StatusOK, "saved an account", "eve, editor")
	for _, what := range []string{"moderator", "remove"} {
		b.is(do(what, editorName), http.StatusUnprocessableEntity, "changed by another editor")
	}
	b.is(s.follow(do("remove", "eve")), http.StatusOK, "The account is gone")
	b.is(eve.page(""), http.StatusSeeOther)
	b.is(do("remove", "eve"), http.StatusNotFound)
	b.is(s.page("log"), http.StatusOK, "removed an account")
}

// A new password ends all other sessions, and the old one lets nobody in.
func TestChangePassword(t *testing.T) {
	b := newDesk(t)
	s, elsewhere := b.sit(moderatorName), b.sit(moderatorName)
	const another = "another horse, another staple"
	change := func(old, to string) reply {
		return s.act("account", url.Values{"do": {"password"}, "old": {old}, "new": {to}})
	}
	b.is(change("wrong password", another), http.StatusUnprocessableEntity, "The old password is wrong.")
	b.is(change(goodPassword, "short"), http.StatusUnprocessableEntity, "12 to 200")
	b.is(elsewhere.page(""), http.StatusOK)
	b.is(s.follow(change(goodPassword, another)), http.StatusOK, "Your password is another one.")
	b.is(elsewhere.page(""), http.StatusSeeOther)
	old := &sitter{b, reader(true)}
	b.is(old.post("sign-in", url.Values{"name": {moderatorName}, "password": {goodPassword}}), http.StatusForbidden)
	b.is(old.post("sign-in", url.Values{"name": {moderatorName}, "password": {another}}), http.StatusSeeOther)
	if a, _ := b.store.Account(t.Context(), moderatorName); a.Role != comments.Moderator {
		t.Errorf("the role is %s", a.Role)
	}
}

func TestDeskFeed(t *testing.T) {
	b := newDesk(t)
	b.busy()
	s := b.sit(moderatorName)
	address := regexp.MustCompile(`value="(http[^"]+/desk/feed\?key=[^"]+)"`)
	find := func() string { return strings.TrimPrefix(address.FindStringSubmatch(s.page("account").text)[1], b.url) }
	path := find()
	if path != find() {
		t.Error("the feed has another address each time")
	}
	got := b.get(plainReader, path)
	b.is(got, http.StatusOK, "Waiting at The Pellmouth Lantern")
	var feed struct {
		Entries []struct {
			ID      string `xml:"id"`
			Title   string `xml:"title"`
			Updated string `xml:"updated"`
			Content string `xml:"content"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(got.text), &feed); err != nil || len(feed.Entries) != 37 {
		t.Fatalf("%d entries, %v", len(feed.Entries), err)
	}
	e := feed.Entries[30]
	if _, err := time.Parse(time.RFC3339, e.Updated); err != nil || !strings.Contains(e.Title, "on “\u2068Fire at the mill\u2069”") || !strings.HasPrefix(e.ID, b.url+"/desk/comment?id=") {
		t.Errorf("an entry is %+v, %v", e, err)
	}
	if strings.Contains(got.text, "@example") {
		t.Error("the feed has e-mail addresses")
	}
	b.is(b.get(plainReader, "/desk/feed"), http.StatusNotFound)
	b.is(b.get(plainReader, "/desk/feed?key=x"), http.StatusNotFound)
	b.is(s.follow(s.act("account", url.Values{"do": {"feed"}})), http.StatusOK, "another address")
	b.is(b.get(plainReader, path), http.StatusNotFound)
	path = find()
	b.is(b.get(plainReader, path), http.StatusOK)
	b.check(b.store.RemoveAccount(t.Context(), "test", moderatorName))
	b.is(b.get(plainReader, path), http.StatusNotFound)
	b.silent(strings.TrimPrefix(path, "/desk/feed?key="))
}

func TestForgetAtTheDesk(t *testing.T) {
	b := newDesk(t)
	b.busy()
	s := b.sit(editorName)
	found, err := b.store.Find(t.Context(), comments.Query{Text: "tam@", State: comments.Waiting})
	b.check(err)
	of := found[0].ID
	b.is(s.page("person?of="+of), http.StatusOK, "3 comments", "tam@example.org", "Nonsense.")
	got := s.page("forget.json?of=" + of)
	var known comments.Known
	if err := json.Unmarshal([]byte(got.text), &known); err != nil || len(known.Comments) != 3 || known.Email != "tam@example.org" || known.Comments[0].Email != known.Email {
		t.Errorf("the file has %v, %v", known, err)
	}
	b.is(s.act("forget", url.Values{"of": {of}}), http.StatusUnprocessableEntity, "Say that you are sure.")
	b.is(s.follow(s.act("forget", url.Values{"of": {of}, "sure": {"yes"}})), http.StatusOK, "are erased")
	b.is(s.page("?state=all&q=tam"), http.StatusOK, "Nothing was found.")
	b.is(s.page("person?of="+of), http.StatusNotFound)
	b.is(s.page("log"), http.StatusOK, "forgot a person")
}

// The desk speaks the language that the browser asks for, else the newspaper's first.
func TestDeskLanguages(t *testing.T) {
	b := newDesk(t)
	s := b.sit(moderatorName)
	for asked, want := range map[string]string{"ar-EG,en;q=0.5": `lang="ar" dir="rtl"`, "de;q=0.3, fr-CA;q=0.8": `lang="fr" dir="ltr"`, "ja": `lang="en"`, "": `lang="en"`, "fa;q=0, es": `lang="es"`, ";;q=x,,=": `lang="en"`} {
		b.is(s.page("", "Accept-Language", asked), http.StatusOK, "<html "+want)
	}
	keys := b.deskVoices()
	for tag, v := range keys {
		for _, key := range keys["en"].Keys() {
			if _, known := v.Messages[key]; !known {
				t.Errorf("%s has no %q", tag, key)
			}
		}
		if len(v.Keys()) != len(keys["en"].Keys()) {
			t.Errorf("%s has %d messages, English %d", tag, len(v.Keys()), len(keys["en"].Keys()))
		}
	}
}

func (b *bench) deskVoices() map[string]voice {
	b.Helper()
	all, err := voices(deskFiles, "desk/languages")
	b.check(err)
	if len(all) != 6 {
		b.Errorf("the desk speaks %d languages", len(all))
	}
	return all
}
