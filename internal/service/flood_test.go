package service

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Of 10,000 comments from one address a few are stored; the rest are refused without
// a word to the disk, whatever is varied, and others are served as before.
func TestFlood(t *testing.T) {
	b := newBench(t)
	b.stop()
	form := b.with(wrote(fire, "Ada", "Flood"))
	forms := make([]string, 200) // each with a token of its own, or they would be one comment
	for i := range forms {
		token := b.newToken("form", fire)
		form.Set("token", token)
		form.Set("key", b.key(token))
		form.Set("text", fmt.Sprint("Flood ", i))
		forms[i] = form.Encode()
	}
	b.wait(young)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	client := &http.Client{CheckRedirect: plainReader.CheckRedirect, Transport: &http.Transport{MaxIdleConnsPerHost: 20}}
	var took, refused atomic.Int64
	var all sync.WaitGroup
	for w := range 20 {
		all.Go(func() {
			for i := range 500 {
				r, _ := http.NewRequest(http.MethodPost, b.url+"/comment", strings.NewReader(forms[(w*500+i)%len(forms)]))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.Header.Set("Origin", news1)
				r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.0.%d.%d, 192.0.2.1", w, i%250)) // what he says of himself
				got, err := client.Do(r)
				if err != nil {
					t.Error(err)
					return
				}
				io.Copy(io.Discard, got.Body)
				got.Body.Close()
				switch {
				case got.StatusCode == 303:
					took.Add(1)
				case got.StatusCode == 429 && got.Header.Get("Retry-After") != "":
					refused.Add(1)
				default:
					t.Errorf("answered %d", got.StatusCode)
				}
			}
		})
	}
	all.Wait()
	runtime.GC()
	runtime.ReadMemStats(&after)
	if most := int64(usualComments.Address.Most + 3); took.Load() == 0 || len(b.stored()) > int(most) || took.Load()+refused.Load() != 10_000 {
		t.Errorf("%d are taken, %d refused, %d stored", took.Load(), refused.Load(), len(b.stored()))
	}
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 16<<20 {
		t.Errorf("the service has grown by %d KB", grown>>10)
	}
	b.is(b.send(plainReader, "/comment", b.with(wrote(fire, "Bert", "From elsewhere")), "X-Forwarded-For", "198.51.100.4"), 303)
	got := b.send(plainReader, "/comment", b.with(wrote(fire, "Ada", "Still there")), "X-Forwarded-For", "192.0.2.1", "Accept-Language", "de")
	b.is(got, 429, "Try again in 1 minute", "Still there", `name="token"`)
	b.wait(2 * time.Minute)
	b.is(b.send(plainReader, "/comment", b.carry(wrote(fire, "Ada", "Still there"), got), "X-Forwarded-For", "192.0.2.1"), 303)
}

// A network, and a story, have their own limits, and so have ratings.
func TestLimits(t *testing.T) {
	b := newBench(t, func(o *Options) {
		o.Comments = Limits{Limit{2, time.Hour}, Limit{4, time.Hour}, Limit{6, time.Hour}}
		o.Ratings = Limits{Limit{1, time.Hour}, Limit{2, time.Hour}, Limit{3, time.Hour}}
	})
	send := func(path, from string) int {
		form := b.with(wrote(fire, "Ada", from+fmt.Sprint(b.late.Load())))
		form.Set("answer", "yes")
		return b.send(plainReader, path, form, "X-Forwarded-For", from).StatusCode
	}
	for _, try := range []struct {
		path, from string
		want       int
	}{
		{"/comment", "192.0.2.1", 303}, {"/comment", "192.0.2.1", 303}, {"/comment", "192.0.2.1", 429},
		{"/comment", "192.0.2.2", 303}, {"/comment", "192.0.2.3", 303}, {"/comment", "192.0.2.4", 429}, // the network
		{"/comment", "2001:db8:1:1::1", 303}, {"/comment", "2001:db8:1:1:2::", 303}, {"/comment", "2001:db8:9:9::", 429}, // the story
		{"/rating", "192.0.2.1", 303}, {"/rating", "192.0.2.1", 429}, {"/rating", "192.0.2.2", 303}, {"/rating", "192.0.2.3", 429},
		{"/rating", "2001:db8:1:1::1", 303}, {"/rating", "2001:db8:1:1::2", 429}, {"/rating", "2001:db8:7::2", 429},
	} {
		if got := send(try.path, try.from); got != try.want {
			t.Errorf("%s from %s is answered %d, not %d", try.path, try.from, got, try.want)
		}
	}
}

