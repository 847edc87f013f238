package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"stet/internal/comments"
	"stet/internal/threads"
)

// An edition is what the newspaper's says of itself, as it was last seen.
type edition struct {
	threads.Edition
	places map[string]int // of stories, by ID
}

type story = threads.EditionStory

const (
	editionSize = 64 << 20 // 300,000 stories
	editionTime = 20 * time.Second
	editionPace = time.Minute
	editionRest = 10 * time.Second // between two looks, where a story is not known
)

// news is the last good edition, and what is needed to ask for the next.
type news struct {
	now  atomic.Pointer[edition]
	head atomic.Pointer[threads.Edition] // the store's, while none has been seen; without stories

	mu     sync.Mutex // of who asks
	asked  time.Time
	stamp  http.Header // by which the newspaper tells whether it is still the same
	seen   fs.FileInfo
	client http.Client
}

// Run keeps up with the newspaper's edition until the context ends.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(editionPace)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			_ = s.Refresh(ctx) // what is wrong is in the log
		}
	}
}

// Refresh looks what the newspaper's edition says now. The last good one stays if
// that cannot be known, and the log says why.
func (s *Service) Refresh(ctx context.Context) error {
	s.news.mu.Lock()
	defer s.news.mu.Unlock()
	return s.refresh(ctx)
}

func (s *Service) refresh(ctx context.Context) error {
	err := s.renew(ctx)
	if err != nil && !errors.Is(err, context.Canceled) && s.Log != nil {
		s.Log("the edition stays as it was: " + oneLine(err.Error()))
	}
	return err
}

func (s *Service) renew(ctx context.Context) error {
	n := &s.news
	n.asked = s.Now()
	ctx, cancel := context.WithTimeout(ctx, editionTime)
	defer cancel()
	body, keep, err := s.open(ctx)
	if err != nil || body == nil {
		return err
	}
	defer body.Close()
	data, err := io.ReadAll(io.LimitReader(body, editionSize+1))
	if err != nil {
		return err
	}
	if len(data) > editionSize {
		return fmt.Errorf("%s has more than %d MB", threads.EditionFile, editionSize>>20)
	}
	e, err := parseEdition(data)
	if err != nil {
		return err
	}
	n.now.Store(e)
	if err := s.store.SetStories(ctx, e.known()); err != nil {
		return err
	}
	if err := s.keepHead(ctx, e.Edition); err != nil {
		return err
	}
	keep() // only now, so that what could not be kept is asked for again
	return nil
}

// open opens comments.json, or gives nil if it is what it was.
func (s *Service) open(ctx context.Context) (body io.ReadCloser, keep func(), err error) {
	if s.Edition == nil {
		return s.fetch(ctx)
	}
	info, err := fs.Stat(s.Edition, threads.EditionFile)
	if err != nil {
		return nil, nil, err
	}
	if was := s.news.seen; was != nil && was.ModTime().Equal(info.ModTime()) && was.Size() == info.Size() {
		return nil, nil, nil
	}
	f, err := s.Edition.Open(threads.EditionFile)
	return f, func() { s.news.seen = info }, err
}

func (s *Service) fetch(ctx context.Context) (io.ReadCloser, func(), error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.paper.JoinPath(threads.EditionFile).String(), nil)
	if err != nil {
		return nil, nil, err
	}
	for name, values := range s.news.stamp {
		r.Header[name] = values
	}
	w, err := s.news.client.Do(r)
	if err != nil {
		return nil, nil, err
	}
	if w.StatusCode != http.StatusOK {
		w.Body.Close()
		if w.StatusCode == http.StatusNotModified {
			return nil, nil, nil
		}
		return nil, nil, fmt.Errorf("%s answers %s", r.URL, w.Status)
	}
	stamp := http.Header{}
	for ours, theirs := range map[string]string{"If-None-Match": "Etag", "If-Modified-Since": "Last-Modified"} {
		if value := w.Header.Get(theirs); value != "" {
			stamp.Set(ours, value)
		}
	}
	return w.Body, func() { s.news.stamp = stamp }, nil
}

// parseEdition reads comments.json. A story whose address would lead out of the
// newspaper is an error, for nobody can have meant it.
func parseEdition(data []byte) (*edition, error) {
	e := &edition{places: map[string]int{}}
	if err := json.Unmarshal(data, &e.Edition); err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", threads.EditionFile, err)
	}
	for i, st := range e.Stories {
		if st.ID == "" || !inside(st.URL) {
			return nil, fmt.Errorf("%s: %q is no story with an address of the newspaper", threads.EditionFile, st.ID)
		}
		e.places[st.ID] = i
	}
	return e, nil
}

