package feeds

import (
	"encoding/json"
	"fmt"
	"time"

	"stet/internal/page"
	"stet/internal/site"
)

// Small files that machines read.

// robots makes robots.txt (RFC 9309), which keeps out only whom the site keeps
// out, and names the sitemaps if the site knows where they will stand.
func robots(ask *page.Ask, _ page.Page, to *page.Content) error {
	s, err := must[site.SmallFiles](ask, "smallfiles", "")
	if err != nil {
		return err
	}
	for i, r := range s.Robots {
		if i > 0 {
			to.Body.WriteByte('\n')
		}
		to.Body.WriteString("User-agent: " + r.Name + "\n")
		for _, path := range r.Paths {
			at, err := page.Get[string](ask, "url", page.Args(path))
			if err != nil {
				return err
			}
			to.Body.WriteString("Disallow: " + escapeURL(at) + "\n")
		}
		if len(r.Paths) == 0 {
			to.Body.WriteString("Allow: /\n")
		}
	}
	for i, name := range []string{"/sitemap.xml", "/news-sitemap.xml"} {
		sitemap, err := absolute(ask, name)
		if err != nil || sitemap == "" {
			return err
		}
		if i == 0 {
			to.Body.WriteByte('\n')
		}
		to.Body.WriteString("Sitemap: " + escapeURL(sitemap) + "\n")
	}
	return nil
}

// trust makes trust.txt (draft-org-trust-relationship-protocol-01).
func trust(ask *page.Ask, _ page.Page, to *page.Content) error {
	s, err := must[site.SmallFiles](ask, "smallfiles", "")
	if err != nil {
		return err
	}
	for _, line := range s.Trust {
		fmt.Fprintf(&to.Body, "%s=%s\n", line.Name, escapeURL(line.Value))
	}
	return nil
}

// security makes security.txt (RFC 9116).
func security(ask *page.Ask, p page.Page, to *page.Content) error {
	s, err := must[site.SmallFiles](ask, "smallfiles", "")
	if err != nil {
		return err
	}
	for _, line := range s.Security {
		fmt.Fprintf(&to.Body, "%s: %s\n", line.Name, escapeURL(line.Value))
	}
	fmt.Fprintf(&to.Body, "Expires: %s\n", s.Expires.Format(time.RFC3339))
	at, err := absolute(ask, "/"+p.Path)
	if at != "" {
		fmt.Fprintf(&to.Body, "Canonical: %s\n", escapeURL(at))
	}
	return err
}

// framed says that no other site shows a page in a frame. Browsers heed it in a
// header alone.
const framed = "frame-ancestors 'self'"

// headers makes the _headers file that hosts such as Netlify and Cloudflare Pages
// read. No path has the same header by two rules: such hosts would join them. The
// policy is for pages alone: with it, Chrome shows no PDF (crbug.com/271452). To
// Netlify */ is the same as *, but of two rules it heeds the one below.
func headers(ask *page.Ask, _ page.Page, to *page.Content) error {
	s, err := must[site.SmallFiles](ask, "smallfiles", "")
	if err != nil {
		return err
	}
	base, err := page.Get[string](ask, "url", page.Args("/"))
	if err != nil {
		return err
	}
	rule := func(path string, lines ...string) {
		to.Body.WriteString(escapeURL(base+path) + "\n")
		for _, line := range lines {
			to.Body.WriteString("  " + line + "\n")
		}
	}
	policy, err := page.Get[string](ask, "policy", "")
	if err != nil {
		return err
	}
	rule("*", "X-Content-Type-Options: nosniff", "Referrer-Policy: strict-origin-when-cross-origin")
	for _, pages := range []string{"", "*/", "*.html"} {
		rule(pages, "Content-Security-Policy: "+policy+"; "+framed)
	}
	rule("*.pdf", "Content-Security-Policy: "+framed)
	const lasting = "Cache-Control: public, max-age=31536000, immutable"
	rule("assets/*", lasting)
	if s.Pictures {
		rule("img/*", lasting)
	}
	for _, f := range []struct{ name, kind string }{
		{"feed.xml", "application/rss+xml"}, {"atom.xml", "application/atom+xml"}, {"feed.json", "application/feed+json"}, {"manifest.webmanifest", "application/manifest+json"},
	} {
		rule(f.name, "Content-Type: "+f.kind+"; charset=utf-8")
		rule("*/"+f.name, "Content-Type: "+f.kind+"; charset=utf-8")
	}
	return nil
}

// A webManifest is what browsers are told that put the site among apps (W3C Web
// Application Manifest).
type webManifest struct {
	Name        string         `json:"name"`
	ShortName   string         `json:"short_name,omitempty"`
	Description string         `json:"description,omitempty"`
	Lang        string         `json:"lang"`
	Dir         string         `json:"dir"`
	Start       string         `json:"start_url"`
	Display     string         `json:"display"`
	Theme       string         `json:"theme_color,omitempty"`
	Background  string         `json:"background_color,omitempty"`
	Icons       []manifestIcon `json:"icons,omitempty"`
}

type manifestIcon struct {
	Src   string `json:"src"`
	Type  string `json:"type,omitempty"`
	Sizes string `json:"sizes,omitempty"`
}

// manifest makes the web manifest of an edition.
func manifest(ask *page.Ask, p page.Page, to *page.Content) error {
	m, err := must[site.Manifest](ask, "manifest", p.Args)
	if err != nil {
		return err
	}
	d := webManifest{Name: clean(m.Name), ShortName: clean(m.ShortName), Description: clean(m.Description), Lang: clean(m.Lang), Dir: m.Dir,
		Start: escapeURL(m.Start), Display: "browser", Theme: clean(m.Theme), Background: clean(m.Background)}
	for _, src := range m.Icons {
		pic, err := page.Get[*site.Media](ask, "media", page.Args(src, m.Lang, "asis"))
		if err != nil {
			return err
		}
		if pic == nil {
			continue
		}
		icon := manifestIcon{Src: escapeURL(pic.URL), Type: pic.Type}
		switch {
		case pic.Type == "image/svg+xml":
			icon.Sizes = "any"
		case pic.Width > 0:
			icon.Sizes = fmt.Sprintf("%dx%d", pic.Width, pic.Height)
		}
		d.Icons = append(d.Icons, icon)
	}
	return writeJSON(to, d)
}

// writeJSON writes a document, one value a line.
func writeJSON(to *page.Content, document any) error {
	e := json.NewEncoder(&to.Body)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(document)
}
