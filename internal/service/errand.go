package service

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"stet/internal/comments"
	"stet/internal/threads"
)

// An errand is a request of a reader, with what is known of it so far.
type errand struct {
	*Service
	w     http.ResponseWriter
	r     *http.Request
	voice voice
	form  form
	story story
}

// reader makes a handler of one that does an errand.
func (s *Service) reader(do func(*errand)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := &errand{Service: s, w: w, r: r}
		v.voice = s.voice(wishes(r)...)
		s.origins.share(w.Header(), r)
		if r.Method == http.MethodPost && !v.posted() {
			return
		}
		if r.Method != http.MethodPost {
			q := r.URL.Query() // a link fills in nothing else
			v.form = formOf(map[string][]string{"story": q["story"], "parent": q["to"], "lang": q["lang"]})
		}
		do(v)
	}
}

// posted reads what a form has brought, if it comes from where forms may come from.
func (v *errand) posted() bool {
	from := v.origins.of(v.r)
	if from == foreign {
		v.refuse(http.StatusForbidden, "", "origin")
		return false
	}
	f, err := readForm(v.w, v.r)
	switch {
	case errors.Is(err, errForm):
		v.refuse(http.StatusBadRequest, "", "unread")
	case err != nil:
		v.refuse(http.StatusRequestEntityTooLarge, "", "large")
	}
	v.form = f
	if err == nil && from == sealed && f.Token != "" { // without one it is only shown
		v.refuse(http.StatusForbidden, "", "origin")
		return false
	}
	return err == nil
}

// found looks up the story of an errand, and speaks its language from then on.
func (v *errand) found() bool {
	st, err := v.find(v.r.Context(), v.form.Story)
	v.story = st
	if v.form.Lang != "" || err == nil {
		v.voice = v.Service.voice(v.form.Lang, st.Lang)
	}
	switch {
	case none(err):
		v.refuse(http.StatusNotFound, "story", "unknown")
	case err != nil:
		v.broke(err)
	}
	return err == nil
}

// took says that something was stored.
func (v *errand) took(approved bool, place string) {
	if !v.json() {
		v.w.Header().Set("Location", v.at(v.story.URL, place))
		v.w.WriteHeader(http.StatusSeeOther)
		return
	}
	state := comments.Waiting
	if approved {
		state = comments.Approved
	}
	v.write(http.StatusOK, map[string]comments.State{"state": state})
}

// json tells whether a script asks.
func (v *errand) json() bool { return strings.Contains(v.r.Header.Get("Accept"), "application/json") }

func (v *errand) write(status int, value any) {
	v.w.Header().Set("Content-Type", "application/json")
	v.w.WriteHeader(status)
	_ = json.NewEncoder(v.w).Encode(value)
}

// wait says that too much was sent.
func (v *errand) wait(parent *comments.Comment, wait time.Duration) {
	v.w.Header().Set("Retry-After", seconds(wait))
	v.commentPage(http.StatusTooManyRequests, parent, []Fault{{"", v.waits(wait)}})
}

func (v *errand) waits(wait time.Duration) string {
	return v.voice.say("wait", "count", int(math.Ceil(wait.Minutes())))
}

// troubled says that a comment cannot be stored now, and keeps it on the page.
func (v *errand) troubled(parent *comments.Comment, err error) {
	trouble(v.w, err)
	v.commentPage(http.StatusServiceUnavailable, parent, []Fault{{"", v.voice.say("trouble")}})
}

// broke says that the service cannot answer now.
func (v *errand) broke(err error) {
	trouble(v.w, err)
	v.refuse(http.StatusServiceUnavailable, "", "trouble")
}

// A commentPage shows a comment as it will stand, and the form by which it is sent.
type commentPage struct {
	page
	formPage
	Lead   string
	Parent *comments.Comment // that is answered
	Shown  *comments.Comment
	Form   *form
	Most   int
	Policy string
}

// A formPage is about a story, and says what is wrong with a form.
type formPage struct {
	Story, Headline string
	Faults          []Fault
}

// Fault is what is wrong with a field.
func (p formPage) Fault(field string) *Fault {
	for _, f := range p.Faults {
		if f.Field == field {
			return &f
		}
	}
	return nil
}

func (v *errand) formPage(faults []Fault) formPage {
	return formPage{v.at(v.story.URL, ""), v.story.Title, faults}
}

// commentPage answers with the form: with what is wrong, or to have it read once
// more, or empty to answer a comment. A script gets what is wrong.
func (v *errand) commentPage(status int, parent *comments.Comment, faults []Fault) {
	if v.json() {
		v.write(status, map[string][]Fault{"errors": faults})
		return
	}
	p := commentPage{formPage: v.formPage(faults), Parent: parent, Form: &v.form, Most: comments.Most}
	v.freshen()
	title := v.voice.say("again")
	switch {
	case parent != nil && v.form.Text == "":
		title = v.voice.say("reply_to", "name", isolated(parent.Name))
	case len(faults) == 0 && v.form.Text != "":
		title, p.Lead = v.voice.say("check"), v.voice.say("check_lead")
		p.Shown = &comments.Comment{Name: threads.CleanName(v.form.Name), Text: threads.Clean(v.form.Text)}
	}
	p.page = v.newPage(v.voice, v.story.Lang, title)
	p.Wrong = len(faults) > 0
	p.Policy = v.policy(v.story.Lang)
	v.show(v.w, status, "comment.html", p)
}

// freshen gives the form a token, unless it has one that is still good.
func (v *errand) freshen() {
	if v.refusal(v.form.Token, v.form.Key, v.story.ID, 0) != "" {
		v.form.Token = v.newToken("form", v.story.ID)
		v.form.Key = v.key(v.form.Token)
	}
}

// A noticePage says that something cannot be, and gives back what was written.
type noticePage struct {
	page
	formPage
	Shown *comments.Comment
}

// refuse says that an errand cannot have what it came for. What somebody has written
// stays on the page for him.
func (v *errand) refuse(status int, field, key string, args ...any) {
	text := v.voice.say(key, args...)
	if v.json() {
		v.write(status, map[string][]Fault{"errors": {{field, text}}})
		return
	}
	p := noticePage{page: v.newPage(v.voice, cmp.Or(v.story.Lang, v.form.Lang), text), formPage: v.formPage(nil)}
	if v.story.ID == "" {
		p.Story = p.Front
	}
	if v.form.Text != "" {
		p.Shown = &comments.Comment{Name: threads.CleanName(v.form.Name), Text: threads.Clean(v.form.Text)}
	}
	v.show(v.w, status, "notice.html", p)
}

// seconds is a time as Retry-After says it.
func seconds(wait time.Duration) string { return fmt.Sprint(int(math.Ceil(wait.Seconds()))) }
