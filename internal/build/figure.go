package build

import (
	"cmp"
	"html/template"
	"strings"

	"stet/internal/article"
	"stet/internal/check"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/images"
	"stet/internal/site"
)

// Figure is the dot of layouts/images/figure.html: a picture that stands alone
// in a text. What the text does not say, the picture's file does.
type Figure struct {
	Src           string
	URL           string
	Srcset        string // escaped; "" if there is one size only
	Sources       []images.Source
	Largest       string // "" if nothing is known of it
	Alt           string
	Caption       template.HTML
	Text          string // the caption as plain text
	Credit        string
	CreditURL     string
	Courtesy      bool
	Size          string
	Focus         [2]float64
	Width, Height int
	Lead          bool
	First         bool   // no other picture stands above it on the page of its story
	Link          string // where the picture itself leads
	Block         string // "gallery" or "pair" if it stands in one
	Number, Total int    // its place there
	Attrs         map[string]string
	Reserved      bool // it is not handed on to others
}

// Frame is the dot of layouts/embeds/embed.html: a figure that becomes what another
// site shows, once a reader asks for it. Its URL is "" if it has no picture.
type Frame struct {
	Figure
	From  string // the address of what is shown
	Host  string // that sends it
	Page  string // what it links to, on that site
	Title string
	Ratio string
}

// load says whether pages may load an address of another site.
func (b *body) load(kind, address string) error {
	if wrong := config.Refusal(b.set.Allow, b.set.Site, kind, address); wrong != nil {
		return *wrong
	}
	return nil
}

func (b *body) figure(f article.Figure) (string, error) {
	dot := Figure{
		Src: f.Src, URL: f.URL, Alt: f.Alt, Caption: template.HTML(f.CaptionHTML), Text: f.CaptionText, Credit: f.Credit,
		Courtesy: f.Attrs["courtesy"] == "true", Size: f.Attrs["size"], Focus: [2]float64{.5, .5}, Width: f.Width, Height: f.Height,
		First: b.set.Leads && !b.some && f.Src != "", Link: f.Href, Block: f.Block, Number: f.Number, Total: f.Total, Attrs: f.Attrs,
		Reserved: f.Attrs["distribute"] == "false",
	}
	b.some = b.some || f.Src != ""
	if at, given := f.Attrs["focus"]; given {
		var ok bool
		if dot.Focus, ok = article.ReadFocus(at); !ok {
			b.report(diag.Problem{Severity: diag.Warning, Path: b.path, Line: f.Line, Text: "this focus cannot be read: " + quoted(at),
				Hint: "write the point as fractions from the left and from the top: {focus=\"0.5, 0.3\"}"})
		}
	}
	if f.Src != "" && !strings.Contains(f.Src, ":") {
		name, _ := article.PathOf(f.Src)
		dot.Src = site.SourceOf(b.path, name)
		pic, err := b.image(dot.Src, "")
		if err != nil {
			return "", err
		}
		if pic != nil {
			dot.fill(pic)
		}
	}
	if b.wire && dot.Reserved && f.Frame == nil {
		return "", nil
	}
	if f.Frame != nil {
		return b.frame(f, dot)
	}
	b.lacks(check.Picture{Line: f.Line, Column: f.Column, Alt: dot.Alt, Credit: dot.Credit})
	return b.execute("images/figure.html", dot, f.Line)
}

// frame writes a figure in whose place another site shows something. Its title says
// what is to be seen, where the picture has no words of its own.
func (b *body) frame(f article.Figure, dot Figure) (string, error) {
	if b.wire && dot.Reserved {
		dot.URL, dot.Srcset, dot.Sources, dot.Largest = "", "", nil, ""
	}
	if f.Src != "" {
		b.lacks(check.Picture{Line: f.Line, Column: f.Column, Alt: cmp.Or(dot.Alt, f.Frame.Title), Credit: dot.Credit})
	}
	return b.execute("embeds/embed.html", Frame{dot, f.Frame.URL, f.Frame.Host, f.Frame.Href, f.Frame.Title, f.Frame.Ratio}, f.Line)
}

// fill takes from a picture what the text does not say of it.
func (f *Figure) fill(pic *images.Picture) {
	f.URL, f.Srcset, f.Sources, f.Largest = pic.URL, pic.Srcset, pic.Sources, pic.Largest
	f.Reserved = f.Reserved || pic.Reserved
	f.Alt = cmp.Or(f.Alt, pic.Alt)
	if f.Text == "" {
		f.Caption, f.Text = template.HTML(template.HTMLEscapeString(pic.Caption)), pic.Caption
	}
	if f.Credit == "" {
		f.Credit, f.Courtesy = pic.Credit, f.Courtesy || pic.Courtesy
	}
	if f.Credit == pic.Credit {
		f.CreditURL = pic.CreditURL
	}
}