// A proxy that nobody has named is told of, once.
func TestUntrustedProxy(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Proxies = nil })
	for range 3 {
		b.is(b.send(plainReader, "/comment", b.with(wrote(fire, "Ada", "Good morning")), "X-Forwarded-For", "192.0.2.1"), 303)
	}
	all := strings.Join(b.log, "\n")
	if strings.Count(all, "--trusted-proxy 127.0.0.1") != 1 {
		t.Errorf("the log says %s", all)
	}
	b.silent("192.0.2.1")
}

// What is remembered of a flood is bounded.
func TestRemembered(t *testing.T) {
	var f full
	for i := range 2 * remembered {
		f.set(fmt.Sprint(i), time.Unix(100, 0))
	}
	if len(f.until) > remembered {
		t.Errorf("%d are remembered", len(f.until))
	}
	if last := f.wait(fmt.Sprint(2*remembered-1), time.Unix(40, 0)); last != time.Minute {
		t.Errorf("the last one waits %s", last)
	}
}

// Who sends his headers or his form letter by letter is cut off, and keeps nobody
// waiting.
func TestSlow(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := Server(b.Service)
	server.ReadHeaderTimeout, server.ReadTimeout = time.Second, 2*time.Second // or the test would take as long
	ended := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { ended <- Listen(ctx, l, server) }()
	at := l.Addr().String()
	var all sync.WaitGroup
	for i := range 300 {
		all.Go(func() {
			c, err := net.Dial("tcp", at)
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			text := "POST /comment HTTP/1.1\r\nHost: x\r\nX-Slow: "
			if i%2 == 0 {
				text = "POST /comment HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\nstory="
			}
			io.WriteString(c, text)
			for began := time.Now(); time.Since(began) < 20*time.Second; time.Sleep(100 * time.Millisecond) {
				c.SetReadDeadline(time.Now().Add(time.Millisecond))
				if _, err := c.Read(make([]byte, 1)); err == io.EOF || err == nil || strings.Contains(err.Error(), "reset") {
					return
				}
				io.WriteString(c, "a")
			}
			t.Error("somebody slow is still there")
		})
	}
	for range 20 {
		began := time.Now()
		got, err := http.Get("http://" + at + "/health")
		if err != nil || got.StatusCode != 200 || time.Since(began) > 2*time.Second {
			t.Errorf("others wait for %s: %v", time.Since(began), err)
		}
		got.Body.Close()
		time.Sleep(20 * time.Millisecond)
	}
	all.Wait()
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
	big, err := http.NewRequest(http.MethodGet, b.url+"/health", nil)
	if err == nil {
		big.Header.Set("X-Big", strings.Repeat("x", 2<<20))
		if got, err := plainReader.Do(big); err == nil && got.StatusCode == 200 {
			t.Error("headers of 2 MB are read")
		}
	}
}

// FuzzForm: whatever a form has in it, the answer is one that is meant, and what is
// stored can be shown.
func FuzzForm(f *testing.F) {
	f.Add("Ada", "ada@example.org", "Good morning", "", "en", "")
	f.Add("The Pellmouth Lantern", "a@b", "\x00\xff\u202e", "x", "ar", "http://x")
	f.Add("\u3164", "\"a b\"@example.org", strings.Repeat("🔥\r\n", 400), "../..", "", "")
	b := newBench(f, func(o *Options) {
		o.Comments = Limits{Limit{1 << 30, time.Second}, Limit{1 << 30, time.Second}, Limit{1 << 30, time.Second}}
		o.Log = nil
	})
	f.Fuzz(func(t *testing.T, name, email, text, parent, lang, website string) {
		b.TB = t
		form := url.Values{"story": {fire}, "name": {name}, "email": {email}, "text": {text}, "parent": {parent}, "lang": {lang}, "website": {website}}
		for range 2 {
			got := b.send(plainReader, "/comment", form)
			switch got.StatusCode {
			case 200, 422, 413, 303:
			default:
				t.Fatalf("answered %d: %s", got.StatusCode, got.text)
			}
			if got.StatusCode != 200 {
				return
			}
			b.carry(form, got)
			b.wait(young)
		}
	})
}
