package comments

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The number of comments that Find returns, if a query has no limit, and at most.
const (
	usualLimit = 100
	mostLimit  = 1000
)

// A Query says which comments are meant. What is empty does not matter.
type Query struct {
	State  State
	Story  string
	Parent string    // the ID of what is answered
	Text   string    // stands in name, e-mail address or text, as Fold compares
	Same   string    // a text: those that say the same but for case, marks, spaces and signs
	Source string    // as Comment.Source
	Since  time.Time // sent then or later

	// IDs of comments: those that were sent before it, or after it. So the next
	// page of a list begins behind the last comment of this one.
	Before, After string

	Limit       int // 100 if it is 0; never more than 1000
	OldestFirst bool
}

// Find returns comments, the newest first unless the query says otherwise.
func (s *Store) Find(ctx context.Context, q Query) ([]Comment, error) {
	where, args := q.where()
	order := " ORDER BY sent DESC, id DESC"
	if q.OldestFirst {
		order = " ORDER BY sent, id"
	}
	if q.Limit <= 0 {
		q.Limit = usualLimit
	}
	list, err := all(s.read(ctx), scanComment, fmt.Sprintf("SELECT %s FROM comments%s%s LIMIT %d", columns, where, order, min(q.Limit, mostLimit)), args...)
	return list, s.told(err)
}

// Count returns how many comments there are, whatever the limit.
func (s *Store) Count(ctx context.Context, q Query) (n int, err error) {
	where, args := q.where()
	err = s.read(ctx).get([]any{&n}, "SELECT COUNT(*) FROM comments"+where, args...)
	return n, s.told(err)
}

// where is the condition of a query.
func (q Query) where() (string, []any) {
	conditions := []string{"state <> 'forgotten'"}
	var args []any
	add := func(condition string, arg any) {
		args = append(args, arg)
		conditions = append(conditions, strings.ReplaceAll(condition, "?", fmt.Sprintf("$%d", len(args))))
	}
	if q.State != "" {
		add("state = ?", q.State)
	}
	if q.Story != "" {
		add("story = ?", q.Story)
	}
	if q.Parent != "" {
		add("parent = ?", q.Parent)
	}
	if q.Source != "" {
		add("source = ?", q.Source)
	}
	if !q.Since.IsZero() {
		add("sent >= ?", q.Since)
	}
	if words := strings.TrimSpace(Fold(q.Text)); words != "" {
		add(`sought LIKE ? ESCAPE '\'`, "%"+pattern(words)+"%")
	}
	if q.Same != "" {
		add("same = ?", same(Normal(q.Same)))
	}
	if q.Before != "" {
		add("(sent, id) < (SELECT sent, id FROM comments WHERE id = ?)", q.Before)
	}
	if q.After != "" {
		add("(sent, id) > (SELECT sent, id FROM comments WHERE id = ?)", q.After)
	}
	return " WHERE " + strings.Join(conditions, " AND "), args
}

// pattern has words looked for as they are. SQLite takes patterns of 50,000
// bytes; nobody means more than 1,000.
func pattern(words string) string {
	if len(words) > 1000 {
		words = valid(words[:1000])
	}
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(words)
}

// decided tells whether a state is one that a desk may give.
func decided(to State) bool { return slices.Contains(decisions, to) }
