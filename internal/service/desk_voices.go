package service

import (
	"fmt"
	"html/template"
	"math"
	"net/http"
	"strings"
	"time"

	"stet/internal/comments"
	"stet/internal/threads"
)

// functions are what templates of the desk call, in a language.
func (d *desk) functions(v voice) template.FuncMap {
	return template.FuncMap{
		"t":          v.T,
		"n":          v.Number,
		"iso":        isolated,
		"paragraphs": threads.Paragraphs,
		"brief":      brief,
		"iso8601":    func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"utc":        func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") },
		"ago":        func(t time.Time) string { return ago(v, d.s.Now().Sub(t), t) },
		"act":        func(what string) string { return actName(v, what) },
		"dict":       dict,
		"title": func(data map[string]any, title string) map[string]any {
			data["Title"] = title
			return data
		},
	}
}

// dict is a map of names and values in turn, for a template that is given several things.
func dict(pairs ...any) (map[string]any, error) {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("%v is no name", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}

// ago is how long something is past, and after a week its day.
func ago(v voice, past time.Duration, t time.Time) string {
	switch {
	case past < time.Minute:
		return v.say("now")
	case past < time.Hour:
		return v.say("minutes_ago", "count", int(past/time.Minute))
	case past < 24*time.Hour:
		return v.say("hours_ago", "count", int(past/time.Hour))
	case past < 7*24*time.Hour:
		return v.say("days_ago", "count", int(past/(24*time.Hour)))
	}
	return t.UTC().Format(time.DateOnly)
}

// isolated is foreign text within a sentence: whatever its direction, the words
// around it stay where they are.
func isolated(text string) string {
	text = strings.Map(func(r rune) rune {
		if r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, text)
	return "\u2068" + text + "\u2069"
}

// brief is the beginning of a text on one line.
func brief(text string) string {
	const most = 200
	text = strings.Join(strings.Fields(text), " ")
	n := 0
	for i := range text {
		if n++; n > most {
			return strings.TrimSpace(text[:i]) + "…"
		}
	}
	return text
}

// tag is the language of the desk for a browser: the first that it asks for and the
// desk has, else the newspaper's first, else English.
func (d *desk) tag(r *http.Request) string {
	for _, tag := range wishes(r) {
		base, _, _ := strings.Cut(tag, "-")
		if _, ok := d.voices[base]; ok {
			return base
		}
	}
	return d.firstTag()
}

// firstTag is the newspaper's first language, which stands at its root.
func (d *desk) firstTag() string {
	first, shortest := "en", math.MaxInt
	e := d.s.head()
	if e == nil {
		return first
	}
	for tag, l := range e.Languages {
		base, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if _, ok := d.voices[base]; ok && len(l.URL) < shortest {
			first, shortest = base, len(l.URL)
		}
	}
	return first
}

// actName says what an entry of the log is, in words if there are any for it.
func actName(v voice, what string) string {
	if text, err := v.Text("act_" + strings.ReplaceAll(what, " ", "_")); err == nil {
		return text
	}
	return what
}

// heldFor is why rules hold a comment, in words.
func heldFor(v voice, c comments.Comment) (all []string) {
	for flag := range strings.SplitSeq(c.Flags, ",") {
		flag = strings.TrimSpace(flag)
		if word, ok := strings.CutPrefix(flag, "word "); ok {
			all = append(all, v.say("flag_word", "word", word))
		} else if text, err := v.Text("flag_" + strings.ReplaceAll(flag, " ", "_")); err == nil {
			all = append(all, text)
		} else if flag != "" {
			all = append(all, flag)
		}
	}
	return all
}
