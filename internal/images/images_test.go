package images

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stet/internal/diag"
	"stet/internal/page"
)

// asked answers one question in a site of these files.
func asked(t testing.TB, files map[string]string, args string) (got *Picture, problems []diag.Problem) {
	t.Helper()
	book := Book(func(ask *page.Ask, path string) ([]byte, bool, error) {
		_, err := ask.Digest("source", path)
		data, ok := files[path]
		return []byte(data), ok, err
	})
	book["imagesettings"] = answer(func(string) any { return Settings{Widths: []int{16, 24, 64}, Quality: 80, AsIs: true, Language: "en"} })
	book["url"] = answer(func(args string) any { return "/base" + page.Fields(args, 1)[0] })
	book["source"] = answer(func(args string) any { return files[args] })
	book["file"] = answer(func(args string) any { return "/base/" + page.Fields(args, 1)[0] })
	_, problems, err := new(page.Ledger).Make(context.Background(), []page.Page{{Path: "index.html", Kind: "test"}}, page.Job{
		Makers: map[string]page.Maker{"test": func(ask *page.Ask, _ page.Page, _ *page.Content) (err error) {
			got, err = page.Get[*Picture](ask, "image", args)
			return err
		}},
		Book: book,
		Put:  func(page.Result) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return got, problems
}

func answer(f func(args string) any) page.Answerer {
	return page.Answerer{Answer: func(_ *page.Ask, args string) (page.Answer, error) {
		return page.Answer{Value: f(args)}, nil
	}}
}

// drawn is a picture of 30 by 20 pixels.
func drawn(encode func(io.Writer, image.Image) error) string {
	var b bytes.Buffer
	if err := encode(&b, image.NewGray(image.Rect(0, 0, 30, 20))); err != nil {
		panic(err)
	}
	return b.String()
}

func jpegOf(w io.Writer, m image.Image) error { return jpeg.Encode(w, m, nil) }
func gifOf(w io.Writer, m image.Image) error  { return gif.Encode(w, m, nil) }

// turned is a JPEG with EXIF that says how it is to be turned.
func turned(orientation byte) string {
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(rune(orientation)) + "\x00\x00\x00\x00\x00\x00"
	j := drawn(jpegOf)
	return j[:2] + "\xff\xe1\x00" + string(rune(len(exif)+2)) + exif + j[2:]
}

func box(name, held string) string {
	n := len(held) + 8
	return string([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}) + name + held
}

func avif(properties string) string {
	return box("ftyp", "avif\x00\x00\x00\x00mif1avif") + box("free", "x") + box("meta", "\x00\x00\x00\x00"+box("hdlr", "x")+box("iprp", box("ipco", properties)))
}

func ispe(w, h byte) string {
	return box("ispe", "\x00\x00\x00\x00\x00\x00\x00"+string([]byte{w})+"\x00\x00\x00"+string([]byte{h}))
}

func riff(chunk string) string { return "RIFF\x20\x00\x00\x00WEBP" + chunk }

func TestSizes(t *testing.T) {
	for _, c := range []struct {
		name, data, kind string
		width, height    int
		warning          string // an error if it begins with "error: "
	}{
		{"jpeg", drawn(jpegOf), "image/jpeg", 30, 20, ""},
		{"jpeg upright", turned(1), "image/jpeg", 30, 20, ""},
		{"jpeg upside down", turned(3), "image/jpeg", 30, 20, ""},
		{"jpeg turned", turned(6), "image/jpeg", 20, 30, ""},
		{"jpeg turned and mirrored", turned(5), "image/jpeg", 20, 30, ""},
		{"jpeg with a wrong orientation", turned(9), "image/jpeg", 30, 20, ""},
		{"jpeg cut", drawn(jpegOf)[:20], "image/jpeg", 0, 0, "broken"},
		{"jpeg without a frame", "\xff\xd8\xff\xd9", "image/jpeg", 0, 0, "broken"},
		{"png", drawn(png.Encode), "image/png", 30, 20, ""},
		{"png cut", drawn(png.Encode)[:17], "image/png", 0, 0, "broken"},
		{"png too large", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x00\x00\x00\x01\x00\x00", "image/png", 0, 0, "65536 × 65536"},
		{"png absurd", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff", "image/png", 0, 0, "pixels large"},
		{"png of nothing", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x00\x00\x00\x00\x00", "image/png", 0, 0, "broken"},
		{"gif", drawn(gifOf), "image/gif", 30, 20, ""},
		{"webp lossy", riff("VP8 \x0a\x00\x00\x00\x00\x00\x00\x9d\x01\x2a\x1e\x00\x14\x00"), "image/webp", 30, 20, "as it is"},
		{"webp lossless", riff("VP8L\x05\x00\x00\x00\x2f\x1d\xc0\x04\x00\x00"), "image/webp", 30, 20, "as it is"},
		{"webp extended", riff("VP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x1d\x00\x00\x13\x00\x00"), "image/webp", 30, 20, "as it is"},
		{"webp cut", riff("VP8 "), "image/webp", 0, 0, "broken"},
		{"avif", avif(ispe(3, 2) + ispe(30, 20)), "image/avif", 30, 20, ""},
		{"avif turned", avif(ispe(30, 20) + box("irot", "\x01")), "image/avif", 20, 30, ""},
		{"avif upside down", avif(ispe(30, 20) + box("irot", "\x02")), "image/avif", 30, 20, ""},
		{"avif of nothing", avif(""), "image/avif", 0, 0, "broken"},
		{"svg", `<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>`, "image/svg+xml", 30, 20, ""},
		{"svg with units", "\ufeff<?xml version='1.0' encoding='iso-8859-1'?>\n<!-- x --><svg width='1in' height=\"2.54cm\">", "image/svg+xml", 96, 96, ""},
		{"svg with a box", `<svg viewBox="0,0 30 20" width="100%">`, "image/svg+xml", 30, 20, ""},
		{"svg with one side", `<svg viewBox="0 0 3 2" width="30">`, "image/svg+xml", 30, 20, ""},
		{"svg of any size", `<svg>`, "image/svg+xml", 0, 0, ""},
		{"svg with entities", `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x" [<!ENTITY ns "http://x">]><svg xmlns:x="&ns;" width="30" height="20">`, "image/svg+xml", 30, 20, ""},
		{"svg with a prefix", `<s:svg xmlns:s="http://www.w3.org/2000/svg" width="30px" height="20px">`, "image/svg+xml", 30, 20, ""},
		{"svg cut", `<svg width="30"`, "image/svg+xml", 0, 0, "broken"},
		{"svg too large", `<svg width="1e9" height="1e9">`, "image/svg+xml", 0, 0, "pixels large"},
		{"html", `<!doctype html><svg width="1" height="1">`, "", 0, 0, "error: no picture"},
		{"text", "hello", "", 0, 0, "error: no picture"},
		{"long text", strings.Repeat("é", 4000), "", 0, 0, "error: no picture"},
		{"git's pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n", "", 0, 0, "error: Git LFS"},
		{"nothing", "", "", 0, 0, "error: empty"},
		{"svg after much else", "<!--" + strings.Repeat(" ", 5000) + "--><svg width='1' height='1'/>", "", 0, 0, "no picture"},
		{"something", "\x00\x01\x02 something", "", 0, 0, "no picture"},
	} {
		got, problems := asked(t, map[string]string{"content/x y%.jpg": c.data}, "content/x%20y%25.jpg 800 16:9")
		if got == nil || got.URL != "/base/content/x y%.jpg" || got.Width != c.width || got.Height != c.height || got.Type != c.kind {
			t.Errorf("%s: got %+v, %v", c.name, got, problems)
		}
		switch {
		case c.warning == "" && len(problems) > 0, c.warning != "" && len(problems) != 1:
			t.Errorf("%s: got %v", c.name, problems)
		case c.warning != "":
			p, want := problems[0], diag.Warning
			text, wrong := strings.CutPrefix(c.warning, "error: ")
			if wrong {
				want = diag.Error
			}
			if p.Severity != want || p.Path != "content/x y%.jpg" || !strings.Contains(p.Text, text) || p.Hint == "" {
				t.Errorf("%s: got %+v", c.name, p)
			}
		}
	}
}

func TestMissing(t *testing.T) {
	for _, args := range []string{"", "content/none.jpg", "https://example.org/x.jpg 800", " ", "%zz"} {
		if got, problems := asked(t, nil, args); got != nil || len(problems) > 0 {
			t.Errorf("%q: got %+v, %v", args, got, problems)
		}
	}
}

// A disk that fails is not a broken picture.
func TestUnreadable(t *testing.T) {
	bad := errors.New("the disk is on fire")
	for _, start := range []string{"", drawn(jpegOf)[:20]} {
		if _, err := readHeader(io.MultiReader(strings.NewReader(start), failure{bad})); err != bad {
			t.Errorf("got %v", err)
		}
	}
}

type failure struct{ err error }

func (f failure) Read([]byte) (int, error) { return 0, f.err }

// Photos of cameras and other programs, beside the project.
func TestPhotos(t *testing.T) {
	const folder = "../../../shared/conformance/photos"
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the photos are not here: ", err)
	}
	shapes := map[string][2]int{}
	files, _ := filepath.Glob(folder + "/*.*[gpf]")
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		h, err := readHeader(f)
		f.Close()
		name := filepath.Base(path)
		if broken := name == "huge_tag_exif.jpg" || name == "max_uint32_exif.jpg"; broken != (err == errBroken) || !broken && err != nil {
			t.Errorf("%s: %v", path, err)
		}
		shapes[name] = [2]int{h.width, h.height}
	}
	for i := range 8 { // the same picture, turned in eight ways, is shown as one
		name := "f" + string(rune('1'+i)) + "-exif.jpg"
		if shapes[name] != shapes["f1-exif.jpg"] {
			t.Errorf("%s is %v, not %v", name, shapes[name], shapes["f1-exif.jpg"])
		}
	}
	for name, want := range map[string][2]int{"sunrise.jpg": {1024, 640}, "sunrise.webp": {1024, 640}, "sunset.avif": {900, 562}, "withIptcExifGps.jpg": {600, 400}} {
		if shapes[name] != want {
			t.Errorf("%s is %v, not %v", name, shapes[name], want)
		}
	}
}

// Whatever a file holds, its size is that of a picture, or there is none.
func FuzzHeader(f *testing.F) {
	for _, data := range []string{
		drawn(jpegOf), turned(6), drawn(png.Encode), drawn(gifOf), avif(ispe(3, 2) + box("irot", "\x01")),
		riff("VP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x1d\x00\x00\x13\x00\x00"), riff("VP8L\x05\x00\x00\x00\x2f\x1d\xc0\x04\x00\x00"),
		`<?xml version="1.0"?><svg viewBox="0 0 3 2" width="30">`,
	} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := readHeader(bytes.NewReader(data))
		if err != nil {
			if p := warningOf("x", []byte("x"), err); p.Text == "" || p.Hint == "" {
				t.Errorf("no words for %v", err)
			}
			return
		}
		if h.kind == "" || h.width < 0 || h.height < 0 || int64(h.width)*int64(h.height) > maxPixels {
			t.Errorf("got %+v", h)
		}
		if again, err := readHeader(io.MultiReader(bytes.NewReader(data), strings.NewReader("more"))); err != nil || h.kind != "image/svg+xml" && again != h {
			t.Errorf("with more behind it: %+v, %v instead of %+v", again, err, h)
		}
	})
}
