package config

import (
	"cmp"
	"fmt"
	"net/mail"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"stet/internal/fields"
)

// Small files that machines read: robots.txt, trust.txt, security.txt and the
// web manifest.

// A Robot says from what a crawler is kept out (RFC 9309).
type Robot struct {
	Name  string   // as it names itself, or "*"
	Paths []string // from the root of the site; "/" is all of it
}

// A Statement is a line of trust.txt, or of security.txt.
type Statement struct{ Name, Value string }

// Security is what security.txt says (RFC 9116); there is none without contact.
type Security struct {
	Fields  []Statement // in the order of the file, but for when they expire
	Expires fields.When
	At      Named // where that is written
}

// Manifest is what the web manifest says beside what is known of the paper.
type Manifest struct {
	ShortName, ThemeColor, BackgroundColor string
	Icons                                  []Named // paths in static/, from the root of the site
}

// robotName is what a crawler may call itself.
var robotName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\*|[A-Za-z_-]+)$`) })

// robots reads who is kept out of what: off for all, or paths.
func (p *parser) robots(v *fields.Value) {
	groups := map[string]*fields.Value{}
	p.Each(v, func(key, v *fields.Value) {
		r := Robot{Name: key.Text}
		if first := groups[strings.ToLower(key.Text)]; first != nil {
			p.Error(key, fmt.Sprintf("did you mean %q? Put what is said here to line %d, and remove this", first.Text, first.Line),
				"%q is %q of line %d: crawlers do not tell capitals and small letters apart", key.Text, first.Text, first.Line)
			return
		}
		groups[strings.ToLower(key.Text)] = key
		if !robotName().MatchString(key.Text) {
			p.Error(key, "write it as the crawler names itself, in letters, - and _, without its version, or \"*\" for all", "%q is no name of a crawler", key.Text)
			return
		}
		if v.Kind == fields.Text && v.Style == fields.Bool {
			if !p.Bool(v) {
				r.Paths = []string{"/"}
			}
			p.Robots = append(p.Robots, r)
			return
		}
		if v.Empty() || v.Kind == fields.Map {
			p.Error(v, p.Put(v, "off"), "it is not said from what %s is kept out: off is all, else name paths", key.Text)
			return
		}
		for i, at := range p.Texts(v) {
			where := v
			if v.Kind == fields.List && i < len(v.Items) {
				where = v.Items[i]
			}
			if !strings.HasPrefix(at, "/") || strings.ContainsAny(at, " \t\r\n#") {
				meant := at
				if u, err := url.Parse(at); err == nil && u.Host != "" {
					meant = u.Path
				}
				meant = "/" + strings.Trim(strings.ReplaceAll(meant, " ", "%20"), "/#") + "/"
				p.Error(where, p.Line(where, strings.Replace(meant, "//", "/", 1)), "a crawler is kept out of paths that begin with /, not of %q", at)
				continue
			}
			r.Paths = append(r.Paths, at)
		}
		p.Robots = append(p.Robots, r)
	}, "GPTBot", "off")
}

// trustNames are those of trust.txt, in the order in which they are written.
var trustNames = []string{"member", "belongto", "control", "controlledby", "social", "vendor", "customer", "disclosure", "contact", "datatrainingallowed"}

// trust reads the lines of trust.txt.
func (p *parser) trust(v *fields.Value) {
	said := map[string][]string{}
	p.Each(v, func(key, v *fields.Value) {
		switch {
		case !slices.Contains(trustNames, key.Text):
			p.Unknown(key, trustNames, "trust_txt")
		case key.Text == "datatrainingallowed":
			if v.Kind == fields.Text && v.Style == fields.Bool {
				said[key.Text] = []string{map[bool]string{true: "yes", false: "no"}[p.Bool(v)]}
			} else if choice := p.Choice(v, "no", "yes"); choice != "" {
				said[key.Text] = []string{choice}
			}
		default:
			kind := onWeb
			if key.Text == "contact" {
				kind = reaching
			}
			said[key.Text] = p.addresses(v, kind, "https://www.example.org/")
		}
	}, "member", "https://www.example.org/")
	for _, name := range trustNames {
		for _, value := range said[name] {
			p.Trust = append(p.Trust, Statement{name, value})
		}
	}
}

// An addressing is what kinds of addresses there may be.
type addressing int

const (
	onWeb    addressing = iota
	reaching            // of mail and telephone too
	ofKey               // any that RFC 9116 lets name a key
)

// begins says how such addresses begin.
var begins = map[addressing]string{onWeb: "https://", reaching: "https://, mailto: or tel:", ofKey: "https://, openpgp4fpr: or dns:"}

func (a addressing) takes(u *url.URL) bool {
	switch {
	case u.Scheme == "https" || u.Scheme == "http":
		return u.Host != ""
	case a == reaching:
		return u.Opaque != "" && (u.Scheme == "mailto" || u.Scheme == "tel")
	}
	return a == ofKey && u.Scheme != "" && !strings.Contains(u.Scheme, ".") && u.Opaque+u.Host+u.Path != "" // which is no host with a port
}

// addresses are whole ones of a kind.
func (p *parser) addresses(v *fields.Value, kind addressing, example string) (all []string) {
	for i, text := range p.Texts(v) {
		at := v
		if v.Kind == fields.List && i < len(v.Items) {
			at = v.Items[i]
		}
		text = strings.TrimSpace(text)
		u, err := url.Parse(text)
		if err == nil && kind.takes(u) && (kind == reaching && u.Opaque != "" || !strings.ContainsAny(text, " \t\r\n")) {
			all = append(all, text)
			continue
		}
		if text == "" {
			p.Error(at, p.Line(at, example), "an address is missing")
			continue
		}
		p.Error(at, p.Line(at, likely(text, kind, example)), "an address begins with %s, not as %q", begins[kind], text)
	}
	return all
}

// fingerprint is that of an OpenPGP key, as programs show it.
var fingerprint = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?i:[0-9a-f]{4} *){10}$`) })

