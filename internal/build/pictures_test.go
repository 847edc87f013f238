package build_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"stet"
	"stet/internal/build"
	"stet/internal/cache"
	"stet/internal/diag"
	"stet/internal/photo"
)

// A photoSite is a small paper with a photo that has everything.
type photoSite struct {
	*testing.T
	o build.Options
}

func newPhotoSite(t *testing.T) *photoSite {
	dir := t.TempDir()
	s := &photoSite{t, build.Options{Dir: filepath.Join(dir, "site"), Out: filepath.Join(dir, "out"), Theme: stet.Theme(), Now: demoTime,
		Cache: cache.Folder{Dir: filepath.Join(dir, "cache"), Version: "test"}, Started: time.Now()}}
	s.write("site.yaml", "format: 1\ntitle: The Paper\ntimezone: UTC\nbase_url: https://paper.example/\nurls: {default: \"/{section}/{slug}/\"}\nimages: {widths: [120, 240]}\n")
	s.write("content/town/mill/index.md", "---\ntitle: The mill\ndate: 2026-11-01\nimage: mill.jpg\nsummary: It burns.\n---\n![](wheel.png)\n\n![](mill.jpg)\n")
	s.write("content/town/mill/mill.jpg", string(drawing{width: 300, height: 200, caption: "The mill burns.", credit: "Ada Example/AFP", alt: "Smoke", copyright: "© 2026 AFP", license: "https://example.org/license", turned: 6, secret: true}.file(t, "mill.jpg")))
	s.write("content/town/mill/wheel.png", string(drawing{width: 130, height: 90, credit: "Wheeler"}.file(t, "wheel.png")))
	return s
}

func (s *photoSite) write(name, text string) { s.Helper(); write(s.T, s.o.Dir, name, text) }

func (s *photoSite) build() build.Report {
	s.Helper()
	rep, problems := build.Run(context.Background(), s.o)
	if diag.AnyError(problems) {
		s.Fatal(problems)
	}
	return rep
}

// renditions are those of the edition, by path.
func (s *photoSite) renditions() map[string]string {
	s.Helper()
	all := bytesOf(s.o.Out)
	maps.DeleteFunc(all, func(name, _ string) bool { return !strings.HasPrefix(name, "img/") })
	if len(all) < 8 {
		s.Fatalf("there are only %d renditions", len(all))
	}
	return all
}

// age makes the store look as if all in it was written some time ago.
func (s *photoSite) age(by time.Duration) (names []string) {
	s.Helper()
	names, _ = filepath.Glob(filepath.Join(s.o.Cache.Dir, "img", "*"))
	then := time.Now().Add(-by).Truncate(time.Second)
	for _, name := range names {
		if err := os.Chtimes(name, then, then); err != nil {
			s.Fatal(err)
		}
	}
	return names
}

// made are those in the store that were written since it was aged.
func (s *photoSite) made() (names []string) {
	all, _ := filepath.Glob(filepath.Join(s.o.Cache.Dir, "img", "*"))
	for _, name := range all {
		if info, err := os.Stat(name); err == nil && time.Since(info.ModTime()) < time.Hour {
			names = append(names, filepath.Base(name))
		}
	}
	return names
}

// A picture is made once: not by the next build, not when it is touched, and not
// when public/ is emptied; and what comes out of the store is what is made anew.
func TestPicturesOnce(t *testing.T) {
	s := newPhotoSite(t)
	s.build()
	first := s.renditions()
	s.age(2 * time.Hour)
	nothing := func(after string) {
		t.Helper()
		if made := s.made(); len(made) > 0 {
			t.Errorf("after %s these were made: %q", after, made)
		}
		if !maps.Equal(first, s.renditions()) {
			t.Errorf("after %s the renditions are others", after)
		}
	}
	s.o.Started = time.Now().Add(time.Minute)
	if rep := s.build(); rep.Made > 0 {
		t.Errorf("of the same site were made: %q", rep.Pages)
	}
	nothing("nothing")
	now := time.Now()
	if err := os.Chtimes(filepath.Join(s.o.Dir, "content/town/mill/mill.jpg"), now, now); err != nil {
		t.Fatal(err)
	}
	if rep := s.build(); rep.Made > 0 {
		t.Errorf("of a photo that was touched were made: %q", rep.Pages)
	}
	nothing("a touch")
	if err := os.RemoveAll(s.o.Out); err != nil {
		t.Fatal(err)
	}
	s.build()
	nothing("public/ was emptied")
	s.o.Cache, s.o.Out = cache.Folder{}, s.o.Out+"2"
	s.build()
	nothing("a build from nothing")
}

