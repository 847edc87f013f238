package config

import (
	"cmp"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"stet/internal/diag"
	"stet/internal/fields"
)

// A Target is where `stet deploy` sends an edition to.
type Target struct {
	Name      string
	To        string            // a folder, or an address with one of Schemes
	BaseURL   string            // the site's, if it names no other
	NoIndex   bool              // search engines are asked to leave it out
	Compress  []string          // Compressions in which files are sent beside the plain ones
	Redirects string            // RedirectObjects, or "" for pages that lead on
	Cache     map[string]string // Cache-Control by kind of file, one of Cached
	Line      int
}

// What the keys of a target may say.
var (
	Schemes      = []string{"s3", "sftp", "git+ssh", "git+https", "git+file"}
	Compressions = []string{"br", "gzip"}
	Cached       = []string{"page", "list", "feed", "sitemap", "other"}
	targetKeys   = []string{"to", "base_url", "noindex", "compress", "redirects", "cache"}
)

// RedirectObjects has redirects sent as empty objects that S3 answers with the new
// address.
const RedirectObjects = "objects"

// secret finds what looks like a key or a password in the address of a target.
var secret = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(access_?key(_?id)?|secret(_?(access_?)?key)?|session_?token|token|password|passwd|aws_.*|key)$`)
})

func (p *parser) deploy(v *fields.Value) {
	p.Each(v, func(name, v *fields.Value) {
		if v.Kind != fields.Map {
			p.Error(v, p.Put(v, p.Inline("to", "/var/www/html", "base_url", "https://example.org/")), "the deploy target %q must be a map", name.Text)
			return
		}
		t := Target{Name: name.Text, Line: name.Line}
		p.Each(v, func(key, v *fields.Value) { p.target(&t, key, v) }, "to", "/srv/www")
		if t.To == "" && !slices.ContainsFunc(v.Pairs, func(pair fields.Pair) bool { return pair.Key.Text == "to" }) {
			p.Error(name, p.Add(v, "to", "/srv/www"), "the deploy target %q does not say where it is", name.Text)
		}
		if t.Redirects != "" && t.To != "" && !strings.HasPrefix(t.To, "s3://") {
			p.Error(name, "remove redirects: elsewhere _redirects or a page leads on", "the deploy target %q is no store that speaks S3, so it has no redirects that are objects", name.Text)
		}
		if scheme, _, remote := strings.Cut(t.To, "://"); remote && scheme != "sftp" && len(t.Compress) > 0 {
			p.Error(name, "remove compress: what stands before the store, or the host of the branch, compresses by itself", "the deploy target %q gives each address one body, so it has no files that are compressed beside the others", name.Text)
		}
		if p.Deploy == nil {
			p.Deploy = map[string]Target{}
		}
		p.Deploy[name.Text] = t
	}, "live", "{to: /srv/www}")
}

func (p *parser) target(t *Target, key, v *fields.Value) {
	switch key.Text {
	case "to":
		t.To = p.place(v)
	case "base_url":
		t.BaseURL = p.address(v)
	case "noindex":
		t.NoIndex = p.Bool(v)
	case "compress":
		for i, how := range p.Texts(v) {
			if slices.Contains(Compressions, how) {
				t.Compress = append(t.Compress, how)
				continue
			}
			where := v
			if v.Kind == fields.List && i < len(v.Items) {
				where = v.Items[i]
			}
			p.Error(where, p.Put(v, "[br, gzip]"), "files cannot be compressed as %q: br and gzip are known", how)
		}
	case "redirects":
		t.Redirects = p.Choice(v, RedirectObjects)
	case "cache":
		p.Each(v, func(key, v *fields.Value) {
			switch {
			case key.Text == "asset":
				p.Error(key, "remove it: the name of an asset changes with its bytes, so it is kept for a year", "how long an asset is kept cannot be said")
			case !slices.Contains(Cached, key.Text):
				p.Unknown(key, Cached, "")
			default:
				if t.Cache == nil {
					t.Cache = map[string]string{}
				}
				t.Cache[key.Text] = p.cacheControl(v)
			}
		}, "page", "max-age=300")
	default:
		if secret().MatchString(key.Text) {
			p.secret(key, fmt.Sprintf("%q", key.Text))
			return
		}
		p.Unknown(key, targetKeys, "")
	}
}

// credentials is what to do instead of writing secrets into site.yaml.
const credentials = "remove it and change what was written here; stet deploy takes AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY from the environment\nor from ~/.aws/credentials, and for SFTP and git the keys of your ssh agent"

// secret says where one is, without showing the line: it would stand in a log.
func (p *parser) secret(v *fields.Value, what string) {
	p.Problems = append(p.Problems, diag.Problem{Severity: diag.Error, Path: p.Path, Hint: credentials,
		Text: fmt.Sprintf("line %d: %s does not belong into site.yaml, which others can read", v.Line, what)})
}

var cacheControl = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[a-z-]+(="?[0-9]+"?)?( *, *[a-z-]+(="?[0-9]+"?)?)*$`)
})

