package config

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// themed reads settings with a theme.
func themed(theme string) (*Config, string, string) {
	c, problems := Parse("site.yaml", []byte("format: 1\ntitle: The Post\ntimezone: UTC\ntheme:\n  "+theme+"\n"))
	if len(problems) == 0 {
		return c, "", ""
	}
	return c, fmt.Sprintf("%d:%d: %s", problems[0].Line, problems[0].Column, problems[0].Text), problems[0].Hint
}

// A colour in which words can be read passes. Of another it is said where it
// fails, and the hint is the line with the nearest that passes.
func TestColours(t *testing.T) {
	for _, c := range []struct{ line, says, hint string }{
		{`accent: "#8c1c24"`, "", ""},
		{`accent: "#81C"`, "", ""},
		{`accent: {light: "#8c1c24", dark: "#f2a29b"}`, "", ""},
		{`accent: "#6f6f6f"`, "", ""},
		{`accent: "#737373"`, "5:11: #737373 cannot be read on the light shade of boxes #f6f4f0: its contrast is 4.3, and words need 4.5", `  accent: '#707070'`},
		{`accent: "#fc0" # gold`, "5:11: #ffcc00 cannot be read on the light paper #ffffff: its contrast is 1.5, and words need 4.5", `  accent: '#896c00' # gold`},
		{`accent: {light: "#8c1c24", dark: "#8c1c24"}`, "5:36: #8c1c24 cannot be read on the dark paper #161514: its contrast is 2.0, and words need 4.5", `  accent: {light: "#8c1c24", dark: '#d66260'}`},
		{`accent: {dark: "#f00"}`, "5:18: #ff0000 cannot be read on the dark shade of boxes #211f1d: its contrast is 4.1, and words need 4.5", `  accent: {dark: '#ff3326'}`},
		{`sections: {town: "#7cb342"}`, "5:20: #7cb342 cannot be read on the light paper #ffffff: its contrast is 2.5, and words need 4.5", `  sections: {town: '#4c7d00'}`},
		{`accent: blue`, `5:11: a colour of the theme is written like "#1c5a8a", not "blue"`, `  accent: '#1c5a8a'`},
		{`accent: 8c1c24`, `5:11: a colour of the theme is written like "#8c1c24", not "8c1c24"`, `  accent: '#8c1c24'`},
		{`accent: #8c1c24`, "5:10: accent is missing; a colour that begins with # needs quotes", `  accent: '#8c1c24'`},
		{`accent: ["#8c1c24"]`, `5:11: accent must be a colour, written like "#1c5a8a"`, `  accent: "#1c5a8a"`},
		{`accent: {lite: "#8c1c24"}`, `5:12: unknown field "lite" in accent`, "known here: dark, light"},
		{`accent: {}`, "5:11: accent says no colour", `  accent: "#1c5a8a"`},
		{`acent: "#8c1c24"`, `5:3: unknown field "acent" in theme`, `did you mean "accent"?`},
		{`accent: #fc0`, "5:10: accent is missing; a colour that begins with # needs quotes", `  accent: '#896c00' #fc0`},
		{`accent: fc0`, `5:11: a colour of the theme is written like "#896c00", not "fc0"`, `  accent: '#896c00'`},
		{`paper: "#fdf6e3"`, "", ""},
		{`paper: {light: "#fdf6e3", dark: "#002b36"}`, "", ""},
		{`paper: "#101010"`, "5:10: the light scheme is of light paper, not of #101010", `  paper: {light: "#ffffff", dark: "#101010"}`},
		{`paper: {dark: "#eeeeee"}`, "5:17: the dark scheme is of dark paper, not of #eeeeee", `  paper: {dark: "#161514"}`},
		{`paper: "#888"`, "5:10: the ink #1a1918 on the light paper #888888 has a contrast of 4.9, and long text needs 7", `  paper: '#a4a4a4'`},
		{`ink: "#777"`, "5:8: the ink #777777 on the light paper #ffffff has a contrast of 4.4, and long text needs 7", `  ink: '#595959'`},
	} {
		_, says, hint := themed(c.line)
		if says != c.says || hint != c.hint {
			t.Errorf("of %s it says\n%s\n%s\nwant\n%s\n%s", c.line, says, hint, c.says, c.hint)
		}
		if written := regexp.MustCompile(`: ?\{?.*['"]#`); c.hint == "" || !written.MatchString(c.hint) {
			continue
		}
		if _, says, _ = themed(strings.TrimPrefix(c.hint, "  ")); says != "" {
			t.Errorf("of %s it proposes %s, of which it says %s", c.line, c.hint, says)
		}
	}
}