// A plan knows the renditions that a build would make, and makes none.
func TestPicturesPlanned(t *testing.T) {
	s := newPhotoSite(t)
	rep, _, problems := build.Plan(context.Background(), s.o)
	if diag.AnyError(problems) {
		t.Fatal(problems)
	}
	if names, _ := filepath.Glob(filepath.Join(s.o.Cache.Dir, "img", "*")); len(names) > 0 {
		t.Errorf("a plan has made %q", names)
	}
	s.build()
	for name := range s.renditions() {
		if note, ok := rep.Ledger.Note(name); !ok || len(note.Note) == 0 {
			t.Errorf("the plan does not have %s", name)
		}
	}
}

// What no page wants is kept for thirty days, what one wants for ever.
func TestPicturesSwept(t *testing.T) {
	s := newPhotoSite(t)
	s.build()
	all := s.age(29 * 24 * time.Hour)
	s.write("content/town/mill/mill.jpg", string(drawing{width: 300, height: 200, seed: 5}.file(t, "mill.jpg")))
	s.build()
	for _, name := range all {
		if _, err := os.Stat(name); err != nil {
			t.Errorf("after 29 days %s is gone", filepath.Base(name))
		}
	}
	s.age(31 * 24 * time.Hour)
	s.write("content/town/mill/index.md", "---\ntitle: The old mill\ndate: 2026-11-01\nimage: mill.jpg\n---\n![](wheel.png)\n\n![](mill.jpg)\n")
	s.build()
	for name := range s.renditions() {
		if _, err := os.Stat(filepath.Join(s.o.Cache.Dir, "img", filepath.Base(name))); err != nil {
			t.Errorf("%s is gone, though a page has it", name)
		}
	}
	left, _ := filepath.Glob(filepath.Join(s.o.Cache.Dir, "img", "*"))
	if len(left) != len(s.renditions()) {
		t.Errorf("after 31 days there are %q", left)
	}
}

// A proof has no renditions; who is told of it makes each as a build makes it.
func TestPicturesOfProof(t *testing.T) {
	s := newPhotoSite(t)
	s.build()
	want := s.renditions()
	for name, kept := range map[string]bool{"with a store": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			o, dir := s.o, t.TempDir()
			o.Out, o.Cache, o.Proof = filepath.Join(dir, "out"), cache.Folder{}, true
			if kept {
				o.Pictures = filepath.Join(dir, "img")
			}
			var made *build.Renditions
			o.Ordered = func(r *build.Renditions) { made = r }
			if _, problems := build.Run(t.Context(), o); diag.AnyError(problems) || made == nil {
				t.Fatal(problems)
			}
			if _, err := os.Stat(filepath.Join(o.Out, "img")); err == nil {
				t.Error("the proof has renditions")
			}
			for range 2 {
				for name, data := range want {
					if got := made.Make(name); string(got) != data {
						t.Errorf("%s has %d bytes, not %d", name, len(got), len(data))
					}
					if got := build.Kept(o, name); kept != (string(got) == data) {
						t.Errorf("%s is kept: %d bytes", name, len(got))
					}
				}
			}
			for _, name := range []string{"img/none.jpg", "index.html", "img/../index.html"} {
				if made.Make(name) != nil || build.Kept(o, name) != nil {
					t.Errorf("%s is made", name)
				}
			}
			s.write("content/town/mill/mill.jpg", "another")
			o.Pictures = ""
			if _, problems := build.Run(t.Context(), o); diag.AnyError(problems) {
				t.Fatal(problems)
			}
			s.write("content/town/mill/mill.jpg", string(drawing{width: 10, height: 10}.file(t, "mill.jpg")))
			for name := range want {
				if strings.HasPrefix(name, "img/mill") && made.Make(name) != nil {
					t.Errorf("%s is made, though the picture is another one", name)
				}
			}
			s.write("content/town/mill/mill.jpg", string(drawing{width: 300, height: 200, caption: "The mill burns.", credit: "Ada Example/AFP", alt: "Smoke", copyright: "© 2026 AFP", license: "https://example.org/license", turned: 6, secret: true}.file(t, "mill.jpg")))
		})
	}
}

