package site

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/internal/article"
)

func TestWordsOf(t *testing.T) {
	for text, want := range map[string][]string{
		"The *mill's* fire, at 9": {"the", "mill", "fire"},
		"حريق في المطحنة":         {"حريق", "المطحنة"},
		"水道の事故":                   {"水道", "道の", "の事", "事故"},
		"水":                       nil,
		"":                        nil,
	} {
		if got := wordsOf(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// What is related to a story stays when newer ones are published, whatever words,
// topics and series these have; and is found in time.
func TestRelatedStays(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	often := rand.NewZipf(r, 1.1, 4, 2999)
	text := func(n int) (text string) {
		for range n {
			text += fmt.Sprintf("w%03d ", often.Uint64())
		}
		return text
	}
	set := settings(t, "")
	set.Now = time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)
	var all []*article.Article
	for i := range 2000 {
		a, _ := article.Parse(fmt.Sprintf("content/s%d/a%d.md", i%3, i), fmt.Appendf(nil, "---\ntitle: %s\ndeck: %s\ndate: %s\ntags: [t%d, t%d]\nseries: s%d\n---\nT.\n",
			text(9), text(18), time.Date(2020, 1, 1, i/2, 0, 0, 0, time.UTC).Format("2006-01-02 15:04"), r.IntN(40), r.IntN(400), r.IntN(900)))
		all = append(all, a)
	}
	related := func(n int) (found []string) {
		s, _ := New(set, all[:n])
		for _, a := range all[:1000] {
			var paths []string
			for _, o := range s.related(s.stories[a.Path], 6) {
				paths = append(paths, o.Path)
			}
			found = append(found, strings.Join(paths, " "))
		}
		return found
	}
	start := time.Now()
	before := related(1000)
	for _, n := range []int{1001, 1010, 2000} {
		if after := related(n); !slices.Equal(after, before) {
			t.Errorf("%d newer stories changed what is related", n-1000)
		}
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
}