// inside tells whether an address is a path of the newspaper's own site.
func inside(path string) bool {
	u, err := url.Parse(path)
	return err == nil && strings.HasPrefix(path, "/") && u.Host == "" && u.Scheme == "" && u.RawQuery == "" && u.Fragment == "" && !strings.HasPrefix(path, "//") && !strings.ContainsRune(path, '\\')
}

// known are the stories as the store remembers them.
func (e *edition) known() []comments.Story {
	all := make([]comments.Story, len(e.Stories))
	for i, st := range e.Stories {
		all[i] = comments.Story{ID: st.ID, URL: st.URL, Title: st.Title, Lang: st.Lang, Open: st.Comments, Rating: st.Rating}
	}
	return all
}

// find looks a story up. One that is not in the edition as it was last seen may have
// been published since; one that was there takes nothing any more. While no edition
// has been seen the store says what the last one was.
func (s *Service) find(ctx context.Context, id string) (story, error) {
	if id == "" || len(id) > 2000 {
		return story{}, comments.ErrNone
	}
	if st, ok := s.inEdition(id); ok {
		return st, nil
	}
	if s.news.mu.TryLock() {
		if s.Now().Sub(s.news.asked) >= editionRest {
			_ = s.refresh(ctx)
		}
		s.news.mu.Unlock()
		if st, ok := s.inEdition(id); ok {
			return st, nil
		}
	}
	was, err := s.store.Story(ctx, id)
	if err != nil {
		return story{}, err
	}
	unseen := s.news.now.Load() == nil
	if st, ok := s.inEdition(id); ok { // it was seen meanwhile
		return st, nil
	}
	return story{ID: was.ID, URL: was.URL, Title: was.Title, Lang: was.Lang, Comments: was.Open && unseen, Rating: was.Rating && unseen}, nil
}

func (s *Service) inEdition(id string) (story, bool) {
	e := s.news.now.Load()
	if e == nil {
		return story{}, false
	}
	i, ok := e.places[id]
	if !ok {
		return story{}, false
	}
	return e.Stories[i], true
}

// head is what the edition says of itself, or what the last one did that this
// service or another has seen; nil if none ever was.
func (s *Service) head() *threads.Edition {
	if e := s.news.now.Load(); e != nil {
		return &e.Edition
	}
	return s.news.head.Load()
}

// keepHead has the store remember it: the newspaper's names are kept from readers
// also while it cannot be reached.
func (s *Service) keepHead(ctx context.Context, h threads.Edition) error {
	h.Stories = nil // the store has them already
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	return s.store.SetHead(ctx, string(text))
}

func (s *Service) recallHead(ctx context.Context) error {
	text, err := s.store.Head(ctx)
	var h threads.Edition
	if err == nil && text != "" && json.Unmarshal([]byte(text), &h) == nil {
		s.news.head.Store(&h)
	}
	return err
}

// papers are the names of the newspaper, in all of its languages.
func (s *Service) papers() []string {
	e := s.head()
	if e == nil {
		return nil
	}
	names := []string{e.Paper}
	for _, l := range e.Languages {
		names = append(names, l.Paper)
	}
	return names
}

// section is the edition in a language, as far as it is known.
func (s *Service) section(lang string) threads.EditionLanguage {
	l := threads.EditionLanguage{Paper: s.paper.Host, URL: s.paper.Path}
	e := s.head()
	if e == nil {
		return l
	}
	if e.Paper != "" {
		l.Paper = e.Paper
	}
	if own, ok := e.Languages[lang]; ok {
		if own.Paper != "" {
			l.Paper = own.Paper
		}
		if own.URL != "" {
			l.URL = own.URL
		}
		l.Policy = own.Policy
	}
	return l
}

// masthead is the newspaper's name and address in a language.
func (s *Service) masthead(lang string) (name, url string) {
	l := s.section(lang)
	return l.Paper, s.at(l.URL, "")
}

// policy is the address of what the newspaper says about comments, if that is a page
// of its own.
func (s *Service) policy(lang string) string {
	path, place, _ := strings.Cut(s.section(lang).Policy, "#")
	if !inside(path) {
		return ""
	}
	return s.at(path, place)
}

// at is the whole address of a path of the newspaper, or of its front.
func (s *Service) at(path, fragment string) string {
	u, err := url.Parse(path)
	if err != nil || !inside(path) {
		return s.paper.String()
	}
	u.Fragment = fragment
	return s.paper.ResolveReference(u).String()
}

// none tells whether something is not there, rather than out of reach.
func none(err error) bool { return errors.Is(err, comments.ErrNone) }
