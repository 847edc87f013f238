package site

import (
	"fmt"
	"strings"
	"testing"

	"stet/internal/article"
	"stet/internal/fields"
)

// orphaned is a site whose stories have all moved away from what readers have said
// of them, which lies below data/comments/world/.
func orphaned(t *testing.T, n int) (Settings, []*article.Article) {
	set := settings(t, "")
	articles := make([]*article.Article, n)
	for i := range articles {
		date, _ := fields.ParseWhen(fmt.Sprintf("2026-01-%02d", 1+i%28))
		articles[i] = &article.Article{Path: fmt.Sprintf("content/world/s%05d.md", i), Kind: article.Story, Title: "A", Date: date, Section: "The World", Draft: i%2 == 1, Rare: &article.Rare{}}
		set.Files = append(set.Files, fmt.Sprintf("data/comments/world/s%05d.json", i))
	}
	return set, articles
}

// However many files are of no story, each is told of, and the work does not grow
// with their number times that of the stories: of the first few is said which was
// meant. Memory that is taken is counted, which no busy machine changes.
func TestManyOrphans(t *testing.T) {
	taken := func(n int) float64 {
		set, articles := orphaned(t, n)
		said, meant := 0, 0
		allocs := testing.AllocsPerRun(1, func() {
			said, meant = 0, 0
			_, problems := New(set, articles)
			for _, p := range problems {
				if strings.HasPrefix(p.Path, "data/comments/") {
					said++
				}
				if strings.HasPrefix(p.Hint, "did you mean") {
					meant++
				}
			}
		})
		if said != n || meant != guesses {
			t.Errorf("of %d files of no story %d are told of, %d with a guess", n, said, meant)
		}
		return allocs
	}
	few, many := taken(200), taken(2000)
	if many > 15*few {
		t.Errorf("2,000 files of no story take %.0f allocations, 200 take %.0f", many, few)
	}
}
