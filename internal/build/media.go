package build

import (
	"path"
	"strconv"
	"strings"

	"stet/internal/images"
	"stet/internal/page"
	"stet/internal/site"
)

// mediaTypes are those of pictures, by ending.
var mediaTypes = map[string]string{
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif",
	".webp": "image/webp", ".avif": "image/avif", ".svg": "image/svg+xml", ".ico": "image/x-icon",
}

// answerMedia answers "media SRC LANG SIZE" with a picture as feeds and other
// papers get it; nil if there is none.
func (p *press) answerMedia(ask *page.Ask, args string) (page.Answer, error) {
	f := page.Fields(args, 3)
	m, err := p.mediaURL(ask, f[0], f[2])
	if m == nil || err != nil {
		return page.Answer{}, err
	}
	m.Type = mediaTypes[strings.ToLower(path.Ext(m.URL))]
	ph, err := page.Get[*images.Photo](ask, "photo", page.Args(f[0]))
	if ph == nil || err != nil {
		return page.Answer{Value: m}, err
	}
	set, err := page.Get[images.Settings](ask, "imagesettings", "")
	if err != nil {
		return page.Answer{}, err
	}
	w := ph.WordsIn(f[1], set.Language)
	if f[2] == "asis" { // else it is of no use, and whoever asks would be made again for it
		m.Width, m.Height = ph.Width, ph.Height
	}
	m.Alt, m.Caption, m.Credit, m.Courtesy, m.Reserved = w.Alt, w.Caption, w.Credit, w.Courtesy, w.Reserved
	m.Creators, m.Copyright, m.UsageTerms, m.License = w.Creators, w.Copyright, w.UsageTerms, w.License
	return page.Answer{Value: m}, nil
}

// mediaURL is a picture of which is known where it is to be had.
func (p *press) mediaURL(ask *page.Ask, src, size string) (*site.Media, error) {
	if size == "asis" {
		at, err := page.Get[string](ask, "file", page.Args(src))
		if at == "" {
			return nil, err
		}
		return &site.Media{URL: at}, err
	}
	width := ""
	if size == "" {
		width = strconv.Itoa(images.Moderate)
	}
	pic, err := page.Get[*images.Picture](ask, "image", page.Args(src, width))
	if pic == nil || pic.URL == "" {
		return nil, err
	}
	if size == "largest" && pic.Largest != "" {
		return &site.Media{URL: pic.Largest}, err
	}
	return &site.Media{URL: pic.URL}, err
}
