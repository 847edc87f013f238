package pixels

import (
	"image"
	"image/color"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// deep is a picture with 16 bits a sample, that takes no memory for them.
type deep struct{ image.Image }

func (d deep) ColorModel() color.Model { return color.RGBA64Model }

func (d deep) Opaque() bool { return true }

const childFile = "STET_PIXELS_FILE"

// TestChild makes five renditions of a file, if it is told of one.
func TestChild(t *testing.T) {
	file := os.Getenv(childFile)
	if file == "" {
		t.Skip("it is run by TestMemory")
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := Make(f, 6, fiveJobs(), Limits{}); err != nil {
		t.Fatal(err)
	}
}

// A process that makes five renditions of 24 megapixels needs little memory, and
// no more than was said before.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes pictures of 24 megapixels")
	}
	dir := t.TempDir()
	jpg := write(t, dir, "photo.jpg", withICC(asJPEG(t, large(), 90), matrixProfile(4, p3Matrix, srgbCurve), 1000))
	write(t, dir, "deep.png", asPNG(t, deep{large()}))
	vips(t, "vips", "copy", jpg, filepath.Join(dir, "progressive.jpg[Q=90,interlace=true,subsample_mode=on]"))
	for name, most := range map[string]int64{"photo.jpg": 150, "progressive.jpg": 150, "deep.png": 400} {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestChild$")
		cmd.Env = append(os.Environ(), childFile+"="+filepath.Join(dir, name))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		peak := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss >> 10
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		info, err := Look(f, Limits{})
		size, _ := f.Seek(0, io.SeekEnd)
		f.Close()
		needs := info.Needs(6, fiveJobs()) >> 20
		t.Logf("%s of %d MB: at most %d MB, said were %d and %d, in %v", name, size>>20, peak, info.Memory()>>20, needs, cmd.ProcessState.UserTime())
		if err != nil || peak > most || peak > info.Memory()>>20+size>>20+30 || peak > needs+size>>20+30 {
			t.Errorf("%s: %d MB, of %d", name, peak, most)
		}
	}
}
