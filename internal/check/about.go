package check

import (
	"cmp"
	"path"
	"strconv"
	"strings"
	"time"
)

// An About is what an edition's manifest says of a story, for comparing the next
// edition with it. All of it can be read on the story's page.
type About struct {
	ID          string // its lasting name; "" if that is its address
	Headline    string
	Date        time.Time
	Updated     time.Time // zero if it was not
	Corrections int       // how many notes of any kind
	Text        *Sketch   // without words if its page shows no text
}

// String is what the manifest has of it, on one line. ParseAbout reads it.
func (a About) String() string {
	return strings.Join([]string{written(a.Date), written(a.Updated), strconv.Itoa(a.Corrections), a.Text.String(), line(a.ID), line(a.Headline)}, "\t")
}

// ParseAbout reads what String wrote; it is false if that is damaged.
func ParseAbout(text string) (a About, ok bool) {
	f := strings.Split(text, "\t")
	if len(f) != 6 {
		return a, false
	}
	a.ID, a.Headline = f[4], f[5]
	var err error
	var dated, updated, sketched bool
	a.Date, dated = read(f[0])
	a.Updated, updated = read(f[1])
	a.Corrections, err = strconv.Atoi(f[2])
	a.Text, sketched = parseSketch(f[3])
	return a, dated && updated && sketched && err == nil && a.Corrections >= 0
}

// line is a text without what ends a field.
func line(text string) string {
	if strings.ContainsAny(text, "\t\n\r") {
		return strings.Join(strings.Fields(text), " ")
	}
	return text
}

func written(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func read(text string) (time.Time, bool) {
	if text == "" {
		return time.Time{}, true
	}
	t, err := time.Parse(time.RFC3339, text)
	return t, err == nil
}

// id is the lasting name of a story that lies at a path.
func (a About) id(name string) string { return cmp.Or(a.ID, Address(name)) }

// Address is the address of a page that lies at a path, from the root of the
// site.
func Address(name string) string {
	if path.Base(name) == "index.html" {
		return "/" + strings.TrimSuffix(name, "index.html")
	}
	return "/" + name
}
