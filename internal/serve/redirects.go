package serve

import (
	"io/fs"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// A rule is a line of _redirects: /from /to 301. From may hold :names and end
// in *, which to repeats as :name and :splat; between them may stand parts of a
// query that the request must have.
type rule struct {
	from   []string // segments, not encoded
	query  url.Values
	to     string
	status int
}

// maxRules is how large a _redirects may be.
const maxRules = 16 << 20

// redirected finds the rule for a URL. A rule that names one path is followed
// even where a file lies, as there is a page for hosts that do not read rules;
// one with a pattern only where no file does.
func (h *handler) redirected(u *url.URL, patterns bool) (to string, status int, ok bool) {
	for _, r := range h.rules() {
		if r.isPattern() != patterns {
			continue
		}
		if to, ok := r.match(u); ok {
			return to, r.status, true
		}
	}
	return "", 0, false
}

func (h *handler) rules() []rule {
	info, err := fs.Stat(h.edition, "_redirects")
	if err != nil || info.Size() > maxRules {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.known != nil && h.knownSize == info.Size() && h.knownTime.Equal(info.ModTime()) {
		return h.known
	}
	data, err := fs.ReadFile(h.edition, "_redirects")
	if err != nil {
		return nil
	}
	h.known, h.knownSize, h.knownTime = parseRules(string(data)), info.Size(), info.ModTime()
	return h.known
}

func parseRules(text string) []rule {
	rules := []rule{}
	for line := range strings.Lines(text) {
		if r, ok := parseRule(strings.Fields(line)); ok {
			rules = append(rules, r)
		}
	}
	return rules
}

// parseRule reads one line. Comments, and what this server cannot do, are no
// rules.
func parseRule(fields []string) (r rule, ok bool) {
	if len(fields) < 2 || !strings.HasPrefix(fields[0], "/") {
		return r, false
	}
	for _, s := range strings.Split(fields[0], "/") {
		plain, err := url.PathUnescape(s)
		if err != nil {
			return r, false
		}
		r.from = append(r.from, plain)
	}
	r.query = url.Values{}
	fields = fields[1:]
	for len(fields) > 1 && !isTarget(fields[0]) {
		name, value, _ := strings.Cut(fields[0], "=")
		value, err := url.QueryUnescape(value)
		if err != nil {
			return r, false
		}
		r.query.Add(name, value)
		fields = fields[1:]
	}
	if !isTarget(fields[0]) {
		return r, false
	}
	r.to, r.status = fields[0], 301
	if len(fields) > 1 {
		status, err := strconv.Atoi(strings.TrimSuffix(fields[1], "!"))
		if err != nil || status < 300 || status > 308 {
			return r, false
		}
		r.status = status
	}
	return r, true
}

func isTarget(s string) bool {
	return strings.HasPrefix(s, "/") || strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

func (r *rule) isPattern() bool {
	for _, s := range r.from {
		if s == "*" || strings.HasPrefix(s, ":") {
			return true
		}
	}
	return false
}

// match returns where the rule leads from a URL. A slash at the end makes no
// difference.
func (r *rule) match(u *url.URL) (to string, ok bool) {
	have := u.Query()
	for name, values := range r.query {
		if got := have.Get(name); !have.Has(name) || got != values[0] && !strings.HasPrefix(values[0], ":") {
			return "", false
		}
	}
	names, ok := r.segments(strings.Split(strings.TrimSuffix(u.Path, "/"), "/"))
	if !ok {
		return "", false
	}
	to = r.fill(names)
	if to == u.EscapedPath() || to == u.Path {
		return "", false // it is there already
	}
	if u.RawQuery != "" && len(r.query) == 0 && !strings.ContainsAny(to, "?#") {
		to += "?" + u.RawQuery
	}
	return to, true
}

// fill puts what the names stand for into the target: the longest name first,
// as one may begin with another. It stays a path of this host if it was one.
func (r *rule) fill(names []held) string {
	slices.SortStableFunc(names, func(a, b held) int { return len(b.name) - len(a.name) })
	var pairs []string
	for _, n := range names {
		pairs = append(pairs, n.name, (&url.URL{Path: n.value}).EscapedPath())
	}
	to := strings.NewReplacer(pairs...).Replace(r.to)
	if strings.HasPrefix(to, "//") && !strings.HasPrefix(r.to, "//") {
		to = "/" + strings.TrimLeft(to, "/")
	}
	return to
}

// A held is what a name in a pattern stands for.
type held struct{ name, value string }

func (r *rule) segments(path []string) (names []held, ok bool) {
	from := r.from
	if len(from) > 1 && from[len(from)-1] == "" {
		from = from[:len(from)-1]
	}
	for i, s := range from {
		switch {
		case s == "*" && i == len(from)-1:
			return append(names, held{":splat", strings.Join(path[min(i, len(path)):], "/")}), true
		case i >= len(path):
			return nil, false
		case len(s) > 1 && s[0] == ':' && path[i] != "":
			names = append(names, held{s, path[i]})
		case s != path[i]:
			return nil, false
		}
	}
	return names, len(path) == len(from)
}
