package imports

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"stet/internal/diag"
)

// A Story is one of this site.
type Story struct {
	ID  string   // its lasting name
	URL string   // from the root of the site, without the base path
	Old []string // addresses that it had
}

// A Redirect leads an old address on, as site.yaml writes it: From may have :NAME
// for a part and * at its end, and To the same names and :splat.
type Redirect struct{ From, To string }

// Stories are those of a site, as they are found by the pages of another system.
type Stories struct {
	base      string
	byName    map[string]string // IDs by their names and addresses, as plainPath has them
	byWord    map[string]string // by the last word of the address; "" if several have it
	addresses map[string]string // by ID
	words     diag.Spellings
	redirects []Redirect
	given     map[string]string // by what a person said
}

// NewStories makes it. base is the path below which the site lies, such as /news/.
func NewStories(base string, all []Story, redirects []Redirect) *Stories {
	s := &Stories{base: base, byName: map[string]string{}, byWord: map[string]string{}, addresses: map[string]string{}, redirects: redirects, given: map[string]string{}}
	add := func(name, id string) {
		if _, taken := s.byName[name]; !taken && name != "" && name != "/" {
			s.byName[name] = id
		}
	}
	var words []string
	for _, story := range all {
		add(story.ID, story.ID)
		s.addresses[story.ID] = story.URL
		add(plainPath(story.URL), story.ID)
		word := lastWord(story.URL)
		if other, taken := s.byWord[word]; !taken {
			s.byWord[word] = story.ID
			words = append(words, word)
		} else if other != story.ID {
			s.byWord[word] = ""
		}
	}
	for _, story := range all { // what is there now goes before what was
		add(plainPath(story.ID), story.ID)
		for _, old := range story.Old {
			add(plainPath(old), story.ID)
		}
	}
	s.words = diag.NewSpellings(words)
	return s
}

// Say has a page be that of a story, both as addresses or names. It tells whether
// there is such a story.
func (s *Stories) Say(page, story string) bool {
	id, ok := s.find(story)
	if ok {
		s.given[page] = id
	}
	return ok
}

// Find is the lasting name of the story that a page is.
func (s *Stories) Find(p Page) (id string, ok bool) {
	all := names(append([]string{p.Address}, p.Names...)...)
	for _, name := range all {
		if id, ok := s.given[name]; ok {
			return id, true
		}
	}
	for _, name := range all {
		if id, ok := s.find(name); ok {
			return id, true
		}
	}
	return "", false
}

func (s *Stories) find(name string) (id string, ok bool) {
	if id, ok = s.byName[name]; ok {
		return id, true
	}
	for _, form := range s.below(forms(name)) {
		for range 10 { // redirects may lead to redirects
			if id, ok = s.byName[plainPath(form)]; ok {
				return id, true
			}
			to, leads := s.lead(form)
			if !leads || to == form {
				break
			}
			form = to
		}
	}
	return "", false
}

// below adds to paths what they are within the site.
func (s *Stories) below(paths []string) []string {
	for _, rooted := range paths {
		if within, below := strings.CutPrefix(rooted, s.base); below && s.base != "/" {
			paths = append(paths, "/"+within)
		}
	}
	return paths
}

// Near is the address of the story that was probably meant, "" if none is near.
func (s *Stories) Near(p Page) string {
	for _, name := range names(append([]string{p.Address}, p.Names...)...) {
		for _, form := range forms(name) {
			word := lastWord(form)
			if word == "" {
				continue
			}
			if id := s.byWord[word]; id != "" {
				return s.addresses[id]
			}
			if near := s.words.Alike(word); near != "" && s.byWord[near] != "" {
				return s.addresses[s.byWord[near]]
			}
		}
	}
	return ""
}

// forms are the paths that a name may mean: that of a URL, and of one that stands
// behind a number, as in "528 https://paper.example/?p=528".
func forms(name string) (paths []string) {
	if _, behind, ok := strings.Cut(name, " "); ok {
		paths = forms(behind)
	}
	u, err := url.Parse(name)
	if err != nil || u.Opaque != "" {
		return paths
	}
	if u.Path == "" || u.Host == "" && !strings.HasPrefix(u.Path, "/") {
		return paths
	}
	// A page of WordPress may be known by its query alone.
	if u.RawQuery != "" && (u.Path == "/" || strings.HasSuffix(u.Path, ".php")) {
		paths = append(paths, u.Path+"?"+u.RawQuery)
	}
	return append(paths, u.Path)
}

// plainPath is a path as it is compared: without a page's ending, and with letters
// that differ in case or in Unicode form taken as one.
func plainPath(rooted string) string {
	rooted = strings.TrimSuffix(strings.TrimSuffix(path.Clean("/"+rooted), "/index.html"), ".html")
	for _, ending := range []string{".htm", ".php", ".aspx"} {
		rooted = strings.TrimSuffix(rooted, ending)
	}
	return strings.ToLower(norm.NFC.String(rooted)) + "/"
}

func lastWord(rooted string) string {
	if word := path.Base(strings.TrimSuffix(plainPath(rooted), "/")); word != "." && word != "/" {
		return word
	}
	return ""
}

// lead is where site.yaml leads an address.
func (s *Stories) lead(rooted string) (to string, ok bool) {
	for _, r := range s.redirects {
		if to, ok := r.lead(rooted); ok && strings.HasPrefix(to, "/") {
			return to, true
		}
	}
	return "", false
}

func (r Redirect) lead(rooted string) (string, bool) {
	if !strings.ContainsAny(r.From, "*:") {
		return r.To, plainPath(r.From) == plainPath(rooted)
	}
	parts, given := strings.Split(r.From, "/"), strings.Split(rooted, "/")
	var said []string
	for i, part := range parts {
		last := i == len(parts)-1
		switch {
		case last && strings.HasSuffix(part, "*"):
			rest := strings.Join(given[min(i, len(given)):], "/")
			if rest, ok := strings.CutPrefix(rest, strings.TrimSuffix(part, "*")); ok {
				return replace(r.To, append(said, ":splat", rest)), true
			}
			return "", false
		case i >= len(given):
			return "", false
		case strings.HasPrefix(part, ":"):
			said = append(said, part, given[i])
		case part != given[i]:
			return "", false
		}
	}
	return replace(r.To, said), len(parts) == len(given)
}

// replace puts in what the names of a pattern stand for, longer names first.
func replace(to string, said []string) string {
	var pairs [][2]string
	for i := 0; i < len(said); i += 2 {
		pairs = append(pairs, [2]string{said[i], said[i+1]})
	}
	slices.SortStableFunc(pairs, func(a, b [2]string) int { return len(b[0]) - len(a[0]) })
	var flat []string
	for _, p := range pairs {
		flat = append(flat, p[0], p[1])
	}
	return strings.NewReplacer(flat...).Replace(to)
}
