package article

import (
	"bytes"
	"strconv"
	"strings"
)

// The pictures of a text are noted when its file is parsed, so that others may
// know of them without reading the text: whoever took them has a page that shows
// them. Which there are only Markdown's own rules tell. But nearly all of a text
// are paragraphs that cannot change the answer, and these need not be read.

// A Picture is a file of the site that stands alone in a text, with what the text
// says of it. It has no line: a text may change around it.
type Picture struct {
	Src      string // its path as the text names it
	Alt      string // plain, with quotes as typed; so are caption and credit
	Caption  string
	Credit   string
	Courtesy bool
	Focus    [2]float64
}

// shownIn are the pictures that stand alone in a text.
func shownIn(path string, body []byte) (all []Picture) {
	if !bytes.Contains(body, []byte("![")) && !captioned(body) {
		return nil
	}
	there := func(dest string, _ int) (Target, error) { return Target{URL: dest}, nil }
	o := Options{Link: there, Picture: there, Figure: func(f Figure) (string, error) {
		src, _ := PathOf(f.Src)
		if src == "" || strings.Contains(src, ":") {
			return "", nil // there is none, or it lies elsewhere
		}
		p := Picture{Src: src, Alt: f.Alt, Caption: f.CaptionText, Credit: f.Credit, Courtesy: f.Attrs["courtesy"] == "true"}
		p.Focus, _ = ReadFocus(f.Attrs["focus"])
		all = append(all, p)
		return "", nil
	}}
	shape := shapeOf(body)
	if tooDeep(shape) >= 0 {
		return nil
	}
	parsed(path, shape, &o)
	return all
}

// captioned tells whether there seem to be blocks in a text whose paragraphs are
// captions.
func captioned(body []byte) bool {
	return bytes.Contains(body, []byte(":::photo")) || bytes.Contains(body, []byte(":::embed"))
}

// parsed is a text worked on as a tree, of which nothing is written.
func parsed(path string, body []byte, o *Options) {
	r := &run{path: path, body: body, o: o, line: 1}
	defer r.done()
	r.walk(r.tree())
}

// shapeOf is a text with a letter in the place of paragraphs that neither hold a
// picture nor decide what becomes of one elsewhere.
func shapeOf(body []byte) []byte {
	if captioned(body) {
		return body
	}
	if shape, all := apart(body); all {
		return shape
	}
	shape := make([]byte, 0, len(body)/4)
	for len(body) > 0 {
		chunk := body
		if end := bytes.Index(body, []byte("\n\n")); end >= 0 {
			chunk = body[:end+2]
		}
		body = body[len(chunk):]
		switch {
		case !mereText(chunk):
			shape = append(shape, chunk...)
		case !bytes.HasSuffix(shape, []byte("\n\nx\n\n")):
			shape = append(shape, "x\n\n"...)
		}
	}
	return shape
}

// apart are the paragraphs that begin with a picture, if no others hold one, and if
// nothing in the text spans paragraphs or is referred to by them: then each is
// what it is wherever it stands.
func apart(body []byte) (shape []byte, all bool) {
	if bytes.IndexByte(body, '<') >= 0 || tooDeep(body) >= 0 {
		return nil, false
	}
	for _, sign := range []string{"```", "~~~", ":::", "]:"} {
		if bytes.Contains(body, []byte(sign)) {
			return nil, false
		}
	}
	for at := 0; ; {
		n := bytes.Index(body[at:], []byte("!["))
		if n < 0 {
			return shape, true
		}
		if at += n; at > 0 && !bytes.HasSuffix(body[:at], []byte("\n\n")) {
			return nil, false
		}
		end := len(body)
		if n := bytes.Index(body[at:], []byte("\n\n")); n >= 0 {
			end = at + n + 2
		}
		shape = append(shape, body[at:end]...)
		at = end
	}
}

// mereText tells whether lines between empty ones are text, wherever they stand:
// each begins with a letter, or as a quotation or a heading does, and nothing in
// them begins a picture, leads to a footnote, or ends what was begun above, such as
// a comment.
func mereText(lines []byte) bool {
	if bytes.ContainsAny(lines, "<>`") || bytes.Contains(lines, []byte("![")) || bytes.Contains(lines, []byte("[^")) {
		return false
	}
	text := bytes.TrimSuffix(lines, []byte("\n\n"))
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		if len(line) == 0 {
			return false
		}
		if c := line[0]; c < 0x80 && (c|0x20 < 'a' || c|0x20 > 'z') && c != '"' && c != '\'' && c != '(' && c != '#' {
			return false
		}
	}
	return true
}

// ReadFocus reads a point such as "0.5, 0.3" or "50% 30%"; it is the centre if
// it cannot be read.
func ReadFocus(text string) (at [2]float64, ok bool) {
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,[]", r) })
	if len(parts) != 2 {
		return [2]float64{.5, .5}, false
	}
	for i, part := range parts {
		number, percent := strings.CutSuffix(part, "%")
		f, err := strconv.ParseFloat(number, 64)
		if percent {
			f /= 100
		}
		if err != nil || !(f >= 0 && f <= 1) {
			return [2]float64{.5, .5}, false
		}
		at[i] = f
	}
	return at, true
}
