package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestCommentsLoad measures what docs/comments.md says of one machine: 5,000 comments
// and 5,000 ratings from 50 readers at a time, through HTTP. STET_LOAD names the store:
// a file, or postgres://….
func TestCommentsLoad(t *testing.T) {
	where := os.Getenv("STET_LOAD")
	if where == "" {
		t.Skip("STET_LOAD is not set")
	}
	http.DefaultTransport.(*http.Transport).MaxIdleConnsPerHost = 50
	s := emptyShell(t, 1)
	d := newStand(s, "--db", where)
	forms := make([]url.Values, 5000)
	began := time.Now()
	spread(50, len(forms), func(n int) { forms[n] = d.form(n) })
	t.Logf("%d tokens: %.0f a second", len(forms), float64(len(forms))/time.Since(began).Seconds())
	time.Sleep(3 * time.Second)
	for _, path := range []string{"/comment", "/rating"} {
		took := make([]time.Duration, len(forms))
		var wrong atomic.Int64
		began := time.Now()
		spread(50, len(forms), func(n int) {
			at := time.Now()
			if status, _, err := d.post(path, from(n), forms[n]); err != nil || status != 200 {
				wrong.Add(1)
			}
			took[n] = time.Since(at)
		})
		whole := time.Since(began)
		slices.Sort(took)
		fmt.Printf("%s: %.0f a second, median %s, p99 %s, most %s\n", path, float64(len(forms))/whole.Seconds(), took[len(took)/2], took[len(took)*99/100], took[len(took)-1])
		if wrong.Load() > 0 {
			t.Errorf("%s: %d were refused", path, wrong.Load())
		}
	}
}

// spread does something for each of n numbers, several at a time.
func spread(at, n int, do func(n int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range at {
		all.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				do(i)
			}
		})
	}
	all.Wait()
}
