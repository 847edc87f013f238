package photo

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strings"
)

// A property is one of XMP, as it is written.
type property struct {
	space, prefix, name string
	list                string // "Alt" by language, "Seq" in order; "" for a text alone
	texts               []Text // none: the property is removed
}

func (p property) is(space, name string) bool { return p.space == space && p.name == name }

// A packet begins and ends as the XMP Specification Part 1, 7.3 has it, so that
// programs find it which do not know the format around it.
const (
	packetStart = "<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\" x:xmptk=\"Stet\">\n" +
		"<rdf:RDF xmlns:rdf=\"" + nsRDF + "\">"
	packetEnd = "\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>"
)

// newPacket writes properties as a packet.
func newPacket(all []property) []byte {
	return []byte(packetStart + string(description("", all)) + packetEnd)
}

// description writes properties as one rdf:Description about a resource, on new
// lines.
func description(about string, all []property) []byte {
	var b bytes.Buffer
	b.WriteString("\n <rdf:Description rdf:about=\"" + escape(about) + "\"")
	var spaces []string
	for _, p := range all {
		if len(p.texts) > 0 && !slices.Contains(spaces, p.space) {
			spaces = append(spaces, p.space)
			b.WriteString("\n   xmlns:" + p.prefix + "=\"" + p.space + "\"")
		}
	}
	if len(spaces) == 0 {
		return nil
	}
	b.WriteString(">\n")
	for _, p := range all {
		if len(p.texts) > 0 {
			p.write(&b)
		}
	}
	b.WriteString(" </rdf:Description>")
	return b.Bytes()
}

func (p property) write(b *bytes.Buffer) {
	name := p.prefix + ":" + p.name
	if p.list == "" {
		b.WriteString("  <" + name + ">" + escape(p.texts[0].Text) + "</" + name + ">\n")
		return
	}
	b.WriteString("  <" + name + ">\n   <rdf:" + p.list + ">\n")
	for _, t := range p.texts {
		b.WriteString("    <rdf:li")
		if p.list == "Alt" {
			language := t.Language
			if language == "" {
				language = "x-default"
			}
			b.WriteString(" xml:lang=\"" + escape(language) + "\"")
		}
		b.WriteString(">" + escape(t.Text) + "</rdf:li>\n")
	}
	b.WriteString("   </rdf:" + p.list + ">\n  </" + name + ">\n")
}

func escape(text string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(text))
	return b.String()
}