// likely is the whole address that was probably meant.
func likely(text string, kind addressing, example string) string {
	host, _, _ := strings.Cut(text, "/")
	switch _, err := mail.ParseAddress(text); {
	case kind == reaching && err == nil && !strings.Contains(text, "<"):
		return "mailto:" + text
	case kind == reaching && strings.HasPrefix(text, "+") && strings.Trim(text, "+0123456789 -()") == "":
		return "tel:" + strings.Map(func(r rune) rune {
			if strings.ContainsRune("+0123456789", r) {
				return r
			}
			return -1
		}, text)
	case kind == ofKey && fingerprint().MatchString(text):
		return "openpgp4fpr:" + strings.ToLower(strings.ReplaceAll(text, " ", ""))
	case strings.Contains(host, ".") && !strings.ContainsAny(text, " ") && !strings.ContainsAny(host, ":@"):
		return "https://" + text
	}
	return example
}

// securityNames are the fields of security.txt, by key. That it lies where it
// lies is known.
var securityNames = map[string]string{"contact": "Contact", "encryption": "Encryption", "acknowledgments": "Acknowledgments", "policy": "Policy", "hiring": "Hiring"}

// security reads what security.txt says. It must say how to reach somebody, and
// until when that holds.
func (p *parser) security(v *fields.Value) {
	keys := []string{"contact", "expires", "encryption", "acknowledgments", "policy", "hiring"}
	var problem bool
	p.Each(v, func(key, v *fields.Value) {
		before := len(p.Problems)
		switch name := securityNames[key.Text]; {
		case key.Text == "expires":
			p.Security.Expires, p.Security.At = p.When(v), Named{v.Text, v.Line, v.Column, v.Length}
		case name == "":
			p.Unknown(key, keys, "security_txt")
		default:
			kind := map[string]addressing{"contact": reaching, "encryption": ofKey}[key.Text]
			for _, value := range p.addresses(v, kind, "https://www.example.org/security/") {
				if strings.HasPrefix(value, "http:") {
					p.Error(v, p.Line(v, "https:"+strings.TrimPrefix(value, "http:")), "security.txt names web pages by https:// only")
					continue
				}
				p.Security.Fields = append(p.Security.Fields, Statement{name, value})
			}
		}
		problem = problem || len(p.Problems) > before
	}, "contact", "mailto:security@example.org")
	if v.Kind != fields.Map || problem {
		return
	}
	if !slices.ContainsFunc(p.Security.Fields, func(s Statement) bool { return s.Name == "Contact" }) {
		p.Error(v, p.Add(v, "contact", "mailto:security@example.org"), "security.txt must say whom to reach: contact is missing")
	}
	if p.Security.Expires.IsZero() {
		p.Error(v, p.Add(v, "expires", "2027-06-30"), "security.txt must say until when it holds: expires is missing")
	}
}

