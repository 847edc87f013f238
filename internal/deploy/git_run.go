package deploy

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A gitError is what git says when it fails.
type gitError struct {
	said string
	err  error
}

// Error is git's last words.
func (e *gitError) Error() string {
	lines := strings.Split(strings.TrimSpace(e.said), "\n")
	slices.SortStableFunc(lines, func(a, b string) int { return weight(b) - weight(a) })
	if lines[0] == "" {
		return "git: " + e.err.Error()
	}
	return "git: " + strings.TrimSpace(lines[0])
}

// weight tells which of git's lines say most.
func weight(line string) int {
	switch {
	case strings.HasPrefix(line, "remote: error:"), strings.HasPrefix(line, "remote: fatal:"):
		return 3
	case strings.HasPrefix(line, "!"):
		return 2
	case strings.HasPrefix(line, "fatal:"), strings.HasPrefix(line, "error:"):
		return 1
	}
	return 0
}

// Unwrap is the error below.
func (e *gitError) Unwrap() error { return e.err }

// says are git's words for what no second try would mend.
var says = []struct{ words, text, hint string }{
	{"could not read Username", "git does not know as whom to log in at %s", "log in once by hand: git push there, with a credential helper that keeps it (git help credentials)"},
	{"Authentication failed", "%s does not let git in", "renew the password or token that git has (git help credentials)"},
	{"Permission denied (", "%s does not let git in", "give your public key to the host, or have your ssh agent hold the key: ssh-add"},
	{"Host key verification failed", "git does not know the server of %s, or it is another than before", "log in once by hand, and compare its fingerprint: ssh -T git@HOST"},
	{"The requested URL returned error: 403", "you may not write to %s", "see to it that your account or token may push there"},
	{"denied to", "you may not write to %s", "see to it that your account or key may push there"},
	{"not appear to be a git repository", "there is no git repository at %s", "make it there first, or look at the address in site.yaml"},
	{"epository not found", "there is no git repository at %s, or you may not see it", "make it there first, or look at the address in site.yaml"},
	{"does not exist", "there is no git repository at %s", "make it there first, or look at the address in site.yaml"},
	{"Could not resolve host", "the server of %s is not found", "look at the address in site.yaml, and at your network"},
	{"o space left", "there is no room left for %s", "make room and run it again"},
	{"uota exceeded", "there is no room left for %s: a quota is used up", "make room and run it again"},
	{"insufficient permission", "you may not write to %s", "have the repository given to the user who writes it"},
	{"unable to create temporary object directory", "you may not write to %s", "have the repository given to the user who writes it"},
	{": Permission denied", "you may not write to %s", "have the repository given to the user who writes it"},
	{"dubious ownership", "%s belongs to somebody else", "run it as that user, or tell git that it is right: git config --global --add safe.directory PATH"},
	{"rotected branch", "the branch at %s is protected", "allow pushes to it in the repository's settings"},
	{"hook declined", "a hook at %s refuses that push", "it says why in its own words: push by hand once"},
}

// refused is the error as it is told, if it does not pass.
func (e *gitError) refused(where string) error {
	for _, s := range says {
		if strings.Contains(e.said, s.words) {
			return &Refused{Text: fmt.Sprintf(s.text, where) + " (" + e.Error() + ")", Hint: s.hint, Err: e}
		}
	}
	return nil
}

func (b *branch) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", append([]string{"--git-dir=" + b.dir}, args...)...)
	cmd.Env = gitEnv(cmd.Environ())
	cmd.Dir = b.dir
	cmd.WaitDelay = 5 * time.Second // its own children may hold on
	return cmd
}

// git runs a command of git.
func (b *branch) git(ctx context.Context, in io.Reader, args ...string) ([]byte, error) {
	var out, said bytes.Buffer
	cmd := b.command(ctx, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, &out, &said
	err := cmd.Run()
	return out.Bytes(), b.failed(ctx, err, out.String()+said.String())
}

func (b *branch) failed(ctx context.Context, err error, said string) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, exec.ErrNotFound):
		return &Refused{Text: "git is not installed, and a branch is sent by it", Hint: "install it, such as: apt-get install git", Err: err}
	}
	failed := &gitError{said, err}
	if refused := failed.refused(b.address); refused != nil {
		return refused
	}
	return failed
}

