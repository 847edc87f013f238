package fields

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// What people write in Arabic, or paste from a word processor, comes with marks
// that nobody sees: they turn the direction, forbid a break, stretch a word. In
// a key they would make another key that looks the same.

// Clean removes bidi marks and tatweel and turns no-break spaces into spaces,
// then trims. It is for keys, dates and slugs, never for prose.
func Clean(s string) string {
	if plainASCII(s) {
		return strings.TrimSpace(s)
	}
	return strings.TrimSpace(strings.Map(cleanRune, s))
}

func cleanRune(r rune) rune {
	switch {
	case r == 0x00a0 || r == 0x202f || r == 0x2007:
		return ' '
	case r == 0x0640, r == 0x061c, r == 0x200e, r == 0x200f, r == 0xfeff, r == 0x200b,
		r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return -1
	}
	return r
}

func plainASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// checkText reports bytes that are not text in UTF-8, and returns the text
// without byte order mark, its lines ended by LF alone; nil if it cannot be
// read at all.
func (r *reader) checkText(data []byte) []byte {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte{0xfe, 0xff}), looksUTF16(data):
		r.fail(1, 1, 0, "save it as UTF-8 (in most editors: Save As, Encoding)", "the file is in UTF-16, not in UTF-8")
		return nil
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if i := bytes.IndexByte(data, 0); i >= 0 {
		line, column := position(data, i)
		r.fail(line, column, 1, "save it as plain text in UTF-8", "the file holds a NUL byte: it is damaged or not a text")
		return nil
	}
	if !utf8.Valid(data) {
		line, column := position(data, firstInvalid(data))
		r.fail(line, column, 1, "save it as UTF-8 (in most editors: Save As, Encoding)", "a letter here is not in UTF-8: the file was saved in an old encoding, or is damaged")
		return nil
	}
	if bytes.IndexByte(data, '\r') >= 0 {
		data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	}
	return data
}

func looksUTF16(data []byte) bool {
	return len(data) >= 4 && (data[0] == 0) != (data[1] == 0) && (data[2] == 0) != (data[3] == 0) && (data[0] == 0) == (data[2] == 0)
}

func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(data)
}

// position is the line and column, in characters from 1, of an offset.
func position(data []byte, offset int) (line, column int) {
	offset = min(max(offset, 0), len(data))
	before := data[:offset]
	line = 1 + bytes.Count(before, []byte("\n"))
	column = 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	return line, column
}
