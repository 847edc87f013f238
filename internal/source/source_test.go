package source

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"stet/internal/diag"
)

func put(t *testing.T, dir, name, data string) {
	t.Helper()
	full := filepath.Join(dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, []byte(data), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, dir, name, to string) {
	t.Helper()
	full := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(to, full); err != nil {
		t.Skip("no links here:", err)
	}
}

func open(t *testing.T, dir string, theme fs.FS) (*Tree, []diag.Problem) {
	t.Helper()
	tree, problems, err := Open(dir, theme)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	return tree, problems
}

// A teller says of a file what is in it, and counts how often it was asked.
type teller struct {
	mu    sync.Mutex
	asked []string
}

func (r *teller) reader() Reader[string] {
	return Reader[string]{
		Wants: func(name string) bool { return strings.HasPrefix(name, "content/") },
		Read: func(name string, data []byte) (string, []diag.Problem) {
			r.mu.Lock()
			r.asked = append(r.asked, name)
			r.mu.Unlock()
			return string(data), nil
		},
	}
}

func names(t *Tree) []string {
	var all []string
	for _, f := range t.Files {
		all = append(all, f.Path)
	}
	return all
}

func TestOverlay(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "site.yaml", "s")
	put(t, dir, "layouts/article.html", "mine")
	put(t, dir, "content/world/a.md", "a")
	put(t, dir, "README.md", "not of the site")
	put(t, dir, "static/assets.txt", "beside a folder")
	put(t, dir, "static/assets-2/a.css", "beside it too")
	theme := fstest.MapFS{
		"layouts/article.html":    {Data: []byte("theme")},
		"layouts/front.html":      {Data: []byte("front")},
		"static/assets/site.css":  {Data: []byte("css")},
		"static/.DS_Store":        {},
		"content/not-the-site.md": {},
	}
	tree, problems := open(t, dir, theme)
	if len(problems) > 0 {
		t.Error(problems)
	}
	want := []string{"content/world/a.md", "layouts/article.html", "layouts/front.html", "site.yaml", "static/assets-2/a.css", "static/assets.txt", "static/assets/site.css"}
	if got := names(tree); !slices.Equal(got, want) {
		t.Errorf("the files are %q", got)
	}
	for folder, want := range map[string][]string{"static": want[4:], "static/assets": want[6:], "layouts": want[1:3], "content/w": nil, "site.yaml": nil, "z": nil} {
		if got := names(&Tree{Files: tree.Below(folder)}); !slices.Equal(got, want) {
			t.Errorf("below %s there are %q", folder, got)
		}
	}
	Load(tree, Past[string]{}, 2, new(teller).reader())
	for name, want := range map[string]string{"layouts/article.html": "mine", "layouts/front.html": "front", "static/assets/site.css": "css"} {
		if got, err := tree.Read(name); string(got) != want || err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		f, err := tree.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(f); string(got) != want || err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		f.Close()
		if sum, ok := tree.Sum(name); !ok || sum != SumOf([]byte(want)) {
			t.Errorf("%s: sum %x", name, sum)
		}
	}
	if _, err := tree.Read("README.md"); !errors.Is(err, ErrChanged) {
		t.Errorf("what is not of the site was read: %v", err)
	}
}

func TestDroppings(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{
		"content/world/a.md", "content/world/a.md~", "content/world/.#a.md", "content/world/#a.md#", "content/world/.a.md.swp",
		"content/world/4913", "content/world/.DS_Store", "content/world/._a.md", "content/.hidden/b.md", "content/world/Thumbs.db",
		"static/.well-known/x", "static/.git/config", "static/x.jpg___jb_tmp___", "layouts/.gitkeep", "layouts/.x.html", "data/.y.yaml",
	} {
		put(t, dir, name, "")
	}
	tree, problems := open(t, dir, nil)
	if got := names(tree); !slices.Equal(got, []string{"content/world/a.md", "static/.well-known/x"}) || len(problems) > 0 {
		t.Errorf("seen: %q, %v", got, problems)
	}
}