// A running is a git that is asked and answers: a fast-import, which writes blobs
// and then a commit, or a cat-file, which reads them.
type running struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	to   *bufio.Writer
	from *bufio.Reader
	said *bytes.Buffer
}

// start has a git run that outlives the request by which it begins. Close ends it.
func (b *branch) start(ctx context.Context, args ...string) (*running, error) {
	p := &running{cmd: b.command(context.WithoutCancel(ctx), args...), said: new(bytes.Buffer)}
	p.cmd.Stderr = p.said
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, b.failed(ctx, err, "")
	}
	p.in, p.to, p.from = in, bufio.NewWriterSize(in, 1<<16), bufio.NewReader(out)
	return p, nil
}

// startImport has a fast-import run, if none does yet.
func (b *branch) startImport(ctx context.Context) (err error) {
	if b.pack == nil {
		b.pack, err = b.start(ctx, "fast-import", "--quiet", "--done", "--force")
	}
	return err
}

// cat is what is in a blob of the branch, which git fetches if it must.
func (b *branch) cat(ctx context.Context, id string) (data string, err error) {
	if b.reader == nil {
		if b.reader, err = b.start(ctx, "cat-file", "--batch"); err != nil {
			return "", err
		}
	}
	p := b.reader
	stop := context.AfterFunc(ctx, func() { p.cmd.Process.Kill() })
	defer stop()
	fmt.Fprintln(p.to, id)
	head := ""
	if err = p.to.Flush(); err == nil {
		head, err = p.from.ReadString('\n')
	}
	if err == nil {
		data, err = p.rest(head)
	}
	if err != nil {
		b.reader = nil
		p.end()
		return "", b.failed(ctx, err, p.said.String())
	}
	return data, nil
}

// rest is what follows a line that ends with a size.
func (p *running) rest(head string) (string, error) {
	head = strings.TrimSpace(head)
	size, err := strconv.Atoi(head[strings.LastIndex(head, " ")+1:])
	if err != nil {
		return "", fmt.Errorf("git says %q", head)
	}
	data := make([]byte, size+1)
	if _, err := io.ReadFull(p.from, data); err != nil {
		return "", err
	}
	return string(data[:size]), nil
}

