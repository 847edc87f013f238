package config

import (
	"slices"
	"strconv"
	"strings"

	"stet/internal/diag"
	"stet/internal/fields"
)

// An AgeLabel says on which stories is told how old they are.
type AgeLabel struct {
	Years  int      // from this age on; 0 is never
	Except []string // kinds of story that never get one
}

// Kinds are the kinds of story, as article.Types has them.
var Kinds = []string{"news", "analysis", "opinion", "explainer", "feature", "interview", "review", "obituary", "gallery", "live", "sponsored"}

// ageless are the kinds that do not go out of date: a picture, a life and a
// judgement are of their day, and read as such.
var ageless = []string{"gallery", "obituary", "review"}

func (p *parser) ageLabel(v *fields.Value) {
	if v.Kind == fields.Text && v.Style == fields.Bool {
		if !p.Bool(v) {
			p.Style.AgeLabel.Years = 0
		}
		return
	}
	p.Each(v, func(key, v *fields.Value) {
		switch key.Text {
		case "years":
			if n := p.Int(v); n >= 1 && n <= 100 {
				p.Style.AgeLabel.Years = n
			} else if n != 0 || v.Text == "0" {
				p.Error(v, p.Put(v, "2"), "years must be between 1 and 100, not %d; age_label: off has none", n)
			}
		case "except":
			p.Style.AgeLabel.Except = p.storyKinds(v)
		default:
			p.Unknown(key, []string{"years", "except"}, "age_label")
		}
	}, "years", "2")
}

// storyKinds is a list of kinds of story.
func (p *parser) storyKinds(v *fields.Value) []string {
	known := []string{}
	for i, name := range p.Texts(v) {
		at := v
		if v.Kind == fields.List && i < len(v.Items) {
			at = v.Items[i]
		}
		if name = fields.Clean(name); slices.Contains(Kinds, name) {
			known = append(known, name)
		} else if near := diag.Nearest(name, Kinds); near != "" {
			p.Error(at, p.Line(at, near), "there is no kind of story %q", name)
		} else {
			p.Error(at, "there are: "+strings.Join(Kinds, ", "), "there is no kind of story %q", name)
		}
	}
	return known
}

// days reads a number of days: 14, 14 days, 2 weeks, or off.
func (p *parser) days(v *fields.Value) int {
	if v.Kind == fields.Text && v.Style == fields.Bool && !p.Bool(v) {
		return 0
	}
	if v.Kind != fields.Text {
		if v.Kind != fields.Null {
			p.Error(v, p.Put(v, "14 days"), "%s must be a number of days, such as 14 days or 2 weeks", v.Name)
		}
		return 0
	}
	number, unit, _ := strings.Cut(fields.Clean(v.Text), " ")
	end := strings.TrimLeft(number, "0123456789")
	n, err := strconv.Atoi(strings.TrimSuffix(number, end))
	times := map[string]int{"": 1, "d": 1, "day": 1, "days": 1, "w": 7, "week": 7, "weeks": 7}[strings.ToLower(strings.TrimSpace(end+unit))]
	if err == nil && times > 0 && n >= 1 && n <= 36500/times {
		return n * times
	}
	hint := p.Line(v, "14 days")
	if per := map[byte]int{'m': 30, 'y': 365}[(strings.ToLower(strings.TrimSpace(end+unit)) + " ")[0]]; err == nil && n >= 1 && n <= 100 && per > 0 {
		hint = p.Line(v, strconv.Itoa(n*per)+" days")
	}
	p.Error(v, hint, "%s must be a number of days, such as 14 days or 2 weeks, not %q", v.Name, v.Text)
	return 0
}
