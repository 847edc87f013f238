package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"stet/internal/comments"
)

// A stand is a running "stet comments serve", before which a proxy could stand.
type stand struct {
	*shell
	cmd  *exec.Cmd
	url  string
	said string // its line at the start
	log  *bytes.Buffer
}

const paperURL = "https://news.example"

// newStand starts the service for an edition with some stories.
func newStand(s *shell, args ...string) *stand {
	s.Helper()
	var stories []string
	for i := range 20 {
		stories = append(stories, fmt.Sprintf(`{"id": "/s%d/", "url": "/s%[1]d/", "title": "Story %[1]d", "lang": "en", "comments": true, "rating": true}`, i))
	}
	s.write("public/comments.json", `{"paper": "The Test", "languages": {}, "length": 1500, "stories": [`+strings.Join(stories, ",\n")+`]}`)
	d := &stand{shell: s, log: &bytes.Buffer{}}
	args = append([]string{"comments", "serve", "--db", "comments.db", "--addr", "127.0.0.1:0", "--paper", paperURL, "--edition", "public", "--trusted-proxy", "127.0.0.1"}, args...)
	d.cmd = exec.Command(s.stet, args...)
	d.cmd.Dir, d.cmd.Stderr = s.dir, d.log
	out, err := d.cmd.StdoutPipe()
	if err == nil {
		err = d.cmd.Start()
	}
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { d.cmd.Process.Kill() })
	d.said, _ = bufio.NewReader(out).ReadString('\n')
	_, at, ok := strings.Cut(strings.TrimSpace(d.said), "listening at ")
	if !ok {
		d.cmd.Wait()
		s.Fatalf("it says %q, and %s", d.said, d.log)
	}
	d.url = "http://" + at
	return d
}

// end asks it to end, and returns how it did.
func (d *stand) end(signal os.Signal) error {
	d.cmd.Process.Signal(signal)
	return d.cmd.Wait()
}

// post sends a form as a script of the newspaper does.
func (d *stand) post(path, from string, form url.Values) (status int, text string, err error) {
	r, err := http.NewRequest(http.MethodPost, d.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, "", err
	}
	for name, value := range map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Origin": paperURL, "Accept": "application/json", "X-Forwarded-For": from} {
		r.Header.Set(name, value)
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer w.Body.Close()
	data, err := io.ReadAll(w.Body)
	return w.StatusCode, string(data), err
}

// form is a comment of its own, with its token.
func (d *stand) form(n int) url.Values {
	d.Helper()
	story := fmt.Sprintf("/s%d/", n%20)
	w, err := http.Get(d.url + "/token?story=" + url.QueryEscape(story))
	if err != nil {
		d.Fatal(err)
	}
	defer w.Body.Close()
	var t struct{ Token, Key string }
	if err := json.NewDecoder(w.Body).Decode(&t); err != nil || w.StatusCode != 200 {
		d.Fatalf("a token is answered %d: %v", w.StatusCode, err)
	}
	return url.Values{"story": {story}, "lang": {"en"}, "name": {"Ada"}, "email": {"ada@example.org"}, "text": {fmt.Sprint("Comment number ", n)},
		"answer": {"yes"}, "website": {""}, "token": {t.Token}, "key": {t.Key}}
}

// from is the address of a reader who is alone in his network.
func from(n int) string { return fmt.Sprintf("2001:db8:%x::1", n) }

// The service says where it listens, answers, ends when it is asked to and finishes
// what it has begun, and its log tells nothing of readers.
func TestCommentsServe(t *testing.T) {
	d := newStand(emptyShell(t, 1), "--url", "https://comments.example/talk/", "--origin", "https://www.news.example")
	if want := "comments for https://news.example at https://comments.example/talk/, listening at 127.0.0.1:"; !strings.HasPrefix(d.said, want) {
		t.Errorf("it says %q", d.said)
	}
	w, err := http.Get(d.url + "/talk/health")
	if err != nil || w.StatusCode != 200 {
		t.Fatalf("it is not well: %v", err)
	}
	form := d.form(1)
	time.Sleep(3 * time.Second)
	if status, text, err := d.post("/talk/comment", "192.0.2.77", form); err != nil || status != 200 || text != "{\"state\":\"waiting\"}\n" {
		t.Fatalf("answered %d %s, %v", status, text, err)
	}
	if status, text, err := d.post("/rating", "192.0.2.77", form); err != nil || status != 200 {
		t.Fatalf("answered %d %s, %v", status, text, err)
	}
	if err := d.end(os.Interrupt); err != nil {
		t.Errorf("it ended with %v", err)
	}
	for _, secret := range []string{"192.0.2", "127.0.0.1", "Ada", "ada@", "number", "/s1/"} {
		if strings.Contains(d.log.String(), secret) {
			t.Errorf("the log tells %q:\n%s", secret, d.log)
		}
	}
	if lines := strings.Count(d.log.String(), "\n"); lines != 3 || !strings.Contains(d.log.String(), " POST /comment 200 ") {
		t.Errorf("the log has %d lines:\n%s", lines, d.log)
	}
}

