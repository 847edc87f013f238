package service

import (
	"net/http"
	"strings"

	"stet/internal/comments"
	"stet/internal/threads"
)

// comment takes a comment: without a token it shows it and asks to send it.
func (s *Service) comment(v *errand) {
	if !v.found() || !v.open() {
		return
	}
	parent, ok := v.parent()
	if !ok {
		return
	}
	faults := s.faults(v.voice, v.form)
	if len(faults) > 0 {
		v.commentPage(http.StatusUnprocessableEntity, parent, faults)
		return
	}
	if v.form.Token == "" && !v.json() {
		v.commentPage(http.StatusOK, parent, nil)
		return
	}
	if why := s.refusal(v.form.Token, v.form.Key, v.form.Story, s.MinTime); why != "" {
		if why == youngToken {
			v.w.Header().Set("Retry-After", seconds(s.MinTime))
		}
		v.commentPage(http.StatusForbidden, parent, []Fault{{"", v.voice.say(why)}})
		return
	}
	v.keep(parent)
}

// open tells whether the story takes comments: whether the edition says so, and the
// desk has not closed the thread since.
func (v *errand) open() bool {
	closed, err := v.store.Closed(v.r.Context(), v.story.ID)
	if err != nil {
		v.broke(err)
		return false
	}
	if closed || !v.story.Comments {
		v.refuse(http.StatusConflict, "", "closed")
		return false
	}
	return true
}

// parent looks up the comment that is answered, which stands below the same story.
// If it is not there any more the form is shown, to be sent without it. One that was
// never here may be in the edition all the same, brought from another system into its
// files alone: its answer takes its place there, and stands by itself if it is not.
func (v *errand) parent() (*comments.Comment, bool) {
	if v.form.Parent == "" {
		return nil, true
	}
	c, err := v.store.Comment(v.r.Context(), v.form.Parent)
	switch {
	case err != nil && !none(err):
		v.broke(err)
		return nil, false
	case err == nil && c.State == comments.Approved && c.Story == v.story.ID:
		return &c, true
	case err != nil && threads.Good(v.form.Parent):
		ever, err := v.store.Ever(v.r.Context(), v.form.Parent)
		if err != nil {
			v.broke(err)
			return nil, false
		}
		if !ever {
			return nil, true
		}
	}
	v.form.Parent = ""
	v.commentPage(http.StatusUnprocessableEntity, nil, []Fault{{"parent", v.voice.say("no_parent")}})
	return nil, false
}

// keep stores a comment, if not too many come, and says so. What a program has sent,
// which fills the field that nobody sees, is answered in the same way, and put where
// the desk keeps spam: a browser may have filled it for somebody.
func (v *errand) keep(parent *comments.Comment) {
	ctx, addr := v.r.Context(), v.from(v.r)
	wait, err := v.allow(ctx, "comment", v.Comments, addr, v.story.ID)
	if err != nil {
		v.troubled(parent, err)
		return
	}
	if wait > 0 {
		v.wait(parent, wait)
		return
	}
	subscriber, _ := parts(addr)
	source, err := v.hash(ctx, "source", subscriber)
	if err != nil {
		v.troubled(parent, err)
		return
	}
	c := comments.Comment{Story: v.story.ID, Parent: v.form.Parent, Lang: v.form.lang(v.story), Name: threads.CleanName(v.form.Name), Email: strings.TrimSpace(v.form.Email),
		Text: threads.Clean(v.form.Text), State: comments.Waiting, Sent: v.Now(), Source: source}
	flags, err := v.flags(ctx, c)
	if err != nil {
		v.troubled(parent, err)
		return
	}
	if v.form.Website != "" {
		c.State, flags = comments.Spam, append(flags, "hidden field")
	}
	c.Flags = strings.Join(flags, ",")
	v.add(c, parent)
}

// add stores a comment once, however often it is sent.
func (v *errand) add(c comments.Comment, parent *comments.Comment) {
	kept, isNew, err := v.store.Add(v.r.Context(), c, v.form.Key)
	switch {
	case err != nil:
		v.troubled(parent, err)
	case !isNew && (kept.Text != c.Text && kept.Original != c.Text || kept.Parent != c.Parent):
		v.form.Token = ""
		v.commentPage(http.StatusForbidden, parent, []Fault{{"", v.voice.say(usedToken)}})
	default:
		v.took(kept.State == comments.Approved, "comment-waiting")
	}
}

// lang is the language in which a comment was asked for, if the paper has it.
func (f form) lang(st story) string {
	if f.Lang != "" && len(f.Lang) <= 35 && strings.Trim(f.Lang, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == "" {
		return f.Lang
	}
	return st.Lang
}

// reply shows the form below the comment that is answered. It carries a token, so
// that it is stored as soon as it is sent.
func (s *Service) reply(v *errand) {
	if !v.found() || !v.open() {
		return
	}
	if parent, ok := v.parent(); ok {
		v.commentPage(http.StatusOK, parent, nil)
	}
}
