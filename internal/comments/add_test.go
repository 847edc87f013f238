package comments

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stet/internal/threads"
)

var (
	ctx  = context.Background()
	noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
)

// add stores a comment of a minute after noon.
func add(t testing.TB, s *Store, minute int, c Comment) Comment {
	t.Helper()
	c.Sent = noon.Add(time.Duration(minute) * time.Minute)
	if c.Story == "" {
		c.Story = "/fire/"
	}
	if c.Name == "" {
		c.Name = "Ada"
	}
	if c.Text == "" {
		c.Text = fmt.Sprintf("comment %d", minute)
	}
	c, isNew, err := s.Add(ctx, c, "")
	if err != nil || !isNew {
		t.Fatal(isNew, err)
	}
	return c
}

// What was sent is stored as it was sent, whatever is in it.
func TestAdd(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		s := open(t, where)
		hostile := "'; DROP TABLE comments; -- $1 ? %s \\ \" <script>alert(1)</script> \u202e\u2066 \u200b 😀 حريق"
		sent := Comment{Story: "/fire/" + hostile, Parent: "c1", Lang: "ar", Name: hostile, Email: hostile, Text: "one\r\ntwo\rthree\n" + hostile, State: Waiting,
			Sent: noon.Add(123 * time.Millisecond), Flags: "links,word " + hostile, Source: hostile}
		got, isNew, err := s.Add(ctx, sent, hostile)
		if err != nil || !isNew {
			t.Fatal(isNew, err)
		}
		if !threads.Good(got.ID) || len(got.ID) > 12 {
			t.Errorf("the ID is %q", got.ID)
		}
		want := sent
		want.ID, want.Text = got.ID, "one\ntwo\nthree\n"+hostile
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if got, err := s.Comment(ctx, got.ID); err != nil || cmp.Diff(want, got) != "" {
			t.Error(err, cmp.Diff(want, got))
		}
		again, isNew, err := s.Add(ctx, Comment{Story: "/other/", Name: "Bo", Text: "another"}, hostile)
		if err != nil || isNew || cmp.Diff(want, again) != "" {
			t.Error(isNew, err, cmp.Diff(want, again))
		}
		broken, _, err := s.Add(ctx, Comment{Story: "/fire/", Name: "A\x00\xff", Text: "b\x00\xff"}, "\x00")
		if err != nil || broken.Name != "A\ufffd\ufffd" || broken.Text != "b\ufffd\ufffd" || broken.Sent.IsZero() {
			t.Errorf("%+v, %v", broken, err)
		}
		if _, err := s.Comment(ctx, "none\x00"); err != ErrNone {
			t.Error(err)
		}
	})
}

// What threads could not write, or is too long, is not stored.
func TestAddRefuses(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		s := open(t, where)
		good := Comment{Story: "/fire/", Name: "Ada", Text: strings.Repeat("😀", 749) + "\r\n\r\n"}
		if _, _, err := s.Add(ctx, good, ""); err != nil {
			t.Error(err)
		}
		for what, spoil := range map[string]func(*Comment){
			"1501":      func(c *Comment) { c.Text += "a" },
			"no story":  func(c *Comment) { c.Story = "" },
			"no name":   func(c *Comment) { c.Name = " \t" },
			"no text":   func(c *Comment) { c.Text = "\r\n" },
			"a bad ID":  func(c *Comment) { c.ID = "a b" },
			"of parent": func(c *Comment) { c.Parent = "<" },
			"itself":    func(c *Comment) { c.ID, c.Parent = "c1", "c1" },
			"no state":  func(c *Comment) { c.State = "great" },
		} {
			c := good
			spoil(&c)
			if _, _, err := s.Add(ctx, c, ""); err == nil || errors.Is(err, ErrLong) != (what == "1501") {
				t.Errorf("%s: %v", what, err)
			}
		}
		good.ID = "c1"
		if _, isNew, err := s.Add(ctx, good, ""); err != nil || !isNew {
			t.Error(isNew, err)
		}
		if _, _, err := s.Add(ctx, good, ""); !errors.Is(err, ErrTaken) {
			t.Error(err)
		}
		if n, err := s.Count(ctx, Query{}); n != 2 || err != nil {
			t.Error(n, err)
		}
	})
}

