package pixels

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"path/filepath"
	"runtime"
	"testing"
)

// Every kind of source gives its picture.
func TestSources(t *testing.T) {
	m := quarters(64, 48)
	deep := image.NewNRGBA64(m.Rect)
	gray16 := image.NewGray16(m.Rect)
	palette := image.NewPaletted(m.Rect, color.Palette{straightAt(m, 0, 0), straightAt(m, 63, 0), straightAt(m, 0, 47), straightAt(m, 63, 47)})
	for y := range 48 {
		for x := range 64 {
			deep.Set(x, y, m.At(x, y))
			gray16.Set(x, y, m.At(x, y))
			palette.Set(x, y, m.At(x, y))
		}
	}
	var still bytes.Buffer
	if err := gif.Encode(&still, palette, nil); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"png": asPNG(t, m), "16 bits": asPNG(t, deep), "palette": asPNG(t, palette), "gif": still.Bytes(), "jpeg": asJPEG(t, m, 99),
		"gray": asPNG(t, gray16),
	} {
		for _, kind := range []string{"image/png", "image/jpeg"} {
			r := made(t, data, 1, Job{Width: 32, Type: kind, Quality: 98})[0]
			for i, at := range []image.Point{{3, 3}, {28, 3}, {3, 20}, {28, 20}} {
				want := straightAt(m, i%2*63, i/2*47)
				if name == "gray" {
					want = color.NRGBAModel.Convert(color.GrayModel.Convert(want)).(color.NRGBA)
				}
				if got := straightAt(decoded(t, r), at.X, at.Y); !near(got, want) || got.A != 255 {
					t.Errorf("%s to %s: %v, not %v", name, kind, got, want)
				}
			}
		}
	}
}

// A WebP, with transparency or without, is what libvips reads.
func TestWebP(t *testing.T) {
	dir := t.TempDir()
	files := map[string][]byte{"photo": conformance(t, "sunrise.webp")}
	faded := quarters(100, 60)
	for i := 3; i < len(faded.Pix); i += 4 {
		faded.Pix[i] = byte(55 + i/4%100*2)
	}
	for name, options := range map[string]string{"lossy": "Q=95", "lossless": "lossless=true"} {
		vips(t, "vips", "copy", write(t, dir, "faded.png", asPNG(t, faded)), filepath.Join(dir, name+".webp["+options+"]"))
		files[name] = read(t, filepath.Join(dir, name+".webp"))
	}
	for name, data := range files {
		out := filepath.Join(dir, name+".png")
		vips(t, "vips", "copy", write(t, dir, "in.webp", data), out)
		want := decoded(t, Rendition{Type: "image/png", Data: read(t, out)})
		got := decoded(t, made(t, data, 1, Job{Type: "image/png"})[0])
		if d := meanDifference(got, want); d > 1.5 && name == "photo" || d > 3 { // faint colours are rounded
			t.Errorf("%s differs by %.1f in the mean", name, d)
		}
	}
}

// What is transparent stays so, its colour does not bleed, and a JPEG has white
// there.
func TestAlpha(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 90, 90))
	for i := 0; i < len(m.Pix); i += 4 {
		copy(m.Pix[i:], []byte{0, 255, 0, 0}) // transparent green
		if x := i / 4 % 90; x >= 30 && x < 60 {
			copy(m.Pix[i:], []byte{200, 0, 0, 255})
		} else if x >= 60 {
			copy(m.Pix[i:], []byte{0, 0, 200, 128})
		}
	}
	for _, width := range []int{90, 40, 21} {
		renditions := made(t, asPNG(t, m), 1, Job{Width: width, Type: "image/png"}, Job{Width: width, Type: "image/jpeg", Quality: 95})
		png, jpg := decoded(t, renditions[0]), decoded(t, renditions[1])
		for x := range width {
			if c := straightAt(png, x, 5); c.A > 8 && c.G > 12 {
				t.Errorf("%d pixels: green bleeds: %v at %d", width, c, x)
			}
		}
		third := width / 6
		for i, want := range []color.NRGBA{{0, 0, 0, 0}, {200, 0, 0, 255}, {0, 0, 200, 128}} {
			if c := straightAt(png, third+i*width/3, 5); c.A != want.A || c.A > 0 && !near(c, want) {
				t.Errorf("%d pixels: %v, not %v", width, c, want)
			}
		}
		for i, want := range []color.NRGBA{{255, 255, 255, 255}, {200, 0, 0, 255}, {127, 127, 227, 255}} {
			if c := straightAt(jpg, third+i*width/3, 5); apart(c.R, want.R)+apart(c.G, want.G)+apart(c.B, want.B) > 24 {
				t.Errorf("%d pixels in a JPEG: %v, not %v", width, c, want)
			}
		}
	}
}

