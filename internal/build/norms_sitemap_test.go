package build_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	newsFile = "news-sitemap.xml"
	mapFile  = "sitemaps/1.xml"
	oneURL   = "<url><loc>https://post.example/news/town/</loc></url>"
	lastURL  = "</urlset>"
)

// urls runs a check on each url of the sitemaps of a pattern.
func (f *edition) urls(pattern string, check func(u node) string) []string {
	return f.each(pattern, func(_ string, doc node) (wrong []string) {
		for _, u := range doc.all("url") {
			if w := check(u); w != "" {
				wrong = append(wrong, u.text("loc")+": "+w)
			}
		}
		return wrong
	})
}

// manyTimes repeats what a document holds until it is too much.
func manyTimes(name, what, before string, n int) spoiler {
	return func(files map[string]string) {
		files[name] = strings.Replace(files[name], before, strings.Repeat(what, n)+before, 1)
	}
}

// news runs a check on what each news sitemap says of a story.
func news(check func(f *edition, u, news node) string) func(f *edition) []string {
	return func(f *edition) []string {
		return f.urls("news-sitemap*.xml", func(u node) string {
			for _, n := range u.all("news:news") {
				if w := check(f, u, n); w != "" {
					return w
				}
			}
			return ""
		})
	}
}

var newsTag = regexp.MustCompile(`^([a-z]{2,3}|zh-cn|zh-tw)$`)

// Section 3.1: Google's news sitemap.
var newsNorms = []norm{
	{"NS1 namespaces", func(f *edition) []string {
		return f.each("news-sitemap*.xml", func(_ string, doc node) []string {
			if doc.XMLName.Space != "http://www.sitemaps.org/schemas/sitemap/0.9" || doc.attr("news") != spaces["news"] {
				return []string{"other name spaces"}
			}
			return nil
		})
	}, []spoiler{edit(newsFile, "sitemap-news/0.9", "sitemap-news/0.8")}},
	{"NS2 at most one news a url and 1,000 a file", func(f *edition) []string {
		return f.each("news-sitemap*.xml", func(_ string, doc node) (wrong []string) {
			n := 0
			for _, u := range doc.all("url") {
				if n += len(u.all("news:news")); len(u.all("news:news")) > 1 {
					wrong = append(wrong, "two in a url")
				}
			}
			if n > 1000 {
				wrong = append(wrong, "too many in a file")
			}
			return wrong
		})
	}, []spoiler{manyTimes(newsFile, "<url><loc>https://x.example/</loc><news:news/></url>", lastURL, 1000)}},
	{"NS3 two days", windowed, []spoiler{swap(newsFile, `<news:publication_date>2026-11-21T08:00:00Z`, "<news:publication_date>2026-11-20T11:59:59Z")}},
	{"NS4 tags", news(func(_ *edition, _, n node) string {
		for _, name := range []string{"publication", "publication_date", "title"} {
			if len(n.all("news:"+name)) != 1 {
				return "not one " + name
			}
		}
		if p := n.one("news:publication"); len(n.Nodes) != 3 || len(p.Nodes) != 2 || p.text("news:name") == "" || p.text("news:language") == "" {
			return "other tags"
		}
		return ""
	}), []spoiler{edit(newsFile, "<news:title>", "<news:genres>Blog</news:genres><news:title>")}},
	{"NS5 name without parentheses", news(func(_ *edition, _, n node) string {
		if name := n.one("news:publication").text("news:name"); strings.ContainsAny(name, "()") {
			return name
		}
		return ""
	}), []spoiler{edit(newsFile, "<news:name>", "<news:name>(Europe) ")}},
	{"NS6 language", news(func(_ *edition, _, n node) string {
		if tag := n.one("news:publication").text("news:language"); !newsTag.MatchString(tag) {
			return "the language " + tag
		}
		return ""
	}), []spoiler{edit(newsFile, "<news:language>en<", "<news:language>en-GB<")}},
	{"NS7 first publication", news(func(f *edition, u, n node) string {
		text := n.text("news:publication_date")
		at, ok := w3c(text)
		want, _ := w3c(f.said(u.text("loc")).DatePublished)
		if !ok || !at.Equal(want) {
			return fmt.Sprintf("%s, its page says %v", text, want)
		}
		return ""
	}), []spoiler{swap(newsFile, `<news:publication_date>2026-11-21T08:00`, "<news:publication_date>2026-11-21T18:00")}},
	{"NS8 the headline as shown", news(func(f *edition, u, n node) string {
		if title, want := n.text("news:title"), f.said(u.text("loc")).Headline; title != want {
			return fmt.Sprintf("%q, its page says %q", title, want)
		}
		return ""
	}), []spoiler{edit(newsFile, "<news:title>", "<news:title>Post: ")}},
	{"NS9 never empty", func(f *edition) []string {
		return f.each("news-sitemap*.xml", func(_ string, doc node) []string {
			if len(doc.all("url")) == 0 {
				return []string{"it names nothing"}
			}
			return nil
		})
	}, []spoiler{swap(newsFile, `(?s)<url>.*</url>`, "")}},
	{"NS10 nothing paid for, and nothing that search engines are kept from", func(f *edition) []string {
		return f.urls("news-sitemap*.xml", func(u node) string {
			if page := f.files[f.page(u.text("loc"))]; strings.Contains(page, `content="noindex"`) || strings.Contains(page, `rel="sponsored`) || page == "" {
				return "it has no place there"
			}
			return ""
		})
	}, []spoiler{edit(newsFile, "/town/2026/11/council/", "/town/2026/11/hidden/")}},
}

