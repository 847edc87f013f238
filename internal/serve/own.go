package serve

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"time"
)

// The galley's scripts, styles and pages.
//
//go:embed galley
var files embed.FS

// own answers for the preview's own pages, below /_stet/. What they show was
// given by Show; no request names a file that is read.
func (p *Preview) own(w http.ResponseWriter, r *http.Request, name string) {
	if name == "as-of" {
		p.ask(w, r)
		return
	}
	if !reads(w, r) {
		return
	}
	switch name {
	case "":
		p.list(w, r)
	case "events":
		if fromHere(w, r) {
			p.events(w, r)
		}
	case "facts":
		if fromHere(w, r) {
			p.facts(w, r)
		}
	default:
		static(w, r, name)
	}
}

// static sends a script or a style of the galley.
func static(w http.ResponseWriter, r *http.Request, name string) {
	data, err := fs.ReadFile(files, "galley/"+name)
	if err != nil || !strings.HasSuffix(name, ".js") && !strings.HasSuffix(name, ".css") {
		http.Error(w, "the preview has no such page", http.StatusNotFound)
		return
	}
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Type", typeOf(name))
	w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(data)))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

// A sheet is what the panel gets of a page.
type sheet struct {
	*Facts
	Checks []told `json:"checks"`
	When   string `json:"when,omitempty"` // Until, as it is shown
	Edit   string `json:"edit,omitempty"` // opens the source in an editor
	File   string `json:"file,omitempty"` // where the source lies on this machine
}

// facts answers what is known of a page, or null.
func (p *Preview) facts(w http.ResponseWriter, r *http.Request) {
	var found *sheet
	file := r.URL.Query().Get("page")
	if page := p.shown().Page; page != nil && fs.ValidPath(file) {
		if f := page(file); f != nil {
			found = &sheet{f, p.tell(f.Checks), until(f.Until), editURL(p.dir, f.Source, 0, 0), absolute(p.dir, f.Source)}
		}
	}
	w.Header().Set("Content-Type", types[".json"])
	json.NewEncoder(w).Encode(found)
}

// ask has the site shown as of another time.
func (p *Preview) ask(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST")
		http.Error(w, "a time is asked for with POST", http.StatusMethodNotAllowed)
		return
	}
	if !fromHere(w, r) {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	if err := r.ParseForm(); err != nil || !r.PostForm.Has("when") {
		http.Error(w, "a time is asked for as when=2026-03-04T05:06", http.StatusBadRequest)
		return
	}
	if p.asOf == nil {
		http.Error(w, "the site is shown as of now only", http.StatusNotFound)
		return
	}
	if err := p.asOf(r.PostForm.Get("when")); err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

var listPage = template.Must(template.New("list.html").Funcs(template.FuncMap{"until": until, "label": label, "editor": func(url string) template.URL { return template.URL(url) }}).ParseFS(files, "galley/list.html"))

// A section is a part of the list of what is not published.
type section struct {
	Name string
	All  []listed
}

type listed struct {
	Unpublished
	Edit template.URL
}

// list shows everything that is not published, by section.
func (p *Preview) list(w http.ResponseWriter, r *http.Request) {
	number := p.now()
	e := p.shown()
	var pictures []told
	if e.Pictures != nil {
		pictures = p.tell(e.Pictures())
	}
	var page bytes.Buffer
	err := listPage.Execute(&page, map[string]any{
		"Title": e.Title, "AsOf": e.AsOf, "Count": len(e.Unpublished), "Sections": p.sections(e.Unpublished), "Pictures": pictures,
		"Home": p.plain.base + "/", "Script": template.HTML(p.script([]string{galley}, http.StatusOK, number)),
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", types[".html"])
	w.Header().Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'self'; base-uri 'none'")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(page.Bytes()))
}

// sections parts what is not published, in the order of names; what comes first
// stands first.
func (p *Preview) sections(all []Unpublished) (parts []section) {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Unpublished) int {
		return cmp.Or(cmp.Compare(a.Section, b.Section), a.Until.Compare(b.Until), cmp.Compare(a.Title, b.Title))
	})
	for _, u := range all {
		if len(parts) == 0 || parts[len(parts)-1].Name != u.Section {
			parts = append(parts, section{Name: u.Section})
		}
		last := &parts[len(parts)-1]
		last.All = append(last.All, listed{u, template.URL(editURL(p.dir, u.Source, 0, 0))})
	}
	return parts
}

// label is the word for a state, with the preposition that its time has.
func label(state string, timed bool) string {
	words := map[string][2]string{
		"draft": {"Draft", "Draft until"}, "future": {"Scheduled", "Scheduled for"},
		"embargo": {"Embargo", "Embargo until"}, "expired": {"Expired", "Expired since"},
	}
	word, known := words[state]
	switch {
	case !known:
		return state
	case timed:
		return word[1]
	}
	return word[0]
}