func TestLinks(t *testing.T) {
	out := t.TempDir()
	put(t, out, "secret.md", "secret")
	dir := filepath.Join(out, "site")
	put(t, dir, "content/world/a.md", "a")
	put(t, dir, "content/world/asia/b.md", "b")
	link(t, dir, "content/copy.md", "world/a.md")
	link(t, dir, "content/sport/up.md", "../world/a.md")
	link(t, dir, "content/east", "world/asia")
	link(t, dir, "static/pictures", "../content/world")
	link(t, dir, "content/world/out.md", "../../../secret.md")
	link(t, dir, "content/world/outer", "../../..")
	link(t, dir, "content/world/absolute.md", filepath.Join(out, "secret.md"))
	link(t, dir, "content/world/nowhere.md", "gone.md")
	link(t, dir, "content/world/itself", "itself")
	link(t, dir, "content/world/asia/circle", "../..")
	link(t, dir, "content/world/asia/circle2", "..")
	link(t, dir, "content/world/asia/circle3", ".")
	tree, problems := open(t, dir, nil)
	want := []string{
		"content/copy.md", "content/east/b.md", "content/sport/up.md", "content/world/a.md", "content/world/asia/b.md",
		"static/pictures/a.md", "static/pictures/asia/b.md",
	}
	// By a link the folders above are others, so a circle is walked once more.
	got := slices.DeleteFunc(names(tree), func(name string) bool { return strings.Contains(name, "circle") })
	if !slices.Equal(got, want) {
		t.Errorf("the files are %q", got)
	}
	told := map[string]string{}
	for _, p := range problems {
		if p.Severity != diag.Error {
			t.Errorf("%v is no error", p)
		}
		told[p.Path] = p.Text
	}
	for name, text := range map[string]string{
		"content/world/out.md": "this link leads out of the site", "content/world/outer": "this link leads out of the site",
		"content/world/absolute.md": "this link leads out of the site", "content/world/nowhere.md": "this link leads nowhere",
		"content/world/asia/circle": "this link leads in a circle", "content/world/asia/circle2": "this link leads in a circle",
		"content/world/asia/circle3": "this link leads in a circle",
	} {
		if told[name] != text {
			t.Errorf("%s: %q, not %q", name, told[name], text)
		}
	}
	if told["content/world/itself"] == "" {
		t.Error("a link to itself is not named")
	}
	for _, rec := range loaded(tree, Past[string]{}, 4, new(teller).reader()) {
		if len(rec.Problems) > 0 {
			t.Errorf("%s: %v", rec.Path, rec.Problems)
		}
		if strings.HasPrefix(rec.Path, "content/") && rec.Said != "a" && rec.Said != "b" {
			t.Errorf("%s says %q", rec.Path, rec.Said)
		}
		if _, err := tree.Read(rec.Path); err != nil {
			t.Error(err)
		}
	}
}

// Many links that lead back do not multiply each other.
func TestMaze(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "content/a/a.md", "a")
	for _, name := range []string{"1", "2", "3", "4", "5", "6"} {
		link(t, dir, "content/a/"+name, "..")
	}
	if _, problems := open(t, dir, nil); len(problems) != 6 {
		t.Errorf("%d problems", len(problems))
	}
}

func TestUnreadable(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "content/a.md", "a")
	put(t, dir, "content/shut/b.md", "b")
	put(t, dir, "content/shut.md", "c")
	put(t, dir, "static/shut", "d")
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	for _, name := range []string{"content/shut", "content/shut.md", "static/shut"} {
		if err := os.Chmod(filepath.Join(dir, name), 0); err != nil {
			t.Fatal(err)
		}
		defer os.Chmod(filepath.Join(dir, name), 0o755)
	}
	tree, problems := open(t, dir, nil)
	for _, rec := range loaded(tree, Past[string]{}, 2, new(teller).reader()) {
		problems = append(problems, rec.Problems...)
	}
	var got []string
	for _, p := range problems {
		got = append(got, p.Path)
	}
	slices.Sort(got)
	if !slices.Equal(got, []string{"content/shut", "content/shut.md", "static/shut"}) {
		t.Errorf("named: %q", got)
	}
}

