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
// Where editors look at stories they say it.
func (b *body) lacks(p check.Picture) {
	if b.editors != nil || len(b.set.Rules) == 0 {
		return
	}
	at := p.Place(func(key string) diag.Problem {
		if key == "" {
			return diag.Problem{Path: b.path}
		}
		return b.site.Mark(b.path, key)
	})
	for _, lack := range p.Lacks() {
		if how, holds := b.set.Rules[lack.Rule]; holds {
			b.report(check.Taken(how, lack.Rule, at, lack.Text, lack.Hint))
		}
	}
}

// front looks at the pictures of the front matter.
func (b *body) front() error {
	if b.wire || b.editors != nil {
		return nil
	}
	for _, p := range b.ofFront(b.path, b.set.Image, b.set.Gallery) {
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
			complete(&p, ph, b.set.Lang, set.Language)
		}
		b.lacks(p)
	}
	return nil
}

// ofFront are the pictures of a front matter, as that has them.
func (p *press) ofFront(name string, lead *site.Image, gallery []site.Image) (all []check.Picture) {
	add := func(key string, im site.Image) {
		all = append(all, check.Picture{Key: key, Src: im.Src, Alt: im.Alt, Caption: im.Text, Credit: im.Credit})
	}
	if lead != nil && lead.Src != "" {
		add("image", *lead)
	}
	a := p.said(name)
	for i, im := range gallery {
		add("gallery", im)
		if a != nil && len(a.Gallery) == len(gallery) {
			last := &all[len(all)-1]
			last.Line, last.Column = a.Gallery[i].Line, a.Gallery[i].Column
		}
	}
	return all
}

// complete takes what is not said of a picture from its file and its sidecar.
func complete(p *check.Picture, ph *images.Photo, lang, first string) {
	words := ph.WordsIn(lang, first)
	p.Troubles = ph.Troubles
	for _, f := range []struct {
		name string
		to   *string
		from string
	}{{"caption", &p.Caption, words.Caption}, {"credit", &p.Credit, words.Credit}, {"alt", &p.Alt, words.Alt}} {
		switch {
		case *f.to != "" || f.from == "":
			continue
		case slices.Contains(ph.Sidecar, f.name):
			p.Beside = append(p.Beside, f.name)
		default:
			p.Filled = append(p.Filled, f.name)
		}
		*f.to = f.from
	}
}

// look is what the desk wants to know of a story as readers see it, and what of
// its pictures their files say, a line for each. All is read anew, as it is now.
func (d *Desk) look(about *site.Desk) (w written, from []string) {
	set := d.p.site.BodySettings(about.Source)
	if set == nil {
		w.pictures = d.p.ofFront(about.Source, about.Story.Image, about.Story.Gallery)
		return w, nil
	}
	read := func(name string) []byte {
		data, _ := source.ReadFile(d.p.o.Dir, d.p.o.Theme, name) // what cannot be read says nothing
		return data
	}
	w = textOf(about.Source, read(about.Source), set)
	w.pictures = append(d.p.ofFront(about.Source, about.Story.Image, about.Story.Gallery), w.pictures...)
	for i := range w.pictures {
		p := &w.pictures[i]
		data := read(p.Src)
		if len(data) == 0 {
			continue
		}
		ph, _ := images.Inspect(p.Src, data, read(images.Beside(p.Src)))
		complete(p, ph, set.Lang, d.p.config.Languages[0].Tag)
		for _, part := range [][]string{append([]string{"the photo's file"}, p.Filled...), append([]string{path.Base(images.Beside(p.Src))}, p.Beside...)} {
			if line := path.Base(p.Src) + ": from " + part[0] + ": " + strings.Join(part[1:], ", "); len(part) > 1 && !slices.Contains(from, line) {
				from = append(from, line)
			}
		}
	}
	return w, from
}

// textOf is what a text holds.
func textOf(name string, data []byte, set *site.BodySettings) (w written) {
	if len(data) == 0 {
		return w
	}
	there := func(dest string, _ int) (article.Target, error) { return article.Target{URL: dest}, nil }
	o := article.Options{
		FirstLine: set.Line, Quotes: set.Quotes, Trusted: set.Trusted, Link: there, Picture: there,
		Figure: func(article.Figure) (string, error) { return "", nil },
	}
	w.gather(name, &o)
	article.Render(name, article.Body(data, set.Line), o)
	slices.SortStableFunc(w.pictures, func(a, b check.Picture) int { return cmp.Compare(a.Line, b.Line) })
	return w
}
