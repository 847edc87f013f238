package images

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/zeebo/xxh3"

	"stet/internal/diag"
	"stet/internal/page"
	"stet/internal/photo"
	"stet/internal/pixels"
)

// A Photo is the answer to "photo SRC": what a picture is, and what its file and
// its sidecar say. Alt and Caption of its Words are those of the sidecar alone.
type Photo struct {
	Type          string // "image/jpeg"; "" if unknown
	Width, Height int    // upright; 0 if unknown
	Key           string // a sum of all that renditions are made from
	Scaled        bool   // renditions can be made
	Alpha         bool   // it may be transparent somewhere
	Orientation   int    // as in EXIF
	Words
	Alts, Captions []photo.Text // those of the file
	Sidecar        []string     // keys of the sidecar
	Troubles       []photo.Trouble
}

// maker is the number of the way in which renditions are made. Whoever changes
// what comes out of it changes this, and all renditions get other names.
const maker = "1"

// maxPixels is the size above which a picture is taken for a mistake, or for an
// attack on the readers' browsers.
const maxPixels = 100_000_000

// limits bound what is decoded. All decoding together stays within maxMemory.
var limits = pixels.Limits{Pixels: maxPixels, Memory: 1 << 30}

// look reads a picture and its sidecar. It returns nil if there is no picture.
func look(ask *page.Ask, read Read, args string) (*Photo, error) {
	src := page.Fields(args, 1)[0]
	if src == "" {
		return nil, nil
	}
	data, ok, err := read(ask, src)
	if err != nil || !ok {
		return nil, err
	}
	beside, _, err := read(ask, Beside(src))
	if err != nil {
		return nil, err
	}
	ph, problems := Inspect(src, data, beside)
	if ph.Type == "" && isText(data) {
		set, err := page.Get[Settings](ask, "imagesettings", "")
		if err != nil {
			return nil, err
		}
		if !set.Proof {
			problems[0].Severity = diag.Error
		}
	}
	ask.Report(problems...)
	return ph, nil
}

// isText tells whether a file that is to be a picture is surely none: it is empty,
// or a text, such as a host's page that says why there is no picture, or what git
// has in the place of a large file that was not fetched.
func isText(data []byte) bool {
	start := data[:min(len(data), startSize)]
	for cut := 0; cut < utf8.UTFMax && len(start) < len(data) && !utf8.Valid(start); cut++ {
		start = start[:len(start)-1] // through a letter
	}
	if !utf8.Valid(start) || bytes.IndexFunc(start, func(r rune) bool { return r < ' ' && !unicode.IsSpace(r) }) >= 0 {
		return false
	}
	head := bytes.ToLower(bytes.TrimSpace(start))
	html := bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.HasPrefix(head, []byte("<html"))
	return html || !bytes.Contains(data, []byte("<svg")) && !bytes.Contains(data, []byte(":svg"))
}

// Inspect says what a picture is whose bytes are data, and what is wrong with
// it. Beside is its sidecar, empty if it has none.
func Inspect(src string, data, beside []byte) (*Photo, []diag.Problem) {
	ph := &Photo{}
	h, err := readHeader(bytes.NewReader(data))
	ph.Type, ph.Width, ph.Height = h.kind, h.width, h.height
	var problems []diag.Problem
	if err != nil {
		ph.Width, ph.Height = 0, 0
		problems = append(problems, unshown(src, data, err))
	}
	if said, troubles, err := photo.Read(bytes.NewReader(data)); err == nil {
		ph.tell(said)
		ph.Troubles, ph.Orientation = troubles, said.Orientation
	}
	problems = append(problems, ph.believe(Beside(src), beside)...)
	if ph.Type == "image/svg+xml" && err == nil {
		if what := active(data); what != "" {
			problems = append(problems, diag.Problem{Severity: diag.Error, Path: src, Text: "the drawing has " + what + ", which could do anything in a reader's browser",
				Hint: "save it without scripts, as plain SVG"})
		}
	}
	if ph.Width > 0 {
		info, err := pixels.Look(bytes.NewReader(data), limits)
		if ph.Scaled, ph.Alpha = err == nil, info.Alpha; ph.Scaled {
			ph.Width, ph.Height = pixels.Size(info.Width, info.Height, ph.Orientation, pixels.Job{})
		}
		if still := new(pixels.Unscaled); err != nil && !errors.As(err, &still) {
			p := broken(src, err)
			p.Severity, p.Text = diag.Warning, p.Text+"; it is shown as it is"
			problems = append(problems, p)
		}
	}
	sum := xxh3.New()
	sum.Write(data)
	fmt.Fprint(sum, maker, ph.Orientation)
	sum.Write(photo.Packet(ph.rights()))
	key := sum.Sum128().Bytes()
	ph.Key = hex.EncodeToString(key[:6])
	return ph, problems
}

