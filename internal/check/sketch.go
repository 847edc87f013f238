package check

import (
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Sketch is what is kept of a text to tell how much of it was changed: how many
// words it has whose hash is in each of these parts. Two sketches differ by at
// most as many words as their texts do, never by more. They differ by fewer where
// some of the words that came fall into the same part as some that went.
type Sketch [parts]uint32

const (
	parts   = 64
	partBit = 58 // that many bits of a hash say nothing of its part
)

// NewSketch is that of the words which a text in HTML shows. Marks, tags and what
// they say are no words, so that a link that was mended is no change. In scripts
// that set no spaces each letter is a word.
func NewSketch(html string) *Sketch {
	s := new(Sketch)
	var h uint64 // of the word so far; 0 outside of words
	for i := 0; i < len(html); i++ {
		if h == 0 {
			if i = s.words(html, i); i >= len(html) {
				break
			}
		}
		c := html[i]
		switch letters[c] {
		case within:
			for h = bits.RotateLeft64(h, 5) + uint64(c); i+1 < len(html) && letters[html[i+1]] == within; i++ {
				h = bits.RotateLeft64(h, 5) + uint64(html[i+1])
			}
		case outside:
			if h != 0 {
				s.add(h)
				h = 0
			}
		case opened:
			i += tagged(html[i:]) - 1
		case entity:
			s.end(&h)
			if n := strings.IndexByte(html[i:min(len(html), i+longestEntity)], ';'); n > 0 {
				i += n
			}
		case wide:
			r, n := utf8.DecodeRuneInString(html[i:])
			switch {
			case r >= '‐' && r <= '‧': // dashes and quotation marks, which nearly all are
				s.end(&h)
			case spaceless(r):
				s.end(&h)
				s.add(uint64(r))
			case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
				h = bits.RotateLeft64(h, 5) + uint64(r)
			case !unicode.Is(unicode.Cf, r): // what only directs or joins letters is nothing
				s.end(&h)
			}
			i += n - 1
		}
	}
	s.end(&h)
	return s
}

// words adds the words from an offset on, each with the one sign that ends it, and is how
// far it came: what comes then is to be read byte by byte. Eight bytes are taken at once.
func (s *Sketch) words(html string, at int) int {
	for at <= len(html)-17 {
		eight := octet(html, at)
		n := lettered(eight)
		word := eight << (64 - 8*n)
		h, odd := spelt(word), unlike(word)
		if n == 8 {
			eight = octet(html, at+8)
			if n = lettered(eight); n > 4 {
				break // to rotate is more than to shift from here on
			}
			word = eight << (64 - 8*n)
			h, odd = h<<(5*n)+spelt(word), odd|unlike(word)
			n += 8
		}
		if odd != 0 || letters[html[at+n]] != outside {
			break
		}
		s[part(h)] += uint32(min(n, 1)) // nothing for a sign after a sign
		at += n + 1
	}
	return at
}

// octet is eight bytes as a number, the first one lowest. It is one load.
func octet(s string, at int) uint64 {
	return uint64(s[at]) | uint64(s[at+1])<<8 | uint64(s[at+2])<<16 | uint64(s[at+3])<<24 |
		uint64(s[at+4])<<32 | uint64(s[at+5])<<40 | uint64(s[at+6])<<48 | uint64(s[at+7])<<56
}

// each is eight bytes of 1.
const each = 0x0101010101010101

// lettered is how many of eight bytes lie where the letters of ASCII do, before the first
// that does not.
func lettered(eight uint64) int {
	return bits.TrailingZeros64((^eight<<1|eight)&(0x80*each)) >> 3
}

// unlike is not 0 if there is one among such bytes that is no letter, but a sign that
// lies beside them.
func unlike(word uint64) uint64 {
	nth := word & (0x1f * each) // of the alphabet
	return (nth + 5*each | word>>1&^(nth+0x1f*each)) & (0x20 * each)
}

// spelt is the hash of a word that ends with the last of eight bytes; those before it are
// 0. Up to twelve letters no bit is rotated out, so that it is their sum, each shifted by
// five bits for each behind it.
func spelt(word uint64) uint64 {
	word = word&0x00ff00ff00ff00ff<<5 + word>>8&0x00ff00ff00ff00ff
	word = word&0x0000ffff0000ffff<<10 + word>>16&0x0000ffff0000ffff
	return word&0xffffffff<<20 + word>>32
}

func (s *Sketch) add(hash uint64) { s[part(hash)]++ }

func part(hash uint64) uint64 { return hash * 0x9e3779b97f4a7c15 >> partBit }

func (s *Sketch) end(hash *uint64) {
	if *hash != 0 {
		s.add(*hash)
		*hash = 0
	}
}

// The classes of bytes.
const (
	outside byte = iota
	within
	opened
	entity
	wide
)

var letters = func() (t [256]byte) {
	for c := range t {
		switch {
		case c >= utf8.RuneSelf:
			t[c] = wide
		case c >= '0' && c <= '9', c|0x20 >= 'a' && c|0x20 <= 'z':
			t[c] = within
		}
	}
	t['<'], t['&'] = opened, entity
	return t
}()

// longestEntity is about how long the names of letters are in HTML.
const longestEntity = 12

// tagged is how long a tag is, with what is in it and is not shown.
func tagged(html string) int {
	end := ">"
	for _, silent := range []string{"script", "style"} {
		if len(html) > len(silent) && html[1]|0x20 == 's' && strings.EqualFold(html[1:1+len(silent)], silent) {
			end = "</" + silent + ">"
		}
	}
	if strings.HasPrefix(html, "<!--") {
		end = "-->"
	}
	if n := strings.Index(html, end); n >= 0 {
		return n + len(end)
	}
	return 1
}

// spaceless tells whether a letter is of a script that sets no spaces between
// words.
func spaceless(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// Words is how many the text has.
func (s *Sketch) Words() (n int) {
	for _, count := range s {
		n += int(count)
	}
	return n
}

// Changed is how many words were put in the place of others, or added, or taken
// away, from one text to the next: at least that many.
func (s *Sketch) Changed(next *Sketch) int {
	came, went := 0, 0
	for i, n := range next {
		if d := int(n) - int(s[i]); d > 0 {
			came += d
		} else {
			went -= d
		}
	}
	return max(came, went)
}

// String is the sketch in a short word, "" if it has no words.
func (s *Sketch) String() string {
	if *s == (Sketch{}) {
		return ""
	}
	b := make([]byte, 0, 2*parts)
	for _, n := range s {
		b = binary.AppendUvarint(b, uint64(n))
	}
	return base64.RawStdEncoding.EncodeToString(b)
}

// parseSketch reads what String wrote.
func parseSketch(text string) (*Sketch, bool) {
	s := new(Sketch)
	if text == "" {
		return s, true
	}
	b, err := base64.RawStdEncoding.DecodeString(text)
	for i := range s {
		v, n := binary.Uvarint(b)
		if n <= 0 || v > 1<<24 {
			return s, false
		}
		s[i], b = uint32(v), b[n:]
	}
	return s, err == nil && len(b) == 0
}
