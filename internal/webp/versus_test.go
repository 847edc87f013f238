//go:build linux

package webp

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

var (
	versus = flag.String("versus", "", "compare with cwebp on pictures drawn here and these photographs (a list of patterns, with commas)")
	rounds = flag.Int("rounds", 3, "how often three encodings of each are timed; the mean counts")
)

// TestVersus prints, picture by picture, how large and how slow this encoder is beside
// cwebp -m 4 of libwebp. Both get the same YUV planes. The size is compared at equal
// SSIM of the luma at cwebp's qualities 60 to 90, the time (user CPU, one thread) at 75.
//
//	go test ./internal/webp -run Versus -v -versus '../../content/*/*.jpg'
func TestVersus(t *testing.T) {
	if *versus == "" {
		t.Skip("-versus was not given")
	}
	if _, err := exec.LookPath("cwebp"); err != nil {
		t.Skip("there is no cwebp here")
	}
	version, _ := exec.Command("cwebp", "-version").Output()
	fmt.Printf("cwebp %s, %s\n", bytes.TrimSpace(version), runtime.Version())
	fmt.Printf("%-24s %9s  %8s %8s %8s  %6s %6s  %8s %8s %6s\n", "picture", "pixels", "size", "worst", "of PSNR", "Cb dB", "Cr dB", "ours ms", "cwebp ms", "time")
	var sizes, squares, times []float64
	for _, s := range samples(t) {
		for _, width := range []int{480, 800, 1200} {
			p := newPicture(scaled(s.image, width))
			r := against(t, p)
			fmt.Printf("%-24.24s %4dx%-4d  %+7.1f%% %+7.1f%% %+7.1f%%  %+6.2f %+6.2f  %8.1f %8.1f %6.2f\n", s.name, p.width, p.height,
				100*(r.size-1), 100*(r.worst-1), 100*(r.bySquares-1), r.chroma[0], r.chroma[1], r.ours, r.theirs, r.ours/r.theirs)
			sizes, squares, times = append(sizes, r.size), append(squares, r.bySquares), append(times, r.ours/r.theirs)
		}
	}
	fmt.Printf("mean of %d: size %+.1f%% at equal SSIM (worst picture %+.1f%%), %+.1f%% at equal PSNR; time %.2f (worst %.2f)\n", len(sizes),
		100*(geometric(sizes)-1), 100*(slices.Max(sizes)-1), 100*(geometric(squares)-1), geometric(times), slices.Max(times))
}

// geometric is the geometric mean.
func geometric(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += math.Log(x)
	}
	return math.Exp(sum / float64(len(v)))
}

type sample struct {
	name  string
	image image.Image
}

// samples are the pictures to compare with.
func samples(t *testing.T) (all []sample) {
	for seed := range uint64(2) {
		all = append(all, sample{fmt.Sprintf("landscape %d", seed), landscape(1200, 800, seed)})
	}
	for pattern := range strings.SplitSeq(*versus, ",") {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			m, err := jpeg.Decode(bytes.NewReader(data))
			if err != nil {
				t.Fatal(path, err)
			}
			all = append(all, sample{filepath.Base(path), m})
		}
	}
	return all
}

func scaled(m image.Image, width int) image.Image {
	b := m.Bounds()
	if b.Dx() < width {
		width = b.Dx()
	}
	out := image.NewRGBA(image.Rect(0, 0, width, b.Dy()*width/b.Dx()))
	draw.CatmullRom.Scale(out, out.Rect, m, b, draw.Src, nil)
	return out
}

// A point is one encoding: its size, how like the source it is (SSIM of the luma, in
// dB of what is missing), and the PSNR of the three planes.
type point struct {
	size, like float64
	psnr       [3]float64
}

type result struct {
	size, worst, bySquares float64 // this encoder's size in proportion to cwebp's
	chroma                 [2]float64
	ours, theirs           float64 // milliseconds
}

