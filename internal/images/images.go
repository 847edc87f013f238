// Package images answers what a layout must know of a picture, and makes the
// sizes of it that were asked for.
//
// "photo SRC" tells what a picture's file and its sidecar say: what it is, whose
// it is, what is to be seen (photo.go, sidecar.go). "image SRC WIDTHS …" tells
// under which addresses it is to be had in these widths (this file). For each of
// them it asks "rendition …", and what was asked for is made, and nothing else
// (shop.go), and a poster for a page that has no picture (poster.go). A rendition's name holds a sum of all that it is made from, so that
// a file of this name is the right one.
//
// The bytes are foreign: whatever they hold, an answer takes little time and
// memory. A picture that is broken or absurdly large has no size and a warning,
// and is shown as it is.
package images

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"stet/internal/page"
	"stet/internal/photo"
	"stet/internal/pixels"
)

// A Picture is the answer to "image SRC WIDTHS RATIO FOCUS LANG".
type Picture struct {
	URL           string // with the site's base path, not escaped
	Largest       string // likewise, of the largest
	Srcset        string // for the attribute: addresses and widths, escaped; "" if there is one size only
	Width, Height int    // of the largest, upright; 0 if unknown
	Type          string // "image/jpeg"; "" if unknown
	Src           string // the source file
	Sources       []Source
	Words
}

// A Source is the same picture in a format that only newer browsers know, for
// the element source.
type Source struct {
	Type    string
	Srcset  string
	Largest string // as in Picture
}

// Settings are the answer to "imagesettings": what site.yaml says of pictures.
type Settings struct {
	Widths   []int    // of renditions, if a layout does not say
	Quality  int      // of JPEG, 1 to 100
	WebP     bool     // pictures are made as WebP too
	AsIs     bool     // pictures are published as they are, and no renditions made
	Location bool     // a picture that is published as it is may say where it was taken
	Cards    bool     // a poster is drawn for a page that has no picture
	Fonts    []string // files that posters are set in, the best first
	Language string
	Proof    bool // nobody publishes what is made: what is surely no picture is a warning
}

// Read reads a file of the site by its path from the site's folder; false tells
// that there is none. It asks for the file's sum, so that whoever reads is made
// again when the bytes change.
type Read func(ask *page.Ask, path string) ([]byte, bool, error)

// Book answers "image", "photo" and "rendition". It asks
// "imagesettings" for the Settings, "file" for the URL of a file as it is, and
// "url" for that of a rendition.
func Book(read Read) page.Book {
	return page.Book{
		"image":     {Noted: true, Keep: true, Answer: plainly(answerImage)},
		"photo":     {Noted: true, Keep: true, Answer: plainly(func(ask *page.Ask, args string) (*Photo, error) { return look(ask, read, args) })},
		"rendition": {Noted: true, Answer: answerRendition},
	}
}

// plainly makes an answer of a pointer: none is an answer too.
func plainly[T any](answer func(*page.Ask, string) (*T, error)) func(*page.Ask, string) (page.Answer, error) {
	return func(ask *page.Ask, args string) (page.Answer, error) {
		v, err := answer(ask, args)
		if v == nil || err != nil {
			return page.Answer{}, err
		}
		return page.Answer{Value: v}, nil
	}
}

// Moderate is how wide the picture is, in pixels, that is shown by whoever cannot
// choose.
const Moderate = 1200

// answerImage answers "image SRC WIDTHS RATIO FOCUS LANG" (joined by
// [page.Args]): WIDTHS such as 480,960, RATIO such as 16:9, FOCUS such as
// 0.5,0.25; all but SRC may be missing. It is nil if there is no such picture.
func answerImage(ask *page.Ask, args string) (*Picture, error) {
	f := page.Fields(args, 5)
	set, err := page.Get[Settings](ask, "imagesettings", "")
	if err != nil {
		return nil, err
	}
	ph, err := page.Get[*Photo](ask, "photo", page.Args(f[0]))
	if ph == nil || err != nil {
		return nil, err
	}
	pic := &Picture{Src: f[0], Type: ph.Type, Width: ph.Width, Height: ph.Height, Words: ph.WordsIn(f[4], set.Language)}
	jobs := jobsFor(ph, set, f)
	if len(jobs) == 0 {
		pic.URL, err = page.Get[string](ask, "file", page.Args(f[0]))
		pic.Largest = pic.URL
		return pic, err
	}
	o := order{f[0], ph.Key, jobs[0]}
	if pic.Srcset, pic.URL, pic.Largest, err = o.candidates(ask, jobs); err != nil {
		return nil, err
	}
	if len(jobs) == 1 {
		pic.Srcset = ""
	}
	pic.Width, pic.Height = ph.size(jobs[len(jobs)-1])
	pic.Type = o.Type
	if set.WebP && o.Type == "image/jpeg" && len(jobs) > 1 { // one of one width is for machines
		newer := Source{Type: "image/webp"}
		for i := range jobs {
			jobs[i].Type = newer.Type
		}
		if newer.Srcset, _, newer.Largest, err = o.candidates(ask, jobs); err != nil {
			return nil, err
		}
		pic.Sources = []Source{newer}
	}
	return pic, nil
}

