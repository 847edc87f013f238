package build_test

import (
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"stet/internal/build"
	"stet/internal/page"
)

// shownBy says by which kinds of edit it shows that questions of a kind are not
// heard: a page stands then that is wrong.
var shownBy = map[string][]string{
	"absolute":      {"another host"},
	"asset":         {"a stylesheet", "a font"},
	"author":        {"a role"},
	"bar":           {"a bar"},
	"body":          {"a body"},
	"bodysettings":  {"trust"},
	"card":          {"a headline"},
	"config":        {"the motto"},
	"creator":       {"a creator"},
	"credited":      {"a credit"},
	"data":          {"data"},
	"feed":          {"a headline"},
	"file":          {"a page's slug"},
	"fragment":      {"a partial"},
	"front":         {"a weight"},
	"image":         {"a picture"},
	"imagesettings": {"widths"},
	"photo":         {"a sidecar"},
	"rendition":     {"a body"},
	"policy":        {"the hosts"},
	"poster":        {"share cards"},
	"drawing":       {"a body"},
	"index":         {"tags"},
	"indexes":       {"the archive"},
	"language":      {"words"},
	"latest":        {"a new story"},
	"link":          {"a slug"},
	"list":          {"tags"},
	"lookup":        {"an override"},
	"menu":          {"the menus"},
	"newssitemap":   {"a headline of today"},
	"manifest":      {"the title"},
	"media":         {"a photo"},
	"near":          {"a headline"},
	"picture":       {"a picture of a text"},
	"pictures":      {"a credit"},
	"plainpage":     {"a bare page", "the title"},
	"redirect":      {"redirects"},
	"redirects":     {"redirects"},
	"related":       {"tags"},
	"rooted":        {"a new picture"},
	"section":       {"a section's words"},
	"sections":      {"a section's words"},
	"series":        {"a series", "a headline"},
	"sitemap":       {"a slug"},
	"sitemaps":      {"an update"},
	"shown":         {"a credit"},
	"smallfiles":    {"the robots"},
	"source":        {"a body"},
	"story":         {"a deck"},
	"style":         {"the style"},
	"tag":           {"a topic"},
	"template":      {"a partial"},
	"themesettings": {"the accents"},
	"url":           {"another host"},
	"wire":          {"a headline"},
	"wirebody":      {"a body"},
	"wirefeed":      {"a new story"},
	"withheld":      {"a bundle under embargo"},
	"words":         {"a text that is only counted"},

	"commentable":    {"a headline of today"},
	"commentcount":   {"a comment"},
	"commenting":     {"the question"},
	"lastcomment":    {"a comment"},
	"newestcomments": {"a comment"},
	"said":           {"a comment", "a thread less"},
	"tally":          {"an answer"},
	"thread":         {"a comment"},
	"threads":        {"a comment", "a thread less"},
}

// drawnFor are the kinds of questions of which cards of shared links tell something;
// "no question" is who hears all.
var drawnFor = []string{"poster", "drawing", "no question"}

// TestDeaf holds TestRandomEdits to what it is to find: with a recorder that is
// deaf to any one kind of question, an edit of some kind must leave a page that
// is not as a clean build makes it. That a file is missing or left over does not
// count, but where questions do nothing but call for files.
func TestDeaf(t *testing.T) {
	if testing.Short() {
		t.Skip("a site is built for each kind of question")
	}
	kinds := build.Kinds()
	for kind := range shownBy {
		if !slices.Contains(kinds, kind) {
			t.Errorf("there are no questions of the kind %q", kind)
		}
	}
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			if len(shownBy[kind]) == 0 {
				t.Fatal("say in shownBy which kind of edit shows whether these questions are heard")
			}
			e := newEditor(t, 1, kind)
			for e.wrong == "" && e.n < 60 {
				e.step(shownBy[kind])
			}
			if e.wrong == "" {
				t.Errorf("%d edits of the kinds %q do not show that these questions are not heard", e.n, shownBy[kind])
			}
		})
	}
	t.Run("hears all", func(t *testing.T) {
		t.Parallel()
		e := newEditor(t, 1, "no question")
		for _, kind := range slices.Sorted(maps.Keys(shownBy)) {
			if e.step(shownBy[kind]); e.wrong != "" {
				t.Fatalf("after %q these are not as they should be: %s", e.log, e.wrong)
			}
		}
	})
}

// stale names the files of the edition that are not as in a clean one.
func (e *editor) stale(clean string) string {
	var names []string
	fresh := bytesOf(clean)
	there := bytesOf(e.out)
	for name, text := range there {
		if want, ok := fresh[name]; ok && want != text {
			names = append(names, name)
		}
	}
	for name := range fresh {
		if _, ok := there[name]; !ok && (e.deaf == "rendition" || e.deaf == "drawing") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// deafen strikes questions of a kind from the notes that the last build left.
func (e *editor) deafen(rep build.Report) {
	text, _ := e.cache().Read("pages")
	l, edition, err := page.ReadLedger(text, false)
	if err != nil || edition != rep.ID {
		e.Fatalf("there are no notes of this edition: %v", err)
	}
	hears := func(note []int32) []int32 {
		return slices.DeleteFunc(note, func(n int32) bool { return l.Questions[n].Kind == e.deaf })
	}
	for i := range l.Pages {
		p := &l.Pages[i]
		shown := slices.Clone(p.Note)
		p.Note = hears(p.Note)
		if p.Quote.Size > 0 {
			nth := slices.Index(p.Note, shown[p.Quote.Nth])
			if p.Quote.Nth = int32(nth); nth < 0 {
				p.Quote = page.Quote{}
			}
		}
	}
	for i := range l.Questions {
		l.Questions[i].Note = hears(l.Questions[i].Note)
	}
	err = e.cache().Write("pages", func(w io.Writer) error {
		if _, err := l.WriteTo(w); err != nil {
			return err
		}
		_, err := io.WriteString(w, rep.ID)
		return err
	})
	if err != nil {
		e.Fatal(err)
	}
}
