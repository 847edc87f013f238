package deploy

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

func init() { schemes["sftp"] = openSFTP }

// A remote is a target that is reached by SFTP. A file is written into stagingPath
// and moved to its place. A connection that broke is made anew when it is needed
// next.
type remote struct {
	login *login
	dir   string // of the server
	token string // of the lock

	dialing sync.Mutex
	session *session

	mu   sync.Mutex
	made map[string]bool // folders that are there
}

// A session is a connection.
type session struct {
	*sftp.Client
	conn *ssh.Client
	lost chan struct{} // closed when it is over

	ended atomic.Bool // by this side
}

// stagingPath is where files are before they are whole.
const stagingPath = Own + "/staging"

// openSFTP opens sftp://USER@HOST:PORT/PATH; /~/PATH counts from the user's folder
// there.
func openSFTP(ctx context.Context, to string, m Means) (Target, error) {
	like := "write it like sftp://ada@www.example.org/srv/www, or sftp://ada@www.example.org/~/www for a folder in ada's own"
	u, err := url.Parse(to)
	if err != nil || u.Hostname() == "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, &Refused{Text: "that is no folder of a server", Hint: like}
	}
	if _, secret := u.User.Password(); secret {
		return nil, &Refused{Text: "a password stands in the address of " + u.Host, Hint: "take it out of site.yaml, and set " + passwordName + " instead"}
	}
	dir, home := strings.CutPrefix(u.Path, "/~/")
	if dir = path.Clean("/" + dir); dir == "/" {
		return nil, &Refused{Text: "no folder is named on " + u.Host, Hint: like}
	}
	if home {
		dir = dir[1:]
	}
	l, err := loginOf(u, m)
	if err != nil {
		return nil, err
	}
	return &remote{login: l, dir: dir, made: map[string]bool{}}, nil
}

// Name is the address without what is usual.
func (r *remote) Name() string {
	host := r.login.host
	if r.login.port != "22" {
		host = r.login.address()
	}
	dir := r.dir
	if !path.IsAbs(dir) {
		dir = "/~/" + dir
	}
	return "sftp://" + r.login.user + "@" + host + dir
}

func (r *remote) at(name string) string { return path.Join(r.dir, name) }

// Close ends the connection.
func (r *remote) Close() error {
	r.dialing.Lock()
	defer r.dialing.Unlock()
	if r.session != nil {
		r.session.conn.Close()
	}
	return nil
}

// with does something by a connection that holds, and says what came of it. It
// ends when the context does. As another's context may have ended the connection
// meanwhile, it is then done once more.
func (r *remote) with(ctx context.Context, do func(c *session) error) error {
	for first := true; ; first = false {
		c, err := r.connect(ctx)
		if err != nil {
			return err
		}
		stop := context.AfterFunc(ctx, c.end)
		err = do(c)
		stop()
		if err != nil && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err == nil || !first || !c.ended.Load() {
			return r.refused(err)
		}
	}
}

// end has nobody take the connection any more, and closes it.
func (s *session) end() {
	s.ended.Store(true)
	s.conn.Close()
}

func (r *remote) connect(ctx context.Context) (*session, error) {
	r.dialing.Lock()
	defer r.dialing.Unlock()
	if r.session != nil {
		select {
		case <-r.session.lost:
		default:
			if !r.session.ended.Load() {
				return r.session, nil
			}
		}
	}
	conn, err := r.login.dial(ctx)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	late := time.AfterFunc(patience, func() { conn.Close() })
	defer late.Stop()
	client, err := sftp.NewClient(conn, sftp.UseConcurrentWrites(true))
	if err != nil {
		conn.Close()
		if strings.Contains(err.Error(), "subsystem request failed") {
			return nil, &Refused{Text: r.login.host + " has no SFTP", Hint: "ask those who run it to allow it: Subsystem sftp internal-sftp", Err: err}
		}
		return nil, fmt.Errorf("SFTP did not begin: %w", err)
	}
	s := &session{Client: client, conn: conn, lost: make(chan struct{})}
	go func() { conn.Wait(); close(s.lost) }()
	go s.stayAlive()
	r.session = s
	return s, nil
}

// stayAlive ends a connection whose server says nothing any more.
func (s *session) stayAlive() {
	t := time.NewTicker(patience / 2)
	defer t.Stop()
	for {
		select {
		case <-s.lost:
			return
		case <-t.C:
			late := time.AfterFunc(patience, func() { s.conn.Close() })
			s.conn.SendRequest("keepalive@openssh.com", true, nil)
			late.Stop()
		}
	}
}

