package layout

import (
	"reflect"
	"strings"
	"unicode/utf8"
)

// The escapers of addresses.

func filterURL(s string, c content) string {
	if c == isURL || safeURL(s) {
		return s
	}
	return "#" + string(failsafe)
}

// safeURL tells whether an address is relative, or of a scheme that does no harm.
func safeURL(s string) bool {
	scheme, _, ok := strings.Cut(s, ":")
	return !ok || strings.Contains(scheme, "/") ||
		strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "mailto")
}

// How a byte stands in an address.
const (
	urlNever  = iota // always as %xx
	urlWhole         // as it is where a whole address is written
	urlAlways        // as it is
)

var urlBytes = func() (t [256]byte) {
	for _, c := range []byte("!#$&*+,/:;=?@[]") {
		t[c] = urlWhole
	}
	for c := range 256 {
		if b := byte(c); b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || strings.IndexByte("-._~", b) >= 0 {
			t[c] = urlAlways
		}
	}
	return t
}()

// escapeURL writes a text as a whole address, or as a part of one.
func escapeURL(s string, whole bool) string {
	for i := 0; i < len(s); i++ {
		if !keptInURL(s, i, whole) {
			return string(appendURL(make([]byte, 0, len(s)+16), s, whole))
		}
	}
	return s
}

func keptInURL(s string, i int, whole bool) bool {
	switch urlBytes[s[i]] {
	case urlAlways:
		return true
	case urlWhole:
		return whole
	}
	return whole && s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])
}

func appendURL(out []byte, s string, whole bool) []byte {
	const hex = "0123456789abcdef"
	for i := 0; i < len(s); i++ {
		if keptInURL(s, i, whole) {
			out = append(out, s[i])
		} else {
			out = append(out, '%', hex[s[i]>>4], hex[s[i]&15])
		}
	}
	return out
}

// linkEscapers are those of a whole address between quotes, such as that of a link.
var linkEscapers = []string{"_html_template_urlfilter", "_html_template_urlnormalizer", "_html_template_attrescaper"}

// inLink are the bytes that none of them changes wherever they stand.
var inLink = func() (t [256]bool) {
	for c := range utf8.RuneSelf {
		t[c] = urlBytes[c] != urlNever && c != ':' && htmlTable[c] == ""
	}
	return t
}()

// writeLink writes addresses, nearly all of which none of the escapers changes.
func writeLink(write func(*machine, reflect.Value)) func(*machine, reflect.Value) {
	return func(m *machine, v reflect.Value) {
		if v.Kind() != reflect.String || v.Type() != stringType {
			write(m, v)
			return
		}
		s := v.String()
		for i := range len(s) {
			if !inLink[s[i]] {
				write(m, v)
				return
			}
		}
		m.out = append(m.out, s...)
	}
}

// filterSrcset is for lists of addresses, each with a width or a density.
func filterSrcset(s string, c content) string {
	switch c {
	case isSrcset:
		return s
	case isURL:
		return strings.ReplaceAll(escapeURL(s, true), ",", "%2c")
	}
	parts := strings.Split(s, ",")
	for i, p := range parts {
		parts[i] = srcsetPart(p)
	}
	return strings.Join(parts, ",")
}

const htmlSpace = "\t\n\f\r "

func srcsetPart(s string) string {
	url := strings.TrimLeft(s, htmlSpace)
	before := s[:len(s)-len(url)]
	size := ""
	if i := strings.IndexAny(url, htmlSpace); i >= 0 {
		url, size = url[:i], url[i:]
	}
	plain := strings.IndexFunc(size, func(r rune) bool {
		return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune(htmlSpace, r))
	}) < 0
	if !safeURL(url) || !plain {
		return "#" + string(failsafe)
	}
	return before + escapeURL(url, true) + size
}
