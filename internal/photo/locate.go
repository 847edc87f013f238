package photo

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"strings"
	"sync"
)

// Locates tells whether the bytes of a file tell a place: a latitude or a
// longitude in EXIF, in XMP (also inside of structures such as IPTC's Location
// Created), or the location of a QuickTime film.
//
// All bytes are searched, whatever the format claims to be, because phones put a
// second picture or a film behind the first, each with its own data, and because
// the file may be one that no reader here likes. Only text that PNG has packed
// is unpacked for it.
func Locates(file []byte) bool {
	if gpsEXIF(file) || gpsXMP(file) || gpsFilm(file) {
		return true
	}
	if !magic(pngStart)(file) {
		return false
	}
	found, _ := walk(bytes.NewReader(file)) // bytes can be read
	for _, b := range found.all {
		if gpsEXIF(b.data) || gpsXMP(b.data) {
			return true
		}
	}
	return false
}

// gpsEXIF looks for entries that point to a directory of GPS, and there for
// coordinates. Many programs write a directory that holds its version only.
func gpsEXIF(file []byte) bool {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		entry := order.AppendUint16(nil, tagGPS)
		for _, kind := range []uint16{4, 13} { // LONG, IFD
			pattern := order.AppendUint32(order.AppendUint16(entry[:2:2], kind), 1)
			for at := 0; ; {
				i := bytes.Index(file[at:], pattern)
				if i < 0 {
					break
				}
				at += i + len(pattern)
				if at+4 <= len(file) && coordinates(file, at, order.(binary.ByteOrder)) {
					return true
				}
			}
		}
	}
	return false
}

// maxHeaders is how many headers of TIFF are tried: those of maker notes may
// stand between a directory and its own.
const maxHeaders = 16

// coordinates tells whether the directory that the four bytes at an offset point
// to holds any.
func coordinates(file []byte, at int, order binary.ByteOrder) bool {
	header := []byte("II*\x00")
	if order == binary.ByteOrder(binary.BigEndian) {
		header = []byte("MM\x00*")
	}
	start := at
	for range maxHeaders {
		if start = bytes.LastIndex(file[:start], header); start < 0 {
			return false
		}
		if coordinatesAt(file[start:], int64(order.Uint32(file[at:])), order) {
			return true
		}
	}
	return false
}

// coordinatesAt looks into a directory at an offset in a TIFF structure.
func coordinatesAt(tiff []byte, list int64, order binary.ByteOrder) bool {
	if list < 8 || list >= int64(len(tiff)) {
		return false
	}
	for e := range directory(order, tiff[list:], list) {
		switch e.tag {
		case 2, 4, 20, 22: // latitude, longitude, the same of a destination
			end := e.offset + e.size
			if e.size > 0 && end <= int64(len(tiff)) && len(bytes.Trim(tiff[e.offset:end], "\x00")) > 0 {
				return true
			}
		}
	}
	return false
}

// xmpNames are the properties that hold a coordinate, in small letters without
// "gps"; makers of drones spell them as they like.
var xmpNames = []string{"latitude", "longitude", "longtitude", "destlatitude", "destlongitude"}

// maxGap is how many bytes may stand between a name and its value.
const maxGap = 120

// gpsXMP looks for coordinates in plain text of one or two bytes a character.
func gpsXMP(file []byte) bool {
	for _, start := range []string{"GPS", "Gps", "gps", "G\x00P\x00S\x00", "G\x00p\x00s\x00"} {
		for at := 0; ; {
			i := bytes.Index(file[at:], []byte(start))
			if i < 0 {
				break
			}
			at += i + len(start)
			rest := file[at:min(len(file), at+maxGap)]
			if len(start) == 6 {
				rest = bytes.ReplaceAll(file[at:min(len(file), at+2*maxGap)], []byte{0}, nil)
			}
			if hasCoordinate(rest) {
				return true
			}
		}
	}
	return false
}

// hasCoordinate tells whether the name of a property, an equals sign or the end
// of a tag, and a number follow.
func hasCoordinate(rest []byte) bool {
	rest = bytes.TrimPrefix(rest, []byte("_"))
	for _, name := range xmpNames {
		if len(rest) < len(name) || !strings.EqualFold(string(rest[:len(name)]), name) {
			continue
		}
		value := bytes.TrimLeft(rest[len(name):], " \t\r\n")
		if after, ok := bytes.CutPrefix(value, []byte("=")); ok {
			value = bytes.TrimLeft(after, " \t\r\n\"'")
		} else if end := bytes.IndexAny(value, "<>"); end >= 0 && value[end] == '>' {
			value = bytes.TrimLeft(value[end+1:], " \t\r\n")
		} else {
			continue
		}
		value = bytes.TrimLeft(value, "+-")
		return len(value) > 0 && value[0] >= '0' && value[0] <= '9'
	}
	return false
}

var filmPlace = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^.{0,8}[-+][0-9]{1,3}(\.[0-9]+)?[-+][0-9]`) })

// gpsFilm looks for the place of a film as in ISO 6709.
func gpsFilm(file []byte) bool {
	for at := 0; ; {
		i := bytes.Index(file[at:], []byte("\xa9xyz"))
		if i < 0 {
			return false
		}
		at += i + 4
		if filmPlace().Match(file[at:min(len(file), at+40)]) {
			return true
		}
	}
}
