package deploy

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zeebo/xxh3"
)

// send makes the target what the edition is.
func (s *sender) send(ctx context.Context) error {
	was, err := s.read(ctx, manifestPath)
	journal, err2 := s.read(ctx, journalPath)
	if err = errors.Join(err, err2); err != nil {
		return err
	}
	if s.Rollback {
		if was, err = s.back(ctx, was); err != nil {
			return err
		}
	}
	s.rep.First = was == nil
	if was == nil {
		if was, err = s.adopt(ctx); err != nil {
			return err
		}
	}
	at := was.with(journal)
	todo := Plan(s.Edition, at, s.Now())
	s.rep.Changes, s.rep.Left, s.rep.Staying = todo.List, todo.Left, len(todo.Stay)
	s.rep.Number, s.rep.Same, s.rep.files = was.Number, len(s.Edition.Files), s.Edition.Files
	for _, c := range todo.List {
		if c.File != nil {
			s.rep.Same--
			s.rep.Bytes += c.File.Size
		}
	}
	if s.Rollback {
		if err := s.whole(ctx, todo); err != nil {
			return err
		}
	}
	if s.DryRun {
		return nil
	}
	nothing := todo.Nothing() && journal == nil && !s.rep.First
	if s.Verify {
		if err := s.inform(ctx, was, todo, nothing); err != nil {
			return err
		}
	}
	if nothing {
		return nil
	}
	return s.put(ctx, was, at, todo)
}

// put does what was planned. Was is the manifest of the edition that lay there
// whole, at what lies there now.
func (s *sender) put(ctx context.Context, was, at *Manifest, todo Changes) error {
	t := &transit{sender: s, journal: &Manifest{Format: format, Edition: s.Edition.ID, BaseURL: s.Edition.BaseURL, Sent: s.Now().UTC().Truncate(time.Second)}}
	for i, e := range at.Files {
		if old, ok := was.find(e.Path); !ok || *old != e {
			t.set(at.Files[i]) // by the deploy that was interrupted
		}
	}
	first := slices.IndexFunc(todo.List, func(c Change) bool { return c.Phase != Withdraw })
	if first < 0 {
		first = len(todo.List)
	}
	if err := t.do(ctx, todo.List[:first]); err != nil {
		return err
	}
	if err := s.keep(ctx, was, at, todo); err != nil {
		return err
	}
	if err := t.do(ctx, todo.List[first:]); err != nil {
		return err
	}
	next := t.result(at, todo)
	s.rep.Sums = map[string]string{}
	for _, c := range todo.List {
		if e, ok := next.find(c.Path); ok && c.File != nil {
			s.rep.Sums[c.Path] = e.SHA256
		}
	}
	next.Number, next.Back = was.Number+1, s.rep.Back
	if err := s.write(ctx, manifestPath, next.Bytes()); err != nil {
		return err
	}
	s.rep.Number = next.Number
	if err := s.prune(ctx, next.Number); err != nil {
		return err
	}
	if err := s.remove(ctx, journalPath); err != nil {
		return err
	}
	return s.try(ctx, func(ctx context.Context) error { return s.Target.Finish(ctx, s.words()) })
}

// words say in a line what was done.
func (s *sender) words() string {
	sent, removed := s.rep.Counts()
	return fmt.Sprintf("edition %d: %d sent, %d removed", s.rep.Number, sent, removed)
}

// A transit is what is under way.
type transit struct {
	*sender
	mu      sync.Mutex
	journal *Manifest
	at      map[string]int // places in the journal
	done    int
	all     int
	written time.Time
}

func (t *transit) set(e Entry) {
	if t.at == nil {
		t.at = map[string]int{}
	}
	i, known := t.at[e.Path]
	if !known {
		i = len(t.journal.Files)
		t.journal.Files = append(t.journal.Files, Entry{})
		t.at[e.Path] = i
	}
	t.journal.Files[i] = e
}

// do does changes, phase by phase. The journal names them all before the first.
func (t *transit) do(ctx context.Context, changes []Change) error {
	if len(changes) == 0 {
		return nil
	}
	t.mu.Lock()
	for _, c := range changes {
		e := Entry{Path: c.Path, Moving: true}
		if c.Was != nil {
			e.Size, e.SHA256, e.Gone, e.Before, e.Header.Beside = c.Was.Size, c.Was.SHA256, c.Was.Gone, c.Was.there(), c.Was.Header.Beside
		}
		if c.File != nil && c.File.Header.Beside != "" {
			e.Header.Beside += " " + c.File.Header.Beside // whatever comes next finds them
		}
		t.set(e)
	}
	t.all += len(changes)
	t.mu.Unlock()
	err := t.note(ctx)
	for err == nil && len(changes) > 0 {
		n := slices.IndexFunc(changes, func(c Change) bool { return c.Phase != changes[0].Phase })
		if n < 0 {
			n = len(changes)
		}
		err = t.phase(ctx, changes[:n])
		changes = changes[n:]
	}
	if err != nil { // what was sent need not be sent again
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		t.mu.Lock()
		data := t.journal.Bytes()
		t.mu.Unlock()
		t.Target.Put(last, objectOf(journalPath, data), bytes.NewReader(data))
	}
	return err
}

