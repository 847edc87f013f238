package comments

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A secret is one, whoever asks for it first.
func TestSecret(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		var stores []*Store
		for range 4 {
			stores = append(stores, open(t, where))
		}
		got := make([][]byte, 40)
		var wg sync.WaitGroup
		for n := range got {
			wg.Go(func() {
				var err error
				if got[n], err = stores[n%4].Secret(ctx, "token"); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, secret := range got {
			if len(secret) != 32 || !bytes.Equal(secret, got[0]) {
				t.Errorf("%x and %x", got[0], secret)
			}
		}
		if other, err := stores[0].Secret(ctx, "other"); err != nil || bytes.Equal(other, got[0]) {
			t.Error("two secrets are one", err)
		}
	})
}

// The key of a day is one, and erased when it is older than two days.
func TestDayKey(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		a, b := open(t, where), open(t, where)
		of := map[string]int{}
		for n := range 5 {
			at := noon.AddDate(0, 0, n)
			one, err := a.DayKey(ctx, at.In(time.FixedZone("", 9*3600)))
			if err != nil || len(one) != 32 {
				t.Fatal(err)
			}
			two, err := b.DayKey(ctx, at.Add(11*time.Hour))
			if err != nil || !bytes.Equal(one, two) {
				t.Errorf("%x and %x, %v", one, two, err)
			}
			of[string(one)]++
		}
		if len(of) != 5 {
			t.Errorf("%d keys for 5 days", len(of))
		}
		names, err := all(a.read(ctx), func(row scanner) (name string, err error) { return name, row.Scan(&name) }, "SELECT name FROM secrets ORDER BY name")
		if want := []string{"day 2026-11-25", "day 2026-11-26", "day 2026-11-27"}; err != nil || cmp.Diff(want, names) != "" {
			t.Error(names, err)
		}
	})
}

func TestStories(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		s := open(t, where)
		var list []Story
		for n := range 3*batch + 1 {
			list = append(list, Story{fmt.Sprintf("/%d/", n), fmt.Sprintf("/news/%d/", n), "Fire " + fmt.Sprint(n), "en", true, n%2 == 0})
		}
		list = append(list, list[0])
		for range 2 {
			if err := s.SetStories(ctx, list); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := s.Story(ctx, "/600/"); err != nil || got != list[600] {
			t.Error(got, err)
		}
		if _, err := s.Story(ctx, "/none/"); err != ErrNone {
			t.Error(err)
		}
		list[1].Title = "Flood"
		if err := s.SetStories(ctx, list[1:3]); err != nil {
			t.Fatal(err)
		}
		gone := list[0]
		gone.Open, gone.Rating = false, false
		want := map[string]Story{"/0/": gone, "/1/": list[1], "/2/": list[2]}
		if got, err := s.Stories(ctx, "/0/", "/1/", "/2/", "/none/"); err != nil || cmp.Diff(want, got) != "" {
			t.Error(err, cmp.Diff(want, got))
		}
	})
}
