package build_test

import (
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemas are those of ninjs and of JSON Feed, whose formats are held to.
var schemas = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	c, all := jsonschema.NewCompiler(), map[string]*jsonschema.Schema{}
	c.AssertFormat()
	at := map[string]string{"ninjs-schema_3.1": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json", "GeoJSON-schema": "https://geojson.org/schema/GeoJSON.json", "jsonfeed-1.1": "https://stet.example/jsonfeed"}
	for file, url := range at {
		data, err := os.Open("../feeds/testdata/schemas/" + file + ".json")
		if err != nil {
			return nil, err
		}
		doc, err := jsonschema.UnmarshalJSON(data)
		if err := errors.Join(err, data.Close(), c.AddResource(url, doc)); err != nil {
			return nil, err
		}
	}
	var err, other error
	all["ninjs"], err = c.Compile(at["ninjs-schema_3.1"])
	all["jsonfeed"], other = c.Compile(at["jsonfeed-1.1"])
	return all, errors.Join(err, other)
})

// wrongBy says what is wrong with a document by a schema.
func wrongBy(schema, doc string) error {
	all, err := schemas()
	if err != nil {
		return err
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(doc))
	if err != nil {
		return err
	}
	return all[schema].Validate(v)
}

// The schemas refuse what IPTC's test suite refuses.
func TestNinjsSchema(t *testing.T) {
	for file, passes := range map[string]bool{"ninjs-passes": true, "ninjs-fails": false} {
		data, err := os.ReadFile("../feeds/testdata/schemas/" + file + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if err := wrongBy("ninjs", string(data)); (err == nil) != passes {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// wires are the ninjs items of stories and the feeds of such; a site may have
// none.
func (f *edition) wires() []string { return append(f.at("*.ninjs.json"), f.at("ninjs.json")...) }

func wired(f *edition) (wrong []string) {
	for _, name := range f.wires() {
		if err := wrongBy("ninjs", f.files[name]); err != nil {
			wrong = append(wrong, name+": "+err.Error())
		}
	}
	return wrong
}

const fireWire = "town/2026/11/fire/index.ninjs.json"

// An item is what of ninjs the norms look at.
type item struct {
	URI, Type, PubStatus, VersionCreated, FirstCreated string
	Headlines                                          []struct{ Value string }
	Bodies                                             []struct{ Value string }
	Associations                                       []item
	Renditions                                         []struct{ Href string }
	RightsInfo                                         *struct{ LinkedRights string }
	By                                                 string
}

func (f *edition) item(name string) (it item) {
	if err := json.Unmarshal([]byte(f.files[name]), &it); err != nil {
		panic(err)
	}
	return it
}

var reservedPicture = regexp.MustCompile(`(kept|reserved)-[0-9a-f]|Agency|Reserved|Kept`)

// Section 3.6: ninjs.
var wireNorms = []norm{
	{"NJ1 by its schema: uri", wired, []spoiler{edit(fireWire, `"uri":`, `"url":`)}},
	{"NJ1 by its schema: no other key", wired, []spoiler{edit(fireWire, `"by":`, `"byline":`)}},
	{"NJ1 by its schema: spellings of 3.x", wired, []spoiler{edit(fireWire, `"versionCreated":`, `"versioncreated":`)}},
	{"NJ1 by its schema: pubStatus", wired, []spoiler{edit("town/2026/11/killed/index.ninjs.json", `"canceled"`, `"cancelled"`)}},
	{"NJ1 by its schema: type", wired, []spoiler{edit(fireWire, `"type": "picture"`, `"type": "photo"`)}},
	{"NJ1 by its schema: urgency", wired, []spoiler{edit(fireWire, `"type":`, `"urgency": 0, "type":`)}},
	{"NJ1 by its schema: lists of texts", wired, []spoiler{swap(fireWire, `(?s)"headlines": \[.*?\]`, `"headlines": "Fire"`)}},
	{"NJ1 by its schema: names of associations", wired, []spoiler{edit(fireWire, `"name": "picture-1",`, "")}},
	{"NJ1 by its schema: no other key in an association", wired, []spoiler{edit(fireWire, `"name": "picture-1",`, `"name": "picture-1", "credit": "x",`)}},
	{"NJ1 by its schema: dates", wired, []spoiler{swap(fireWire, `"firstCreated": "2026-11-21T08:00:00Z"`, `"firstCreated": "21 November 2026"`)}},
	{"NJ1 by its schema: addresses of associations", wired, []spoiler{swap(fireWire, `("name": "picture-1",\s*)"uri"`, `"name": "picture-1", "url"`)}},
	{"NJ1 by its schema: names of renditions", wired, []spoiler{swap(fireWire, `("renditions": \[\s*\{\s*)"name"`, `"renditions": [{"title"`)}},
	{"NJ2 what is not handed on", func(f *edition) (wrong []string) {
		for _, name := range f.wires() {
			if m := reservedPicture.FindString(f.files[name]); m != "" {
				wrong = append(wrong, name+" has "+m)
			}
		}
		return wrong
	}, []spoiler{edit(fireWire, "img/b-", "img/kept-")}},
	{"NJ3 beside each story, which leads there", func(f *edition) (wrong []string) {
		items := f.at("*.ninjs.json")
		for _, name := range items {
			page := f.files[strings.TrimSuffix(name, ".ninjs.json")+".html"]
			if it := f.item(name); page == "" || it.PubStatus == "usable" && !strings.Contains(page, `<link rel="alternate" type="application/json" title="ninjs" href="`) {
				wrong = append(wrong, name+" is not linked to")
			} else if it.PubStatus == "canceled" && (len(it.Bodies)+len(it.Headlines)+len(it.Associations) > 0 || !strings.Contains(page, `content="noindex"`)) {
				wrong = append(wrong, name+" says too much")
			}
			if strings.Contains(page, `rel="sponsored`) {
				wrong = append(wrong, name+" was paid for")
			}
		}
		for _, name := range f.at("index.html") {
			if len(items) > 0 && strings.Contains(f.files[name], `title="ninjs"`) && f.files[strings.TrimSuffix(name, ".html")+".ninjs.json"] == "" {
				wrong = append(wrong, name+" leads to nothing")
			}
		}
		return wrong
	}, []spoiler{edit("town/2026/11/fire/index.html", `title="ninjs"`, `title="json"`)}},
	{"NJ4 ids are those of the feeds", func(f *edition) (wrong []string) {
		if len(f.wires()) == 0 {
			return nil
		}
		ids := map[string]bool{}
		f.each("atom.xml", func(_ string, doc node) []string {
			for _, e := range doc.all("entry") {
				ids[e.text("id")] = true
			}
			return nil
		})
		for _, name := range f.at("ninjs.json") {
			for _, it := range f.item(name).Associations {
				if !ids[it.URI] {
					wrong = append(wrong, name+": "+it.URI)
				}
			}
		}
		return wrong
	}, []spoiler{swap("ninjs.json", `"name": "story-1",\s*"uri": "[^"]*`, `"name": "story-1", "uri": "urn:x:y`)}},
	{"NJ5 texts as feeds have them", func(f *edition) (wrong []string) {
		for _, name := range f.wires() {
			for _, it := range append(f.item(name).Associations, f.item(name)) {
				t := told{}
				for _, b := range it.Bodies {
					t.html = append(t.html, b.Value)
				}
				for _, p := range it.Associations {
					for _, r := range p.Renditions {
						t.addresses = append(t.addresses, r.Href)
					}
				}
				for _, w := range []string{siteOnly(f, t), whole(f, t)} {
					if w != "" {
						wrong = append(wrong, name+": "+w)
					}
				}
			}
		}
		return wrong
	}, []spoiler{edit(fireWire, `<p>`, `<p id=\"x\">`)}},
}

// lines are those of a small file, comments left out.
func (f *edition) lines(name, separator string) (all [][2]string) {
	for line := range strings.Lines(f.files[name]) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			key, value, _ := strings.Cut(line, separator)
			all = append(all, [2]string{key, strings.TrimSpace(value)})
		}
	}
	return all
}

const trustFile, securityFile = "trust.txt", ".well-known/security.txt"

var trustNames = []string{"member", "belongto", "control", "controlledby", "social", "vendor", "customer", "disclosure", "contact", "datatrainingallowed"}

// Section 3.9: trust.txt; and what RFC 9116 and 9309 have of the other small files.
var smallNorms = []norm{
	{"TT1 in both places", func(f *edition) []string {
		if f.files[trustFile] != f.files[".well-known/trust.txt"] {
			return []string{"they differ"}
		}
		return nil
	}, []spoiler{edit(trustFile, "social", "vendor")}},
	{"TT2 names", func(f *edition) (wrong []string) {
		for _, l := range f.lines(trustFile, "=") {
			if !slices.Contains(trustNames, l[0]) || l[1] == "" {
				wrong = append(wrong, l[0])
			}
		}
		return wrong
	}, []spoiler{edit(trustFile, "belongto", "belongsto")}},
	{"TT3 addresses are whole", func(f *edition) (wrong []string) {
		for _, l := range f.lines(trustFile, "=") {
			mail := l[0] == "contact" && strings.HasPrefix(l[1], "mailto:")
			if w := addressed(l[1]); w != "" && !mail && l[0] != "datatrainingallowed" {
				wrong = append(wrong, w)
			}
		}
		return wrong
	}, []spoiler{edit(trustFile, "belongto=https://", "belongto=")}},
	{"TT4 training: yes or no, once", func(f *edition) (wrong []string) {
		n := 0
		for _, l := range f.lines(trustFile, "=") {
			if l[0] == "datatrainingallowed" {
				if n++; n > 1 || l[1] != "yes" && l[1] != "no" {
					wrong = append(wrong, l[1])
				}
			}
		}
		return wrong
	}, []spoiler{edit(trustFile, "datatrainingallowed=no", "datatrainingallowed=no\ndatatrainingallowed=yes")}},
	{"ST1 security.txt: contact, and until when", func(f *edition) (wrong []string) {
		if f.files[securityFile] == "" {
			return nil
		}
		contacts, expires := 0, 0
		for _, l := range f.lines(securityFile, ":") {
			switch l[0] {
			case "Contact":
				contacts++
			case "Expires":
				expires++
				if at, err := time.Parse(time.RFC3339, l[1]); err != nil || !at.After(f.now) {
					wrong = append(wrong, "it expires "+l[1])
				}
			}
		}
		if contacts == 0 || expires != 1 {
			wrong = append(wrong, "contact or expires is missing, or too many")
		}
		return wrong
	}, []spoiler{edit(securityFile, "Expires: 2027", "Expires: 2025")}},
	{"ST2 security.txt: addresses", func(f *edition) (wrong []string) {
		for _, l := range f.lines(securityFile, ":") {
			if l[0] != "Expires" && !strings.HasPrefix(l[1], "https://") && !strings.HasPrefix(l[1], "mailto:") {
				wrong = append(wrong, l[1])
			}
			if l[0] == "Canonical" && f.page(l[1]) != securityFile {
				wrong = append(wrong, l[1]+" is not where it lies")
			}
		}
		return wrong
	}, []spoiler{edit(securityFile, "Canonical: https://post.example/news/", "Canonical: https://post.example/")}},
	{"RB1 robots.txt: groups", func(f *edition) (wrong []string) {
		agents := map[string]bool{}
		agent := ""
		for _, l := range f.lines("robots.txt", ":") {
			switch l[0] {
			case "User-agent":
				if agent = l[1]; agents[agent] {
					wrong = append(wrong, agent+" is there twice")
				}
				agents[agent] = true
			case "Allow", "Disallow":
				if agent == "" || !strings.HasPrefix(l[1], "/") {
					wrong = append(wrong, l[0]+" "+l[1])
				}
			case "Sitemap":
			default:
				wrong = append(wrong, l[0])
			}
		}
		if !agents["*"] {
			wrong = append(wrong, "nothing is said to all others")
		}
		return wrong
	}, []spoiler{edit("robots.txt", "User-agent: *", "Agent: *")}},
	{"WM1 web manifest", func(f *edition) (wrong []string) {
		for _, name := range f.at("manifest.webmanifest") {
			var m struct {
				Name, Start_URL, Lang, Dir string
				Icons                      []struct{ Src, Sizes, Type string }
			}
			err := json.Unmarshal([]byte(f.files[name]), &m)
			host := f.base[:strings.Index(f.base[len("https://"):], "/")+len("https://")]
			if err != nil || m.Name == "" || m.Lang == "" || m.Dir == "" || f.files[f.page(host+m.Start_URL)] == "" || len(m.Icons) == 0 {
				wrong = append(wrong, name+" lacks something")
			}
			for _, icon := range m.Icons {
				if f.files[f.page(host+icon.Src)] == "" || icon.Sizes == "" || icon.Type == "" {
					wrong = append(wrong, name+": the icon "+icon.Src)
				}
			}
		}
		return wrong
	}, []spoiler{edit("manifest.webmanifest", `"start_url": "/news/"`, `"start_url": "/"`)}},
}
