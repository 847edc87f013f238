package build

import (
	"path/filepath"
	"strings"

	"stet/internal/article"
	"stet/internal/cache"
	"stet/internal/diag"
	"stet/internal/output"
	"stet/internal/page"
	"stet/internal/plain"
	"stet/internal/source"
)

// A memory is what a build leaves for the next: what the site's files say, and
// what the pages of the edition asked. It is worth nothing unless it is that of
// the edition which lies in the output folder; any doubt about it means that
// everything is made again.
type memory struct {
	Dir     string // of the site
	Edition string // the name of the edition in its manifest
	Past    source.Past[*article.Article]
	Ledger  *page.Ledger
}

const memoryFile = "memory"

// remember reads what the last build left.
func remember(f cache.Folder, dir string) memory {
	m := memory{Ledger: &page.Ledger{}}
	text, ok := f.Read(memoryFile)
	if !ok {
		return m
	}
	var head struct {
		Dir, Edition string
		Started      int64
		Records      int // bytes
	}
	rest, err := plain.Read(text, &head)
	if err != nil || head.Dir != absolute(dir) || head.Records > len(rest) {
		return m
	}
	if _, err := plain.Read(rest[:head.Records], &m.Past.Records); err != nil {
		m.Past.Records = nil
		return m
	}
	l, err := page.ReadLedger(rest[head.Records:])
	if err != nil {
		return m
	}
	m.Past.Started, m.Edition, m.Ledger = head.Started, head.Edition, l
	return m
}

// keep writes the memory for the next build.
func (m memory) keep(f cache.Folder) error {
	if f.Dir == "" {
		return nil
	}
	records := plain.Append(nil, m.Past.Records)
	b := plain.Append(nil, struct {
		Dir, Edition string
		Started      int64
		Records      int
	}{absolute(m.Dir), m.Edition, m.Past.Started, len(records)})
	return f.Write(memoryFile, m.Ledger.Append(append(b, records...)))
}

// ledger is what is known of the pages that lie in the output folder.
func (m memory) ledger(e *output.Edition) *page.Ledger {
	id, sure := e.Past()
	if id == "" || id != m.Edition {
		return &page.Ledger{}
	}
	l := *m.Ledger
	l.Pages = nil
	for _, p := range m.Ledger.Pages {
		if sure(p.Path) {
			l.Pages = append(l.Pages, p)
		}
	}
	return &l
}

func absolute(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		return abs
	}
	return dir
}

// forgetful says that the next build will have to do everything again.
func forgetful(err error) diag.Problem {
	return diag.Problem{Text: "what this build learnt cannot be kept: " + strings.TrimPrefix(err.Error(), "open "),
		Hint: "the edition is right, but the next build makes every page again; give a folder that can be written with --cache"}
}
