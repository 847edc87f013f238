package deploy

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Rules are what an edition asks of the host that it lies on, in its files
// _headers and _redirects, and which error pages it has.
type Rules struct {
	headers   []headerRule
	redirects []redirectRule
	missing   []string // folders with a 404.html of their own, as they stand in addresses, the deepest first
	// Unread are lines that no server can be told of.
	Unread []string
}

// A headerRule is a path of _headers with its fields.
type headerRule struct {
	pattern pattern
	fields  [][2]string
}

// A redirectRule is a line of _redirects.
type redirectRule struct {
	pattern pattern
	query   [][2]string // parts that the request must have; a value that begins with : is any
	to      string      // as it is written; "" with status 410
	status  int
}

// A pattern is a path in which * and :NAME stand for anything, as parts of text
// that is not encoded.
type pattern []part

type part struct{ text, name string } // name is "splat" for *, "" for a text

// maxRules is how large _headers and _redirects may be.
const maxRules = 16 << 20

// ReadRules reads what an edition asks, whose base path is such as "/news/".
func ReadRules(edition fs.FS, base string) (Rules, error) {
	var r Rules
	for name, read := range map[string]func(text string){"_headers": r.readHeaders, "_redirects": r.readRedirects} {
		f, err := edition.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return r, err
		}
		data, err := io.ReadAll(io.LimitReader(f, maxRules))
		f.Close()
		if err != nil {
			return r, err
		}
		read(string(bytes.ReplaceAll(data, []byte("\r"), nil)))
	}
	slices.Sort(r.Unread)
	pages, err := fs.Glob(edition, "*/404.html")
	if err != nil {
		return r, err
	}
	if _, err := fs.Stat(edition, "404.html"); err == nil {
		pages = append(pages, "404.html")
	}
	for _, page := range pages {
		r.missing = append(r.missing, base+strings.TrimSuffix(page, "404.html"))
	}
	slices.SortFunc(r.missing, func(a, b string) int { return len(b) - len(a) })
	return r, nil
}

func (r *Rules) readHeaders(text string) {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n ")
		name, value, isField := strings.Cut(strings.TrimSpace(line), ":")
		switch {
		case line == "" || strings.HasPrefix(strings.TrimSpace(line), "#"):
		case strings.HasPrefix(line, "/"):
			if p, ok := readPattern(line); ok {
				r.headers = append(r.headers, headerRule{pattern: p})
				continue
			}
			r.Unread = append(r.Unread, line)
		case line[0] != ' ' && line[0] != '\t' || !isField || !fieldName().MatchString(name) || len(r.headers) == 0 || unprintable(value):
			r.Unread = append(r.Unread, strings.TrimSpace(line))
		default:
			last := &r.headers[len(r.headers)-1]
			last.fields = append(last.fields, [2]string{name, strings.TrimSpace(value)})
		}
	}
}

var fieldName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9-]+$`) })

// unprintable tells whether a text has what some server cannot be told.
func unprintable(s string) bool {
	return strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c == 0x7f || c == '`' })
}

func (r *Rules) readRedirects(text string) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if rule, ok := readRedirect(strings.Fields(line)); ok {
			r.redirects = append(r.redirects, rule)
		} else {
			r.Unread = append(r.Unread, line)
		}
	}
}

