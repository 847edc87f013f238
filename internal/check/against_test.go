package check

import (
	"strings"
	"testing"
	"time"

	"stet/internal/diag"
)

func TestSketch(t *testing.T) {
	for _, x := range []struct {
		name, was, is  string
		words, changed int
	}{
		{"the same", "<p>The old mill burned.</p>", "<p>The old mill burned.</p>", 4, 0},
		{"a link and an emphasis", "<p>The old mill burned.</p>", `<p>The <a href="/new/" title="not seen">old</a> m<em>ill</em> burned.</p>`, 4, 0},
		{"marks and entities", "<p>“The old” mill, burned &amp; lost.</p>", "<p>The old mill – burned, &quot;lost&quot;!</p>", 5, 0},
		{"one word for another", "<p>The old mill burned.</p>", "<p>The old barn burned.</p>", 4, 1},
		{"a word more", "<p>The old mill burned.</p>", "<p>The old mill burned down.</p>", 5, 1},
		{"a word less", "<p>The old mill burned down.</p>", "<p>The old mill burned.</p>", 4, 1},
		{"a number", "<p>It cost 1,200 marks.</p>", "<p>It cost 1,300 marks.</p>", 5, 1},
		{"paragraphs", "<p>One</p>\n<p>two</p>", "<h2>One</h2>\n<ul><li>two</li></ul>", 2, 0},
		{"what is not shown", "<p>One</p>\n<script>let a = 1 < 2</script><style>p { color: red }</style><!-- a > b -->", "<p>One</p>", 1, 0},
		{"Arabic", "<p>احترقت المطحنة القديمة</p>", "<p>احترقت المطحنة الجديدة</p>", 3, 1},
		{"Chinese", "<p>磨坊着火了。</p>", "<p>磨坊着水了。</p>", 5, 1},
		{"what never ends", "<p>One <b", "<p>One b", 2, 0},
	} {
		t.Run(x.name, func(t *testing.T) {
			was, is := NewSketch(x.was), NewSketch(x.is)
			if is.Words() != x.words || was.Changed(is) != x.changed {
				t.Errorf("it has %d words, %d changed", is.Words(), was.Changed(is))
			}
		})
	}
}

// Two sketches never differ by more words than their texts do, and of a text in
// which few words were changed by about as many.
func TestSketchIsLess(t *testing.T) {
	words := strings.Fields(strings.Repeat("alder birch cedar elm fir hazel larch maple oak pine rowan yew ", 40))
	was := NewSketch(strings.Join(words, " "))
	for i := range 40 {
		words[i*7] = strings.Repeat("x", i+1)
		if n := was.Changed(NewSketch(strings.Join(words, " "))); n > i+1 || n < (i+1)*6/10 {
			t.Errorf("%d words changed, it says %d", i+1, n)
		}
	}
}

func FuzzAbout(f *testing.F) {
	text := About{ID: "/a/", Headline: "The\tmill\nburns", Date: time.Unix(1e9, 0), Corrections: 2, Text: NewSketch("<p>It burns.</p>")}.String()
	f.Add(text)
	f.Add(text[:len(text)-30])
	f.Add("\t\t0\t\t\t")
	f.Add("\t\t-1\tAAAA\t\t")
	f.Fuzz(func(t *testing.T, text string) {
		a, ok := ParseAbout(text)
		if !ok {
			return
		}
		b, ok := ParseAbout(a.String())
		if !ok || b.String() != a.String() || strings.Contains(a.String(), "\n") || *a.Text != *b.Text {
			t.Errorf("%q is read as %+v and that as %+v", text, a, b)
		}
	})
}

// A comparing is two editions, and what is found: each line is the rule, the place
// and the address that is told.
type comparing struct {
	name        string
	before, now []Listed
	want        string
}

