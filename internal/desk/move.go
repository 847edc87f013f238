package desk

import (
	"bytes"
	"net/url"
	"path"
	"slices"
	"strings"

	"stet/internal/article"
	"stet/internal/build"
	"stet/internal/diag"
	"stet/internal/fields"
	"stet/internal/site"
)

// A Moved is what becomes of files when a story moves.
type Moved struct {
	From, To string // of what is renamed: a file, or the folder of a bundle
	Path     string // of the story, then
	Files    []File // to be written once it is renamed, so with their new paths
	Was, Is  *site.Place
	Alias    string         // the old address, if it was kept
	Notes    []diag.Problem // what is left to do by hand
}

// A mover moves one story.
type mover struct {
	r        *build.Reading
	from, to string // of the file or folder
	s        *story
	name     string     // of the story's file, then
	then     *site.Site // as it is when nothing is done but renaming
	files    map[string][]byte
	out      Moved
}

// Move moves the file of a story or page, a bundle with its folder. Where that
// changes the address of one that readers see, the old one is kept as an alias
// and so is its id. Links by path are kept whole, in the story and in all other
// files. Pictures beside a story that is no bundle may be others' too: they stay.
func Move(r *build.Reading, name, to string) (*Moved, []diag.Problem) {
	s, problems := open(r, name, true)
	if s == nil {
		return nil, problems
	}
	m := &mover{r: r, from: name, to: to, s: s, name: to, files: map[string][]byte{}}
	if s.Bundle {
		m.from, m.to = path.Dir(name), path.Dir(to)
	}
	if wrong := m.rename(); wrong != nil {
		return nil, wrong
	}
	then, wrong := r.As(m.files)
	if then == nil {
		return nil, wrong
	}
	m.then = then
	if a, _ := article.Parse(m.name, s.was); a == nil || a.Kind != s.Kind {
		return nil, []diag.Problem{{Severity: diag.Error, Path: name, Text: m.name + " would not be a " + string(s.Kind), Hint: "stories lie in the folder of a section, pages directly in content/"}}
	}
	if err := m.rewrite(name, m.name, s.was); err != nil {
		return nil, problem(err)
	}
	for _, other := range r.Files() {
		if err := m.other(other); err != nil {
			return nil, problem(err)
		}
	}
	if err := m.address(); err != nil {
		return nil, problem(err)
	}
	return m.finish()
}

// rename notes which files have another path then.
func (m *mover) rename() []diag.Problem {
	if !m.s.Bundle {
		m.files[m.from], m.files[m.to] = nil, m.s.was
		return nil
	}
	for _, f := range m.r.Files() {
		if !strings.HasPrefix(f, m.from+"/") {
			continue
		}
		if path.Ext(f) == ".md" && f != m.s.Path {
			return []diag.Problem{{Severity: diag.Error, Path: f, Text: "this lies in the folder of the story that is to move", Hint: "move it out of there first, as it has an address of its own"}}
		}
		m.files[f], m.files[m.moved(f)] = nil, []byte{}
	}
	m.files[m.name] = m.s.was
	return nil
}

// moved is the path that a file then has.
func (m *mover) moved(name string) string {
	if name == m.from {
		return m.to
	}
	if rest, ok := strings.CutPrefix(name, m.from+"/"); ok && m.s.Bundle {
		return m.to + "/" + rest
	}
	return name
}

// other rewrites another file, if it may name what moves.
func (m *mover) other(name string) error {
	_, isFront := m.r.Site.FrontName(name)
	if !strings.HasPrefix(name, "content/") || path.Ext(name) != ".md" && !isFront || name == m.s.Path {
		return nil
	}
	data, err := m.r.File(name)
	if err != nil {
		return err
	}
	word := strings.TrimSuffix(path.Base(m.from), ".md")
	for _, form := range []string{word, url.PathEscape(word), strings.Trim(m.s.place.URL, "/")} {
		if form != "" && bytes.Contains(data, []byte(form)) {
			return m.rewrite(name, name, data)
		}
	}
	return nil
}