// windowed: what is there is of the last two days, and what is of these is there.
func windowed(f *edition) []string {
	named := map[string]bool{}
	wrong := f.urls("news-sitemap*.xml", func(u node) string {
		for _, n := range u.all("news:news") {
			named[f.page(u.text("loc"))] = true
			at, _ := w3c(n.text("news:publication_date"))
			if age := f.now.Sub(at); age > 48*time.Hour || age < 0 {
				return fmt.Sprintf("of %v, %v ago", at, age)
			}
		}
		return ""
	})
	for _, name := range f.at("index.html") {
		s := f.said(f.base + strings.TrimSuffix(name, "index.html"))
		page := f.files[name]
		if at, ok := w3c(s.DatePublished); ok && f.now.Sub(at) < 48*time.Hour && !named[name] && !strings.Contains(page, `content="noindex"`) && !strings.Contains(page, `rel="sponsored`) {
			wrong = append(wrong, name+" is news and not there")
		}
	}
	return wrong
}

// entries runs a check on each url of the sitemap and each part of its index.
func (f *edition) entries(check func(e node) string) []string {
	wrong := f.urls("sitemaps/*.xml", check)
	return append(wrong, f.each("sitemap.xml", func(_ string, doc node) (wrong []string) {
		for _, e := range doc.all("sitemap") {
			if w := check(e); w != "" {
				wrong = append(wrong, e.text("loc")+": "+w)
			}
		}
		return wrong
	})...)
}

var often = []string{"", "always", "hourly", "daily", "weekly", "monthly", "yearly", "never"}

