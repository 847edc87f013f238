package main

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	_ "golang.org/x/image/webp"

	"stet/internal/archive"
)

var (
	secretWord   = regexp.MustCompile(`(?i)zq[a-z]+qz`)
	secretColour = color.RGBA{230, 20, 220, 255} // of the pictures under embargo
	knownColour  = color.RGBA{40, 170, 60, 255}  // of another
)

// neverAgainst compares with an edition that has what is under embargo, which came
// later: nothing of it is told.
func neverAgainst(t *testing.T, say func(...string) string) {
	t.Helper()
	for _, how := range []string{"text", "json", "sarif"} {
		if told := say("check", "--against", "public", "--format", how, "--at", "2026-03-10"); secretWord.MatchString(told) {
			t.Errorf("against the edition of its time a check tells\n%s", told)
		}
	}
}

// TestEmbargo holds Stet to it that nothing of a story under embargo is in what
// anybody can see before its time: no word, no name of a file and no pixel of it
// in the edition, its manifest, what a build says and what other commands tell.
// When its time has come, the same look must find nearly all of it.
func TestEmbargo(t *testing.T) {
	dir := embargoed(t)
	say := func(args ...string) string {
		t.Helper()
		var out bytes.Buffer
		s := &system{out: &out, err: &out, now: time.Now, env: os.Getenv}
		if status := run(context.Background(), append(args, "-C", dir, "--cache", filepath.Join(filepath.Dir(dir), "cache")), s); status != 0 {
			t.Fatalf("stet %s: %s", strings.Join(args, " "), out.String())
		}
		return out.String()
	}
	said, names := map[string]string{}, ""
	for _, at := range []string{"2026-03-10", "2026-04-01 05:59:59"} {
		for _, args := range [][]string{
			{"build"}, {"build", "--json"}, {"build", "--profile", "--jobs", "1", "--out", "another"}, {"next"}, {"next", "--json"},
			{"explain", "content/news/open.md"}, {"explain", "content/news/open.md", "--json"}, {"explain", "/news/2026/02/other/"}, {"explain", "/"},
			{"explain", "/ar/news/2026/02/open/"}, {"explain", "site.yaml"}, {"explain", "content/news/photo/known.jpg"},
			{"explain", "/news/"}, {"explain", "/authors/ann-lee/"}, {"explain", "/series/wall/"}, {"explain", "/corrections/"}, {"explain", "content/fronts/front.yaml"},
			{"explain", "content/news/third.md", "--json"}, {"explain", "/news-sitemap.xml"},
			{"check"}, {"check", "--json"}, {"check", "--format", "sarif"}, {"check", "content/news"},
		} {
			said[strings.Join(args, " ")+" at "+at] = say(append(args, "--at", at)...)
		}
		for name, text := range bytesOf(t, filepath.Join(dir, "public")) {
			said[name], names = text, names+name+"\n"
		}
	}
	said["the names of the files"] = names
	for where, text := range said {
		if words := secretWord.FindAllString(text, -1); words != nil {
			t.Errorf("%s tells %q", where, words)
		}
		if has(text, secretColour) {
			t.Errorf("%s shows a picture under embargo", where)
		}
	}
	if first := said["build at 2026-03-10"]; !strings.Contains(first, "not published: 8 embargoed stories") || !strings.Contains(first, "warnings about embargoed stories (--all shows them)") {
		t.Errorf("a build does not count them:\n%s", first)
	}
	if !shows(said, knownColour) {
		t.Error("no picture is found at all")
	}

	// The same look finds it when its time has come, and with --all before.
	words := map[string]bool{}
	find := func(text string) {
		for _, w := range secretWord.FindAllString(text, -1) {
			words[strings.ToLower(w)] = true
		}
	}
	find(say("build", "--all", "--at", "2026-03-10"))
	if !words["zqdraftqz"] || !words["zqunknownqz"] {
		t.Errorf("with --all a build tells only %v", words)
	}
	say("build", "--at", "2026-04-01 06:00")
	if why := say("explain", "content/plain.md", "--at", "2026-03-10"); secretWord.MatchString(why) || !strings.Contains(why, "(embargoed)") {
		t.Errorf("why a page is made again is told as\n%s", why)
	}
	neverAgainst(t, say)
	after := bytesOf(t, filepath.Join(dir, "public"))
	for name, text := range after {
		find(name + text)
	}
	if !shows(after, secretColour) {
		t.Error("its pictures are not found when its time has come")
	}
	source, err := os.ReadFile("testdata/embargo.txtar")
	if err != nil {
		t.Fatal(err)
	}
	never := []string{"zqinternalqz", "zqruleqz", "zqreasonqz", "zqtranslationqz", "zqlatertitleqz", "zqlaterbodyqz", "zqdrafttitleqz", "zqdraftbodyqz", "zqdraftkeyqz", "zqnowhereqz", "zqlaterqz", "zqkilledtitleqz", "zqkilledbodyqz", "zqsidecarkeyqz"}
	for _, w := range append(secretWord.FindAllString(string(source), -1), "zqexifqz") {
		if w = strings.ToLower(w); !words[w] && !slices.Contains(never, w) {
			t.Errorf("%s is not found when its time has come", w)
			words[w] = true
		}
	}
}

