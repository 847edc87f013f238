package comments

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// acts are the entries of the audit log, the oldest first, as words.
func acts(t *testing.T, s *Store) (all []string) {
	t.Helper()
	list, err := s.Acts(ctx, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range list {
		if a.At.IsZero() || a.N == 0 {
			t.Errorf("%+v", a)
		}
		all = append(all, strings.TrimSpace(strings.Join([]string{a.Who, a.What, a.Comment, a.Story, a.Detail}, " ")))
	}
	slices.Reverse(all)
	return all
}

func TestDesk(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		s := open(t, where)
		s.Now = func() time.Time { return noon }
		add(t, s, 1, Comment{ID: "c1", Lang: "en", Text: "It burnt, and it burnt, and it burnt."})
		if _, err := s.Reply(ctx, "bo", "c1", "The Lantern", "Thank you"); err != ErrNotApproved {
			t.Error(err)
		}
		for range 2 {
			c, err := s.Decide(ctx, "bo", "c1", Approved)
			if err != nil || c.State != Approved || c.By != "bo" || !c.Decided.Equal(noon) {
				t.Errorf("%+v, %v", c, err)
			}
		}
		var reply Comment
		for range 2 {
			c, err := s.Reply(ctx, "bo", "c1", "The Lantern", "Thank\r\nyou ")
			if reply.ID != "" && c.ID != reply.ID {
				t.Errorf("%s replies again: %s", reply.ID, c.ID)
			}
			reply = c
			want := Comment{ID: c.ID, Story: "/fire/", Parent: "c1", Lang: "en", Name: "The Lantern", Text: "Thank\nyou", State: Approved, Sent: noon, Decided: noon, By: "bo", Paper: true}
			if diff := cmp.Diff(want, c); err != nil || diff != "" {
				t.Error(err, diff)
			}
		}
		if _, err := s.Decide(ctx, "bo", "c1", Forgotten); err == nil {
			t.Error("the desk makes somebody forgotten")
		}
		for _, what := range []func() error{
			func() error { _, err := s.Decide(ctx, "bo", "none", Spam); return err },
			func() error { _, err := s.Edit(ctx, "bo", "none", "text"); return err },
			func() error { _, err := s.Reply(ctx, "bo", "none", "name", "text"); return err },
			func() error { return s.RemoveAccount(ctx, "bo", "none") },
		} {
			if err := what(); err != ErrNone {
				t.Error(err)
			}
		}
		s.CloseThread(ctx, "bo", "/fire/", true)
		s.CloseThread(ctx, "bo", "/fire/", true)
		if closed, err := s.Closed(ctx, "/fire/"); !closed || err != nil {
			t.Error(closed, err)
		}
		s.CloseThread(ctx, "bo", "/fire/", false)
		if closed, err := s.Closed(ctx, "/fire/"); closed || err != nil {
			t.Error(closed, err)
		}
		if words, err := s.Words(ctx); len(words) != 0 || err != nil {
			t.Error(words, err)
		}
		for range 2 {
			if err := s.SetWords(ctx, "bo", []string{"zebra ", "", "a\nb", "zebra"}); err != nil {
				t.Error(err)
			}
		}
		if words, err := s.Words(ctx); !slices.Equal(words, []string{"a b", "zebra"}) || err != nil {
			t.Error(words, err)
		}
		want := []string{"bo approved c1 /fire/", "bo replied " + reply.ID + " /fire/ to c1", "bo closed  /fire/", "bo opened  /fire/", "bo words   2"}
		if diff := cmp.Diff(want, acts(t, s)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestEdit(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		s := open(t, where)
		add(t, s, 1, Comment{ID: "c1", Text: "It burnt, and it burnt."})
		edit := func(id, text, want, original string) {
			t.Helper()
			c, err := s.Edit(ctx, "bo", id, text)
			if err != nil || c.Text != want || c.Original != original {
				t.Errorf("%q of %q, %v; want %q of %q", c.Text, c.Original, err, want, original)
			}
		}
		edit("c1", "It burnt, and it burnt.\r\n", "It burnt, and it burnt.", "")
		edit("c1", "It burnt.", "It burnt. […]", "It burnt, and it burnt.")
		edit("c1", "It […] burnt.", "It […] burnt.", "It burnt, and it burnt.")
		edit("c1", "It burnt, and it burnt.", "It burnt, and it burnt.", "")
		if n, err := s.Count(ctx, Query{Text: "[…]"}); n != 0 || err != nil {
			t.Error(n, err)
		}
		add(t, s, 2, Comment{ID: "c2", Text: "Ours", Paper: true})
		edit("c2", "Our own", "Our own", "Ours")
		if _, err := s.Edit(ctx, "bo", "c1", strings.Repeat("a", 1501)); err != ErrLong {
			t.Error(err)
		}
		if _, err := s.Edit(ctx, "bo", "c1", " "); err == nil {
			t.Error("a comment loses its text")
		}
		want := []string{"bo edited c1 /fire/ 23 → 13", "bo edited c1 /fire/ 13 → 13", "bo edited c1 /fire/ 13 → 23", "bo edited c2 /fire/ 4 → 7"}
		if diff := cmp.Diff(want, acts(t, s)); diff != "" {
			t.Error(diff)
		}
	})
}

// The audit log loses nothing and numbers without gaps, whoever decides at once.
func TestActs(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		stores := []*Store{open(t, where), open(t, where)}
		for n := range 10 {
			add(t, stores[0], n, Comment{ID: fmt.Sprintf("c%d", n)})
		}
		var wg sync.WaitGroup
		for n := range 40 {
			wg.Go(func() {
				if _, err := stores[n%2].Decide(ctx, "bo", fmt.Sprintf("c%d", n/4), decisions[n%4]); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		var all []Act
		for before := int64(0); ; {
			list, err := stores[0].Acts(ctx, 7, before)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) == 0 {
				break
			}
			all = append(all, list...)
			before = list[len(list)-1].N
		}
		if len(all) < 30 || len(all) > 40 {
			t.Errorf("%d acts", len(all))
		}
		for i, a := range all {
			if a.N != int64(len(all)-i) {
				t.Errorf("the act %d has the number %d", len(all)-i, a.N)
			}
		}
	})
}

func TestAccounts(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		s := open(t, where)
		s.Now = func() time.Time { return noon }
		ada, bo := Account{"ada", Editor, []byte{0, 1}, noon}, Account{"bo", Moderator, []byte{2}, noon}
		for _, a := range []Account{bo, {Name: "ada", Role: Editor, Hash: []byte{0, 1}}} {
			if err := s.SaveAccount(ctx, "shell", a); err != nil {
				t.Fatal(err)
			}
		}
		for _, bad := range []Account{{Name: "eve", Role: "owner"}, {Name: " ", Role: Editor}} {
			if err := s.SaveAccount(ctx, "shell", bad); err == nil {
				t.Errorf("%+v is saved", bad)
			}
		}
		if list, err := s.Accounts(ctx); err != nil || cmp.Diff([]Account{ada, bo}, list) != "" {
			t.Error(list, err)
		}
		if a, err := s.Account(ctx, "bo"); err != nil || cmp.Diff(bo, a) != "" {
			t.Error(a, err)
		}
		if _, err := s.Account(ctx, "Bo"); err != ErrNone {
			t.Error(err)
		}
		session := []byte{9, 0, 255}
		is := func(at time.Time, want string) {
			t.Helper()
			a, err := s.Session(ctx, session, at)
			if a.Name != want || (err == ErrNone) != (want == "") {
				t.Errorf("%q, %v; want %q", a.Name, err, want)
			}
		}
		start := func() {
			t.Helper()
			if err := s.StartSession(ctx, session, "bo", noon.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.StartSession(ctx, session, "eve", noon.Add(time.Hour)); err != ErrNone {
			t.Error(err)
		}
		is(noon, "")
		start()
		is(noon, "bo")
		is(noon.Add(time.Hour), "")
		if err := s.EndSession(ctx, session); err != nil {
			t.Error(err)
		}
		is(noon, "")
		start()
		bo.Hash = []byte("another")
		if err := s.SaveAccount(ctx, "bo", bo); err != nil {
			t.Error(err)
		}
		is(noon, "")
		start()
		if err := s.RemoveAccount(ctx, "ada", "bo"); err != nil {
			t.Error(err)
		}
		is(noon, "")
		if _, err := s.Account(ctx, "bo"); !errors.Is(err, ErrNone) {
			t.Error(err)
		}
		want := []string{"shell account   bo, moderator", "shell account   ada, editor", "bo account   bo, moderator", "ada removed   bo"}
		if diff := cmp.Diff(want, acts(t, s)); diff != "" {
			t.Error(diff)
		}
	})
}
