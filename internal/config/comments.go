package config

import (
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"stet/internal/diag"
	"stet/internal/fields"
)

// What readers may say of stories.

// Comments says whether readers may comment, where, and how long.
type Comments struct {
	Service    string // where the service is; ends in a slash; "" if there is none
	Policy     Link   // what readers are to heed; without a title
	CloseAfter int    // days after publication; 0 is never
}

// Rating is what readers are asked below a story. Texts are by the tag of a
// language; "" is for all that have none.
type Rating struct {
	Asked             bool
	Question, Yes, No map[string]string
	Off               []Named // kinds of story and sections that are not asked about
}

// unrated are the kinds of story that readers are not asked about, if site.yaml
// does not say: a life, and what somebody has paid for.
var unrated = []Named{{Name: "obituary"}, {Name: "sponsored"}}

func (p *parser) comments(v *fields.Value) {
	p.Each(v, func(key, v *fields.Value) {
		switch key.Text {
		case "service":
			p.service(v)
		case "policy":
			to := strings.TrimSpace(p.Text(v))
			if to != "" && !address(to) {
				p.Error(v, p.Put(v, "/"+strings.TrimPrefix(to, "./")), "an address begins with / or https://, not %q", to)
				return
			}
			p.Comments.Policy = Link{URL: to, Line: v.Line, Column: v.Column, Length: v.Length}
		case "close_after":
			p.Comments.CloseAfter = p.days(v)
		default:
			p.Unknown(key, []string{"service", "policy", "close_after"}, "comments")
		}
	}, "service", "https://comments.example/")
}

// service reads where the service is. It may be below a path.
func (p *parser) service(v *fields.Value) {
	written := strings.TrimSpace(p.Text(v))
	if written == "" {
		return
	}
	u, err := url.Parse(written)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", !isHost().MatchString(strings.ToLower(u.Host)), strings.HasPrefix(u.Host, "*"):
		host, likely := strings.TrimLeft(written, "/"), "https://comments.example/"
		if strings.Contains(host, ".") && !strings.ContainsAny(host, " :?#@*") {
			likely = "https://" + strings.TrimSuffix(host, "/") + "/"
		}
		p.Error(v, p.Line(v, likely), "comments.service must be a whole address that begins with https:// or http://")
		return
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery || u.User != nil:
		u.RawQuery, u.Fragment, u.ForceQuery, u.User = "", "", false, nil
		p.Error(v, p.Line(v, u.String()), "comments.service must be an address without ?, # or a user's name")
		return
	}
	u.Host = strings.ToLower(u.Host)
	u.Path = strings.TrimSuffix(path.Clean("/"+u.Path), "/") + "/"
	u.RawPath = ""
	p.Comments.Service = u.String()
}

func (p *parser) rating(v *fields.Value) {
	if v.Kind == fields.Text && v.Style == fields.Bool {
		p.Rating.Asked = p.Bool(v)
		return
	}
	texts := map[string]*map[string]string{"question": &p.Rating.Question, "yes": &p.Rating.Yes, "no": &p.Rating.No}
	p.Each(v, func(key, v *fields.Value) {
		switch target := texts[key.Text]; {
		case target != nil:
			*target = p.spoken(v)
		case key.Text == "off":
			p.Rating.Off = nil
			items := v.Items
			if v.Kind != fields.List {
				items = []*fields.Value{v}
			}
			for _, name := range p.Texts(v) {
				at := items[max(0, slices.IndexFunc(items, func(item *fields.Value) bool { return item.Text == name }))]
				p.Rating.Off = append(p.Rating.Off, Named{fields.Clean(name), at.Line, at.Column, at.Length})
			}
		default:
			p.Unknown(key, append(slices.Sorted(maps.Keys(texts)), "off"), "rating")
		}
	}, "question", "Do you like this article?")
}

// spoken is a text, or one for each language. A language that the site has not is
// told of when all keys are read.
func (p *parser) spoken(v *fields.Value) map[string]string {
	if v.Kind != fields.Map {
		return map[string]string{"": p.Text(v)}
	}
	all := map[string]string{}
	p.Each(v, func(key, v *fields.Value) {
		all[key.Text] = p.Text(v)
		p.tongues = append(p.tongues, key)
	})
	return all
}

// known reports the languages of texts that the site has not.
func (p *parser) known() {
	if p.noLanguages {
		return
	}
	var tags []string
	for _, l := range p.Languages {
		tags = append(tags, l.Tag)
	}
	for _, key := range p.tongues {
		if slices.Contains(tags, key.Text) {
			continue
		}
		hint := "there are: " + strings.Join(tags, ", ")
		if near := diag.Nearest(key.Text, tags); near != "" {
			hint = "did you mean " + near + "?"
		}
		p.Error(key, hint, "the site has no language %q", key.Text)
	}
}

// allowService lets pages send to the service, and ask it.
func (p *parser) allowService() {
	host := HostOf(p.Comments.Service)
	if host == "" {
		return
	}
	for _, list := range []*[]string{&p.Allow.Form, &p.Allow.Connect} {
		if !slices.Contains(*list, host) {
			*list = append(*list, host)
		}
	}
}
