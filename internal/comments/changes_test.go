package comments

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stet/internal/threads"
)

// said are changes in a line: what is put below a story, what is gone, and
// tallies.
func said(c Changes) string {
	var b strings.Builder
	for _, t := range c.Threads {
		fmt.Fprintf(&b, "%s", t.Story)
		for _, put := range t.Put {
			fmt.Fprintf(&b, " +%s", put.ID)
		}
		for _, id := range t.Gone {
			fmt.Fprintf(&b, " -%s", id)
		}
		b.WriteString("; ")
	}
	for _, r := range c.Ratings {
		fmt.Fprintf(&b, "%s %d:%d; ", r.Story, r.Yes, r.No)
	}
	return b.String()
}

func TestChanges(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		s := open(t, where)
		var seq int64
		next := func(want string) {
			t.Helper()
			c, err := s.Changes(ctx, seq, 0)
			if err != nil || said(c) != want || c.More {
				t.Errorf("%q, %v, %v; want %q", said(c), c.More, err, want)
			}
			if (c.Seq > seq) != (want != "") {
				t.Errorf("from %d to %d: %q", seq, c.Seq, want)
			}
			seq = c.Seq
		}
		decide := func(id string, to State) {
			t.Helper()
			if _, err := s.Decide(ctx, "bo", id, to); err != nil {
				t.Fatal(err)
			}
		}
		next("")
		for n := range 4 {
			add(t, s, n, Comment{ID: fmt.Sprintf("c%d", n)})
		}
		next("")
		decide("c0", Spam) // which nobody has ever seen
		next("")
		decide("c2", Approved)
		decide("c1", Approved)
		s.Rate(ctx, "/fire/", true, Voter{Cookie: "ada"})
		next("/fire/ +c1 +c2; /fire/ 1:0; ")
		s.Rate(ctx, "/fire/", true, Voter{Cookie: "ada"}) // the same answer
		next("")
		s.Rate(ctx, "/fire/", false, Voter{Cookie: "ada"})
		decide("c1", Rejected)
		decide("c1", Spam)
		next("/fire/ -c1; /fire/ 0:1; ")
		decide("c1", Approved)
		s.Edit(ctx, "bo", "c2", "cut")
		s.Edit(ctx, "bo", "c3", "cut")
		next("/fire/ +c1 +c2; ")
		all, err := s.Changes(ctx, 0, 0)
		if said(all) != "/fire/ +c1 +c2; /fire/ 0:1; " && said(all) != "/fire/ +c2 +c1; /fire/ 0:1; " || all.Seq != seq {
			t.Errorf("%q, %v", said(all), err)
		}
		if again, err := s.Changes(ctx, seq+1000, 0); err != nil || cmp.Diff(all, again) != "" {
			t.Error("of an older database, in the place of another:", err, cmp.Diff(all, again))
		}
	})
}

// Who asks for a few at a time has heard of everything in the end, in JSON as
// pull reads it.
func TestChangesPages(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		s := open(t, where)
		want := map[string]bool{}
		for n := range 10 {
			story := fmt.Sprintf("/%d/", n%3)
			add(t, s, n, Comment{ID: fmt.Sprintf("c%d", n), Story: story, State: Approved})
			s.Rate(ctx, story, true, Voter{Cookie: "ada"})
			want[fmt.Sprintf("c%d", n)], want[story] = true, true
		}
		got := map[string]bool{}
		for seq, more := int64(0), true; more; {
			c, err := s.Changes(ctx, seq, 3)
			if err != nil || c.Seq <= seq {
				t.Fatal(c, err)
			}
			data, err := json.Marshal(c)
			if err != nil {
				t.Fatal(string(data), err)
			}
			var back Changes
			if err := json.Unmarshal(data, &back); err != nil || cmp.Diff(c, back) != "" {
				t.Error(string(data), err)
			}
			for _, thread := range back.Threads {
				for _, c := range thread.Put {
					got[c.ID] = true
				}
			}
			for _, r := range back.Ratings {
				if r.Tally != (threads.Tally{Yes: 1}) {
					t.Error(r)
				}
				got[r.Story] = true
			}
			seq, more = c.Seq, c.More
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// A transaction that began before another and ends after it is not skipped.
// SQLite has one transaction at a time.
func TestChangesLate(t *testing.T) {
	s := open(t, postgres(t).database(t))
	add(t, s, 1, Comment{ID: "late"})
	add(t, s, 2, Comment{ID: "soon"})
	begun, end := make(chan bool), make(chan bool)
	var wg sync.WaitGroup
	wg.Go(func() {
		err := s.write(ctx, func(t tx) error {
			_, err := t.exec("UPDATE comments SET state = 'approved', shown = 1, seq = -1 WHERE id = 'late'")
			begun <- true
			<-end
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-begun
	if _, err := s.Decide(ctx, "bo", "soon", Approved); err != nil {
		t.Fatal(err)
	}
	first, err := s.Changes(ctx, 0, 0)
	if err != nil || said(first) != "/fire/ +soon; " {
		t.Error(said(first), err)
	}
	end <- true
	wg.Wait()
	second, err := s.Changes(ctx, first.Seq, 0)
	if err != nil || said(second) != "/fire/ +late; " {
		t.Error(said(second), err)
	}
}