func (r *remote) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	var data bytes.Buffer
	err := r.with(ctx, func(c *session) error {
		data.Reset()
		f, err := c.Open(r.at(name))
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = f.WriteTo(&data)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNone
	}
	return io.NopCloser(&data), err
}

func (r *remote) Put(ctx context.Context, o Object, body io.ReadSeeker) error {
	return r.with(ctx, func(c *session) error {
		if _, err := body.Seek(0, io.SeekStart); err != nil {
			return err
		}
		tmp, err := r.stage(c, body, o.Size)
		if err != nil {
			return err
		}
		if err = r.place(c, tmp, o.Path); errors.Is(err, fs.ErrNotExist) { // somebody removed the folder
			r.forget()
			err = r.place(c, tmp, o.Path)
		}
		if err != nil {
			c.Remove(r.at(tmp))
		}
		return err
	})
}

// stage writes a file beside.
func (r *remote) stage(c *session, body io.Reader, size int64) (tmp string, err error) {
	if err := r.makeWay(c, stagingPath); err != nil {
		return "", err
	}
	tmp = stagingPath + "/." + rand.Text()
	f, err := c.OpenFile(r.at(tmp), os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if err != nil {
		r.forget()
		return "", err
	}
	n, err := f.ReadFrom(io.LimitReader(body, size))
	if err == nil && n != size {
		err = io.ErrUnexpectedEOF
	}
	f.Chmod(0o644) // some servers have no such rights
	if err = errors.Join(err, f.Close()); err != nil {
		err = r.why(c, size, err)
		c.Remove(r.at(tmp))
	}
	return tmp, err
}

// place moves a file to its place, where an empty folder may be.
func (r *remote) place(c *session, tmp, name string) error {
	if err := r.makeWay(c, path.Dir(name)); err != nil {
		return err
	}
	err := r.move(c, tmp, name)
	if err == nil || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return err
	}
	if info, e := c.Lstat(r.at(name)); e == nil && info.IsDir() {
		if e := c.RemoveDirectory(r.at(name)); e != nil {
			return &Refused{Text: r.at(name) + " is a folder, and a file is to be there", Hint: "move it away, if nobody needs it, and deploy again", Err: err}
		}
		r.forget()
		err = r.move(c, tmp, name)
	}
	return r.why(c, 0, err)
}

// move has the new file in the place of the old one at once, if the server can do
// that. Else there is none for a moment.
func (r *remote) move(c *session, tmp, name string) error {
	if _, ok := c.HasExtension("posix-rename@openssh.com"); ok {
		return c.PosixRename(r.at(tmp), r.at(name))
	}
	err := c.Rename(r.at(tmp), r.at(name))
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if info, e := c.Lstat(r.at(name)); e != nil || info.IsDir() {
		return err
	}
	if err := c.Remove(r.at(name)); err != nil {
		return err
	}
	return c.Rename(r.at(tmp), r.at(name))
}

// makeWay makes a folder of the target, if it is not there. Two may do so at once.
func (r *remote) makeWay(c *session, dir string) error { return r.makeDir(c, r.at(dir)) }

func (r *remote) makeDir(c *session, full string) error {
	if full == "." || full == "/" || r.isMade(full) {
		return nil
	}
	err := c.Mkdir(full)
	if errors.Is(err, fs.ErrNotExist) {
		if err := r.makeDir(c, path.Dir(full)); err != nil {
			return err
		}
		err = c.Mkdir(full)
	}
	if err == nil {
		c.Chmod(full, 0o755) // a web server is to read it
	} else if info, e := c.Stat(full); e != nil {
		return r.why(c, 0, err)
	} else if !info.IsDir() {
		return &Refused{Text: full + " is a file, and a folder is to be there", Hint: "move it away, if nobody needs it, and deploy again"}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made[full] = true
	return nil
}

func (r *remote) isMade(full string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.made[full]
}

// forget has folders be made again.
func (r *remote) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made = map[string]bool{}
}

