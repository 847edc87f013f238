package deploy

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// A Target is where an edition goes. What it stores is there whole or not at
// all. Its methods may be called at once by several goroutines, but for Lock,
// Unlock and Finish.
//
// Paths are those of an edition, with slashes, in their own Unicode form. A
// target says with a [Refused] what another try would meet again, and with
// ErrNone that nothing lies at a path; any other error is taken to pass, and
// tried again.
type Target interface {
	Name() string                                                // for messages; no secret is in it
	Get(ctx context.Context, path string) (io.ReadCloser, error) // ErrNone
	Put(ctx context.Context, o Object, body io.ReadSeeker) error // replaces what is there
	Remove(ctx context.Context, paths []string) error            // what is not there is no error; folders left empty go too
	List(ctx context.Context, visit func(o Object) error) error  // all that lies there but what is in Own, Stet's or not
	Lock(ctx context.Context, l Lock) error                      // takes the lock, or renews that with the same token; *Locked
	Unlock(ctx context.Context, l Lock) error                    // lets go of it, if it is still that one
	Finish(ctx context.Context, what string) error               // all is there: git commits with these words and pushes, others do nothing
}

// A Copier is a target that can store under a second path what lies at a first,
// without it coming by here. From may be gone: ErrNone.
type Copier interface {
	Copy(ctx context.Context, from, to string) error
}

// A Fetcher is a target that had better be told at once which files will be got,
// as it fetches them together.
type Fetcher interface {
	Fetch(ctx context.Context, paths []string) error
}

// A Describer is a target whose List does not tell headers, but can tell one's.
type Describer interface {
	Describe(ctx context.Context, path string) (Header, error)
}

// An Object is what lies at a target, or is to.
type Object struct {
	Path   string
	Size   int64
	SHA256 string // in hex; List may leave it out
	MD5    string // in hex, of List alone; "" if it is not known
	Header Header
}

// A Lock says who deploys.
type Lock struct {
	Token string    `json:"token"` // tells one deploy from another
	Who   string    `json:"who"`   // for people: user@host
	Since time.Time `json:"since"`
	Now   time.Time `json:"-"`
	Until time.Time `json:"until"` // others may take it then
}

// NewLock is a lock that nobody has yet.
func NewLock(who string, now time.Time, ttl time.Duration) Lock {
	now = now.UTC().Truncate(time.Second)
	return Lock{Token: rand.Text(), Who: who, Since: now, Now: now, Until: now.Add(ttl)}
}

// Renewed is the lock for more time.
func (l Lock) Renewed(now time.Time, ttl time.Duration) Lock {
	l.Now, l.Until = now, now.Add(ttl).UTC().Truncate(time.Second)
	return l
}

// Bytes is how a lock is written into Own/lock.json.
func (l Lock) Bytes() []byte {
	data, _ := json.Marshal(l)
	return append(data, '\n')
}

// Held tells by what is written whether somebody else than l has the lock. A
// damaged one is nobody's.
func (l Lock) Held(written []byte) error {
	var other Lock
	if json.Unmarshal(written, &other) != nil || other.Token == l.Token || !l.Now.Before(other.Until) {
		return nil
	}
	return &Locked{other}
}

// lockPath is where a lock lies, in those targets that have it as a file.
const lockPath = Own + "/lock.json"

// ErrNone tells that nothing lies at a path.
var ErrNone = errors.New("there is no such file")

// Locked tells that somebody else deploys.
type Locked struct{ Lock }

// Error says who it is, and since when.
func (l *Locked) Error() string {
	return fmt.Sprintf("%s deploys there since %s", l.Who, l.Since.Format("2006-01-02 15:04:05 MST"))
}

// A Refused is an error that another try would meet again: a right that is
// missing, a wrong password, a full disk.
type Refused struct {
	Text string // lower case, no full stop
	Hint string
	Err  error // of which it was made; perhaps nil
}

// Error is the text.
func (r *Refused) Error() string { return r.Text }

// Unwrap is the error below.
func (r *Refused) Unwrap() error { return r.Err }

// Overtaken tells that somebody else has changed what lies there meanwhile, so that
// nothing of this was sent.
type Overtaken struct{ *Refused }

// Unwrap is what is told.
func (o *Overtaken) Unwrap() error { return o.Refused }

// Means are what targets need of the machine.
type Means struct {
	Env  func(name string) string // reads the environment
	Home string                   // the user's folder
	Dir  string                   // paths of folders count from there
}

// Open opens the target that "to" of site.yaml names. It may ask the target
// whether it is there.
func Open(ctx context.Context, to string, m Means) (Target, error) {
	scheme, ok := SchemeOf(to)
	if !ok {
		return nil, &Refused{Text: fmt.Sprintf("%q is no place that stet can send to", to), Hint: "write a folder, s3://, sftp://, git+ssh://, git+https:// or git+file://"}
	}
	return schemes[scheme](ctx, to, m)
}

// schemes are the kinds of targets, by what their address begins with; "" is a
// folder.
var schemes = map[string]func(ctx context.Context, to string, m Means) (Target, error){
	"": openFolder,
}

// SchemeOf tells which kind of target an address is of: "" is a folder, and else
// what stands before "://".
func SchemeOf(to string) (scheme string, known bool) {
	before, _, ok := strings.Cut(to, "://")
	if !ok {
		return "", to != ""
	}
	_, known = schemes[before]
	return before, known
}

// tokenOf is the token of what is written; "" of a damaged lock.
func tokenOf(written []byte) string {
	var l Lock
	if json.Unmarshal(written, &l) != nil {
		return ""
	}
	return l.Token
}