func (p *parser) cacheControl(v *fields.Value) string {
	said := p.Text(v)
	if said != "" && !cacheControl().MatchString(said) {
		p.Error(v, p.Line(v, "max-age=300"), "%q is no Cache-Control", said)
	}
	return said
}

// address is a base URL.
func (p *parser) address(v *fields.Value) string {
	said := p.Text(v)
	if said == "" {
		return ""
	}
	normal, err := baseURL(said)
	if err != nil {
		p.Error(v, p.Line(v, "https://www.example.org/"), "%s", err)
	}
	return normal
}

// place is where a target is.
func (p *parser) place(v *fields.Value) string {
	to := strings.TrimSpace(p.Text(v))
	scheme, rest, ok := strings.Cut(to, "://")
	if !ok {
		if host, dir, remote := strings.Cut(to, ":"); remote && !filepath.IsAbs(to) && len(host) > 1 && !strings.ContainsAny(host, `/\`) {
			p.Error(v, p.Line(v, "sftp://"+host+"/"+strings.TrimLeft(dir, "/")), "%q is neither a folder nor an address", to)
		}
		return to
	}
	if !slices.Contains(Schemes, scheme) {
		hint := "write a folder, or an address that begins with " + strings.Join(Schemes, "://, ") + "://"
		if near := diag.Nearest(scheme, Schemes); near != "" {
			hint = p.Line(v, near+"://"+rest)
		}
		p.Error(v, hint, "stet cannot send to %s://", scheme)
		return ""
	}
	u, err := url.Parse(to)
	if err != nil {
		p.Error(v, p.Line(v, example[scheme]), "that is no address")
		return ""
	}
	if _, has := u.User.Password(); has || scheme == "s3" && u.User != nil {
		p.secret(v, "a password")
		return ""
	}
	if u.Host == "" && scheme != "git+file" {
		p.Error(v, p.Line(v, example[scheme]), "%s", map[bool]string{true: "no bucket is named", false: "no host is named"}[scheme == "s3"])
	}
	for key := range u.Query() {
		known := []string{}
		if scheme == "s3" {
			known = []string{"endpoint", "region", "profile", "style"}
		}
		if strings.HasPrefix(scheme, "git+") {
			known = []string{"path", "history"}
		}
		switch {
		case secret().MatchString(key):
			p.secret(v, fmt.Sprintf("%q", key))
		case !slices.Contains(known, key):
			hint := "remove what stands from the ? on"
			if len(known) > 0 {
				hint = fmt.Sprintf("did you mean %s? Known are %s", cmp.Or(diag.Nearest(key, known), known[0]), strings.Join(known, ", "))
			}
			p.Error(v, hint, "a target of %s:// has no %q", scheme, key)
		}
	}
	return to
}

// example is an address of a kind of target.
var example = map[string]string{
	"s3": "s3://my-bucket?region=eu-central-1", "sftp": "sftp://deploy@example.org/var/www/html",
	"git+ssh": "git+ssh://git@codeberg.org/me/pages.git#pages", "git+https": "git+https://github.com/me/me.github.io.git#gh-pages", "git+file": "git+file:///srv/pages.git",
}
