package deploy

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

func init() {
	schemes["git+ssh"], schemes["git+https"], schemes["git+file"] = openGit, openGit, openGit
}

// A branch is a target in a git repository. All of a deploy is one commit, and
// readers see it when that was pushed: a deploy that is interrupted has done
// nothing. The lock is git's own way: a push is refused if somebody else has
// pushed since.
//
// The branch is fetched without its history and without what is in its files, into
// a repository for the time of one deploy.
type branch struct {
	address string // as git takes it
	name    string
	folder  string // within the branch; "" is all of it
	orphan  bool   // each commit is without those before
	tmp     string // where temporary files may be

	mu      sync.Mutex
	dir     string // of the repository; "" if it is not open
	token   string // of the lock for which it was opened
	since   time.Time
	tip     string            // the commit that lies there; "" if there is no branch yet
	tree    map[string]string // its files: blobs by path
	changed map[string]string // what is to be other: blobs by path, "" of what is to go
	copied  map[string]string // of these: from where in the tree
	pack    *running          // what is stored
	reader  *running          // what is read
	fetched int               // blobs that were asked for one by one
	commit  string            // that is to be pushed
}

const noJekyll = ".nojekyll"

// openGit opens git+https://HOST/OWNER/REPOSITORY.git?path=FOLDER#BRANCH.
func openGit(_ context.Context, to string, m Means) (Target, error) {
	like := "write it like git+ssh://git@codeberg.org/ada/paper.git#pages"
	u, err := url.Parse(strings.TrimPrefix(to, "git+"))
	if err != nil || u.Path == "" || u.Host == "" && u.Scheme != "file" {
		return nil, &Refused{Text: "that is no git repository", Hint: like}
	}
	if _, secret := u.User.Password(); secret {
		return nil, &Refused{Text: "a password stands in the address of " + u.Host, Hint: "take it out of site.yaml, and give it to git: git help credentials"}
	}
	q := u.Query()
	name := cmp.Or(u.Fragment, "gh-pages")
	if strings.Trim(name, "/") != name || strings.HasPrefix(name, "-") || strings.ContainsAny(name, " ~^:?*[\\\x7f") || strings.Contains(name, "..") {
		return nil, &Refused{Text: fmt.Sprintf("%q is no name of a branch", name), Hint: like}
	}
	b := &branch{name: name, folder: strings.Trim(path.Clean("/"+q.Get("path")), "/"), orphan: q.Get("history") == "none", tmp: m.Env("TMPDIR")}
	u.RawQuery, u.Fragment = "", ""
	b.address = u.String()
	if u.Scheme == "file" {
		b.address = "file://" + u.Path // git does not unescape it
	}
	return b, nil
}

// Name is the address with the branch.
func (b *branch) Name() string {
	name := "git+" + b.address
	if b.folder != "" {
		name += "?path=" + b.folder
	}
	return name + "#" + b.name
}

func (b *branch) at(name string) string { return path.Join(b.folder, name) }

// open fetches the branch.
func (b *branch) open(ctx context.Context) error {
	if b.dir != "" {
		return nil
	}
	dir, err := os.MkdirTemp(b.tmp, "stet-deploy-")
	if err != nil {
		return &Refused{Text: "there is no place for a repository: " + err.Error(), Hint: "make room, or set TMPDIR", Err: err}
	}
	b.dir = dir
	if err = b.fetch(ctx); err != nil {
		b.close()
	}
	return err
}

