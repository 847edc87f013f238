package article_test

import (
	"os"
	"testing"

	"stet/internal/article"
)

func BenchmarkParse(b *testing.B) {
	body, err := os.ReadFile("testdata/story.md")
	if err != nil {
		b.Fatal(err)
	}
	front := "---\ntitle: The council's vote\ndate: 2026-01-02\nauthor: [Ada Lovelace, Grace Hopper]\ntags: [a, b, c]\nimage: {src: a.jpg, alt: x}\n---\n"
	data := append([]byte(front), body...)
	b.ReportAllocs()
	for b.Loop() {
		article.Parse("content/a/b.md", data)
	}
}
