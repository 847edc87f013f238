package main

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/internal/output"
)

// wheels are the renditions of a photo in an edition.
func (e expected) wheels(w *writer) (names []string) {
	w.Helper()
	for _, name := range slices.Sorted(maps.Keys(e.files)) {
		if strings.HasPrefix(name, "img/wheel-") {
			names = append(names, name)
		}
	}
	if len(names) < 4 {
		w.Fatalf("a photo has the renditions %q", names)
	}
	return names
}

// A picture is made when the browser asks for it, as a build would make it, and
// not before; a photo that changed is another picture.
func TestGalleyPictures(t *testing.T) {
	w := newWriter(t, 1, "").serve()
	want := w.clean(w.dir)
	names := want.wheels(w)
	if kept := w.kept(); len(kept) > 0 {
		t.Errorf("before anybody looks there are %q", kept)
	}
	page := string(w.get(w.url + "town/2026/02/mill/").body)
	if !strings.Contains(page, names[0]) {
		t.Errorf("the page does not show %s:\n%s", names[0], page)
	}
	for _, name := range names {
		if a := w.get(w.url + name); a.differs(w, name, want.files[name]) != "" {
			t.Errorf("%s%s", name, a.differs(w, name, want.files[name]))
		}
	}
	if _, err := os.Stat(filepath.Join(w.cache, "galley", "img")); err == nil {
		t.Error("the edition of the preview has renditions")
	}
	if a := w.get(w.url + "img/wheel-0000000000-240.jpg"); a.status != http.StatusNotFound {
		t.Errorf("a picture that no page has is %d", a.status)
	}
	if facts := string(w.get(w.url + "_stet/facts?page=town/2026/02/mill/index.html").body); !strings.Contains(facts, `"filled":[]`) {
		t.Errorf("the panel knows %s", facts)
	}
	w.write("content/town/mill/wheel.jpg.yaml", "alt: A wheel\n")
	w.settled("a sidecar")
	w.write("content/town/mill/wheel.jpg", w.photo())
	w.settled("another photo")
	if slices.Equal(names, w.right.wheels(w)) {
		t.Error("another photo has the same names")
	}
	w.end()
}

// kept lists the renditions that the preview keeps.
func (w *writer) kept() []string {
	all, err := filepath.Glob(filepath.Join(w.cache, "*", "img", "wheel-*"))
	w.must(err)
	return all
}

// After a restart the pictures that were seen are there at once, also before the
// site is read; the others are waited for, and nothing else waits for them.
func TestGalleyPicturesRestart(t *testing.T) {
	w := newWriter(t, 1, "")
	port := freePort(t)
	w.serve("--addr", port)
	right := w.clean(w.dir)
	names := right.wheels(w)
	seen, unseen := names[0], names[len(names)-1]
	w.get(w.url + seen)
	w.must(os.Remove(w.keptAs(unseen)))
	w.end()

	lock, err := output.Begin(t.Context(), filepath.Join(w.cache, "galley"), output.Options{})
	w.must(err)
	w.start("--addr", port)
	w.until("the first page", func() bool { a, err := ask(w.url); return err == nil && a.status == http.StatusOK })
	if a := w.get(w.url + seen); !bytes.Equal(a.body, right.files[seen]) {
		t.Errorf("%s is %d while nothing can be made", seen, a.status)
	}
	answers := make(chan error, 1)
	go func() {
		a, err := ask(w.url + unseen)
		if err == nil && !bytes.Equal(a.body, right.files[unseen]) {
			err = fmt.Errorf("%s is %d", unseen, a.status)
		}
		answers <- err
	}()
	time.Sleep(300 * time.Millisecond)
	if a := w.get(w.url + "about/"); a.status != http.StatusOK {
		t.Errorf("a page is %d while somebody waits for a picture", a.status)
	}
	w.must(lock.Discard())
	if err := <-answers; err != nil {
		t.Error(err)
	}
	w.arrived()
	w.end()
}

// keptAs is where the preview keeps a rendition.
func (w *writer) keptAs(name string) string {
	w.Helper()
	for _, kept := range w.kept() {
		if filepath.Base(kept) == filepath.Base(name) {
			return kept
		}
	}
	w.Fatalf("%s is not kept", name)
	return ""
}

// A photo that is saved again and again while browsers ask for it: every answer
// is the picture of its name, or says that it is gone, and nothing hangs.
func TestGalleyPicturesBusy(t *testing.T) {
	w := newWriter(t, 1, "").serve()
	ever := map[string][]byte{}
	for w.n = 1; w.n <= 6; w.n++ {
		photo := w.photo()
		copied := filepath.Join(filepath.Dir(w.dir), fmt.Sprint("copy", w.n))
		w.must(os.CopyFS(copied, os.DirFS(w.dir)))
		w.must(os.WriteFile(filepath.Join(copied, "content/town/mill/wheel.jpg"), []byte(photo), 0o644))
		next := w.clean(copied)
		for _, name := range next.wheels(w) {
			ever[name] = next.files[name]
		}
		w.write("content/town/mill/wheel.jpg", photo)
		for range 3 {
			for name, data := range ever {
				a := w.get(w.url + name)
				if a.status == http.StatusOK && !bytes.Equal(a.body, data) || a.status != http.StatusOK && a.status != http.StatusNotFound {
					t.Fatalf("%s is %d with %d bytes, not %d", name, a.status, len(a.body), len(data))
				}
			}
		}
	}
	w.settled("all photos")
	w.end()
}