// rewrite keeps the paths in a file whole, which is then at another path or
// names files that are.
func (m *mover) rewrite(was, is string, data []byte) error {
	e, problems := fields.Edit(is, data)
	if e == nil {
		if was == m.s.Path {
			return problems[0]
		}
		return nil // its errors are told by a build
	}
	for {
		v, text := m.next(was, is, e.Fields())
		if v == nil {
			break
		}
		if err := e.Rewrite(v, text); err != nil {
			return err
		}
	}
	data = e.Bytes()
	if a := m.r.Article(was); a != nil && path.Ext(is) == ".md" {
		trusted := false
		if place := m.r.Site.Place(was); place != nil {
			trusted = place.Trusted
		}
		var left []article.Dest
		data, left = article.Relink(is, data, a.BodyLine, trusted, func(dest string) string { return m.dest(was, is, dest) })
		for _, d := range left {
			m.out.Notes = append(m.out.Notes, diag.Problem{Path: is, Line: d.Line, Column: 1, Text: "this link could not be changed: " + d.Text,
				Hint: "write " + m.dest(was, is, d.Text) + " in its place"})
		}
	}
	original, err := m.r.File(was)
	if err != nil {
		return err
	}
	if !bytes.Equal(data, original) || was == m.s.Path {
		m.files[is] = data
	}
	return nil
}

// next is a path in front matter that is to be another, and that one.
func (m *mover) next(was, is string, top *fields.Value) (found *fields.Value, text string) {
	look := func(v *fields.Value, to func(was, is, text string) string) {
		if found == nil && v != nil && v.Kind == fields.Text && v.Text != "" {
			if text = to(was, is, v.Text); text != v.Text {
				found = v
			}
		}
	}
	if path.Ext(is) != ".md" {
		top.Walk(func(v *fields.Value) {
			if v.Name == "story" {
				for _, v := range v.Entries() {
					look(v, m.slot)
				}
			}
		})
		return found, text
	}
	for _, v := range top.Get("related").Entries() {
		if v.Style != fields.Bool {
			look(v, m.story)
		}
	}
	for _, key := range []string{"image", "photo", "gallery"} {
		for _, v := range top.Get(key).Entries() {
			if v.Kind == fields.Map {
				v = v.Get("src")
			}
			look(v, m.picture)
		}
	}
	return found, text
}

// story is the name of a story as a file then has to write it. It is written
// like the old one, if that leads there.
func (m *mover) story(was, is, text string) string {
	at := m.r.Site.Named(was, text)
	if at == "" {
		return text
	}
	to := m.moved(at)
	bare := func(name string) string {
		if strings.HasSuffix(text, ".md") {
			return name
		}
		return strings.TrimSuffix(strings.TrimSuffix(name, ".md"), "/index")
	}
	below := bare(strings.TrimPrefix(to, "content/"))
	if strings.HasPrefix(text, "content/") {
		below = "content/" + below
	}
	near := bare(relative(is, to))
	names := []string{text, below, near}
	beside := path.Join(path.Dir(was), strings.TrimSuffix(text, ".md"))
	if beside+".md" == at || strings.TrimSuffix(beside, "/index")+"/index.md" == at {
		names = []string{text, near, below}
	}
	for _, name := range names {
		if m.then.Named(is, name) == to {
			return name
		}
	}
	return text
}

// slot is the name of a story in a file of fronts/, where it counts from the
// folder of its language.
func (m *mover) slot(_, is, text string) string {
	name, _ := m.r.Site.FrontName(is)
	base, full := strings.TrimSuffix(strings.TrimSuffix(is, path.Ext(is)), "/fronts/"+name), text
	if !strings.HasPrefix(text, "content/") {
		full = path.Join(base, text)
	}
	stem := strings.TrimSuffix(strings.TrimSuffix(full, ".md"), "/index")
	for _, at := range []string{stem + ".md", stem + "/index.md"} {
		to := m.moved(at)
		if to == at || !m.r.Has(at) {
			continue
		}
		name, inside := strings.CutPrefix(to, base+"/")
		if full == text || !inside {
			name = to
		}
		if !strings.HasSuffix(text, ".md") {
			name = strings.TrimSuffix(strings.TrimSuffix(name, ".md"), "/index")
		}
		return name
	}
	return text
}

// picture is the path of a picture as a file then has to write it.
func (m *mover) picture(was, is, text string) string {
	at := site.SourceOf(was, text)
	to := m.moved(at)
	if strings.HasPrefix(text, "/") || !m.r.Has(at) || site.SourceOf(is, text) == to {
		return text
	}
	return relative(is, to)
}

