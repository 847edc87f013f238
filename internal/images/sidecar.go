package images

import (
	"maps"
	"slices"

	"stet/internal/diag"
	"stet/internal/fields"
)

// Beside is the name of the sidecar of a picture: mill.jpg.yaml says what the
// desk knows of mill.jpg, for every use of it.
func Beside(src string) string { return src + ".yaml" }

// A sidecar is what lies beside a picture. It is believed before the file.
type sidecar struct {
	Words
	said map[string]bool // by key
}

var sidecarKeys = []string{"alt", "caption", "credit", "courtesy", "url", "creator", "copyright", "usage", "license"}

func parseSidecar(path string, data []byte) (sidecar, []diag.Problem) {
	s := sidecar{said: map[string]bool{}}
	if len(data) == 0 {
		return s, nil
	}
	v, problems := fields.YAML(path, data, 1)
	d := fields.Decoder{Path: path, Problems: problems}
	if v == nil || v.Kind == fields.Null {
		return s, d.Problems
	}
	if v.Kind != fields.Map {
		d.Error(v, "credit: Ada Example", "what lies beside a picture must be keys and values")
		return s, d.Problems
	}
	texts := map[string]*string{"alt": &s.Alt, "caption": &s.Caption, "credit": &s.Credit, "url": &s.CreditURL,
		"copyright": &s.Copyright, "usage": &s.UsageTerms, "license": &s.License}
	d.Each(v, func(key, v *fields.Value) {
		s.said[key.Text] = true
		switch target := texts[key.Text]; {
		case target != nil:
			*target = d.Text(v)
		case key.Text == "courtesy":
			s.Courtesy = d.Bool(v)
		case key.Text == "creator":
			s.Creators = d.Texts(v)
		default:
			d.Unknown(key, sidecarKeys, "")
		}
	})
	return s, d.Problems
}

// over lays what the desk says over what the file says, and lists what it says.
func (s sidecar) over(ph *Photo) []string {
	for key, set := range map[string]func(){
		"alt":       func() { ph.Alt = s.Alt },
		"caption":   func() { ph.Caption = s.Caption },
		"credit":    func() { ph.Credit = s.Credit },
		"courtesy":  func() { ph.Courtesy = s.Courtesy },
		"url":       func() { ph.CreditURL = s.CreditURL },
		"creator":   func() { ph.Creators = s.Creators },
		"copyright": func() { ph.Copyright = s.Copyright },
		"usage":     func() { ph.UsageTerms = s.UsageTerms },
		"license":   func() { ph.License = s.License },
	} {
		if s.said[key] {
			set()
		}
	}
	return slices.Sorted(maps.Keys(s.said))
}