// A GIF whose picture does not fill it is transparent around.
func TestSmallGIF(t *testing.T) {
	var b bytes.Buffer
	m := image.NewPaletted(image.Rect(5, 5, 15, 15), color.Palette{color.Black, color.White})
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{m}, Delay: []int{0}, Config: image.Config{Width: 20, Height: 20}}); err != nil {
		t.Fatal(err)
	}
	got := decoded(t, made(t, b.Bytes(), 1, Job{Type: "image/png"})[0])
	if got.Bounds().Dx() != 20 || straightAt(got, 2, 2).A != 0 || straightAt(got, 10, 10) != (color.NRGBA{0, 0, 0, 255}) {
		t.Errorf("%v, %v, %v", got.Bounds(), straightAt(got, 2, 2), straightAt(got, 10, 10))
	}
}

func animation(t *testing.T) []byte {
	var b bytes.Buffer
	frame := image.NewPaletted(image.Rect(0, 0, 20, 20), color.Palette{color.Black, color.White})
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{9, 9}}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What is not scaled says so, and whether it may be shown as it is.
func TestUnscaled(t *testing.T) {
	for _, c := range []struct {
		data []byte
		want Unscaled
	}{
		{animation(t), Unscaled{"animated GIF", true}},
		{conformance(t, "sunset.avif"), Unscaled{"AVIF", true}},
		{[]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), Unscaled{"SVG", true}},
		{[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), Unscaled{"HEIC", false}},
		{[]byte("\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1miaf"), Unscaled{"HEIC", false}},
		{[]byte("\x00\x00\x00\x18ftypcrx \x00\x00\x00\x01crx isom"), Unscaled{"RAW or TIFF", false}},
		{[]byte("II*\x00\x08\x00\x00\x00 and so on, a NEF"), Unscaled{"RAW or TIFF", false}},
		{[]byte("\xff\x0a, JPEG XL"), Unscaled{"JPEG XL", false}},
	} {
		_, err := Make(bytes.NewReader(c.data), 1, []Job{{Type: "image/jpeg"}}, Limits{})
		if u := (*Unscaled)(nil); !errors.As(err, &u) || *u != c.want {
			t.Errorf("%.12q: %v, not %+v", c.data, err, c.want)
		}
	}
}

// bomb is a PNG that says it is large.
func bomb(t *testing.T, w, h uint32) []byte {
	data := asPNG(t, image.NewGray(image.Rect(0, 0, 2, 2)))
	binary.BigEndian.PutUint32(data[16:], w)
	binary.BigEndian.PutUint32(data[20:], h)
	return data
}

