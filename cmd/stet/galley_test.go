package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"stet/internal/archive"
)

// The preview is never stale. A site that uses much of what there is is written
// on in every way in which editors and people write, at random, while a real
// stet serve shows it; after each change it shows what a build from nothing
// makes, at each of its addresses, and shows none that is gone. STET_SAVES says
// how many changes there are (60 if it is not set), STET_SEED where they begin.
func TestGalley(t *testing.T) {
	count, seed := numberOf("STET_SAVES", 60), numberOf("STET_SEED", 1)
	t.Run("told", func(t *testing.T) {
		newWriter(t, uint64(seed), "").serve().saves(count)
	})
	t.Run("polled, under a path", func(t *testing.T) {
		newWriter(t, uint64(seed)+1, "base_url: https://paper.example/news/\n").serve("--poll").saves(count / 6)
	})
}

func numberOf(name string, or int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return or
}

// A writer writes on a site that is being previewed.
type writer struct {
	*watched
	url   string          // of the preview, with a slash at its end
	n     int             // counts the changes
	right expected        // of the last build
	ever  map[string]bool // all paths there ever were
	cache string

	now      time.Time     // of the preview; zero is that of the clock
	patience time.Duration // soon, if it is 0

	suspect string // the path at which the preview was stale last
}

// newWriter is a writer of the site in testdata/galley.txtar.
func newWriter(t *testing.T, seed uint64, settings string) *writer {
	w := &writer{watched: &watched{shell: emptyShell(t, seed)}, ever: map[string]bool{}}
	data, err := os.ReadFile("testdata/galley.txtar")
	if err != nil {
		t.Fatal(err)
	}
	site := archive.Parse(data)
	for _, name := range site.Names {
		w.write(name, site.Files[name])
	}
	w.write("site.yaml", site.Files["site.yaml"]+settings)
	w.write("static/photos/a.png", w.picture())
	w.write("content/town/mill/mill.png", w.picture())
	w.write("content/town/mill/wheel.jpg", w.photo())
	w.cache = filepath.Join(filepath.Dir(w.dir), "cache")
	return w
}

// photo is a picture as a camera writes it.
func (w *writer) photo() string {
	m := image.NewGray(image.Rect(0, 0, 260, 180))
	for i := range m.Pix {
		m.Pix[i] = byte(i*w.n + w.IntN(64))
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		w.Fatal(err)
	}
	return b.String()
}

// picture draws one that is like no other.
func (w *writer) picture() string {
	m := image.NewGray(image.Rect(0, 0, 40+w.IntN(40), 30))
	for i := range m.Pix {
		m.Set(i%m.Stride, i/m.Stride, color.Gray{uint8(w.IntN(256))})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		w.Fatal(err)
	}
	return b.String()
}

// serve starts the preview, and waits until it shows something.
func (w *writer) serve(flags ...string) *writer {
	w.Helper()
	w.start(append([]string{"--addr", "127.0.0.1:0"}, flags...)...)
	w.arrived()
	return w
}

// start starts the preview.
func (w *writer) start(flags ...string) {
	w.Helper()
	w.watched = w.watch(append([]string{"serve", "--cache", w.cache}, flags...)...)
}

// arrived waits until the preview has said where it is.
func (w *writer) arrived() {
	w.Helper()
	w.until("it says where it is", func() bool {
		_, rest, ok := strings.Cut(w.said.String(), " is at http://")
		w.url = "http://" + strings.TrimSuffix(strings.Fields(rest + " x")[0], "/") + "/"
		return ok && strings.Contains(rest, "\n")
	})
}

// saves makes changes: each there is once, then any.
func (w *writer) saves(count int) {
	w.settled("the start")
	names := slices.Sorted(maps.Keys(changes))
	w.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	var log []string
	for w.n = 1; w.n <= count; w.n++ {
		name := names[w.IntN(len(names))]
		if w.n <= len(names) {
			name = names[w.n-1]
		}
		log = append(log, name)
		w.Log(w.n, name)
		changes[name](w)
		w.settled(fmt.Sprintf("change %d of STET_SEED=%d, %s", w.n, numberOf("STET_SEED", 1), strings.Join(log[max(0, len(log)-4):], " < ")))
	}
	w.quiet()
	w.end()
}

// soon is how long the preview may take to be right. It is much more than
// it takes, as tests run where others work too.
const soon = 20 * time.Second

// settled waits until the preview is what a build from nothing is.
func (w *writer) settled(after string) {
	w.Helper()
	want := w.clean(w.dir)
	if want.wrong() {
		w.Fatalf("after %s the site itself is wrong: %v", after, want.problems)
	}
	w.shows(want, after)
	w.right = want
}

// shows waits until the preview is this.
func (w *writer) shows(want expected, after string) {
	w.Helper()
	for path := range want.files {
		w.ever[path] = true
	}
	w.becomes(after, func() string { return w.differs(want) })
}

// becomes waits until nothing is different.
func (w *writer) becomes(after string, differs func() string) {
	w.Helper()
	difference := differs()
	for deadline := time.Now().Add(max(soon, w.patience)); difference != ""; difference = differs() {
		if time.Now().After(deadline) {
			w.Fatalf("after %s the preview is stale: %s\n%s", after, difference, tail(w.said.String()))
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// quiet waits until the preview has not been made for a second: nothing that it
// does itself starts it again.
func (w *writer) quiet() {
	w.Helper()
	for deadline := time.Now().Add(max(soon, w.patience)); ; {
		before := w.news("index.html").Edition
		time.Sleep(time.Second)
		if w.news("index.html").Edition == before {
			return
		}
		if time.Now().After(deadline) {
			w.Fatalf("the preview is made again and again\n%s", tail(w.said.String()))
		}
	}
}

// tail is the end of what a program said.
func tail(said string) string { return said[max(0, len(said)-3000):] }

// pick picks one of these.
func pick[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }
