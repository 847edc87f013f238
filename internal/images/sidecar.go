package images

import (
	"slices"

	"stet/internal/diag"
	"stet/internal/fields"
)

// Beside is the name of the sidecar of a picture: mill.jpg.yaml says what the
// desk knows of mill.jpg, for every use of it.
func Beside(src string) string { return src + ".yaml" }

var sidecarKeys = []string{"alt", "caption", "credit", "courtesy", "url", "creator", "copyright", "usage", "license", "distribute"}

// believe lays what the desk says in a sidecar over what the file says.
func (ph *Photo) believe(path string, data []byte) []diag.Problem {
	if len(data) == 0 {
		return nil
	}
	v, problems := fields.YAML(path, data, 1)
	d := fields.Decoder{Path: path, Data: data, Problems: problems}
	if v == nil || v.Kind == fields.Null {
		return d.Problems
	}
	if v.Kind != fields.Map {
		d.Error(v, "credit: Ada Example", "what lies beside a picture must be keys and values")
		return d.Problems
	}
	texts := map[string]*string{"alt": &ph.Alt, "caption": &ph.Caption, "credit": &ph.Credit, "url": &ph.CreditURL,
		"copyright": &ph.Copyright, "usage": &ph.UsageTerms, "license": &ph.License}
	d.Each(v, func(key, v *fields.Value) {
		switch target := texts[key.Text]; {
		case target != nil:
			*target = d.Text(v)
		case key.Text == "courtesy":
			ph.Courtesy = d.Bool(v)
		case key.Text == "distribute":
			ph.Reserved = v.Kind != fields.Null && !d.Bool(v)
		case key.Text == "creator":
			ph.Creators = d.Texts(v)
		default:
			d.Unknown(key, sidecarKeys, "")
			return
		}
		ph.Sidecar = append(ph.Sidecar, key.Text)
	})
	if slices.Contains(ph.Sidecar, "alt") {
		ph.Alts = nil
	}
	if slices.Contains(ph.Sidecar, "caption") {
		ph.Captions = nil
	}
	slices.Sort(ph.Sidecar)
	return d.Problems
}
