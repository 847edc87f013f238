package build_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"stet"
	"stet/internal/article"
	"stet/internal/build"
)

var linkedData = regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`)

// What search engines are told of a story is JSON, whoever did what for it, of
// whatever kind it is, and whatever stands in its texts.
func TestLinkedData(t *testing.T) {
	roles := []string{"", "photographer", "translator", "editor", "contributor", "A \"B\" </script>"}
	for _, base := range []string{"", "base_url: https://x.example/news/\n"} {
		o := build.Options{Dir: t.TempDir(), Out: filepath.Join(t.TempDir(), "out"), Theme: stet.Theme(), Now: demoTime}
		write(t, o.Dir, "site.yaml", "format: 1\ntitle: 'The \"Post\" </script>'\ntimezone: UTC\nfeeds: {formats: []}\ncheck: {credit-missing: \"off\", alt-missing: \"off\"}\n"+base)
		write(t, o.Dir, "content/authors/wire.md", "---\nname: \"The \\\"Wire\\\" <!--\"\norganisation: true\n---\n")
		write(t, o.Dir, "content/a.jpg", photograph(1))
		n := 0
		for _, one := range append(roles, "none") {
			for _, two := range append(roles, "none") {
				kind := article.Types[n%len(article.Types)]
				var b strings.Builder
				fmt.Fprintf(&b, "---\ntitle: 'A \"b\" \\ </script> <!-- %d'\ndate: 2026-01-02\ntype: %s\n", n, kind)
				for i, role := range []string{one, two} {
					if i == 0 {
						b.WriteString("author:\n")
					}
					if role != "none" {
						fmt.Fprintf(&b, "  - {name: '%s', role: '%s', of: 'O \"p\"'}\n", []string{"wire", "Cy \"Dow\" \\ </script>"}[(i+n)%2], role)
					}
				}
				if n%2 == 0 {
					b.WriteString("corrections: [{date: 2026-01-03, text: 'a \"b\" </script>'}, {date: 2026-01-03, kind: update, text: u}, {date: 2026-01-04, kind: clarification, text: c}]\n")
				}
				if n%3 == 0 {
					b.WriteString("image: ../a.jpg\n")
				}
				if kind == "sponsored" {
					b.WriteString("sponsor: {name: 'S \"t\" </script>', url: https://s.example/}\n")
				}
				if n%3 < 2 || kind == "gallery" {
					b.WriteString("gallery: [../a.jpg, {src: ../a.jpg, caption: 'a \"b\" \\ [c]'}]\n")
				}
				write(t, o.Dir, fmt.Sprintf("content/town/s%d.md", n), b.String()+"---\nText.\n")
				n++
			}
		}
		if _, problems := build.Run(context.Background(), o); len(problems) > 0 {
			t.Fatal(problems)
		}
		found := 0
		err := filepath.WalkDir(o.Out, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.Name() != "index.html" {
				return err
			}
			html, err := os.ReadFile(path)
			for _, m := range linkedData.FindAllSubmatch(html, -1) {
				var said struct{ Headline string }
				err := json.Unmarshal(m[1], &said)
				if err == nil && said.Headline == "" {
					continue // which is not about a story
				}
				if err != nil || !strings.HasPrefix(said.Headline, "A “b” \\ </script> <!") {
					t.Errorf("%s: %v: %s", path, err, m[1])
				}
				found++
			}
			return err
		})
		if err != nil || found != n {
			t.Errorf("%d stories of %d tell something: %v", found, n, err)
		}
	}
}
