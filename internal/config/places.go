package config

import (
	"errors"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"stet/internal/diag"
	"stet/internal/fields"
)

// What names a place: the site's address, the patterns of its articles'
// addresses, redirects, and its time zone.

func (p *parser) baseURL(v *fields.Value) {
	written := strings.TrimSpace(p.Text(v))
	if written == "" {
		return
	}
	normal, err := baseURL(written)
	if err != nil {
		host, likely := strings.TrimLeft(written, "/"), "https://example.org/"
		if strings.Contains(host, ".") && !strings.ContainsAny(host, " :?#") {
			likely = "https://" + strings.TrimSuffix(host, "/") + "/"
		}
		p.Error(v, p.Line(v, likely), "%s", err)
	}
	p.BaseURL = normal
}

func baseURL(written string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(written))
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return "", errors.New("base_url must be a whole address that begins with https:// or http://")
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery || u.User != nil:
		return "", errors.New("base_url must be an address without ?, # or a user's name")
	}
	u.Host = strings.ToLower(u.Host)
	u.Path = strings.TrimSuffix(path.Clean("/"+u.Path), "/") + "/"
	u.RawPath = ""
	return u.String(), nil
}

// placeholders are what patterns of addresses are made of.
var placeholders = []string{"section", "path", "year", "month", "day", "slug", "id"}

func (p *parser) urls(v *fields.Value) {
	if v.Kind == fields.Text {
		p.pattern("default", v)
		return
	}
	p.Each(v, func(key, v *fields.Value) { p.pattern(key.Text, v) }, "default", DefaultPattern)
}

func (p *parser) pattern(section string, v *fields.Value) {
	pattern := p.Text(v)
	if pattern == "" {
		return
	}
	rest, bad := pattern, false
	for !bad {
		before, after, found := strings.Cut(rest, "{")
		if bad = strings.ContainsAny(before, "}?#% \\"); !found || bad {
			break
		}
		name, next, closed := strings.Cut(after, "}")
		if !closed {
			p.Error(v, p.Line(v, pattern+"}/"), "a brace that is not closed")
			return
		}
		if !slices.Contains(placeholders, name) {
			p.placeholder(v, name)
			return
		}
		rest = next
	}
	fixed := strings.TrimSuffix("/"+strings.Trim(pattern, "/"), ".html")
	switch {
	case bad || strings.Contains(pattern, "//") || strings.Contains(pattern, "/."):
		p.Error(v, p.Line(v, DefaultPattern), "a pattern of addresses is made of letters, / and placeholders in braces")
	case !strings.Contains(pattern, "{slug}") && !strings.Contains(pattern, "{id}"):
		p.Error(v, p.Line(v, fixed+"/{slug}/"), "a pattern without {slug} or {id} gives many stories one address")
	case !strings.HasPrefix(pattern, "/"), !strings.HasSuffix(pattern, "/") && !strings.HasSuffix(pattern, ".html"):
		p.Error(v, p.Line(v, fixed+"/"), "a pattern begins with / and ends with / or .html")
	default:
		p.URLs[section] = pattern
	}
}

func (p *parser) placeholder(v *fields.Value, name string) {
	hint := "there are {" + strings.Join(placeholders, "} {") + "}"
	if near := diag.Nearest(name, placeholders); near != "" {
		hint = p.Line(v, strings.Replace(v.Text, "{"+name+"}", "{"+near+"}", 1))
	}
	p.Error(v, hint, "there is no placeholder {%s} in addresses", name)
}

func (p *parser) redirects(v *fields.Value) {
	switch v.Kind {
	case fields.List:
		for _, item := range v.Items {
			p.redirect(item)
		}
	default:
		p.Each(v, func(from, to *fields.Value) {
			p.addRedirect(from, Redirect{From: from.Text, To: p.Text(to), Status: 301, Line: from.Line, Column: from.Column, Length: from.Length})
		}, "/old/", "/new/")
	}
}

