package desk

import (
	"time"

	"stet/internal/build"
	"stet/internal/diag"
	"stet/internal/site"
)

// An Outcome is what becomes of a story that is published or updated.
type Outcome struct {
	Path    string
	Files   []File      // none if all is as it is to be
	Date    Moment      // what is written; that of the story if nothing is
	Was     string      // the date that was there
	Place   *site.Place // where it then is
	Already bool        // it is as it is to be
}

// Publish gives a draft its date and takes the line draft away. at is the date
// that is asked for, nil if none is: then it is now, but for a story with a date
// that is to come, which is its schedule. A schedule is changed only by an at.
func Publish(r *build.Reading, name string, now Moment, at *Moment) (*Outcome, []diag.Problem) {
	s, problems := open(r, name, false)
	if s == nil {
		return nil, problems
	}
	zone := r.Config.Zone
	date := s.Date.In(zone)
	coming := !s.Date.IsZero() && date.After(now.Time)
	o := &Outcome{Path: name, Date: now, Place: s.place}
	if v := s.Fields().Get("date"); v != nil {
		o.Was = v.Text
	}
	keep := Moment{o.Was, date}
	switch {
	case s.place.Killed:
		return nil, s.wrong("status", "remove the line status: killed first", "this story is killed: a notice stands in its place")
	case at != nil && !s.Draft && s.place.State != "future" && s.place.State != "embargo" && !at.Time.Equal(date):
		return nil, s.wrong("date", "leave its date as it is, or change the line yourself and write its old address into aliases",
			"this story is published already, and its date is part of its address")
	case at != nil:
		o.Date = *at
	case coming:
		o.Date = keep
	}
	if !s.Expires.IsZero() && !s.Expires.In(zone).After(later(o.Date.Time, now.Time)) {
		return nil, s.wrong("expires", "change or remove the line expires first", "this story would be gone when it is published: it expires before")
	}
	if !s.Draft && (at == nil || at.Time.Equal(date)) {
		o.Date, o.Already = keep, true
		return o, nil
	}
	if o.Date != keep {
		if err := s.Set("date", o.Date.Text, "dateline", "author", "titles", "title"); err != nil {
			return nil, problem(err)
		}
	}
	if s.Draft {
		if err := s.Remove("draft"); err != nil {
			return nil, problem(err)
		}
	}
	return s.done(r, o)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// done tries what was changed.
func (s *story) done(r *build.Reading, o *Outcome) (*Outcome, []diag.Problem) {
	then, wrong := tried(r, map[string][]byte{s.Path: s.Bytes()})
	if then == nil || wrong != nil {
		return nil, wrong
	}
	o.Files, o.Place = []File{{s.Path, s.was, s.Bytes()}}, then.Place(s.Path)
	return o, nil
}

// A Note is what Update tells readers of a change.
type Note struct {
	Kind string // one of article.Notes
	Text string // in one line; "" for none
}

// Update says when a story was changed, and with a note what readers are to
// know of that.
func Update(r *build.Reading, name string, now, at Moment, note Note) (*Outcome, []diag.Problem) {
	s, problems := open(r, name, false)
	if s == nil {
		return nil, problems
	}
	switch {
	case s.Draft:
		return nil, s.wrong("draft", "change it in your editor, and publish it with\nstet publish "+name,
			"this is a draft: no reader has seen it, so that there is nothing to tell of")
	case s.place.State != "published":
		return nil, s.wrong("date", "change it in your editor; its date, embargo or expires says when readers see it",
			"this story is not published now, so that there is nothing to tell of")
	case s.place.Killed:
		return nil, s.wrong("status", "change its notice in your editor, or remove the line status: killed first", "this story is killed: a notice stands in its place, and readers would not see what is added")
	case at.Time.Before(s.Date.In(r.Config.Zone)):
		return nil, s.wrong("date", "give a later --at, or none for now", "this story was published after that time")
	case at.Time.After(now.Time):
		return nil, s.wrong("updated", "give an earlier --at, or none for now", "an update is dated when it is made, not in time to come")
	}
	o := &Outcome{Path: name, Date: at}
	if v := s.Fields().Get("updated"); v != nil {
		o.Was = v.Text
	}
	switch later := s.Updated.In(r.Config.Zone).After(at.Time); {
	case later && note.Text == "":
		return nil, s.wrong("updated", "give a later --at, or none for now", "this story was updated after that time already")
	case !later: // else a note is added to what was put right before
		if err := s.Set("updated", at.Text, "date"); err != nil {
			return nil, problem(err)
		}
	}
	if note.Text != "" {
		if err := s.Append("corrections", "date", at.Text, "kind", note.Kind, "text", note.Text); err != nil {
			return nil, problem(err)
		}
	}
	return s.done(r, o)
}