// tell takes what a file says of itself.
func (ph *Photo) tell(s photo.Said) {
	ph.Alts, ph.Captions = s.Alt, s.Caption
	ph.Words = Words{Credit: credit(s), CreditURL: s.LicensorURL, Creators: s.Creators, Copyright: s.Copyright, UsageTerms: s.UsageTerms, License: s.License}
}

// credit is the credit line; where there is none, the creator with the source,
// as agencies are credited.
func credit(s photo.Said) string {
	if s.Credit != "" || len(s.Creators) == 0 {
		return s.Credit
	}
	who := strings.Join(s.Creators, ", ")
	if s.Source != "" && !strings.EqualFold(s.Source, who) {
		who += "/" + s.Source
	}
	return who
}

// rights are what renditions say of whose they are.
func (ph *Photo) rights() photo.Rights {
	return photo.Rights{Credit: ph.Credit, Creators: ph.Creators, Copyright: ph.Copyright, UsageTerms: ph.UsageTerms, License: ph.License}
}

// size is how large a rendition will be.
func (ph *Photo) size(j pixels.Job) (w, h int) { return pixels.Size(ph.Width, ph.Height, 1, j) }

// Damage says what is wrong with the pixels of a picture that seems to be right,
// which shows only when they are decoded.
func (ph *Photo) Damage(src string, data []byte) []diag.Problem {
	if !ph.Scaled {
		return nil
	}
	if _, err := pixels.Make(bytes.NewReader(data), ph.Orientation, []pixels.Job{{Width: 16, Type: "image/png"}}, limits); err != nil {
		return []diag.Problem{broken(src, err)}
	}
	return nil
}

func broken(src string, err error) diag.Problem {
	return diag.Problem{Severity: diag.Error, Path: src, Text: "no sizes of this picture can be made: " + err.Error(),
		Hint: "open it in a picture editor and save it again, or fetch it from where it came"}
}

// unshown says what is wrong with a picture that has no size. One that no
// browser shows is an error.
func unshown(src string, data []byte, err error) diag.Problem {
	_, look := pixels.Look(bytes.NewReader(data), limits)
	if what := new(pixels.Unscaled); errors.As(look, &what) && !what.Keep {
		return diag.Problem{Severity: diag.Error, Path: src, Text: "this is a " + what.Kind + " file, which browsers do not show",
			Hint: "open it where it came from and export it as JPEG; phones do so if they are set to the most compatible format"}
	}
	return warningOf(src, data, err)
}

// warningOf says what is wrong with a picture whose header was read.
func warningOf(src string, data []byte, err error) diag.Problem {
	p := diag.Problem{Path: src, Text: "the picture is broken, its size cannot be read", Hint: "save it again, or fetch it from where it came"}
	switch {
	case errors.As(err, new(tooLarge)):
		p.Text = "the picture is " + err.Error() + ", so it is shown without its size"
		p.Hint = fmt.Sprintf("scale it down to less than %d megapixels", maxPixels/1_000_000)
	case len(data) == 0:
		p.Text, p.Hint = "the file of this picture is empty", "fetch it again from where it came"
	case bytes.HasPrefix(data, []byte("version https://git-lfs")):
		p.Text, p.Hint = "this is no picture, but what Git LFS has in its place", "fetch the pictures with\ngit lfs pull"
	case errors.Is(err, errUnknown):
		p.Text = "this is no picture that browsers show"
		p.Hint = "save it as JPEG, PNG, GIF, WebP, AVIF or SVG"
	}
	return p
}