func (p *parser) redirect(v *fields.Value) {
	if v.Kind != fields.Map {
		p.Error(v, p.Put(v, p.Inline("from", "/old/", "to", "/new/")), "a redirect must have from and to")
		return
	}
	r := Redirect{Status: 301, Line: v.Line}
	p.Each(v, func(key, v *fields.Value) {
		switch key.Text {
		case "from":
			r.From, r.Line, r.Column, r.Length = p.Text(v), v.Line, v.Column, v.Length
		case "to":
			r.To = p.Text(v)
		case "status":
			r.Status = p.Int(v)
		default:
			p.Unknown(key, []string{"from", "to", "status"}, "a redirect")
		}
	})
	p.addRedirect(v, r)
}

func (p *parser) addRedirect(where *fields.Value, r Redirect) {
	switch {
	case r.Status == 410 && r.To != "":
		p.Error(where, p.Put(where, p.Inline("from", r.From, "status", "410")), "what is gone (410) leads nowhere")
	case where.Kind == fields.Map && r.From == "":
		p.Error(where, p.Add(where, "from", "/old/"), "a redirect must have from and to")
	case where.Kind == fields.Map && r.To == "" && r.Status != 410:
		p.Error(where, p.Add(where, "to", "/new/"), "a redirect must have from and to")
	case r.From == "" || r.To == "" && r.Status != 410:
		p.Error(where, "/old/: /new/", "a redirect must have from and to")
	case !strings.HasPrefix(r.From, "/") || strings.HasPrefix(r.From, "//"):
		p.Error(where, "write it from the root, such as /old/", "a redirect leads from an address of this site, not from %q", r.From)
	case r.Status != 410 && !address(r.To):
		p.Error(where, "write it as /new/ or https://example.org/", "a redirect leads to an address, not to %q", r.To)
	case r.From == r.To:
		p.Error(where, "remove it", "this redirect leads to itself")
	case !slices.Contains([]int{301, 302, 303, 307, 308, 410}, r.Status):
		p.Error(where, p.Put(where.Get("status"), "301"), "%d is not the status of a redirect", r.Status)
	default:
		p.Redirects = append(p.Redirects, r)
	}
}

// address tells whether a link is one of the site's own, or a whole one.
func address(s string) bool {
	if strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") {
		u, err := url.Parse(s)
		return err == nil && u.Host != ""
	}
	return strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//")
}

func (p *parser) timezone(v *fields.Value) {
	name := strings.TrimSpace(p.Text(v))
	if name == "" {
		return
	}
	zone, err := time.LoadLocation(name)
	odd := strings.EqualFold(name, "local") || !slices.Contains(zones, name) && folded(name) != ""
	if err == nil && !odd {
		p.Timezone, p.Zone = name, zone
		return
	}
	if near := nearestZone(name); near != "" {
		p.Error(v, p.Line(v, near), "there is no time zone %q", name)
		return
	}
	p.Error(v, "name it by its region and largest city, such as Asia/Baghdad or Europe/Berlin", "there is no time zone %q", name)
}

// folded is the zone that differs from name in letter case only.
func folded(name string) string {
	for _, zone := range zones {
		if strings.EqualFold(zone, name) {
			return zone
		}
	}
	return ""
}

// nearestZone is the zone that was probably meant, by its whole name or by its
// city alone.
func nearestZone(name string) string {
	if zone := folded(name); zone != "" {
		return zone
	}
	if zone := diag.Nearest(name, zones); zone != "" {
		return zone
	}
	cities := make([]string, len(zones))
	for i, zone := range zones {
		cities[i] = path.Base(zone)
	}
	city := path.Base(name)
	i := slices.IndexFunc(cities, func(c string) bool { return strings.EqualFold(c, strings.ReplaceAll(city, " ", "_")) })
	if i < 0 {
		i = slices.Index(cities, diag.Nearest(city, cities))
	}
	if i < 0 {
		return ""
	}
	return zones[i]
}
