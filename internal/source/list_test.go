package source

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// All files are listed in the order of their paths, whichever worker looked at
// their folder, be they long or short.
func TestOrder(t *testing.T) {
	dir := t.TempDir()
	long := "content/" + strings.Repeat(strings.Repeat("long", 50)+"/", 4)
	want := []string{"content/a-b/x.md", "content/a.md", "content/a/index.md", "content/a0.md", "site.yaml", "static/é/b.txt", "static/é.txt"}
	for i := range 12 {
		for j := range 7 {
			want = append(want, fmt.Sprintf("content/news/%d/%02d.md", i, j), fmt.Sprintf("content/news/%d/%02d/index.md", i, j), fmt.Sprintf("content/news/%d/%02d/deep/er/%d.jpg", i, j, j))
		}
		want = append(want, fmt.Sprintf("%s%d.md", long, i))
	}
	for _, name := range want {
		put(t, dir, name, name)
	}
	slices.Sort(want)
	for range 20 {
		tree, problems := open(t, dir, nil)
		if got := names(tree); !slices.Equal(got, want) || len(problems) > 0 {
			t.Fatalf("the files are %q, %v", got, problems)
		}
		for _, f := range tree.Files {
			if f.Stat.Size != int64(len(f.Path)) {
				t.Fatalf("%s has %d bytes", f.Path, f.Stat.Size)
			}
		}
		tree.Close()
	}
}