// against compares the two on one picture.
func against(t *testing.T, p *picture) (r result) {
	dir := t.TempDir()
	source := filepath.Join(dir, "in.yuv")
	var yuv bytes.Buffer
	for i, pl := range p.planes {
		w, h := p.size(i)
		for y := range h {
			yuv.Write(pl.pix[y*pl.stride:][:w])
		}
	}
	if err := os.WriteFile(source, yuv.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	var ours, theirs []point
	for quality := 40; quality <= 98; quality += 4 {
		data, err := encode(p, quality, longestFirst)
		if err != nil {
			t.Fatal(err)
		}
		ours = append(ours, measure(t, p, data))
	}
	for quality := 60; quality <= 90; quality += 5 {
		data, _ := cwebp(t, p, source, quality)
		theirs = append(theirs, measure(t, p, data))
	}
	like := func(p point) float64 { return p.like }
	squares := func(p point) float64 { return p.psnr[0] }
	size := func(p point) float64 { return math.Log(p.size) }
	var sum, sumSquares float64
	for _, q := range theirs {
		d := interpolate(ours, like, size, q.like) - math.Log(q.size)
		sum += d
		r.worst = max(r.worst, math.Exp(d))
		sumSquares += interpolate(ours, squares, size, q.psnr[0]) - math.Log(q.size)
		for c := range r.chroma {
			plane := func(p point) float64 { return p.psnr[1+c] }
			r.chroma[c] += (interpolate(ours, like, plane, q.like) - q.psnr[1+c]) / float64(len(theirs))
		}
	}
	r.size, r.bySquares = math.Exp(sum/float64(len(theirs))), math.Exp(sumSquares/float64(len(theirs)))
	var our, their time.Duration
	for range *rounds {
		before := userTime()
		for range 3 {
			_, _ = encode(p, 75, longestFirst)
		}
		our += userTime() - before
		for range 3 {
			_, used := cwebp(t, p, source, 75)
			their += used
		}
	}
	r.ours, r.theirs = our.Seconds()*1000/float64(3**rounds), their.Seconds()*1000/float64(3**rounds)
	return r
}

func userTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano())
}

// cwebp encodes with libwebp and says how much user CPU time it took.
func cwebp(t *testing.T, p *picture, source string, quality int) ([]byte, time.Duration) {
	out := filepath.Join(filepath.Dir(source), "out.webp")
	cmd := exec.Command("cwebp", "-quiet", "-m", "4", "-q", strconv.Itoa(quality), "-s", strconv.Itoa(p.width), strconv.Itoa(p.height), source, "-o", out)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("cwebp: %v %s", err, text)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return data, cmd.ProcessState.UserTime()
}

// measure decodes a file and compares it with the source.
func measure(t *testing.T, p *picture, data []byte) point {
	m, err := webp.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	got := m.(*image.YCbCr)
	r := point{size: float64(len(data))}
	r.like = -10 * math.Log10(1-ssim(p.planes[0].pix, p.planes[0].stride, got.Y, got.YStride, p.width, p.height))
	for c, pix := range [][]uint8{got.Y, got.Cb, got.Cr} {
		w, h := p.size(c)
		stride := got.YStride
		if c > 0 {
			stride = got.CStride
		}
		sum := 0
		for y := range h {
			for x := range w {
				d := int(pix[y*stride+x]) - int(p.planes[c].pix[y*p.planes[c].stride+x])
				sum += d * d
			}
		}
		r.psnr[c] = 10 * math.Log10(255*255*float64(w*h)/max(float64(sum), 1))
	}
	return r
}

// ssim is the mean structural similarity (Wang et al. 2004) over all windows of
// 8x8 pixels that begin at even places.
func ssim(a []uint8, as int, b []uint8, bs int, w, h int) float64 {
	const n, c1, c2 = 64, 6.5025, 58.5225
	sum, count := 0.0, 0
	for y := 0; y+8 <= h; y += 2 {
		for x := 0; x+8 <= w; x += 2 {
			var sa, sb, saa, sbb, sab int
			for j := range 8 {
				ra, rb := a[(y+j)*as+x:][:8], b[(y+j)*bs+x:][:8]
				for i := range 8 {
					u, v := int(ra[i]), int(rb[i])
					sa, sb = sa+u, sb+v
					saa, sbb, sab = saa+u*u, sbb+v*v, sab+u*v
				}
			}
			ma, mb := float64(sa)/n, float64(sb)/n
			va, vb, cov := float64(saa)/n-ma*ma, float64(sbb)/n-mb*mb, float64(sab)/n-ma*mb
			sum += (2*ma*mb + c1) * (2*cov + c2) / ((ma*ma + mb*mb + c1) * (va + vb + c2))
			count++
		}
	}
	return sum / float64(count)
}

