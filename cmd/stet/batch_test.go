package main

import "testing"

// The collector's bound grows with the files of a site, and with its pages only where
// they are many: the memory in which 100,000 articles are built with plain layouts
// is promised.
func TestRoom(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what         string
		files, pages int
		want         int64 // MB, rounded
	}{
		{"before the files are listed", 0, 0, 64},
		{"a small site", 300, 375, 64},
		{"a small site of many pages", 300, 1059, 69},
		{"an archive, with plain layouts", 10500, 12113, 144},
		{"an archive, in the theme", 10500, 22426, 216},
		{"a large archive, with plain layouts", 105000, 121000, 896},
		{"a large archive, in the theme", 105000, 220000, 1589},
	} {
		if got := (batch.bytes(c.files, c.pages) + 1<<19) >> 20; got != c.want {
			t.Errorf("%s: the bound is %d MB, not %d", c.what, got, c.want)
		}
	}
}
