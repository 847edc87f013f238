// Package config reads site.yaml, refusing keys it does not know.
//
// Every key is typed and has its default here, so that no other room looks
// into the file. What the site's own layouts read (params) is kept as a plain
// tree.
package config

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"stet/internal/diag"
	"stet/internal/fields"
)

// A Config is what site.yaml says, with defaults where it says nothing.
type Config struct {
	Format      int
	Title       string
	Description string
	BaseURL     string     // ends in a slash; "" if the site does not know where it will be
	Languages   []Language // at least one; the first is at the root
	Timezone    string
	Zone        *time.Location // never nil
	Publisher   Publisher
	URLs        map[string]string // patterns of addresses by section; "default" for all others
	PerPage     int
	KnownTags   bool // only tags with a page of their own are shown
	Menus       map[string][]Link
	Style       Style
	Feeds       Feeds
	Images      Images
	Archive     string // how fine: days, months, years or off
	Check       Check
	Redirects   []Redirect // in the order of the file
	Trusted     []string   // sections whose raw HTML passes
	Allow       Allow
	Comments    Comments
	Robots      []Robot
	Trust       []Statement // lines of trust.txt
	Security    Security
	Manifest    Manifest

	Theme Theme

	NoIndex bool // search engines are asked to leave all of it out; KeepOut says so

	Deploy map[string]Target // by name
	Params map[string]any

	values map[string]any // for Value
	unsure bool
}

// A Language is an edition of the site in one language. Title, Description and
// Menus are the site's unless it has its own.
type Language struct {
	Tag         string
	Prefix      string // "" for the first language, else its first folder, such as "ar"
	Title       string
	Description string
	Menus       map[string][]Link
	Missing     string // the language whose stories it shows where it has no version; "" if none
}

// A Publisher is who answers for the site.
type Publisher struct {
	Name, Logo, URL, Email, Phone, Address, Founded string
	LogoAt                                          Named           // where the logo is named
	Policies                                        map[string]Link // by name, one of Policies; without a title
	SameAs                                          []string        // its pages elsewhere
}

// A Link is an entry of a menu, or a policy.
type Link struct {
	Title, URL   string
	Line, Column int // of the URL in site.yaml
	Length       int
}

// Style is how the paper likes things.
type Style struct {
	Dateline string            // byline, lead or none
	Dates    map[string]string // patterns by style, over the language's own
	// Corrections says where notes of a kind stand on the story: top or bottom.
	Corrections map[string]string
	AgeLabel    AgeLabel
}

// Images says how pictures are published.
type Images struct {
	Widths   []int // of renditions, in pixels, where a layout names none
	Quality  int   // of JPEG, 1 to 100
	WebP     bool  // as WebP too, for browsers that know it
	AsIs     bool  // as they are: no renditions are made
	Location bool  // pictures that are published as they are may say where they were taken
	Cards    bool  // a picture is drawn for shared links to pages that have none
}

// Check says how rules of `stet check` are taken.
type Check struct {
	Rules map[string]string // Off, Warn or Fail, for each of Rules
	Since fields.When       // what is said of older stories is only counted
	Share float64           // of a text's words that may be others than were published; from 0 to 1
}

// A Redirect leads from an old address to a new one.
type Redirect struct {
	From, To string
	Status   int
	Line     int // in site.yaml
	Column   int
	Length   int
}

// DefaultPattern is the address of articles in sections that have no pattern.
const DefaultPattern = "/{section}/{year}/{month}/{slug}/"

// Keys lists the keys of site.yaml.
func Keys() []string { return slices.Clone(keys) }

var keys = []string{
	"format", "title", "description", "base_url", "language", "languages", "timezone", "publisher", "urls", "per_page",
	"tags", "menus", "style", "theme", "images", "feeds", "archive", "check", "comments", "redirects", "trusted", "allow", "deploy", "params",
	"robots", "trust_txt", "security_txt", "manifest",
}

// New is a configuration of nothing but defaults.
func New() *Config {
	return &Config{
		Format: 1, Languages: []Language{{Tag: "en"}}, Zone: time.UTC, PerPage: 20,
		URLs: map[string]string{"default": DefaultPattern},
		Style: Style{Dateline: "byline", AgeLabel: AgeLabel{Years: 2, Except: ageless}, Corrections: map[string]string{
			"correction": "bottom", "clarification": "bottom", "update": "top", "editors-note": "top"}},
		Images:  Images{Widths: []int{400, 720, 1120}, Quality: 80, WebP: true, Cards: true},
		Check:   Check{Rules: usual(), Share: .05},
		Feeds:   Feeds{Text: "full", Formats: feedFormats, Terms: true},
		Archive: ArchiveDays,
		Theme:   Theme{Grounds: Plain, Accent: PlainAccent},
	}
}

// Parse reads site.yaml. The configuration is never nil; where there is an
// error it has the default.
func Parse(path string, data []byte) (*Config, []diag.Problem) {
	v, problems := fields.YAML(path, data, 1)
	p := parser{Decoder: fields.Decoder{Path: path, Data: data, Strict: true, Problems: problems}, Config: New()}
	switch {
	case v == nil:
	case v.Kind == fields.Null:
		p.Error(v, minimal, "the settings are empty")
	case v.Kind != fields.Map:
		p.Error(v, minimal, "the settings must be keys and values")
	default:
		p.unsure = len(problems) > 0
		p.read(v)
	}
	return p.Config, diag.Sort(p.Problems)
}

// minimal is the least site.yaml there is.
const minimal = "begin the file with\nformat: 1\ntitle: The Name of the Paper\ntimezone: Europe/Berlin"

// Pattern is the pattern of the addresses of a section's articles.
func (c *Config) Pattern(section string) string {
	if pattern := c.URLs[section]; pattern != "" {
		return pattern
	}
	return c.URLs["default"]
}

// BasePath is the path under which the site is hosted: "/" or "/news/".
func (c *Config) BasePath() string {
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Path == "" {
		return "/"
	}
	return u.EscapedPath()
}

// Unsure tells whether something is wrong with what the meaning of articles and
// layouts depends on, such as the languages: then what seems wrong with these
// may be right.
func (c *Config) Unsure() bool { return c.unsure }

// KeepOut has search engines leave all of it out, as a flag or a target of deploy
// does.
func (c *Config) KeepOut() {
	c.NoIndex = true
	c.Robots = []Robot{{Name: "*", Paths: []string{"/"}}}
}

// SetBaseURL replaces the base URL, as a flag or a target of deploy does. The
// error says what an address must be.
func (c *Config) SetBaseURL(address string) error {
	normal, err := baseURL(address)
	if err != nil {
		return err
	}
	c.BaseURL = normal
	if c.values == nil {
		c.values = map[string]any{}
	}
	c.values["base_url"] = normal
	return nil
}

// Language is the edition of a language, by tag or prefix; false if the site
// has none in it.
func (c *Config) Language(name string) (Language, bool) {
	for _, l := range c.Languages {
		if l.Tag == name || l.Prefix == name {
			return l, true
		}
	}
	return Language{}, false
}

// Value answers a dotted key, such as "title", "params.x.y" or
// "publisher.name", with a plain value: text, int, float64, bool, map[string]any
// or []any. It is false for what site.yaml does not say and no default is.
func (c *Config) Value(key string) (any, bool) {
	var at any = c.values
	for name := range strings.SplitSeq(key, ".") {
		m, isMap := at.(map[string]any)
		if !isMap {
			return nil, false
		}
		next, known := m[name]
		if !known {
			return nil, false
		}
		at = next
	}
	return at, true
}
