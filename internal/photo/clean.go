package photo

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// maxText is how many bytes of a text are taken.
const maxText = 32 << 10

var (
	scripts  = regexp.MustCompile(`(?is)<(script|style)\b.*?(</(script|style)\s*>|$)`)
	comments = regexp.MustCompile(`(?s)<!--.*?(-->|$)`)
	tags     = regexp.MustCompile(`(?s)</?[A-Za-z][A-Za-z0-9:-]*(\s[^<>]*)?/?>`)
	entities = regexp.MustCompile(`&(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});`)
)

// clean makes a text fit to be shown, and names what was wrong with it.
func clean(text string) (cleaned string, wrong []string) {
	text = strings.TrimRight(text, "\x00 \t\r\n")
	if len(text) > maxText {
		text, wrong = strings.ToValidUTF8(text[:maxText], ""), append(wrong, Long)
	}
	before := text
	if !utf8.ValidString(text) {
		text = latin1(text)
	}
	if mended := unmangle(text); mended != before || strings.ContainsRune(text, utf8.RuneError) {
		text, wrong = mended, append(wrong, Encoding)
	}
	if bare := stripHTML(text); bare != text {
		text, wrong = bare, append(wrong, HTML)
	}
	bare := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) || r == 0xfeff || r == utf8.RuneError || r&0xfffe == 0xfffe {
			return -1
		}
		return r
	}, text)
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }) {
		wrong = append(wrong, Control)
	}
	return norm.NFC.String(strings.Join(strings.Fields(bare), " ")), wrong
}

// stripHTML removes tags and reads entities. What was escaped twice is HTML too.
func stripHTML(text string) string {
	for range 2 {
		if strings.ContainsRune(text, '<') {
			text = scripts.ReplaceAllString(text, " ")
			text = comments.ReplaceAllString(text, " ")
			text = tags.ReplaceAllStringFunc(text, func(tag string) string {
				if inline[strings.ToLower(strings.TrimRight(strings.Fields(strings.Trim(tag, "</>"))[0], "/"))] {
					return ""
				}
				return " "
			})
		}
		text = entities.ReplaceAllStringFunc(text, html.UnescapeString)
	}
	return text
}

// inline are the tags that do not part words.
var inline = map[string]bool{
	"a": true, "abbr": true, "b": true, "cite": true, "code": true, "em": true, "font": true, "i": true, "mark": true,
	"small": true, "span": true, "strong": true, "sub": true, "sup": true, "u": true,
}

// unmangle reads UTF-8 that was taken for Latin-1 and written as UTF-8 again:
// "JosÃ©" is "José". No text looks so by chance.
func unmangle(text string) string {
	b, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		b, err = charmap.ISO8859_1.NewEncoder().String(text)
	}
	if err != nil || b == text || !utf8.ValidString(b) {
		return text
	}
	return b
}

// cleanURL gives an address that can be linked to, or nothing.
func cleanURL(text string) string {
	text = strings.TrimSpace(text)
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || strings.ContainsFunc(text, unicode.IsSpace) {
		return ""
	}
	return u.String()
}

// cameraNames are what cameras write where a caption belongs.
var cameraNames = regexp.MustCompile(`(?i)^(.*\bdigital camera|sony dsc|samsung( camera pictures)?|dcim\\.*|default|untitled|exif_.*|cof|dav|hdr|mde|sdr|[a-z]{3}_[a-z]{3,4})$`)