// dest is the destination of a link as a file then has to write it.
func (m *mover) dest(was, is, dest string) string {
	name, rest := dest, ""
	if i := strings.IndexAny(dest, "?#"); i >= 0 {
		name, rest = dest[:i], dest[i:]
	}
	if plain, err := url.PathUnescape(name); err == nil {
		name = plain
	}
	if !strings.HasSuffix(name, ".md") {
		if now := m.picture(was, is, name); name != "" && now != name {
			return inLink(now) + rest
		}
		return dest
	}
	at := m.r.Site.Linked(was, name)
	if at == "" {
		return dest
	}
	to := m.moved(at)
	names := []string{name, relative(is, to), "/" + strings.TrimPrefix(to, "content/")}
	if strings.HasPrefix(name, "/") {
		names[1], names[2] = names[2], names[1]
	}
	for i, now := range names {
		if m.then.Linked(is, now) == to {
			if i == 0 {
				return dest
			}
			return inLink(now) + rest
		}
	}
	return dest
}

// relative is the path of a file as another one names it.
func relative(from, to string) string {
	var up string
	dir := path.Dir(from)
	for dir != "." && !strings.HasPrefix(to, dir+"/") {
		up, dir = up+"../", path.Dir(dir)
	}
	return up + strings.TrimPrefix(to, dir+"/")
}

// inLink is a path as it may stand in a link: without what would end it.
func inLink(name string) string {
	var b strings.Builder
	for _, r := range name {
		if r <= ' ' || strings.ContainsRune(`%()<>"'\?#[]{}`+"`", r) {
			b.WriteString(url.PathEscape(string(r)))
		} else {
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(strings.ReplaceAll(b.String(), "(", "%28"), ")", "%29")
}

// address keeps the old address of a story that readers see, and its id.
func (m *mover) address() error {
	then, _ := m.r.As(m.files)
	if then == nil {
		return nil
	}
	was, is := m.s.place, then.Place(m.name)
	seen := was.State == "published"
	if is == nil || !seen && !was.Said || was.URL == "" || is.URL == was.URL {
		return nil
	}
	e, _ := fields.Edit(m.name, m.files[m.name])
	if m.s.ID == "" {
		if err := e.Set("id", was.ID, "url", "slug", "updated", "date", "title"); err != nil {
			return err
		}
	}
	old := tidy(was.URL)
	if seen && !slices.ContainsFunc(m.s.Aliases, func(a string) bool { return tidy(a) == old }) {
		if err := e.Append("aliases", was.URL); err != nil {
			return err
		}
		m.out.Alias = was.URL
	}
	for i, v := range e.Fields().Get("aliases").Entries() {
		if tidy(v.Text) == tidy(is.URL) {
			if err := e.Drop("aliases", i); err != nil {
				return err
			}
			break
		}
	}
	m.files[m.name] = e.Bytes()
	return nil
}

func tidy(address string) string { return strings.Trim(path.Clean("/"+address), "/") }

// finish tries what was changed.
func (m *mover) finish() (*Moved, []diag.Problem) {
	then, wrong := tried(m.r, m.files)
	if then == nil || len(wrong) > 0 {
		return nil, wrong
	}
	o := &m.out
	o.From, o.To, o.Path, o.Was, o.Is = m.from, m.to, m.name, m.s.place, then.Place(m.name)
	if o.Is != nil && o.Is.URL != "" && o.Is.URL != o.Was.URL {
		for _, other := range then.Claims(o.Is.URL) {
			if other != m.name {
				return nil, []diag.Problem{{Severity: diag.Error, Path: other, Text: "this has the address that the story would have: " + o.Is.URL,
					Hint: "give the story another name, or a slug of its own"}}
			}
		}
	}
	for _, other := range o.Was.Versions {
		if o.Is != nil && !slices.Contains(o.Is.Versions, other) {
			o.Notes = append(o.Notes, diag.Problem{Path: other, Text: "this is the story in another language, and knows it by its path",
				Hint: "move it likewise, or write the same into both files, such as\ntranslation: " + strings.TrimSuffix(strings.TrimSuffix(path.Base(o.From), ".md"), "/")})
		}
	}
	for name, data := range m.files {
		was, _ := m.r.File(name)
		if name == m.name {
			was = m.s.was
		}
		if data != nil && (path.Ext(name) == ".md" || m.moved(name) == name && m.r.Has(name)) && !bytes.Equal(was, data) {
			o.Files = append(o.Files, File{name, was, data})
		}
	}
	slices.SortFunc(o.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return o, nil
}
