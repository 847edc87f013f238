package feeds

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"stet/internal/archive"
	"stet/internal/page"
)

// wellFormed checks a document by the rules of its format.
func wellFormed(t testing.TB, p page.Page, doc string) {
	t.Helper()
	switch p.Kind {
	case "jsonfeed":
		schema := "jsonfeed"
		if !strings.Contains(doc, `"feed_url"`) { // a site that does not know where it is has no whole addresses
			schema = "local"
		}
		if err := wrongBy(t, schema, doc); err != nil {
			t.Errorf("%v in:\n%s", err, doc)
		}
	case "ninjs", "ninjsfeed":
		if err := wrongBy(t, "ninjs", doc); err != nil {
			t.Errorf("%v in:\n%s", err, doc)
		}
	case "manifest":
		if !json.Valid([]byte(doc)) {
			t.Errorf("no JSON:\n%s", doc)
		}
	case "robots", "redirects", "redirect", "gone", "trust", "security", "headers":
	default:
		xmlText(t, doc)
	}
	switch p.Kind {
	case "atom":
		for _, once := range []string{"id", "title", "updated"} {
			if n := strings.Count("\n"+doc, "\n  <"+once+">"); n != 1 {
				t.Errorf("an Atom feed with %d %s", n, once)
			}
			if items, n := strings.Count(doc, "\n  <entry"), strings.Count(doc, "\n    <"+once+">"); n != items {
				t.Errorf("%d Atom entries with %d %s", items, n, once)
			}
		}
	case "rss":
		if strings.Contains(doc, "<rss") && !regexp.MustCompile(`<channel>\n    <title>[^<]+</title>\n    <link>[^<]+</link>\n    <description>[^<]+</description>`).MatchString(doc) {
			t.Errorf("an RSS feed without title, link and description:\n%s", doc)
		}
	}
}

// xmlText reads XML strictly and returns its text.
func xmlText(t testing.TB, doc string) string {
	t.Helper()
	var text strings.Builder
	d := xml.NewDecoder(strings.NewReader(doc))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return text.String()
		}
		if err != nil {
			t.Fatalf("%v in:\n%s", err, doc)
		}
		if c, ok := token.(xml.CharData); ok {
			text.Write(c)
		}
	}
}

// schemas are those of the formats; testdata/schemas/ORIGIN.md says whose they
// are.
var schemas = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	all := map[string]*jsonschema.Schema{}
	for _, strict := range []bool{true, false} {
		c := jsonschema.NewCompiler()
		if c.AssertFormat(); !strict {
			c.RegisterFormat(&jsonschema.Format{Name: "uri", Validate: func(any) error { return nil }})
		}
		for file, url := range map[string]string{"ninjs-schema_3.1.json": ninjsSchema, "GeoJSON-schema.json": "https://geojson.org/schema/GeoJSON.json", "jsonfeed-1.1.json": feedSchema} {
			data, err := os.Open("testdata/schemas/" + file)
			if err != nil {
				return nil, err
			}
			doc, err := jsonschema.UnmarshalJSON(data)
			if err := errors.Join(err, data.Close(), c.AddResource(url, doc)); err != nil {
				return nil, err
			}
		}
		names := map[string]string{"local": feedSchema}
		if strict {
			names = map[string]string{"ninjs": ninjsSchema, "jsonfeed": feedSchema}
		}
		for name, url := range names {
			var err error
			if all[name], err = c.Compile(url); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
})

// Where the schemas are known to lie.
const ninjsSchema, feedSchema = "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json", "https://stet.example/jsonfeed.json"

// wrongBy says what is wrong with a document by a schema.
func wrongBy(t testing.TB, schema, doc string) error {
	t.Helper()
	all, err := schemas()
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(doc))
	if err != nil {
		return err
	}
	return all[schema].Validate(v)
}

// The validator finds what IPTC's own test suite wants it to find.
func TestNinjsSuite(t *testing.T) {
	for file, passes := range map[string]bool{"ninjs-passes.json": true, "ninjs-fails.json": false} {
		data, err := os.ReadFile("testdata/schemas/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if err := wrongBy(t, "ninjs", string(data)); (err == nil) != passes {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// The goldens of the sitemap are valid by its schemas.
func TestSitemapSchema(t *testing.T) {
	lint, err := exec.LookPath("xmllint")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal(err)
	}
	if err != nil {
		t.Skip("xmllint is not installed")
	}
	data, err := os.ReadFile("testdata/sitemap.txtar")
	if err != nil {
		t.Fatal(err)
	}
	a := archive.Parse(data)
	for name, schema := range map[string]string{"want sitemap.xml": "siteindex.xsd", "want sitemap-1.xml": "all.xsd"} {
		file := filepath.Join(t.TempDir(), "x.xml")
		if err := os.WriteFile(file, []byte(a.Files[name]), 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(lint, "--noout", "--nonet", "--schema", "testdata/schemas/"+schema, file).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %s", name, out)
		}
	}
}
