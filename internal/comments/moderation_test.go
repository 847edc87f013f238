package comments

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Of those who decide at once, about what they all saw waiting, one does.
func TestDecideSeen(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		stores := []*Store{open(t, where), open(t, where)}
		add(t, stores[0], 1, Comment{ID: "c1"})
		var done atomic.Int64
		var wg sync.WaitGroup
		for n := range 20 {
			wg.Go(func() {
				c, did, err := stores[n%2].DecideSeen(ctx, "bo", "c1", Waiting, decisions[1+n%3])
				if err != nil || c.State == Waiting {
					t.Error(c.State, err)
				}
				if did {
					done.Add(1)
				}
			})
		}
		wg.Wait()
		if log := acts(t, stores[0]); done.Load() != 1 || len(log) != 1 {
			t.Errorf("%d decided: %q", done.Load(), log)
		}
		if _, _, err := stores[0].DecideSeen(ctx, "bo", "none", Waiting, Spam); err != ErrNone {
			t.Error(err)
		}
		if _, _, err := stores[0].DecideSeen(ctx, "bo", "c1", Approved, Forgotten); err == nil {
			t.Error("the desk makes somebody forgotten")
		}
	})
}

func TestRecords(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		s := open(t, where)
		add(t, s, 1, Comment{Email: "Ada@example.com"})
		add(t, s, 2, Comment{Email: "ada@example.com ", State: Spam})
		add(t, s, 3, Comment{Email: "ada@example.com", State: Spam})
		add(t, s, 4, Comment{Email: "bo@example.com"})
		add(t, s, 5, Comment{})
		got, err := s.Records(ctx, "ADA@example.com", "ada@example.com", "eve@example.com", "")
		ada := map[State]int{Waiting: 1, Spam: 2}
		want := map[string]map[State]int{"ADA@example.com": ada, "ada@example.com": ada, "eve@example.com": {}}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Error(err, diff)
		}
	})
}

func TestFeedKey(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		s := open(t, where)
		if err := s.SetFeedKey(ctx, "bo", "k0"); err != ErrNone {
			t.Error(err)
		}
		if err := s.SaveAccount(ctx, "shell", Account{Name: "bo", Role: Editor}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.FeedKey(ctx, "bo"); err != ErrNone {
			t.Error(err)
		}
		for _, key := range []string{"k1", "k2"} {
			if err := s.SetFeedKey(ctx, "bo", key); err != nil {
				t.Error(err)
			}
		}
		if key, err := s.FeedKey(ctx, "bo"); key != "k2" || err != nil {
			t.Error(key, err)
		}
		for key, want := range map[string]string{"k1": "", "k2": "bo", "": ""} {
			if a, err := s.FeedAccount(ctx, key); a.Name != want || (err == ErrNone) != (want == "") {
				t.Errorf("%s is of %q, %v", key, a.Name, err)
			}
		}
		if err := s.RemoveAccount(ctx, "shell", "bo"); err != nil {
			t.Error(err)
		}
		if _, err := s.FeedAccount(ctx, "k2"); err != ErrNone {
			t.Error(err)
		}
	})
}
