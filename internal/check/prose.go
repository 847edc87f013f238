package check

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"stet/internal/diag"
)

// A Paragraph is one of a story's text as it stands in its file, rune for rune and
// line for line. What is no running text in it, such as marks and addresses, is
// NUL.
type Paragraph struct {
	Text         string
	Line, Column int // of its first letter
}

// place is where so many bytes of a paragraph begin, in the story's file.
func (c *checker) place(p Paragraph, from, length int) diag.Problem {
	at := c.Mark("")
	at.Line, at.Column = p.Line, p.Column
	before := p.Text[:from]
	if i := strings.LastIndexByte(before, '\n'); i >= 0 {
		at.Line += strings.Count(before, "\n")
		at.Column, before = 1, before[i+1:]
	}
	at.Column += utf8.RuneCountInString(before)
	found, _, _ := strings.Cut(p.Text[from:from+length], "\n")
	at.Length = utf8.RuneCountInString(found)
	return at
}

func (c *checker) text() {
	lang, _, _ := strings.Cut(strings.ToLower(c.Lang), "-")
	doubled := c.wants("word-doubled") && !slices.Contains(doubling, lang)
	typed := c.Kind == "article" && c.wants("correction-typed")
	dates := c.wants("date-style") && c.Dates != nil
	for _, p := range c.Text {
		if doubled {
			c.doubled(p, lang)
		}
		if typed {
			c.typed(p)
		}
		if dates {
			c.dates(p)
		}
	}
}

// doubling are languages whose grammar doubles words: "dhīre dhīre", "yavaş
// yavaş". There the rule would find nothing but false alarms.
var doubling = strings.Fields("am az bn fa fil gu ha hi hy id jv ka kk km kn ko ku ky lo ml mr ms my ne pa ps si sw ta te th ti tk tl tr ur uz vi yo zu")

// twice are words that stand twice in a row in good sentences, by language.
var twice = map[string][]string{
	"en": strings.Fields("had that is was do her ha ho hey hear bye no yes so very far many much more really long big old well there now never blah tut knock please pip"),
	"de": strings.Fields("die der das dem den sie ihr ihnen wir ja nein nein sehr viel nach"),
	"fr": strings.Fields("nous vous très non oui bien"),
	"es": strings.Fields("muy no sí que casi"),
	"it": strings.Fields("piano via man mano pian ben molto"),
	"pt": strings.Fields("muito não sim"),
	"nl": strings.Fields("die dat heel er zij"),
	"el": strings.Fields("σιγά λίγο πολύ πρώτα κάτω"),
	"he": strings.Fields("לאט מאוד כן לא יותר אחד שלב"),
	"ar": strings.Fields("لا نعم هيا جدا جداً جدًا كثير قليل مهلا"),
}

// doubled finds words that stand twice in a row with nothing but white space
// between, in lower case, as names may be doubled. As few words are looked at
// closely as can be: an archive has millions.
func (c *checker) doubled(p Paragraph, lang string) {
	text := p.Text
	var before string // what stands before the space, without signs that open
	var from int      // where that begins
	for at := 0; at < len(text); {
		if isSpace(text[at]) {
			at++
			continue
		}
		end := at + 1
		for end < len(text) && !isSpace(text[end]) {
			end++
		}
		if before != "" && text[at] == before[0] && strings.HasPrefix(text[at:end], before) {
			n := len(before)
			if !strings.ContainsFunc(before, notLetter) && !glued(text[:from], " ") && !glued(" ", text[at+n:]) && ends(text[at+n:]) && meantOnce(before, lang) {
				c.say("word-doubled", c.place(p, at, n), "the word "+quoted(before)+" stands twice in a row", "take one away")
			}
		}
		before = text[at:end]
		if b := before[0]; b < 'a' || b > 'z' {
			before = strings.TrimLeftFunc(before, notLetter)
		}
		from, at = end-len(before), end
	}
}

func isSpace(b byte) bool { return b <= ' ' && (b == ' ' || b == '\n' || b == '\t' || b == '\r') }

func notLetter(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }

// ends tells whether no letter follows.
func ends(after string) bool {
	r, _ := utf8.DecodeRuneInString(after)
	return after == "" || notLetter(r)
}

// glued tells whether a word is part of a longer one, such as one with a hyphen
// or an apostrophe, or of what is no text.
func glued(before, after string) bool {
	const glue = "\x00-‐‑'’ʼ/_@#&\\"
	b, _ := utf8.DecodeLastRuneInString(before)
	a, _ := utf8.DecodeRuneInString(after)
	return before != "" && (strings.ContainsRune(glue, b) || unicode.IsDigit(b) || unicode.IsMark(b)) ||
		after != "" && (strings.ContainsRune(glue, a) || unicode.IsDigit(a))
}

// meantOnce tells of a word that stands twice whether that is surely a slip.
func meantOnce(word, lang string) bool {
	letters := 0
	for _, r := range word {
		if unicode.IsUpper(r) || unicode.IsTitle(r) {
			return false
		}
		if unicode.IsLetter(r) {
			letters++
		}
	}
	bare := strings.TrimRight(word, "\u064b") // tanwin
	adverb := lang == "ar" && (strings.HasSuffix(bare, "ا") && bare != "ما" && bare != "هذا" || strings.HasSuffix(word, "اً"))
	return letters >= 2 && !adverb && !slices.Contains(twice[lang], word)
}

// longestLabel is how many characters what names a correction has at most, with a
// date perhaps.
const longestLabel = 60

// typed finds a paragraph that begins as a correction does.
func (c *checker) typed(p Paragraph) {
	label := p.Text[:min(len(p.Text), utf8.UTFMax*longestLabel)]
	label, _, _ = strings.Cut(label, "\n")
	at := strings.IndexByte(label, ':')
	if wide := strings.Index(label, "："); at < 0 || wide >= 0 && wide < at {
		at = wide
	}
	if at < 0 || utf8.RuneCountInString(label[:at]) > longestLabel {
		return
	}
	label = label[:at]
	plain := labelled(label)
	for _, note := range c.Notes {
		rest, is := strings.CutPrefix(plain, labelled(note))
		if labelled(note) == "" || !is || rest != "" && (isWord(firstOf(rest)) || !strings.ContainsFunc(rest, unicode.IsDigit)) {
			continue
		}
		c.say("correction-typed", c.place(p, 0, len(strings.TrimRight(label, "\x00 "))), "this correction is typed into the text, where lists, feeds and search engines do not see it",
			"take it out of the text and write it into the front matter:\ncorrections:\n  - date: 2026-11-22\n    text: …\n(kind: clarification or editors-note, if it is one)")
		return
	}
}

// labelled is a label as it is compared.
func labelled(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if strings.ContainsRune("\x00'’ʼ", r) {
			return -1
		}
		return unicode.ToLower(r)
	}, text))
}

func firstOf(text string) rune {
	r, _ := utf8.DecodeRuneInString(text)
	return r
}

func quoted(s string) string { return `"` + s + `"` }