// note writes the journal.
func (t *transit) note(ctx context.Context) error {
	t.mu.Lock()
	data := t.journal.Bytes()
	t.written = t.Now()
	t.mu.Unlock()
	return t.write(ctx, journalPath, data)
}

// often is how often the journal is written in a long deploy.
const often = 5 * time.Second

// removedAtOnce is how many paths are removed with one request.
const removedAtOnce = 500

// phase does what may be done in any order, but that what is removed may be in the
// way of what is sent.
func (t *transit) phase(ctx context.Context, changes []Change) error {
	var sends []Change
	var gone []string
	for _, c := range changes {
		if c.File != nil {
			sends = append(sends, c)
		} else {
			gone = append(append(gone, c.Path), besides(c.Path, c.Was.Header.Beside)...)
		}
	}
	for names := range slices.Chunk(gone, removedAtOnce) {
		if err := t.remove(ctx, names...); err != nil {
			return err
		}
		t.tell(len(names))
	}
	return inParallel(ctx, t.Workers, sends, func(ctx context.Context, c Change) error {
		if err := t.sendFile(ctx, c); err != nil {
			return fmt.Errorf("%s: %w", c.Path, err)
		}
		return nil
	})
}

func (t *transit) tell(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.done += n; t.Progress != nil {
		t.Progress(t.done, t.all)
	}
}

func (t *transit) sendFile(ctx context.Context, c Change) error {
	body, sum, err := t.body(ctx, c.File)
	if err != nil {
		return err
	}
	defer body.Close()
	o := Object{Path: c.Path, Size: c.File.Size, SHA256: sum, Header: c.File.Header}
	if err := t.store(ctx, o, body); err != nil {
		return err
	}
	if err := t.compressed(ctx, c, o, body); err != nil {
		return err
	}
	t.mu.Lock()
	t.set(Entry{Path: c.Path, Size: o.Size, SHA256: sum, Sum: Sum(c.File.Sum), Header: o.Header})
	late := t.Now().Sub(t.written) > often
	if late {
		t.written = t.Now()
	}
	t.mu.Unlock()
	t.tell(1)
	if late {
		return t.note(ctx)
	}
	return nil
}

// result is the manifest of what lies there when all is done.
func (t *transit) result(at *Manifest, todo Changes) *Manifest {
	next := &Manifest{Format: format, Edition: t.Edition.ID, BaseURL: t.Edition.BaseURL, Sent: t.journal.Sent, Stories: t.Edition.Stories()}
	for _, f := range t.Edition.Files {
		e, _ := at.find(f.Path)
		if i, ok := t.at[f.Path]; ok && !t.journal.Files[i].Moving {
			e = &t.journal.Files[i]
		}
		there := *e
		there.Gone = ""
		next.Files = append(next.Files, there)
	}
	next.Files = append(next.Files, todo.Stay...)
	slices.SortFunc(next.Files, byPath)
	return next
}

// local opens a file of the edition and takes its sum, if it is still the one that
// was built.
func (s *sender) local(_ context.Context, f *File) (io.ReadSeekCloser, string, error) {
	again := "build again, then deploy"
	if f.Header.Redirect != "" {
		none := sha256.Sum256(nil)
		return inMemory{bytes.NewReader(nil)}, hex.EncodeToString(none[:]), nil
	}
	file, err := s.Edition.FS.Open(f.Path)
	if err != nil {
		return nil, "", &Refused{Text: "it cannot be read: " + err.Error(), Hint: again, Err: err}
	}
	body, ok := file.(io.ReadSeekCloser)
	if !ok {
		data, err := io.ReadAll(file)
		file.Close()
		if err != nil {
			return nil, "", &Refused{Text: "it cannot be read: " + err.Error(), Hint: again, Err: err}
		}
		body = inMemory{bytes.NewReader(data)}
	}
	sum, fast := sha256.New(), xxh3.New128()
	n, err := io.Copy(io.MultiWriter(sum, fast), body)
	if err == nil && (n != f.Size || fast.Sum128().Bytes() != f.Sum) {
		err = errors.New("it is not the file that was built: somebody changed it, or builds at this moment")
	}
	if err == nil {
		_, err = body.Seek(0, io.SeekStart)
	}
	if err != nil {
		body.Close()
		return nil, "", &Refused{Text: err.Error(), Hint: again, Err: err}
	}
	return body, hex.EncodeToString(sum.Sum(nil)), nil
}

