package site

import (
	"slices"
	"testing"

	"stet/internal/article"
	"stet/internal/diag"
	"stet/internal/fields"
)

func written(t *testing.T, path, date string) *article.Article {
	t.Helper()
	when, fits := fields.ParseWhen(date)
	if !fits {
		t.Fatal(date)
	}
	return &article.Article{Path: path, Kind: article.Story, Type: "news", Title: path, Date: when, Rare: &article.Rare{}}
}

// The newest story is first, in whatever zone its date is written, and stories of
// one moment are in the order of their paths.
func TestNewestFirst(t *testing.T) {
	s := siteOf(t, []*article.Article{
		written(t, "content/w/old.md", "0001-01-02"),
		written(t, "content/w/d.md", "2026-01-05T11:00:00+01:00"),
		written(t, "content/v/e.md", "2026-01-05T09:59:59Z"),
		written(t, "content/w/c.md", "2026-01-05 10:00"),
		written(t, "content/w/a.md", "2026-01-05T10:00:01Z"),
		written(t, "content/v/f.md", "2026-01-05T15:30:00+05:30"),
		written(t, "content/w/b.md", "1677-01-01"),
	})
	var got []string
	for _, st := range s.editions[0].stories {
		got = append(got, st.Path)
	}
	want := []string{"content/w/a.md", "content/v/f.md", "content/w/c.md", "content/w/d.md", "content/v/e.md", "content/w/b.md", "content/w/old.md"}
	if !slices.Equal(got, want) {
		t.Errorf("the order is %q", got)
	}
}

// A story is in the deepest section its folders make, or the one it names, and its
// address says so. Those of one folder need not come one after the other.
func TestFolders(t *testing.T) {
	named := written(t, "content/world/2026/named.md", "2026-11-05")
	named.Section, named.Also = "sport", []string{"world/asia"}
	nameless := written(t, "content/world/2026/later/!.md", "2026-01-06")
	moved := written(t, "content/sport/moved.md", "2026-01-07")
	moved.URL = "elsewhere"
	articles := []*article.Article{
		{Path: "content/world/asia/_index.md", Kind: article.Section, Rare: &article.Rare{}},
		written(t, "content/world/asia/east/tea.md", "2026-02-01"),
		written(t, "content/world/one.md", "2025-12-31"),
		named, nameless, moved,
		written(t, "content/world/asia/rice/index.md", "2026-03-01"),
		written(t, "content/world/asia-minor/two.md", "0001-02-03"),
		written(t, "content/world/2026/three.md", "2026-10-10"),
	}
	set := settings(t, "")
	set.Drafts = true // one story is to come
	s, problems := New(set, articles)
	if len(problems) != 1 || problems[0].Path != nameless.Path || problems[0].Severity != diag.Error {
		t.Errorf("the problems are %v", problems)
	}
	for file, want := range map[string][2]string{
		"content/world/asia/east/tea.md":   {"world/asia", "/world/2026/02/tea/"},
		"content/world/asia/rice/index.md": {"world/asia", "/world/2026/03/rice/"},
		"content/world/asia-minor/two.md":  {"world", "/world/0001/02/two/"},
		"content/world/one.md":             {"world", "/world/2025/12/one/"},
		"content/world/2026/three.md":      {"world", "/world/2026/10/three/"},
		named.Path:                         {"sport", "/sport/2026/11/named/"},
		nameless.Path:                      {"world", "/world/2026/01/-/"},
		moved.Path:                         {"sport", "/elsewhere/"},
	} {
		st := s.stories[file]
		if got := [2]string{st.section.name, st.url}; got != want {
			t.Errorf("%s: section and address are %q", file, got)
		}
	}
	if asia := s.editions[0].lists["section world/asia"]; !slices.Contains(asia.stories, s.stories[named.Path]) {
		t.Error("a section lacks the story that names it too")
	}
}
