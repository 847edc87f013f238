package article

import (
	"bytes"
	"strings"
)

// A Dest is where a link or a picture of a text leads, as it is written but for
// Markdown's escapes.
type Dest struct {
	Text string
	Line int // of the file
}

// Relink gives links and pictures of a file's text other destinations and leaves
// every other byte as it is. line is the file's first of the text, trusted tells
// that its raw HTML passes, and to says where a destination is to lead; it is
// asked for those that Render would ask for, so neither for code nor for
// absolute URLs. What is changed is rendered again: only what thereby asks for
// the new destination in the place of the old one was one. Those that are written
// in a way that is not found are left, and returned.
func Relink(path string, data []byte, line int, trusted bool, to func(dest string) string) (made []byte, left []Dest) {
	start := lineStart(data, line)
	r := relinker{path: path, line: line, trusted: trusted}
	body := data[start:]
	r.now = r.asked(body)
	r.wanted = make([]string, len(r.now))
	for i, d := range r.now {
		if want := to(d.Text); want != d.Text {
			r.wanted[i] = want
		}
	}
	for i, d := range r.now {
		if r.wanted[i] != "" {
			body = r.replace(body, d.Text, r.wanted[i])
		}
	}
	for i, want := range r.wanted {
		if want != "" {
			left = append(left, r.now[i])
		}
	}
	return append(data[:start:start], body...), left
}

// lineStart is where a line begins, counted from 1, with any ends of lines.
func lineStart(data []byte, line int) (at int) {
	for ; line > 1 && at < len(data); line-- {
		n := bytes.IndexAny(data[at:], "\r\n")
		if n < 0 {
			return len(data)
		}
		if at += n + 1; data[at-1] == '\r' && at < len(data) && data[at] == '\n' {
			at++
		}
	}
	return at
}

type relinker struct {
	path    string
	line    int
	trusted bool
	now     []Dest   // in the order in which they are asked for
	wanted  []string // of each of them; "" if it is as it is to be
}

// asked lists the destinations of a text.
func (r *relinker) asked(body []byte) (all []Dest) {
	note := func(dest string, line int) (Target, error) {
		all = append(all, Dest{dest, line})
		return Target{URL: "/"}, nil
	}
	Render(r.path, Body(body, 1), Options{FirstLine: r.line, Trusted: r.trusted, Link: note, Picture: note})
	return all
}

// replace tries each place at which a destination stands.
func (r *relinker) replace(body []byte, dest, want string) []byte {
	for _, form := range [][2]string{{dest, want}, {escapedDest(dest), escapedDest(want)}} {
		for at := 0; ; {
			n := bytes.Index(body[at:], []byte(form[0]))
			if n < 0 || form[0] == "" {
				break
			}
			at += n
			tried := bytes.Join([][]byte{body[:at:at], []byte(form[1]), body[at+len(form[0]):]}, nil)
			if !r.takes(tried, dest, want) {
				at++
				continue
			}
			body, at = tried, at+len(form[1])
		}
		if form[0] == escapedDest(form[0]) {
			break
		}
	}
	return body
}

// escapedDest is a destination with the escapes that editors of Markdown write.
func escapedDest(dest string) string {
	return strings.NewReplacer("_", `\_`, "&", "&amp;").Replace(dest)
}

// takes tells whether a text differs from what it was in this destination alone,
// and goes on from it if so.
func (r *relinker) takes(tried []byte, dest, want string) bool {
	now := r.asked(tried)
	if len(now) != len(r.now) {
		return false
	}
	var changed []int
	for i := range now {
		switch {
		case now[i].Text == r.now[i].Text:
		case r.wanted[i] == want && r.now[i].Text == dest && now[i].Text == want:
			changed = append(changed, i)
		default:
			return false
		}
	}
	for _, i := range changed {
		r.wanted[i] = ""
	}
	if changed != nil {
		r.now = now
	}
	return changed != nil
}
