package service

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"stet/internal/comments"
)

// cookie is the session that somebody's browser has.
func (s *sitter) cookie() *http.Cookie {
	u, _ := url.Parse(s.url)
	for _, c := range s.client.Jar.Cookies(u) {
		if strings.HasSuffix(c.Name, "stet-desk") {
			return c
		}
	}
	return nil
}

func TestSignIn(t *testing.T) {
	b := newDesk(t)
	s := &sitter{b, reader(true)}
	got := s.page("?state=spam")
	b.is(got, http.StatusSeeOther)
	if to := got.Header.Get("Location"); to != "sign-in?to=%3Fstate%3Dspam" {
		t.Errorf("who is not signed in is sent to %s", to)
	}
	for _, to := range []string{"//evil.example/", "https://evil.example/", "/x", "../comment", "comment\r\nx: y", "feed?key=x"} {
		got := s.post("sign-in", url.Values{"name": {editorName}, "password": {"wrong password here"}, "to": {to}})
		b.is(got, http.StatusForbidden, `name="to" value=""`)
	}
	b.is(s.post("sign-in", url.Values{"name": {"ADA "}, "password": {goodPassword}, "to": {"?state=spam"}}), http.StatusSeeOther)
	c := s.cookie()
	if c == nil {
		t.Fatal("there is no session")
	}
	b.is(s.page(""), http.StatusOK, "Queue", "Nobody is waiting")
	b.is(s.page("sign-in"), http.StatusSeeOther)
	got = s.post("sign-in", url.Values{"name": {"sam"}, "password": {goodPassword}, "to": {"?state=spam"}})
	for _, want := range []string{"HttpOnly", "SameSite=Strict", "Max-Age=43200", "Path=/"} {
		if !strings.Contains(got.Header.Get("Set-Cookie"), want) {
			t.Errorf("the cookie lacks %s: %s", want, got.Header.Get("Set-Cookie"))
		}
	}
	if to := got.Header.Get("Location"); to != "./?state=spam" {
		t.Errorf("after the sign-in one is at %s", to)
	}
	b.silent(c.Value, goodPassword)
}

