package images

import (
	"bytes"
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"sync"
)

// markup is an entity that holds more than a name: what it may hide is not
// looked for.
var markup = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)<!ENTITY\s[^>"']*("[^"]*[<&][^"]*"|'[^']*[<&][^']*')`)
})

// active names what a drawing has that does more than draw; "" if it has
// nothing of the kind. What cannot be read to its end is not trusted.
func active(svg []byte) string {
	d := xml.NewDecoder(bytes.NewReader(svg))
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	for {
		token, err := d.RawToken()
		if err == io.EOF {
			return ""
		}
		if err != nil {
			return "markup that cannot be read"
		}
		switch t := token.(type) {
		case xml.Directive:
			if markup().Match(t) {
				return "entities that hold markup"
			}
		case xml.StartElement:
			if what := activeElement(t); what != "" {
				return what
			}
		}
	}
}

func activeElement(e xml.StartElement) string {
	switch strings.ToLower(e.Name.Local) {
	case "script", "foreignobject", "iframe", "object", "embed", "handler", "listener":
		return "the element <" + e.Name.Local + ">"
	}
	for _, a := range e.Attr {
		name, value := strings.ToLower(a.Name.Local), strings.ToLower(strings.Join(strings.Fields(a.Value), ""))
		switch {
		case strings.HasPrefix(name, "on") && a.Name.Space == "":
			return "the attribute " + a.Name.Local
		case strings.HasPrefix(value, "javascript:"), strings.HasPrefix(value, "data:text/html"):
			return "a link that is a script"
		}
	}
	return ""
}