func (p *running) end() {
	p.in.Close()
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

// broken is why it does not answer: as what was given to it is lost, the deploy
// begins again.
func (p *running) broken(err error) error {
	p.end()
	text := (&gitError{p.said.String(), err}).Error()
	return &Refused{Text: text, Hint: "see whether there is room for temporary files (TMPDIR), and run it again", Err: err}
}

// store writes a blob, and gives its name.
func (p *running) store(body io.Reader, size int64) (string, error) {
	fmt.Fprintf(p.to, "blob\nmark :1\ndata %d\n", size)
	if n, err := io.CopyN(p.to, body, size); err != nil {
		return "", p.broken(fmt.Errorf("%d of %d bytes: %w", n, size, err))
	}
	io.WriteString(p.to, "\nget-mark :1\n")
	return p.answer()
}

func (p *running) answer() (string, error) {
	err := p.to.Flush()
	line := ""
	if err == nil {
		line, err = p.from.ReadString('\n')
	}
	if err != nil {
		return "", p.broken(err)
	}
	return strings.TrimSpace(line), nil
}

// blob is what was stored.
func (p *running) blob(id string) (string, error) {
	fmt.Fprintf(p.to, "cat-blob %s\n", id)
	head, err := p.answer()
	if err != nil {
		return "", err
	}
	data, err := p.rest(head)
	if err != nil {
		return "", p.broken(err)
	}
	return data, nil
}

// quoted is a path for fast-import.
func quoted(name string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(name) + `"`
}

// makeCommit makes the commit: what is copied first, as that is of the old tree.
func (b *branch) makeCommit(ctx context.Context, what string) error {
	if err := b.clash(); err != nil {
		return err
	}
	if err := b.startImport(ctx); err != nil {
		return err
	}
	to := b.pack.to
	if name := b.at(noJekyll); b.tree[name] == "" && b.changed[name] == "" {
		id, err := b.pack.store(strings.NewReader(""), 0)
		if err != nil {
			return err
		}
		b.set(name, id, "")
	}
	message := what + "\n"
	fmt.Fprintf(to, "commit refs/heads/%s\nmark :2\ncommitter %s %d +0000\ndata %d\n%s\n", "stet", b.ident(ctx), b.since.Unix(), len(message), message)
	switch {
	case b.tip != "" && b.orphan:
		tree, err := b.git(ctx, nil, "rev-parse", b.tip+"^{tree}")
		if err != nil {
			return err
		}
		fmt.Fprintf(to, "M 040000 %s \"\"\n", strings.TrimSpace(string(tree)))
	case b.tip != "":
		fmt.Fprintf(to, "from %s\n", b.tip)
	}
	names := slices.Sorted(maps.Keys(b.changed))
	for _, name := range names {
		if from := b.copied[name]; from != "" && from != name {
			fmt.Fprintf(to, "C %s %s\n", quoted(from), quoted(name))
		}
	}
	for _, name := range names {
		if b.changed[name] == "" {
			fmt.Fprintf(to, "D %s\n", quoted(name))
		}
	}
	for _, name := range names {
		if id := b.changed[name]; id != "" && b.copied[name] == "" && id != b.tree[name] {
			fmt.Fprintf(to, "M 100644 %s %s\n", id, quoted(name))
		}
	}
	io.WriteString(to, "\nget-mark :2\n")
	commit, err := b.pack.answer()
	if err != nil {
		return err
	}
	io.WriteString(to, "done\n")
	if err := to.Flush(); err != nil {
		return b.pack.broken(err)
	}
	b.pack.in.Close()
	if err := b.pack.cmd.Wait(); err != nil {
		return b.pack.broken(err)
	}
	b.commit = commit
	return nil
}

// clash tells of a path that is a file and a folder.
func (b *branch) clash() error {
	file := func(name string) bool {
		if id, ok := b.changed[name]; ok {
			return id != ""
		}
		_, ok := b.tree[name]
		return ok
	}
	for _, all := range []map[string]string{b.tree, b.changed} {
		for name := range all {
			if !file(name) {
				continue
			}
			for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
				if file(dir) {
					return &Refused{Text: fmt.Sprintf("%s is a file in the branch, and a folder is to be there", dir), Hint: "take it out of the branch, if nobody needs it, and deploy again"}
				}
			}
		}
	}
	return nil
}

// ident is who commits: as git would have it, if it knows.
func (b *branch) ident(ctx context.Context) string {
	out, err := b.git(ctx, nil, "var", "GIT_COMMITTER_IDENT")
	if end := bytes.LastIndexByte(out, '>'); err == nil && end > 0 {
		return string(out[:end+1])
	}
	return "Stet <stet@localhost>"
}

// push puts the commit there, if the branch is still as it was fetched.
func (b *branch) push(ctx context.Context) error {
	ref := "refs/heads/" + b.name
	said, err := b.git(ctx, nil, "push", "--quiet", "--porcelain", "--no-verify", "--force-with-lease="+ref+":"+b.tip, "origin", b.commit+":"+ref)
	if err == nil {
		return nil
	}
	var failed *gitError
	words := err.Error() + string(said)
	if errors.As(err, &failed) {
		words = failed.said
	}
	for _, s := range []string{"stale info", "fetch first", "non-fast-forward", "cannot lock ref", "failed to update ref", "incorrect old value", "reference already exists"} {
		if !strings.Contains(words, s) {
			continue
		}
		if there, e := b.git(ctx, nil, "ls-remote", "origin", ref); e == nil && strings.HasPrefix(string(there), b.commit) {
			return nil // a push whose answer was lost
		}
		return &Overtaken{&Refused{Text: "somebody else has pushed to the branch " + b.name + " meanwhile, so nothing of this was sent",
			Hint: "run it again, or with --wait: it is then sent upon what they have pushed", Err: err}}
	}
	return err
}