// On https only the service itself can have set the cookie.
func TestSecureCookie(t *testing.T) {
	b := newDesk(t, func(o *Options) { o.URL = "https://comments.example/talk/" })
	r := httptest.NewRequest(http.MethodPost, "https://comments.example/talk/desk/sign-in", strings.NewReader(url.Values{"name": {editorName}, "password": {goodPassword}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://comments.example")
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	if c := w.Header().Get("Set-Cookie"); !strings.HasPrefix(c, "__Host-stet-desk=") || !strings.Contains(c, "; Secure") || strings.Contains(c, "Domain") {
		t.Errorf("%d, the cookie is %s", w.Code, c)
	}
}

// A name that is not known gets the same answer after the same work.
func TestUnknownName(t *testing.T) {
	b := newDesk(t)
	s := &sitter{b, reader(true)}
	answer := func(name string) (reply, time.Duration) {
		began := time.Now()
		got := s.post("sign-in", url.Values{"name": {name}, "password": {"a wrong password"}})
		got.text = strings.ReplaceAll(got.text, `value="`+name+`"`, "")
		return got, time.Since(began)
	}
	answer(editorName)
	known, knownTime := answer(editorName)
	unknown, unknownTime := answer("nobody")
	b.is(known, http.StatusForbidden, "Name or password is wrong.")
	if unknown.StatusCode != known.StatusCode || unknown.text != known.text {
		t.Errorf("the answers differ:\n%s\n%s", known.text, unknown.text)
	}
	if unknownTime < knownTime/4 {
		t.Errorf("an unknown name is answered after %v, a known one after %v", unknownTime, knownTime)
	}
}

func TestPassword(t *testing.T) {
	for _, bad := range []string{"", "elevenchars", strings.Repeat("x", 201)} {
		if _, err := Hash(bad); err != ErrPassword {
			t.Errorf("%q is taken: %v", bad, err)
		}
	}
	hash, err := Hash("caf\u00e9 au lait noir")
	if err != nil || !strings.HasPrefix(string(hash), "$argon2id$v=19$m=65536,t=1,p=1$") {
		t.Fatalf("%s, %v", hash, err)
	}
	for password, want := range map[string]bool{"caf\u00e9 au lait noir": true, "cafe\u0301 au lait noir": true, "cafe au lait noir": false, "": false} {
		if same, err := matches(hash, password); same != want || err != nil {
			t.Errorf("%q: %v, %v", password, same, err)
		}
	}
	for _, odd := range []string{"", "x", "$argon2i$v=19$m=65536,t=1,p=1$AAAA$AAAA", "$argon2id$v=19$m=99999999,t=1,p=1$AAAA$AAAA", "$argon2id$v=19$m=65536,t=0,p=0$AAAA$AAAA", string(hash[:60])} {
		if same, err := matches([]byte(odd), ""); same || err == nil {
			t.Errorf("the hash %q: %v, %v", odd, same, err)
		}
	}
	if same, err := matches(nobody, ""); same || err != nil {
		t.Errorf("nobody's password: %v, %v", same, err)
	}
	for typed, want := range map[string]string{" Ada ": "ada", "ليلى": "ليلى", "a.b-c_d": "a.b-c_d", ".x": "", "a b": "", "a\nb": "", "": "", "<b>": "", strings.Repeat("a", 41): ""} {
		if got := AccountName(typed); got != want {
			t.Errorf("AccountName(%q) is %q", typed, got)
		}
	}
}

// Who guesses is told to wait: for one account and for all, from one place; others
// come in from elsewhere.
func TestThrottle(t *testing.T) {
	b := newDesk(t)
	s := &sitter{b, reader(true)}
	guess := func(name, from string) reply {
		return s.post("sign-in", url.Values{"name": {name}, "password": {"x"}}, "X-Forwarded-For", from)
	}
	n := 0
	for n < 50 && guess(fmt.Sprintf("name%d", n), "192.0.2.1").StatusCode == http.StatusForbidden {
		n++
	}
	if n != signIns.Address.Most {
		t.Errorf("%d tries are taken from one address", n)
	}
	got := s.post("sign-in", url.Values{"name": {editorName}, "password": {goodPassword}}, "X-Forwarded-For", "192.0.2.1")
	b.is(got, http.StatusTooManyRequests, "Too many attempts")
	if got.Header.Get("Retry-After") == "" || s.cookie() != nil {
		t.Error("who is to wait is not told for how long, or is let in")
	}
	b.is(s.post("sign-in", url.Values{"name": {editorName}, "password": {goodPassword}}, "X-Forwarded-For", "198.51.100.7"), http.StatusSeeOther)
	b.wait(11 * time.Minute)
	b.is(guess(editorName, "192.0.2.1"), http.StatusForbidden)
}

// For one account there are only so many tries, from however many addresses.
func TestThrottleAccount(t *testing.T) {
	b := newDesk(t)
	ctx, taken := t.Context(), 0
	for i := range 150 { // without the work of hashing
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.RemoteAddr = fmt.Sprintf("10.%d.%d.1:9", i, i)
		if wait, err := b.allow(ctx, "desk", signIns, b.from(r), editorName); err != nil {
			t.Fatal(err)
		} else if wait == 0 {
			taken++
		}
	}
	if taken != signIns.Story.Most {
		t.Errorf("%d tries are taken for one account", taken)
	}
}

// Passwords are hashed a few at a time.
func TestLathe(t *testing.T) {
	l := make(lathe, 2)
	var mu sync.Mutex
	var wg sync.WaitGroup
	now, most := 0, 0
	for range 20 {
		wg.Go(func() {
			l.turn(t.Context(), func() {
				mu.Lock()
				now++
				most = max(most, now)
				mu.Unlock()
				time.Sleep(time.Millisecond)
				mu.Lock()
				now--
				mu.Unlock()
			})
		})
	}
	wg.Wait()
	if most > 2 {
		t.Errorf("%d at once", most)
	}
}

// A stolen or an old cookie opens nothing: after the sign-out, after twelve hours,
// and once the account has another role or password, or is gone.
func TestSessionEnds(t *testing.T) {
	b := newDesk(t)
	for name, end := range map[string]func(s *sitter){
		"signed out":   func(s *sitter) { b.is(s.act("sign-out", url.Values{}), http.StatusSeeOther) },
		"twelve hours": func(*sitter) { b.wait(sessionLasts + time.Second) },
		"another role": func(*sitter) { b.account(moderatorName, comments.Editor) },
		"gone":         func(*sitter) { b.check(b.store.RemoveAccount(t.Context(), "test", moderatorName)) },
		"gone and back": func(*sitter) {
			b.check(b.store.RemoveAccount(t.Context(), "test", moderatorName))
			b.account(moderatorName, comments.Moderator)
		},
	} {
		b.account(moderatorName, comments.Moderator)
		s := b.sit(moderatorName)
		old := s.cookie()
		if got := b.get(plainReader, "/desk/", "Cookie", old.String()); got.StatusCode != http.StatusOK {
			t.Fatalf("%s: the session does not hold before: %d", name, got.StatusCode)
		}
		token := s.token()
		c := b.waits(comments.Comment{Text: name})
		end(s)
		if got := b.get(plainReader, "/desk/", "Cookie", old.String()); got.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: the old cookie still opens the desk: %d", name, got.StatusCode)
		}
		thief := &sitter{b, plainReader}
		got := thief.post("decide", url.Values{"token": {token}, "id": {c.ID + " waiting"}, "to": {"approved"}}, "Cookie", old.String())
		if got.StatusCode != http.StatusForbidden || b.stateOf(c.ID).State != comments.Waiting {
			t.Errorf("%s: the old cookie still decides: %d", name, got.StatusCode)
		}
	}
	for _, made := range []string{"x", "stet-desk", strings.Repeat("A", 43), strings.Repeat("x", 5000)} {
		if got := b.get(plainReader, "/desk/", "Cookie", "stet-desk="+made); got.StatusCode != http.StatusSeeOther {
			t.Errorf("the cookie %.20q opens the desk: %d", made, got.StatusCode)
		}
	}
}

func (b *bench) check(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// Forms that were not sent from a page of the desk, or not in this session, do nothing.
func TestForgedForms(t *testing.T) {
	b := newDesk(t)
	s, other := b.sit(editorName), b.sit(moderatorName)
	c := b.waits(comments.Comment{Text: "Wait"})
	form := func(token string) url.Values {
		return url.Values{"token": {token}, "id": {c.ID + " waiting"}, "to": {"approved"}}
	}
	for name, got := range map[string]reply{
		"no token":            s.post("decide", form("")),
		"another's token":     s.post("decide", form(other.token())),
		"the newspaper":       s.post("decide", form(s.token()), "Origin", news1),
		"another site":        s.post("decide", form(s.token()), "Origin", "https://evil.example"),
		"no origin":           s.post("decide", form(s.token()), "Origin", ""),
		"a sealed frame":      s.post("decide", form(s.token()), "Origin", "null", "Sec-Fetch-Site", "cross-site"),
		"sign-in from a site": s.post("sign-in", url.Values{"name": {editorName}, "password": {goodPassword}}, "Origin", "https://evil.example"),
	} {
		b.is(got, http.StatusForbidden)
		if b.stateOf(c.ID).State != comments.Waiting {
			t.Fatalf("%s: the comment was decided", name)
		}
	}
	b.is(s.get(s.client, "/desk/decide?"+form(s.token()).Encode()), http.StatusNotFound)
	if b.stateOf(c.ID).State != comments.Waiting {
		t.Fatal("a link decides")
	}
	big := form(s.token())
	big.Set("text", strings.Repeat("x", 300<<10))
	b.is(s.post("decide", big), http.StatusRequestEntityTooLarge)
	b.is(s.post("decide", form(s.token())), http.StatusSeeOther)
	if b.stateOf(c.ID).State != comments.Approved {
		t.Error("nor does a good form")
	}
}

// What a moderator may not do is refused, whatever his browser sends.
func TestRoles(t *testing.T) {
	b := newDesk(t)
	s := b.sit(moderatorName)
	c := b.waits(comments.Comment{Text: "Wait"})
	for _, path := range []string{"words", "log", "accounts", "forget?of=" + c.ID, "forget.json?of=" + c.ID} {
		b.is(s.page(path), http.StatusForbidden, "Only editors may do this.")
	}
	for path, form := range map[string]url.Values{
		"words":    {"words": {"x"}},
		"accounts": {"do": {"editor"}, "name": {moderatorName}},
		"thread":   {"story": {fire}, "closed": {"yes"}},
		"forget":   {"of": {c.ID}, "sure": {"yes"}},
	} {
		b.is(s.act(path, form), http.StatusForbidden)
	}
	if words, _ := b.store.Words(t.Context()); words != nil {
		t.Error("a moderator has changed the words")
	}
	if closed, _ := b.store.Closed(t.Context(), fire); closed {
		t.Error("a moderator has closed a thread")
	}
	if strings.Contains(s.page("").text, `href="log"`) {
		t.Error("a moderator sees the way to the log")
	}
	b.is(s.page("nowhere"), http.StatusNotFound)
	b.is(s.page("comment?id=nothing"), http.StatusNotFound)
	for _, of := range []string{"", "account", "person?of=" + c.ID, "comment?id=" + c.ID} {
		b.is(s.page(of), http.StatusOK)
	}
}
