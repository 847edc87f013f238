// Package poster draws the picture of a shared link for a page that has no
// photo: the paper's name, the section and the headline.
//
// Text is shaped by the rules of its script, which is more than setting one
// letter beside the other: what the fonts at hand cannot say right is left out.
// The same words and fonts give the same bytes on every machine: outlines are
// flattened with rounding that no machine may skip, and filled in integers.
package poster

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"unicode"

	"github.com/go-text/typesetting/font"
	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// The size of every poster in pixels, as those who show links want it.
const (
	Width  = 1200
	Height = 630
)

// Look tells one way of drawing from the next: what is kept under a name that
// holds it is made anew when posters look different. TestSame fails until it is
// raised.
const Look = "2"

// Words are what a poster says. Any may be "".
type Words struct{ Paper, Section, Headline string }

// Fonts are those that posters are set in, the best first.
type Fonts struct {
	fonts   []*font.Font
	setters sync.Pool
}

// ErrFont tells that a file is no font that posters can be set in.
var ErrFont = errors.New("this is no TrueType or OpenType font")

// Parse reads font files, TrueType or OpenType. The error is ErrFont, with the
// number of the file that is none.
func Parse(files [][]byte) (_ *Fonts, bad int, err error) {
	f := &Fonts{}
	for i, data := range files {
		face, err := parse(data)
		if err != nil {
			return nil, i, err
		}
		f.fonts = append(f.fonts, face.Font)
	}
	f.setters.New = func() any { return newSetter(f.fonts) }
	return f, 0, nil
}

// parse reads a font. The bytes are foreign: where the library gives up, so does
// this.
func parse(data []byte) (face *font.Face, err error) {
	defer func() {
		if recover() != nil {
			face, err = nil, ErrFont
		}
	}()
	if face, err = font.ParseTTF(bytes.NewReader(data)); err != nil {
		return nil, ErrFont
	}
	return face, nil
}

// has tells whether a font has a letter.
func (f *Fonts) has(r rune) bool {
	for _, one := range f.fonts {
		if _, ok := one.NominalGlyph(r); ok {
			return true
		}
	}
	return false
}

// Fit is what can be drawn of words: pictures among them, such as emoji, are
// taken out where no font has them, and a text with a letter that no font has is
// left out whole. A headline that is left out gives its place to the paper's name.
func (f *Fonts) Fit(w Words) Words {
	w = Words{f.fit(w.Paper), f.fit(w.Section), f.fit(w.Headline)}
	if w.Headline == "" {
		w = Words{Headline: w.Paper}
	}
	return w
}

// longest is how many characters of a text are looked at: more than a poster has
// room for.
const longest = 300

func (f *Fonts) fit(text string) string {
	var b strings.Builder
	runes := []rune(norm.NFC.String(text))
	runes = runes[:min(longest, len(runes))]
	for i, r := range runes {
		switch {
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case r == '\u200c' || r == '\u200d': // which part or join letters, and emoji
			if i > 0 && i+1 < len(runes) && f.letter(runes[i-1]) && f.letter(runes[i+1]) {
				b.WriteRune(r)
			}
		case unicode.Is(unicode.Bidi_Control, r):
			b.WriteRune(r)
		case f.has(r):
			b.WriteRune(r)
		case unicode.Is(unicode.Variation_Selector, r):
		case unicode.In(r, unicode.L, unicode.M, unicode.Nd):
			return ""
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func (f *Fonts) letter(r rune) bool { return unicode.In(r, unicode.L, unicode.M) && f.has(r) }

// leftwards tells whether a text runs from right to left: its first letter does.
func leftwards(text string) bool {
	for _, r := range text {
		switch p, _ := bidi.LookupRune(r); p.Class() {
		case bidi.L:
			return false
		case bidi.R, bidi.AL:
			return true
		}
	}
	return false
}