// colours are those that people call by name: the first of CSS.
var colours = map[string]string{
	"black": "#000000", "silver": "#c0c0c0", "gray": "#808080", "grey": "#808080", "white": "#ffffff", "maroon": "#800000", "red": "#ff0000",
	"purple": "#800080", "fuchsia": "#ff00ff", "green": "#008000", "lime": "#00ff00", "olive": "#808000", "yellow": "#ffff00", "orange": "#ffa500",
	"navy": "#000080", "blue": "#0000ff", "teal": "#008080", "aqua": "#00ffff",
}

var manifestKeys = []string{"short_name", "icons", "theme_color", "background_color"}

// manifest reads what the web manifest says.
func (p *parser) manifest(v *fields.Value) {
	p.Each(v, func(key, v *fields.Value) {
		switch key.Text {
		case "short_name":
			p.Manifest.ShortName = p.Text(v)
		case "theme_color":
			p.Manifest.ThemeColor = p.colour(v)
		case "background_color":
			p.Manifest.BackgroundColor = p.colour(v)
		case "icons":
			p.icons(v)
		default:
			p.Unknown(key, manifestKeys, "manifest")
		}
	}, "short_name", "The Post")
}

func (p *parser) icons(v *fields.Value) {
	for i, name := range p.Texts(v) {
		at := v
		if v.Kind == fields.List && i < len(v.Items) {
			at = v.Items[i]
		}
		tidy := inStatic(name)
		endings := []string{".png", ".svg", ".webp", ".jpg", ".ico"}
		switch ext := strings.ToLower(path.Ext(tidy)); {
		case tidy != name:
			p.Error(at, p.Line(at, tidy), "an icon is a file of static/, written from the root of the site, not %q", name)
		case !slices.Contains(endings, ext):
			p.Error(at, "give a picture that ends in .png or .svg", "an icon is a picture, not %q", name)
		default:
			p.Manifest.Icons = append(p.Manifest.Icons, Named{name, at.Line, at.Column, at.Length})
		}
	}
}

// colour reads one of the manifest; it is as it is written.
func (p *parser) colour(v *fields.Value) string {
	if v.Empty() { // what begins with # is a comment
		hint := p.Put(v, `"#1a5276"`)
		if meant := commented(v); meant != "" {
			hint = p.Line(v, meant)
		}
		p.Error(v, hint, "%s is missing; a colour that begins with # needs quotes", v.Name)
		return ""
	}
	text := strings.TrimSpace(p.Text(v))
	_, is := parseColour(text)
	if is && strings.HasPrefix(text, "#") {
		return text
	}
	hint := cmp.Or(colours[strings.ToLower(text)], "#1a5276")
	if is {
		hint = "#" + text
	}
	p.Error(v, p.Put(v, `"`+hint+`"`), "%s must be # and 3 or 6 hexadecimal digits, not %q", v.Name, text)
	return text
}
