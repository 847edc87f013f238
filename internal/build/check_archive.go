package build

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/zeebo/xxh3"

	"stet/internal/article"
	"stet/internal/check"
	"stet/internal/config"
	"stet/internal/diag"
)

// What is said of stories once all of them were looked at.

// A looked is what is remembered of a story that was looked at.
type looked struct {
	name     string
	said     *article.Article // nil if that is not known
	lang     string
	headline string
	since    int64 // when it was published
	article  bool
	text     xxh3.Uint128 // of its words; zero if it has few
	credits  []credited
}

// A credited is a picture's credit, and where the picture is.
type credited struct {
	name string
	at   check.Place
}

// holds says how a rule is taken for a file: as for the story that it is or lies
// beside, else as site.yaml has it. It is "" for one that does not hold. What is
// said of an old story is only counted.
func (e *editors) holds(rule, name string) (how string, old bool) {
	of := name
	for e.said(of) == nil && strings.HasPrefix(of, "content/") {
		dir := path.Dir(of)
		if path.Base(of) == "index.md" {
			dir = path.Dir(dir)
		}
		of = dir + "/index.md"
	}
	if e.said(of) != nil {
		rules, old := e.site.Rules(of)
		return rules[rule], old
	}
	return e.taken(rule), false
}

// taken is how site.yaml takes a rule, "" if it is off.
func (e *editors) taken(rule string) string {
	if how := e.config.Check.Rules[rule]; how != config.Off {
		return how
	}
	return ""
}

// tell says what a rule found somewhere, if it holds there.
func (e *editors) tell(rule string, at diag.Problem, text, hint string) {
	how, old := e.holds(rule, at.Path)
	e.mu.Lock()
	defer e.mu.Unlock()
	switch found := check.Taken(how, rule, at, text, hint); {
	case how == "":
	case old:
		e.older = append(e.older, found)
	default:
		e.found = append(e.found, found)
	}
}

// archive says what is to be said of all stories together.
func (e *editors) archive() {
	e.spellings("author-spellings", "author", "author", func(a *article.Article) (names []string) {
		for _, by := range a.Authors {
			names = append(names, by.Name)
		}
		return names
	})
	e.spellings("topic-spellings", "topic", "tags", func(a *article.Article) []string { return a.Tags })
	e.spellings("kicker-spellings", "kicker", "kicker", func(a *article.Article) []string { return []string{a.Kicker} })
	e.creditSpellings()
	twice(e, "headline-twice", "the headline is also that of %s", "tell readers what is new, or take one of the stories away", func(s *looked) (string, bool) {
		return s.lang + " " + strings.ToLower(strings.Join(strings.Fields(s.headline), " ")), s.headline != ""
	})
	twice(e, "text-twice", "the text is also that of %s", "take one of the stories away, with its address among the aliases of the other", func(s *looked) (xxh3.Uint128, bool) {
		return s.text, s.text != xxh3.Uint128{}
	})
	if e.taken("translation-orphaned") != "" {
		for _, o := range e.site.Orphans() {
			text, hint := "no other file has this key", "give the file that it is a translation of, or that is one of it, the same line"
			if o.Near != "" {
				text, hint = "this seems to be a translation of "+o.Near+", which lies in another folder", "move one of them, so that both have the same path below the folder of their language, or give both the same line\ntranslation: "+path.Base(strings.TrimSuffix(strings.TrimSuffix(o.Near, ".md"), "/index"))
			}
			e.tell("translation-orphaned", o.At, text, hint)
		}
	}
}

// spellings compares the names that stories have under a key.
func (e *editors) spellings(rule, what, key string, names func(*article.Article) []string) {
	if e.taken(rule) == "" {
		return
	}
	all := map[string]map[string]*check.Spelling{} // by language and name
	for i := range e.stories {
		st, a := &e.stories[i], e.stories[i].said
		if a == nil {
			continue
		}
		for _, name := range names(a) {
			if name == "" {
				continue
			}
			as, lang, filed := name, st.lang, false
			if what == "author" || what == "topic" {
				as, lang, filed = e.site.Spelt(st.name, what, name)
			}
			m := a.Mark(key)
			spelt(all, lang, as, filed, check.Place{Path: st.name, Line: m.Line, Column: m.Column, Length: m.Length})
		}
	}
	e.slips(rule, what, all)
}

func (e *editors) creditSpellings() {
	all := map[string]map[string]*check.Spelling{}
	for i := range e.stories {
		for _, c := range e.stories[i].credits {
			spelt(all, "", c.name, false, c.at)
		}
	}
	e.slips("credit-spellings", "credit", all)
}