func readRedirect(fields []string) (r redirectRule, ok bool) {
	if len(fields) < 2 {
		return r, false
	}
	if r.pattern, ok = readPattern(fields[0]); !ok {
		return r, false
	}
	fields = fields[1:]
	for len(fields) > 0 && !leads(fields[0]) && strings.Contains(fields[0], "=") {
		name, value, _ := strings.Cut(fields[0], "=")
		if !queryName().MatchString(name) || unprintable(value) || strings.Contains(value, `\`) {
			return r, false
		}
		r.query, fields = append(r.query, [2]string{name, value}), fields[1:]
	}
	r.status = 301
	if len(fields) > 0 && leads(fields[0]) {
		r.to, fields = fields[0], fields[1:]
	}
	if len(fields) > 0 {
		status, err := strconv.Atoi(strings.TrimSuffix(fields[0], "!"))
		if err != nil {
			return r, false
		}
		r.status, fields = status, fields[1:]
	}
	known := slices.Contains([]int{301, 302, 303, 307, 308}, r.status) && r.to != "" || r.status == 410
	return r, known && len(fields) == 0 && !unprintable(r.to) && !strings.ContainsAny(r.to, `\"`)
}

var queryName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9_]+$`) })

func leads(s string) bool {
	return strings.HasPrefix(s, "/") || strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// readPattern reads a path as _headers and _redirects have it.
func readPattern(s string) (p pattern, ok bool) {
	if !strings.HasPrefix(s, "/") {
		return nil, false
	}
	text := func(s string) bool {
		plain, err := url.PathUnescape(s)
		if err != nil || strings.ToValidUTF8(plain, "") != plain || unprintable(plain) || strings.Contains(plain, `\`) {
			return false
		}
		if plain != "" {
			p = append(p, part{text: plain})
		}
		return true
	}
	for s != "" {
		i := strings.Index(s, "*")
		if n := placeholder().FindStringIndex(s); n != nil && (i < 0 || n[0]+1 < i) {
			if !text(s[:n[0]+1]) {
				return nil, false
			}
			p, s = append(p, part{name: s[n[0]+2 : n[1]]}), s[n[1]:]
			continue
		}
		if i < 0 {
			return p, text(s)
		}
		if !text(s[:i]) {
			return nil, false
		}
		p, s = append(p, part{name: "splat"}), s[i+1:]
	}
	return p, true
}

var placeholder = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`/:[A-Za-z][A-Za-z0-9_]*`) })

// plain is the path, if it names just one.
func (p pattern) plain() (path string, ok bool) {
	for _, part := range p {
		if part.name != "" {
			return "", false
		}
		path += part.text
	}
	return path, true
}

// regexp is the pattern as one. The page of a folder is meant as well by its own
// name, as servers ask themselves for it.
func (p pattern) regexp(index bool) string {
	var b strings.Builder
	b.WriteByte('^')
	for _, part := range p {
		switch part.name {
		case "":
			b.WriteString(regexp.QuoteMeta(part.text))
		case "splat":
			b.WriteString("(.*)")
		default:
			b.WriteString("([^/]+)")
		}
	}
	s := b.String()
	switch {
	case index && strings.HasSuffix(s, "/"):
		s += `(index\.html)?`
	case !index && strings.HasSuffix(s, "/"):
		s += "?"
	case !index && p[len(p)-1].name != "splat":
		s += "/?"
	}
	return s + "$"
}

// fill writes the target with a reference for each name: the longest name first,
// as one may begin with another.
func (r *redirectRule) fill(to string, reference func(i int) string) string {
	var names []string
	at := map[string]int{}
	for _, part := range r.pattern {
		if part.name != "" {
			at[part.name] = len(at) + 1
			names = append(names, ":"+part.name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, n := range names {
		pairs = append(pairs, n, reference(at[n[1:]]))
	}
	return strings.NewReplacer(pairs...).Replace(to)
}

// fields are the names of all headers that are spoken of, but for Content-Type
// and Cache-Control, in the order in which they come.
func (r *Rules) names() (all []string) {
	for _, rule := range r.headers {
		for _, f := range rule.fields {
			special := strings.EqualFold(f[0], "Content-Type") || strings.EqualFold(f[0], "Cache-Control")
			if !special && !slices.ContainsFunc(all, func(n string) bool { return strings.EqualFold(n, f[0]) }) {
				all = append(all, f[0])
			}
		}
	}
	return all
}

// A said is the value of a header at the addresses that a regular expression
// finds.
type said struct{ pattern, value string }

// of is what is said in a header, the rule that counts first: of two the one below
// in the file.
func (r *Rules) of(name string) (all []said) {
	for _, rule := range slices.Backward(r.headers) {
		for _, f := range slices.Backward(rule.fields) {
			if strings.EqualFold(f[0], name) {
				all = append(all, said{rule.pattern.regexp(true), f[1]})
				break
			}
		}
	}
	return all
}

// cached is what is said in Cache-Control: what the edition asks, and for all else
// what a target with headers would say.
func (r *Rules) cached(cache map[string]string) (all []said, other string) {
	of := func(kind Kind) string { return HeaderOf("x", kind, cache).Cache }
	all = append(r.of("Cache-Control"),
		said{`(/|\.html?)$`, of(List)}, // a server cannot tell a story from a list: the shorter time is right for both
		said{`/(feed\.xml|atom\.xml|feed\.json)$`, of(Feed)},
		said{`(sitemap[^/]*\.xml|/sitemaps/[^/]*|/robots\.txt)$`, of(Sitemap)})
	return all, of(Other)
}