type inMemory struct{ *bytes.Reader }

func (inMemory) Close() error { return nil }

// store puts a body in place, as often as it takes.
func (s *sender) store(ctx context.Context, o Object, body io.ReadSeeker) error {
	return s.try(ctx, func(ctx context.Context) error {
		if _, err := body.Seek(0, io.SeekStart); err != nil {
			return err
		}
		return s.Target.Put(ctx, o, body)
	})
}

func objectOf(name string, data []byte) Object {
	sum := sha256.Sum256(data)
	return Object{Path: name, Size: int64(len(data)), SHA256: hex.EncodeToString(sum[:]), Header: Header{Type: TypeOf(name), Cache: "no-store"}}
}

func (s *sender) write(ctx context.Context, name string, data []byte) error {
	return s.store(ctx, objectOf(name, data), bytes.NewReader(data))
}

func (s *sender) remove(ctx context.Context, names ...string) error {
	if len(names) == 0 {
		return nil
	}
	return s.try(ctx, func(ctx context.Context) error { return s.Target.Remove(ctx, names) })
}

// get reads what lies at a path; its error is ErrNone if nothing does.
func (s *sender) get(ctx context.Context, name string) (data []byte, err error) {
	err = s.try(ctx, func(ctx context.Context) error {
		r, err := s.Target.Get(ctx, name)
		if err != nil {
			return err
		}
		defer r.Close()
		data, err = io.ReadAll(r)
		return err
	})
	return data, err
}

// read reads a manifest; nil if there is none. A damaged one is none too: then all
// is compared anew.
func (s *sender) read(ctx context.Context, name string) (*Manifest, error) {
	data, err := s.get(ctx, name)
	if errors.Is(err, ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	m, err := ParseManifest(data)
	if errors.Is(err, errDamaged) {
		return nil, nil
	}
	return m, err
}

// adopt finds out what lies at a target by its listing. What is as in the edition
// is taken over, what lies elsewhere is no concern of Stet's.
func (s *sender) adopt(ctx context.Context) (*Manifest, error) {
	m := &Manifest{Format: format}
	want := map[string]*File{}
	for i := range s.Edition.Files {
		want[s.Edition.Files[i].Path] = &s.Edition.Files[i]
	}
	var there []Object
	err := s.try(ctx, func(ctx context.Context) error {
		there = nil
		return s.Target.List(ctx, func(o Object) error {
			if f := want[o.Path]; f != nil {
				there = append(there, o)
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	err = inParallel(ctx, s.Workers, there, func(ctx context.Context, o Object) error {
		f := want[o.Path]
		sum, equal, err := s.equal(ctx, o, f)
		if err != nil {
			return err
		}
		if !equal {
			mu.Lock()
			defer mu.Unlock()
			m.Files = append(m.Files, Entry{Path: o.Path, Size: o.Size, Moving: true, Before: true})
			return nil
		}
		h := f.Header
		if d, ok := s.Target.(Describer); ok {
			if err := s.try(ctx, func(ctx context.Context) (err error) { h, err = d.Describe(ctx, o.Path); return err }); err != nil {
				return err
			}
		}
		mu.Lock()
		defer mu.Unlock()
		m.Files = append(m.Files, Entry{Path: o.Path, Size: o.Size, SHA256: sum, Sum: Sum(f.Sum), Header: h})
		return nil
	})
	slices.SortFunc(m.Files, byPath)
	return m, err
}

// equal tells whether an object is the same as a file.
func (s *sender) equal(ctx context.Context, o Object, f *File) (sum string, equal bool, err error) {
	if o.Size != f.Size {
		return "", false, nil
	}
	if o.SHA256 == "" && o.MD5 == "" {
		data, err := s.get(ctx, o.Path)
		if err != nil {
			return "", false, err
		}
		o.SHA256 = objectOf(o.Path, data).SHA256
	}
	body, sum, err := s.body(ctx, f)
	if err != nil {
		return "", false, err
	}
	defer body.Close()
	if o.SHA256 != "" {
		return sum, strings.EqualFold(sum, o.SHA256), nil
	}
	other, err := md5Of(body)
	return sum, strings.EqualFold(other, o.MD5), err
}

// inParallel does something with each of many, until one fails.
func inParallel[T any](ctx context.Context, workers int, all []T, do func(context.Context, T) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan T)
	var group sync.WaitGroup
	for range min(workers, len(all)) {
		group.Go(func() {
			for one := range next {
				if err := do(ctx, one); err != nil {
					cancel(err)
				}
			}
		})
	}
	for _, one := range all {
		select {
		case next <- one:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(next)
	group.Wait()
	return context.Cause(ctx)
}