func (b *branch) fetch(ctx context.Context) error {
	if _, err := b.git(ctx, nil, "init", "--quiet", "--bare", "--template="); err != nil {
		return err
	}
	for _, setting := range [][2]string{{"remote.origin.url", b.address}, {"gc.auto", "0"}, {"core.quotePath", "false"}, {"fastimport.unpackLimit", "0"}} {
		if _, err := b.git(ctx, nil, "config", setting[0], setting[1]); err != nil {
			return err
		}
	}
	b.tip, b.tree, b.changed, b.copied, b.commit, b.fetched = "", map[string]string{}, map[string]string{}, map[string]string{}, "", 0
	_, err := b.git(ctx, nil, "fetch", "--quiet", "--no-tags", "--depth=1", "--filter=blob:none", "origin", "refs/heads/"+b.name)
	var failed *gitError
	if errors.As(err, &failed) && strings.Contains(failed.said, "couldn't find remote ref") {
		return nil
	}
	if err != nil {
		return err
	}
	tip, err := b.git(ctx, nil, "rev-parse", "--verify", "FETCH_HEAD^{commit}")
	if err != nil {
		return err
	}
	b.tip = strings.TrimSpace(string(tip))
	list, err := b.git(ctx, nil, "ls-tree", "-r", "-z", "--full-tree", b.tip)
	if err != nil {
		return err
	}
	for line := range strings.SplitSeq(string(list), "\x00") {
		what, name, _ := strings.Cut(line, "\t")
		if parts := strings.Fields(what); len(parts) == 3 {
			b.tree[name] = ""
			if strings.HasPrefix(parts[0], "100") { // neither a link nor a module
				b.tree[name] = parts[2]
			}
		}
	}
	return nil
}

// Close removes the repository.
func (b *branch) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.close()
	return nil
}

func (b *branch) close() {
	if b.pack != nil {
		b.pack.end()
	}
	if b.reader != nil {
		b.reader.end()
	}
	if b.dir != "" {
		os.RemoveAll(b.dir)
	}
	b.dir, b.pack, b.reader, b.token = "", nil, nil, ""
}

// blob is what lies at a path: ErrNone.
func (b *branch) blob(name string) (string, error) {
	id, ok := b.changed[b.at(name)]
	if !ok {
		id = b.tree[b.at(name)]
	}
	if id == "" {
		return "", ErrNone
	}
	return id, nil
}

func (b *branch) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.open(ctx); err != nil {
		return nil, err
	}
	id, err := b.blob(name)
	if err != nil {
		return nil, err
	}
	if _, ours := b.changed[b.at(name)]; ours && b.copied[b.at(name)] == "" && b.commit == "" {
		data, err := b.pack.blob(id)
		return io.NopCloser(strings.NewReader(data)), err
	}
	if b.fetched++; b.fetched == 8 { // whoever asks for many will ask for more
		if err := b.fetchBlobs(ctx, func(other string) bool { return path.Dir(other) == path.Dir(b.at(name)) }); err != nil {
			return nil, err
		}
	}
	data, err := b.cat(ctx, id)
	return io.NopCloser(strings.NewReader(data)), err
}

// Fetch fetches what is in some files, which git would else do one by one.
func (b *branch) Fetch(ctx context.Context, names []string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.open(ctx); err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, name := range names {
		wanted[b.at(name)] = true
	}
	return b.fetchBlobs(ctx, func(name string) bool { return wanted[name] })
}

// fetchBlobs fetches what is in files at once.
func (b *branch) fetchBlobs(ctx context.Context, wanted func(name string) bool) error {
	seen := map[string]bool{}
	for name, id := range b.tree {
		if id != "" && wanted(name) {
			seen[id] = true
		}
	}
	if b.tip == "" {
		return nil
	}
	objects, err := b.git(ctx, nil, "rev-list", "--objects", "--missing=print", b.tip)
	if err != nil {
		return err
	}
	var want strings.Builder
	for line := range strings.Lines(string(objects)) {
		if id, lacks := strings.CutPrefix(strings.TrimSpace(line), "?"); lacks && seen[id] {
			want.WriteString(id + "\n")
		}
	}
	if want.Len() == 0 {
		return nil
	}
	_, err = b.git(ctx, strings.NewReader(want.String()), "-c", "fetch.negotiationAlgorithm=noop", "fetch", "--quiet", "--no-tags",
		"--no-write-fetch-head", "--recurse-submodules=no", "--filter=blob:none", "origin", "--stdin")
	var failed *gitError
	if errors.As(err, &failed) {
		return nil // then one by one, as far as that goes
	}
	return err
}