// Whatever colour is named, the one that is proposed in its place can be read, and
// has its hue.
func TestNearest(t *testing.T) {
	for r := 0; r < 256; r += 51 {
		for g := 0; g < 256; g += 51 {
			for b := 0; b < 256; b += 51 {
				c := ofRGB([3]uint8{uint8(r), uint8(g), uint8(b)})
				for _, dark := range []bool{false, true} {
					near, ok := c.nearest(readable, Plain.on(dark))
					if !ok || near.contrast(Plain.on(dark)) < readable {
						t.Fatalf("%s for %s has a contrast of %.2f", near, c, near.contrast(Plain.on(dark)))
					}
					if was, is := c.oklch(), near.oklch(); was.c > .05 && is.c > .05 {
						if turn := was.h - is.h; turn > .2 && turn < 6 || turn < -.2 && turn > -6 {
							t.Errorf("%s has another hue than %s", near, c)
						}
					}
				}
			}
		}
	}
}

// The colours of the theme are those of its sheet, and what there is of its own
// can be read on any paper that is let pass.
func TestPlain(t *testing.T) {
	sheet, err := os.ReadFile("../../static/assets/site.css")
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]Shades{"paper": Plain.Paper, "ink": Plain.Ink, "shade": Plain.Shade, "soft": Plain.Soft, "line": Plain.Line,
		"strong-line": Plain.StrongLine, "mark": Plain.Mark, "accent": PlainAccent} {
		found := regexp.MustCompile(`--`+name+`: (#\w+);`).FindAllStringSubmatch(string(sheet), -1)
		if len(found) < 2 {
			t.Fatalf("site.css has %d values of --%s, not one for each scheme", len(found), name)
		}
		for i, want := range []Colour{s.Light, s.Dark} {
			if c, _ := parseColour(found[i][1]); c != want {
				t.Errorf("site.css has %s for --%s, here it is %s", c, name, want)
			}
		}
	}
	for _, paper := range []string{`"#fdf6e3"`, `{light: "#ffe8d6", dark: "#002b36"}`, `{light: "#a8a8a8", dark: "#303030"}`} {
		c, says, _ := themed("paper: " + paper)
		if says != "" {
			t.Fatal(says)
		}
		g := c.Theme.Grounds
		pairs := []Shades{c.Theme.Accent, g.Soft}
		for i := range palette {
			pairs = append(pairs, c.Theme.SectionAccent("", i))
		}
		for _, s := range pairs {
			if s.Light.contrast(g.on(false)) < readable || s.Dark.contrast(g.on(true)) < readable {
				t.Errorf("%v cannot be read on paper %s", s, paper)
			}
		}
	}
	for _, s := range palette {
		if Plain.fit(s) != s {
			t.Errorf("%v of the palette cannot be read", s)
		}
	}
}

// What layouts are told has one form, however it is written.
func TestThemeValues(t *testing.T) {
	for _, c := range []struct{ line, key, want string }{
		{"logo: /logo.svg", "theme.logo", "map[alt: dark: light:static/logo.svg]"},
		{"logo: {light: /a.svg, dark: /b.svg, alt: Post}", "theme.logo", "map[alt:Post dark:static/b.svg light:static/a.svg]"},
		{"fonts: {text: /assets/fonts/serif.woff2}", "theme.fonts.text", "map[name:serif regular:fonts/serif.woff2]"},
		{"fonts: {text: {regular: /assets/a.ttf, bold_italic: /assets/b.otf, name: Lantern}}", "theme.fonts.text", "map[bold_italic:b.otf name:Lantern regular:a.ttf]"},
		{"newsletter: {action: /subscribe, title: Letters}", "theme.newsletter", "map[action:/subscribe field:email title:Letters]"},
		{"donate: {url: https://give.example/}", "theme.donate", "map[url:https://give.example/]"},
		{"donate:", "theme.donate", "<nil>"},
	} {
		cfg, says, _ := themed(c.line)
		if value, _ := cfg.Value("en", c.key); says != "" || fmt.Sprint(value) != c.want {
			t.Errorf("of %s %s is %v, want %s %s", c.line, c.key, value, c.want, says)
		}
	}
}