// No published byte tells where a photo was taken, or with which camera.
func TestPicturesDiscreet(t *testing.T) {
	s := newPhotoSite(t)
	source, err := os.ReadFile(filepath.Join(s.o.Dir, "content/town/mill/mill.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{secretSerial, secretNotes, secretThumbnail, secretPlace, "13,11.0052E", string(secretDegrees), "GPSLatitude"}
	for _, secret := range secrets {
		if !bytes.Contains(source, []byte(secret)) {
			t.Fatalf("the photo itself does not say %q", secret)
		}
	}
	s.build()
	for name, data := range bytesOf(s.o.Out) {
		for _, secret := range secrets {
			if strings.Contains(data, secret) {
				t.Errorf("%s says %q", name, secret)
			}
		}
		if strings.HasPrefix(name, "img/") && photo.Locates([]byte(data)) {
			t.Errorf("%s tells a place", name)
		}
	}
}

// A program that is not of this house reads in each rendition whose picture it
// is, and nothing else of what the camera wrote. TestDemo has it look at the demo
// newspaper too.
func TestPicturesWitness(t *testing.T) {
	s := newPhotoSite(t)
	s.build()
	for name, f := range witness(t, s.o.Out) {
		if !strings.Contains(name, "/img/mill-") {
			continue
		}
		for tag, want := range map[string]string{
			"XMP-photoshop:Credit": "Ada Example/AFP", "XMP-dc:Creator": "Ada Example", "XMP-dc:Rights": "© 2026 AFP", "XMP-xmpRights:WebStatement": "https://example.org/license",
		} {
			if got, _ := f[tag].(string); got != want {
				t.Errorf("%s: %s is %q", name, tag, got)
			}
		}
		if filepath.Ext(name) == ".jpg" && (f["IPTC:Credit"] != "Ada Example/AFP" || f["IPTC:CopyrightNotice"] != "© 2026 AFP") {
			t.Errorf("%s: IIM has %v and %v", name, f["IPTC:Credit"], f["IPTC:CopyrightNotice"])
		}
	}
}

// private are groups and tags that no published picture has.
var private = []string{"GPS:", "MakerNotes", "Serial", "Thumbnail", "Preview", "IFD1:", "EXIF:", "ExifIFD:", "IFD0:", "ICC", "GPSLat", "GPSLong", "GPSPos"}

// witness is what exiftool sees in the pictures of an edition, none of which has
// anything private.
func witness(t *testing.T, dir string) map[string]map[string]any {
	t.Helper()
	if _, err := exec.LookPath("exiftool"); errors.Is(err, exec.ErrNotFound) && os.Getenv("CI") != "true" {
		t.Skip("exiftool is not installed (apt-get install libimage-exiftool-perl): nobody else looks at what renditions carry")
	}
	out, err := exec.Command("exiftool", "-json", "-a", "-G1", "-r", "-ee", "-charset", "iptc=utf8", "-ext", "jpg", "-ext", "png", "-ext", "webp", "-ext", "gif", dir).Output()
	var all []map[string]any
	if err = errors.Join(err, json.Unmarshal(out, &all)); err != nil || len(all) == 0 {
		t.Fatalf("exiftool: %v\n%s", err, out)
	}
	files := map[string]map[string]any{}
	for _, f := range all {
		name, _ := f["SourceFile"].(string)
		files[filepath.ToSlash(name)] = f
		for _, tag := range slices.Sorted(maps.Keys(f)) {
			if slices.ContainsFunc(private, func(p string) bool { return strings.Contains(tag, p) }) {
				t.Errorf("%s: %s is %v", name, tag, f[tag])
			}
		}
	}
	return files
}

// What the desk is told of the pictures of a story, and of those of no story.
func TestPicturesDesk(t *testing.T) {
	s := newPhotoSite(t)
	s.write("content/town/idle.jpg", string(drawing{width: 20, height: 10}.file(t, "idle.jpg")))
	s.write("content/town/late/index.md", "---\ntitle: Late\ndate: 2027-01-01\n---\n![](late.jpg)\n")
	s.write("content/town/late/late.jpg", string(drawing{width: 30, height: 10}.file(t, "late.jpg")))
	s.write("static/again.png", string(drawing{width: 130, height: 90, credit: "Wheeler"}.file(t, "wheel.png")))
	s.o.Desk = true
	desk := s.build().Desk
	f := desk.Facts("town/mill/index.html")
	want := []string{"mill.jpg: from the photo's file: caption, credit, alt", "wheel.png: from the photo's file: credit"}
	if !slices.Equal(f.Filled, want) {
		t.Errorf("from the files come %q", f.Filled)
	}
	if len(f.Checks) != 1 || f.Checks[0].Error() != "content/town/mill/index.md:7:1: the picture has no alt text" {
		t.Errorf("the checks are %v", f.Checks)
	}
	s.write("content/town/mill/wheel.png.yaml", "alt: A wheel\n")
	f = desk.Facts("town/mill/index.html")
	if want = append(want, "wheel.png: from wheel.png.yaml: alt"); !slices.Equal(f.Filled, want) || len(f.Checks) > 0 {
		t.Errorf("with a sidecar the files give %q, and the checks are %v", f.Filled, f.Checks)
	}
	var idle []string
	for _, p := range desk.Idle() {
		idle = append(idle, p.Error())
	}
	if want := []string{"content/town/idle.jpg: the picture is used nowhere", "static/again.png: this is the same picture as content/town/mill/wheel.png"}; !slices.Equal(idle, want) {
		t.Errorf("of no story are %q", idle)
	}
}
