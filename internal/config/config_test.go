package config

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	_ "time/tzdata"

	"stet/internal/archive"
	"stet/internal/diag"
)

var update = flag.Bool("update", false, "write the goldens anew")

// Each archive has files in pairs: a site.yaml, and what the user is told; for
// one without problems, the configuration.
func TestParse(t *testing.T) {
	archives, _ := filepath.Glob("testdata/*.txtar")
	if len(archives) == 0 {
		t.Fatal("no testdata")
	}
	for _, path := range archives {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		a := archive.Parse(data)
		for i := 0; i+1 < len(a.Names); i += 2 {
			name, want := a.Names[i], a.Names[i+1]
			t.Run(name, func(t *testing.T) {
				got := tell(name, a.Files[name])
				if *update {
					a.Files[want] = got
				}
				if got != a.Files[want] {
					t.Errorf("got:\n%s\nwant:\n%s", got, a.Files[want])
				}
			})
		}
		if *update {
			if err := os.WriteFile(path, a.Format(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func tell(name, text string) string {
	c, problems := Parse(name, []byte(text))
	if len(problems) == 0 {
		shown, _ := json.MarshalIndent(c, "", " ")
		return fmt.Sprintf("%s\nzone %s, path %s\n", shown, c.Zone, c.BasePath())
	}
	var out bytes.Buffer
	diag.Printer{Out: &out, All: true, Lines: func(_ string, n int) (string, bool) {
		lines := strings.Split(text, "\n")
		if n > len(lines) {
			return "", false
		}
		return lines[n-1], true
	}}.Print(problems)
	return out.String()
}

func TestValue(t *testing.T) {
	c, problems := Parse("site.yaml", []byte("format: 1\ntitle: 1984\ntimezone: Asia/Baghdad\nbase_url: HTTPS://X.example//news\npublisher: {name: Ada}\nparams: {x: {y: [1, yes]}}\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for key, want := range map[string]string{
		"title": `"1984" true`, "base_url": `"https://x.example/news/" true`, "publisher.name": `"Ada" true`,
		"params.x.y": `[]interface {}{1, true} true`, "params.z": `<nil> false`, "title.x": `<nil> false`,
		"per_page": `20 true`, "style.dateline": `"byline" true`, "": `<nil> false`, "feeds.ninjs": "false true",
		"feeds.formats": `[]interface {}{"rss", "atom", "json"} true`,
	} {
		value, known := c.Value(c.Languages[0].Tag, key)
		if got := fmt.Sprintf("%#v %v", value, known); got != want {
			t.Errorf("%q is %s, want %s", key, got, want)
		}
	}
	if c.BasePath() != "/news/" || c.Pattern("x") != DefaultPattern {
		t.Errorf("base path %q, pattern %q", c.BasePath(), c.Pattern("x"))
	}
	if err := c.SetBaseURL("https://other.example"); err != nil || c.BaseURL != "https://other.example/" || c.BasePath() != "/" {
		t.Errorf("base URL %q, %v", c.BaseURL, err)
	}
	if err := c.SetBaseURL("other.example"); err == nil {
		t.Error("an address without scheme was taken")
	}
	if New().BasePath() != "/" {
		t.Error("no base URL, no path")
	}
}

func TestNearestZone(t *testing.T) {
	for name, want := range map[string]string{
		"Asia/Bagdad": "Asia/Baghdad", "Baghdad": "Asia/Baghdad", "berlin": "Europe/Berlin", "europe/berlin": "Europe/Berlin",
		"New York": "America/New_York", "Europe/Amsterdm": "Europe/Amsterdam", "GMT+3": "", "xyzzy": "",
	} {
		if got := nearestZone(name); got != want {
			t.Errorf("%q is taken for %q, want %q", name, got, want)
		}
	}
}

// Every key of the list is one that is read: none is told to be unknown.
func TestKeys(t *testing.T) {
	for _, key := range Keys() {
		_, problems := Parse("site.yaml", []byte(key+":\n"))
		for _, p := range problems {
			if strings.Contains(p.Text, "unknown") {
				t.Errorf("%s: %s", key, p.Text)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("format: 1\ntitle: x\ntimezone: UTC\nurls: {a: '/{slug}/', b: '{x'}\nmenus: {main: [{title: a, url: /}]}\n"))
	f.Add([]byte("languages: [en, ar]\nredirects: [{from: /a, to: /b, status: 1}]\nallow: {frame: a b}\ncheck: {since: 1}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, problems := Parse("site.yaml", data)
		if c.Zone == nil || len(c.Languages) == 0 || c.PerPage < 1 || c.Pattern("") == "" {
			t.Errorf("a default is missing: %+v", c)
		}
		if !diag.AnyError(problems) && (c.Title == "" || c.Timezone == "") {
			t.Errorf("no title or zone and no error: %q", data)
		}
		for _, p := range problems {
			if p.Hint == "" || p.Line == 0 {
				t.Errorf("not located or without a hint: %+v", p)
			}
		}
	})
}