// What changes the files of other stories, and the preview, tell nothing of one
// under embargo where others see it: the preview shows it and is not published.
func TestEmbargoAtDesk(t *testing.T) {
	dir := embargoed(t)
	cache := filepath.Join(filepath.Dir(dir), "cache")
	march := func() time.Time { return time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC) }
	var out said
	s := &system{out: &out, err: &out, now: march, env: os.Getenv}
	tell := func(status int, args ...string) {
		t.Helper()
		if got := run(t.Context(), append(args, "-C", dir), s); got != status {
			t.Fatalf("stet %s ended with %d: %s", strings.Join(args, " "), got, out.String())
		}
	}
	tell(done, "build", "--cache", cache)
	ctx, end := context.WithCancel(t.Context())
	var preview said
	ended := make(chan int)
	go func() {
		ended <- run(ctx, []string{"serve", "-C", dir, "--addr", "127.0.0.1:0", "--cache", cache}, &system{out: &preview, err: &preview, now: march, env: os.Getenv})
	}()
	if url := address(t, &preview, "Valley Post"); !strings.Contains(get(t, url), "zqsecondqz") {
		t.Error("the preview does not show it")
	}
	end()
	must(t, <-ended)

	tell(done, "update", "content/news/third.md", "--correction", "It was Wednesday.")
	tell(done, "move", "content/news/other.md", "news/another")
	tell(done, "move", "content/news/third.md", "news/fourth", "--json")
	tell(wrongUsage, "update", "content/news/zqdrafq.md")
	tell(done, "build", "--cache", cache)
	if !strings.Contains(out.String(), "changed: 1 embargoed story") || !strings.Contains(out.String(), `"changed_embargoed": 1`) {
		t.Errorf("what was changed under embargo is not counted:\n%s", out.String())
	}
	public := bytesOf(t, filepath.Join(dir, "public"))
	public["what is said"] = out.String()
	for where, text := range public {
		if words := secretWord.FindAllString(where+text, -1); words != nil {
			t.Errorf("%s tells %q", where, words)
		}
		if has(text, secretColour) {
			t.Errorf("%s shows a picture under embargo", where)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "content/news/zqdraftqz.md"), []byte("---\ntitle: zqdrafttitleqz\ndraft: true\nembargo: 2026-04-01\n---\nzqdraftbodyqz\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	tell(done, "build", "--cache", cache, "--drafts")
	tell(done, "build", "--cache", cache)
	for where, text := range bytesOf(t, filepath.Join(dir, "public")) {
		if secretWord.MatchString(where+text) || has(text, secretColour) {
			t.Errorf("%s is left of an edition with drafts", where)
		}
	}
	tell(done, "move", "content/news/another.md", "news/other", "--all")
	if !strings.Contains(out.String(), "changed: content/zqfolderqz/zqfileqz/index.md") {
		t.Errorf("--all does not name it:\n%s", out.String())
	}
}

// embargoed is the site of testdata/embargo.txtar with its pictures.
func embargoed(t *testing.T) string {
	data, err := os.ReadFile("testdata/embargo.txtar")
	if err != nil {
		t.Fatal(err)
	}
	a := archive.Parse(data)
	dir := filepath.Join(t.TempDir(), "site")
	put := func(name string, data []byte) {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range a.Names {
		put(name, []byte(a.Files[name]))
	}
	for name, c := range map[string]color.RGBA{
		"zqfolderqz/zqfileqz/zqphotoqz.jpg": secretColour, "zqfolderqz/zqfileqz/zqgalleryqz.jpg": secretColour,
		"zqfolderqz/zqfileqz/zqbodyphotoqz.jpg": secretColour, "zqfolderqz/zqfileqz/zqsidecarphotoqz.jpg": secretColour,
		"news/zqflatqz.jpg": secretColour, "news/photo/known.jpg": knownColour,
	} {
		m := image.NewRGBA(image.Rect(0, 0, 480, 320))
		for i := 0; i < len(m.Pix); i += 4 {
			copy(m.Pix[i:], []byte{c.R, c.G, c.B, c.A})
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, m, nil); err != nil {
			t.Fatal(err)
		}
		put("content/"+name, b.Bytes())
	}
	var out bytes.Buffer
	s := &system{out: &out, err: &out, now: time.Now, env: os.Getenv}
	photo := filepath.Join(dir, "content/zqfolderqz/zqfileqz/zqphotoqz.jpg")
	if run(context.Background(), []string{"photo", photo, "--write", "--copyright", "zqexifqz"}, s) != 0 {
		t.Fatal(out.String())
	}
	return dir
}

// bytesOf are all files of an edition, Stet's own too.
func bytesOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			var data []byte
			data, err = os.ReadFile(filepath.Join(dir, name))
			files[name] = string(data)
		}
		return err
	})
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files in %s: %v", len(files), dir, err)
	}
	return files
}

func shows(files map[string]string, c color.RGBA) bool {
	for _, text := range files {
		if has(text, c) {
			return true
		}
	}
	return false
}

// has tells whether a file is a picture in whose middle is a colour.
func has(file string, want color.RGBA) bool {
	m, _, err := image.Decode(strings.NewReader(file))
	if err != nil {
		return false
	}
	r, g, b, _ := m.At((m.Bounds().Min.X+m.Bounds().Max.X)/2, (m.Bounds().Min.Y+m.Bounds().Max.Y)/2).RGBA()
	near := func(a uint32, b uint8) bool { d := int(a>>8) - int(b); return d > -12 && d < 12 }
	return near(r, want.R) && near(g, want.G) && near(b, want.B)
}
