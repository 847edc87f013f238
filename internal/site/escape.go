package site

import "strings"

// EscapeURL percent-encodes what a URL may not hold as it is: letters beyond
// ASCII, spaces, quotes. What is encoded already stays, so that the URL is the
// one that html/template writes into a page's href.
func EscapeURL(s string) string {
	n := 0
	for n < len(s) && plainInURL(s[n]) {
		n++
	}
	if n == len(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]), plainInURL(c):
			b.WriteByte(c)
		default:
			const hex = "0123456789abcdef"
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

func plainInURL(c byte) bool { return plainBytes[c] }

var plainBytes = func() (plain [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&*+,/:;=?@[]-._~") {
		plain[c] = true
	}
	return plain
}()

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
