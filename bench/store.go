package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// versitygwModule is the store that speaks S3; the tests of internal/deploy have
// the same one, in the same folder (.ci/run).
const versitygwModule = "github.com/versity/versitygw/cmd/versitygw@v1.8.0"

// findVersitygw gives the store's program; the first time it installs it.
func findVersitygw(stderr io.Writer) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	bin := filepath.Join(cache, "stet-tests", "bin")
	path := filepath.Join(bin, executable("versitygw"))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	fmt.Fprintf(stderr, "installing versitygw into %s (some minutes, once)\n", bin)
	cmd := exec.Command("go", "install", versitygwModule)
	cmd.Env = append(os.Environ(), "GOBIN="+bin, "GOFLAGS=")
	cmd.Stdout, cmd.Stderr = stderr, stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("installing versitygw: %w", err)
	}
	return path, nil
}

// The store's bucket and the keys for it.
const (
	storeBucket = "paper"
	storeKey    = "bench"
	storeSecret = "benchsecret"
)

// A store is a versitygw on loopback, behind a proxy that counts what is asked of
// it.
type store struct {
	url  string // of the proxy
	root string // where the bucket's objects are files
	cmd  *exec.Cmd
	web  *http.Server
	asked,
	up, down atomic.Int64 // requests, and bytes of the connections in both directions, headers too
}

// startStore starts a store in a folder, with an empty bucket.
func startStore(program, work string) (*store, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &store{root: filepath.Join(work, "objects", storeBucket)}
	for _, dir := range []string{"objects", "meta", "iam"} {
		if err := os.MkdirAll(filepath.Join(work, dir), 0o755); err != nil {
			return nil, err
		}
	}
	at := "127.0.0.1:" + port
	s.cmd = exec.Command(program, "--access", storeKey, "--secret", storeSecret, "--port", at, "--iam-dir", filepath.Join(work, "iam"), "--quiet",
		"posix", "--disableotmp", "--sidecar", filepath.Join(work, "meta"), filepath.Join(work, "objects"))
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	if err := s.serve(at); err != nil {
		s.stop()
		return nil, err
	}
	if err := makeBucket(at); err != nil {
		s.stop()
		return nil, fmt.Errorf("versitygw does not answer: %w", err)
	}
	return s, nil
}

// makeBucket makes the bucket, as soon as the store answers.
func makeBucket(at string) error {
	client, err := minio.New(at, &minio.Options{Creds: credentials.NewStaticV4(storeKey, storeSecret, "")})
	if err != nil {
		return err
	}
	for range 300 {
		if err = client.MakeBucket(context.Background(), storeBucket, minio.MakeBucketOptions{}); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}

// serve puts the proxy before the store.
func (s *store) serve(at string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.url = "http://" + l.Addr().String()
	behind := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: at})
			r.Out.Host = r.In.Host // which is signed
		},
		Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 64},
	}
	s.web = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		behind.ServeHTTP(w, r)
	})}
	go s.web.Serve(countingListener{l, s})
	return nil
}

func (s *store) stop() {
	if s.web != nil {
		s.web.Close()
	}
	s.cmd.Process.Kill()
	s.cmd.Wait()
}

// A countingListener has what goes over its connections counted.
type countingListener struct {
	net.Listener
	store *store
}

// Accept gives the next connection.
func (l countingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return countingConn{conn, l.store}, err
}

type countingConn struct {
	net.Conn
	store *store
}

// Read counts what comes.
func (c countingConn) Read(data []byte) (int, error) {
	n, err := c.Conn.Read(data)
	c.store.up.Add(int64(n))
	return n, err
}

// Write counts what goes.
func (c countingConn) Write(data []byte) (int, error) {
	n, err := c.Conn.Write(data)
	c.store.down.Add(int64(n))
	return n, err
}

// A traffic is what was asked of a store.
type traffic struct{ Requests, Up, Down int64 }

// count does something and tells what that asked of the store.
func (s *store) count(do func() error) (t traffic, err error) {
	before := traffic{s.asked.Load(), s.up.Load(), s.down.Load()}
	err = do()
	t = traffic{s.asked.Load() - before.Requests, s.up.Load() - before.Up, s.down.Load() - before.Down}
	if err == nil && t.Requests == 0 {
		err = errors.New("the store was asked nothing")
	}
	return t, err
}
