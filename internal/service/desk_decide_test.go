package service

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"stet/internal/comments"
)

// decides presses a button beside a comment, as it was seen.
func (s *sitter) decides(to comments.State, seen ...comments.Comment) reply {
	s.Helper()
	form := url.Values{"to": {string(to)}}
	for _, c := range seen {
		form.Add("id", c.ID+" "+string(c.State))
	}
	return s.act("decide", form)
}

// acts are what the audit log says, the newest first.
func (b *bench) acts() (all []string) {
	b.Helper()
	acts, err := b.store.Acts(b.Context(), 0, 0)
	b.check(err)
	for _, a := range acts {
		all = append(all, strings.TrimSpace(a.Who+" "+a.What+" "+a.Comment))
	}
	return all
}

func TestDecide(t *testing.T) {
	b := newDesk(t)
	first, second := b.waits(comments.Comment{Text: "First", Name: "Nell"}), b.waits(comments.Comment{Text: "Second"})
	s := b.sit(moderatorName)
	for _, to := range []comments.State{comments.Approved, comments.Rejected, comments.Spam, comments.Waiting} {
		was := b.stateOf(first.ID)
		form := url.Values{"to": {string(to)}, "id": {first.ID + " " + string(was.State)}, "next": {second.ID}, "back": {"state=" + string(was.State)}}
		got := s.act("decide", form)
		if c := b.stateOf(first.ID); c.State != to || c.By != moderatorName {
			t.Fatalf("pressed is %s, the comment is %s by %s", to, c.State, c.By)
		}
		if to := got.Header.Get("Location"); !strings.HasSuffix(to, "#c-"+second.ID) {
			t.Errorf("the focus goes to %s", to)
		}
		page := s.follow(got)
		b.is(page, http.StatusOK, "Undo", `value="`+first.ID+" "+string(to)+" "+string(was.State)+`"`)
		if was.State == comments.Waiting && !strings.Contains(page.text, `aria-labelledby="h-`+second.ID+`" aria-describedby="notice"`) {
			t.Error("who hears the next comment does not hear what was done")
		}
	}
	want := []string{"sam waiting " + first.ID, "sam spam " + first.ID, "sam rejected " + first.ID, "sam approved " + first.ID}
	if got := b.acts()[:4]; !slices.Equal(got, want) {
		t.Errorf("the log says %q", got)
	}
}

// Every decision can be taken back: at once, and later from the lists.
func TestUndo(t *testing.T) {
	b := newDesk(t)
	one, two := b.waits(comments.Comment{Text: "One"}), b.waits(comments.Comment{Text: "Two", State: comments.Spam})
	s := b.sit(moderatorName)
	page := s.follow(s.decides(comments.Rejected, one, two))
	b.is(page, http.StatusOK, "2 comments rejected")
	undo := url.Values{"undo": {"yes"}, "id": {one.ID + " rejected waiting", two.ID + " rejected spam"}}
	for _, item := range undo["id"] {
		if !strings.Contains(page.text, `value="`+item+`"`) {
			t.Errorf("the page does not offer %s", item)
		}
	}
	b.is(s.act("decide", undo), http.StatusSeeOther)
	if a, c := b.stateOf(one.ID).State, b.stateOf(two.ID).State; a != comments.Waiting || c != comments.Spam {
		t.Errorf("back are %s and %s", a, c)
	}
	for _, state := range states {
		c := b.waits(comments.Comment{Text: "List " + string(state), State: state})
		list := s.page("?state=" + string(state))
		b.is(list, http.StatusOK, "List "+string(state))
		for _, to := range choicesBut(state) {
			b.is(list, http.StatusOK, `value="`+string(to.To)+`"`)
		}
		b.is(s.decides(comments.Waiting, c), http.StatusSeeOther)
	}
}

