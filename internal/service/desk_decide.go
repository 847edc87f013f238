package service

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"stet/internal/comments"
	"stet/internal/threads"
)

// What somebody at the desk does with comments. Each form says what was seen when
// it was shown; who finds something else is told so, and nothing is done twice.

// A place is where a form was, to which its answer leads back: a list, a comment or
// a person.
type place struct {
	page  string
	query url.Values
	next  string // the comment that comes next
}

// placeOf reads the hidden fields back and next. What they say becomes an address of
// the desk, whatever it is.
func placeOf(f url.Values) place {
	q, _ := url.ParseQuery(f.Get("back"))
	p := place{next: f.Get("next")}
	switch {
	case q.Has("id"):
		p.page, p.query = "comment", url.Values{"id": {q.Get("id")}}
	case q.Has("of"):
		p.page, p.query = "person", url.Values{"of": {q.Get("of")}}
	default:
		p.query = wantedOf(q).values()
	}
	if p.next != "" && !threads.Good(p.next) {
		p.next = ""
	}
	return p
}

// lead sends the browser on: to the comment that comes next, or to the top.
func (p place) lead(w http.ResponseWriter, notice url.Values) {
	for name, values := range notice {
		p.query[name] = values
	}
	at := "#list"
	if p.next != "" {
		p.query.Set("at", p.next)
		at = "#c-" + p.next
	}
	to := cmp.Or(p.page, "./")
	if len(p.query) > 0 {
		to += "?" + p.query.Encode()
	}
	redirect(w, to+at)
}

// stay is the same place, at the comment that something was done with.
func (p place) stay(id string) place {
	p.next = id
	return p
}

// decide gives comments another state: one, by a button beside it, or all that are
// selected. Each is named with the state in which it was seen; undoing also names
// the state to which it goes back.
func (d *desk) decide(w http.ResponseWriter, r *http.Request, v *member) error {
	f := r.PostForm
	at := placeOf(f)
	var did, met []string
	for _, item := range f["id"][:min(len(f["id"]), 2*perPage)] {
		words := strings.Fields(item + " " + f.Get("to"))
		if len(words) < 3 || !slices.Contains(states, comments.State(words[1])) || !slices.Contains(states, comments.State(words[2])) {
			continue
		}
		id, seen, to := words[0], comments.State(words[1]), comments.State(words[2])
		c, done, err := d.s.store.DecideSeen(r.Context(), v.Name, id, seen, to)
		switch {
		case none(err):
			continue
		case err != nil:
			return err
		case done, c.State == to && c.By == v.Name: // pressed twice
			did = append(did, c.ID+"~"+string(seen))
		default:
			met = append(met, c.ID)
		}
	}
	notice := url.Values{}
	if f.Get("undo") == "" && did != nil {
		notice.Set("did", strings.Join(did, ","))
	} else if did != nil { // the comment is back: go there
		at.next, _, _ = strings.Cut(did[0], "~")
	}
	if met != nil {
		notice.Set("met", strings.Join(met, ","))
	}
	if did == nil && met == nil {
		notice.Set("said", "none")
	}
	at.lead(w, notice)
	return nil
}

// seenBy is the comment that a form is about, if it still says what the form has shown.
func (d *desk) seenBy(r *http.Request) (c comments.Comment, same bool, err error) {
	id, mark, _ := strings.Cut(r.PostForm.Get("of"), " ")
	c, err = d.s.store.Comment(r.Context(), id)
	return c, err == nil && markOf(c) == mark, err
}

// shorten gives a comment another text, or the original one again.
func (d *desk) shorten(w http.ResponseWriter, r *http.Request, v *member) error {
	f, at := r.PostForm, placeOf(r.PostForm)
	c, same, err := d.seenBy(r)
	if err != nil {
		return err
	}
	text := threads.Clean(f.Get("text"))
	if f.Get("restore") != "" && c.Original != "" {
		text = c.Original
	}
	if fault := d.shortens(d.voices[d.tag(r)], c, text, same); fault != "" {
		return d.again(w, r, v, c, "shorten", "e-", text, fault)
	}
	if _, err := d.s.store.Edit(r.Context(), v.Name, c.ID, text); err != nil {
		return err
	}
	notice := url.Values{"said": {"shortened"}}
	switch {
	case f.Get("restore") != "":
		notice.Set("said", "restored")
	case f.Get("to") == string(comments.Approved) && c.State == comments.Waiting:
		after, done, err := d.s.store.DecideSeen(r.Context(), v.Name, c.ID, c.State, comments.Approved)
		if err != nil {
			return err
		}
		if !done {
			notice.Set("met", after.ID)
			break
		}
		notice.Set("said", "approved")
		notice.Set("did", c.ID+"~"+string(c.State))
		at.lead(w, notice)
		return nil
	}
	at.stay(c.ID).lead(w, notice)
	return nil
}