func comparings() []comparing {
	mill := func(name, text string) Listed {
		return Listed{name, "mill.md", &About{Headline: "The mill", Date: time.Unix(1e9, 0), Text: NewSketch(text)}}
	}
	list := func(names ...string) (all []Listed) {
		for _, n := range names {
			all = append(all, Listed{Name: n})
		}
		return all
	}
	const short, long = "It burns.", "It burns and burns and burns, and nobody knows why that is."
	with := func(l Listed, change func(a *About)) Listed { change(l.About); return l }
	return []comparing{
		{"nothing", []Listed{mill("a/index.html", short)}, []Listed{mill("a/index.html", short)}, ""},
		{"another text", []Listed{mill("a/index.html", short)}, []Listed{mill("a/index.html", long)}, "text-changed mill.md"},
		{"two words", []Listed{mill("a/index.html", "It burns now.")}, []Listed{mill("a/index.html", "It burned then.")}, ""},
		{"updated", []Listed{mill("a/index.html", short)}, []Listed{with(mill("a/index.html", long), func(a *About) { a.Updated = time.Unix(2e9, 0) })}, ""},
		{"updated before", []Listed{with(mill("a/index.html", short), func(a *About) { a.Updated = time.Unix(2e9, 0) })},
			[]Listed{with(mill("a/index.html", long), func(a *About) { a.Updated = time.Unix(2e9, 0) })}, "text-changed mill.md"},
		{"corrected", []Listed{mill("a/index.html", short)}, []Listed{with(mill("a/index.html", long), func(a *About) { a.Corrections = 1 })}, ""},
		{"corrected before", []Listed{with(mill("a/index.html", short), func(a *About) { a.Corrections = 1 })},
			[]Listed{with(mill("a/index.html", long), func(a *About) { a.Corrections = 1 })}, "text-changed mill.md"},
		{"killed", []Listed{mill("a/index.html", long)}, []Listed{with(mill("a/index.html", ""), func(a *About) { a.Headline = "Withdrawn" })}, ""},
		{"moved with all", []Listed{mill("a/index.html", short)}, append(list("a/index.html"), with(mill("b/index.html", short), func(a *About) { a.ID = "/a/" })), ""},
		{"moved with all and changed", []Listed{mill("a/index.html", short)}, append(list("a/index.html"), with(mill("b/index.html", long), func(a *About) { a.ID = "/a/" })), "text-changed mill.md"},
		{"moved without alias", []Listed{mill("a/index.html", short)}, []Listed{with(mill("b/index.html", short), func(a *About) { a.ID = "/a/" })}, "url-gone mill.md /a/"},
		{"moved without either", []Listed{mill("a/index.html", short)}, []Listed{mill("b/index.html", short)}, "url-gone mill.md /a/"},
		{"gone", []Listed{mill("a/index.html", short)}, nil, "story-gone  /a/"},
		{"gone, another came", []Listed{mill("a/index.html", short)}, []Listed{with(mill("b/index.html", short), func(a *About) { a.Headline = "The map" })}, "story-gone  /a/"},
		{"a draft again", []Listed{mill("draft/index.html", short)}, nil, "story-gone mill.md /draft/"},
		{"led elsewhere", []Listed{mill("led/index.html", short)}, nil, ""},
		{"lists", list("index.html", "news/index.html", "tags/fire/index.html", "news/page/3/index.html", "page/12/index.html", "about.html"), list("index.html", "news/index.html"),
			"url-gone site.yaml /about.html, url-gone site.yaml /tags/fire/"},
		{"named in digits", append(list("index.html", "2026/index.html", "tags/1984/index.html", "series/7/index.html", "1999/12/index.html", "page/index.html", "tags/page/3/index.html", "news/2001/09/index.html"), mill("a/index.html", short)),
			append(list("index.html"), mill("a/index.html", short)),
			"url-gone site.yaml /1999/12/, url-gone site.yaml /2026/, url-gone site.yaml /news/2001/09/, url-gone site.yaml /page/, url-gone site.yaml /series/7/, url-gone site.yaml /tags/1984/, url-gone site.yaml /tags/page/3/"},
		{"an archive", append(list("2001/index.html", "2001/09/index.html", "2001/09/09/index.html", "ar/2001/index.html", "ar/2001/09/index.html", "2001/10/index.html", "2001/page/2/index.html", "fr/2001/09/index.html"), mill("a/index.html", short)),
			[]Listed{mill("a/index.html", short)}, "url-gone site.yaml /2001/10/, url-gone site.yaml /fr/2001/09/"},
		{"a year alone, without archive", append(list("2001/index.html"), mill("a/index.html", short)), []Listed{mill("a/index.html", short)}, "url-gone site.yaml /2001/"},
		{"of a story under embargo", append(list("tags/secret/index.html"), mill("secret/index.html", short)), nil, "url-gone secret.md /tags/secret/, story-gone secret.md /secret/"},
		{"one that takes its place", []Listed{mill("a/index.html", short), mill("b/index.html", short)},
			[]Listed{with(mill("a/index.html", long), func(a *About) { a.ID = "/x/" }), mill("b/index.html", short)}, "text-changed mill.md"},
	}
}

func TestAgainst(t *testing.T) {
	for _, x := range comparings() {
		t.Run(x.name, func(t *testing.T) {
			e := Editions{
				Before: x.before, Now: x.now, Share: .05, Languages: []string{"", "ar"}, Stamp: "2026-11-22 12:00",
				Rules: func(string) map[string]string {
					return map[string]string{"text-changed": "warn", "url-gone": "warn", "story-gone": "error"}
				},
				Mark: func(source, _ string) diag.Problem { return diag.Problem{Path: source, Line: 1, Length: 1} },
				Veiled: func(address string) string {
					if address == "/tags/secret/" || address == "/secret/" {
						return "secret.md"
					}
					return ""
				},
				Leads: func(address string) bool { return address == "/led/" },
				Unpublished: func(id, address, _ string) (string, string) {
					if address == "/draft/" {
						return "mill.md", "draft"
					}
					return "", ""
				},
			}
			var got []string
			for _, p := range diag.Sort(e.Problems()) {
				line := p.Rule + " " + p.Path
				for _, w := range strings.Fields(p.Text) {
					if strings.HasPrefix(w, "/") && strings.Count(line, " ") < 2 {
						line += " " + w
					}
				}
				got = append(got, line)
			}
			if s := strings.Join(got, ", "); s != x.want {
				t.Errorf("found %q", s)
			}
		})
	}
}