// Copy gives a file a second name: what replaces the first is a new file.
func (r *remote) Copy(ctx context.Context, from, to string) error {
	linked := false
	err := r.with(ctx, func(c *session) error {
		if _, ok := c.HasExtension("hardlink@openssh.com"); !ok {
			return nil
		}
		if err := r.makeWay(c, path.Dir(to)); err != nil {
			return err
		}
		if _, err := c.Lstat(r.at(from)); err != nil {
			return err
		}
		tmp := stagingPath + "/." + rand.Text()
		if r.makeWay(c, stagingPath) != nil || c.Link(r.at(from), r.at(tmp)) != nil {
			return nil // the disk may have no such links
		}
		linked = r.move(c, tmp, to) == nil
		c.Remove(r.at(tmp)) // it stays if both were the same file
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNone
	}
	if err != nil || linked {
		return err
	}
	body, err := r.Get(ctx, from)
	if err != nil {
		return err
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	return r.Put(ctx, Object{Path: to, Size: int64(len(data))}, bytes.NewReader(data))
}

// flying is how many requests wait for the server's answer.
const flying = 16

func (r *remote) Remove(ctx context.Context, names []string) error {
	return r.with(ctx, func(c *session) error {
		var mu sync.Mutex
		dirs := map[string]bool{}
		err := inParallel(ctx, flying, names, func(_ context.Context, name string) error {
			err := c.Remove(r.at(name))
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				if _, e := c.Lstat(r.at(name)); e == nil {
					return err
				}
			}
			mu.Lock()
			defer mu.Unlock()
			for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
				dirs[dir] = true
			}
			return nil
		})
		if err != nil {
			return err
		}
		return r.sweep(ctx, c, dirs)
	})
}

// sweep removes folders in which nothing is, the deepest first.
func (r *remote) sweep(ctx context.Context, c *session, dirs map[string]bool) error {
	byDepth := map[int][]string{}
	deepest := 0
	for dir := range dirs {
		n := strings.Count(dir, "/")
		byDepth[n], deepest = append(byDepth[n], dir), max(n, deepest)
	}
	for n := deepest; n >= 0; n-- {
		err := inParallel(ctx, flying, byDepth[n], func(_ context.Context, dir string) error {
			if c.RemoveDirectory(r.at(dir)) == nil {
				r.forget()
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// List does not read files: whoever wants to know what is in one gets it.
func (r *remote) List(ctx context.Context, visit func(Object) error) error {
	var found []Object
	err := r.with(ctx, func(c *session) error {
		found = nil
		var mu sync.Mutex
		for dirs := []string{"."}; len(dirs) > 0; {
			var next []string
			err := inParallel(ctx, flying, dirs, func(ctx context.Context, dir string) error {
				infos, err := c.ReadDirContext(ctx, r.at(dir))
				if errors.Is(err, fs.ErrNotExist) {
					return nil
				}
				mu.Lock()
				defer mu.Unlock()
				for _, info := range infos {
					name := path.Join(dir, info.Name())
					switch {
					case name == Own:
					case info.IsDir():
						next = append(next, name)
					case info.Mode().IsRegular():
						found = append(found, Object{Path: name, Size: info.Size()})
					}
				}
				return err
			})
			if err != nil {
				return err
			}
			dirs = next
			slices.Sort(dirs)
		}
		return nil
	})
	for i := 0; err == nil && i < len(found); i++ {
		err = visit(found[i])
	}
	return err
}

func (r *remote) Finish(context.Context, string) error { return nil }

// refused says what no second try would mend.
func (r *remote) refused(err error) error {
	var known *Refused
	var locked *Locked
	switch {
	case err == nil, errors.As(err, &known), errors.As(err, &locked):
		return err
	case errors.Is(err, fs.ErrPermission):
		return &Refused{Text: fmt.Sprintf("%s may not do that at %s: %s", r.login.user, r.login.host, err), Hint: "have that folder given to the user: chown -R " + r.login.user + " " + r.dir, Err: err}
	}
	return err
}

// why finds out why a server failed, as by SFTP it only says that it did. Size is
// of what was to be written.
func (r *remote) why(c *session, size int64, err error) error {
	var status *sftp.StatusError
	if err == nil || !errors.As(err, &status) || status.FxCode() != sftp.ErrSSHFxFailure {
		return err
	}
	if _, ok := c.HasExtension("statvfs@openssh.com"); ok {
		if room, e := c.StatVFS(r.dir); e == nil && (room.Bavail*room.Frsize < uint64(size)+room.Frsize || room.Files > 0 && room.Favail == 0) {
			return &Refused{Text: "there is no room left on " + r.login.host, Hint: "make room and run it again: it goes on where it stopped", Err: err}
		}
	}
	return fmt.Errorf("the server says no more than that it failed (perhaps a quota is used up): %w", err)
}
