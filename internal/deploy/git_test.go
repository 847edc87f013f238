package deploy

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// git runs git as somebody else would.
func git(t testing.TB, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command(program(t, "git"), append([]string{"-C", dir, "-c", "user.name=Bob", "-c", "user.email=bob@example.org", "-c", "core.quotePath=false"}, args...)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %q: %s", args, out)
	}
	return string(out)
}

// aRepository is a bare one, and a place whose dir is a checkout of its branch.
func aRepository(t *testing.T, to string) (repo string, at place) {
	dir := t.TempDir()
	repo = filepath.Join(dir, "paper.git")
	git(t, dir, "init", "--quiet", "--bare", repo)
	git(t, repo, "config", "uploadpack.allowFilter", "true") // as GitHub and Forgejo have it
	tmp := filepath.Join(dir, "tmp")
	if err := os.Mkdir(tmp, 0o755); err != nil {
		t.Fatal(err)
	}
	at = place{name: "git", dir: filepath.Join(dir, "checkout"), to: "git+file://" + repo + to, env: map[string]string{"TMPDIR": tmp}}
	t.Cleanup(func() {
		if left, _ := os.ReadDir(tmp); len(left) > 0 && !t.Failed() {
			t.Errorf("%d temporary repositories are left", len(left))
		}
	})
	return repo, at
}

// checkout makes at.dir what the branch is, without what Stet puts beside.
func (p place) checkout(t testing.TB, repo, branch string) {
	t.Helper()
	os.RemoveAll(p.dir)
	git(t, filepath.Dir(p.dir), "clone", "--quiet", "--branch", branch, repo, p.dir)
	if _, err := os.Stat(filepath.Join(p.dir, ".nojekyll")); err != nil {
		t.Error(err)
	}
	os.RemoveAll(filepath.Join(p.dir, ".git"))
	os.Remove(filepath.Join(p.dir, ".nojekyll"))
}

// sendGit deploys, and the branch must then be the edition.
func (p place) sendGit(t testing.TB, repo string, e Edition) Report {
	t.Helper()
	rep, problems := Send(context.Background(), p.job(t, e))
	clear(t, problems)
	p.checkout(t, repo, "gh-pages")
	p.equals(t, e)
	return rep
}

// A life of a paper on a branch, each deploy one commit of what changed.
func TestGit(t *testing.T) {
	for _, query := range []string{"", "?history=none"} {
		repo, at := aRepository(t, query)
		p := newPaper(120)
		p.more["a \"quoted\" name.txt"] = "odd"
		first := at.sendGit(t, repo, p.edition())
		if sent, _ := first.Counts(); !first.First || sent != len(p.files()) {
			t.Fatalf("first: %d sent", sent)
		}
		other := t.TempDir() // somebody else's commit, such as GitHub's of a domain
		git(t, other, "clone", "--quiet", "--branch", "gh-pages", repo, ".")
		write(t, filepath.Join(other, "foreign-CNAME"), "paper.example\n")
		git(t, other, "add", "-A")
		git(t, other, "commit", "--quiet", "-m", "domain")
		git(t, other, "push", "--quiet", "origin", "gh-pages")

		tip := git(t, repo, "rev-parse", "gh-pages")
		if again := at.sendGit(t, repo, p.edition()); len(again.Changes) != 0 {
			t.Errorf("the second deploy: %+v", again.Changes)
		}
		if now := git(t, repo, "rev-parse", "gh-pages"); now != tip {
			t.Errorf("a deploy of nothing made the commit %s", now)
		}
		p.stories["story-050"] = "Another text."
		at.sendGit(t, repo, p.edition())
		if query == "" {
			changed := strings.Fields(git(t, repo, "diff", "--name-only", "gh-pages~1", "gh-pages", "--", ":!.stet"))
			alike(t, "an edit", changed, storyPath("story-050"))
			if said := git(t, repo, "log", "-1", "--format=%s", "gh-pages"); said != "edition 2: 1 sent, 0 removed\n" {
				t.Errorf("the commit says %q", said)
			}
		}
		p.stories["story-998"] = p.stories["story-001"]
		delete(p.stories, "story-001")
		delete(p.stories, arabic)
		at.sendGit(t, repo, p.edition())
		p.stories[arabic] = "عاد"
		p.more["about"] = "a file"
		at.sendGit(t, repo, p.edition())
		delete(p.more, "about")
		p.more["about/index.html"] = "a page"
		before := p.edition()
		at.sendGit(t, repo, before)
		p.stories["story-007"] = "A mistake."
		at.sendGit(t, repo, p.edition())
		j := at.job(t, Edition{})
		j.Rollback = true
		_, problems := Send(context.Background(), j)
		clear(t, problems)
		at.checkout(t, repo, "gh-pages")
		at.equals(t, before)
		if data, err := os.ReadFile(filepath.Join(at.dir, "foreign-CNAME")); err != nil || string(data) != "paper.example\n" {
			t.Errorf("a foreign file: %q, %v", data, err)
		}
		want := map[string]string{"": "8\n", "?history=none": "1\n"}[query]
		if n := git(t, repo, "rev-list", "--count", "gh-pages"); n != want {
			t.Errorf("there are %s commits, want %s", n, want)
		}
	}
}

