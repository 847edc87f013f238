package threads

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The folders of a site in which threads and tallies lie.
const (
	Comments = "data/comments/"
	Ratings  = "data/ratings/"
	ext      = ".json"
)

// longest is how many bytes a name in a folder may have, so that every file
// system takes it with what is added to it while it is written.
const longest = 200

// Path is the file of a story's thread, by the lasting name of the story.
func Path(story string) string { return Comments + Name(story) + ext }

// RatingPath is the file of a story's tally.
func RatingPath(story string) string { return Ratings + Name(story) + ext }

// Name is the name of a story's files. No two stories share one, on no file
// system: /town/2026/11/fire/ is town/2026/11/fire. What would be read
// differently somewhere is written as %41, and a name that is no address of a
// page, or is too long, has a = before it.
func Name(story string) string {
	if dirs, ok := strings.CutPrefix(story, "/"); ok && dirs != "" {
		cut, slash := strings.CutSuffix(dirs, "/")
		if slash != strings.HasSuffix(cut, ".html") && plain(cut) {
			return escape(cut, true)
		}
	}
	name := "=" + escape(story, false)
	if len(name) <= longest {
		return name
	}
	return fmt.Sprintf("=%x", sha256.Sum256([]byte(story)))
}

// plain tells whether folders can be called as an address says.
func plain(dirs string) bool {
	for dir := range strings.SplitSeq(dirs, "/") {
		if dir == "" || len(escape(dir, true)) > longest {
			return false
		}
	}
	return true
}

// escape writes a name with letters that all file systems tell apart.
func escape(name string, folders bool) string {
	var b strings.Builder
	for i := 0; i < len(name); {
		r, n := utf8.DecodeRuneInString(name[i:])
		first := i == 0 || name[i-1] == '/'
		last := i+n == len(name) || name[i+n] == '/'
		switch {
		case r == '/' && folders, r == '-', r == '_', r == '.' && !first && !last, lasting(r) && (n > 1 || r < utf8.RuneSelf):
			b.WriteString(name[i : i+n])
		default:
			for _, c := range []byte(name[i : i+n]) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
		}
		i += n
	}
	if s := b.String(); norm.NFC.IsNormalString(s) {
		return s
	}
	return ascii(b.String())
}

// lasting tells whether a letter is the same in every file system: not one that
// has a small form, nor a mark that may be put together with others.
func lasting(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) && unicode.ToLower(r) == r && unicode.ToLower(unicode.ToUpper(r)) == r
}

// ascii writes every letter beyond ASCII as its bytes.
func ascii(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		if c < utf8.RuneSelf {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