func TestLimits(t *testing.T) {
	jpg := asJPEG(t, image.NewGray(image.Rect(0, 0, 8, 8)), 50)
	at := bytes.Index(jpg, []byte{0xff, 0xc0})
	copy(jpg[at+5:], "\xff\xff\xff\xff")
	webp := []byte("RIFF\x20\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\xff\xff\x3f\xff\xff\x3fVP8 \x00\x00\x00\x00")
	for name, data := range map[string][]byte{
		"png": bomb(t, 50_000, 50_000), "thin": bomb(t, 1<<31-1, 1), "jpeg": jpg, "gif": []byte("GIF89a\xff\xff\xff\xff\x00\x00\x00;"), "webp": webp,
	} {
		before := allocated()
		_, err := Make(bytes.NewReader(data), 1, []Job{{Type: "image/jpeg"}}, Limits{})
		if name == "webp" || name == "gif" {
			if err == nil {
				t.Errorf("%s: no error", name)
			}
		} else if !errors.As(err, new(*TooLarge)) {
			t.Errorf("%s: %v", name, err)
		}
		if n := allocated() - before; n > 1<<20 {
			t.Errorf("%s: %d bytes were taken to refuse it", name, n)
		}
	}
	small := asPNG(t, quarters(300, 200))
	for _, limits := range []Limits{{Pixels: 59_999}, {Memory: 1 << 20}} {
		if _, err := Look(bytes.NewReader(small), limits); !errors.As(err, new(*TooLarge)) {
			t.Errorf("%+v: %v", limits, err)
		}
	}
	if _, err := Look(bytes.NewReader(small), Limits{Pixels: 60_000, Memory: 100 << 20}); err != nil {
		t.Error(err)
	}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// A file that is cut short anywhere is an error that says so, never a picture
// with a grey half.
func TestTruncated(t *testing.T) {
	for name, data := range map[string][]byte{
		"jpeg": asJPEG(t, scene(120, 80), 80), "png": asPNG(t, quarters(50, 40)), "webp": conformance(t, "sunrise.webp"), "photo": conformance(t, "sunrise.jpg"),
	} {
		step := 1 + len(data)/300
		for n := 0; n < len(data)-16; n += step {
			_, err := Make(bytes.NewReader(data[:n]), 1, []Job{{Width: 20, Type: "image/jpeg"}}, Limits{})
			if !errors.Is(err, ErrBroken) && !errors.Is(err, ErrUnknown) {
				t.Errorf("%d of %d bytes of a %s: %v", n, len(data), name, err)
			}
		}
	}
	for _, data := range []string{"", "\xff\xd8\xff", "no picture", "\x89PNG\r\n\x1a\n", "GIF89a"} {
		_, err := Make(bytes.NewReader([]byte(data)), 1, []Job{{Width: 20, Type: "image/jpeg"}}, Limits{})
		if !errors.Is(err, ErrBroken) && !errors.Is(err, ErrUnknown) {
			t.Errorf("%q: %v", data, err)
		}
	}
}

// A progressive JPEG between two of whose scans the rest is missing is not whole,
// though one could show something.
func TestNoRest(t *testing.T) {
	data := variants(t)["progressive"]
	at := bytes.LastIndex(data, []byte{0xff, 0xda})
	if _, err := decodeJPEG(data[:at], 333, 221, []int{0}); !errors.Is(err, ErrBroken) {
		t.Error(err)
	}
}

// What says another size to the decoder than to the limits is refused.
func TestTwoSizes(t *testing.T) {
	jpg := asJPEG(t, scene(40, 30), 80)
	at := bytes.Index(jpg, []byte{0xff, 0xc0})
	hidden := append(bytes.Clone(jpg[:at]), 0xff, 0xd8, 0, 8, 1, 2, 3, 4, 5, 6)
	webp := conformance(t, "sunrise.webp")
	lying := append([]byte("RIFF\xff\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x10\x00\x00\x00\xff\xff\xff\xff\xff\xffALPH\x02\x00\x00\x00\x00\x00"), webp[12:]...)
	for _, data := range [][]byte{append(hidden, jpg[at:]...), lying} {
		if _, err := Make(bytes.NewReader(data), 1, []Job{{Type: "image/png"}}, Limits{}); err != nil && !errors.Is(err, ErrBroken) {
			t.Error(err)
		}
	}
	if _, err := decodeJPEG(jpg, 40, 31, []int{0}); !errors.Is(err, ErrBroken) {
		t.Error(err)
	}
	if _, err := Look(bytes.NewReader(lying), Limits{}); !errors.Is(err, ErrBroken) {
		t.Error(err)
	}
}

// Only the end's marker is missing: nobody would see a difference.
func TestNoEnd(t *testing.T) {
	data := asJPEG(t, scene(120, 80), 80)
	if _, err := Make(bytes.NewReader(data[:len(data)-2]), 1, []Job{{Type: "image/jpeg"}}, Limits{}); err != nil {
		t.Error(err)
	}
}

var errDisk = errors.New("the disk is gone")

type gone struct{ *bytes.Reader }

func (g gone) Read(b []byte) (int, error) {
	if g.Len() < 1000 {
		return 0, errDisk
	}
	return g.Reader.Read(b[:min(len(b), 64)])
}

// A failure to read is not the picture's fault.
func TestFailure(t *testing.T) {
	for _, data := range [][]byte{asJPEG(t, scene(120, 80), 80), asPNG(t, scene(60, 40))} {
		_, err := Make(gone{bytes.NewReader(data)}, 1, []Job{{Type: "image/jpeg"}}, Limits{})
		if !errors.Is(err, errDisk) || errors.Is(err, ErrBroken) {
			t.Error(err)
		}
	}
	if _, err := Make(bytes.NewReader(nil), 1, []Job{{Type: "image/tiff"}}, Limits{}); err == nil {
		t.Error("a TIFF was made")
	}
	if all, err := Make(bytes.NewReader(asJPEG(t, scene(12, 8), 80)), 1, nil, Limits{}); len(all) > 0 || err != nil {
		t.Error(all, err)
	}
}

// The same bytes come out whatever the number of cores, and of one job alone or
// among others.
func TestSame(t *testing.T) {
	data := withICC(asJPEG(t, scene(900, 600), 90), matrixProfile(2, adobeMatrix, gamma22), 60000)
	jobs := fiveJobs()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	first := made(t, data, 6, jobs...)
	for i, j := range jobs {
		if alone := made(t, data, 6, j)[0]; !bytes.Equal(alone.Data, first[i].Data) {
			t.Errorf("%d pixels wide, it is another picture alone", j.Width)
		}
	}
	runtime.GOMAXPROCS(8)
	results := make(chan []Rendition)
	for range 8 {
		go func() {
			all, _ := Make(bytes.NewReader(data), 6, jobs, Limits{})
			results <- all
		}()
	}
	for range 8 {
		if fmt.Sprint(<-results) != fmt.Sprint(first) {
			t.Error("other bytes")
		}
	}
}

func FuzzMake(f *testing.F) {
	f.Add(asJPEG(f, scene(40, 30), 80), 1, 16)
	f.Add(asPNG(f, quarters(16, 12)), 6, 5)
	f.Add(withICCP(asPNG(f, quarters(8, 8)), matrixProfile(4, p3Matrix, srgbCurve)), 3, 4)
	for _, name := range []string{"f3-exif.jpg", "f6-exif.jpg"} {
		f.Add(conformance(f, name), 1, 9)
	}
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"), 1, 1)
	f.Fuzz(func(t *testing.T, data []byte, orientation, width int) {
		job := Job{Width: max(1, min(width, 64)), Type: "image/png", Focus: Centre}
		limits := Limits{Pixels: 1 << 16}
		info, err := Look(bytes.NewReader(data), limits)
		if err != nil {
			return
		}
		all, err := Make(bytes.NewReader(data), orientation, []Job{job}, limits)
		if err != nil {
			if !errors.Is(err, ErrBroken) {
				t.Errorf("%v", err)
			}
			return
		}
		if w, h := Size(info.Width, info.Height, orientation, job); all[0].Width != w || all[0].Height != h {
			t.Errorf("%d × %d, not %d × %d", all[0].Width, all[0].Height, w, h)
		}
	})
}

func FuzzProfile(f *testing.F) {
	f.Add(matrixProfile(4, p3Matrix, srgbCurve))
	f.Add(matrixProfile(2, adobeMatrix, tabledGamma(2)))
	f.Add(tagged(2, "GRAY", "Lab ", [2]string{"kTRC", gamma22}))
	f.Add(tagged(4, "RGB ", "XYZ ", [2]string{"A2B0", matrixAsTable()}))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, of := range []model{gray, rgb, cmyk} {
			if c := conversionOf(data, of); c != nil {
				c.apply([]byte{0, 255, 9}, []byte{0, 255, 8}, []byte{0, 255, 7}, []byte{0, 255, 6})
			}
		}
	})
}

