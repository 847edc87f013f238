package photo

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// agreed tells that nobody contradicts what was written.
func agreed(t *testing.T, name string, troubles []Trouble) {
	t.Helper()
	for _, trouble := range troubles {
		if trouble.Kind == Broken || trouble.Kind == Differs && slices.Contains([]string{"Description", "Credit Line", "Creator", "Alt Text", "Copyright Notice"}, trouble.Field) {
			t.Errorf("%s: %v", name, trouble)
		}
	}
}

// exifStays tells that EXIF is as long as it was, and no byte another but those
// of caption, creator and copyright.
func exifStays(t *testing.T, name string, before, after []byte) {
	t.Helper()
	was, is := exifOf(t, before), exifOf(t, after)
	if len(was) != len(is) {
		t.Fatalf("%s: there were %d blocks of EXIF, there are %d", name, len(was), len(is))
	}
	for i := range was {
		if len(was[i]) != len(is[i]) {
			t.Fatalf("%s: EXIF had %d bytes, and has %d", name, len(was[i]), len(is[i]))
		}
		e := exif{texts: map[uint16]string{}}
		e.check(was[i])
		for at := range int64(len(was[i])) {
			own := func(f entry) bool {
				return (f.tag == tagDescription || f.tag == tagArtist || f.tag == tagCopyright) && (at >= f.offset && at < f.offset+f.size || at >= f.at+4 && at < f.at+12)
			}
			if was[i][at] != is[i][at] && !slices.ContainsFunc(e.entries, own) {
				t.Fatalf("%s: byte %d of EXIF is another", name, at)
			}
		}
	}
}

func exifOf(t *testing.T, file []byte) (all [][]byte) {
	t.Helper()
	found, err := walk(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range found.of(exifBlock) {
		all = append(all, b.data)
	}
	return all
}

// What EXIF says is overwritten where it stands, in every format, and blanked
// where there is no room.
func TestWriteEXIF(t *testing.T) {
	texts := map[uint16]string{tagDescription: "A caption with much room in it\x00", tagArtist: "Ada Example\x00", tagCopyright: "\u00a9 Ada\x00Editor\x00"}
	short := map[uint16]string{tagDescription: "ABC\x00", tagCopyright: "Ada\x00Editor\x00"}
	tiff := func(order binary.AppendByteOrder, texts map[uint16]string) []byte {
		return inEXIF(order, texts)[4+len(exifStart):]
	}
	jpg := func(segment []byte) []byte { return slices.Concat([]byte("\xff\xd8"), segment, drawn(t, "jpeg")[2:]) }
	png := func(chunk []byte) []byte { return slices.Concat(drawn(t, "png")[:33], chunk, drawn(t, "png")[33:]) }
	raw := func(name string, held []byte) []byte {
		return pngChunk("zTXt", append([]byte("Raw profile type "+name+"\x00\x00"), packed(fmt.Appendf(nil, "\n%s\n%8d\n%x\n", name, len(held), held))...))
	}
	little, big := tiff(binary.LittleEndian, texts), tiff(binary.BigEndian, texts)
	set := func(number byte, text string) dataset { return dataset{iimRecord, number, []byte(text)} }
	files := map[string][]byte{
		"a.jpg": jpg(inEXIF(binary.LittleEndian, texts)),
		"b.jpg": jpg(inEXIF(binary.BigEndian, texts)),
		"c.png": png(pngChunk("eXIf", big)),
		"d.png": png(raw("exif", append([]byte(exifStart), little...))),
		"e.png": png(slices.Concat(raw("APP1", append([]byte(exifStart), big...)), raw("iptc", inIIM("", nil, set(iimCaption, "Old"), set(iimCity, "Ur"))[4+len(photoshopStart):]))),
		"f.jpg": jpg(inEXIF(binary.LittleEndian, short)),
	}
	for name, prefix := range map[string]string{"g.webp": "", "h.webp": exifStart} {
		file, err := withXMP(simpleWebP(t, pictures(t)["sunrise.webp"]), newPacket(nil))
		if err != nil {
			t.Fatal(err)
		}
		file[20] |= 1 << 3 // there is EXIF
		file = append(file, webpChunk("EXIF", append([]byte(prefix), little...))...)
		binary.LittleEndian.PutUint32(file[4:], uint32(len(file)-8))
		files[name] = file
	}
	for _, c := range []struct{ caption, copyright, exif, right string }{
		{"A fire in Łódź", "© Bo", "A fire in Łódź", "© Bo"},
		{"A fire in " + strings.Repeat("Ur ", 50) + "today", "© 2026 " + strings.Repeat("Lantern ", 30) + "Ltd", "", ""},
		{"", "", "", ""},
	} {
		outs := map[string][]byte{}
		for name, file := range files {
			out, err := Write(file, Changes{Caption: &c.caption, Copyright: &c.copyright, Language: "en"})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			outs[name] = out
			said, troubles := read(t, out)
			if agreed(t, name, troubles); first(said.Caption) != c.caption || said.Copyright != c.copyright || name != "f.jpg" && !slices.Equal(said.Creators, []string{"Ada Example"}) {
				t.Errorf("%s: %+v", name, said)
			}
			exifStays(t, name, file, out)
			if again, err := Write(out, Changes{Caption: &c.caption, Copyright: &c.copyright, Language: "en"}); err != nil || !bytes.Equal(again, out) {
				t.Errorf("%s: written twice it is another file: %v", name, err)
			}
		}
		for name, f := range exiftool(t, outs) {
			caption := c.exif
			if name == "f.jpg" {
				caption = ""
			}
			if got := [2]string{strings.Join(values(f, "IFD0:ImageDescription"), ""), strings.Join(values(f, "IFD0:Copyright"), "")}; got != [2]string{caption, c.right} {
				t.Errorf("%s: exiftool reads %q, want %q and %q", name, got, caption, c.right)
			}
			if w := f["ExifTool:Warning"]; w != nil && w != "[minor] Improper EXIF header" || f["ExifTool:Error"] != nil || name == "e.png" && (f["IPTC:City"] != "Ur" || strings.Join(values(f, "IPTC:Caption-Abstract"), "") != c.caption) {
				t.Errorf("%s: exiftool reads %v", name, f)
			}
		}
	}
}

// A value that lies where another lies, or not in EXIF at all, is let go of, and
// the other stays.
func TestWriteSharedEXIF(t *testing.T) {
	segment := inEXIF(binary.LittleEndian, map[uint16]string{tagDescription: "Ada Example\x00", tagArtist: "Ada Example\x00", tagCopyright: "Ada Example\x00"})
	tiff := segment[4+len(exifStart):]
	copy(tiff[10+8:10+12], tiff[22+8:22+12]) // the description is the artist
	binary.LittleEndian.PutUint32(tiff[34+4:], 1<<20)
	file := slices.Concat([]byte("\xff\xd8"), segment, drawn(t, "jpeg")[2:])
	out, err := Write(file, Changes{Caption: pointTo("Fire"), Copyright: pointTo("© Bo")})
	if err != nil {
		t.Fatal(err)
	}
	said, troubles := read(t, out)
	if agreed(t, "shared", troubles); !slices.Equal(said.Creators, []string{"Ada Example"}) {
		t.Errorf("%+v", said)
	}
	exifStays(t, "shared", file, out)
	f := exiftool(t, map[string][]byte{"a.jpg": out})["a.jpg"]
	if f["IFD0:Artist"] != "Ada Example" || len(values(f, "IFD0:ImageDescription", "IFD0:Copyright")) > 0 || f["ExifTool:Warning"] != nil {
		t.Errorf("exiftool reads %v", f)
	}
}
