package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A small archive goes through the whole comparison: each contestant's objects are
// the edition, and a deploy of one article asks for little.
func TestDeploy(t *testing.T) {
	cache, err := os.UserCacheDir()
	if err == nil {
		_, err = os.Stat(filepath.Join(cache, "stet-tests", "bin", "versitygw"))
	}
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("versitygw is not there: .ci/run witnesses installs it")
		}
		t.Skip("versitygw is not there: .ci/run witnesses installs it")
	}
	for _, name := range []string{"AWS_CA_BUNDLE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "RCLONE_CONFIG"} {
		t.Setenv(name, os.Getenv(name)) // they are as they were when it has ended
	}
	var out, said bytes.Buffer
	if status := run([]string{"deploy", "-n", "12", "-runs", "1", "-json", "-dir", t.TempDir()}, &out, &said); status != 0 {
		t.Fatalf("it ends with %d: %s", status, said.String())
	}
	var got struct{ Rows []deployRow }
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("rclone"); err != nil {
		if len(got.Rows) > 0 || !strings.Contains(said.String(), "apt-get install rclone") {
			t.Errorf("without rclone: %s", said.String())
		}
		return
	}
	if len(got.Rows) != 4 {
		t.Fatalf("%+v", got.Rows)
	}
	for _, r := range got.Rows {
		if r.StetRequests == 0 || r.StetUp == 0 || r.StetDown == 0 || r.PeerRequests == 0 || r.PeerUp == 0 || r.PeerDown == 0 {
			t.Errorf("%+v", r)
		}
		if strings.HasPrefix(r.Case, "one article") && r.StetRequests > 20 {
			t.Errorf("one article takes %.0f requests", r.StetRequests)
		}
	}
}

// What is counted is what goes over the wire.
func TestCounting(t *testing.T) {
	behind := http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Write(bytes.Repeat([]byte("x"), 5000))
	})}
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	behind.Addr = "127.0.0.1:" + port
	go behind.ListenAndServe()
	t.Cleanup(func() { behind.Close() })
	s := &store{}
	if err := s.serve(behind.Addr); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.web.Close() })
	got, err := s.count(func() error {
		for range 3 {
			var answer *http.Response
			for range 100 { // until it listens
				var err error
				if answer, err = http.Post(s.url, "text/plain", strings.NewReader(strings.Repeat("y", 2000))); err != nil {
					return err
				}
				if answer.StatusCode == http.StatusOK {
					break
				}
				answer.Body.Close()
				s.asked.Store(0)
				s.up.Store(0)
				s.down.Store(0)
				time.Sleep(20 * time.Millisecond)
			}
			io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
		}
		return nil
	})
	if err != nil || got.Requests != 3 || got.Up < 6000 || got.Up > 7500 || got.Down < 15000 || got.Down > 16500 {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := s.count(func() error { return nil }); err == nil {
		t.Error("that nothing was asked is not told")
	}
}
