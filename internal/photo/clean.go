package photo

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// maxText is how many bytes of a text are taken.
const maxText = 32 << 10

var (
	scripts  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?is)<(script|style)\b.*?(</(script|style)\s*>|$)`) })
	comments = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?s)<!--.*?(-->|$)`) })
	tags     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?s)</?[A-Za-z][A-Za-z0-9:-]*(\s[^<>]*)?/?>`) })
	entities = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`&(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});`)
	})
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
			text = scripts().ReplaceAllString(text, " ")
			text = comments().ReplaceAllString(text, " ")
			text = tags().ReplaceAllStringFunc(text, func(tag string) string {
				name := strings.Fields(strings.Map(tagLetters, tag))
				if inline, known := elements[name[0]]; inline {
					return ""
				} else if known {
					return " "
				}
				return tag
			})
		}
		text = entities().ReplaceAllStringFunc(text, html.UnescapeString)
	}
	return text
}

// tagLetters leaves the name of a tag in small letters.
func tagLetters(r rune) rune {
	if strings.ContainsRune("</>", r) {
		return ' '
	}
	return unicode.ToLower(r)
}

// elements are those of HTML that come to be in captions, and whether they part
// words not.
var elements = func() map[string]bool {
	all := map[string]bool{}
	for name := range strings.FieldsSeq("a abbr b big cite code em font i ins label mark nobr q s small span strike strong sub sup tt u wbr") {
		all[name] = true
	}
	for name := range strings.FieldsSeq("article audio blockquote body br button caption center dd div dl dt embed figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html iframe img input li link main meta nav object ol option p pre script section select source style svg table tbody td textarea tfoot th thead title tr ul video") {
		all[name] = false
	}
	return all
}()

// unmangle reads UTF-8 that was taken for Latin-1 and written as UTF-8 again:
// "JosÃ©" is "José". No text looks so by chance.
func unmangle(text string) string {
	b := make([]byte, 0, len(text))
	for _, r := range text {
		c, ok := charmap.Windows1252.EncodeRune(r)
		if r >= 0x80 && r < 0xa0 { // of these Windows uses not all, and Latin-1 none
			c, ok = byte(r), true
		}
		if !ok {
			return text
		}
		b = append(b, c)
	}
	if !utf8.Valid(b) {
		return text
	}
	return string(b)
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
var cameraNames = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(.*\bdigital ?(still)? ?(camera|image)|sony dsc|samsung( camera pictures)?|dcim\\.*|\S+\.jpe?g|default|untitled|exif_.*|cof|dav|hdr|mde|sdr|[a-z]{3}_[a-z]{3,4})$`)
})
