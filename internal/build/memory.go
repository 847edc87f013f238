package build

import (
	"errors"
	"io"
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

// What a build leaves for the next one are two memories. That of the site's
// files is worth something for as long as they look as they did. That of the
// pages is worth something only for the edition whose name it bears; any doubt
// about it means that everything is made again.
const (
	recordsFile = "files"
	ledgerFile  = "pages"
)

// recordsHead stands before the records.
type recordsHead struct {
	Dir     string // of the site
	Started int64
	Records int
}

// rememberFiles reads what the last build read of the site's files.
func rememberFiles(f cache.Folder, dir string) source.Past[*article.Article] {
	var none source.Past[*article.Article]
	text, ok := f.Read(recordsFile)
	if !ok {
		return none
	}
	var head recordsHead
	rest, err := plain.Read(text, &head)
	if err != nil || head.Dir != absolute(dir) || head.Records > len(rest) {
		return none
	}
	records := make([]source.Record[*article.Article], head.Records)
	for i := range records {
		r := &records[i]
		if rest, err = plain.Read(rest, &r); err != nil {
			return none
		}
		records[i] = *r
	}
	return source.Past[*article.Article]{Records: records, Started: head.Started}
}

// keepFiles writes down what this build read.
func keepFiles(f cache.Folder, dir string, past source.Past[*article.Article]) error {
	return f.Write(recordsFile, func(w io.Writer) error {
		b := plain.Append(nil, recordsHead{absolute(dir), past.Started, len(past.Records)})
		for i := range past.Records {
			if b = plain.Append(b, &past.Records[i]); len(b) > 1<<16 {
				if _, err := w.Write(b); err != nil {
					return err
				}
				b = b[:0]
			}
		}
		_, err := w.Write(b)
		return err
	})
}

// rememberPages reads what is known of the pages that lie in the output folder.
func rememberPages(f cache.Folder, e *output.Edition) *page.Ledger {
	id, sure := e.Past()
	text, ok := f.Read(ledgerFile)
	if !ok || id == "" || !strings.HasSuffix(text, id) {
		return &page.Ledger{}
	}
	l, edition, err := page.ReadLedger(text)
	if err != nil || edition != id {
		return &page.Ledger{}
	}
	all := l.Pages
	l.Pages = all[:0]
	for _, p := range all {
		if sure(p.Path) {
			l.Pages = append(l.Pages, p)
		}
	}
	return l
}

var errNoEdition = errors.New("there is no edition")

// keepPages writes down what the pages of an edition asked, while that is being
// put in place. What it returns is to be told the name that the edition then
// has; with none, all is as it was.
func keepPages(f cache.Folder, l *page.Ledger) func(edition string) error {
	if f.Dir == "" {
		return func(string) error { return nil }
	}
	name, done := make(chan string, 1), make(chan error, 1)
	go func() {
		done <- f.Write(ledgerFile, func(w io.Writer) error {
			if _, err := l.WriteTo(w); err != nil {
				return err
			}
			edition := <-name
			if edition == "" {
				return errNoEdition
			}
			_, err := io.WriteString(w, edition)
			return err
		})
	}()
	return func(edition string) error {
		name <- edition
		return <-done
	}
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
