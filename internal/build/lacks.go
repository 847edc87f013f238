package build

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"stet/internal/article"
	"stet/internal/check"
	"stet/internal/diag"
	"stet/internal/images"
	"stet/internal/page"
	"stet/internal/site"
	"stet/internal/source"
)

// lacks reports what a picture lacks, as far as the site's rules want to know.
func (b *body) lacks(p check.Picture) {
	for _, lack := range p.Lacks() {
		taken, ok := b.set.Rules[lack.Rule]
		if !ok {
			continue
		}
		at := diag.Problem{Path: b.path, Line: p.Line}
		if p.Key != "" {
			at = b.site.Mark(b.path, p.Key)
		}
		at.Text, at.Hint, at.Severity = lack.Text, lack.Hint, diag.Warning
		if taken == "error" {
			at.Severity = diag.Error
		}
		b.report(at)
	}
}

// front looks at the pictures of the front matter.
func (b *body) front() error {
	for _, p := range ofFront(b.set.Image, b.set.Gallery) {
		if len(p.Lacks()) == 0 {
			continue // whatever its file says
		}
		ph, err := page.Get[*images.Photo](b.ask, "photo", page.Args(p.Src))
		if err != nil {
			return err
		}
		set, err := page.Get[images.Settings](b.ask, "imagesettings", "")
		if err != nil {
			return err
		}
		if ph != nil {
			fill(&p, ph.WordsIn(b.set.Lang, set.Language))
		}
		b.lacks(p)
	}
	return nil
}

// ofFront are the pictures of a front matter, as that has them.
func ofFront(lead *site.Image, gallery []site.Image) (all []check.Picture) {
	add := func(key string, im site.Image) {
		all = append(all, check.Picture{Key: key, Src: im.Src, Alt: im.Alt, Caption: im.Text, Credit: im.Credit})
	}
	if lead != nil && lead.Src != "" {
		add("image", *lead)
	}
	for _, im := range gallery {
		add("gallery", im)
	}
	return all
}

// fill takes what is not said of a picture from its file and its sidecar, and
// returns the names of it.
func fill(p *check.Picture, w images.Words) (names []string) {
	for _, f := range []struct {
		name string
		to   *string
		from string
	}{{"caption", &p.Caption, w.Caption}, {"credit", &p.Credit, w.Credit}, {"alt", &p.Alt, w.Alt}} {
		if *f.to == "" && f.from != "" {
			*f.to = f.from
			names = append(names, f.name)
		}
	}
	return names
}

// pictures are those of a story as readers see them, and what of it comes from
// the pictures' files. The files are read anew, as they are now.
func (d *Desk) pictures(about *site.Desk) (all []check.Picture, from []string) {
	all = ofFront(about.Story.Image, about.Story.Gallery)
	set := d.p.site.BodySettings(about.Source)
	if set == nil {
		return all, nil
	}
	read := func(name string) []byte {
		data, _ := source.ReadFile(d.p.o.Dir, d.p.o.Theme, name) // what cannot be read says nothing
		return data
	}
	all = append(all, ofText(about.Source, read(about.Source), set)...)
	for i := range all {
		p := &all[i]
		data := read(p.Src)
		if len(data) == 0 {
			continue
		}
		ph, _ := images.Inspect(p.Src, data, read(images.Beside(p.Src)))
		p.Troubles = ph.Troubles
		var own, beside []string
		for _, name := range fill(p, ph.WordsIn(set.Lang, d.p.config.Languages[0].Tag)) {
			if slices.Contains(ph.Sidecar, name) {
				beside = append(beside, name)
			} else {
				own = append(own, name)
			}
		}
		for _, part := range [][]string{append([]string{"the photo's file"}, own...), append([]string{path.Base(images.Beside(p.Src))}, beside...)} {
			if line := path.Base(p.Src) + ": from " + part[0] + ": " + strings.Join(part[1:], ", "); len(part) > 1 && !slices.Contains(from, line) {
				from = append(from, line)
			}
		}
	}
	return all, from
}

// ofText are the pictures that stand alone in a text, as that has them.
func ofText(name string, data []byte, set *site.BodySettings) (all []check.Picture) {
	if len(data) == 0 {
		return nil
	}
	there := func(dest string, _ int) (article.Target, error) { return article.Target{URL: dest}, nil }
	article.Render(name, article.Body(data, set.Line), article.Options{
		FirstLine: set.Line, Quotes: set.Quotes, Trusted: set.Trusted, Link: there, Picture: there,
		Figure: func(f article.Figure) (string, error) {
			src, _ := article.PathOf(f.Src)
			if !strings.Contains(src, ":") {
				src = site.SourceOf(name, src)
			}
			all = append(all, check.Picture{Line: f.Line, Src: src, Alt: f.Alt, Caption: f.CaptionText, Credit: f.Credit})
			return "", nil
		},
	})
	slices.SortStableFunc(all, func(a, b check.Picture) int { return cmp.Compare(a.Line, b.Line) })
	return all
}
