package images

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/zeebo/xxh3"
	"golang.org/x/sync/semaphore"

	"stet/internal/page"
	"stet/internal/photo"
	"stet/internal/pixels"
	"stet/internal/poster"
	"stet/internal/slug"
)

// Folder is where renditions lie in an edition.
const Folder = "img/"

// A Store keeps renditions between builds. Their names hold a sum of all that
// they are made from, so that what is there is right.
type Store interface {
	Get(name string) ([]byte, bool)
	Put(name string, data []byte)
}

// A Shop makes the renditions of one build. All that are wanted of a picture are
// made at once, since decoding it costs most.
type Shop struct {
	store Store
	room  *semaphore.Weighted // bytes of memory, for decoding

	mu      sync.Mutex
	orders  map[string]order  // by path in the edition
	batches map[string]*batch // by source file

	drawings map[string]string // arguments of posters, by path in the edition

	setting sync.Mutex // guards what follows
	set     *poster.Fonts
	setKey  string // sums of their files
}

// A batch is what is wanted of one picture.
type batch struct {
	mu     sync.Mutex
	paths  []string
	made   map[string][]byte // what waits to be taken; the shop's lock is for it
	failed error
}

// maxMemory bounds what all pictures that are being decoded take, unless one of
// them takes more by itself.
const maxMemory = 128 << 20

// NewShop makes a shop. Without a store everything is made anew.
func NewShop(store Store) *Shop {
	return &Shop{store: store, room: semaphore.NewWeighted(maxMemory), orders: map[string]order{}, batches: map[string]*batch{}, drawings: map[string]string{}}
}

// answerRendition answers "rendition …" with the URL of what is ordered.
func answerRendition(ask *page.Ask, args string) (page.Answer, error) {
	u, err := page.Get[string](ask, "url", page.Args("/"+orderOf(args).path()))
	return page.Answer{Value: u}, err
}

// path is where a rendition lies in the edition: a word of the name of its file,
// a sum of what it is made from and how, and its width. Two files of one name and
// the same bytes have the same renditions.
func (o order) path() string {
	sum := xxh3.HashString128(strings.Join(page.Fields(o.args(), 7)[1:], " ")).Bytes()
	base := path.Base(o.src)
	base = cmp.Or(slug.Make(strings.TrimSuffix(base, path.Ext(base))), "picture")
	return Folder + base + "-" + hex.EncodeToString(sum[:8]) + "-" + strconv.Itoa(o.Width) + ending(o.Type)
}

// ending is that of the name of a file of a type.
func ending(kind string) string {
	if kind == "image/jpeg" {
		return ".jpg"
	}
	return "." + strings.TrimPrefix(kind, "image/")
}

// Pages lists the renditions that were asked for, given the arguments of those
// questions, and takes the orders.
func (s *Shop) Pages(asked []string) []page.Page {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all pictures
	seen := map[string]bool{}
	for _, args := range asked {
		o := orderOf(args)
		name := o.path()
		first, known := s.orders[name]
		if known {
			o = first
		}
		if !seen[name] {
			seen[name] = true
			all.add(o.src, page.Page{Path: name, Kind: "rendition", Args: o.args()})
		}
		if known {
			continue
		}
		s.orders[name] = o
		b := s.batches[o.src]
		if b == nil {
			b = &batch{made: map[string][]byte{}}
			s.batches[o.src] = b
		}
		b.paths = append(b.paths, name)
	}
	return all.inTurn()
}

// pictures are the renditions to be made, by source file.
type pictures struct {
	numbers map[string]int
	pages   [][]page.Page
}

func (p *pictures) add(src string, pg page.Page) {
	i, known := p.numbers[src]
	if !known {
		if p.numbers == nil {
			p.numbers = map[string]int{}
		}
		i = len(p.pages)
		p.numbers[src] = i
		p.pages = append(p.pages, nil)
	}
	p.pages[i] = append(p.pages[i], pg)
}

// lead is by how many pictures the first rendition of one, with which all of it
// are made, comes before the others: else several workers would take those of
// one picture and wait for each other. What is made lies in memory meanwhile.
const lead = 8

// inTurn lists the pages in the order in which they are to be made.
func (p *pictures) inTurn() (all []page.Page) {
	for i := range len(p.pages) + lead {
		if i < len(p.pages) {
			all = append(all, p.pages[i][0])
		}
		if i >= lead {
			all = append(all, p.pages[i-lead][1:]...)
		}
	}
	return all
}

