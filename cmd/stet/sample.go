package main

import (
	"embed"
	"io/fs"
	"path"
	"strings"
	"time"

	"golang.org/x/text/language"

	"stet"
	"stet/internal/article"
	"stet/internal/config"
)

// What a new site begins with, by language. In the stories DATE1 to DATE3 stand
// for dates before the day the site is made.
//
//go:embed all:sample
var sample embed.FS

// language makes the files of one language: its tree of samples, and the words
// of the theme where the theme does not speak it.
func (f *newSiteFlags) language(s *system, l config.Language, first bool, zone *time.Location) ([]newFile, error) {
	var files []newFile
	base, _, _ := strings.Cut(l.Tag, "-")
	if words := wordsFor(l.Tag, base); words != "" {
		files = append(files, newFile{"layouts/languages/" + l.Tag + ".yaml", words})
	}
	if f.empty {
		return files, nil
	}
	from, remark := sampleOf(base), ""
	if path.Base(from) != base {
		remark = "*This sample is in English: " + l.Tag + " is for you to write.*\n\n"
	}
	folder := "content/"
	if !first {
		folder += l.Prefix + "/"
	}
	dates := datesBefore(s.now().In(zone))
	err := fs.WalkDir(sample, from, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := sample.ReadFile(name)
		text := dates.Replace(string(data))
		if front, body, ok := strings.Cut(text, "\n---\n\n"); ok {
			text = front + "\n---\n\n" + remark + body
		}
		files = append(files, newFile{folder + strings.TrimPrefix(name, from+"/"), text})
		return err
	})
	return files, err
}

// sampleOf is the folder of the samples for a language, those in English where it
// has none.
func sampleOf(base string) string {
	if _, err := fs.Stat(sample, "sample/"+base); err != nil {
		return "sample/en"
	}
	return "sample/" + base
}

// aboutURL is the address of the page that says who the paper is.
func aboutURL(tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	word := "about"
	if data, err := sample.ReadFile(sampleOf(base) + "/about.md"); err == nil {
		if a, _ := article.Parse("content/about.md", data); a != nil && a.Slug != "" {
			word = a.Slug
		}
	}
	return "/" + word + "/"
}

// datesBefore are the dates of the samples: out now, and not all of one day.
func datesBefore(now time.Time) *strings.Replacer {
	ago := func(days, hour int) string {
		y, m, d := now.AddDate(0, 0, -days).Date()
		return time.Date(y, m, d, hour, 15, 0, 0, time.UTC).Format("2006-01-02 15:04")
	}
	return strings.NewReplacer("DATE1", ago(1, 18), "DATE2", ago(2, 9), "DATE3", ago(4, 11))
}

// wordsFor is the theme's file of words in English, to be translated, or "" if
// the theme speaks the language.
func wordsFor(tag, base string) string {
	theme := stet.Theme()
	for _, t := range []string{tag, base} {
		if _, err := fs.Stat(theme, "layouts/languages/"+t+".yaml"); err == nil {
			return ""
		}
	}
	data, err := fs.ReadFile(theme, "layouts/languages/en.yaml")
	if err != nil {
		return ""
	}
	words := "# These are still the words of English: translate what stands behind the colons.\n" + string(data)
	if rightToLeft(tag) {
		words = strings.Replace(words, "\ndir: ltr", "\ndir: rtl", 1)
	}
	return words
}

// rightToLeft tells which way a language is written that the theme has no
// words of.
func rightToLeft(tag string) bool {
	script, _ := language.Make(tag).Script()
	switch script.String() {
	case "Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg":
		return true
	}
	return false
}