// matrixAsTable is P3 as a table of version 4, without a grid.
func matrixAsTable() string {
	b := []byte("mAB \x00\x00\x00\x00\x03\x03\x00\x00")
	for _, at := range []uint32{32, 68, 116, 0, 0} {
		b = binary.BigEndian.AppendUint32(b, at)
	}
	for range 3 {
		b = append(b, "curv\x00\x00\x00\x00\x00\x00\x00\x00"...)
	}
	const pcs = 32768.0 / 65535
	m := p3Matrix
	b = append(b, words("", m[0][0]*pcs, m[0][1]*pcs, m[0][2]*pcs, m[1][0]*pcs, m[1][1]*pcs, m[1][2]*pcs, m[2][0]*pcs, m[2][1]*pcs, m[2][2]*pcs, 0, 0, 0)...)
	for range 3 {
		b = append(b, srgbCurve...)
	}
	return string(b)
}

// A table of version 4 gives what the matrix gives that it was made of.
func TestTable(t *testing.T) {
	a := decoded(t, made(t, withICCP(asPNG(t, card()), matrixProfile(4, p3Matrix, srgbCurve)), 1, Job{Type: "image/png"})[0])
	profile := tagged(4, "RGB ", "XYZ ", [2]string{"A2B0", matrixAsTable()})
	b := decoded(t, made(t, withICCP(asPNG(t, card()), profile), 1, Job{Type: "image/png"})[0])
	var d deltas
	eachPatch(func(x, y int) { d.add(labOf(straightAt(a, x, y)), labOf(straightAt(b, x, y))) })
	if t.Logf("ΔE2000 %.2f, at most %.2f", d.mean(), d.most); d.mean() > 0.5 || d.most > 3 {
		t.Error("the colours are wrong")
	}
}
