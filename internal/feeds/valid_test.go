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
	"testing"

	"stet/internal/archive"
	"stet/internal/page"
)

// wellFormed checks a document by the rules of its format.
func wellFormed(t testing.TB, p page.Page, doc string) {
	t.Helper()
	switch p.Kind {
	case "jsonfeed":
		validJSONFeed(t, doc)
	case "robots", "redirects", "redirect", "gone":
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

// conformance is the folder of other people's test data, beside the project.
const conformance = "../../../shared/conformance"

// validJSONFeed checks a JSON Feed by its published schema, as far as the
// schema goes: types, required and unknown properties.
func validJSONFeed(t testing.TB, doc string) {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(doc), &v); err != nil {
		t.Fatalf("%v in:\n%s", err, doc)
	}
	data, err := os.ReadFile(conformance + "/jsonfeed/schema-v1.1.json")
	if err != nil {
		t.Logf("not checked by the schema: %v", err)
		return
	}
	var schema map[string]any
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range (checker{schema}).check("", schema, v) {
		t.Errorf("JSON Feed: %s", wrong)
	}
}

// A checker knows the part of JSON Schema that JSON Feed's schema uses.
type checker struct{ root map[string]any }

func (c checker) check(at string, schema map[string]any, v any) (wrong []string) {
	if ref, ok := schema["$ref"].(string); ok {
		definitions := c.root["definitions"].(map[string]any)
		schema = definitions[strings.TrimPrefix(ref, "#/definitions/")].(map[string]any)
	}
	kind := map[bool]string{}
	switch v := v.(type) {
	case string:
		kind[true] = "string"
	case []any:
		kind[true] = "array"
		if items, ok := schema["items"].(map[string]any); ok {
			for _, e := range v {
				wrong = append(wrong, c.check(at+"[]", items, e)...)
			}
		}
	case map[string]any:
		kind[true] = "object"
		wrong = c.object(at, schema, v)
	}
	if want, ok := schema["type"].(string); ok && want != kind[true] {
		wrong = append(wrong, at+" is no "+want)
	}
	if among, ok := schema["enum"].([]any); ok && !has(among, v) {
		wrong = append(wrong, at+" is another value")
	}
	return wrong
}

func (c checker) object(at string, schema map[string]any, v map[string]any) (wrong []string) {
	properties, _ := schema["properties"].(map[string]any)
	for name, e := range v {
		p, ok := properties[name].(map[string]any)
		if !ok {
			wrong = append(wrong, at+"."+name+" is unknown")
			continue
		}
		wrong = append(wrong, c.check(at+"."+name, p, e)...)
	}
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if _, ok := v[name.(string)]; !ok {
			wrong = append(wrong, at+"."+name.(string)+" is missing")
		}
	}
	if schema["anyOf"] != nil && v["content_html"] == nil && v["content_text"] == nil {
		wrong = append(wrong, at+" has no content")
	}
	return wrong
}

func has(among []any, v any) bool {
	for _, e := range among {
		if e == v {
			return true
		}
	}
	return false
}

// The goldens of the sitemap are valid by its schemas. Those want a schema of
// XHTML too for the links to other languages, which is not at hand, so that the
// links are taken out here.
func TestSitemapSchema(t *testing.T) {
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed")
	}
	if _, err := os.Stat(conformance + "/sitemap"); err != nil {
		t.Skip("the schemas are not here: ", err)
	}
	links := regexp.MustCompile(`\s*<xhtml:link [^>]*/>`)
	data, err := os.ReadFile("testdata/sitemap.txtar")
	if err != nil {
		t.Fatal(err)
	}
	a := archive.Parse(data)
	for name, schema := range map[string]string{"want sitemap.xml": "siteindex.xsd", "want sitemap-1.xml": "sitemap.xsd"} {
		file := filepath.Join(t.TempDir(), "x.xml")
		if err := os.WriteFile(file, []byte(links.ReplaceAllString(a.Files[name], "")), 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(lint, "--noout", "--nonet", "--schema", conformance+"/sitemap/"+schema, file).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %s", name, out)
		}
	}
}