// Section 3.2: sitemaps, and the versions in other languages (3.8).
var sitemapNorms = []norm{
	{"SM1 at most 50,000 URLs and 50 MB", func(f *edition) []string {
		return f.each("sitemaps/*.xml", func(name string, doc node) []string {
			if n, size := len(doc.all("url")), len(f.files[name]); n > 50_000 || size > 52_428_800 {
				return []string{fmt.Sprintf("%d URLs in %d bytes", n, size)}
			}
			return nil
		})
	}, []spoiler{manyTimes(mapFile, oneURL, lastURL, 50_000)}},
	{"SM2 an index of sitemaps and of no index", func(f *edition) []string {
		return f.each("sitemap.xml", func(_ string, doc node) (wrong []string) {
			if doc.XMLName.Local != "sitemapindex" || len(doc.all("sitemap")) > 50_000 || len(doc.all("sitemap")) == 0 {
				wrong = append(wrong, "it is no index")
			}
			for _, e := range doc.all("sitemap") {
				if !strings.Contains(f.files[f.page(e.text("loc"))], "<urlset ") {
					wrong = append(wrong, e.text("loc")+" is no sitemap")
				}
			}
			return wrong
		})
	}, []spoiler{edit("sitemap.xml", "/sitemaps/1.xml", "/sitemap.xml")}},
	{"SM3 addresses", func(f *edition) []string {
		return f.entries(func(e node) string { return addressed(e.text("loc")) })
	}, []spoiler{edit(mapFile, "<loc>https://post.example/news/town/", "<loc>/news/town/")}},
	{"SM3 times", func(f *edition) []string {
		return f.entries(func(e node) string {
			text := e.text("lastmod")
			if at, ok := w3c(text); text != "" && (!ok || at.After(f.now)) {
				return text + " is in the future, or no time"
			}
			return ""
		})
	}, []spoiler{swap(mapFile, `<lastmod>2026-11-2`, "<lastmod>2027-11-2")}},
	{"SM3 changefreq and priority", func(f *edition) []string {
		return f.entries(func(e node) string {
			var p float64
			if text := e.text("priority"); text != "" {
				if _, err := fmt.Sscan(text, &p); err != nil || p < 0 || p > 1 {
					return "the priority " + text
				}
			}
			if !slices.Contains(often, e.text("changefreq")) {
				return e.text("changefreq")
			}
			return ""
		})
	}, []spoiler{edit(mapFile, "</url>", "<changefreq>often</changefreq></url>")}},
	{"SM3 lastmod is when the page was changed", func(f *edition) []string {
		return f.urls("sitemaps/*.xml", func(u node) string {
			s := f.said(u.text("loc"))
			want, _ := w3c(s.DatePublished)
			if changed, ok := w3c(s.DateModified); ok && changed.After(want) {
				want = changed
			}
			if at, _ := w3c(u.text("lastmod")); s.Headline != "" && !at.Equal(want) {
				return fmt.Sprintf("%v, its page says %v", at, want)
			}
			return ""
		})
	}, []spoiler{swap(mapFile, `/fire/</loc>\s*<lastmod>2026-11-21T19:00:00Z`, "/fire/</loc><lastmod>2026-11-22T12:00:00Z")}},
	{"SM4 robots.txt", func(f *edition) (wrong []string) {
		n := 0
		for line := range strings.Lines(f.files["robots.txt"]) {
			if at, ok := strings.CutPrefix(strings.TrimSpace(line), "Sitemap: "); ok {
				if n++; addressed(at) != "" || f.files[f.page(at)] == "" {
					wrong = append(wrong, at+" is not there")
				}
			}
		}
		if n != 2 {
			wrong = append(wrong, "it does not name both sitemaps")
		}
		return wrong
	}, []spoiler{edit("robots.txt", "Sitemap: https://post.example", "Sitemap: ")}},
	{"SM5 nothing that search engines are kept from", func(f *edition) []string {
		return f.urls("sitemaps/*.xml", func(u node) string {
			page := f.files[f.page(u.text("loc"))]
			if page == "" || strings.Contains(page, `content="noindex"`) || strings.Contains(page, `http-equiv="refresh"`) || !strings.Contains(page, `<link rel="canonical" href="`+u.text("loc")+`"`) {
				return "it has no place there"
			}
			return ""
		})
	}, []spoiler{edit(mapFile, "/town/2026/11/council/", "/town/2026/11/hidden/")}},
	{"HL1 HL2 HL3 each version names all, whole", func(f *edition) []string {
		links := map[string][]string{}
		f.urls("sitemaps/*.xml", func(u node) string {
			for _, l := range u.all("xhtml:link") {
				links[u.text("loc")] = append(links[u.text("loc")], l.attr("hreflang")+" "+l.attr("href"))
			}
			return ""
		})
		var wrong []string
		for loc, all := range links {
			self := false
			for _, l := range all {
				_, to, _ := strings.Cut(l, " ")
				if self = self || to == loc; !slices.Equal(links[to], all) {
					wrong = append(wrong, loc+" names "+to+", which names others")
				}
			}
			if !self {
				wrong = append(wrong, loc+" does not name itself")
			}
		}
		return wrong
	}, []spoiler{swap(mapFile, `<xhtml:link rel="alternate" hreflang="ar"[^>]*>`, "")}},
}

// Sitemaps are valid by the schemas of sitemaps.org, the news sitemap of a day
// without news too.
func TestSitemapSchemas(t *testing.T) {
	lint := witnessed(t, "xmllint")
	schemas := "../feeds/testdata/schemas/"
	validate := func(doc, schema string) (string, error) {
		file := filepath.Join(t.TempDir(), "x.xml")
		if err := os.WriteFile(file, []byte(doc), 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(lint, "--noout", "--nonet", "--schema", schemas+schema, file).CombinedOutput()
		return string(out), err
	}
	for when, now := range map[string]time.Time{"with news": demoTime, "without": demoTime.AddDate(0, 0, 20)} {
		f := normSite(t, now)
		if got := strings.Contains(f.files[newsFile], "<news:news>"); got != (when == "with news") {
			t.Errorf("%s: %s", when, f.files[newsFile])
		}
		for name, schema := range map[string]string{"sitemap.xml": "siteindex.xsd", mapFile: "all.xsd", newsFile: "all.xsd"} {
			if out, err := validate(f.files[name], schema); err != nil {
				t.Errorf("%s, %s: %s", when, name, out)
			}
			if out, err := validate(strings.Replace(f.files[name], "<loc>", "<where>", 1), schema); err == nil {
				t.Errorf("%s is valid when it is not: %s", name, out)
			}
		}
		if when == "with news" {
			for _, spoilt := range []string{"<news:language>english<", "<news:language></news:language><x>en<"} {
				if _, err := validate(strings.Replace(f.files[newsFile], "<news:language>en<", spoilt, 1), "all.xsd"); err == nil {
					t.Errorf("%s is valid", spoilt)
				}
			}
		}
	}
}

// witnessed is a program that tests look at results with. Where it is missing,
// they are skipped, but not on a machine of their own.
func witnessed(t *testing.T, program string) string {
	t.Helper()
	found, err := exec.LookPath(program)
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal(err)
	}
	if err != nil {
		t.Skip(program + " is not installed")
	}
	return found
}
