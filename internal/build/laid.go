package build

import (
	"path"
	"strings"

	"github.com/zeebo/xxh3"

	"stet/internal/diag"
	"stet/internal/language"
	"stet/internal/layout"
	"stet/internal/page"
	"stet/internal/source"
)

// readLayouts reads the layouts, beside what does not ask for them. A site that the
// build before made is only recalled once it is known whether they can be used.
func (p *press) readLayouts(languages map[string]*language.Language) error {
	defer func() { p.broken = diag.AnyError(p.mislaid) }()
	p.laid = p.layoutSums()
	if was := p.o.Memory.last(); was != nil && was.laid == p.laid {
		p.layouts, p.mislaid = was.layouts, was.mislaid
		return nil
	}
	files, theme := map[string][]byte{}, map[string]bool{}
	for _, f := range p.tree.Below("layouts") {
		if path.Ext(f.Path) == ".html" {
			data, err := p.tree.Read(f.Path)
			if err != nil {
				return err
			}
			name := strings.TrimPrefix(f.Path, "layouts/")
			files[name], theme[name] = data, f.Theme
		}
	}
	spoken := map[string]layout.Language{}
	for tag, l := range languages {
		spoken[tag] = l
	}
	p.layouts, p.mislaid = layout.New(files, spoken)
	p.layouts.Theme(theme)
	if p.o.Interpret {
		p.layouts.Interpret()
	}
	return nil
}

// layoutSums is a digest of all that layouts are made of: their files, the words of
// languages, and the settings, which say what languages there are.
func (p *press) layoutSums() page.Digest {
	h := xxh3.New()
	add := func(name string, theme bool) {
		sum, _ := p.tree.Sum(name)
		h.WriteString(name)
		h.Write(append(sum[:], 0, yes(theme), yes(p.o.Interpret)))
	}
	add(source.Settings, false)
	for _, f := range p.tree.Below("layouts") {
		add(f.Path, f.Theme)
	}
	return h.Sum128().Bytes()
}

func yes(b bool) byte {
	if b {
		return 1
	}
	return 0
}