// Makers returns who makes pages of the kinds "rendition" and "drawing".
func (s *Shop) Makers(read Read) map[string]page.Maker {
	return map[string]page.Maker{"drawing": s.makeDrawing(read), "rendition": func(ask *page.Ask, p page.Page, to *page.Content) error {
		o := orderOf(p.Args)
		ph, err := page.Get[*Photo](ask, "photo", page.Args(o.src))
		if err != nil || ph == nil {
			return err
		}
		data, err := s.take(p.Path, func() (*Photo, []byte, error) {
			data, _, err := read(ask, o.src)
			return ph, data, err
		})
		to.Body.Write(data)
		return err
	}}
}

// Make makes the rendition or poster of a path for somebody who wants it now,
// after the build: read gives the bytes of a file of the site, none if it is not there.
// It is nil if nobody ordered it, or the picture is another one now.
func (s *Shop) Make(name string, read func(path string) []byte) []byte {
	s.mu.Lock()
	o, ok := s.orders[name]
	s.mu.Unlock()
	if !ok {
		return s.draw(name, read)
	}
	data, err := s.take(name, func() (*Photo, []byte, error) {
		data := read(o.src)
		ph, _ := Inspect(o.src, data, read(Beside(o.src)))
		if ph.Key != o.key {
			return nil, nil, errOther
		}
		return ph, data, nil
	})
	if err != nil {
		return nil
	}
	if s.store != nil { // it has the others too, who may never be wanted
		s.mu.Lock()
		clear(s.batches[o.src].made)
		s.mu.Unlock()
	}
	return data
}

var errOther = errors.New("the picture is another one now")

// take gives a rendition, and makes all of its picture's that are not there.
func (s *Shop) take(name string, source func() (*Photo, []byte, error)) ([]byte, error) {
	s.mu.Lock()
	o := s.orders[name]
	b := s.batches[o.src]
	s.mu.Unlock()
	if data, ok := s.ready(b, name); ok {
		return data, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if data, ok := s.ready(b, name); ok {
		return data, nil
	}
	if b.failed != nil {
		return nil, b.failed
	}
	ph, data, err := source()
	if err != nil {
		return nil, err // which may pass
	}
	made, err := s.make(b, name, ph, data)
	b.failed = err
	return made, err
}

// ready gives a rendition that waits to be taken, which then waits no more, or
// is in the store.
func (s *Shop) ready(b *batch, name string) ([]byte, bool) {
	s.mu.Lock()
	data, ok := b.made[name]
	delete(b.made, name)
	s.mu.Unlock()
	if ok {
		return data, true
	}
	return s.kept(name)
}

func (s *Shop) kept(name string) ([]byte, bool) {
	if s.store == nil {
		return nil, false
	}
	return s.store.Get(path.Base(name))
}

// make makes what is wanted of a picture and not there, and keeps it in the
// store, or until it is taken. It returns the one that is wanted now.
func (s *Shop) make(b *batch, wanted string, ph *Photo, data []byte) ([]byte, error) {
	var jobs []pixels.Job
	var names []string
	for _, name := range b.paths {
		if _, ok := s.kept(name); !ok {
			jobs, names = append(jobs, s.order(name).Job), append(names, name)
		}
	}
	info, err := pixels.Look(bytes.NewReader(data), limits)
	if err != nil {
		return nil, broken(s.order(wanted).src, err)
	}
	weight := min(info.Needs(ph.Orientation, jobs), maxMemory)
	if err := s.room.Acquire(context.Background(), weight); err != nil {
		return nil, err
	}
	defer s.room.Release(weight)
	made, err := pixels.Make(bytes.NewReader(data), ph.Orientation, jobs, limits)
	if err != nil {
		return nil, broken(s.order(wanted).src, err)
	}
	var now []byte
	for i, r := range made {
		file, err := photo.Embed(r.Data, ph.rights())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", names[i], err)
		}
		if names[i] == wanted {
			now = file
		} else {
			s.mu.Lock()
			b.made[names[i]] = file
			s.mu.Unlock()
		}
		if s.store != nil {
			s.store.Put(path.Base(names[i]), file)
		}
	}
	return now, nil
}

func (s *Shop) order(name string) order {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.orders[name]
}

// Names lists the file names of all renditions and posters that are wanted, sorted.
func (s *Shop) Names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for name := range s.orders {
		names = append(names, path.Base(name))
	}
	for name := range s.drawings {
		names = append(names, path.Base(name))
	}
	slices.Sort(names)
	return names
}
