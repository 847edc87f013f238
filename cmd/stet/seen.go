package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"stet/internal/diag"
	"stet/internal/images"
	"stet/internal/photo"
)

// A photoReport is what stet photo --json reports.
type photoReport struct {
	Photos   []*seen        `json:"photos"`
	Problems []diag.Problem `json:"problems"`
}

// seen is what is known of one picture.
type seen struct {
	Path        string         `json:"path"`
	Type        string         `json:"type"` // "" if unknown
	Width       int            `json:"width"`
	Height      int            `json:"height"` // upright; 0 if unknown
	Bytes       int            `json:"bytes"`
	Orientation int            `json:"orientation"` // as in EXIF; 1 is upright
	Shown       shownWords     `json:"shown"`
	Fields      []fieldSaid    `json:"fields"`  // of the file
	Sidecar     []string       `json:"sidecar"` // its keys
	Location    bool           `json:"location"`
	Serial      bool           `json:"serial"`
	Thumbnail   bool           `json:"thumbnail"`
	MakerNotes  bool           `json:"maker_notes"`
	Troubles    []fieldTrouble `json:"troubles"`
	Problems    []diag.Problem `json:"problems"`
}

// shownWords are what readers see and machines read where an article says
// nothing of a picture.
type shownWords struct {
	Line       string   `json:"line"` // caption and [credit]
	Caption    string   `json:"caption"`
	Credit     string   `json:"credit"`
	CreditURL  string   `json:"credit_url"`
	Alt        string   `json:"alt"`
	Creators   []string `json:"creators"`
	Copyright  string   `json:"copyright"`
	UsageTerms string   `json:"usage_terms"`
	License    string   `json:"license"`
}

type fieldSaid struct {
	Name     string `json:"name"`
	Text     string `json:"text"`
	Language string `json:"language,omitempty"`
	From     string `json:"from"` // "XMP", "IIM" or "EXIF"
}

type fieldTrouble struct {
	Field  string      `json:"field"`
	Kind   string      `json:"kind"`
	Values []fieldSaid `json:"values"`
	words  string
}

// tell takes what the file says, and what is wrong with that.
func (p *seen) tell(data []byte, troubles []photo.Trouble) {
	p.Fields, p.Troubles = []fieldSaid{}, []fieldTrouble{}
	all, _ := photo.Fields(bytes.NewReader(data)) // the file was read once already
	for _, f := range all {
		for _, t := range f.Texts {
			p.Fields = append(p.Fields, fieldSaid{f.Name, t.Text, t.Language, f.From})
		}
	}
	for _, t := range troubles {
		trouble := fieldTrouble{t.Field, t.Kind, []fieldSaid{}, t.String()}
		for _, v := range t.Values {
			trouble.Values = append(trouble.Values, fieldSaid{Name: t.Field, Text: v.Text, From: v.From})
		}
		p.Troubles = append(p.Troubles, trouble)
	}
}

// show takes what readers will see, in the language that is asked for; in that of
// the file, if there is neither a site nor a flag to tell.
func (p *seen) show(f *photoFlags, ph *images.Photo) {
	lang := f.language
	for _, t := range slices.Concat(ph.Captions, ph.Alts) {
		lang = cmp.Or(lang, t.Language)
	}
	w := ph.WordsIn(lang, lang)
	p.Shown = shownWords{"", w.Caption, w.Credit, w.CreditURL, w.Alt, list(w.Creators), w.Copyright, w.UsageTerms, w.License}
	p.Shown.Line = w.Caption
	if credit := w.Credit; credit != "" {
		if w.Courtesy {
			credit = f.courtesy(credit)
		}
		p.Shown.Line = strings.TrimSpace(w.Caption + " [" + credit + "]")
	}
}

// kindsOfPicture are the names of types.
var kindsOfPicture = map[string]string{
	"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WebP", "image/avif": "AVIF", "image/svg+xml": "SVG",
}

func (p *seen) print(w io.Writer, again bool) {
	if again {
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, oneLine(p.Path))
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(w, "  %-9s %s\n", name, oneLine(text))
		}
	}
	line("is", p.what())
	line("readers", cmp.Or(p.Shown.Line, "(neither caption nor credit)"))
	line("alt", cmp.Or(p.Shown.Alt, "(none)"))
	name := "file"
	for _, f := range p.Fields {
		from := f.From
		if f.Language != "" {
			from += ", " + f.Language
		}
		line(name, f.Name+": "+f.Text+" ("+from+")")
		name = ""
	}
	line("sidecar", strings.Join(p.Sidecar, ", "))
	line("hides", p.hidden())
	name = "look at"
	for _, t := range p.Troubles {
		line(name, t.words)
		name = ""
	}
}

// what says what a picture is.
func (p *seen) what() string {
	text := cmp.Or(kindsOfPicture[p.Type], p.Type, "no picture that is known here")
	if p.Width > 0 {
		text += fmt.Sprintf(", %s × %s pixels", grouped(p.Width), grouped(p.Height))
	}
	text += ", " + size(p.Bytes)
	if p.Orientation > 1 {
		text += fmt.Sprintf(", shown upright (orientation %d)", p.Orientation)
	}
	return text
}

// hidden says what the file tells that renditions do not.
func (p *seen) hidden() string {
	var all []string
	for _, part := range []struct {
		is   bool
		name string
	}{{p.Location, "where it was taken"}, {p.Serial, "a serial number"}, {p.Thumbnail, "a thumbnail"}, {p.MakerNotes, "the camera's notes"}} {
		if part.is {
			all = append(all, part.name)
		}
	}
	if all == nil {
		return ""
	}
	return strings.Join(all, ", ") + " (renditions do not tell it, the file itself does)"
}

// size is a number of bytes as people read it.
func size(bytes int) string {
	switch {
	case bytes >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
	case bytes >= 1e3:
		return fmt.Sprintf("%.0f kB", float64(bytes)/1e3)
	}
	return count(bytes, "byte")
}