// A branch without a manifest is compared and taken over; a folder of a branch is
// all that is touched.
func TestGitFolder(t *testing.T) {
	repo, at := aRepository(t, "?path=docs#main")
	other := t.TempDir()
	p := newPaper(30)
	git(t, other, "init", "--quiet", "--initial-branch=main")
	for name, data := range p.files() {
		write(t, filepath.Join(other, "docs", name), data)
	}
	write(t, filepath.Join(other, "docs", "foreign.txt"), "docs/index.html in no way")
	write(t, filepath.Join(other, "README"), "not Stet's")
	git(t, other, "add", "-A")
	git(t, other, "commit", "--quiet", "-m", "by hand")
	git(t, other, "push", "--quiet", repo, "main")
	p.stories["story-007"] = "Changed meanwhile."
	rep, problems := Send(context.Background(), at.job(t, p.edition()))
	clear(t, problems)
	sent, _ := paths(rep)
	alike(t, "adopted", sent, storyPath("story-007"))
	whole := at
	git(t, t.TempDir(), "clone", "--quiet", "--branch", "main", repo, whole.dir)
	if data, _ := os.ReadFile(filepath.Join(whole.dir, "README")); string(data) != "not Stet's" {
		t.Errorf("a file beside the folder: %q", data)
	}
	at.dir = filepath.Join(whole.dir, "docs")
	if err := os.Remove(filepath.Join(at.dir, ".nojekyll")); err != nil {
		t.Error(err)
	}
	at.equals(t, p.edition())
}

// Of two deploys at once the later is refused, and can run again.
func TestGitAtOnce(t *testing.T) {
	repo, at := aRepository(t, "")
	p := newPaper(5)
	at.sendGit(t, repo, p.edition())
	ctx, slow := context.Background(), at.open(t)
	if err := slow.Lock(ctx, NewLock("bob", someday, time.Minute)); err != nil {
		t.Fatal(err)
	}
	if err := slow.Put(ctx, Object{Path: "late.txt", Size: 4}, strings.NewReader("late")); err != nil {
		t.Fatal(err)
	}
	p.stories["story-001"] = "Faster."
	at.sendGit(t, repo, p.edition())
	err := slow.Finish(ctx, "late")
	if err == nil || !strings.HasPrefix(err.Error(), "somebody else has pushed to the branch gh-pages meanwhile") {
		t.Errorf("it was not refused: %v", err)
	}
	slow.(*branch).Close()
	at.checkout(t, repo, "gh-pages")
	at.equals(t, p.edition())
}

