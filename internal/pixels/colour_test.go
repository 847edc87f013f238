package pixels

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"math"
	"path/filepath"
	"testing"
)

// tagged makes an ICC profile of its tags.
func tagged(version byte, space, pcs string, tags ...[2]string) []byte {
	b := make([]byte, 132+12*len(tags))
	b[8] = version
	copy(b[12:], "mntr"+space+pcs)
	copy(b[36:], "acsp")
	binary.BigEndian.PutUint32(b[68:], 0xf6d6)
	binary.BigEndian.PutUint32(b[72:], 0x10000)
	binary.BigEndian.PutUint32(b[76:], 0xd32d)
	binary.BigEndian.PutUint32(b[128:], uint32(len(tags)))
	for i, t := range tags {
		copy(b[132+12*i:], t[0])
		binary.BigEndian.PutUint32(b[136+12*i:], uint32(len(b)))
		binary.BigEndian.PutUint32(b[140+12*i:], uint32(len(t[1])))
		b = append(b, t[1]...)
		b = append(b, make([]byte, (4-len(b)%4)%4)...)
	}
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	return b
}

func words(head string, values ...float64) string {
	b := []byte(head)
	for _, v := range values {
		b = binary.BigEndian.AppendUint32(b, uint32(int32(math.Round(v*65536))))
	}
	return string(b)
}

const desc = "desc\x00\x00\x00\x00\x00\x00\x00\x05test\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" // and zeros

func matrixProfile(version byte, m [3][3]float64, trc string) []byte {
	column := func(i int) string { return words("XYZ \x00\x00\x00\x00", m[0][i], m[1][i], m[2][i]) }
	return tagged(version, "RGB ", "XYZ ", [2]string{"desc", desc + string(make([]byte, 80))},
		[2]string{"wtpt", words("XYZ \x00\x00\x00\x00", 0.9642, 1, 0.8249)},
		[2]string{"rXYZ", column(0)}, [2]string{"gXYZ", column(1)}, [2]string{"bXYZ", column(2)},
		[2]string{"rTRC", trc}, [2]string{"gTRC", trc}, [2]string{"bTRC", trc})
}

// The colorants are those of Apple's and Adobe's own profiles.
var (
	p3Matrix    = [3][3]float64{{0.51512, 0.29198, 0.15710}, {0.24120, 0.69225, 0.06657}, {-0.00105, 0.04189, 0.78407}}
	adobeMatrix = [3][3]float64{{0.60974, 0.20528, 0.14919}, {0.31111, 0.62567, 0.06322}, {0.01947, 0.06087, 0.74457}}
	srgbMatrix  = [3][3]float64{{0.43607, 0.38515, 0.14307}, {0.22249, 0.71687, 0.06061}, {0.01392, 0.09708, 0.71410}}
	srgbCurve   = words("para\x00\x00\x00\x00\x00\x03\x00\x00", 2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045)
	gamma22     = "curv\x00\x00\x00\x00\x00\x00\x00\x01\x02\x33"
)

// tabledGamma is a curve by its values, as version 2 has that of sRGB.
func tabledGamma(gamma float64) string {
	b := []byte("curv\x00\x00\x00\x00\x00\x00\x04\x00")
	for i := range 1024 {
		b = binary.BigEndian.AppendUint16(b, uint16(math.Round(65535*math.Pow(float64(i)/1023, gamma))))
	}
	return string(b)
}

// withICC puts a profile into a JPEG, in parts of some size.
func withICC(data, profile []byte, part int) []byte {
	out := append([]byte{}, data[:2]...)
	count := (len(profile) + part - 1) / part
	for i := range count {
		p := profile[i*part : min(len(profile), (i+1)*part)]
		out = append(out, 0xff, 0xe2)
		out = binary.BigEndian.AppendUint16(out, uint16(len(p)+16))
		out = append(out, "ICC_PROFILE\x00"...)
		out = append(out, byte(i+1), byte(count))
		out = append(out, p...)
	}
	return append(out, data[2:]...)
}

// withICCP puts a profile into a PNG.
func withICCP(data, profile []byte) []byte {
	var z bytes.Buffer
	z.WriteString("iCCPtest\x00\x00")
	w := zlib.NewWriter(&z)
	w.Write(profile)
	w.Close()
	out := append([]byte{}, data[:33]...)
	out = binary.BigEndian.AppendUint32(out, uint32(z.Len()-4))
	out = append(out, z.Bytes()...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(z.Bytes()))
	return append(out, data[33:]...)
}

const patch = 16 // pixels

// card is a test card: patches of 6 by 6 by 6 colours.
func card() *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, 18*patch, 12*patch))
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			i := y/patch*18 + x/patch
			m.SetNRGBA(x, y, color.NRGBA{uint8(i / 36 * 51), uint8(i / 6 % 6 * 51), uint8(i % 6 * 51), 255})
		}
	}
	return m
}

// eachPatch visits the middles of the patches.
func eachPatch(visit func(x, y int)) {
	for y := patch / 2; y < 12*patch; y += patch {
		for x := patch / 2; x < 18*patch; x += patch {
			visit(x, y)
		}
	}
}

