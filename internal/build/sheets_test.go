package build_test

import (
	"encoding/base64"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

var sheets = flag.String("sheets", "", "write contact sheets of all kinds of pages into this folder")

// A sheet is what is on one contact sheet: all kinds of pages in one direction,
// under the same conditions.
type sheet struct {
	name, dir, media, scheme string
	widths                   []int64
}

// allSheets are the sheets of one edition.
func allSheets() (all []sheet) {
	for _, dir := range []string{"ltr", "rtl"} {
		for _, scheme := range []string{"light", "dark"} {
			all = append(all, sheet{dir + "-" + scheme, dir, "screen", scheme, []int64{1280, 768, 360}})
		}
		all = append(all, sheet{dir + "-print", dir, "print", "light", []int64{paperWidth}})
	}
	return append(all, sheet{"ltr-zoomed", "ltr", "screen", "light", []int64{zoomedWidth}})
}

// TestSheets is the program that makes the contact sheets in docs/sheets:
//
//	go test ./internal/build -run TestSheets -timeout 30m -sheets ../../docs/sheets
func TestSheets(t *testing.T) {
	if *sheets == "" {
		t.Skip("-sheets DIR makes them")
	}
	if err := os.MkdirAll(*sheets, 0o755); err != nil {
		t.Fatal(err)
	}
	v := startViewer(t)
	v.bare()
	for _, site := range viewedSites(t) {
		for _, s := range allSheets() {
			var cells strings.Builder
			for _, p := range site.pages {
				if p.dir != s.dir {
					continue
				}
				fmt.Fprintf(&cells, "<figure><figcaption>%s</figcaption>", p.kind)
				for _, width := range s.widths {
					cells.WriteString(v.shot(site.url+p.path, s, width))
				}
				cells.WriteString("</figure>")
			}
			v.lay(filepath.Join(*sheets, site.name+"-"+s.name+".jpg"), cells.String())
		}
	}
}

// bare makes the sheet of the demo newspaper where scripts, styles or pictures are
// off: what a browser then does not fetch is not there.
func (v *viewer) bare() {
	var cells strings.Builder
	for _, off := range []struct{ what, files string }{{"scripts", `\.js$`}, {"styles", `\.css$`}, {"pictures", `\.(jpg|png|webp|svg)$`}} {
		site := viewed(v.T, "demo", demoPaper, off.files)
		for _, p := range site.pages {
			if p.dir == "ltr" && slices.Contains([]string{"front", "section", "news", "gallery"}, p.kind) || p.kind == "front" {
				fmt.Fprintf(&cells, "<figure><figcaption>%s, %s off</figcaption>", p.kind, off.what)
				for _, width := range []int64{1280, 360} {
					cells.WriteString(v.shot(site.url+p.path, sheet{media: "screen", scheme: "light"}, width))
				}
				cells.WriteString("</figure>")
			}
		}
	}
	v.lay(filepath.Join(*sheets, "demo-bare.jpg"), cells.String())
}

// thumb is how high a picture on a sheet is, in pixels.
const thumb = 360

// shot is a picture of the upper part of a page, as an element of HTML. Phones
// are shown larger than desks.
func (v *viewer) shot(url string, s sheet, width int64) string {
	v.Helper()
	scale := .2
	if width < 700 {
		scale = .32
	}
	v.see(width, s.media, s.scheme)
	v.open(url)
	const eager = `for (const i of document.images) i.loading = "eager";
		await Promise.race([Promise.all([...document.images].map(i => i.decode().catch(() => 0))), new Promise(r => setTimeout(r, 5000))]);`
	v.do(eager)
	return fmt.Sprintf(`<img src="data:image/jpeg;base64,%s" height="%d">`,
		base64.StdEncoding.EncodeToString(v.picture(85, page.Viewport{Width: float64(width), Height: thumb / scale, Scale: 2 * scale})), thumb)
}

// picture takes a picture of a part of the page that is open, as a JPEG file.
func (v *viewer) picture(quality int64, of page.Viewport) []byte {
	v.Helper()
	beyond := true
	got, err := chromedp.Call(v.tab, page.CaptureScreenshot, page.CaptureScreenshotParams{
		Format: "jpeg", Quality: &quality, Clip: &of, CaptureBeyondViewport: &beyond})
	if err != nil {
		v.Fatal(err)
	}
	return got.Data
}

// lay lays pictures on a sheet, which has 300 KB at most.
func (v *viewer) lay(name, cells string) {
	v.Helper()
	const head = `<!doctype html><meta charset="utf-8"><style>
		body { margin: 12px; background: #777; display: flex; flex-wrap: wrap; gap: 14px; inline-size: max-content; max-inline-size: 1900px }
		figure { margin: 0; display: flex; flex-wrap: wrap; gap: 5px; align-items: start }
		figcaption { flex: 0 0 100%; font: bold 15px/1.3 sans-serif; color: #fff } img { display: block }
	</style>`
	sheet := filepath.Join(v.TempDir(), "sheet.html")
	if err := os.WriteFile(sheet, []byte(head+cells), 0o644); err != nil {
		v.Fatal(err)
	}
	v.see(1924, "screen", "light")
	v.open("file://" + sheet)
	size, err := chromedp.Run(v.tab, chromedp.Evaluate[[]float64](`[document.body.offsetWidth + 24, document.body.offsetHeight + 24]`))
	if err != nil {
		v.Fatal(err)
	}
	var data []byte
	for quality := int64(70); quality > 10; quality -= 6 {
		if data = v.picture(quality, page.Viewport{Width: size[0], Height: size[1], Scale: 1}); len(data) <= 300<<10 {
			break
		}
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		v.Fatal(err)
	}
	v.Logf("%s: %d KB", name, len(data)>>10)
}
