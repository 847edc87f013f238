package pixels

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// vips runs libvips, the independent witness.
func vips(t testing.TB, args ...string) {
	t.Helper()
	if _, err := exec.LookPath("vips"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("no vips: .ci/run libvips installs it")
		}
		t.Skip("no vips here (Debian: libvips-tools)")
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "VIPS_CONCURRENCY=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

func write(t testing.TB, dir, name string, data []byte) string {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// variants are JPEGs of all kinds that there are programs for.
func variants(t testing.TB) map[string][]byte {
	dir := t.TempDir()
	from := write(t, dir, "scene.png", asPNG(t, scene(333, 221)))
	all := map[string][]byte{"std": asJPEG(t, scene(333, 221), 90), "gray": asJPEG(t, grayscale(scene(333, 221)), 90)}
	for name, options := range map[string]string{
		"420":         "Q=90,subsample_mode=on",
		"444":         "Q=90,subsample_mode=off",
		"progressive": "Q=90,interlace=true,subsample_mode=on",
		"prog444":     "Q=75,interlace=true,subsample_mode=off",
		"restarts":    "Q=90,restart_interval=7",
		"optimized":   "Q=40,optimize_coding=true",
		"trellis":     "Q=90,interlace=true,restart_interval=5",
	} {
		file := filepath.Join(dir, name+".jpg")
		vips(t, "vips", "copy", from, file+"["+options+",strip]")
		all[name] = read(t, file)
	}
	return all
}

func grayscale(m *image.YCbCr) *image.Gray {
	return &image.Gray{Pix: m.Y, Stride: m.YStride, Rect: m.Rect}
}

// Decoded whole, a JPEG is what image/jpeg makes of it, but for rounding.
func TestDecodeJPEG(t *testing.T) {
	for name, data := range variants(t) {
		m, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(name, err)
		}
		var want []plane
		if c, ok := m.(*image.YCbCr); ok {
			want = yccPlanes(c)
		} else {
			want = pictureOf(m).levels[0]
		}
		for shrink := range 4 {
			got, err := decodeJPEG(data, 333, 221, []int{0, 1, 2, 3}[shrink:])
			if err != nil {
				t.Fatal(name, err)
			}
			for i, q := range want {
				for range shrink {
					q = q.halved()
				}
				p := got.levels[i][shrink]
				if p.w != q.w || p.h != q.h || p.perX != q.perX || p.perY != q.perY {
					t.Fatalf("%s by %d: plane %d is %d × %d, not %d × %d", name, 1<<shrink, i, p.w, p.h, q.w, q.h)
				}
				most, mean := compared(p, q)
				if shrink == 0 && most > 2 || mean > 2 {
					t.Errorf("%s by %d, plane %d differs by up to %d, by %.2f in the mean", name, 1<<shrink, i, most, mean)
				}
			}
		}
	}
}

func compared(p, q plane) (most int, mean float64) {
	for y := range p.h {
		for x, v := range p.row(y) {
			d := apart(v, q.row(y)[x])
			most, mean = max(most, d), mean+float64(d)
		}
	}
	return most, mean / float64(p.w*p.h)
}

// Ink in a JPEG, as CMYK and as luma and colour of it, is what image/jpeg reads.
func TestInk(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "cmyk.jpg")
	vips(t, "vips", "icc_export", write(t, dir, "card.png", asPNG(t, card())), file, "--output-profile", "cmyk")
	vips(t, "vips", "copy", file, filepath.Join(dir, "bare.jpg[strip]"))
	data := read(t, filepath.Join(dir, "bare.jpg"))
	at := bytes.Index(data, []byte("Adobe")) + 11
	for _, transform := range []byte{0, 2} {
		data[at] = transform
		want, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		got := decoded(t, made(t, data, 1, Job{Type: "image/png"})[0])
		if d := largestDifference(got, want); d > 4 {
			t.Errorf("transform %d differs by %d", transform, d)
		}
	}
}

// RGB in a JPEG is RGB.
func TestRGB(t *testing.T) {
	data := asJPEG(t, scene(64, 48), 95)
	data = append([]byte("\xff\xd8\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"), data[2:]...)
	want, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	p, err := decodeJPEG(data, 64, 48, []int{0})
	if err != nil || p.model != rgb {
		t.Fatal(p, err)
	}
	for x := range 32 { // the planes of two components are smaller: that is for the scaling
		if c := straightAt(want, 2*x, 20); apart(c.R, p.levels[0][0].row(20)[2*x]) > 2 || apart(c.G, p.levels[1][0].row(10)[x]) > 2 {
			t.Errorf("%v at %d", c, x)
		}
	}
}

// A JPEG that is damaged in the middle is an error or a picture, and takes no
// longer than any other.
func TestDamaged(t *testing.T) {
	for name, data := range variants(t) {
		errs := 0
		for i := 300; i < len(data); i += 397 {
			bad := bytes.Clone(data)
			bad[i] ^= 0x55
			if _, err := decodeJPEG(bad, 333, 221, []int{i % 4}); err != nil {
				errs++
				if !errors.Is(err, ErrBroken) {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		t.Logf("%s: %d errors", name, errs)
	}
}
