package photo

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// picturing is a JPEG of segments.
func picturing(segments ...[]byte) []byte {
	return append([]byte("\xff\xd8"), append(bytes.Join(segments, nil), "\xff\xda\x00\x02\xff\xd9"...)...)
}

func inXMP(properties string) []byte {
	return appendSegment(nil, app1, xmpStart, []byte(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="`+nsRDF+`"><rdf:Description rdf:about=""`+
		` xmlns:dc="`+nsDC+`" xmlns:photoshop="`+nsPhotoshop+`" xmlns:cc="`+nsCC+`" xmlns:exif="`+nsEXIF+`" xmlns:xmpNote="`+nsNote+`" xmlns:Iptc4xmpExt="`+nsExt+`" xmlns:Iptc4xmpCore="`+nsCore+`" `+
		properties+`</rdf:Description></rdf:RDF></x:xmpmeta>`))
}

// inIIM holds datasets of record 2, with a digest if one is given.
func inIIM(charset string, digest []byte, sets ...dataset) []byte {
	if charset != "" {
		sets = append([]dataset{{1, iimCharset, []byte(charset)}}, sets...)
	}
	b := appendResource(nil, newResource(resourceIIM, appendIIM(nil, sets)))
	if digest != nil {
		b = appendResource(b, newResource(resourceSum, digest))
	}
	return appendResources(nil, b)
}

// inEXIF holds texts in the first directory.
func inEXIF(order binary.AppendByteOrder, texts map[uint16]string) []byte {
	b := []byte("II*\x00\x08\x00\x00\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		b = []byte("MM\x00*\x00\x00\x00\x08")
	}
	b = order.AppendUint16(b, uint16(len(texts)))
	data := len(b) + 12*len(texts) + 4
	var rest []byte
	for tag := range uint16(0xffff) {
		if text, ok := texts[tag]; ok {
			b = order.AppendUint16(order.AppendUint16(b, tag), 2)
			b = order.AppendUint32(b, uint32(len(text)))
			if len(text) <= 4 {
				b = append(append(b, text...), make([]byte, 4-len(text))...)
				continue
			}
			b = order.AppendUint32(b, uint32(data+len(rest)))
			rest = append(rest, text...)
		}
	}
	return appendSegment(nil, app1, exifStart, append(append(b, 0, 0, 0, 0), rest...))
}

// What is said by small pictures, each made to show one thing.
func TestSaid(t *testing.T) {
	set := func(number byte, text string) dataset { return dataset{iimRecord, number, []byte(text)} }
	long := strings.Repeat("A very long caption. ", 120)
	old := bytes.Repeat([]byte{7}, 16)
	var got strings.Builder
	for _, c := range []struct {
		name string
		file []byte
	}{
		{"utf-8 not declared", picturing(inIIM("", nil, set(iimCity, "Łódź"), set(iimCreator, "Ada"), set(iimCreator, "José")))},
		{"latin-1 not declared", picturing(inIIM("", nil, set(iimCity, "K\xf6ln"), set(iimHeadline, "\x93so\x94")))},
		{"latin-1 declared as utf-8", picturing(inIIM(iimUTF8, nil, set(iimCity, "K\xf6ln")))},
		{"utf-8 taken for latin-1", picturing(inXMP(`photoshop:City="KÃ¶ln" photoshop:Credit="â€œsoâ€&#x9d;">`))},
		{"decomposed", picturing(inXMP("photoshop:City=\"Ko\u0308ln\">"))},
		{"html and controls", picturing(inXMP(`photoshop:Headline="&lt;p&gt;A &lt;b class='x'&gt;b&lt;/b&gt;old&lt;br/&gt;day &amp;amp; night&lt;script&gt;alert(1)&lt;/script&gt;" photoshop:Credit="a &lt; b &gt; c&#8;" photoshop:City="&amp;lt;i&amp;gt;Ur&amp;lt;/i&amp;gt;">`), inIIM("", nil, set(iimState, "a\x00b\x01\tc\r\n")))},
		{"languages", picturing(inXMP(`><dc:description><rdf:Alt><rdf:li xml:lang="x-default">A fire</rdf:li><rdf:li xml:lang="en-GB">A fire</rdf:li><rdf:li xml:lang="de">Ein Feuer</rdf:li></rdf:Alt></dc:description>`+
			`<Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">Smoke</rdf:li><rdf:li xml:lang="fr">La fumée</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility>`), inIIM("", nil, set(iimCaption, "Ein Feuer")))},
		{"cut in iim", picturing(inXMP(`photoshop:Credit="An agency with a very long name/AFP"><dc:description>`+long+`</dc:description>`), inIIM("", old, set(iimCredit, "An agency with a very long name/"), set(iimCaption, long[:2000])))},
		{"shorter in iim, but not cut", picturing(inXMP(`photoshop:Credit="An agency">`), inIIM("", nil, set(iimCredit, "An")))},
		{"iim is newer", picturing(inXMP(`photoshop:Credit="Old" photoshop:DateCreated="2026-01-01">`), inIIM("", old, set(iimCredit, "New"), set(iimDate, "20261122"), set(iimTime, "140500+0200")))},
		{"all agree", picturing(inEXIF(binary.LittleEndian, map[uint16]string{tagDescription: "A fire\x00", tagArtist: "Ada; José\x00"}), inXMP(`><dc:description>A fire</dc:description><dc:creator><rdf:Seq><rdf:li>Ada</rdf:li><rdf:li>José</rdf:li></rdf:Seq></dc:creator>`), inIIM(iimUTF8, nil, set(iimCaption, "A fire"), set(iimCreator, "Ada"), set(iimCreator, "José")))},
		{"exif alone, big end first", picturing(inEXIF(binary.BigEndian, map[uint16]string{tagDescription: "K\xf6ln\x00", tagCopyright: "Ada\x00Editor\x00"}))},
		{"the name of a file", picturing(inEXIF(binary.LittleEndian, map[uint16]string{tagDescription: "DSC_1247.JPG\x00"}))},
		{"the camera's words", picturing(inEXIF(binary.BigEndian, map[uint16]string{tagDescription: "OLYMPUS DIGITAL CAMERA         \x00"}))},
		{"licence of Creative Commons", picturing(inXMP(`><cc:license rdf:resource="https://creativecommons.org/licenses/by/4.0/"/>`))},
		{"no licence", picturing(inXMP(`><cc:license rdf:resource="javascript:alert(1)"/>`))},
		{"city where it was made", picturing(inXMP(`><Iptc4xmpExt:LocationCreated><rdf:Bag><rdf:li rdf:parseType="Resource"><Iptc4xmpExt:City>Tripoli</Iptc4xmpExt:City></rdf:li></rdf:Bag></Iptc4xmpExt:LocationCreated>`))},
		{"place in a structure", picturing(inXMP(`><Iptc4xmpExt:LocationCreated><rdf:Bag><rdf:li><rdf:Description exif:GPSLatitude="32,53N"/></rdf:li></rdf:Bag></Iptc4xmpExt:LocationCreated>`))},
		{"no date", picturing(inXMP(`photoshop:DateCreated="0000-00-00T00:00:00">`), inIIM("", nil, set(iimDate, "00000000")))},
		{"extended", picturing(inXMP(`xmpNote:HasExtendedXMP="0123456789ABCDEF0123456789ABCDEF">`), extendedXMP(inXMP(`photoshop:City="Ur" exif:GPSLatitude="1,2N">`)[4+len(xmpStart):], 100))},
		{"extended, a part lost", picturing(inXMP(`xmpNote:HasExtendedXMP="0123456789ABCDEF0123456789ABCDEF">`), extendedXMP(inXMP(`photoshop:City="Ur">`)[4+len(xmpStart):], 100)[:300])},
		{"broken xmp", picturing(inXMP(`photoshop:City="Ur"><dc:description>cut</dc`))},
		{"utf-16", append([]byte(pngStart), pngXMP(utf16LE(string(inXMP(`photoshop:City="Łódź">`)[4+len(xmpStart):])))...)},
		{"raw profile", append([]byte(pngStart), pngChunk("tEXt", fmt.Appendf(nil, "Raw profile type iptc\x00\niptc\n      99\n%x\n", inIIM("", nil, set(iimCity, "Ur"))[4+len(photoshopStart):]))...)},
	} {
		said, troubles := read(t, c.file)
		fmt.Fprintf(&got, "== %s\n%s", c.name, told(said, troubles))
	}
	golden(t, "said.txt", got.String())
}

func extendedXMP(packet []byte, size int) (b []byte) {
	for at := 0; at < len(packet); at += size {
		head := binary.BigEndian.AppendUint32([]byte("0123456789ABCDEF0123456789ABCDEF"), uint32(len(packet)))
		head = binary.BigEndian.AppendUint32(head, uint32(at))
		b = appendSegment(b, app1, extendedStart, append(head, packet[at:min(at+size, len(packet))]...))
	}
	return b
}

func utf16LE(s string) (b []byte) {
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// Whatever a file holds, an answer takes little time.
func TestHostile(t *testing.T) {
	order := binary.LittleEndian
	loop := order.AppendUint16([]byte("II*\x00\x08\x00\x00\x00"), 65535) // directories that lead to others by the thousand
	for i := range 65535 {
		loop = order.AppendUint16(order.AppendUint16(loop, 0x14a), 4)
		loop = order.AppendUint32(order.AppendUint32(loop, 60000), uint32(8+i%9))
	}
	loop = append(loop, bytes.Repeat([]byte{8, 0, 0, 0}, 65536)...)
	deep := inXMP(">" + strings.Repeat("<dc:a>", 5000))
	wide := []byte(strings.Repeat("<dc:a/>", 300_000))
	for name, file := range map[string][]byte{
		"loop in png":  append([]byte(pngStart), pngChunk("eXIf", loop)...),
		"loop in tiff": loop,
		"deep":         picturing(deep),
		"wide":         append([]byte(pngStart), pngXMP(wide)...),
		"bomb":         append([]byte(pngStart), pngChunk("zTXt", append([]byte(xmpKeyword+"\x00\x00"), packed(make([]byte, 200<<20))...))...),
		"amps":         append([]byte(pngStart), pngXMP(append(append([]byte{}, inXMP(`photoshop:City="`)[4+len(xmpStart):400]...), []byte(`photoshop:Credit="`+strings.Repeat("&amp;amp;", 500_000)+`"/>`)...))...),
		"gs":           append([]byte(pngStart), pngXMP([]byte(strings.Repeat("GPSLatitude  ", 200_000)))...),
		"xyz":          append([]byte(pngStart), bytes.Repeat([]byte("\xa9xyz"), 1_000_000)...),
	} {
		start := time.Now()
		read(t, file)
		Locates(file)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s takes %v", name, took)
		} else {
			t.Logf("%s: %v", name, took.Round(time.Millisecond))
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, file := range pictures(f) {
		if len(file) < 70000 {
			f.Add(file)
		}
	}
	f.Add(picturing(inXMP(`photoshop:City="Ur">`), inIIM("", nil, dataset{iimRecord, iimCity, []byte("Ur")})))
	f.Fuzz(func(t *testing.T, file []byte) {
		said, troubles, err := Read(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if said.Format != "" && (said.Orientation < 1 || said.Orientation > 8) {
			t.Errorf("orientation %d", said.Orientation)
		}
		if said.Located && !Locates(file) && !strings.Contains(string(file), "xmp/extension") && said.Format != "avif" {
			t.Error("the file tells a place, its bytes do not")
		}
		told(said, troubles)
		for _, text := range append(said.Creators, first(said.Caption), said.Credit, said.Headline, said.City) {
			if strings.ContainsFunc(text, unicode.IsControl) || !utf8.ValidString(text) {
				t.Errorf("control characters in %q", text)
			}
		}
	})
}

// packed is what zlib makes of bytes.
func packed(data []byte) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	z.Write(data)
	z.Close()
	return b.Bytes()
}