// Somebody else has decided meanwhile: who comes second is told, and nothing is
// done twice. Who presses twice himself is not told off.
func TestTwoModerators(t *testing.T) {
	b := newDesk(t)
	ada, sam := b.sit(editorName), b.sit(moderatorName)
	c := b.waits(comments.Comment{Text: "Both see this", Name: "<b>Nell</b>"})
	other := b.waits(comments.Comment{Text: "And this"})
	b.is(ada.decides(comments.Rejected, c), http.StatusSeeOther)
	page := sam.follow(sam.decides(comments.Approved, c, other))
	b.is(page, http.StatusOK, "1 comment approved", "Somebody was quicker", "was rejected by \u2068ada\u2069", "\u2068&lt;b&gt;Nell&lt;/b&gt;\u2069")
	if got := b.stateOf(c.ID); got.State != comments.Rejected || got.By != editorName {
		t.Errorf("the comment is %s by %s", got.State, got.By)
	}
	page = ada.follow(ada.decides(comments.Rejected, c))
	b.is(page, http.StatusOK, "1 comment rejected")
	if strings.Contains(page.text, "quicker") {
		t.Error("who presses twice was not quicker than himself")
	}
	var wg sync.WaitGroup
	for i := range 10 {
		c := b.waits(comments.Comment{Text: fmt.Sprint("Race ", i)})
		for _, s := range []*sitter{ada, sam} {
			form := url.Values{"token": {s.token()}, "id": {c.ID + " waiting"}, "to": {map[*sitter]string{ada: "approved", sam: "spam"}[s]}}
			wg.Go(func() { s.post("decide", form) })
		}
		wg.Wait()
		n := 0
		for _, act := range b.acts() {
			if strings.HasSuffix(act, c.ID) {
				n++
			}
		}
		if n != 1 {
			t.Fatalf("the log has %d decisions on one comment", n)
		}
	}
}

// A form names comments as it likes: what is no comment, or no state, is passed over.
func TestOddDecisions(t *testing.T) {
	b := newDesk(t)
	s := b.sit(moderatorName)
	c := b.waits(comments.Comment{Text: "Stay"})
	for _, form := range []url.Values{
		{}, {"to": {"approved"}}, {"to": {"approved"}, "id": {""}}, {"to": {"approved"}, "id": {"nothing waiting"}}, {"to": {"gone"}, "id": {c.ID + " waiting"}},
		{"to": {"forgotten"}, "id": {c.ID + " waiting"}}, {"to": {"approved"}, "id": {c.ID}}, {"to": {"approved"}, "id": {c.ID + " approved"}},
		{"to": {"approved"}, "id": {"' OR 1=1 -- waiting"}},
	} {
		got := s.act("decide", form)
		b.is(got, http.StatusSeeOther)
		b.is(s.follow(got), http.StatusOK, `class="notice"`)
		if b.stateOf(c.ID).State != comments.Waiting {
			t.Fatalf("%v decides", form)
		}
	}
	for _, back := range []string{"https://evil.example/", "//evil", "state=spam\r\nx", "id=../../x", "%zz", "q=<script>"} {
		got := s.act("decide", url.Values{"back": {back}, "next": {"\"><script>"}})
		if to := got.Header.Get("Location"); !strings.HasPrefix(to, "./?") && !strings.HasPrefix(to, "comment?id=") || strings.ContainsAny(to, "<\r\n\"") {
			t.Errorf("%q leads to %q", back, to)
		}
	}
	b.is(s.page("?did=nothing~waiting,"+c.ID+"~%3Cb%3E&met=x,,y&said=%3Cscript%3E&at=%22%3E%3Cb%3E"), http.StatusOK)
}

