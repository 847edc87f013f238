package photo

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"
)

// gps is a directory of GPS, behind a header of TIFF that points to it.
func gps(order binary.AppendByteOrder, tag uint16, value string) []byte {
	b := inEXIF(order, nil)[4+len(exifStart):][:8]
	b = order.AppendUint16(b, 1)
	b = order.AppendUint32(order.AppendUint32(order.AppendUint16(order.AppendUint16(b, tagGPS), 4), 1), 26)
	b = order.AppendUint32(b, 0)
	b = order.AppendUint16(b, 1)
	b = order.AppendUint32(order.AppendUint32(order.AppendUint16(order.AppendUint16(b, tag), 5), 3), 44)
	b = order.AppendUint32(b, 0)
	return append(b, value...)
}

// moved is the directory of such a structure behind another header.
func moved(tiff []byte) []byte {
	b := append([]byte("\x00\x00\x00\x00MM\x00*"), tiff[10:]...)
	b[8+11] += 8 // where the directory of GPS lies
	b[8+15+2+8+4] += 8
	return b
}

func TestLocates(t *testing.T) {
	place := "\x00\x00\x00\x20\x00\x00\x00\x01\x00\x00\x00\x35\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01"
	little, big := binary.LittleEndian, binary.BigEndian
	packet := func(s string) []byte { return inXMP(s)[4+len(xmpStart):] }
	for name, c := range map[string]struct {
		file []byte
		want bool
	}{
		"little end first":              {picturing(appendSegment(nil, app1, exifStart, gps(little, 2, place))), true},
		"big end first":                 {picturing(appendSegment(nil, app1, exifStart, gps(big, 4, place))), true},
		"behind maker notes":            {append(gps(big, 2, place)[:10], moved(gps(big, 2, place))...), true},
		"of a destination":              {picturing(appendSegment(nil, app1, exifStart, gps(big, 20, place))), true},
		"tiff":                          {gps(big, 2, place), true},
		"png":                           {append([]byte(pngStart), pngChunk("eXIf", gps(big, 2, place))...), true},
		"png, packed":                   {append([]byte(pngStart), pngChunk("zTXt", append([]byte("Raw profile type exif\x00\x00"), packed(fmt.Appendf(nil, "\nexif\n  99\n%x\n", gps(big, 2, place)))...))...), true},
		"png, packed xmp":               {append([]byte(pngStart), pngChunk("iTXt", append([]byte(xmpKeyword+"\x00\x01\x00\x00\x00"), packed(packet(`exif:GPSLatitude="1,2N">`))...))...), true},
		"webp":                          {append([]byte("RIFF\x00\x00\x00\x00WEBP"), webpChunk("EXIF", gps(little, 2, place))...), true},
		"a second picture":              {append(drawn(t, "jpeg"), picturing(appendSegment(nil, app1, exifStart, gps(big, 2, place)))...), true},
		"a film behind it":              {append(drawn(t, "jpeg"), "....moov....udta\x00\x00\x00\x1e\xa9xyz\x00\x12\x15\xc7+32.8872+013.1913/"...), true},
		"gif":                           {append([]byte("GIF89a......!\xff\x0bXMP DataXMP"), packet(`><exif:GPSLongitude>13,11E</exif:GPSLongitude>`)...), true},
		"xmp attribute":                 {packet("exif:GPSLatitude =\n '32,53N'>"), true},
		"xmp of a drone":                {packet(`drone-dji:GpsLongtitude="+13.19">`), true},
		"xmp in utf-16":                 {utf16LE(string(packet(`exif:GPSLatitude="32,53N">`))), true},
		"only a version":                {picturing(appendSegment(nil, app1, exifStart, gps(big, 0, place))), false},
		"zeros":                         {picturing(appendSegment(nil, app1, exifStart, gps(big, 2, string(make([]byte, 24))))), false},
		"points out of it":              {gps(big, 2, place)[:26], false},
		"xmp without a value":           {packet(`exif:GPSLatitude="" exif:GPSLongitude="">`), false},
		"xmp element without a value":   {packet(`><exif:GPSLatitude></exif:GPSLatitude>`), false},
		"xmp that speaks of it":         {packet(`photoshop:History="GPSLatitude removed">`), false},
		"a jpeg of Go":                  {drawn(t, "jpeg"), false},
		"nothing":                       {nil, false},
		"a city is no place to live at": {picturing(inXMP(`photoshop:City="Tripoli">`)), false},
	} {
		if got := Locates(c.file); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// exiftool finds coordinates in every file of which we say that there are some,
// and in none of the others.
func TestLocatesWitnessed(t *testing.T) {
	all := pictures(t)
	found := exiftool(t, all)
	for name, file := range all {
		if found[name]["ExifTool:Error"] != nil || found[name]["ExifTool:Warning"] == "JPEG format error" {
			continue // it gives them up
		}
		theirs := false
		for field := range found[name] {
			theirs = theirs || bytes.Contains([]byte(field), []byte("GPSLatitude")) && field != "GPS:GPSLatitudeRef"
		}
		if got := Locates(file); got != theirs {
			t.Errorf("%s: %v, exiftool %v", name, got, theirs)
		}
	}
}

func BenchmarkLocates(b *testing.B) {
	file := pictures(b)["issue-xmp-iptc-misalignment.jpg"]
	file = bytes.Repeat(file, 300)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		Locates(file)
	}
}

func BenchmarkRead(b *testing.B) {
	file := pictures(b)["metadata_demo_inc_exif_out_of_sync_Inc_adobe.jpg"]
	for b.Loop() {
		read(b, file)
	}
}
