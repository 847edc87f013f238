package deploy

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// aDisk has a folder be a disk of its own. How it is can be changed.
func aDisk(t *testing.T, dir, how string) (remount func(flags uintptr, how string)) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, how); err != nil {
		t.Skip("no small disk can be mounted here:", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return func(flags uintptr, how string) {
		t.Helper()
		must(t, syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|flags, how))
	}
}

// overflowing is a paper too large for a disk of 400 KB.
func overflowing() *paper {
	p := newPaper(5)
	p.more["film.mp4"] = strings.Repeat("a long film, of which nothing is like the rest ", 20_000)
	p.stories["story-003"] = "Edited."
	return p
}

// A disk that is full is said to be, what lies there stays whole, and when there is
// room again it goes on.
func TestFull(t *testing.T) {
	for name, open := range places(t) {
		t.Run(name, func(t *testing.T) {
			at := open(t)
			disk := at.dir
			if name == "s3" { // all the store has
				disk = filepath.Dir(at.dir)
			}
			must(t, os.MkdirAll(disk, 0o755))
			remount := aDisk(t, disk, "size=400k")
			at.send(t, newPaper(5).edition())
			_, problems := Send(context.Background(), at.job(t, overflowing().edition()))
			if len(problems) != 1 || !strings.Contains(problems[0].Text, "no room left") || !strings.Contains(problems[0].Hint, "it goes on where it stopped") {
				t.Fatalf("%+v", problems)
			}
			if missing := at.crawl(at.onDisk); len(missing) > 0 {
				t.Errorf("missing: %q", missing)
			}
			remount(0, "size=8m")
			at.send(t, overflowing().edition())
		})
	}
	t.Run("git", func(t *testing.T) {
		repo, at := aRepository(t, "")
		at.sendGit(t, repo, newPaper(5).edition())
		must(t, os.Rename(repo, repo+".old"))
		must(t, os.Mkdir(repo, 0o755))
		remount := aDisk(t, repo, "size=400k")
		must(t, exec.Command("cp", "-a", repo+".old/.", repo).Run())
		p := overflowing()
		p.more["film.mp4"] = string(noise(1 << 20)) // git compresses
		_, problems := Send(context.Background(), at.job(t, p.edition()))
		if len(problems) != 1 || !strings.Contains(problems[0].Text, "there is no room left for") || problems[0].Hint != "make room and run it again" {
			t.Fatalf("%+v", problems)
		}
		at.checkout(t, repo, "gh-pages")
		at.equals(t, newPaper(5).edition())
		remount(0, "size=8m")
		at.sendGit(t, repo, p.edition())
	})
}

// noise is what cannot be compressed.
func noise(n int) []byte {
	data := make([]byte, n)
	for i, x := 0, uint64(1); i < n; i++ {
		x = x*6364136223846793005 + 1442695040888963407
		data[i] = byte(x >> 56)
	}
	return data
}

// Whoever may not write is told so at once, and nothing is changed.
func TestRights(t *testing.T) {
	unarmed := []string{} // not even as root
	if os.Getuid() == 0 {
		unarmed = []string{program(t, "setpriv"), "--bounding-set=-dac_override,-dac_read_search,-fowner", "--inh-caps=-all"}
	}
	refused := func(t *testing.T, e errand, want ...string) {
		t.Helper()
		e.as, e.paper = unarmed, 20
		_, said, err := e.run(t)
		if err == nil {
			t.Errorf("%s: nothing is wrong", e.to)
		}
		tells(t, said, want...)
	}
	t.Run("folder", func(t *testing.T) {
		at := aFolder(t)
		must(t, os.Chmod(at.dir, 0o555))
		refused(t, errand{place: at}, "you may not write there: ", "run it as the user whose folder that is")
		must(t, os.Chmod(at.dir, 0o755))
		at.send(t, newPaper(3).edition())
		must(t, os.Chmod(filepath.Join(at.dir, "news"), 0o555))
		refused(t, errand{place: at}, "you may not write there: ", "run it as the user whose folder that is")
		if missing := at.crawl(at.onDisk); len(missing) > 0 {
			t.Errorf("missing: %q", missing)
		}
		must(t, os.Chmod(filepath.Join(at.dir, "news"), 0o755))
		at.send(t, newPaper(20).edition())
	})
	t.Run("read-only disk", func(t *testing.T) {
		at := aFolder(t)
		remount := aDisk(t, at.dir, "size=1m")
		at.send(t, newPaper(3).edition())
		remount(syscall.MS_RDONLY, "")
		tells(t, sendingSays(t, at), "you may not write there: ", "see to it that you may write")
	})
	t.Run("git", func(t *testing.T) {
		repo, at := aRepository(t, "")
		at.sendGit(t, repo, newPaper(3).edition())
		must(t, exec.Command("chmod", "-R", "a-w", repo).Run())
		refused(t, errand{place: at}, "you may not write to file://"+repo, "have the repository given to the user who writes it")
		must(t, exec.Command("chmod", "-R", "u+w", repo).Run())
		at.sendGit(t, repo, newPaper(20).edition())
	})
	t.Run("s3", func(t *testing.T) {
		at := aBucket(t)
		at.send(t, newPaper(3).edition())
		admin := exec.Command(versitygw(t), "admin", "--access", "test", "--secret", "testsecret", "--endpoint-url", "http://"+endpoint(at), "create-user", "--access", "bob", "--secret", "bobsecret", "--role", "user")
		if out, err := admin.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		client, err := minio.New(endpoint(at), &minio.Options{Creds: credentials.NewStaticV4("test", "testsecret", "")})
		must(t, err)
		may := func(actions string) {
			must(t, client.SetBucketPolicy(context.Background(), "paper", fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [
				{"Effect": "Allow", "Principal": {"AWS": "bob"}, "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::paper"},
				{"Effect": "Allow", "Principal": {"AWS": "bob"}, "Action": [%s], "Resource": "arn:aws:s3:::paper/*"}]}`, actions)))
		}
		bob := at
		bob.env = map[string]string{"AWS_ACCESS_KEY_ID": "bob", "AWS_SECRET_ACCESS_KEY": "bobsecret"}
		may(`"s3:GetObject"`)
		tells(t, sendingSays(t, bob), "the key has no right to that in the bucket paper", "s3:PutObject")
		at.equals(t, newPaper(3).edition())
		may(`"s3:GetObject", "s3:PutObject", "s3:DeleteObject"`) // what docs/hosting.md calls the smallest policy
		bob.send(t, newPaper(20).edition())
		p := newPaper(20)
		p.stories["story-003"] = "A mistake."
		bob.send(t, p.edition())
		if _, text := bob.back(t); text != "" {
			t.Error(text)
		}
	})
}

// sendingSays is what a deploy says that cannot go well.
func sendingSays(t *testing.T, at place) string {
	t.Helper()
	_, problems := Send(context.Background(), at.job(t, newPaper(20).edition()))
	if len(problems) == 0 {
		t.Error("nothing is wrong")
		return ""
	}
	return problems[0].Text + "\n" + problems[0].Hint
}
