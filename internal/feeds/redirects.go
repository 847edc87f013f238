package feeds

import (
	"fmt"
	"strings"

	"stet/internal/diag"
	"stet/internal/page"
	"stet/internal/site"
)

// redirects makes the _redirects file that hosts such as Netlify and Cloudflare
// Pages read: one line for each old URL.
func redirects(ask *page.Ask, _ page.Page, to *page.Content) error {
	all, err := page.Get[[]site.Redirect](ask, "redirects", "")
	if err != nil {
		return err
	}
	for _, r := range all {
		status := r.Status
		if status == 0 {
			status = 301
		}
		if err := safeTarget(r); err != nil {
			return err
		}
		fmt.Fprintf(&to.Body, "%s %s %d\n", pattern(r.From), escapeURL(r.To), status)
	}
	return nil
}

// pattern writes the URL that is led away from. A query stands apart, as
// "name=value" for each of its parts.
func pattern(from string) string {
	from, query, _ := strings.Cut(from, "?")
	line := strings.ReplaceAll(escapeURL(from), "#", "%23")
	for part := range strings.SplitSeq(query, "&") {
		if part != "" {
			line += " " + strings.ReplaceAll(escapeURL(part), "#", "%23")
		}
	}
	return line
}

// safeTarget refuses what is no address on the web, such as javascript:.
func safeTarget(r site.Redirect) error {
	if !foreign(r.To) && strings.TrimSpace(r.To) != "" {
		return nil
	}
	return diag.Problem{
		Severity: diag.Error,
		Text:     fmt.Sprintf("the redirect from %q leads to %q, which is no web address", r.From, r.To),
		Hint:     "let it lead to a path of this site, such as /world/, or to an address that begins with https://",
	}
}

// redirect makes the HTML page that stands at an old URL, for hosts that do not
// read _redirects.
func redirect(ask *page.Ask, p page.Page, to *page.Content) error {
	r, err := must[site.Redirect](ask, "redirect", page.Args(p.Path))
	if err != nil {
		return err
	}
	if err := safeTarget(*r); err != nil {
		return err
	}
	root, err := absolute(ask, "/")
	if err != nil {
		return err
	}
	target := escapeValue(escapeURL(r.To))
	canonical := escapeValue(placeOf(root, "/").resolve(r.To))
	fmt.Fprintf(&to.Body, `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<title>%[3]s</title>
<link rel="canonical" href="%[2]s">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url=%[1]s">
</head>
<body>
<p><a href="%[1]s">%[3]s</a></p>
</body>
</html>
`, target, canonical, escapeHTML(r.To))
	return nil
}
