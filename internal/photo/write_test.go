package photo

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"maps"
	"slices"
	"strings"
	"testing"
)

// drawn is a picture without any account of itself, as Go's encoders write it.
func drawn(t testing.TB, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	m := image.NewGray(image.Rect(0, 0, 30, 20))
	err := png.Encode(&b, m)
	if format == "jpeg" {
		b.Reset()
		err = jpeg.Encode(&b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// simpleWebP is the lossless picture of testdata without any chunk but its own.
func simpleWebP(t testing.TB, file []byte) []byte {
	t.Helper()
	for at := 12; at+8 <= len(file); {
		size := int(file[at+4]) | int(file[at+5])<<8 | int(file[at+6])<<16
		if strings.HasPrefix(string(file[at:]), "VP8 ") || strings.HasPrefix(string(file[at:]), "VP8L") {
			chunk := webpChunk(string(file[at:at+4]), file[at+8:at+8+size])
			return append([]byte("RIFF"+string([]byte{byte(len(chunk) + 4), byte((len(chunk) + 4) >> 8), byte((len(chunk) + 4) >> 16), 0})+"WEBP"), chunk...)
		}
		at += 8 + size + size&1
	}
	t.Fatal("there is no picture")
	return nil
}

// writable are pictures that can be written, by name.
func writable(t testing.TB) map[string][]byte {
	t.Helper()
	all := maps.Clone(pictures(t))
	all["drawn.png"], all["drawn.jpg"], all["simple.webp"] = drawn(t, "png"), drawn(t, "jpeg"), simpleWebP(t, all["sunrise.webp"])
	maps.DeleteFunc(all, func(name string, file []byte) bool {
		return strings.HasSuffix(name, ".avif") || strings.Contains(name, "huge_tag") || strings.Contains(name, "max_uint32")
	})
	return all
}

// picture is a file without XMP, IIM, EXIF and what must follow from them: the
// rest must be the same byte for byte. [exifStays] looks at EXIF.
func picture(t testing.TB, file []byte) []byte {
	t.Helper()
	found, err := walk(bytes.NewReader(file))
	if err != nil || found.broken {
		t.Fatalf("%v, broken %v", err, found.broken)
	}
	var edits []edit
	for _, b := range found.all {
		if b.kind == xmpBlock || b.kind == photoshop || b.kind == exifBlock {
			edits = append(edits, edit{b.start, b.end, nil})
		}
	}
	if found.format == "webp" {
		for at := 12; at < len(file); { // the sizes and flags change
			size := int(file[at+4]) | int(file[at+5])<<8 | int(file[at+6])<<16
			if strings.HasPrefix(string(file[at:]), "VP8X") {
				edits = append(edits, edit{int64(at), int64(at + 8 + size), nil})
			}
			at += 8 + size + size&1
		}
		edits = append(edits, edit{4, 8, nil})
	}
	return apply(file, edits)
}

func pointTo(s string) *string { return &s }

var changes = Changes{
	Caption:   pointTo("A crowd waits in Łódź on Friday: “we & they” <3, 北京, مرحبا. " + strings.Repeat("The caption is long. ", 120)),
	Credit:    pointTo("NAME/AFP via an agency with a long name"),
	Creator:   pointTo("Ada Łovelace of a family with many names; José Müller"),
	Alt:       pointTo("People in a square"),
	Copyright: pointTo("© 2026 The Pellmouth Lantern"),
	Language:  "en",
}

// written checks what was set.
func written(t testing.TB, said Said, c Changes) {
	t.Helper()
	for name, pair := range map[string][2]string{
		"caption": {first(said.Caption), *c.Caption}, "credit": {said.Credit, *c.Credit}, "alt": {first(said.Alt), *c.Alt}, "copyright": {said.Copyright, *c.Copyright},
	} {
		want, _ := settle(pair[1])
		if pair[0] != want {
			t.Errorf("%s: %q was set, %q is read", name, want, pair[0])
		}
	}
	var creators []string
	for name := range strings.SplitSeq(*c.Creator, ";") {
		if name, _ = settle(name); name != "" && !slices.Contains(creators, name) {
			creators = append(creators, name)
		}
	}
	if !slices.Equal(said.Creators, creators) {
		t.Errorf("creator: %q was set, %q is read", creators, said.Creators)
	}
}

func TestWrite(t *testing.T) {
	outs := map[string][]byte{}
	before := writable(t)
	for name, file := range before {
		out, err := Write(file, changes)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		outs[name] = out
		said, troubles := read(t, out)
		written(t, said, changes)
		if said.Caption[0].Language != "en" {
			t.Errorf("%s: the caption is in %q", name, said.Caption[0].Language)
		}
		if !bytes.Equal(picture(t, out), picture(t, file)) {
			t.Errorf("%s: the picture is another", name)
		}
		exifStays(t, name, file, out)
		agreed(t, name, troubles)
		if again, err := Write(out, changes); err != nil || !bytes.Equal(again, out) {
			t.Errorf("%s: written twice it is another file: %v", name, err)
		}
	}
	was, is := exiftool(t, before), exiftool(t, outs)
	for name := range outs {
		said, _ := read(t, outs[name])
		witnessed(t, said, is[name])
		if is[name]["ExifTool:Error"] != nil || is[name]["ExifTool:Warning"] != nil && was[name]["ExifTool:Warning"] == nil {
			t.Errorf("%s: exiftool says %v %v", name, is[name]["ExifTool:Error"], is[name]["ExifTool:Warning"])
		}
		for _, field := range difference(was[name], is[name]) {
			t.Errorf("%s: %s was %v, is %v", name, field, was[name][field], is[name][field])
		}
	}
}

// difference are the fields in which two files differ in the eyes of exiftool,
// those not counted that were set or must follow.
func difference(a, b map[string]any) (fields []string) {
	for field := range a {
		group, name, _ := strings.Cut(field, ":")
		set := group == "System" || field == "SourceFile" || field == "IPTC:CodedCharacterSet" || strings.Contains(name, "IPTCDigest") || strings.HasPrefix(name, "Thumbnail") || field == "File:FileType" ||
			field == "IFD0:ImageDescription" || field == "IFD0:Copyright" || field == "IFD0:Artist" ||
			slices.ContainsFunc([]string{"Description", "Caption", "Credit", "Creator", "By-line", "AltTextAccessibility", "Rights", "CopyrightNotice"}, func(s string) bool { return strings.HasPrefix(name, s) })
		if !set && fmt.Sprint(a[field]) != fmt.Sprint(b[field]) {
			fields = append(fields, field)
		}
	}
	slices.Sort(fields)
	return fields
}

// Removing what was set leaves what was there before in all other fields.
func TestWriteNothing(t *testing.T) {
	for name, file := range writable(t) {
		if out, err := Write(file, Changes{}); err != nil || !bytes.Equal(out, file) {
			t.Errorf("%s: no change changes it: %v", name, err)
		}
		none := ""
		out, err := Write(file, Changes{Caption: &none, Credit: &none, Creator: &none, Alt: &none, Copyright: &none})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if said, _ := read(t, out); said.Caption != nil || said.Credit != "" || said.Creators != nil || said.Alt != nil || said.Copyright != "" {
			t.Errorf("%s: %v is left", name, said)
		}
	}
}

func TestWriteErrors(t *testing.T) {
	all := pictures(t)
	jpg := all["metadata_demo_iim_and_xmp_only.jpg"]
	large := strings.Repeat("x", maxText)
	for _, c := range []struct {
		name string
		file []byte
		to   Changes
		want error
	}{
		{"avif", all["sunset.avif"], changes, ErrFormat},
		{"nothing", nil, changes, ErrFormat},
		{"cut", jpg[:4000], changes, ErrDamaged},
		{"lying", all["huge_tag_exif.jpg"], changes, ErrDamaged},
		{"xmp", bytes.Replace(jpg, []byte("</rdf:RDF>"), []byte("</rdf:RDG>"), 1), changes, ErrDamaged},
		{"language", jpg, Changes{Language: "\"><"}, ErrText},
		{"long", jpg, Changes{Caption: &large}, ErrText},
	} {
		if out, err := Write(c.file, c.to); !errors.Is(err, c.want) || out != nil {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// A property may be an attribute, under another prefix, and in other languages.
func TestEditPacket(t *testing.T) {
	packet := `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
 <r:Description r:about="uuid:1" xmlns:p="http://ns.adobe.com/photoshop/1.0/" xmlns:my="urn:my"
   p:Credit="old &quot;credit&quot;" p:City='Ur' my:thing="a>b">
  <desc:description xmlns:desc="http://purl.org/dc/elements/1.1/"><r:Alt>
   <r:li xml:lang="x-default">Old</r:li><r:li xml:lang="en">Old</r:li><r:li xml:lang="de">Alt</r:li></r:Alt></desc:description>
  <my:deep><r:Description><p:Credit>not this</p:Credit></r:Description></my:deep>
 </r:Description>
</r:RDF></x:xmpmeta><?xpacket end="w"?>`
	c := Changes{Caption: pointTo("New"), Credit: pointTo("A & B"), Creator: pointTo("C; D"), Language: "en"}
	set, err := c.properties([]byte(packet))
	if err != nil {
		t.Fatal(err)
	}
	got, err := editPacket([]byte(packet), set)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "edit.xmp", string(got))
}

func FuzzWrite(f *testing.F) {
	for name, file := range writable(f) {
		if len(file) < 50000 || strings.HasPrefix(name, "IPTC") {
			f.Add(file, "A caption", "A credit", "A name; another", "Alt", "©", "en")
		}
	}
	f.Add(drawn(f, "jpeg"), "<b>A &amp; B</b>", "JosÃ©\x00", "; A;A;&semi;", "\xff", strings.Repeat("ä", 5000), "de-AT")
	f.Fuzz(func(t *testing.T, file []byte, caption, credit, creator, alt, copyright, language string) {
		c := Changes{&caption, &credit, &creator, &alt, &copyright, language}
		out, err := Write(file, c)
		if err != nil {
			for _, known := range []error{ErrFormat, ErrDamaged, ErrText, ErrLarge} {
				if errors.Is(err, known) {
					return
				}
			}
			t.Fatal(err)
		}
		found, err := walk(bytes.NewReader(out))
		if err != nil || found.broken {
			t.Fatalf("broken: %v", err)
		}
		if !bytes.Equal(picture(t, out), picture(t, file)) {
			t.Error("the picture is another")
		}
		exifStays(t, "", file, out)
		if len(found.of(extendedBlock)) > 0 || len(found.of(xmpBlock)) > 1 {
			return // what is removed may still stand there
		}
		found.all = slices.DeleteFunc(found.all, func(b block) bool { return b.kind == exifBlock })
		written(t, newSources(found).decide(), c)
	})
}

// Texts of IIM that are not UTF-8 become so together with those that are set,
// and an IIM that is newer than the XMP stays the one to believe.
func TestWriteIIM(t *testing.T) {
	set := func(number byte, text string) dataset { return dataset{iimRecord, number, []byte(text)} }
	preview := dataset{iimRecord, 202, []byte{0xff, 0xd8, 0xf6}}
	file := picturing(inXMP(`photoshop:City="Old">`), inIIM("", bytes.Repeat([]byte{7}, 16), set(iimCity, "K\xf6ln"), preview))
	out, err := Write(file, Changes{Credit: pointTo("Łódź Foto")})
	if err != nil {
		t.Fatal(err)
	}
	said, _ := read(t, out)
	if said.City != "Köln" || said.Credit != "Łódź Foto" {
		t.Errorf("%+v", said)
	}
	if !bytes.Contains(out, preview.data) {
		t.Error("the preview is another")
	}
	f := exiftool(t, map[string][]byte{"a.jpg": out})["a.jpg"]
	if f["IPTC:City"] != "Köln" || f["IPTC:Credit"] != "Łódź Foto" || f["Photoshop:IPTCDigest"] == f["File:CurrentIPTCDigest"] {
		t.Errorf("exiftool reads %v", f)
	}
}
