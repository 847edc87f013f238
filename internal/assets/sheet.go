package assets

import (
	"fmt"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	"stet/internal/diag"
	"stet/internal/page"
)

// A sheet is a stylesheet whose references are being given their final names.
type sheet struct {
	ask      *page.Ask
	read     Read
	path     string // from the site's folder
	css      string
	warnings []diag.Problem
}

// rewrite returns the stylesheet with the assets it refers to by their final
// URLs, and without comments, which readers would wait for. All else stays byte
// for byte.
func (s *sheet) rewrite() ([]byte, error) {
	var out []byte
	done := 0
	all := scan(s.css)
	comments := all.comments
	until := func(at int) { // what stands before a place
		for len(comments) > 0 && comments[0].end <= at {
			c := comments[0]
			out = append(append(out, s.css[done:c.start]...), s.left(c)...)
			done, comments = c.end, comments[1:]
		}
		out = append(out, s.css[done:at]...)
		done = at
	}
	for _, r := range all.found {
		target, err := s.target(r)
		if err != nil {
			return nil, err
		}
		if target == "" {
			continue
		}
		until(r.start)
		if r.bare {
			out = append(out, `"`+target+`"`...)
		} else {
			out = append(out, `url("`+target+`")`...)
		}
		done = r.end
	}
	until(len(s.css))
	return out, nil
}

// left is what stays of a comment: the ends of its lines, so that a browser counts
// lines as the file has them, or enough to hold apart what it stood between. Who
// writes /*! wants it to be read, and /*# is for browsers.
func (s *sheet) left(c span) string {
	comment := s.css[c.start:c.end]
	if comment[2] == '!' || comment[2] == '#' {
		return comment
	}
	if lines := strings.Count(comment, "\n"); lines > 0 {
		return strings.Repeat("\n", lines)
	}
	apart := func(around string) bool { return around == "" || strings.ContainsAny(around, " \t\r\n\f{};,") }
	if apart(s.css[max(c.start-1, 0):c.start]) || apart(s.css[c.end:min(c.end+1, len(s.css))]) {
		return ""
	}
	return "/**/"
}

// target is the final URL of what is referred to, or "" if the reference is to
// stay.
func (s *sheet) target(r reference) (string, error) {
	file, rest := r.url, ""
	if i := strings.IndexAny(file, "?#"); i >= 0 {
		file, rest = file[:i], file[i:]
	}
	if file == "" || file[0] == '/' || file[0] == '\\' || hasScheme(file) {
		return "", nil
	}
	if plain, err := url.PathUnescape(file); err == nil {
		file = plain
	}
	file = path.Join(path.Dir(s.path), file)
	if name, ok := strings.CutPrefix(file, Folder); ok {
		a, err := page.Get[*Asset](s.ask, "asset", page.Args(name))
		if err != nil {
			return "", err
		}
		if a != nil {
			return escape(a.URL, rest), nil
		}
	} else if strings.HasPrefix(file, "static/") { // it lies in the edition under the name it has
		_, ok, err := s.read(s.ask, file)
		if err != nil || ok {
			return "", err
		}
	}
	s.warn(r, file)
	return "", nil
}

func (s *sheet) warn(r reference, file string) {
	before := strings.TrimPrefix(s.css[:r.at], "\ufeff")
	line := strings.LastIndexByte(before, '\n') + 1
	p := diag.Problem{
		Path: s.path, Line: 1 + strings.Count(before, "\n"), Column: 1 + utf8.RuneCountInString(before[line:]), Length: r.length,
		Text: fmt.Sprintf("%q is not there", r.url), Hint: "put the file at " + file + ", or correct the URL",
	}
	if !strings.HasPrefix(file, "static/") {
		p.Hint = "the URL leads out of static/; put the file beside the stylesheet"
	}
	s.warnings = append(s.warnings, p)
}

// escape writes a URL so that it can stand between double quotes.
func escape(plain, rest string) string {
	return (&url.URL{Path: plain}).EscapedPath() + strings.NewReplacer(`"`, "%22", `\`, "%5C", "\n", "%0A", "\r", "%0D", "\f", "%0C").Replace(rest)
}

// hasScheme tells whether a URL begins with one, such as data:.
func hasScheme(s string) bool {
	scheme, _, found := strings.Cut(s, ":")
	return found && scheme != "" && !strings.ContainsAny(scheme, "/.")
}