// The same key from two instances at once is stored once, and both are told the
// same.
func TestAddOnce(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		stores := []*Store{open(t, where), open(t, where)}
		var wg sync.WaitGroup
		var mutex sync.Mutex
		news, ids := map[string]int{}, map[string]map[string]bool{}
		for n := range 200 {
			wg.Go(func() {
				key := fmt.Sprint(n % 20)
				c, isNew, err := stores[n%2].Add(ctx, Comment{Story: "/fire/", Name: "Ada", Text: key}, key)
				mutex.Lock()
				defer mutex.Unlock()
				if err != nil {
					t.Error(err)
				}
				if isNew {
					news[key]++
				}
				if ids[key] == nil {
					ids[key] = map[string]bool{}
				}
				ids[key][c.ID] = true
			})
		}
		wg.Wait()
		for key, all := range ids {
			if news[key] != 1 || len(all) != 1 {
				t.Errorf("%s is new %d times, as %v", key, news[key], all)
			}
		}
		if n, err := stores[0].Count(ctx, Query{}); n != 20 || err != nil {
			t.Error(n, err)
		}
	})
}

func TestImport(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		s := open(t, where)
		all := []threads.Comment{
			{ID: "d1", Time: noon, Name: "Ada", Text: strings.Repeat("long ", 1000)},
			{ID: "d2", Time: noon.Add(time.Minute), Name: "ليلى", Text: "نعم", Parent: "d1"},
		}
		for _, want := range []int{2, 0} {
			if n, err := s.Import(ctx, "/fire/", all); n != want || err != nil {
				t.Errorf("%d, %v; want %d", n, err, want)
			}
		}
		changes, err := s.Changes(ctx, 0, 0)
		if want := []Thread{{Story: "/fire/", Put: all}}; err != nil || cmp.Diff(want, changes.Threads) != "" {
			t.Error(err, cmp.Diff(want, changes.Threads))
		}
		if n, err := s.Import(ctx, "/flood/", append([]threads.Comment{{ID: "d3", Time: noon, Name: "Bo", Text: "new"}}, all...)); n != 0 || !errors.Is(err, ErrTaken) {
			t.Error(n, err)
		}
		if _, err := s.Comment(ctx, "d3"); err != ErrNone {
			t.Errorf("half of it is there: %v", err)
		}
		if _, err := s.Import(ctx, "/fire/", []threads.Comment{{ID: "d4", Time: noon, Name: "Bo"}}); err == nil {
			t.Error("a comment without text is taken")
		}
	})
}

// With the address a person can be forgotten, and what is forgotten or taken out
// is named when it is imported again.
func TestBring(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		s := open(t, where)
		all := []Comment{
			{ID: "d1", Name: "Ada", Email: "ada@mail.example", Text: "one", Sent: noon},
			{ID: "d2", Name: "Bo", Email: "bo@mail.example", Text: "two", Sent: noon.Add(time.Minute), State: Spam, Story: "/other/"},
			{ID: "d3", Name: "Cy", Text: "three", Sent: noon.Add(time.Minute)},
		}
		if n, gone, err := s.Bring(ctx, "/fire/", all); n != 3 || gone != nil || err != nil {
			t.Error(n, gone, err)
		}
		if c, err := s.Comment(ctx, "d2"); err != nil || c.State != Approved || c.Story != "/fire/" || c.Email != "bo@mail.example" {
			t.Error(c, err)
		}
		if list, err := s.Forget(ctx, "desk", "Ada@mail.example"); err != nil || len(list) != 1 {
			t.Error(list, err)
		}
		if _, err := s.Decide(ctx, "desk", "d2", Rejected); err != nil {
			t.Error(err)
		}
		if n, gone, err := s.Bring(ctx, "/fire/", all); n != 0 || cmp.Diff([]string{"d1", "d2"}, gone) != "" || err != nil {
			t.Error(n, gone, err)
		}
	})
}
