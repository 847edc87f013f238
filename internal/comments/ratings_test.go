package comments

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"stet/internal/threads"
)

// A voter has one answer, as far as a cookie and the address of a day tell.
func TestRate(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		s := open(t, where)
		for i, step := range []struct {
			yes     bool
			v       Voter
			counted bool
			tally   threads.Tally
		}{
			{true, Voter{Address: "home"}, true, threads.Tally{Yes: 1}},
			{true, Voter{Address: "home"}, false, threads.Tally{Yes: 1}},
			{false, Voter{Cookie: "ada", Address: "home"}, false, threads.Tally{No: 1}}, // who had no cookie has one now
			{true, Voter{Cookie: "bo", Address: "home"}, true, threads.Tally{Yes: 1, No: 1}},
			{true, Voter{Cookie: "ada", Address: "train"}, false, threads.Tally{Yes: 2}},
			{false, Voter{Address: "train"}, false, threads.Tally{Yes: 1, No: 1}}, // cookies refused
			{false, Voter{Cookie: "ada"}, false, threads.Tally{Yes: 1, No: 1}},
			{true, Voter{Cookie: "eve"}, true, threads.Tally{Yes: 2, No: 1}},
			{true, Voter{Address: "café"}, true, threads.Tally{Yes: 3, No: 1}},
			{true, Voter{Cookie: "eve", Address: "café"}, false, threads.Tally{Yes: 3, No: 1}},
		} {
			counted, err := s.Rate(ctx, "/fire/", step.yes, step.v)
			if err != nil || counted != step.counted {
				t.Errorf("step %d: counted is %v, %v", i, counted, err)
			}
			if tally, err := s.Tally(ctx, "/fire/"); err != nil || tally != step.tally {
				t.Errorf("step %d: %+v, %v; want %+v", i, tally, err, step.tally)
			}
		}
		if tally, err := s.Tally(ctx, "/flood/"); err != nil || tally != (threads.Tally{}) {
			t.Error(tally, err)
		}
		for _, err := range []error{second(s.Rate(ctx, "/fire/", true, Voter{})), second(s.Rate(ctx, "", true, Voter{Cookie: "ada"}))} {
			if err == nil {
				t.Error("nobody answers, or nothing")
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

// Answers that meet, in two instances, are counted right.
func TestRateTogether(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		stores := []*Store{open(t, where), open(t, where)}
		var wg sync.WaitGroup
		for n := range 400 { // 50 voters answer 8 times each, 25 on each story
			wg.Go(func() {
				story := fmt.Sprintf("/%d/", n%2)
				if _, err := stores[n/2%2].Rate(ctx, story, n%3 == 0, Voter{Cookie: fmt.Sprint(n % 50)}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, story := range []string{"/0/", "/1/"} {
			tally, err := stores[0].Tally(ctx, story)
			if err != nil || tally.Yes+tally.No != 25 || tally.Yes < 0 || tally.No < 0 {
				t.Error(tally, err)
			}
			var yes int
			if err := stores[0].read(ctx).get([]any{&yes}, "SELECT COUNT(*) FROM votes WHERE story = $1 AND yes = 1", story); err != nil || yes != tally.Yes {
				t.Errorf("%+v of %d, %v", tally, yes, err)
			}
		}
	})
}

func TestAllow(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		s := open(t, where)
		for i, step := range []struct {
			after time.Duration
			ok    bool
			wait  time.Duration
		}{
			{0, true, 0}, {0, true, 0}, {0, true, 0}, // a burst
			{0, false, 20 * time.Second},
			{5 * time.Second, false, 15 * time.Second},
			{20 * time.Second, true, 0},
			{20 * time.Second, false, 20 * time.Second},
			{60 * time.Second, true, 0}, {60 * time.Second, true, 0}, {60 * time.Second, false, 20 * time.Second},
			{time.Hour, true, 0}, {time.Hour, true, 0}, {time.Hour, true, 0}, {time.Hour, false, 20 * time.Second},
			{30 * time.Minute, false, 30*time.Minute + 20*time.Second}, // a clock that is late
		} {
			ok, wait, err := s.Allow(ctx, "192.0.2.0/24", 3, time.Minute, noon.Add(step.after))
			if err != nil || ok != step.ok || wait != step.wait {
				t.Errorf("step %d: %v, %v, %v; want %v, %v", i, ok, wait, err, step.ok, step.wait)
			}
		}
		if ok, _, err := s.Allow(ctx, "192.0.3.0/24", 3, time.Minute, noon); !ok || err != nil {
			t.Error("another waits too", err)
		}
		if ok, wait, err := s.Allow(ctx, "never", 0, time.Minute, noon); ok || wait != time.Minute || err != nil {
			t.Error(ok, wait, err)
		}
		var n int
		if err := s.read(ctx).get([]any{&n}, "SELECT COUNT(*) FROM buckets WHERE name LIKE '192%'"); err != nil || n != 0 {
			t.Error("addresses are there in the clear", n, err)
		}
	})
}

// All instances together let through as often as is allowed, and buckets that
// are empty again are erased.
func TestAllowTogether(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		stores := []*Store{open(t, where), open(t, where)}
		var wg sync.WaitGroup
		var mutex sync.Mutex
		let := 0
		for n := range 100 {
			wg.Go(func() {
				ok, wait, err := stores[n%2].Allow(ctx, "one", 30, time.Hour, noon)
				if err != nil || ok == (wait > 0) {
					t.Error(ok, wait, err)
				}
				mutex.Lock()
				defer mutex.Unlock()
				if ok {
					let++
				}
			})
		}
		wg.Wait()
		if let != 30 {
			t.Errorf("%d were let through", let)
		}
		for n := range 5 * sweep {
			if _, _, err := stores[0].Allow(ctx, fmt.Sprint(n), 1, time.Minute, noon.Add(time.Duration(n)*time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		var n int
		if err := stores[0].read(ctx).get([]any{&n}, "SELECT COUNT(*) FROM buckets"); err != nil || n > sweep+2 {
			t.Errorf("%d buckets, %v", n, err)
		}
	})
}
