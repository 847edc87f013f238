package deploy

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"stet/internal/diag"
)

// While a crawler goes round all the time, a paper is edited in every way and sent
// again and again. It never meets a page whose links or pictures are missing.
func TestCrawled(t *testing.T) {
	everywhere(t, func(t *testing.T, at place) {
		p := newPaper(60)
		at.send(t, p.edition())
		stop, ended := make(chan struct{}), make(chan int)
		go func() {
			rounds := 0
			defer func() { ended <- rounds }()
			for {
				select {
				case <-stop:
					return
				default:
				}
				for _, missing := range at.crawl(at.onDisk) {
					t.Error(missing)
				}
				rounds++
			}
		}()
		for i := range 12 {
			p.style = fmt.Sprintf("body{order:%d}", i)
			p.stories[fmt.Sprintf("new-%d", i)] = fmt.Sprintf("<a href=/news/story-%03d/>see</a>", 59-i)
			p.stories[fmt.Sprintf("story-%03d", i)] += " more"
			if i%3 == 2 {
				// Its page becomes another's: not killed, but gone.
				p.more[fmt.Sprintf("extra-%d/index.html", i)] = "<a href=/>home</a>"
				delete(p.more, fmt.Sprintf("extra-%d/index.html", i-3))
			}
			at.send(t, p.edition())
		}
		close(stop)
		if rounds := <-ended; rounds == 0 {
			t.Error("the crawler went round not once")
		}
	})
}

// Connections that break at random are tried again. What was given up is gone on
// with, and ends as if nothing had been.
func TestCut(t *testing.T) {
	at := aBucket(t)
	cut := cutting(t, endpoint(at), 45_000)
	broken := at.through(t, cut)
	p := newPaper(60)
	retries, given := 0, 0
	deploy := func() {
		for range 12 {
			ctx, cancel := context.WithTimeout(context.Background(), time.Duration(30+rand.IntN(300))*time.Millisecond)
			rep, problems := Send(ctx, broken.job(t, p.edition()))
			cancel()
			retries += rep.Retries
			if len(problems) == 0 {
				return
			}
			given++
			at.open(t).Remove(context.Background(), []string{lockPath}) // that could not be given back
			for _, missing := range at.crawl(at.onDisk) {
				t.Error(missing)
			}
		}
		cut.whole.Store(true)
		_, problems := Send(context.Background(), broken.job(t, p.edition()))
		clear(t, problems)
		cut.whole.Store(false)
	}
	at.send(t, newPaper(3).edition())
	for i := range 4 {
		for n := range 10 {
			p.stories[fmt.Sprintf("story-%03d", 10*i+n)] = fmt.Sprintf("Edit %d.", i)
		}
		p.more[fmt.Sprintf("p%d.jpg", i)] = strings.Repeat("a photo", 5000)
		deploy()
		at.equals(t, p.edition())
	}
	if cut.cuts.Load() == 0 || retries == 0 {
		t.Errorf("%d connections broke, %d things were tried again, %d deploys given up", cut.cuts.Load(), retries, given)
	}
	if rep := at.send(t, p.edition()); len(rep.Changes) > 0 {
		t.Errorf("and then %d changes", len(rep.Changes))
	}
}

// An author's edit that was half sent and taken back is not taken to be there.
func TestInterruptedAndTakenBack(t *testing.T) {
	everywhere(t, func(t *testing.T, at place) {
		p := newPaper(40)
		whole := p.edition()
		at.send(t, whole)
		for slug := range p.stories {
			p.stories[slug] += " edited"
		}
		for _, after := range []int{1, 7, 20, 41} {
			ctx, cancel := context.WithCancel(context.Background())
			j := at.job(t, p.edition())
			j.Workers = 1
			j.Progress = func(done, _ int) {
				if done == after {
					cancel()
				}
			}
			_, problems := Send(ctx, j)
			if len(problems) != 1 || problems[0].Text != "it was interrupted" {
				t.Fatalf("after %d: %v", after, problems)
			}
			at.send(t, whole)
		}
	})
}