// candidates orders renditions of a picture. It returns their addresses and
// widths as srcset has them, the address of the one to fall back on, and that of
// the largest.
func (o order) candidates(ask *page.Ask, jobs []pixels.Job) (srcset, url, largest string, err error) {
	for _, o.Job = range jobs {
		u, err := page.Get[string](ask, "rendition", o.args())
		if err != nil {
			return "", "", "", err
		}
		if url == "" || o.Width <= Moderate {
			url = u
		}
		if srcset != "" {
			srcset += ", "
		}
		srcset += escaped(u) + " " + strconv.Itoa(o.Width) + "w"
		largest = u
	}
	return srcset, url, largest, nil
}

// escaped is a URL as it may stand in a srcset, where commas and spaces part.
func escaped(u string) string {
	return strings.NewReplacer(" ", "%20", ",", "%2C", "\"", "%22", "<", "%3C", ">", "%3E").Replace(u)
}

// jobsFor are the renditions that are wanted of a picture, the narrowest first;
// none if it is shown as it is. Nothing is scaled up: what is wider than the
// picture is the picture in full.
func jobsFor(ph *Photo, set Settings, f []string) []pixels.Job {
	if !ph.Scaled || set.AsIs {
		return nil
	}
	base := pixels.Job{Focus: focusOf(f[3]), Ratio: ratioOf(f[2]), Type: "image/jpeg", Quality: set.Quality}
	if ph.Alpha || ph.Type == "image/png" {
		base.Type, base.Quality = "image/png", 0
	}
	full, high := ph.size(base)
	if full == ph.Width && high == ph.Height { // nothing is cut off
		base.Ratio, base.Focus = [2]int{}, pixels.Centre
	}
	widths := widthsOf(f[1])
	if len(widths) == 0 {
		widths = set.Widths
	}
	var jobs []pixels.Job
	for _, w := range slices.Sorted(slices.Values(widths)) {
		base.Width = min(w, full)
		if len(jobs) == 0 || jobs[len(jobs)-1].Width < base.Width {
			jobs = append(jobs, base)
		}
	}
	return jobs
}

func widthsOf(text string) (widths []int) {
	for w := range strings.SplitSeq(text, ",") {
		if n, err := strconv.Atoi(w); err == nil && n > 0 {
			widths = append(widths, n)
		}
	}
	return widths
}

func ratioOf(text string) (ratio [2]int) {
	w, h, _ := strings.Cut(text, ":")
	a, errA := strconv.Atoi(w)
	b, errB := strconv.Atoi(h)
	if errA != nil || errB != nil || a < 1 || b < 1 {
		return ratio
	}
	return [2]int{a, b}
}

func focusOf(text string) [2]float64 {
	x, y, _ := strings.Cut(text, ",")
	a, errA := strconv.ParseFloat(x, 64)
	b, errB := strconv.ParseFloat(y, 64)
	if errA != nil || errB != nil {
		return pixels.Centre
	}
	return [2]float64{a, b}
}

// Words are what a picture's file, or what lies beside it, says in words.
type Words struct {
	Alt        string
	Caption    string // plain
	Credit     string // without brackets
	Courtesy   bool
	CreditURL  string // where the picture may be licensed
	Creators   []string
	Copyright  string
	UsageTerms string
	License    string // a URL
	Reserved   bool   // it is not handed on to others
}

// WordsIn are those for a language: what is said in another is not used. What is
// said in none is taken to be in the site's first.
func (ph *Photo) WordsIn(lang, first string) Words {
	w := ph.Words
	w.Alt = cmp.Or(w.Alt, textIn(ph.Alts, lang, first))
	w.Caption = cmp.Or(w.Caption, textIn(ph.Captions, lang, first))
	return w
}

func textIn(texts []photo.Text, lang, first string) string {
	for _, t := range texts {
		if of := cmp.Or(t.Language, first); sameLanguage(of, lang) {
			return t.Text
		}
	}
	return ""
}

// sameLanguage tells whether a reader of one language reads the other: the
// regions do not matter.
func sameLanguage(a, b string) bool {
	a, _, _ = strings.Cut(strings.ToLower(a), "-")
	b, _, _ = strings.Cut(strings.ToLower(b), "-")
	return a == b
}

// An order asks for one rendition of a picture.
type order struct {
	src string
	key string // of the photo that it is made from
	pixels.Job
}

// args are the arguments of "rendition SRC KEY WIDTH RATIO FOCUS TYPE QUALITY".
func (o order) args() string {
	return page.Args(o.src, o.key, strconv.Itoa(o.Width), fmt.Sprintf("%d:%d", o.Ratio[0], o.Ratio[1]),
		strconv.FormatFloat(o.Focus[0], 'g', -1, 64)+","+strconv.FormatFloat(o.Focus[1], 'g', -1, 64), o.Type, strconv.Itoa(o.Quality))
}

func orderOf(args string) order {
	f := page.Fields(args, 7)
	width, _ := strconv.Atoi(f[2])
	quality, _ := strconv.Atoi(f[6])
	return order{f[0], f[1], pixels.Job{Width: width, Ratio: ratioOf(f[3]), Focus: focusOf(f[4]), Type: f[5], Quality: quality}}
}
