package deploy

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"path"
)

// Lock moves a file that is written already to the lock's place: by the protocol
// that fails if there is one.
func (r *remote) Lock(ctx context.Context, l Lock) error {
	return r.with(ctx, func(c *session) error {
		written, err := r.written(c)
		if err != nil {
			return err
		}
		if err := l.Held(written); err != nil {
			return err
		}
		data := l.Bytes()
		tmp, err := r.stage(c, bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return err
		}
		defer c.Remove(r.at(tmp))
		switch {
		case len(written) > 0 && tokenOf(written) == l.Token:
			err = r.move(c, tmp, lockPath)
		case written != nil:
			if err := r.unseat(c, written); err != nil {
				return err
			}
			fallthrough
		default:
			err = c.Rename(r.at(tmp), r.at(lockPath))
		}
		now, e := r.written(c)
		if e != nil {
			return e
		}
		if tokenOf(now) != l.Token { // somebody was faster
			return errors.Join(l.Held(now), err)
		}
		if r.token != l.Token {
			r.token = l.Token
			r.tidy(c, path.Base(tmp))
		}
		return nil
	})
}

// unseat moves an expired lock away, and back if it is another by now.
func (r *remote) unseat(c *session, written []byte) error {
	old := stagingPath + "/." + rand.Text()
	if err := r.move(c, lockPath, old); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	moved, err := r.read(c, old)
	if err == nil && !bytes.Equal(moved, written) {
		return c.Rename(r.at(old), r.at(lockPath))
	}
	c.Remove(r.at(old))
	return err
}

// tidy removes what killed deploys have left in staging.
func (r *remote) tidy(c *session, mine string) {
	infos, _ := c.ReadDir(r.at(stagingPath))
	for _, info := range infos {
		if info.Name() != mine {
			c.Remove(r.at(path.Join(stagingPath, info.Name())))
		}
	}
}

// Unlock removes the lock.
func (r *remote) Unlock(ctx context.Context, l Lock) error {
	return r.with(ctx, func(c *session) error {
		written, err := r.written(c)
		if err != nil || tokenOf(written) != l.Token {
			return err
		}
		if err := c.Remove(r.at(lockPath)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		c.RemoveDirectory(r.at(stagingPath))
		r.forget()
		return nil
	})
}

// written is what is in the lock's file; nil if there is none.
func (r *remote) written(c *session) ([]byte, error) {
	data, err := r.read(c, lockPath)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

func (r *remote) read(c *session, name string) ([]byte, error) {
	f, err := c.Open(r.at(name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data := []byte{}
	more, err := io.ReadAll(f)
	return append(data, more...), err
}
