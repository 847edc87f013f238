package deploy

import (
	"context"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

func unescape(s string) string {
	plain, err := url.PathUnescape(s)
	if err != nil {
		return s
	}
	return plain
}

// places are all kinds of targets that can be had here.
func places(t *testing.T) map[string]func(t *testing.T) place {
	all := map[string]func(t *testing.T) place{"folder": aFolder, "s3": aBucket, "sftp": anSFTP}
	if testing.Short() {
		delete(all, "sftp") // its ciphers take the race detector minutes; TestSFTPCut is left
	}
	return all
}

// everywhere runs a test with each kind of target, some at a time: mostly they wait
// for disks and servers.
func everywhere(t *testing.T, run func(t *testing.T, p place)) {
	for name, open := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, open(t))
		})
	}
}

// andGit runs a test with a git branch too.
func andGit(t *testing.T, run func(t *testing.T, p place)) {
	everywhere(t, run)
	t.Run("git", func(t *testing.T) {
		t.Parallel()
		repo, at := aRepository(t, "")
		at.refresh = func() { at.checkout(t, repo, "gh-pages") }
		run(t, at)
	})
}

func aFolder(t *testing.T) place {
	dir := t.TempDir()
	return place{name: "folder", dir: dir, to: dir}
}

// versitygw is a store that speaks S3, and has its objects as files.
func versitygw(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	program := filepath.Join(cache, "stet-tests", "bin", "versitygw")
	if _, err2 := os.Stat(program); err == nil && err2 == nil {
		return program
	}
	if program, err = exec.LookPath("versitygw"); err == nil {
		return program
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("versitygw is not there: .ci/run witnesses installs it")
	}
	t.Skip("versitygw is not there: .ci/run witnesses installs it")
	return ""
}

var storeKeys = map[string]string{"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "testsecret"}

// aBucket is one in a store of its own, in which objects have a prefix.
func aBucket(t *testing.T) place {
	address, root := aStore(t)
	return place{name: "s3", dir: filepath.Join(root, "paper", "www"), to: "s3://paper/www?endpoint=http://" + address, env: storeKeys}
}

func aStore(t *testing.T) (address, root string) {
	program := versitygw(t)
	dir := t.TempDir()
	root = filepath.Join(dir, "root")
	for _, name := range []string{"root", "meta", "iam"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = l.Addr().String()
	l.Close()
	cmd := exec.Command(program, "--access", "test", "--secret", "testsecret", "--port", address, "--iam-dir", filepath.Join(dir, "iam"), "--quiet", "posix", "--disableotmp", "--sidecar", filepath.Join(dir, "meta"), root)
	cmd.Stdout, cmd.Stderr = io.Discard, io.Discard
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	client, err := minio.New(address, &minio.Options{Creds: credentials.NewStaticV4("test", "testsecret", "")})
	if err != nil {
		t.Fatal(err)
	}
	for range 300 {
		if err = client.MakeBucket(context.Background(), "paper", minio.MakeBucketOptions{}); err == nil {
			return address, root
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal(err)
	return "", ""
}

// A cutter is a connection to a server that breaks at random.
type cutter struct {
	address string
	cuts    atomic.Int64
	whole   atomic.Bool // it breaks no more
}

// cutting has connections to an address break after some bytes.
func cutting(t *testing.T, to string, after int) *cutter {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	c := &cutter{address: l.Addr().String()}
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", to)
			if err != nil {
				in.Close()
				continue
			}
			end := func() { in.Close(); out.Close() }
			pass := func(to, from net.Conn) {
				defer end()
				if c.whole.Load() {
					io.Copy(to, from)
					return
				}
				if _, err := io.CopyN(to, from, int64(after/10+rand.IntN(after))); err == nil {
					c.cuts.Add(1)
				}
			}
			go pass(in, out)
			go pass(out, in)
		}
	}()
	return c
}

// through is the place behind a cutter.
func (p place) through(t testing.TB, c *cutter) place {
	u, _ := url.Parse(p.to)
	if u.Scheme == "sftp" {
		knows(t, p.home, c.address, p.host)
		u.Host = c.address
		p.to = u.String()
		return p
	}
	q := u.Query()
	q.Set("endpoint", "http://"+c.address)
	u.RawQuery = q.Encode()
	p.to = u.String()
	return p
}

func endpoint(p place) string {
	u, _ := url.Parse(p.to)
	if u.Scheme == "sftp" {
		return u.Host
	}
	return strings.TrimPrefix(u.Query().Get("endpoint"), "http://")
}
