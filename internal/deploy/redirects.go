package deploy

import (
	"cmp"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/zeebo/xxh3"
)

// Redirects has an edition's redirects sent as empty objects, which S3 answers with
// the new address, in the place of pages that lead on. They are those of its file
// _redirects that name one address each.
func (e *Edition) Redirects(cache string) {
	data, err := fs.ReadFile(e.FS, "_redirects")
	if err != nil {
		return // it has none
	}
	root := "/"
	if u, err := url.Parse(e.BaseURL); err == nil && u.Path != "" {
		root = u.Path
	}
	led := map[string]File{}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		rule, ok := readRedirect(strings.Fields(line))
		if !ok || rule.to == "" || rule.status == http.StatusGone || len(rule.query) > 0 {
			continue // 410 leads nowhere
		}
		at, ok := rule.pattern.plain()
		if !ok {
			continue
		}
		from, ok := strings.CutPrefix(at, root)
		if from == "" || strings.HasSuffix(from, "/") {
			from += "index.html"
		}
		if !ok || !sendable(from) || path.Clean(from) != from {
			continue
		}
		led[from] = File{Path: from, Sum: xxh3.Hash128(nil).Bytes(), Kind: List, Header: Header{Type: types[".html"], Cache: cmp.Or(cache, usualCache[List]), Redirect: rule.to}}
	}
	var files []File
	for _, f := range e.Files {
		if to, ok := led[f.Path]; ok && f.Story == nil {
			f = to
		}
		delete(led, f.Path)
		files = append(files, f)
	}
	for _, f := range led {
		files = append(files, f)
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	e.Files = files
}