// The service is killed while readers write. What was acknowledged is there, once; and
// who sends again what was not acknowledged has it there once too. STET_KILLS says how
// often (3 if it is not set).
func TestCommentsKilled(t *testing.T) {
	s := emptyShell(t, 1)
	d := newStand(s)
	rounds := times("STET_KILLS", 3)
	const writers, each = 8, 25
	forms := make([]url.Values, rounds*writers*each)
	for i := range forms {
		forms[i] = d.form(i)
	}
	time.Sleep(3 * time.Second)
	var mu sync.Mutex
	acknowledged := map[int]bool{}
	for round := range rounds {
		if round > 0 {
			d = newStand(s)
		}
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				for i := range each {
					n := (round*writers+w)*each + i
					status, text, err := d.post("/comment", from(n), forms[n])
					if err != nil {
						return // it is dead
					}
					if status != 200 {
						t.Errorf("comment %d is answered %d %s", n, status, text)
						return
					}
					mu.Lock()
					acknowledged[n] = true
					mu.Unlock()
				}
			})
		}
		for begun := false; !begun; time.Sleep(time.Millisecond) {
			mu.Lock()
			begun = len(acknowledged) > round*20
			mu.Unlock()
		}
		time.Sleep(time.Duration(s.IntN(40)) * time.Millisecond)
		var exit *exec.ExitError
		if err := d.end(syscall.SIGKILL); !errors.As(err, &exit) {
			t.Fatalf("it was not killed: %v", err)
		}
		all.Wait()
	}
	t.Logf("%d of %d were acknowledged before a kill", len(acknowledged), len(forms))
	if len(acknowledged) == len(forms) {
		t.Error("all was done before it was killed")
	}
	s.allOnce(acknowledged, nil)
	d = newStand(s)
	for n, form := range forms { // those who were answered nothing send again, and a few others twice
		if acknowledged[n] && n%5 > 0 {
			continue
		}
		if status, text, err := d.post("/comment", from(n+100_00), form); err != nil || status != 200 {
			t.Fatalf("comment %d is answered %d %s, %v", n, status, text, err)
		}
	}
	if err := d.end(os.Interrupt); err != nil {
		t.Error(err)
	}
	s.allOnce(acknowledged, forms)
}

// allOnce fails unless the store has each comment once: those that were acknowledged,
// or all.
func (s *shell) allOnce(acknowledged map[int]bool, forms []url.Values) {
	s.Helper()
	store, err := comments.Open(s.Context(), filepath.Join(s.dir, "comments.db"))
	if err != nil {
		s.Fatal(err)
	}
	defer store.Close()
	times := map[string]int{}
	for q := (comments.Query{Limit: 1000}); ; {
		list, err := store.Find(s.Context(), q)
		if err != nil {
			s.Fatal(err)
		}
		for _, c := range list {
			times[c.Text]++
			q.Before = c.ID
		}
		if len(list) < q.Limit {
			break
		}
	}
	for n := range acknowledged {
		if text := fmt.Sprint("Comment number ", n); times[text] != 1 {
			s.Errorf("%q was acknowledged, and is there %d times", text, times[text])
		}
	}
	for text, n := range times {
		if n != 1 {
			s.Errorf("%q is there %d times", text, n)
		}
	}
	if forms != nil && len(times) != len(forms) {
		s.Errorf("%d are there, not %d", len(times), len(forms))
	}
}

// What the desk lets through is in the site on the same machine soon after, and what it
// takes back is gone.
func TestCommentsData(t *testing.T) {
	s := newShell(t)
	s.write("content/news/s1.md", "---\ntitle: Story 1\ndate: 2026-01-02\nid: /s1/\n---\nText.\n")
	d := newStand(s, "--data", ".")
	store, err := comments.Open(t.Context(), filepath.Join(s.dir, "comments.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	c, _, err := store.Add(t.Context(), comments.Comment{Story: "/s1/", Name: "Ada", Email: "ada@example.org", Text: "Good morning"}, "")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(s.dir, "data", "comments", "s1.json")
	waits := func(what string, ok func(text string, err error) bool) {
		t.Helper()
		for range 400 {
			if data, err := os.ReadFile(name); ok(string(data), err) {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatalf("it is not %s:\n%s", what, d.log)
	}
	if _, err := store.Decide(t.Context(), "desk", c.ID, comments.Approved); err != nil {
		t.Fatal(err)
	}
	waits("there", func(text string, err error) bool {
		return err == nil && strings.Contains(text, `"text":"Good morning"`)
	})
	if _, err := store.Decide(t.Context(), "desk", c.ID, comments.Rejected); err != nil {
		t.Fatal(err)
	}
	waits("gone", func(_ string, err error) bool { return errors.Is(err, fs.ErrNotExist) })
	if err := d.end(os.Interrupt); err != nil {
		t.Errorf("it ended with %v: %s", err, d.log)
	}
}
