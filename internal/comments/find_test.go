package comments

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// ids are those of comments, in their order.
func ids(list []Comment) string {
	var all []string
	for _, c := range list {
		all = append(all, c.ID)
	}
	return strings.Join(all, " ")
}

func TestFind(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		s := open(t, where)
		add(t, s, 1, Comment{ID: "b", Name: "Ada", Email: "ada@example.com", Text: "The mill burns: 100 %!"})
		add(t, s, 1, Comment{ID: "B", Name: "Zoë", Text: "snake_case", State: Approved})
		add(t, s, 2, Comment{ID: "c", Story: "/flood/", Text: "the MILL\n burns, 100…", Source: "s1", State: Spam})
		add(t, s, 3, Comment{ID: "a", Name: "محمد", Text: "C:\\temp", Source: "s1"})
		for _, test := range []struct {
			q    Query
			want string
		}{
			{Query{}, "a c b B"}, // of one minute by bytes, in every language
			{Query{OldestFirst: true}, "B b c a"},
			{Query{Limit: 2}, "a c"},
			{Query{Limit: 2, Before: "c"}, "b B"},
			{Query{After: "b"}, "a c"},
			{Query{After: "b", Limit: 1, OldestFirst: true}, "c"},
			{Query{Before: "b"}, "B"},
			{Query{Before: "none"}, ""},
			{Query{State: Waiting}, "a b"},
			{Query{State: Spam}, "c"},
			{Query{State: Rejected}, ""},
			{Query{Story: "/fire/", State: Waiting}, "a b"},
			{Query{Source: "s1"}, "a c"},
			{Query{Since: noon.Add(2 * time.Minute)}, "a c"},
			{Query{Text: "mill"}, "c b"},
			{Query{Text: "ADA@example"}, "b"},
			{Query{Text: "zoe"}, "B"},
			{Query{Text: "مُحَمَّد"}, "a"},
			{Query{Text: "%"}, "b"},
			{Query{Text: "_"}, "B"},
			{Query{Text: `\`}, "a"},
			{Query{Text: strings.Repeat("mill%", 20000)}, ""},
			{Query{Same: "the mill burns 100"}, "c b"},
			{Query{Same: "the mill burns"}, ""},
			{Query{Same: "…"}, ""},
		} {
			list, err := s.Find(ctx, test.q)
			if got := ids(list); err != nil || got != test.want {
				t.Errorf("%+v: %q, %v; want %q", test.q, got, err, test.want)
			}
			n, err := s.Count(ctx, test.q)
			if want := len(strings.Fields(test.want)); err != nil || n != want && test.q.Limit == 0 {
				t.Errorf("%+v: %d, %v; want %d", test.q, n, err, want)
			}
		}
	})
}

// Pages of a list have each comment once, also if many are of the same moment.
func TestFindPages(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		s := open(t, where)
		for n := range 25 {
			add(t, s, n/10, Comment{})
		}
		var seen []string
		q := Query{Limit: 4}
		for {
			list, err := s.Find(ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) == 0 {
				break
			}
			for _, c := range list {
				if slices.Contains(seen, c.ID) {
					t.Errorf("%s is there twice", c.ID)
				}
				seen = append(seen, c.ID)
			}
			q.Before = list[len(list)-1].ID
		}
		if len(seen) != 25 {
			t.Errorf("%d of 25", len(seen))
		}
	})
}
