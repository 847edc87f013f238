package build_test

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"stet/internal/article"
)

// The demo newspaper is one of about forty stories in two languages, one of them
// read from right to left: some stories have a version in both, and each language
// has some of its own. What is drawn is credited as an illustration.
func TestDemoPaper(t *testing.T) {
	english, arabic := stories(t)
	var both, own, gallery, part, opinions int
	byline := map[string]bool{}
	for at, a := range english {
		if arabic[at] != nil {
			both++
		}
		gallery, part = max(gallery, len(a.Gallery)), max(part, a.Series.Number)
		if a.Type == "opinion" && !a.Hide && len(a.Authors) > 0 {
			byline[a.Authors[0].Name] = true
		}
	}
	for at, a := range arabic {
		if english[at] == nil {
			own++
		}
		if a.Slug == "" || a.Slug == path.Base(at) {
			t.Errorf("content/ar/%s has no slug in Arabic", at)
		}
		if a.Type == "opinion" {
			opinions++
		}
	}
	for _, is := range []struct {
		what        string
		count, from int
	}{
		{"stories, versions counted once", len(english) + own, 40},
		{"stories in both languages", both, 10},
		{"stories only in Arabic", own, 4},
		{"pictures of the largest gallery", gallery, 8},
		{"parts of the longest series", part, 4},
		{"people who give their opinion in English", len(byline), 5},
		{"opinions in Arabic", opinions, 3},
	} {
		if is.count < is.from {
			t.Errorf("%s: %d, and it was %d", is.what, is.count, is.from)
		}
	}
	for _, all := range []map[string]*article.Article{english, arabic} {
		for at, a := range all {
			pictures := a.Gallery
			if a.Image != nil {
				pictures = append(pictures, *a.Image)
			}
			for _, p := range pictures {
				if !strings.HasPrefix(p.Credit, "Illustration: ") && !strings.HasPrefix(p.Credit, "رسم: ") && !(p.Courtesy && strings.HasSuffix(p.Credit, " (illustration)")) {
					t.Errorf("%s: %s is credited as %q, and not as an illustration", at, p.Src, p.Credit)
				}
			}
		}
	}
}

// stories are those of the demo newspaper that have a date, in English and in
// Arabic, by their paths below the folder of their language.
func stories(t *testing.T) (english, arabic map[string]*article.Article) {
	english, arabic = map[string]*article.Article{}, map[string]*article.Article{}
	eachArticle(t, func(name string, data []byte) {
		in := english
		below, is := strings.CutPrefix(name, "ar/")
		if is {
			in = arabic
		}
		if a, _ := article.Parse("content/"+below, data); a.Kind == article.Story && !a.Date.IsZero() {
			in[strings.TrimSuffix(below, ".md")] = a
		}
	})
	return english, arabic
}

// eachArticle reads the articles of the demo newspaper, by their paths below
// content/.
func eachArticle(t *testing.T, visit func(name string, data []byte)) {
	t.Helper()
	content := os.DirFS("../../content")
	err := fs.WalkDir(content, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".md" {
			return err
		}
		data, err := fs.ReadFile(content, name)
		visit(name, data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
