package photo

import (
	"bytes"
	"image"
	"strings"
	"testing"
)

var rights = Rights{
	Credit: "NAME/AFP & Söhne, an agency with a long name", Creators: []string{"Ada Lovelace", "José Müller"}, Copyright: "© 2026 AFP",
	UsageTerms: "Not for sale <outside> Libya", License: "https://example.com/terms?a=1&b=2",
}

func TestEmbed(t *testing.T) {
	files := map[string][]byte{"a.jpg": drawn(t, "jpeg"), "a.png": drawn(t, "png"), "a.webp": simpleWebP(t, pictures(t)["sunrise.webp"])}
	outs := map[string][]byte{}
	for name, file := range files {
		out, err := Embed(file, rights)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		outs[name] = out
		if again, _ := Embed(file, rights); !bytes.Equal(again, out) {
			t.Errorf("%s is not the same twice", name)
		}
		if none, err := Embed(file, Rights{}); err != nil || !bytes.Equal(none, file) {
			t.Errorf("%s: no rights change it: %v", name, err)
		}
		if !bytes.Equal(picture(t, out), picture(t, file)) {
			t.Errorf("%s: the picture is another", name)
		}
		if name != "a.webp" {
			if _, _, err := image.Decode(bytes.NewReader(out)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		said, troubles := read(t, out)
		golden(t, "embedded-"+name[2:]+".txt", told(said, troubles))
	}
	golden(t, "packet.xmp", string(Packet(rights)))
	found := exiftool(t, outs)
	for name, file := range outs {
		said, _ := read(t, file)
		witnessed(t, said, found[name])
		if f := found[name]; f["ExifTool:Warning"] != nil || f["ExifTool:Error"] != nil || f["XMP-xmpRights:WebStatement"] != rights.License {
			t.Errorf("%s: exiftool reads %v", name, f)
		}
	}
	if f := found["a.jpg"]; f["Photoshop:IPTCDigest"] != f["File:CurrentIPTCDigest"] || f["IPTC:Credit"] != "NAME/AFP & Söhne, an agency wit" {
		t.Errorf("exiftool reads %v", f)
	}
}

// However much is said, it fits into one segment.
func TestEmbedMuch(t *testing.T) {
	much := strings.Repeat("\"", 100_000)
	b := Segments(Rights{much, []string{much, much}, much, much, "https://example.com/" + strings.Repeat("&", 100_000)})
	found, err := walk(bytes.NewReader(append([]byte("\xff\xd8"), append(b, 0xff, 0xd9)...)))
	if err != nil || found.broken || len(found.all) != 2 {
		t.Errorf("%v: %+v", err, found)
	}
}

func TestEmbedErrors(t *testing.T) {
	if _, err := Embed([]byte("GIF89a"), rights); err != ErrFormat {
		t.Errorf("%v", err)
	}
	if _, err := Embed(drawn(t, "jpeg")[:100], rights); err != ErrDamaged {
		t.Errorf("%v", err)
	}
}
