package comments

import (
	"cmp"
	"context"
	"crypto/rand"
	"math/big"
	"slices"

	"stet/internal/threads"
)

// changed is the number of what has changed and has no number yet.
const changed = -1

// What Changes returns is what pull reads.
type (
	Changes = threads.Changes
	Thread  = threads.Change
	Rating  = threads.Rating
)

// The number of changes that Changes returns, if it is given no limit, and at most.
const (
	usualChanges = 1000
	mostChanges  = 10000
)

// A change is a comment or a tally with its number.
type change struct {
	seq     int64
	story   string
	tally   *threads.Tally
	comment Comment
}

// Changes returns what changed after a number, 0 for everything, the oldest
// change first. A number that was never given, because an older database was put
// in its place, is taken for 0.
//
// Numbers are given here: under a lock, to what is marked as changed and
// committed. So none is given below one that somebody has seen, and a change that
// is committed later gets a later one.
func (s *Store) Changes(ctx context.Context, since int64, limit int) (Changes, error) {
	if limit <= 0 {
		limit = usualChanges
	}
	limit = min(limit, mostChanges)
	last, err := s.number(ctx)
	if err != nil {
		return Changes{}, err
	}
	if since > last || since < 0 {
		since = 0
	}
	t := s.read(ctx)
	list, err := all(t, scanChange, "SELECT seq, "+columns+" FROM comments WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3", since, last, int64(limit+1))
	if err != nil {
		return Changes{}, s.told(err)
	}
	tallies, err := all(t, scanTally, "SELECT seq, story, yes, no FROM tallies WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3", since, last, int64(limit+1))
	if err != nil {
		return Changes{}, s.told(err)
	}
	list = append(list, tallies...)
	slices.SortFunc(list, func(a, b change) int { return cmp.Compare(a.seq, b.seq) })
	c := Changes{Seq: last, More: len(list) > limit}
	if err := t.get([]any{&c.Epoch}, "SELECT COALESCE(MAX(value), 0) FROM stet WHERE name = 'epoch'"); err != nil {
		return Changes{}, s.told(err)
	}
	if c.More {
		list = list[:limit]
		c.Seq = list[limit-1].seq
	}
	c.Threads, c.Ratings = gather(list)
	return c, nil
}

// Restarted begins another epoch: whoever has asked for changes before asks for all
// of them once more. A service does so when it starts, because nobody can tell whether
// a backup was put in the place of the database meanwhile, and whether its numbers
// have come as far since as somebody has seen others.
func (s *Store) Restarted(ctx context.Context) error {
	n, err := rand.Int(rand.Reader, big.NewInt(1<<53)) // which JSON has everywhere
	if err != nil {
		return err
	}
	return s.write(ctx, func(t tx) error {
		_, err := t.exec("INSERT INTO stet (name, value) VALUES ('epoch', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value", n.Int64())
		return err
	})
}

// number gives numbers to what has changed, and returns the last one.
func (s *Store) number(ctx context.Context) (last int64, err error) {
	var marked int
	t := s.read(ctx)
	err = t.get([]any{&last, &marked}, `SELECT value, (SELECT COUNT(*) FROM (SELECT 1 AS one FROM comments WHERE seq = -1 LIMIT 1) AS c)
		+ (SELECT COUNT(*) FROM (SELECT 1 AS one FROM tallies WHERE seq = -1 LIMIT 1) AS t) FROM stet WHERE name = 'seq'`)
	if err != nil || marked == 0 {
		return last, s.told(err)
	}
	err = s.write(ctx, func(t tx) error {
		if last, err = t.next("seq"); err != nil { // others wait here
			return err
		}
		for _, of := range []struct{ table, id, order string }{{"comments", "id", "sent, id"}, {"tallies", "story", "story"}} {
			if _, err := t.exec(`UPDATE `+of.table+` SET seq = n.n FROM (SELECT `+of.id+` AS marked, $1 + ROW_NUMBER() OVER (ORDER BY `+of.order+`) AS n
				FROM `+of.table+` WHERE seq = -1) AS n WHERE `+of.id+` = n.marked AND seq = -1`, last); err != nil {
				return err
			}
			var most int64
			if err := t.get([]any{&most}, "SELECT COALESCE(MAX(seq), 0) FROM "+of.table); err != nil {
				return err
			}
			last = max(last, most)
		}
		_, err := t.exec("UPDATE stet SET value = $1 WHERE name = 'seq'", last)
		return err
	})
	return last, err
}

func scanChange(row scanner) (c change, err error) {
	var seq int64
	c.comment, err = scanComment(after{row, &seq})
	c.seq, c.story = seq, c.comment.Story
	return c, err
}

// after scans one more value before the others.
type after struct {
	row   scanner
	first any
}

func (a after) Scan(into ...any) error { return a.row.Scan(append([]any{a.first}, into...)...) }

func scanTally(row scanner) (c change, err error) {
	c.tally = &threads.Tally{}
	err = row.Scan(&c.seq, &c.story, &c.tally.Yes, &c.tally.No)
	return c, err
}

// gather puts changes together by their stories.
func gather(list []change) ([]Thread, []Rating) {
	all, ratings := []Thread{}, []Rating{} // an empty list is [] in JSON
	at := map[string]int{}
	for _, c := range list {
		if c.tally != nil {
			ratings = append(ratings, Rating{Story: c.story, Tally: *c.tally})
			continue
		}
		i, ok := at[c.story]
		if !ok {
			i = len(all)
			at[c.story] = i
			all = append(all, Thread{Story: c.story})
		}
		if c.comment.State == Approved {
			all[i].Put = append(all[i].Put, c.comment.Thread())
		} else {
			all[i].Gone = append(all[i].Gone, c.comment.ID)
		}
	}
	return all, ratings
}
