package build

import (
	"path"
	"slices"
	"strings"

	"stet/internal/diag"
	"stet/internal/page"
	"stet/internal/source"
)

// Idle lists the pictures in content/ that no page of the edition has, and those
// of the site that have the same bytes as another. What lies beside a story that
// readers do not see waits for it.
func (d *Desk) Idle() (found []diag.Problem) {
	used := map[string]bool{}
	for i := range d.ledger.Questions {
		switch q := &d.ledger.Questions[i]; q.Kind {
		case "image", "photo", "file":
			used[page.Fields(q.Args, 1)[0]] = true
		}
	}
	var waiting []string
	for _, u := range d.p.site.Unpublished {
		if dir, name := path.Split(u.Path); name == "index.md" {
			waiting = append(waiting, dir)
		}
	}
	first := map[source.Sum]string{}
	for _, f := range d.p.tree.Files {
		content := strings.HasPrefix(f.Path, "content/")
		if !pictureEndings[strings.ToLower(path.Ext(f.Path))] || !content && !strings.HasPrefix(f.Path, "static/") {
			continue
		}
		if content && !used[f.Path] && !within(f.Path, waiting) {
			found = append(found, diag.Problem{Path: f.Path, Text: "the picture is used nowhere", Hint: "take it away, or name it in a story"})
		}
		sum, ok := d.p.tree.Sum(f.Path)
		if !ok || sum == (source.Sum{}) {
			continue
		}
		if other := first[sum]; other != "" {
			found = append(found, diag.Problem{Path: f.Path, Text: "this is the same picture as " + other, Hint: "keep one of them: what lies in static/ is named from there, as /photos/a.jpg"})
			continue
		}
		first[sum] = f.Path
	}
	return found
}

// within tells whether a file lies below one of these folders.
func within(name string, folders []string) bool {
	return slices.ContainsFunc(folders, func(dir string) bool { return strings.HasPrefix(name, dir) })
}
