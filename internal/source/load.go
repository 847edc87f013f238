package source

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/zeebo/xxh3"

	"stet/internal/diag"
)

// A Record is what is kept of a file between builds: how it looked, the sum of
// its bytes and what they say.
type Record[T any] struct {
	File
	Sum      Sum
	Problems []diag.Problem
	Said     T
	Says     Says   // zero if nobody has taken it
	Kept     string // how the record was written down, if it was
}

// Says are sums of what a file says: of all of it, and of as much as counts for
// others.
type Says struct{ All, Outline Sum }

// A Reader says what a file's bytes say. It may depend on nothing but these
// two. It is called for the files that Wants names; of others only the sum is
// taken.
type Reader[T any] struct {
	Wants func(path string) bool
	Read  func(path string, data []byte) (T, []diag.Problem) // must not hold on to data
}

// A Past is what an earlier build loaded, and when it began to.
type Past[T any] struct {
	Records []Record[T] // sorted by path
	Started int64       // in nanoseconds since 1970
}

// quiet is how much older than the start of the last snapshot a file's times
// must be for it to be left unread: file systems count time in steps, and a
// file written within the same step looks unchanged.
const quiet = 2 * int64(time.Second)

// Load reads each file of the tree, or takes what the past says of it if it
// stands as it was. The records are sorted by path. Files that cannot be read
// have an error among their problems. How many of the site's own files were
// read is told too; none means that the past need not be written down again. If
// a file is gone since the tree was opened, the error is ErrChanged.
func Load[T any](t *Tree, past Past[T], jobs int, r Reader[T]) (records []Record[T], read int, err error) {
	records = make([]Record[T], len(t.Files))
	if jobs < 1 {
		jobs = runtime.GOMAXPROCS(0)
	}
	rest := past.unread(t.Files, records)
	var next, fresh atomic.Int64
	var gone atomic.Pointer[string]
	var wg sync.WaitGroup
	for range min(jobs, len(rest)) {
		wg.Go(func() {
			var buf []byte
			for {
				n := int(next.Add(1)) - 1
				if n >= len(rest) {
					return
				}
				i := rest[n]
				rec, err := load(t, t.Files[i], r, &buf)
				if errors.Is(err, fs.ErrNotExist) {
					gone.Store(&rec.Path)
				} else if err != nil {
					rec.Problems = unreadable(rec.Path, err)
				}
				if records[i] = rec; !rec.Theme {
					fresh.Add(1)
				}
			}
		})
	}
	wg.Wait()
	t.sums = make([]Sum, len(records))
	for i := range records {
		t.sums[i] = records[i].Sum
	}
	if name := gone.Load(); name != nil {
		err = fmt.Errorf("%s: %w", *name, ErrChanged)
	}
	return records, int(fresh.Load()), err
}

// Older tells whether the file had not been touched for a while when a
// snapshot began, so that any change since then shows in how it looks. The
// files of the theme are as old as the program.
func (f File) Older(started int64) bool {
	return f.Theme || f.Stat.Ctime != 0 && max(f.Stat.Mtime, f.Stat.Ctime) <= started-quiet
}

// unread takes over the records of files that need not be read, and returns the
// numbers of those that must be.
func (p *Past[T]) unread(files []File, records []Record[T]) (rest []int) {
	old := p.Records
	for i, f := range files {
		for len(old) > 0 && old[0].Path < f.Path {
			old = old[1:]
		}
		if len(old) > 0 && old[0].File == f && !f.Theme && f.Older(p.Started) {
			records[i] = old[0]
		} else {
			rest = append(rest, i)
		}
	}
	return rest
}

// Record is that of the file at a path, or nil.
func (p *Past[T]) Record(path string) *Record[T] {
	i, ok := slices.BinarySearchFunc(p.Records, path, func(r Record[T], path string) int { return cmp.Compare(r.Path, path) })
	if !ok {
		return nil
	}
	return &p.Records[i]
}

// large is how many bytes a file has at least for which no buffer is kept.
const large = 1 << 20

func load[T any](t *Tree, f File, r Reader[T], buf *[]byte) (rec Record[T], err error) {
	rec.File = f
	wants := r.Wants(f.Path)
	if !wants && f.Stat.Size > large {
		rec.Sum, err = t.sum(f.Path)
		return rec, err
	}
	data, err := t.readFile(&f, *buf)
	if err != nil {
		return rec, err
	}
	if !f.Theme && len(data) <= large {
		*buf = data
	}
	rec.Sum = SumOf(data)
	if wants {
		rec.Said, rec.Problems = r.Read(f.Path, data)
	}
	return rec, nil
}

func unreadable(name string, err error) []diag.Problem {
	l := lister{}
	l.fail(name, err)
	return l.problems
}

// sum takes the sum of a file of any size.
func (t *Tree) sum(name string) (Sum, error) {
	f, err := t.open(name)
	if err != nil {
		return Sum{}, err
	}
	defer f.Close()
	h := xxh3.New()
	if _, err := io.Copy(h, f); err != nil {
		return Sum{}, err
	}
	return h.Sum128().Bytes(), nil
}