// Those that wait are sent one upon the other, also to a branch that is not there
// yet; a rollback is not begun again.
func TestGitWait(t *testing.T) {
	repo, at := aRepository(t, "")
	for round := range 2 {
		var group sync.WaitGroup
		var editions []Edition
		for i := range 4 {
			p := newPaper(10)
			p.stories["story-000"] = fmt.Sprintf("Of editor %d in round %d.", i, round)
			editions = append(editions, p.edition())
			j := at.job(t, editions[i])
			j.Waiting = func(*Locked) {}
			group.Go(func() {
				if _, problems := Send(context.Background(), j); len(problems) > 0 {
					t.Errorf("%d: %s", i, problems[0].Text)
				}
			})
		}
		group.Wait()
		if n := git(t, repo, "rev-list", "--count", "gh-pages"); n != fmt.Sprintln(4*(round+1)) {
			t.Errorf("there are %s commits", n)
		}
		at.checkout(t, repo, "gh-pages")
		text := at.seen(t)[storyPath("story-000")]
		i := slices.IndexFunc(editions, func(e Edition) bool {
			data, err := fs.ReadFile(e.FS, storyPath("story-000"))
			return err == nil && string(data) == text
		})
		if i < 0 {
			t.Fatalf("no editor's: %q", text)
		}
		at.equals(t, editions[i])
	}
	j := at.job(t, Edition{})
	j.Rollback, j.Waiting = true, func(*Locked) {}
	faster := newPaper(10)
	faster.stories["story-001"] = "Faster."
	j.Progress = func(done, _ int) {
		if done == 1 {
			if _, problems := Send(context.Background(), at.job(t, faster.edition())); len(problems) > 0 {
				t.Errorf("%+v", problems)
			}
		}
	}
	_, problems := Send(context.Background(), j)
	if len(problems) != 1 || !strings.HasPrefix(problems[0].Text, "somebody else has pushed") || !strings.Contains(problems[0].Hint, "--wait") {
		t.Errorf("%+v", problems)
	}
	at.checkout(t, repo, "gh-pages")
	at.equals(t, faster.edition())
}

// A dry run leaves nothing; what is wrong is told.
func TestGitErrors(t *testing.T) {
	repo, at := aRepository(t, "")
	j := at.job(t, newPaper(3).edition())
	j.DryRun = true
	_, problems := Send(context.Background(), j)
	clear(t, problems)
	j.Target.(*branch).Close()
	if refs := git(t, repo, "for-each-ref"); refs != "" {
		t.Errorf("it made %s", refs)
	}
	wrong := func(to, want string) {
		t.Helper()
		target, err := Open(context.Background(), to, at.means())
		if err == nil {
			_, problems := Send(context.Background(), Job{Edition: newPaper(3).edition(), Target: target, Now: j.Now, Backoff: time.Millisecond})
			if len(problems) > 0 {
				err = fmt.Errorf("%s", problems[0].Text)
			}
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", to, err, want)
		}
	}
	wrong("git+file://"+t.TempDir(), "there is no git repository at")
	wrong("git+https://ada:secret@example.org/paper.git", "a password stands in the address of example.org")
	wrong("git+ssh://git@example.org/paper.git#-f", "is no name of a branch")
	write(t, filepath.Join(repo, "hooks", "pre-receive"), "#!/bin/sh\necho no room left: quota exceeded >&2\nexit 1\n")
	os.Chmod(filepath.Join(repo, "hooks", "pre-receive"), 0o755)
	wrong(at.to, "quota")
	t.Setenv("PATH", t.TempDir())
	wrong(at.to, "git is not installed")
}

// aDaemon is git's own server before the folder of a repository.
func aDaemon(t *testing.T, repo string) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().(*net.TCPAddr)
	l.Close()
	daemon := filepath.Join(strings.TrimSpace(git(t, repo, "--exec-path")), "git-daemon")
	cmd := exec.Command(program(t, daemon), "--listen=127.0.0.1", fmt.Sprint("--port=", at.Port), "--export-all", "--enable=receive-pack", "--reuseaddr", "--base-path="+filepath.Dir(repo), filepath.Dir(repo))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for range 100 {
		if conn, err := net.Dial("tcp", at.String()); err == nil {
			conn.Close()
			return at.String()
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("git daemon does not listen")
	return ""
}

// A connection that breaks at random is taken up again; nothing is half there.
func TestGitCut(t *testing.T) {
	repo, at := aRepository(t, "")
	c := cutting(t, aDaemon(t, repo), 20000)
	p := newPaper(100)
	for round := range 3 {
		p.stories["story-003"] = fmt.Sprint("Round ", round)
		for n := 0; ; n++ {
			j := at.job(t, p.edition())
			j.Target.(*branch).address = "git://" + c.address + "/paper.git"
			_, problems := Send(context.Background(), j)
			if len(problems) == 0 {
				break
			}
			if c.whole.Store(n > 5); n > 10 {
				t.Fatalf("%+v", problems)
			}
		}
		c.whole.Store(false)
		at.checkout(t, repo, "gh-pages")
		at.equals(t, p.edition())
	}
	if c.cuts.Load() == 0 {
		t.Error("nothing was cut")
	}
}