// A file that is gone when it is to be read makes the build begin anew: then it
// is not listed.
func TestGone(t *testing.T) {
	for _, name := range []string{"content/a.md", "static/b"} {
		dir := t.TempDir()
		put(t, dir, name, "x")
		tree, _ := open(t, dir, nil)
		os.Remove(filepath.Join(dir, name))
		if _, _, err := Load(tree, Past[string]{}, 2, new(teller).reader()); !errors.Is(err, ErrChanged) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestChanged(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"content/same.md", "content/other.md", "content/gone.md", "static/big"} {
		put(t, dir, name, "before")
	}
	tree, _ := open(t, dir, nil)
	Load(tree, Past[string]{}, 2, new(teller).reader())
	put(t, dir, "content/other.md", "after!")
	put(t, dir, "static/big", "after!")
	os.Remove(filepath.Join(dir, "content/gone.md"))
	for name, changed := range map[string]bool{"content/same.md": false, "content/other.md": true, "content/gone.md": true} {
		if _, err := tree.Read(name); errors.Is(err, ErrChanged) != changed || !changed && err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	f, err := tree.Open("static/big")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := io.ReadAll(f); !errors.Is(err, ErrChanged) {
		t.Errorf("static/big: %v", err)
	}
}

// What looks as it did is not read again, unless it looked so young that a
// change might not show.
func TestPast(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"same", "longer", "swapped", "touched", "gone"} {
		put(t, dir, "content/"+name+".md", "before")
	}
	load := func(past Past[string]) (records []Record[string], read []string) {
		tree, _ := open(t, dir, nil)
		var r teller
		records, _, _ = Load(tree, past, 3, r.reader())
		slices.Sort(r.asked)
		return records, r.asked
	}
	first, read := load(Past[string]{})
	if len(read) != 5 {
		t.Fatalf("read at first: %q", read)
	}
	now := time.Now().UnixNano()
	if _, read := load(Past[string]{first, now}); len(read) != 5 {
		t.Errorf("young files were left unread: only %q were read", read)
	}
	later := now + 10*int64(time.Second) // as if the snapshot had begun then
	if got, read := load(Past[string]{first, later}); len(read) != 0 || got[0].Said != "before" {
		t.Errorf("read again: %q", read)
	}
	if first[0].Stat.Ctime == 0 {
		t.Skip("this system does not say when files changed")
	}
	at := func(name string) string { return filepath.Join(dir, "content", name+".md") }
	put(t, dir, "content/longer.md", "and after")
	info, err := os.Stat(at("swapped"))
	if err != nil {
		t.Fatal(err)
	}
	// The same size and mtime, but another file.
	put(t, dir, "content/new", "after!")
	err = errors.Join(os.Chtimes(filepath.Join(dir, "content/new"), time.Now(), info.ModTime()),
		os.Rename(filepath.Join(dir, "content/new"), at("swapped")),
		os.Chtimes(at("touched"), time.Now(), info.ModTime()),
		os.Remove(at("gone")))
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, "content/new.md", "new")
	got, read := load(Past[string]{first, later})
	if !slices.Equal(read, []string{"content/longer.md", "content/new.md", "content/swapped.md", "content/touched.md"}) {
		t.Errorf("read after the change: %q", read)
	}
	said := map[string]string{}
	for _, rec := range got {
		said[rec.Path] = rec.Said
		if sum := SumOf([]byte(rec.Said)); rec.Sum != sum {
			t.Errorf("%s has the sum %x", rec.Path, rec.Sum)
		}
	}
	want := map[string]string{"content/same.md": "before", "content/longer.md": "and after", "content/new.md": "new", "content/swapped.md": "after!", "content/touched.md": "before"}
	if !maps.Equal(said, want) {
		t.Errorf("they say %q", said)
	}
}

func TestNames(t *testing.T) {
	dir := t.TempDir()
	all := []string{"content/cafe\u0301/une  page.md", "content/caf\u00e9/a%20b #1.md", "content/日本語/ニュース.md", "content/x/-.md", "data/Ünï.yaml"}
	for _, name := range all {
		put(t, dir, name, name)
	}
	tree, problems := open(t, dir, nil)
	Load(tree, Past[string]{}, 2, new(teller).reader())
	slices.Sort(all)
	if got := names(tree); !slices.Equal(got, all) || len(problems) > 0 {
		t.Errorf("the files are %q, %v", got, problems)
	}
	for _, name := range all {
		if data, err := tree.Read(name); string(data) != name || err != nil {
			t.Errorf("%s: %q, %v", name, data, err)
		}
		if line, ok := tree.Lines()(name, 1); line != name || !ok {
			t.Errorf("%s: line %q", name, line)
		}
	}
}

// More folders than are held open, read by more workers than one, where the
// system opens no file in one step.
func TestFolders(t *testing.T) {
	dir := t.TempDir()
	for i := range 3 * most {
		name := "content/" + strings.Repeat("x", 1+i%7) + "/" + string(rune('a'+i%26)) + "/" + time.Duration(i).String()
		put(t, dir, name+"/a.md", name)
		put(t, dir, name+"/b.md", name)
	}
	tree, _ := open(t, dir, nil)
	tree.at.gate.close()
	tree.at.gate = gate{}
	for _, rec := range loaded(tree, Past[string]{}, 16, new(teller).reader()) {
		if !strings.HasPrefix(rec.Path, rec.Said+"/") || len(rec.Problems) > 0 {
			t.Errorf("%s says %q, %v", rec.Path, rec.Said, rec.Problems)
		}
	}
	if n := len(tree.at.open); n == 0 || n > most+16 {
		t.Errorf("%d folders are open", n)
	}
}

func loaded(t *Tree, past Past[string], jobs int, r Reader[string]) []Record[string] {
	records, _, _ := Load(t, past, jobs, r)
	return records
}
