package comments

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// A Story is what the service knows of a story of the edition.
type Story struct {
	ID, URL, Title, Lang string
	Open, Rating         bool // whether readers may comment on it, and rate it
}

const storyColumns = "id, url, title, lang, open, rating"

func scanStory(row scanner) (story Story, err error) {
	err = row.Scan(&story.ID, &story.URL, &story.Title, &story.Lang, &story.Open, &story.Rating)
	return story, err
}

// batch is how many stories are written at once, so that others can write in
// between.
const batch = 200

// SetStories says which stories the edition has. Those it has no more are
// remembered, with comments and rating closed.
func (s *Store) SetStories(ctx context.Context, list []Story) error {
	known, err := all(s.read(ctx), scanStory, "SELECT "+storyColumns+" FROM stories")
	if err != nil {
		return s.told(err)
	}
	was := make(map[string]Story, len(known))
	for _, story := range known {
		was[story.ID] = story
	}
	var differ []Story
	seen := make(map[string]bool, len(list))
	for _, story := range list {
		story.ID, story.URL, story.Title, story.Lang = valid(story.ID), valid(story.URL), valid(story.Title), valid(story.Lang)
		if old, ok := was[story.ID]; (!ok || old != story) && !seen[story.ID] {
			differ = append(differ, story)
		}
		seen[story.ID] = true
	}
	for _, story := range known {
		if !seen[story.ID] && (story.Open || story.Rating) {
			story.Open, story.Rating = false, false
			differ = append(differ, story)
		}
	}
	slices.SortFunc(differ, func(a, b Story) int { return cmp.Compare(a.ID, b.ID) }) // so that two instances never wait for each other
	for some := range slices.Chunk(differ, batch) {
		if err := s.write(ctx, func(t tx) error { return t.setStories(some) }); err != nil {
			return err
		}
	}
	return nil
}

func (t tx) setStories(list []Story) error {
	var rows []string
	var args []any
	for _, story := range list {
		args = append(args, story.ID, story.URL, story.Title, story.Lang, story.Open, story.Rating)
		n := len(args)
		rows = append(rows, fmt.Sprintf("($%d, $%d, $%d, $%d, $%d, $%d)", n-5, n-4, n-3, n-2, n-1, n))
	}
	_, err := t.exec("INSERT INTO stories ("+storyColumns+") VALUES "+strings.Join(rows, ", ")+` ON CONFLICT (id) DO UPDATE
		SET url = excluded.url, title = excluded.title, lang = excluded.lang, open = excluded.open, rating = excluded.rating`, args...)
	return err
}

// Story returns a story that the edition has or had, or ErrNone.
func (s *Store) Story(ctx context.Context, id string) (Story, error) {
	story, err := one(s.read(ctx), scanStory, "SELECT "+storyColumns+" FROM stories WHERE id = $1", id)
	return story, s.told(err)
}

// Stories returns those of these stories that the edition has or had.
func (s *Store) Stories(ctx context.Context, ids ...string) (map[string]Story, error) {
	stories := map[string]Story{}
	for some := range slices.Chunk(ids, batch) {
		var marks []string
		var args []any
		for i, id := range some {
			marks = append(marks, fmt.Sprintf("$%d", i+1))
			args = append(args, id)
		}
		list, err := all(s.read(ctx), scanStory, "SELECT "+storyColumns+" FROM stories WHERE id IN ("+strings.Join(marks, ", ")+")", args...)
		if err != nil {
			return nil, s.told(err)
		}
		for _, story := range list {
			stories[story.ID] = story
		}
	}
	return stories, nil
}

// SetHead keeps what the edition says of itself, so that it is known when the
// newspaper cannot be asked.
func (s *Store) SetHead(ctx context.Context, head string) error {
	return s.write(ctx, func(t tx) error {
		_, err := t.exec(`INSERT INTO settings (name, value) VALUES ('head', $1)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE settings.value <> excluded.value`, head)
		return err
	})
}

// Head returns what SetHead has kept, "" if nothing.
func (s *Store) Head(ctx context.Context) (head string, err error) {
	err = s.read(ctx).get([]any{&head}, "SELECT value FROM settings WHERE name = 'head'")
	if err == ErrNone {
		return "", nil
	}
	return head, s.told(err)
}
