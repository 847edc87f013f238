package imports

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
)

// How much of an export is looked at as one thing. Comments are shorter, the
// articles that WordPress writes between them too.
const (
	longestPiece = 16 << 20 // bytes of a tag or of a text between tags
	longestText  = 1 << 20  // bytes of a value that is wanted
	deepest      = 64       // elements within each other
	longestOne   = 4 << 20  // bytes of all values of a comment
)

// An xmlReader goes through the elements of an export. It never holds more than
// one value.
type xmlReader struct {
	d     *xml.Decoder
	left  *allowance
	depth int
	size  int // of the record that is read
}

// An allowance is a reader of which only so much may be read at a time.
type allowance struct {
	r io.Reader
	n int
}

var errLong = errors.New("it has a tag or a text of more than 16 MB")

func (a *allowance) Read(p []byte) (int, error) {
	if a.n <= 0 {
		return 0, errLong
	}
	n, err := a.r.Read(p[:min(len(p), a.n)])
	a.n -= n
	return n, err
}

// newXML reads what WordPress and Disqus write, which may have letters that XML
// does not know.
func newXML(r io.Reader) *xmlReader {
	x := &xmlReader{left: &allowance{r: transform.NewReader(r, runes.Map(func(r rune) rune {
		if unicode.IsControl(r) && r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0xfffe || r == 0xffff {
			return unicode.ReplacementChar
		}
		return r
	}))}}
	x.d = xml.NewDecoder(x.left)
	x.d.Entity = xml.HTMLEntity
	return x
}

func (x *xmlReader) line() int { line, _ := x.d.InputPos(); return line }

// next is the next token; io.EOF behind the last.
func (x *xmlReader) next() (xml.Token, error) {
	x.left.n = longestPiece
	t, err := x.d.Token()
	switch t.(type) {
	case xml.StartElement:
		x.depth++
	case xml.EndElement:
		x.depth--
	}
	if x.depth > deepest {
		return nil, x.wrong(errors.New("its elements lie too deep within each other"))
	}
	if err != nil && err != io.EOF {
		err = x.wrong(err)
	}
	return t, err
}

// wrong says where the file cannot be read.
func (x *xmlReader) wrong(err error) error {
	var bad *xml.SyntaxError
	switch {
	case errors.As(err, &bad) && strings.Contains(bad.Msg, "unexpected EOF"):
		return broken(bad.Line, "it was not copied whole; export it again", "the file ends before it is complete")
	case errors.As(err, &bad):
		return broken(bad.Line, "export it again, or mend this line", "this is no XML: %s", bad.Msg)
	case strings.Contains(err.Error(), "CharsetReader"):
		return broken(1, "write it anew in UTF-8, with a command such as\niconv -f ISO-8859-1 -t UTF-8", "the file is not written in UTF-8")
	}
	return broken(x.line(), "export it again", "the file cannot be read: %s", err)
}

// root is the name of the outermost element.
func (x *xmlReader) root() (string, error) {
	for {
		t, err := x.next()
		if err == io.EOF {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		if start, ok := t.(xml.StartElement); ok {
			return start.Name.Local, nil
		}
	}
}

// each goes through the elements within one that has begun, to its end. What take
// leaves of an element is skipped.
func (x *xmlReader) each(take func(xml.StartElement) error) error {
	depth := x.depth
	for {
		t, err := x.next()
		switch {
		case err == io.EOF && x.depth == 0:
			return nil
		case err != nil:
			return err
		case x.depth < depth:
			return nil
		}
		if start, ok := t.(xml.StartElement); ok {
			if err := take(start); err != nil {
				return err
			}
			if err := x.skip(depth); err != nil {
				return err
			}
		}
	}
}

// skip goes on until so many elements are open.
func (x *xmlReader) skip(depth int) error {
	for x.depth > depth {
		if _, err := x.next(); err != nil {
			return err
		}
	}
	return nil
}

// text is what stands in an element that has begun.
func (x *xmlReader) text() (string, error) {
	var b strings.Builder
	for depth := x.depth; x.depth >= depth; {
		t, err := x.next()
		if err != nil {
			return "", err
		}
		if data, ok := t.(xml.CharData); ok {
			if b.Len()+len(data) > longestText {
				return "", broken(x.line(), "take it out of the file", "a text is longer than 1 MB")
			}
			b.Write(data)
		}
	}
	return strings.TrimSpace(b.String()), nil
}

// A record is an element as values by their names: "author/name" of what lies
// within, "thread@id" of an attribute.
type record map[string]string

// set keeps the first value of a name.
func (x *xmlReader) set(r record, name, value string) error {
	if x.size += len(name) + len(value) + 64; x.size > longestOne {
		return broken(x.line(), "take it out of the file", "a comment is longer than 4 MB")
	}
	if _, there := r[name]; !there {
		r[name] = value
	}
	return nil
}

// record reads an element that has begun, and those in it.
func (x *xmlReader) record(start xml.StartElement) (record, error) {
	r := record{}
	x.size = 0
	return r, x.fill(r, "", start)
}

func (x *xmlReader) fill(r record, name string, start xml.StartElement) error {
	for _, a := range start.Attr {
		if err := x.set(r, name+"@"+a.Name.Local, a.Value); err != nil {
			return err
		}
	}
	var b strings.Builder
	for depth := x.depth; x.depth >= depth; {
		t, err := x.next()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			within := t.Name.Local
			if name != "" {
				within = name + "/" + within
			}
			if err := x.fill(r, within, t); err != nil {
				return err
			}
		case xml.CharData:
			if b.Len()+len(t) > longestText {
				return broken(x.line(), "take it out of the file", "a text is longer than 1 MB")
			}
			b.Write(t)
		}
	}
	return x.set(r, name, strings.TrimSpace(b.String()))
}
