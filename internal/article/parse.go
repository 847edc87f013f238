package article

import (
	"bytes"
	"path"
	"regexp"
	"strings"
	"sync"

	"stet/internal/diag"
	"stet/internal/fields"
)

// Parse reads one file of content/. What is wrong with it is told as problems;
// the Article then holds what could be read, so that other files' problems show
// all the same. It is nil only if nothing could be read.
func Parse(path string, data []byte) (*Article, []diag.Problem) {
	kind, bundle := kindOf(path)
	front, problems := fields.SplitFront(path, data, least[kind]...)
	defer front.Free()
	if front.Format == "" && len(front.Body) == 0 {
		return nil, problems
	}
	a := &Article{Path: path, BodyLine: front.BodyLine, Rare: rares.Get().(*Rare)}
	defer a.settle()
	a.Kind, a.Bundle = kind, bundle
	if a.Kind == Page && LanguageOf(path) != "" && front.Fields.Get("date") != nil {
		a.Kind = Story // uk/ may be a section; what has a date is no page
	}
	if a.Kind == Story || a.Kind == Page {
		a.Type = "news"
	}
	a.Words = countWords(front.Body)
	a.HasBody = len(bytes.TrimSpace(front.Body)) > 0
	a.Pictures = bytes.Contains(front.Body, []byte("![")) || bytes.Contains(front.Body, []byte(":::photo"))
	if (a.Kind == Story || a.Kind == Page) && (a.Pictures || bytes.Contains(front.Body, []byte(":::embed"))) {
		a.Shown = shownIn(path, front.Body)
	}
	d := &decoder{Decoder: &fields.Decoder{Path: path, Format: front.Format, Data: data}, a: a, top: front.Fields}
	d.front()
	if len(problems) == 0 { // else a missing key may only be unreadable
		d.required()
	}
	a.summarize(front.Body)
	return a, append(problems, d.Problems...)
}

// least is what files of a kind must say that is neither story nor page.
var least = map[Kind][]string{
	Author:  {"name: Ada Lovelace"},
	Section: {"title: World"},
	Topic:   {"title: Water"},
	Series:  {"title: A river in trouble"},
}

// languageTag is what a folder of a language looks like: ar, pt-BR, zh-Hant.
var languageTag = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$`)
})

// words are the names of sections that happen to be the tag of a language
// which no paper is likely to be made in.
var words = set("art law war men car tax sun day new pop fit eat gym pet job sea her his kid toy fun sex air")

// LanguageOf is the language that a path of content/ names by its first folder,
// as Parse understands it: "ar" of content/ar/world/fire.md, "" if it names
// none. Whether the site has that language, only the site knows.
func LanguageOf(path string) string {
	first, _, nested := strings.Cut(strings.TrimPrefix(path, "content/"), "/")
	if subtag, _, _ := strings.Cut(first, "-"); !nested || len(subtag) > 3 || !languageTag().MatchString(first) || words[first] {
		return ""
	}
	return first
}

// OfFronts tells whether a path of content/ lies where the plans of front pages
// do, which are no articles.
func OfFronts(path string) bool {
	rest, ok := strings.CutPrefix(path, "content/")
	if tag := LanguageOf(path); tag != "" {
		rest = rest[len(tag)+1:]
	}
	return ok && strings.HasPrefix(rest, "fronts/")
}

// kindOf says what a path is about.
func kindOf(name string) (kind Kind, bundle bool) {
	rest := strings.TrimPrefix(name, "content/")
	if tag := LanguageOf(name); tag != "" {
		rest = rest[len(tag)+1:]
	}
	file := path.Base(rest)
	first, below, nested := strings.Cut(rest, "/")
	bundle = file == "index.md" && nested
	switch {
	case file == "_index.md":
		return Section, false
	case !nested:
		return Page, false
	case first == "authors" && folderless(below):
		return Author, bundle
	case first == "tags" && folderless(below):
		return Topic, bundle
	case first == "series" && folderless(below):
		return Series, bundle
	case bundle && below == "index.md":
		return Page, true
	}
	return Story, bundle
}

// folderless tells a term's own file from what lies deeper: NAME.md, or
// NAME/index.md with a picture beside it.
func folderless(below string) bool {
	folder, file, nested := strings.Cut(below, "/")
	return !nested && folder != "index.md" || file == "index.md"
}
