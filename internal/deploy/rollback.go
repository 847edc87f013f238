package deploy

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// An earlierEdition is put together from what lies there, edition by edition back.
type earlierEdition struct {
	files   map[string]Entry
	stories map[string]Story // by ID
	lacking map[string]bool  // files that were erased
	erased  bool
	id      string
}

// back makes the edition before the job's. The manifest is that of what lies
// there.
func (s *sender) back(ctx context.Context, was *Manifest) (*Manifest, error) {
	none := &Refused{Text: "no earlier edition is kept there", Hint: "build the site as it was, and deploy that"}
	if was == nil {
		return nil, none
	}
	number := was.Number - 1
	if was.Back > 0 {
		number = was.Back - 1
	}
	e := &earlierEdition{files: map[string]Entry{}, stories: map[string]Story{}, lacking: map[string]bool{}}
	for _, f := range was.Files {
		if f.Gone == "" {
			e.files[f.Path] = f
		}
	}
	for _, story := range was.Stories {
		e.stories[story.ID] = story
	}
	for n := was.Number - 1; n >= number; n-- {
		d, err := s.read(ctx, editionPath(n))
		if err != nil {
			return nil, err
		}
		if d == nil {
			return nil, none
		}
		e.before(d)
	}
	present := map[string]Entry{}
	for _, f := range was.Files {
		if f.Gone == "" {
			present[f.Path] = f
		}
	}
	s.body = s.kept
	if err := s.patch(ctx, e, present); err != nil {
		return nil, err
	}
	s.Edition = e.edition(was)
	s.rep.Edition, s.rep.BaseURL, s.rep.Back, s.rep.Partly = e.id, was.BaseURL, number, e.erased
	return was, nil
}

// before goes one edition back.
func (e *earlierEdition) before(d *Manifest) {
	e.id, e.erased = d.Edition, e.erased || d.Erased
	for _, name := range d.Added {
		delete(e.files, name)
		delete(e.lacking, name)
	}
	for _, f := range d.Files {
		e.files[f.Path] = f
		delete(e.lacking, f.Path)
	}
	for _, name := range d.Cut {
		e.lacking[name] = true
	}
	for _, id := range d.NewStories {
		delete(e.stories, id)
	}
	for _, s := range d.Stories {
		e.stories[s.ID] = s
	}
}

// patch has what lies there now in the place of what was erased. Then nothing of
// what lies there goes, as that may lead to it, and no page comes back that leads
// to one that does not.
func (s *sender) patch(ctx context.Context, e *earlierEdition, present map[string]Entry) error {
	if !e.erased {
		return nil
	}
	var absent [][]byte
	give := func(name string) {
		now, there := present[name]
		if e.files[name] = now; !there {
			delete(e.files, name)
			absent = append(absent, []byte(URL("/", name)), []byte(escaped(URL("/", name))))
		}
	}
	for name := range e.lacking {
		give(name)
	}
	for name, f := range present {
		if _, ok := e.files[name]; !ok {
			e.files[name] = f
		}
	}
	for looked := 0; looked < len(absent); {
		looked = len(absent)
		for _, name := range slices.Sorted(maps.Keys(e.files)) {
			if f := e.files[name]; f != present[name] && readable(name) {
				data, err := s.get(ctx, keptPath+f.SHA256)
				if err != nil && !errors.Is(err, ErrNone) {
					return err
				}
				if hasAny(data, absent) {
					give(name)
				}
			}
		}
	}
	return nil
}

// edition is what is to be sent then.
func (e *earlierEdition) edition(was *Manifest) Edition {
	ed := Edition{ID: e.id, BaseURL: was.BaseURL, Complete: true, Earlier: true}
	stories := map[string]Story{}
	for _, all := range [][]Story{was.Stories, slices.Collect(maps.Values(e.stories))} {
		for _, s := range all {
			stories[s.Path] = s
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.files)) {
		f := e.files[name]
		file := File{Path: name, Size: f.Size, Sum: f.Sum, Header: f.Header}
		if s, ok := stories[name]; ok {
			file.Story = &s
		}
		file.Kind = KindOf(name, file.Story != nil)
		file.kept = f.SHA256
		ed.Files = append(ed.Files, file)
	}
	return ed
}

// kept opens a file of an earlier edition.
func (s *sender) kept(ctx context.Context, f *File) (io.ReadSeekCloser, string, error) {
	data, err := s.get(ctx, keptPath+f.kept)
	if sum := sha256.Sum256(data); err == nil && hex.EncodeToString(sum[:]) != f.kept {
		err = ErrNone
	}
	if errors.Is(err, ErrNone) {
		err = &Refused{Text: "that edition is not whole any more: " + f.Path + " is missing", Hint: "build the site as it was, and deploy that", Err: err}
	}
	return inMemory{bytes.NewReader(data)}, f.kept, err
}

// whole tells whether all is there that a rollback sends, before it begins.
func (s *sender) whole(ctx context.Context, todo Changes) error {
	if todo.Nothing() {
		return &Refused{Text: fmt.Sprintf("edition %d is what lies there", s.rep.Back), Hint: "what it had beside that was erased, because it named a story that has left the site"}
	}
	return inParallel(ctx, s.Workers, todo.List, func(ctx context.Context, c Change) error {
		if c.File == nil {
			return nil
		}
		_, _, err := s.kept(ctx, c.File)
		return err
	})
}