// mark is what stands at the end of a text that was shortened, if nowhere else.
const mark = " " + comments.Cut

// shortens says what is wrong with a new text of a comment.
func (d *desk) shortens(v voice, c comments.Comment, text string, same bool) string {
	whole, with := cmp.Or(c.Original, c.Text), text
	if !c.Paper && text != whole && !strings.Contains(text, comments.Cut) {
		with += mark // as the store will write it
	}
	over := comments.Length(with) - comments.Most
	switch {
	case !same:
		return v.say("changed_text")
	case !threads.Legible(text):
		return v.say("need_text")
	case !c.Paper && comments.Length(with) > comments.Length(whole+mark):
		return v.say("longer_text")
	case over > 0:
		return v.say("long_text", "count", over)
	}
	return ""
}

// reply has the newspaper answer a comment, which is approved with that.
func (d *desk) reply(w http.ResponseWriter, r *http.Request, v *member) error {
	at, ctx := placeOf(r.PostForm), r.Context()
	c, same, err := d.seenBy(r)
	if err != nil {
		return err
	}
	name, err := d.paperAt(ctx, c.Story)
	if err != nil {
		return err
	}
	words := d.voices[d.tag(r)]
	text, fault := threads.Clean(r.PostForm.Get("text")), ""
	switch over := comments.Length(text) - comments.Most; {
	case !same:
		fault = words.say("changed_text")
	case !threads.Legible(text):
		fault = words.say("need_text")
	case over > 0:
		fault = words.say("long_text", "count", over)
	case c.State != comments.Waiting && c.State != comments.Approved:
		fault = words.say("not_answerable")
	case name == "":
		fault = words.say("no_paper")
	}
	if fault != "" {
		return d.again(w, r, v, c, "reply", "r-", text, fault)
	}
	notice := url.Values{"said": {"replied"}}
	if c.State == comments.Waiting {
		after, done, err := d.s.store.DecideSeen(ctx, v.Name, c.ID, c.State, comments.Approved)
		if err != nil {
			return err
		}
		if done {
			notice.Set("did", c.ID+"~"+string(c.State))
		}
		c = after
	}
	_, err = d.s.store.Reply(ctx, v.Name, c.ID, name, text)
	if errors.Is(err, comments.ErrNotApproved) {
		return d.again(w, r, v, c, "reply", "r-", text, words.say("not_answerable"))
	}
	if err != nil {
		return err
	}
	if !notice.Has("did") {
		at = at.stay(c.ID)
	}
	at.lead(w, notice)
	return nil
}

// paperAt is the newspaper's name in the language of a story: by it the edition knows
// the newspaper's own answers. It is "" while the edition was never seen.
func (d *desk) paperAt(ctx context.Context, story string) (string, error) {
	stories, err := d.s.store.Stories(ctx, story)
	if err != nil || d.s.head() == nil {
		return "", err
	}
	name, _ := d.s.masthead(stories[story].Lang)
	return name, nil
}

// again shows a comment with what somebody has written about it, which is not lost,
// and says what is wrong.
func (d *desk) again(w http.ResponseWriter, r *http.Request, v *member, c comments.Comment, open, field, typed, fault string) error {
	return d.showComment(w, r, v, c.ID, http.StatusUnprocessableEntity,
		map[string]any{"Open": open, "Typed": typed, "Errors": []Fault{{field + c.ID, fault}}})
}

// thread closes or opens the thread of a story.
func (d *desk) thread(w http.ResponseWriter, r *http.Request, v *member) error {
	closed := r.PostForm.Get("closed") == "yes"
	story := r.PostForm.Get("story")
	if _, err := d.s.store.Story(r.Context(), story); err != nil {
		return err
	}
	if err := d.s.store.CloseThread(r.Context(), v.Name, story, closed); err != nil {
		return err
	}
	said := "opened"
	if closed {
		said = "closed"
	}
	placeOf(r.PostForm).lead(w, url.Values{"said": {said}})
	return nil
}
