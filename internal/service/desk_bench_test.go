package service

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"stet/internal/comments"
)

const (
	editorName    = "ada"
	moderatorName = "sam"
	goodPassword  = "correct horse battery staple"
)

// oneHash is of goodPassword: hashing takes long.
var oneHash = sync.OnceValue(func() []byte {
	hash, err := Hash(goodPassword)
	if err != nil {
		panic(err)
	}
	return hash
})

// newDesk starts a service with an editor and a moderator.
func newDesk(t testing.TB, options ...func(*Options)) *bench {
	t.Helper()
	b := newBench(t, options...)
	b.account(editorName, comments.Editor)
	b.account(moderatorName, comments.Moderator)
	return b
}

func (b *bench) account(name, role string) {
	b.Helper()
	if err := b.store.SaveAccount(b.Context(), "test", comments.Account{Name: name, Role: role, Hash: oneHash()}); err != nil {
		b.Fatal(err)
	}
}

// A sitter is somebody at the desk, in a browser without script.
type sitter struct {
	*bench
	client *http.Client
}

// sit has somebody sign in.
func (b *bench) sit(name string) *sitter {
	b.Helper()
	s := &sitter{b, reader(true)}
	got := s.post("sign-in", url.Values{"name": {name}, "password": {goodPassword}})
	b.is(got, http.StatusSeeOther)
	return s
}

// page gets a page of the desk.
func (s *sitter) page(path string, headers ...string) reply {
	s.Helper()
	return s.get(s.client, "/desk/"+path, headers...)
}

// post sends a form as a page of the desk does, without what that page has hidden in it.
func (s *sitter) post(path string, form url.Values, headers ...string) reply {
	s.Helper()
	return s.send(s.client, "/desk/"+path, form, append([]string{"Origin", s.url}, headers...)...)
}

var hiddenToken = regexp.MustCompile(`name="token" value="([^"]+)"`)

// token is what forms of the session carry.
func (s *sitter) token() string {
	s.Helper()
	m := hiddenToken.FindStringSubmatch(s.page("account").text)
	if m == nil {
		s.Fatal("no form has a token")
	}
	return m[1]
}

// act sends a form with the token of the session.
func (s *sitter) act(path string, form url.Values, headers ...string) reply {
	s.Helper()
	form.Set("token", s.token())
	return s.post(path, form, headers...)
}

// follow gets the page to which an answer leads.
func (s *sitter) follow(from reply) reply {
	s.Helper()
	if from.StatusCode != http.StatusSeeOther {
		s.Fatalf("this leads nowhere: %d %s", from.StatusCode, from.text)
	}
	u, err := from.Location()
	if err != nil {
		s.Fatal(err)
	}
	return s.get(s.client, u.RequestURI())
}

// waits stores a comment that waits for the desk.
func (b *bench) waits(c comments.Comment) comments.Comment {
	b.Helper()
	if c.Story == "" {
		c.Story = fire
	}
	if c.Lang == "" {
		c.Lang = "en"
	}
	if c.Name == "" {
		c.Name = "Bo Reader"
	}
	if c.Email == "" {
		c.Email = "bo@example.org"
	}
	if c.State == "" {
		c.State = comments.Waiting
	}
	if c.Sent.IsZero() {
		c.Sent = b.Now()
	}
	c, _, err := b.store.Add(b.Context(), c, "")
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func (b *bench) stateOf(id string) comments.Comment {
	b.Helper()
	c, err := b.store.Comment(b.Context(), id)
	if err != nil {
		b.Fatal(err)
	}
	return c
}

// busy is a queue as on the day after a fire, in two languages, with what rules hold
// and what is hostile.
func (b *bench) busy() (all []comments.Comment) {
	b.Helper()
	at := b.Now().Add(-26 * time.Hour)
	add := func(c comments.Comment) comments.Comment {
		at = at.Add(37 * time.Minute)
		c.Sent = at
		c = b.waits(c)
		all = append(all, c)
		return c
	}
	first := add(comments.Comment{Name: "Nell Harrow", Email: "nell@example.org", State: comments.Approved,
		Text: "My grandfather carried sacks there. The floor was always thick with dust, and nobody ever spoke of the danger."})
	add(comments.Comment{Name: "Tam O’Dell", Email: "tam@example.org", State: comments.Rejected, Text: "Nonsense."})
	add(comments.Comment{Name: "Tam O’Dell", Email: "tam@example.org", State: comments.Approved, Text: "Sorry for what I said before."})
	add(comments.Comment{Name: "Tam O’Dell", Email: "tam@example.org", Parent: first.ID,
		Text: "There were two inspections in ten years, and both found the same fault in the extractor.\n\nI was the apprentice who swept it out in 1998. We were told to keep quiet about the sparks, and we did, because there was no other work in town.\nNobody asked us then. I am glad that somebody asks now."})
	add(comments.Comment{Name: "Cheap Boats", Email: "offer@example.net", Flags: "links,repeated", Text: "Best boats https://boats.example/a https://boats.example/b https://boats.example/c"})
	add(comments.Comment{Name: "ليلى حداد", Email: "layla@example.org", Story: harbr, Lang: "ar", Text: "كنا نسمع صوت المطحنة كل صباح من نافذة المدرسة.\n\nشكرًا للصحيفة على هذا التقرير، ونتمنى أن يعرف الناس سبب الحريق قريبًا."})
	add(comments.Comment{Name: `<script>alert("x")</script>`, Email: "x@example.org", Flags: `word <b>mill</b>`, Text: `<img src=x onerror=alert(1)> "quoted" & 'single' </p></article>`})
	add(comments.Comment{Name: "Evil\u202eeman", Email: "bidi@example.org", Text: "right \u202eto left\u2066 without end"})
	add(comments.Comment{Name: strings.Repeat("Longname", 10), Email: strings.Repeat("long.", 20) + "address@example.org", Text: strings.Repeat("Pneumonoultramicroscopicsilicovolcanoconiosis", 12)})
	for i := range 31 {
		add(comments.Comment{Name: fmt.Sprintf("Reader %d", i+1), Email: fmt.Sprintf("reader%d@example.org", i%7), Text: fmt.Sprintf("Comment number %d: I walked past the mill on Tuesday evening and saw smoke below the eaves, an hour before anybody called.", i+1)})
	}
	return all
}