func TestShorten(t *testing.T) {
	b := newDesk(t)
	s := b.sit(moderatorName)
	c := b.waits(comments.Comment{Text: "One sentence. And another one, which is much longer."})
	of := func() string { now := b.stateOf(c.ID); return now.ID + " " + markOf(now) }
	old := of()
	got := s.act("shorten", url.Values{"of": {of()}, "text": {"One sentence."}})
	b.is(s.follow(got), http.StatusOK, "The text was changed.", "One sentence. […]", "Restore the original", "which is much longer")
	if now := b.stateOf(c.ID); now.Text != "One sentence. […]" || now.Original != c.Text || now.State != comments.Waiting {
		t.Errorf("shortened is %+v", now)
	}
	got = s.act("shorten", url.Values{"of": {old}, "text": {"Mine"}})
	b.is(got, http.StatusUnprocessableEntity, "Somebody else has changed", "\nMine</textarea>")
	for text, want := range map[string]string{"": "Write a text.", "\u200b\u202e": "Write a text.", strings.Repeat("x", 60): "longer than the original", strings.Repeat("x", 1501): "longer than the original"} {
		b.is(s.act("shorten", url.Values{"of": {of()}, "text": {text}}), http.StatusUnprocessableEntity, want)
	}
	got = s.act("shorten", url.Values{"of": {of()}, "restore": {"yes"}, "text": {"not this"}})
	b.is(s.follow(got), http.StatusOK, "The original is back.")
	if now := b.stateOf(c.ID); now.Text != c.Text || now.Original != "" {
		t.Errorf("restored is %+v", now)
	}
	got = s.act("shorten", url.Values{"of": {of()}, "text": {"[…] another one"}, "to": {"approved"}})
	b.is(s.follow(got), http.StatusOK, "The text was changed and approved.", "Undo")
	if now := b.stateOf(c.ID); now.Text != "[…] another one" || now.State != comments.Approved {
		t.Errorf("approved is %+v", now)
	}
	long := b.waits(comments.Comment{Text: strings.Repeat("y", 1500)})
	b.is(s.act("shorten", url.Values{"of": {long.ID + " " + markOf(long)}, "text": {strings.Repeat("y", 1499)}}), http.StatusUnprocessableEntity, "3 characters too long")
	b.is(s.act("shorten", url.Values{"of": {"nothing x"}, "text": {"x"}}), http.StatusNotFound)
}

func TestReplyOfThePaper(t *testing.T) {
	b := newDesk(t)
	s := b.sit(moderatorName)
	c := b.waits(comments.Comment{Story: harbr, Lang: "ar", Text: "سؤال"})
	b.is(s.page("comment?id="+c.ID), http.StatusOK, "Reply as \u2068فانوس بلماوث\u2069", "Approve and reply")
	of := c.ID + " " + markOf(c)
	b.is(s.act("reply", url.Values{"of": {of}, "text": {" "}}), http.StatusUnprocessableEntity, "Write a text.")
	b.is(s.act("reply", url.Values{"of": {of}, "text": {strings.Repeat("x", 1502)}}), http.StatusUnprocessableEntity, "2 characters too long", "xxx</textarea>")
	for range 2 { // pressed twice
		got := s.act("reply", url.Values{"of": {of}, "text": {"شكرًا\r\n<b>لك</b>"}})
		b.is(s.follow(got), http.StatusOK, "The reply is in the thread.")
	}
	if now := b.stateOf(c.ID); now.State != comments.Approved {
		t.Errorf("what was answered is %s", now.State)
	}
	all, err := b.store.Find(t.Context(), comments.Query{Story: harbr})
	b.check(err)
	if len(all) != 2 || !all[0].Paper || all[0].Name != "فانوس بلماوث" || all[0].Parent != c.ID || all[0].Text != "شكرًا\n<b>لك</b>" || all[0].State != comments.Approved || all[0].By != moderatorName {
		t.Errorf("there are %+v", all)
	}
	page := s.page("comment?id=" + c.ID)
	b.is(page, http.StatusOK, "Replies", "&lt;b&gt;لك&lt;/b&gt;")
	own := all[0]
	got := s.act("shorten", url.Values{"of": {own.ID + " " + markOf(own)}, "text": {"شكرًا لك على سؤالك الطويل"}}) // its own text may be longer
	b.is(got, http.StatusSeeOther)
	if now := b.stateOf(own.ID); now.Text != "شكرًا لك على سؤالك الطويل" {
		t.Errorf("the paper's own text is %q", now.Text)
	}
	b.is(s.decides(comments.Rejected, b.stateOf(c.ID)), http.StatusSeeOther)
	b.is(s.act("reply", url.Values{"of": {of}, "text": {"More"}}), http.StatusUnprocessableEntity, "cannot be answered", "\nMore</textarea>")
}