// Several deploys at once: one after the other, in the end one of the editions.
func TestConcurrent(t *testing.T) {
	everywhere(t, func(t *testing.T, at place) {
		var group sync.WaitGroup
		var editions []Edition
		for i := range 4 {
			p := newPaper(20)
			p.stories["story-000"] = fmt.Sprintf("Of editor %d.", i)
			e := p.edition()
			editions = append(editions, e)
			group.Go(func() {
				j := at.job(t, e)
				j.Waiting = func(*Locked) {}
				if _, problems := Send(context.Background(), j); len(problems) > 0 {
					t.Errorf("%d: %s", i, problems[0].Text)
				}
			})
		}
		group.Wait()
		text := at.seen(t)[storyPath("story-000")]
		for i, e := range editions {
			if strings.HasSuffix(text, fmt.Sprintf("Of editor %d.", i)) {
				at.equals(t, e)
				return
			}
		}
		t.Errorf("no editor's: %q", text)
	})
}

// What cannot go well is said at once, with what to do about it.
func TestRefused(t *testing.T) {
	deploy := func(at place) diag.Problem {
		target, err := Open(context.Background(), at.to, at.means())
		if err != nil {
			return problem(at.to, err)
		}
		j := at.job(t, newPaper(3).edition())
		j.Target = target
		rep, problems := Send(context.Background(), j)
		if len(problems) != 1 || rep.Retries > 0 {
			t.Fatalf("%s: %d problems, %d retries", at.to, len(problems), rep.Retries)
		}
		return problems[0]
	}
	says := func(p diag.Problem, text, hint string) {
		t.Helper()
		if !strings.Contains(p.Text, text) || !strings.Contains(p.Hint, hint) {
			t.Errorf("%q %q, want %q %q", p.Text, p.Hint, text, hint)
		}
		for _, secret := range []string{"testsecret", "othersecret", "bobsecret"} {
			if strings.Contains(p.Text+p.Hint+p.Path, secret) {
				t.Errorf("it tells the secret: %+v", p)
			}
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	os.WriteFile(file, nil, 0o644)
	says(deploy(place{to: file + "/www"}), "not a directory", "see to it that the folder can be written")
	says(deploy(place{to: "ftp://x/"}), "no place that stet can send to", "write a folder, s3://")
	at := aBucket(t)
	with := func(keys ...string) place {
		other := at
		other.env = map[string]string{}
		for i := 0; i+1 < len(keys); i += 2 {
			other.env[keys[i]] = keys[i+1]
		}
		return other
	}
	says(deploy(with()), "there is no key for s3://paper/www", "set AWS_ACCESS_KEY_ID")
	says(deploy(with("AWS_ACCESS_KEY_ID", "test", "AWS_SECRET_ACCESS_KEY", "othersecret")), "the key is not accepted", "AWS_SECRET_ACCESS_KEY")
	says(deploy(with("AWS_ACCESS_KEY_ID", "nobody", "AWS_SECRET_ACCESS_KEY", "othersecret")), "the key is not accepted", "AWS_SECRET_ACCESS_KEY")
	other := at
	other.to = strings.Replace(at.to, "s3://paper/", "s3://papers/", 1)
	says(deploy(other), "there is no bucket papers at 127.0.0.1", "make it")
	made := exec.Command(versitygw(t), "admin", "--access", "test", "--secret", "testsecret", "--endpoint-url", "http://"+endpoint(at), "create-user", "--access", "bob", "--secret", "bobsecret", "--role", "user")
	if out, err := made.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	says(deploy(with("AWS_ACCESS_KEY_ID", "bob", "AWS_SECRET_ACCESS_KEY", "bobsecret")), "the key has no right to that in the bucket paper", "s3:PutObject")
}

// Keys may stand in the usual file, by profile.
func TestCredentialsFile(t *testing.T) {
	at := aBucket(t)
	file := filepath.Join(t.TempDir(), "credentials")
	text := "[default]\naws_access_key_id = no\naws_secret_access_key = no\n[paper]\naws_access_key_id = test\naws_secret_access_key = testsecret\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	at.env = map[string]string{"AWS_SHARED_CREDENTIALS_FILE": file}
	at.to += "&profile=paper"
	at.send(t, newPaper(3).edition())
}

// A changed file of the edition is not sent as if it were the one that was built.
func TestNotAsBuilt(t *testing.T) {
	at := aFolder(t)
	e := newPaper(3).edition()
	e.Files[len(e.Files)-1].Sum[0]++
	_, problems := Send(context.Background(), at.job(t, e))
	if len(problems) != 1 || !strings.Contains(problems[0].Text, "it is not the file that was built") {
		t.Errorf("%v", problems)
	}
}

// What readers are told with a file is as it should be.
func TestHeaders(t *testing.T) {
	at := aBucket(t)
	p := newPaper(2)
	at.send(t, p.edition())
	d := at.open(t).(Describer)
	for name, want := range map[string]Header{
		"index.html":           {Type: "text/html; charset=utf-8", Cache: "public, max-age=60"},
		storyPath("story-000"): {Type: "text/html; charset=utf-8", Cache: "public, max-age=300"},
		storyPath(arabic):      {Type: "text/html; charset=utf-8", Cache: "public, max-age=300"},
		"feed.xml":             {Type: "application/rss+xml; charset=utf-8", Cache: "public, max-age=60"},
		"photo.jpg":            {Type: "image/jpeg", Cache: "public, max-age=3600"},
	} {
		if got, err := d.Describe(context.Background(), name); err != nil || got != want {
			t.Errorf("%s: %+v, want %+v, %v", name, got, want, err)
		}
	}
	for _, f := range p.edition().Files {
		if f.Kind != Asset {
			continue
		}
		if got, err := d.Describe(context.Background(), f.Path); err != nil || got.Cache != "public, max-age=31536000, immutable" || got.Type != "text/css; charset=utf-8" {
			t.Errorf("%s: %+v, %v", f.Path, got, err)
		}
	}
	r, err := at.open(t).Get(context.Background(), manifestPath)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, _ := io.ReadAll(r)
	if m, err := ParseManifest(data); err != nil || len(m.Stories) != 4 {
		t.Errorf("%v: %s", err, data)
	}
}

// Redirects may be objects that lead on, in the place of pages that do.
func TestRedirects(t *testing.T) {
	at := aBucket(t)
	p := newPaper(2)
	p.more["_redirects"] = "/old/ /news/story-000/ 301\n/gone/ /410.txt 410\n/a/* /b/:splat 301\n/%D8%AE/ https://other.example/ 302\n/was/ 410\n/p id=5 /news/ 301\n"
	p.more["old/index.html"] = "<meta http-equiv=refresh>"
	e := p.edition()
	e.Redirects("")
	for range 2 {
		rep, problems := Send(context.Background(), at.job(t, e))
		clear(t, problems)
		for name, to := range map[string]string{"old/index.html": "/news/story-000/", "خ/index.html": "https://other.example/"} {
			i := slices.IndexFunc(e.Files, func(f File) bool { return f.Path == name })
			if i < 0 || e.Files[i].Header.Redirect != to {
				t.Fatalf("%s does not lead to %s", name, to)
			}
			if text, ok := at.onDisk(name); !ok || text != "" {
				t.Errorf("%s is there: %v, and has %q", name, ok, text)
			}
		}
		if !rep.First && len(rep.Changes) > 0 {
			t.Errorf("again %d changes", len(rep.Changes))
		}
	}
	if n := len(e.Files); n != len(p.files())+1 {
		t.Errorf("%d files", n)
	}
}
