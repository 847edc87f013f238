package photo

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"io"
	"maps"
	"regexp"
	"slices"
	"unicode/utf8"
)

// An edit puts bytes in the place of others.
type edit struct {
	start, end int64
	with       []byte
}

// apply makes edits that do not overlap.
func apply(b []byte, edits []edit) []byte {
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Compare(a.start, b.start) })
	var out []byte
	at := int64(0)
	for _, e := range edits {
		out = append(append(out, b[at:e.start]...), e.with...)
		at = e.end
	}
	return append(out, b[at:]...)
}

// editPacket sets properties in a packet. All other bytes stay as they are: no
// program, and not this one, knows every property that others keep in XMP.
func editPacket(packet []byte, set []property) ([]byte, error) {
	if !utf8.Valid(packet) {
		return nil, errXMP
	}
	e := &packetEditor{d: newDecoder(packet), packet: packet, set: set}
	if err := e.run(); err != nil {
		return nil, err
	}
	return apply(packet, e.edits), nil
}

type packetEditor struct {
	d      *xml.Decoder
	packet []byte
	set    []property
	edits  []edit
	open   []openElement
	about  string
	done   bool
}

// An openElement is one whose end has not been seen.
type openElement struct {
	raw         xml.Name          // with its prefix
	space, name string            // with its namespace
	spaces      map[string]string // the namespaces of prefixes inside of it
	start       int64
	cut, kept   int // properties, of a description
}

// run reads names as they are written, because what is cut is cut out of the
// text, and so finds the namespaces of prefixes itself.
func (e *packetEditor) run() error {
	for {
		start := e.d.InputOffset()
		token, err := e.d.RawToken()
		if err == io.EOF && len(e.open) == 0 && e.done {
			return nil
		}
		if err != nil {
			return errXMP
		}
		switch t := token.(type) {
		case xml.StartElement:
			if len(e.open) > maxDepth {
				return errXMP
			}
			e.begin(t, start)
		case xml.EndElement:
			if len(e.open) == 0 || e.open[len(e.open)-1].raw != t.Name {
				return errXMP
			}
			e.finish(start)
		}
	}
}

func (e *packetEditor) begin(t xml.StartElement, start int64) {
	spaces := map[string]string{}
	if n := len(e.open); n > 0 {
		spaces = e.open[n-1].spaces
	}
	for _, a := range t.Attr {
		if prefix, ok := declares(a.Name); ok {
			spaces = maps.Clone(spaces)
			spaces[prefix] = a.Value
		}
	}
	o := openElement{raw: t.Name, space: spaces[t.Name.Space], name: t.Name.Local, spaces: spaces, start: start}
	if o.is("Description") && e.inside(len(e.open), "RDF") {
		for _, a := range t.Attr {
			_, declared := declares(a.Name)
			switch {
			case a.Name.Local == "about" && (a.Name.Space == "" || spaces[a.Name.Space] == nsRDF):
				if e.about == "" {
					e.about = a.Value
				}
			case a.Name.Space != "" && e.sets(spaces[a.Name.Space], a.Name.Local):
				e.cutAttribute(a.Name, start)
				o.cut++
			case !declared:
				o.kept++
			}
		}
	}
	e.open = append(e.open, o)
}

func (o openElement) is(name string) bool { return o.space == nsRDF && o.name == name }

// inside tells whether the elements around the one at a depth are these of RDF,
// the innermost last.
func (e *packetEditor) inside(depth int, names ...string) bool {
	if depth < len(names) {
		return false
	}
	for i, name := range names {
		if !e.open[depth-len(names)+i].is(name) {
			return false
		}
	}
	return true
}

// declares tells which prefix an attribute declares.
func declares(name xml.Name) (prefix string, ok bool) {
	if name.Space == "xmlns" {
		return name.Local, true
	}
	return "", name.Space == "" && name.Local == "xmlns"
}

func (e *packetEditor) cutAttribute(name xml.Name, start int64) {
	tag := e.packet[start:e.d.InputOffset()]
	written := regexp.MustCompile(`\s+` + regexp.QuoteMeta(name.Space+":"+name.Local) + `\s*=\s*("[^"]*"|'[^']*')`)
	if at := written.FindIndex(tag); at != nil {
		e.edits = append(e.edits, edit{start + int64(at[0]), start + int64(at[1]), nil})
	}
}

func (e *packetEditor) sets(space, name string) bool {
	return slices.ContainsFunc(e.set, func(p property) bool { return p.is(space, name) })
}

// finish closes the innermost element: a property that is set goes, and so does
// a description that is empty then. Behind all others there are the new ones.
func (e *packetEditor) finish(start int64) {
	n := len(e.open) - 1
	o := e.open[n]
	e.open = e.open[:n]
	switch {
	case e.inside(n, "RDF", "Description") && e.sets(o.space, o.name):
		e.cut(o.start)
		e.open[n-1].cut++
	case e.inside(n, "RDF", "Description"):
		e.open[n-1].kept++
	case o.is("Description") && e.inside(n, "RDF") && o.cut > 0 && o.kept == 0:
		e.edits = slices.DeleteFunc(e.edits, func(cut edit) bool { return cut.end > o.start })
		e.cut(o.start)
	case o.is("RDF") && !e.done && start > o.start:
		e.done = true
		added := description(e.about, e.set)
		if o.raw.Space != "rdf" { // then rdf: is declared where it is used
			added = bytes.Replace(added, []byte("rdf:about="), []byte("xmlns:rdf=\""+nsRDF+"\" rdf:about="), 1)
		}
		start = int64(len(bytes.TrimRight(e.packet[:start], " \t\r\n")))
		e.edits = append(e.edits, edit{start, start, added})
	}
}

// cut takes out all from an offset to here, and a line that is empty then.
func (e *packetEditor) cut(start int64) {
	before := bytes.TrimRight(e.packet[:start], " \t")
	if cut, ok := bytes.CutSuffix(before, []byte("\n")); ok {
		start = int64(len(cut))
	}
	e.edits = append(e.edits, edit{start, e.d.InputOffset(), nil})
}

// shrink takes the white space out of a packet's end that is there to grow into.
func shrink(packet []byte) []byte {
	end := bytes.LastIndex(packet, []byte("<?xpacket"))
	if end < 0 {
		return bytes.TrimRight(packet, " \t\r\n\x00")
	}
	return append(append(bytes.TrimRight(bytes.Clone(packet[:end]), " \t\r\n"), '\n'), packet[end:]...)
}
