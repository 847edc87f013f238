package serve

import (
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"stet/internal/diag"
)

// An Edition is what a Preview is told after each build. Of a build that failed
// nothing was put in place: Changed and Removed are empty, Problems say why, and
// the rest is that of the edition that stands.
type Edition struct {
	Title            string                   // of the site
	AsOf             string                   // the time it was made for, as it was asked; "" is now
	Changed, Removed []string                 // files, such as "news/2026/01/a/index.html", whose bytes differ from the edition before
	Problems         []Problem                // all of the last build
	Page             func(file string) *Facts // what is known of a page, nil if nothing; it is called by several requests at once
	Pictures         func() []Problem         // what is to be said of pictures that no page is about; called by several requests at once
	Unpublished      []Unpublished            // everything that a reader would not see yet, or no longer
}

// A Problem is one thing that is wrong, with the excerpt of its file as a
// terminal shows it.
type Problem struct {
	diag.Problem
	Excerpt string `json:"excerpt,omitempty"` // lines with their numbers and the marks below
}

// Facts are what the panel tells of a page.
type Facts struct {
	Source  string    `json:"source"`         // the file it is made of, from the site's folder
	State   string    `json:"state"`          // "draft", "future", "embargo", "expired"; "" is published
	Until   time.Time `json:"until,omitzero"` // when the state ends; of "expired", when it began
	Words   int       `json:"words"`
	Minutes int       `json:"minutes"` // to read it
	Layout  string    `json:"layout"`
	Checks  []Problem `json:"checks"`
	Filled  []string  `json:"filled"` // what of its pictures comes from their files, a line for each
	Card    Look      `json:"card"`   // in a section's list
	Search  Look      `json:"search"` // as a search engine's result
	Social  Look      `json:"social"` // as a shared link
}

// A Look is how a page shows somewhere else. What is empty is not shown.
type Look struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	URL         string `json:"url"`   // as it is shown, not followed
	Image       string `json:"image"` // where the picture lies
	Site        string `json:"site"`
	Section     string `json:"section"`
	Byline      string `json:"byline"`
	Date        string `json:"date"` // as it is shown
}

// Unpublished is an article that a reader does not see.
type Unpublished struct {
	Source, Title, Section string
	URL                    string // in the preview; "" if it has no page
	State                  string // as in Facts
	Until                  time.Time
}

// A told is a problem as the pages get it.
type told struct {
	Problem
	Place string `json:"place,omitempty"`
	Edit  string `json:"edit,omitempty"` // opens the place in an editor
}

// tell prepares problems for the pages, errors first.
func (p *Preview) tell(problems []Problem) []told {
	all := make([]told, 0, len(problems))
	for _, one := range problems {
		all = append(all, told{one, one.Place(), editURL(p.dir, one.Path, one.Line, one.Column)})
	}
	slices.SortStableFunc(all, func(a, b told) int { return int(b.Severity) - int(a.Severity) })
	return all
}

// editURL is the address that opens a file of the site in an editor. It is ""
// for what is no file of the site.
func editURL(dir, file string, line, column int) string {
	abs := absolute(dir, file)
	if abs == "" {
		return ""
	}
	abs = filepath.ToSlash(abs)
	if !strings.HasPrefix(abs, "/") {
		abs = "/" + abs // C:/…
	}
	u := url.URL{Scheme: "vscode", Host: "file", Path: abs}
	to := u.String()
	if line > 0 {
		to += ":" + strconv.Itoa(line)
		if column > 0 {
			to += ":" + strconv.Itoa(column)
		}
	}
	return to
}

// absolute is where a file of the site lies on this machine, or "".
func absolute(dir, file string) string {
	local := filepath.FromSlash(path.Clean(file))
	if dir == "" || file == "" || local == "." || !filepath.IsLocal(local) {
		return ""
	}
	return filepath.Join(dir, local)
}

// until says a time as the galley writes it, in the zone that it has.
func until(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("Mon 2 Jan 2006, 15:04 MST")
}
