package config

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"stet/internal/diag"
	"stet/internal/fields"
)

// Pages load what lies on the site itself. What they may load of other hosts
// site.yaml says by name, and the Content-Security-Policy that it makes has
// browsers hold to it, also in pages that nobody looked at.

// Allow lists the hosts that pages may use: names, perhaps with a port, or
// *.NAME for all below one.
type Allow struct{ Frame, Script, Connect, Form, Image, Media []string }

// Allowed are the keys of allow, each with what its hosts are for.
var Allowed = map[string]string{
	"frame":   "hosts of what is shown in a frame, such as films and maps",
	"script":  "hosts that scripts come from",
	"connect": "hosts that scripts send to and ask",
	"form":    "hosts that forms send to",
	"image":   "hosts that pictures come from",
	"media":   "hosts that films and recordings come from",
}

// HostPattern is what a host looks like.
const HostPattern = `((\*\.)?([a-zA-Z0-9-]+\.)+[a-zA-Z][a-zA-Z0-9-]*|localhost|[0-9]+(\.[0-9]+){3})(:[0-9]+)?`

var isHost = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^` + HostPattern + `$`) })

// hosts are those for one of Allowed, nil if there is none such.
func hosts(a *Allow, kind string) *[]string {
	switch kind {
	case "frame":
		return &a.Frame
	case "script":
		return &a.Script
	case "connect":
		return &a.Connect
	case "form":
		return &a.Form
	case "image":
		return &a.Image
	case "media":
		return &a.Media
	}
	return nil
}

func (p *parser) allow(v *fields.Value) {
	p.Each(v, func(key, v *fields.Value) {
		target := hosts(&p.Allow, key.Text)
		if target == nil {
			p.Unknown(key, slices.Sorted(maps.Keys(Allowed)), "allow")
			return
		}
		items := []*fields.Value{v}
		if v.Kind == fields.List {
			items = slices.DeleteFunc(slices.Clone(v.Items), func(item *fields.Value) bool { return item.Kind != fields.Text })
		}
		for i, written := range p.Texts(v) {
			host := strings.ToLower(strings.TrimSpace(written))
			switch at := items[i]; {
			case host == "":
			case strings.Trim(strings.TrimPrefix(strings.TrimPrefix(host, "https:"), "http:"), "*./") == "":
				p.Error(at, p.Line(at, "www.example.org"), "%q would let in any host: name each, or write *.example.org for all below one", written)
			case !isHost().MatchString(host):
				p.Error(at, p.Line(at, bareHost(host)), "a host is a name such as www.example.org, without https:// and path, not %q", written)
			case !slices.Contains(*target, host):
				*target = append(*target, host)
			}
		}
	}, "frame", "www.example.org")
}

// bareHost is the host of what was written as an address.
func bareHost(written string) string {
	_, host, whole := strings.Cut(written, "//")
	if !whole {
		host = written
	}
	if end := strings.IndexAny(host, "/?#"); end >= 0 {
		host = host[:end]
	}
	if _, after, user := strings.Cut(host, "@"); user {
		host = after
	}
	if host = strings.TrimLeft(host, "*."); !isHost().MatchString(host) {
		return "www.example.org"
	}
	if strings.Contains(written, "*.") {
		return "*." + host
	}
	return host
}

// allows tells whether pages may use a host for one of Allowed.
func allows(a Allow, kind, host string) bool {
	list := hosts(&a, kind)
	return list != nil && slices.ContainsFunc(*list, func(one string) bool {
		below, wild := strings.CutPrefix(one, "*")
		return one == host || wild && strings.HasSuffix(host, below)
	})
}

// HostOf is the host of an address of another site, with its port if that is not
// the usual one; "" if it names none.
func HostOf(address string) string {
	if len(address) > 1 && address[0] == '/' && address[1] != '/' {
		return "" // as nearly all are
	}
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "" && u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	host := strings.ToLower(u.Host)
	if u.Scheme == "http" {
		return strings.TrimSuffix(host, ":80")
	}
	return strings.TrimSuffix(host, ":443")
}

// refusals say what a page may not do with a host that is not allowed.
var refusals = map[string]string{
	"frame": "nothing of %s may be shown in a frame here", "script": "no script may come from %s", "connect": "nothing may be sent to %s",
	"form": "no form may send to %s", "image": "no picture may come from %s", "media": "no film or recording may come from %s",
}

// Own tells whether a whole address is one of the site at a base URL, "" for a site
// that does not know where it is.
func Own(base, address string) bool { return base != "" && strings.HasPrefix(address, base) }

// Refusal says what is wrong with an address of another site than the one at a base
// URL, which a page uses for one of Allowed; nil if it may. Secure ones alone are loaded, but for pictures,
// films and recordings, which browsers ask for as if they were.
func Refusal(a Allow, base, kind, address string) *diag.Problem {
	host := HostOf(address)
	switch {
	case host == "" || Own(base, address):
		return nil
	case strings.HasPrefix(strings.ToLower(address), "http:") && kind != "image" && kind != "media" && kind != "form":
		return &diag.Problem{Severity: diag.Error, Text: "what a page loads must come by https:, not by http:", Hint: "write https:" + address[len("http:"):]}
	case allows(a, kind, host):
		return nil
	}
	hint, all := "allow that host in site.yaml:", append(slices.Clone(*hosts(&a, kind)), host)
	if kind == "image" {
		hint = "put the picture beside the story, or allow that host in site.yaml:"
	}
	return &diag.Problem{Severity: diag.Error, Text: strings.Replace(refusals[kind], "%s", host, 1) + ": site.yaml does not allow it",
		Hint: hint + "\nallow: {" + kind + ": [" + strings.Join(all, ", ") + "]}"}
}

// posts reports a newsletter that no browser would send to: the policy holds it back
// without a word.
func (p *parser) posts(v *fields.Value) {
	actions := []*fields.Value{v.Get("theme").Get("newsletter").Get("action")}
	if actions[0] == nil || p.noHosts {
		return
	}
	for _, one := range actions[0].Pairs { // by language
		actions = append(actions, one.Value)
	}
	for _, action := range actions {
		if !strings.HasPrefix(action.Text, "https:") || HostOf(action.Text) == HostOf(p.BaseURL) {
			continue
		}
		if r := Refusal(p.Allow, p.BaseURL, "form", action.Text); r != nil {
			p.Error(action, r.Hint, "%s", r.Text)
		}
	}
}

// Policy is the Content-Security-Policy of all pages: what they load is the
// site's own, or of a host that site.yaml allows; nothing that is written into a
// page is run, nor styles it.
func Policy(a Allow) string {
	with := func(directive string, hosts []string) string {
		words := []string{directive, "'self'"}
		for _, host := range hosts {
			words = append(words, host)
			if strings.Contains(host, ":") { // to a page that came by http:, as in a preview, a port means that scheme too
				words = append(words, "https://"+host)
			}
		}
		return strings.Join(words, " ")
	}
	return strings.Join([]string{
		"default-src 'none'", with("script-src", a.Script), "style-src 'self'", with("img-src", a.Image) + " data:", "font-src 'self'",
		with("media-src", a.Media), with("connect-src", a.Connect), with("frame-src", a.Frame), with("form-action", a.Form),
		"manifest-src 'self'", "object-src 'none'", "base-uri 'none'",
	}, "; ")
}
