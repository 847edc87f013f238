package build_test

import (
	"fmt"
	"maps"
	"strings"
	"time"
)

func init() { maps.Copy(edits, timely) }

// timely are the kinds of edit that are about time: what the clock alone changes,
// and what takes a story back.
var timely = map[string]func(*editor) bool{
	"an un-killing": func(e *editor) bool { return e.unset("status") },
	"an end of an expiry": func(e *editor) bool {
		return e.unset("expires")
	},
	"an embargo of hours": func(e *editor) bool {
		return e.set(e.story(), "embargo", e.now.Add(time.Duration(e.IntN(96)-24)*time.Hour).Format("2006-01-02 15:04"))
	},
	"a bundle under embargo": func(e *editor) bool {
		name := "content/town/dam/index.md"
		if strings.Contains(e.files[name], "\nembargo: ") {
			e.files[name] = without(e.files[name], "embargo")
			return true
		}
		return e.set(name, "embargo", e.now.Add(time.Duration(1+e.IntN(400))*time.Hour).Format("2006-01-02 15:04"))
	},
	"a story of today": func(e *editor) bool {
		return e.set(e.story(), "date", e.now.Add(-time.Duration(e.IntN(50))*time.Hour).Format("2006-01-02 15:04"))
	},
	"a headline of today": func(e *editor) bool {
		n := e.story()
		return e.set(n, "date", e.now.Add(-time.Duration(1+e.IntN(3))*time.Hour).Format("2006-01-02 15:04Z07:00")) && e.set(n, "title", fmt.Sprintf("Today %d", e.n))
	},
	"a day": func(e *editor) bool { e.now = e.now.Add(time.Duration(1+e.IntN(48)) * time.Hour); return true },
	// To the moment at which something changes by time alone, or just before.
	"a moment": func(e *editor) bool {
		if e.next.IsZero() || e.next.After(e.now.AddDate(0, 2, 0)) {
			return false
		}
		e.now = e.next.Add(-time.Duration(e.IntN(2)) * time.Second)
		return true
	},
	"an old story": func(e *editor) bool {
		return e.set(e.story(), "date", e.now.AddDate(-1-e.IntN(3), 0, e.IntN(20)-5).Format("2006-01-02 15:04"))
	},
	"the age label": func(e *editor) bool {
		return e.setting("style", []string{"{age_label: off}", "{age_label: {years: 1}}", "{age_label: {years: 2, except: [feature]}}"}[e.IntN(3)])
	},
	"the comments": func(e *editor) bool {
		return e.setting("comments", []string{"{}", "{service: https://c.example/}", "{service: https://c.example/, close_after: 2 weeks}"}[e.IntN(3)])
	},
	"comments of a story": func(e *editor) bool {
		return e.set(e.story(), "comments", []string{"open", "closed", "off"}[e.IntN(3)])
	},
}

// unset takes a key out of a story that has it.
func (e *editor) unset(key string) bool {
	for _, name := range e.stories() {
		if strings.Contains(e.files[name], "\n"+key+": ") {
			e.files[name] = without(e.files[name], key)
			return true
		}
	}
	return false
}

// without is a text without the line of a key.
func without(text, key string) string {
	before, rest, _ := strings.Cut(text, "\n"+key+": ")
	_, after, _ := strings.Cut(rest, "\n")
	return before + "\n" + after
}