func spelt(all map[string]map[string]*check.Spelling, lang, name string, filed bool, at check.Place) {
	if all[lang] == nil {
		all[lang] = map[string]*check.Spelling{}
	}
	s := all[lang][name]
	if s == nil {
		s = &check.Spelling{Name: name, Filed: filed}
		all[lang][name] = s
	}
	s.Places = append(s.Places, at)
}

// slips says which names are nearly spelt as others. Of an author or topic that is
// rare, and nearly called as one with a file, the build speaks.
func (e *editors) slips(rule, what string, all map[string]map[string]*check.Spelling) {
	for _, names := range all {
		var list []check.Spelling
		for _, s := range names {
			list = append(list, *s)
		}
		for _, slip := range check.Slips(list) {
			if slip.Usual.Filed && len(slip.Rare.Places) <= 3 && diag.NewSpellings([]string{slip.Usual.Name}).Alike(slip.Rare.Name) != "" {
				continue
			}
			text := fmt.Sprintf("the %s %s (%s) is nearly spelt as %s (%s)", what, quoted(slip.Rare.Name), times(slip.Rare), quoted(slip.Usual.Name), times(slip.Usual))
			for _, at := range slip.Rare.Places {
				e.tell(rule, diag.Problem{Path: at.Path, Line: int(at.Line), Column: int(at.Column), Length: int(at.Length)}, text, "write "+quoted(slip.Usual.Name)+"; if both are right, say so in the story: ignore: {"+rule+": why}")
			}
		}
	}
}

func times(s check.Spelling) string {
	if n := len(s.Places); n != 1 {
		return fmt.Sprintf("%d times", n)
	}
	return "once"
}

// twice says of stories that have something in common with an older one.
func twice[K comparable](e *editors, rule, text, hint string, of func(*looked) (K, bool)) {
	if e.taken(rule) == "" {
		return
	}
	first, more := make(map[K]*looked, len(e.stories)), map[*looked]K{}
	for i := range e.stories {
		st := &e.stories[i]
		key, some := of(st)
		if !some || !st.article {
			continue
		}
		other := first[key]
		switch {
		case other == nil:
			first[key] = st
		case cmp.Or(cmp.Compare(st.since, other.since), strings.Compare(st.name, other.name)) < 0:
			first[key], more[other] = st, key
		default:
			more[st] = key
		}
	}
	for st, key := range more {
		e.tell(rule, e.site.Mark(st.name, "title"), fmt.Sprintf(text, first[key].name), hint)
	}
}

// fewWords is how many words a text has at least that is compared with others.
const fewWords = 20

// small has what becomes of ASCII: small letters, digits, and spaces for what else
// there is, which gap marks with 1.
var small, gap = func() (small, gap [utf8.RuneSelf]byte) {
	for c := range small {
		if r := rune(c); isWordly(r) {
			small[c] = byte(unicode.ToLower(r))
		} else {
			small[c], gap[c] = ' ', 1
		}
	}
	return small, gap
}()

func isWordly(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) }

var digests = sync.Pool{New: func() any { return new([]byte) }}

// digestOf tells texts apart by their words, whatever their case and punctuation.
func digestOf(text []check.Paragraph) xxh3.Uint128 {
	room := digests.Get().(*[]byte)
	defer digests.Put(room)
	b := (*room)[:0]
	for _, p := range text {
		n, last := len(b), byte(1)          // where it goes on, and whether a gap was before
		b = slices.Grow(b, 2*len(p.Text)+1) // a small letter may be longer than a large one
		b = b[:cap(b)]
		for i := 0; i < len(p.Text); {
			if c := p.Text[i]; c < utf8.RuneSelf {
				b[n] = small[c]
				n += int(1 - gap[c]&last) // of gaps in a row one counts
				last = gap[c]
				i++
				continue
			}
			r, size := utf8.DecodeRuneInString(p.Text[i:])
			i += size
			if isWordly(r) {
				n += utf8.EncodeRune(b[n:], unicode.ToLower(r))
				last = 0
			} else if last == 0 {
				b[n], last = ' ', 1
				n++
			}
		}
		if b = b[:n]; last == 0 {
			b = append(b, ' ')
		}
	}
	if *room = b; bytes.Count(b, []byte(" ")) < fewWords {
		return xxh3.Uint128{}
	}
	return xxh3.Hash128(b)
}
