package build

import (
	"slices"
	"strconv"

	"github.com/zeebo/xxh3"

	"stet/internal/images"
	"stet/internal/page"
	"stet/internal/site"
)

// Whose pictures there are. What stories say of it the site knows ("shown"); of
// the rest the pictures' files do. An archive has many of these, and none is to
// be read only because another story came: so of each file only the digest of the
// name in it is asked, which stands as long as the file does.

// credits are the questions about whose pictures there are.
func (p *press) credits() page.Book {
	return page.Book{
		"creator":  {Answer: p.answerCreator, Noted: true},
		"credited": {Answer: p.answerCredited, Noted: true, Keep: true},
		"pictures": {Answer: p.answerPictures, Noted: true},
	}
}

// A creator is a name that a picture's file or its sidecar says, as
// [site.NameKey] has it, of how many; or none.
type creator struct {
	Key string
	Of  int
}

// digest is that of the name, but for its last byte, which is how many there are.
func (c creator) digest() page.Digest {
	d := page.Digest(xxh3.HashString128("creator " + c.Key).Bytes())
	d[len(d)-1] = byte(min(c.Of, 255))
	return d
}

// answerCreator answers "creator LANG SRC N" with the N-th name.
func (p *press) answerCreator(ask *page.Ask, args string) (page.Answer, error) {
	f := page.Fields(args, 3)
	if _, err := ask.Digest("language", page.Args(f[0])); err != nil {
		return page.Answer{}, err
	}
	ph, err := page.Get[*images.Photo](ask, "photo", page.Args(f[1]))
	if err != nil {
		return page.Answer{}, err
	}
	n, _ := strconv.Atoi(f[2])
	keys := p.creators(f[0], ph)
	c := creator{Of: len(keys)}
	if n >= 1 && n <= len(keys) {
		c.Key = keys[n-1]
	}
	return page.Answer{Value: c, Digest: c.digest()}, nil
}

// creators are the names of whoever made a picture: those of its credit, unless
// it was given, and those that are said to have created it. What the desk says in
// a sidecar is not doubted: its credit stands for both.
func (p *press) creators(lang string, ph *images.Photo) (keys []string) {
	if ph == nil {
		return nil
	}
	add := func(credit string) {
		for _, name := range p.site.PhotoNames(lang, credit) {
			if key := site.NameKey(name); key != "" && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	if !ph.Courtesy {
		add(ph.Credit)
	}
	if !slices.Contains(ph.Sidecar, "credit") || slices.Contains(ph.Sidecar, "creator") {
		for _, name := range ph.Creators {
			add(name)
		}
	}
	return keys
}

// answerCredited answers "credited LANG" with the pictures of all who have a page,
// by slug, the newest story's first.
func (p *press) answerCredited(ask *page.Ask, args string) (page.Answer, error) {
	lang := page.Fields(args, 1)[0]
	shown, err := page.Get[*site.Shown](ask, "shown", page.Args(lang))
	if err != nil {
		return page.Answer{}, err
	}
	people := map[page.Digest]string{} // by the digest of a name alone
	for key, own := range shown.People {
		people[creator{Key: key}.digest()] = own
	}
	by := map[string][]site.Use{}
	for _, use := range shown.Uses {
		if len(use.By) == 0 {
			if use.By, err = namedBy(ask, lang, use.Src, people); err != nil {
				return page.Answer{}, err
			}
		}
		for _, own := range use.By {
			by[own] = append(by[own], site.Use{Story: use.Story, N: use.N, Src: use.Src})
		}
	}
	return page.Answer{Value: by}, nil
}

// namedBy are those people whom a picture's file names.
func namedBy(ask *page.Ask, lang, src string, people map[page.Digest]string) (by []string, err error) {
	for n, of := 1, 1; n <= of; n++ {
		d, err := ask.Digest("creator", page.Args(lang, src, strconv.Itoa(n)))
		if err != nil {
			return nil, err
		}
		of = int(d[len(d)-1])
		d[len(d)-1] = 0
		if own := people[d]; own != "" && !slices.Contains(by, own) {
			by = append(by, own)
		}
	}
	return by, nil
}

// answerPictures answers "pictures LANG NAME N" with at most N pictures by
// somebody, the newest story's first, each once.
func (p *press) answerPictures(ask *page.Ask, args string) (page.Answer, error) {
	f := page.Fields(args, 3)
	author, err := page.Get[*site.Author](ask, "author", page.Args(f[0], f[1]))
	if author == nil || err != nil {
		return page.Answer{}, err
	}
	by, err := page.Get[map[string][]site.Use](ask, "credited", page.Args(f[0]))
	if err != nil {
		return page.Answer{}, err
	}
	most, _ := strconv.Atoi(f[2])
	all := []site.Pictured{}
	seen := map[string]bool{}
	for _, use := range by[author.Slug] {
		if len(all) >= most {
			break
		}
		if seen[use.Src] {
			continue
		}
		seen[use.Src] = true
		im, err := page.Get[*site.Image](ask, "picture", page.Args(use.Story, strconv.Itoa(use.N)))
		if err != nil {
			return page.Answer{}, err
		}
		card, err := page.Get[*site.Card](ask, "card", page.Args(f[0], use.Story))
		if err != nil {
			return page.Answer{}, err
		}
		if im != nil && card != nil {
			all = append(all, site.Pictured{Image: *im, Story: card})
		}
	}
	return page.Answer{Value: all}, nil
}
