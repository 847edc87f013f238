package check

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"stet/internal/diag"
)

// A Host is what is known of a service that publishes editions: 0 is what is not
// limited, or not known to be.
type Host struct {
	Name      string // "GitHub Pages"
	Source    string // where its limits are told, and in which year that was read
	Files     int
	FileSize  int64  // bytes
	TotalSize int64  // bytes
	Rules     int    // of _redirects that name one address each
	Patterns  int    // of _redirects, with * or :NAME
	RuleBytes int64  // of _redirects as a whole
	Redirects bool   // it reads _redirects
	Headers   bool   // it reads _headers
	Unwritten string // characters that no file's name may have
}

// Hosts are those that --host knows. docs/check.md has the same table.
var Hosts = map[string]Host{
	"cloudflare-pages": {Name: "Cloudflare Pages", Source: "developers.cloudflare.com/pages/platform/limits, 2026", Files: 20000, FileSize: 25 << 20, Rules: 2000, Patterns: 100, Redirects: true, Headers: true},
	"github-pages":     {Name: "GitHub Pages", Source: "docs.github.com, GitHub Pages limits, 2025", FileSize: 100 << 20, TotalSize: 1 << 30},
	"gitlab-pages":     {Name: "GitLab Pages", Source: "gitlab-pages merge request 555 and gitlab issue 405048, 2023", Files: 200000, TotalSize: 1 << 30, Rules: 1000, Patterns: 1000, RuleBytes: 64 << 10, Redirects: true},
	"netlify":          {Name: "Netlify", Source: "docs.netlify.com/manage/routing/redirects, 2026; netlify/build issue 2193", Rules: 10000, Patterns: 10000, Redirects: true, Headers: true, Unwritten: "#?"},
	"vercel":           {Name: "Vercel", Source: "vercel.com/docs/limits, 2024", TotalSize: 100 << 20},
}

// HostNames are the names by which --host knows them, sorted.
func HostNames() []string { return slices.Sorted(maps.Keys(Hosts)) }

// An Edition is what a host would have to take.
type Edition struct {
	Files     map[string]int64 // the size of each, by its path; -1 if it is not known
	Rules     int              // of _redirects, without patterns
	Patterns  int
	RuleBytes int64
	Headers   bool // the site has a _headers file of its own
}

// Takes lists what a host cannot take of an edition: each with the file that it is
// about, "" for all of them.
func (h Host) Takes(e Edition) (all []diag.Problem) {
	say := func(file, hint, format string, args ...any) {
		all = append(all, diag.Problem{Path: file, Text: fmt.Sprintf(format, args...), Hint: hint})
	}
	if n := len(e.Files); h.Files > 0 && n > h.Files {
		say("", "take another host or plan, or make fewer pages: archive: off and feeds: {terms: false} in site.yaml", "the edition has %d files, %s takes %d", n, h.Name, h.Files)
	}
	var total int64
	for _, name := range slices.Sorted(maps.Keys(e.Files)) {
		size := e.Files[name]
		total += max(0, size)
		if h.FileSize > 0 && size > h.FileSize {
			say(name, "make it smaller, or put it somewhere else", "the file %s has %s, %s takes files up to %s", name, megabytes(size), h.Name, megabytes(h.FileSize))
		}
		if i := strings.IndexAny(name, h.Unwritten); i >= 0 {
			say(name, "rename it", "%s takes no file whose name has %q, as %s has", h.Name, name[i:i+1], path.Base(name))
		}
	}
	if h.TotalSize > 0 && total > h.TotalSize {
		say("", "take another host or plan, or smaller pictures: images: {widths: …} in site.yaml", "the edition has more than %s, %s takes %s", megabytes(total), h.Name, megabytes(h.TotalSize))
	}
	if h.Rules > 0 && e.Rules > h.Rules {
		say("_redirects", "old addresses have pages of their own that lead on, which still work; take redirects out of site.yaml that nobody needs", "there are %d redirects, %s reads %d", e.Rules, h.Name, h.Rules)
	}
	if h.Patterns > 0 && e.Patterns > h.Patterns {
		say("_redirects", "put several into one, with * or :name", "there are %d redirects with * or :name, %s reads %d", e.Patterns, h.Name, h.Patterns)
	}
	if h.RuleBytes > 0 && e.RuleBytes > h.RuleBytes {
		say("_redirects", "take out what nobody needs: the pages at old addresses still lead on", "_redirects has %s, %s reads %s", megabytes(e.RuleBytes), h.Name, megabytes(h.RuleBytes))
	}
	if !h.Redirects && e.Patterns > 0 {
		say("_redirects", "write each address by itself, so that a page is made there that leads on", "%s does not read _redirects, so that redirects with * or :name do nothing there", h.Name)
	}
	if !h.Headers && e.Headers {
		say("_headers", "set them where the host has it, or do without", "%s does not read _headers", h.Name)
	}
	return all
}

func megabytes(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KB", (n+1023)>>10)
	}
	return fmt.Sprintf("%d MB", (n+1<<20-1)>>20)
}