// What is said in several languages is to each what it is to it. What is not said in
// one is not there.
func TestThemeLanguages(t *testing.T) {
	const languages = "\nlanguages: [en, ar, fr]"
	for _, c := range []struct{ line, key, en, ar, fr string }{
		{"newsletter: {action: /join, title: {en: Letters, ar: رسائل}, text: Daily}", "theme.newsletter",
			"map[action:/join field:email text:Daily title:Letters]", "map[action:/join field:email text:Daily text_lang:en title:رسائل]", "map[action:/join field:email text:Daily text_lang:en]"},
		{"newsletter: {action: {en: /join, ar: /ar/join}, field: {ar: mail}}", "theme.newsletter", "map[action:/join field:email]", "map[action:/ar/join field:mail]", "<nil>"},
		{"newsletter: {action: {en: /join}}", "theme.newsletter.action", "/join", "<nil>", "<nil>"},
		{"donate: {url: {ar: /ar/give}}", "theme", "map[donate:<nil>]", "map[donate:map[url:/ar/give]]", "map[donate:<nil>]"},
		{"logo: {light: {en: /a.svg, ar: /b.svg}, alt: Post}", "theme.logo", "map[alt:Post dark: light:static/a.svg]", "map[alt:Post alt_lang:en dark: light:static/b.svg]", "<nil>"},
	} {
		cfg, says, _ := themed(c.line + languages)
		for tag, want := range map[string]string{"en": c.en, "ar": c.ar, "fr": c.fr} {
			if value, _ := cfg.Value(tag, c.key); says != "" || fmt.Sprint(value) != want {
				t.Errorf("of %s %s in %s is %v, want %s %s", c.line, c.key, tag, value, want, says)
			}
		}
	}
	for _, c := range []struct{ line, says, hint string }{
		{"donate: {url: /a, title: {en: Give, ur: x}}" + languages, `5:39: the site has no language "ur"`, "there are: en, ar, fr"},
		{"donate: {url: /a, title: {de: x}}", `5:29: the site has no language "de"`, "there are: en"},
		{"newsletter: {action: {en: /a, ar: a}}" + languages, `5:37: an address of theme begins with / or https://, not as "a"`, "  newsletter: {action: {en: /a, ar: /a}}"},
		{"newsletter: {action: {en: /a, ar: \"https://b.example/\"}}" + languages, "5:37: no form may send to b.example: site.yaml does not allow it", "allow that host in site.yaml:\nallow: {form: [b.example]}"},
		{"donate: {url: /a, title: {de: x}}\nlanguages: [en, de, d e]", `6:21: "d e" is not a language`, "use a tag of BCP 47, such as en, ar or pt-BR"},
		{"donate: {url: /a, title: {de: x}}\nlanguages: [en, d e]", `6:17: "d e" is not a language`, "use a tag of BCP 47, such as en, ar or pt-BR"},
	} {
		if _, says, hint := themed(c.line); says != c.says || hint != c.hint {
			t.Errorf("of %s it says\n%s\n%s\nwant\n%s\n%s", c.line, says, hint, c.says, c.hint)
		}
	}
}

// While it is not known what words stand on, nothing is said of their colours.
func TestNoGrounds(t *testing.T) {
	for _, paper := range []string{`"#101010"`, "blue", `{light: "#888"}`} {
		_, problems := Parse("site.yaml", []byte("format: 1\ntitle: The Post\ntimezone: UTC\ntheme:\n  accent: \"#fc0\"\n  paper: "+paper+"\n"))
		if len(problems) != 1 || problems[0].Line != 6 {
			t.Errorf("of paper %s it says %v", paper, problems)
		}
	}
}

// docs/site.md shows what is said of a colour that fails.
func TestColoursDoc(t *testing.T) {
	doc, err := os.ReadFile("../../docs/site.md")
	if err != nil {
		t.Fatal(err)
	}
	said := tell("site.yaml", "format: 1\ntitle: The Post\ntimezone: UTC\ntheme:\n  accent: \"#fc0\"\n")
	if said, _, _ = strings.Cut(said, "1 error"); !strings.Contains(string(doc), "```text\n"+said+"```\n") {
		t.Errorf("docs/site.md does not show\n%s", said)
	}
}

// A form that the policy holds back is told, with what lets it through.
func TestPosts(t *testing.T) {
	const says = "5:24: no form may send to lists.example: site.yaml does not allow it"
	for _, c := range []struct{ line, says, hint string }{
		{`newsletter: {action: "https://lists.example/join"}`, says, "allow that host in site.yaml:\nallow: {form: [lists.example]}"},
		{"newsletter: {action: \"https://lists.example/join\"}\nallow: {form: [a.example]}", says, "allow that host in site.yaml:\nallow: {form: [a.example, lists.example]}"},
		{"newsletter: {action: \"https://a.lists.example/join\"}\nallow: {form: [\"*.lists.example\"]}", "", ""},
		{"newsletter: {action: \"https://lists.example/join\"}\nbase_url: https://lists.example/news/", "", ""},
		{"newsletter: {action: \"https://lists.example/join\"}\nallow: {form: [\"https://lists.example\"]}", `6:16: a host is a name such as www.example.org, without https:// and path, not "https://lists.example"`, `allow: {form: [lists.example]}`},
		{"newsletter: {action: /join}\nallow: {frame: [\"*\"]}", `6:17: "*" would let in any host: name each, or write *.example.org for all below one`, `allow: {frame: [www.example.org]}`},
		{`newsletter: {action: /join}`, "", ""},
	} {
		if _, got, hint := themed(c.line); got != c.says || hint != c.hint {
			t.Errorf("of %s it says\n%s\n%s\nwant\n%s\n%s", c.line, got, hint, c.says, c.hint)
		}
	}
}

func FuzzColour(f *testing.F) {
	for _, c := range []string{"#8c1c24", "#fff", "000", "#12345", "#é0"} {
		f.Add(c)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, ok := parseColour(text)
		if !ok {
			return
		}
		if again, ok := parseColour(string(c)); !ok || again != c {
			t.Errorf("%q is read as %q, which is read as %q", text, c, again)
		}
		if near, ok := c.nearest(lasting, []Colour{"#ffffff"}); !ok || Contrast(near, "#ffffff") < lasting {
			t.Errorf("%q is proposed for %q", near, c)
		}
	})
}
