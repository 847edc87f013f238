package build_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"stet"
	"stet/internal/build"
	"stet/internal/cache"
	"stet/internal/photo"
)

// Two stories may have the same picture, under one name or under names that
// differ in what addresses do not show.
func TestAlike(t *testing.T) {
	dir := t.TempDir()
	o := build.Options{Dir: filepath.Join(dir, "site"), Out: filepath.Join(dir, "out"), Theme: stet.Theme(), Now: demoTime,
		Cache: cache.Folder{Dir: filepath.Join(dir, "cache")}, Started: time.Now()}
	write(t, o.Dir, "site.yaml", "format: 1\ntitle: A\ntimezone: UTC\nimages: {widths: [16, 32]}\ncheck: {credit-missing: off, alt-missing: off}\n")
	for i, name := range []string{"lead.jpg", "lead.jpg", "Lead.JPG", "c#d, \"1%20?.jpg", strings.Repeat("long ", 40) + ".jpg"} {
		folder := "content/world/" + string(rune('a'+i))
		write(t, o.Dir, folder+"/index.md", "---\ntitle: T\ndate: 2026-01-02\nslug: s"+string(rune('a'+i))+"\nimage: '"+name+"'\n---\nText.\n")
		write(t, o.Dir, folder+"/"+name, photograph(1))
	}
	for range 2 {
		if _, problems := build.Run(context.Background(), o); len(problems) > 0 {
			t.Fatal(problems)
		}
	}
	srcs := regexp.MustCompile(`(?:src|href)="([^"]*/img/[^"]*)"`)
	for _, slug := range []string{"sa", "sb", "sc", "sd", "se"} {
		html, err := os.ReadFile(filepath.Join(o.Out, "world/2026/01", slug, "index.html"))
		found := srcs.FindAllStringSubmatch(string(html), -1)
		if err != nil || len(found) == 0 {
			t.Errorf("%s has no picture: %v", slug, err)
		}
		for _, m := range found {
			u, err := url.Parse(m[1])
			if err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(filepath.Join(o.Out, filepath.FromSlash(u.Path))); err != nil || u.Fragment+u.RawQuery != "" {
				t.Errorf("%s has %s: %v", slug, m[1], err)
			}
		}
	}
}

// A picture that a stylesheet shows must not tell where it was taken either.
func TestDiscreetAssets(t *testing.T) {
	dir := t.TempDir()
	o := build.Options{Dir: filepath.Join(dir, "site"), Out: filepath.Join(dir, "out"), Theme: stet.Theme(), Now: demoTime}
	write(t, o.Dir, "site.yaml", "format: 1\ntitle: A\ntimezone: UTC\n")
	located, others := located(t), []string{"film.mov", "paper.pdf", "folder/noending"}
	write(t, o.Dir, "static/assets/site.css", "body { background: url(bg.jpg) }\n")
	write(t, o.Dir, "static/assets/bg.jpg", located)
	write(t, o.Dir, "static/phone.heic", located)
	for _, name := range others {
		write(t, o.Dir, "static/"+name, located)
	}
	write(t, o.Dir, "static/words.txt", located) // of which nobody takes a place
	write(t, o.Dir, "static/a.jpg", photograph(1))
	write(t, o.Dir, "static/a.jpg.yaml", "credit: secret\n")
	_, problems := build.Run(context.Background(), o)
	var told []string
	for _, p := range problems {
		told = append(told, p.Path)
	}
	if got := strings.Join(told, " "); got != "static/assets/bg.jpg static/film.mov static/folder/noending static/paper.pdf static/phone.heic" {
		t.Errorf("got %v", problems)
	}
	for _, name := range others {
		write(t, o.Dir, "static/"+name, "nothing")
	}
	write(t, o.Dir, "static/assets/bg.jpg", photograph(2))
	write(t, o.Dir, "static/phone.heic", "")
	if rep, problems := build.Run(context.Background(), o); len(problems) > 0 || strings.Contains(strings.Join(rep.Written, " "), ".yaml") {
		t.Errorf("got %v, %v", rep.Written, problems)
	}
}

func located(t *testing.T) string {
	t.Helper()
	const gps = "MM\x00*\x00\x00\x00\x08\x00\x01\x88\x25\x00\x04\x00\x00\x00\x01\x00\x00\x00\x1a\x00\x00\x00\x00" +
		"\x00\x02\x00\x01\x00\x02\x00\x00\x00\x02N\x00\x00\x00\x00\x02\x00\x05\x00\x00\x00\x03\x00\x00\x00\x38\x00\x00\x00\x00" +
		"\x00\x00\x00\x33\x00\x00\x00\x01\x00\x00\x00\x1e\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01"
	exif := "Exif\x00\x00" + gps
	j := photograph(3)
	j = j[:2] + "\xff\xe1" + string([]byte{0, byte(len(exif) + 2)}) + exif + j[2:]
	if !photo.Locates([]byte(j)) {
		t.Fatal("the test's picture tells no place")
	}
	return j
}
