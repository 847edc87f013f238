package deploy

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/gofrs/flock"
)

// A folder is a target on this machine, or on a disk that it has mounted. Files
// are written elsewhere on that disk and renamed.
type folder struct {
	dir  string
	root *os.Root // keeps links from leading out
}

// tmpPath is where files lie until they are whole. Whoever takes the lock clears
// away what a killed deploy left there.
const tmpPath = Own + "/tmp"

func openFolder(_ context.Context, to string, m Means) (Target, error) {
	if !filepath.IsAbs(to) {
		to = filepath.Join(m.Dir, to)
	}
	f := &folder{dir: filepath.Clean(to)}
	err := os.MkdirAll(f.dir, 0o755)
	if err == nil {
		f.root, err = os.OpenRoot(f.dir)
	}
	if err != nil {
		return nil, f.refused(err)
	}
	return f, nil
}

func (f *folder) Name() string { return f.dir }

func (f *folder) Get(_ context.Context, name string) (io.ReadCloser, error) {
	file, err := f.root.Open(filepath.FromSlash(name))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil, ErrNone
	}
	return file, f.refused(err)
}

func (f *folder) Put(_ context.Context, o Object, body io.ReadSeeker) error {
	return f.refused(f.put(o.Path, body))
}

func (f *folder) put(name string, body io.Reader) (err error) {
	if err := f.makeWay(path.Dir(name)); err != nil {
		return err
	}
	if err := f.root.MkdirAll(tmpPath, 0o755); err != nil {
		return err
	}
	tmp := path.Join(tmpPath, rand.Text())
	file, err := f.root.OpenFile(tmp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, body)
	if err = errors.Join(err, file.Close()); err == nil {
		if info, e := f.root.Lstat(name); e == nil && info.IsDir() {
			err = f.root.Remove(name) // only if nothing is in it
		}
	}
	if err == nil {
		err = f.root.Rename(tmp, name)
	}
	if err != nil {
		f.root.Remove(tmp)
	}
	return err
}

// makeWay makes a folder, for which a file of an earlier edition may have to go.
func (f *folder) makeWay(dir string) error {
	err := f.root.MkdirAll(dir, 0o755)
	if err == nil || !errors.Is(err, syscall.ENOTDIR) && !errors.Is(err, fs.ErrExist) {
		return err
	}
	for up := dir; up != "."; up = path.Dir(up) {
		if info, e := f.root.Lstat(up); e == nil && !info.IsDir() {
			return &Refused{Text: fmt.Sprintf("%s is a file, and a folder is to be there", filepath.Join(f.dir, up)), Hint: "move it away, if nobody needs it, and deploy again", Err: err}
		}
	}
	return err
}

func (f *folder) Copy(_ context.Context, from, to string) error {
	file, err := f.root.Open(filepath.FromSlash(from))
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNone
	}
	if err != nil {
		return f.refused(err)
	}
	defer file.Close()
	return f.refused(f.put(to, file))
}

func (f *folder) Remove(_ context.Context, names []string) error {
	for _, name := range names {
		err := f.root.Remove(filepath.FromSlash(name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return f.refused(err)
		}
		for dir := path.Dir(name); dir != "." && f.root.Remove(dir) == nil; dir = path.Dir(dir) {
		}
	}
	return nil
}

func (f *folder) List(ctx context.Context, visit func(Object) error) error {
	err := fs.WalkDir(f.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		if name == Own {
			return fs.SkipDir
		}
		if !d.Type().IsRegular() {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		file, err := f.root.Open(name)
		if err != nil {
			return err
		}
		defer file.Close()
		h := sha256.New()
		if _, err = io.Copy(h, file); err != nil {
			return err
		}
		return visit(Object{Path: name, Size: info.Size(), SHA256: hex.EncodeToString(h.Sum(nil))})
	})
	return f.refused(err)
}

// Lock compares and writes what is in the lock's file while it holds the system's
// own lock, which no killed process keeps.
func (f *folder) Lock(ctx context.Context, l Lock) error {
	return f.locking(func(written []byte) error {
		if err := l.Held(written); err != nil {
			return err
		}
		var last Lock
		if json.Unmarshal(written, &last) != nil || last.Token != l.Token {
			if err := f.root.RemoveAll(tmpPath); err != nil {
				return err
			}
		}
		return f.put(lockPath, strings.NewReader(string(l.Bytes())))
	})
}

func (f *folder) Unlock(ctx context.Context, l Lock) error {
	return f.locking(func(written []byte) error {
		if len(written) == 0 || l.Held(written) != nil {
			return nil
		}
		return f.root.Remove(lockPath)
	})
}

func (f *folder) locking(do func(written []byte) error) error {
	if err := f.root.MkdirAll(Own, 0o755); err != nil {
		return f.refused(err)
	}
	system := flock.New(filepath.Join(f.dir, Own, "lock"))
	if err := system.Lock(); err != nil {
		return f.refused(err)
	}
	defer system.Unlock()
	written, err := f.root.ReadFile(lockPath)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return f.refused(err)
	}
	return f.refused(do(written))
}

func (f *folder) Finish(context.Context, string) error { return nil }

// refused says what no second try would mend. On a disk of this machine that is
// every error.
func (f *folder) refused(err error) error {
	var known *Refused
	var locked *Locked
	switch {
	case err == nil, errors.As(err, &known), errors.As(err, &locked), errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return &Refused{Text: "you may not write there: " + err.Error(), Hint: "run it as the user whose folder that is, or see to it that you may write", Err: err}
	case full(err):
		return &Refused{Text: "there is no room left in " + f.dir, Hint: "make room and run it again: it goes on where it stopped", Err: err}
	}
	return &Refused{Text: err.Error(), Hint: "see to it that the folder can be written, and run it again", Err: err}
}

func full(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }

// escaped is a path as it stands in an address.
func escaped(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}