// The colours of a card are those that its matrix and curve say, computed with
// the inverse of sRGB's matrix found here, and those that libvips makes.
func TestColour(t *testing.T) {
	dir := t.TempDir()
	gamma := func(g float64) func(float64) float64 { return func(v float64) float64 { return math.Pow(v, g) } }
	curve := func(v float64) float64 {
		if v < 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	for _, c := range []struct {
		name    string
		profile []byte
		matrix  [3][3]float64
		light   func(float64) float64
	}{
		{"P3 v4", matrixProfile(4, p3Matrix, srgbCurve), p3Matrix, curve},
		{"Adobe RGB", matrixProfile(2, adobeMatrix, gamma22), adobeMatrix, gamma(2 + 51.0/256)},
		{"tabled", matrixProfile(2, p3Matrix, tabledGamma(1.8)), p3Matrix, gamma(1.8)},
		{"sRGB", matrixProfile(4, srgbMatrix, srgbCurve), srgbMatrix, curve},
	} {
		for _, kind := range []string{"png", "jpg"} {
			data := withICCP(asPNG(t, card()), c.profile)
			if kind == "jpg" {
				data = withICC(asJPEG(t, card(), 98), c.profile, 200)
			}
			got := decoded(t, made(t, data, 1, Job{Type: "image/png"})[0])
			plain := decoded(t, made(t, map[string][]byte{"png": asPNG(t, card()), "jpg": asJPEG(t, card(), 98)}[kind], 1, Job{Type: "image/png"})[0])
			var exact, theirs deltas
			out := filepath.Join(dir, "out.png")
			vips(t, "vips", "icc_transform", write(t, dir, "card."+kind, data), out, "srgb", "--intent", "relative", "--embedded")
			witness := decoded(t, Rendition{Type: "image/png", Data: read(t, out)})
			eachPatch(func(x, y int) {
				exact.add(labOf(straightAt(got, x, y)), expected(straightAt(plain, x, y), c.matrix, c.light))
				theirs.add(labOf(straightAt(got, x, y)), labOf(straightAt(witness, x, y)))
			})
			t.Logf("%-9s %s: ΔE2000 %.2f, at most %.2f; from libvips %.2f, at most %.2f", c.name, kind, exact.mean(), exact.most, theirs.mean(), theirs.most)
			if exact.mean() > 0.5 || exact.most > 2 || theirs.mean() > 1.5 || theirs.most > 4 {
				t.Errorf("%s %s: the colours are wrong", c.name, kind)
			}
		}
	}
}

// CMYK is what libvips makes of it, by its profile.
func TestCMYK(t *testing.T) {
	dir := t.TempDir()
	png := write(t, dir, "card.png", asPNG(t, card()))
	file, out := filepath.Join(dir, "cmyk.jpg"), filepath.Join(dir, "out.png")
	vips(t, "vips", "icc_export", png, file+"[Q=98]", "--output-profile", "cmyk")
	got := decoded(t, made(t, read(t, file), 1, Job{Type: "image/png"})[0])
	vips(t, "vips", "icc_transform", file, out, "srgb", "--intent", "relative", "--embedded")
	witness := decoded(t, Rendition{Type: "image/png", Data: read(t, out)})
	var d deltas
	eachPatch(func(x, y int) { d.add(labOf(straightAt(got, x, y)), labOf(straightAt(witness, x, y))) })
	t.Logf("CMYK: ΔE2000 from libvips %.2f, at most %.2f", d.mean(), d.most)
	if d.mean() > 1.5 || d.most > 4 {
		t.Error("the colours are wrong")
	}
	info, err := Look(bytes.NewReader(read(t, file)), Limits{})
	if err != nil || info.profile == nil {
		t.Error("libvips wrote no profile", err)
	}
	// Without the profile, white is white and black black.
	vips(t, "vips", "copy", file, file+"2.jpg[Q=98,strip]")
	bare := decoded(t, made(t, read(t, file+"2.jpg"), 1, Job{Type: "image/png"})[0])
	if c := straightAt(bare, 17*patch+8, 11*patch+8); min(c.R, c.G, c.B) < 245 {
		t.Errorf("white is %v", c)
	}
	if c := straightAt(bare, 8, 8); max(c.R, c.G, c.B) > 70 {
		t.Errorf("black is %v", c)
	}
}

// A grey picture is what its curve says.
func TestGrayProfile(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 256, 8))
	for i := range m.Pix {
		m.Pix[i] = byte(i % 256)
	}
	profile := tagged(2, "GRAY", "XYZ ", [2]string{"kTRC", "curv\x00\x00\x00\x00\x00\x00\x00\x01\x01\x00"})
	got := decoded(t, made(t, withICCP(asPNG(t, m), profile), 1, Job{Type: "image/png"})[0])
	for x := range 256 {
		want := math.Round(255 * sRGB(float64(x)/255))
		if v := straightAt(got, x, 4).G; math.Abs(float64(v)-want) > 1 {
			t.Errorf("%d is %d, not %g", x, v, want)
		}
	}
}

// expected is the colour that linear light of a matrix has in sRGB, cut off where
// sRGB ends.
func expected(c color.NRGBA, m [3][3]float64, light func(float64) float64) lab {
	v := [3]float64{light(float64(c.R) / 255), light(float64(c.G) / 255), light(float64(c.B) / 255)}
	xyz := times(m, v)
	rgb := times(inverted(srgbMatrix), xyz)
	for i := range rgb {
		rgb[i] = max(0, min(rgb[i], 1))
	}
	return labFrom(times(srgbMatrix, rgb))
}

func inverted(m [3][3]float64) (n [3][3]float64) {
	det := 0.0
	for i := range 3 {
		det += m[0][i] * (m[1][(i+1)%3]*m[2][(i+2)%3] - m[1][(i+2)%3]*m[2][(i+1)%3])
	}
	for i := range 3 {
		for j := range 3 {
			n[i][j] = (m[(j+1)%3][(i+1)%3]*m[(j+2)%3][(i+2)%3] - m[(j+1)%3][(i+2)%3]*m[(j+2)%3][(i+1)%3]) / det
		}
	}
	return n
}
