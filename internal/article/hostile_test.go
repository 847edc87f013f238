package article_test

import (
	"strings"
	"sync"
	"testing"

	"stet/internal/article"
)

// One press serves all workers.
func TestParallel(t *testing.T) {
	body := []byte("## \"A\" | b\n\n| a | b |\n|--:|---|\n| 1 | 2 |\n\n:::x\n![a](b.jpg \"c\")\n:::\n")
	want, _ := article.Render("content/a/b.md", body, article.Options{Quotes: quotes["fr"]})
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for range 50 {
				if got, _ := article.Render("content/a/b.md", body, article.Options{Quotes: quotes["fr"]}); got != want {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
			}
		})
	}
	workers.Wait()
}

// Files made to hurt end in a message or in HTML, and soon.
func TestHostile(t *testing.T) {
	for _, part := range []string{">", "- ", "[", "![", "*a ", "**", "`", "<div>", "<b>", "</b>", "<!--", "![a](b \"c", ":::a\n", ":::\n", "[^1]", "[^1]: a\n\n", "&", "\"", "'", "# a\n", "{", "|a|\n|-|\n", "1. ", "~", "<a href=x>", "\t", "[a]: b\n"} {
		body := strings.Repeat(part, 10_000/len(part))
		made, _ := article.Render("content/a/b.md", []byte(body), article.Options{Quotes: quotes["en"]})
		harmless(t, made)
		article.Parse("content/a/b.md", []byte("---\ntitle: x\ndraft: true\n---\n"+body))
		article.Inline(body, quotes["en"])
	}
}
