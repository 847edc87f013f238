// Package desk changes the files of stories by the lines that are meant, and no
// others: it publishes, updates and moves.
//
// It reads what a [build.Reading] holds and says what is to become of which
// file. Nothing is written here. What is proposed was tried first: the site as
// it would then be has no error that it does not have now.
package desk

import (
	"slices"
	"time"

	"stet/internal/article"
	"stet/internal/build"
	"stet/internal/diag"
	"stet/internal/fields"
	"stet/internal/site"
)

// A File is one that is to be written anew.
type File struct {
	Path string
	Was  []byte
	Data []byte
}

// A Moment is a time as it is written in front matter.
type Moment struct {
	Text string
	Time time.Time
}

// At is a time as the site's zone has it: with its zone where its clocks show it
// twice, and without a time of day if that was not said.
func At(w fields.When, zone *time.Location) Moment {
	t := w.In(zone)
	if !w.Clock {
		return Moment{t.Format("2006-01-02"), t}
	}
	form := "2006-01-02 15:04"
	if t.Second() != 0 {
		form += ":05"
	}
	text := t.Format(form)
	if again, ok := fields.ParseWhen(text); !ok || again.Odd(zone) != "" || !again.In(zone).Equal(t) {
		text = t.Format(time.RFC3339)
	}
	return Moment{text, t}
}

// Now is the minute that a moment is in.
func Now(now time.Time, zone *time.Location) Moment {
	t := now.In(zone)
	_, offset := t.Zone()
	return At(fields.When{Year: int16(t.Year()), Month: int8(t.Month()), Day: int8(t.Day()), Hour: int8(t.Hour()), Minute: int8(t.Minute()),
		Clock: true, Zone: true, Offset: int32(offset)}, zone)
}

// A story is the file of one that is to be changed.
type story struct {
	*article.Article
	*fields.Editor
	was   []byte
	place *site.Place
}

// open reads the file of a story, or of a page if that will do. With an error
// among the problems it is not to be changed.
func open(r *build.Reading, name string, pages bool) (*story, []diag.Problem) {
	data, err := r.File(name)
	if err != nil {
		return nil, []diag.Problem{{Severity: diag.Error, Path: name, Text: "it cannot be read: " + err.Error(), Hint: "it must be a file that you may read"}}
	}
	a, problems := article.Parse(name, data)
	if a == nil || diag.AnyError(problems) {
		return nil, problems
	}
	if a.Kind != article.Story && (a.Kind != article.Page || !pages) {
		return nil, []diag.Problem{noStory(a)}
	}
	e, problems := fields.Edit(name, data)
	if e == nil {
		return nil, problems
	}
	place := r.Site.Place(name)
	if place == nil {
		return nil, []diag.Problem{noStory(a)}
	}
	return &story{a, e, data, place}, nil
}

func noStory(a *article.Article) diag.Problem {
	what := map[article.Kind]string{article.Page: "a page without a date", article.Section: "a section", article.Author: "an author",
		article.Topic: "a topic", article.Series: "a series"}[a.Kind]
	hint := "give the path of a story, such as content/news/fire.md"
	if a.Kind == article.Page {
		hint = "change it in your editor: it is published as soon as it has no line draft: true, and updated: and corrections: may stand in it too"
	}
	return diag.Problem{Severity: diag.Error, Path: a.Path, Text: "this is no story but " + what, Hint: hint}
}

func (s *story) wrong(key, hint, text string) []diag.Problem {
	p := diag.Problem{Severity: diag.Error, Path: s.Path, Text: text, Hint: hint}
	if v := s.Fields().Get(key); v != nil {
		p.Line, p.Column, p.Length = v.Line, v.Column, v.Length
	}
	return []diag.Problem{p}
}

// tried is the site as it would be with these files, and the errors that it
// would have and now has not. A nil file is one that is gone.
func tried(r *build.Reading, files map[string][]byte) (*site.Site, []diag.Problem) {
	then, problems := r.As(files)
	var wrong []diag.Problem
	for _, p := range problems {
		known := func(o diag.Problem) bool { return o.Path == p.Path && o.Text == p.Text }
		if p.Severity == diag.Error && !slices.ContainsFunc(r.Problems, known) {
			wrong = append(wrong, p)
		}
	}
	return then, wrong
}

// problem makes a problem of an error of an Editor.
func problem(err error) []diag.Problem {
	if p, ok := err.(diag.Problem); ok {
		return []diag.Problem{p}
	}
	return []diag.Problem{{Severity: diag.Error, Text: err.Error()}}
}
