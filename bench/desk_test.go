package main

import (
	"bytes"
	"encoding/json"
	"image"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// newSmallDesk prepares a run with two small photographs.
func newSmallDesk(t *testing.T, hugo string) *desk {
	t.Helper()
	work := t.TempDir()
	stet, err := buildStet(filepath.Join(work, "bin"), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	const width = 2400
	return &desk{options: options{N: 2, Runs: 1, Seed: 1, Dir: work}, width: width, work: work, stet: stet, hugo: hugo, vips: vipsVersion(),
		stderr: io.Discard, take: func(folder string) error { return takePhotos(folder, 2, width, 1) }}
}

// Two photographs are made in all widths by everybody who is here.
func TestDesk(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds with Hugo")
	}
	hugo, err := findHugo(io.Discard)
	if err != nil {
		t.Skip("Hugo cannot be installed here: ", err)
	}
	d := newSmallDesk(t, hugo)
	if err := d.run(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := d.report(&out); err != nil {
		t.Fatal(err)
	}
	want := []string{"photos, 2 of 4 megapixels in 5 widths, load ", "JPEG: stet, one photograph", "JPEG and WebP: hugo " + hugoVersion, "MB at most 150 MB REACHED"}
	if d.vips != "" {
		want = append(want, ".webp of libvips "+d.vips, "JPEG and WebP: stet's PSNR below that of libvips")
	}
	for _, words := range want {
		if !strings.Contains(strings.Join(strings.Fields(out.String()), " "), strings.TrimSpace(words)) {
			t.Errorf("the report has no %q:\n%s", words, &out)
		}
	}
	for _, s := range d.sharp {
		if s.psnr < 30 || s.ssim < 0.85 {
			t.Errorf("%s of %s: %.2f dB, SSIM %.4f", s.kind, s.room.name, s.psnr, s.ssim)
		}
	}

	r := d.rooms[1]
	if err := os.Remove(r.made[3].path); err != nil {
		t.Fatal(err)
	}
	made, err := developed(r.paper.Out)
	if err != nil {
		t.Fatal(err)
	}
	if err := made.check(2, d.width, false); err == nil || err.Error() != "9 renditions were made, not 10" {
		t.Errorf("a rendition too few: %v", err)
	}
}

// What is missing or of another size is named.
func TestDeveloped(t *testing.T) {
	var all renditions
	for _, w := range deskWidths {
		all = append(all, rendition{photo: "photo-000", kind: ".jpg", width: w, height: (w*2 + 1) / 3})
	}
	if err := all.check(1, cameraWidth, false); err != nil {
		t.Error(err)
	}
	all[2].height--
	const says = ".jpg of photo-000 is 960 × 639 pixels; .jpg of photo-000 in 960 × 640 is missing"
	if err := all.check(1, cameraWidth, false); err == nil || err.Error() != says {
		t.Errorf("a row too few: %v", err)
	}
	if err := all.check(1, cameraWidth, true); err == nil {
		t.Error("no WebP, and nothing is said")
	}
}

// fixedDesk is a run that took so much.
func fixedDesk() *desk {
	runs := func(ms int, mb int64) series {
		return series{{Wall: time.Duration(ms) * time.Millisecond, CPU: time.Second, Peak: mb * 1e6}}
	}
	made := renditions{{bytes: 2_000_000}}
	hugo := &darkroom{name: "hugo " + hugoVersion, photos: 60, first: runs(50000, 900), again: runs(500, 60), made: made}
	stet := &darkroom{name: "stet", photos: 60, first: runs(20000, 90), again: runs(50, 20), made: made}
	vips := &darkroom{name: "libvips 8", photos: 60, first: runs(30000, 80), onces: true, made: made}
	both := &darkroom{name: "stet", webp: true, photos: 60, first: runs(40000, 95), again: runs(500, 20), made: made}
	alone := &darkroom{name: "stet", photos: 1, first: runs(400, 151), again: runs(10, 20), made: made}
	return &desk{options: options{N: 60, Runs: 1, Dir: "/dev/shm"}, width: cameraWidth, rooms: []*darkroom{hugo, stet, vips, both}, alone: []*darkroom{alone},
		sharp: []sharpness{{room: stet, kind: ".jpg", psnr: 37, ssim: 0.95, bytes: 1e6}, {room: vips, kind: ".jpg", psnr: 37.4, ssim: 0.951, bytes: 1e6}}}
}

const fixedDeskReport = `
                              wall s        min-max  peak MB  CPU s  a photo  files   MB  time ×  again s      min-max  peak MB
          JPEG: hugo 0.165.0  50.000  50.000-50.000      900   1.00    0.833      1  2.0    2.50    0.500  0.500-0.500       60
                  JPEG: stet  20.000  20.000-20.000       90   1.00    0.333      1  2.0    1.00    0.050  0.050-0.050       20
             JPEG: libvips 8  30.000  30.000-30.000       80   1.00    0.500      1  2.0    1.50
         JPEG and WebP: stet  40.000  40.000-40.000       95   1.00    0.667      1  2.0    1.00    0.500  0.500-0.500       20
  JPEG: stet, one photograph   0.400    0.400-0.400      151   1.00    0.400      1  2.0       -    0.010  0.010-0.010       20
  beside what libvips makes without loss  PSNR dB    SSIM    MB
                            .jpg of stet    37.00  0.9500  1.00
                       .jpg of libvips 8    37.40  0.9510  1.00
                                                    measured            required
              JPEG: hugo 0.165.0's time by stet's  2.5 times    at least 3 times   MISSED
           JPEG: stet's first build by its second  400 times  at least 200 times  REACHED
  JPEG and WebP: stet's first build by its second   80 times  at least 200 times   MISSED
         JPEG: stet's peak memory, one photograph     151 MB      at most 150 MB   MISSED
          JPEG: stet's PSNR below that of libvips     0.4 dB      at most 0.5 dB  REACHED
`

// The report says what is reached and what is missed.
func TestDeskReport(t *testing.T) {
	var out bytes.Buffer
	if err := fixedDesk().report(&out); err != nil {
		t.Fatal(err)
	}
	title, rest, _ := strings.Cut(out.String(), "\n")
	if !strings.HasPrefix(title, "photos, 60 of 24 megapixels in 5 widths, load ") {
		t.Errorf("title %q", title)
	}
	var lines []string
	for line := range strings.Lines(rest) {
		lines = append(lines, strings.TrimRight(line, " \n"))
	}
	if got := "\n" + strings.Join(lines, "\n") + "\n"; got != fixedDeskReport {
		t.Errorf("got %s\nwant %s", got, fixedDeskReport)
	}
}

// With -json stdout is one object of rows, and the tables are on stderr.
func TestDeskJSON(t *testing.T) {
	d := fixedDesk()
	var out, errs bytes.Buffer
	d.JSON, d.stderr = true, &errs
	if err := d.report(&out); err != nil {
		t.Fatal(err)
	}
	var object struct{ Rows []row }
	if err := json.Unmarshal(out.Bytes(), &object); err != nil {
		t.Fatal(err)
	}
	want := row{Case: "60 photos, JPEG", StetS: 20, Peer: "hugo " + hugoVersion, PeerS: 50, Ratio: 2.5, StetMB: 90, PeerMB: 900}
	if len(object.Rows) != 5 || object.Rows[0] != want {
		t.Errorf("got %+v", object.Rows)
	}
	if !strings.Contains(errs.String(), "MISSED") {
		t.Errorf("stderr has no table: %q", &errs)
	}
}

// What is equal is as near as can be, and what is not is less.
func TestQuality(t *testing.T) {
	a, b := image.NewGray(image.Rect(0, 0, 16, 16)), image.NewGray(image.Rect(0, 0, 16, 16))
	for i := range a.Pix {
		a.Pix[i] = byte(i)
		b.Pix[i] = byte(i) ^ 16
	}
	if p, s := psnr(a, a), ssim(a, a); p < 99 || s != 1 {
		t.Errorf("of one picture: %v dB, SSIM %v", p, s)
	}
	if p, s := psnr(a, b), ssim(a, b); p < 24.04 || p > 24.06 || s > 0.99 {
		t.Errorf("of two that differ by 16: %v dB, SSIM %v", p, s)
	}
}

// The same seed gives the same photographs, another gives others.
func TestCamera(t *testing.T) {
	dir := t.TempDir()
	var errs bytes.Buffer
	for folder, seed := range map[string]string{"a": "1", "b": "1", "c": "2"} {
		if status := run([]string{"camera", filepath.Join(dir, folder), "2", "-width", "300", "-seed", seed}, io.Discard, &errs); status != 0 {
			t.Fatalf("status %d, %s", status, &errs)
		}
	}
	read := func(folder string, k int) string {
		data, err := os.ReadFile(filepath.Join(dir, folder, cameraFile(k)))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	if read("a", 0) != read("b", 0) || read("a", 1) != read("b", 1) || read("a", 0) == read("c", 0) || read("a", 0) == read("a", 1) {
		t.Error("the seed does not say what the photographs are")
	}
}