func (b *branch) Put(ctx context.Context, o Object, body io.ReadSeeker) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.open(ctx); err != nil {
		return err
	}
	if err := b.startImport(ctx); err != nil {
		return err
	}
	id, err := b.pack.store(body, o.Size)
	if err != nil {
		return err
	}
	b.set(b.at(o.Path), id, "")
	return nil
}

func (b *branch) set(name, id, from string) {
	b.changed[name] = id
	delete(b.copied, name)
	if from != "" {
		b.copied[name] = from
	}
}

// Copy has a blob under a second path; what is in it need not be fetched.
func (b *branch) Copy(ctx context.Context, from, to string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.open(ctx); err != nil {
		return err
	}
	id, err := b.blob(from)
	if err != nil {
		return err
	}
	source := ""
	if b.tree[b.at(from)] == id {
		source = b.at(from)
	}
	b.set(b.at(to), id, source)
	return nil
}

func (b *branch) Remove(ctx context.Context, names []string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.open(ctx); err != nil {
		return err
	}
	for _, name := range names {
		b.set(b.at(name), "", "")
	}
	return nil
}

func (b *branch) List(ctx context.Context, visit func(Object) error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	err := b.open(ctx)
	if err == nil {
		err = b.fetchBlobs(ctx, func(string) bool { return true })
	}
	if err != nil {
		return err
	}
	var names []string
	var ids strings.Builder
	for name, id := range b.tree {
		rest, ok := strings.CutPrefix("/"+name, path.Join("/", b.folder))
		rest = strings.TrimPrefix(rest, "/")
		if ok && id != "" && b.at(rest) == name && !strings.HasPrefix(rest, Own+"/") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		ids.WriteString(b.tree[name] + "\n")
	}
	out, err := b.git(ctx, strings.NewReader(ids.String()), "cat-file", "--batch=%(objectsize)")
	if err != nil {
		return err
	}
	for _, name := range names {
		head, rest, _ := strings.Cut(string(out[:min(len(out), 32)]), "\n")
		var size int
		if _, err := fmt.Sscan(head, &size); err != nil || len(out) < len(head)+size+2 {
			return fmt.Errorf("git does not give what is in %s: %s", name, rest)
		}
		data := out[len(head)+1:][:size]
		out = out[len(head)+size+2:]
		sum := sha256.Sum256(data)
		rel := strings.TrimPrefix(strings.TrimPrefix(name, b.folder), "/")
		if err := visit(Object{Path: rel, Size: int64(size), SHA256: hex.EncodeToString(sum[:])}); err != nil {
			return err
		}
	}
	return nil
}

// Lock fetches the branch as it is now. That nobody else pushes meanwhile is found
// out by Finish.
func (b *branch) Lock(ctx context.Context, l Lock) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.token == l.Token {
		return nil
	}
	b.close()
	if err := b.open(ctx); err != nil {
		return err
	}
	b.token, b.since = l.Token, l.Since
	return nil
}

// Unlock forgets what was not pushed.
func (b *branch) Unlock(_ context.Context, l Lock) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.token == l.Token {
		b.close()
	}
	return nil
}

// Finish commits and pushes.
func (b *branch) Finish(ctx context.Context, what string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.dir == "" || len(b.changed) == 0 {
		return nil
	}
	if b.commit == "" {
		if err := b.makeCommit(ctx, what); err != nil {
			return err
		}
	}
	return b.push(ctx)
}

// gitEnv is the environment for git: texts in English, and nothing of a repository
// in whose hook stet may run.
func gitEnv(environ []string) []string {
	env := slices.DeleteFunc(environ, func(s string) bool {
		name, _, _ := strings.Cut(s, "=")
		return slices.Contains([]string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_SHALLOW_FILE"}, name)
	})
	return append(env, "LC_ALL=C")
}
