package article

import (
	"os"
	"strings"
	"testing"

	"stet/internal/archive"
)

// In testdata/relink.txtar each text is followed by what becomes of it when
// fire.md and all pictures that are named lie one folder higher. With the line
// ends of Windows the same becomes of it.
func TestRelink(t *testing.T) {
	data, err := os.ReadFile("testdata/relink.txtar")
	if err != nil {
		t.Fatal(err)
	}
	a := archive.Parse(data)
	up := func(dest string) string {
		name, _, _ := strings.Cut(dest, "#")
		if name == "fire.md" || strings.HasSuffix(name, ".jpg") && !strings.HasPrefix(name, "/") {
			return "../" + dest
		}
		return dest
	}
	for i := 0; i+1 < len(a.Names); i += 2 {
		before, want := a.Files[a.Names[i]], a.Files[a.Names[i+1]]
		line := 1 + strings.Count(before[:strings.LastIndex(before, "---\n")+4], "\n")
		for _, end := range []string{"\n", "\r\n"} {
			got, left := Relink("content/news/a.md", []byte(strings.ReplaceAll(before, "\n", end)), line, false, up)
			if string(got) != strings.ReplaceAll(want, "\n", end) {
				t.Errorf("%s becomes\n%s", a.Names[i], got)
			}
			if by := strings.Contains(a.Names[i], "by hand"); by != (len(left) > 0) {
				t.Errorf("%s: left for somebody to change by hand: %v", a.Names[i], left)
			}
		}
	}
}
