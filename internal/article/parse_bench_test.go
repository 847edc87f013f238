package article_test

import (
	"io/fs"
	"os"
	"path/filepath"
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

// BenchmarkParseDemo parses a file of the demo newspaper at a time.
func BenchmarkParseDemo(b *testing.B) {
	names, texts := demo(b)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		article.Parse(names[i%len(names)], texts[i%len(names)])
		i++
	}
}

// BenchmarkRenderDemo renders a text of the demo newspaper at a time.
func BenchmarkRenderDemo(b *testing.B) {
	names, texts := demo(b)
	var bodies [][]byte
	for i, name := range names {
		if a, _ := article.Parse(name, texts[i]); a != nil && a.HasBody {
			bodies = append(bodies, article.Body(texts[i], a.BodyLine))
		}
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		article.Render("content/a/b.md", bodies[i%len(bodies)], article.Options{Quotes: quotes["en"]})
		i++
	}
}

// demo is the files of the demo newspaper.
func demo(b *testing.B) (names []string, texts [][]byte) {
	err := filepath.WalkDir("../../content", func(name string, _ fs.DirEntry, err error) error {
		if filepath.Ext(name) == ".md" && err == nil {
			var data []byte
			data, err = os.ReadFile(name)
			names, texts = append(names, filepath.ToSlash(name[len("../../"):])), append(texts, data)
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return names, texts
}