// interpolate finds y at x along straight lines through the points, of which x
// grows with their order; beyond the ends it goes on as it ends.
func interpolate(points []point, x, y func(point) float64, at float64) float64 {
	i := 1
	for i+1 < len(points) && x(points[i]) < at {
		i++
	}
	a, b := points[i-1], points[i]
	return y(a) + (y(b)-y(a))*(at-x(a))/(x(b)-x(a))
}

// landscape draws a picture with what photographs have: a soft sky, ridges with
// texture that differs, sharp outlines of houses with windows, and the noise of
// a sensor.
func landscape(w, h int, seed uint64) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			fx, fy := float64(x), float64(y)
			sky := 150 + 70*fy/float64(h) + 30*fractal(fx/300, fy/120, 5, seed)
			r, g, b := sky*0.85, sky*0.95, sky+20
			for k := range 3 {
				s := seed*10 + uint64(k) + 7
				line := float64(h) * (0.45 + 0.16*float64(k) + 0.1*fractal(fx/260, 0, 6, s))
				if fy > line {
					tone := 110 - 25*float64(k) + float64(14+14*k)*fractal(fx/(40/float64(1+k)), fy/(30/float64(1+k)), 5, s+50)
					r, g, b = tone, tone*(0.95+0.1*float64(k)), tone*0.7
				}
			}
			col := x * 14 / w
			if top := float64(h)*0.62 + 60*dot(col, 0, seed+99); fy > top && fy < float64(h)*0.85 && col%3 != 0 {
				tone := 120 + 60*dot(col, 1, seed+98) + 6*fractal(fx/3, fy/3, 2, seed)
				if x*14%w > w/3 && (y/9)%3 == 1 && (x/7)%2 == 0 {
					tone *= 0.45
				}
				r, g, b = tone, tone*0.86, tone*0.78
			}
			noise := 5 * dot(x, y, seed+1)
			i := m.PixOffset(x, y)
			for c, v := range []float64{r, g, b, 255} {
				if c < 3 {
					v += noise + 2*dot(x, y, seed+2+uint64(c))
				}
				m.Pix[i+c] = uint8(min(max(v, 0), 255))
			}
		}
	}
	return m
}

// fractal is noise of several scales, from about -1 to 1.
func fractal(x, y float64, octaves int, seed uint64) (sum float64) {
	weight := 0.5
	for o := range octaves {
		ix, iy := math.Floor(x), math.Floor(y)
		fx, fy := x-ix, y-iy
		fx, fy = fx*fx*(3-2*fx), fy*fy*(3-2*fy)
		at := func(i, j int) float64 { return dot(int(ix)+i, int(iy)+j, seed+uint64(o)*1000) }
		sum += weight * ((at(0, 0)*(1-fx)+at(1, 0)*fx)*(1-fy) + (at(0, 1)*(1-fx)+at(1, 1)*fx)*fy)
		x, y, weight = 2*x, 2*y, weight/1.8
	}
	return sum
}

// dot is a random value from -1 to 1 that a place always has.
func dot(x, y int, seed uint64) float64 {
	v := uint64(x)*0x9e3779b97f4a7c15 ^ uint64(y)*0xc2b2ae3d27d4eb4f ^ seed*0x165667b19e3779f9
	v ^= v >> 29
	v *= 0xbf58476d1ce4e5b9
	v ^= v >> 32
	v *= 0x94d049bb133111eb
	return float64(v>>11)/(1<<52) - 1
}
