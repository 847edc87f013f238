package layout

import (
	"cmp"
	"fmt"
	"html/template"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"text/template/parse"
	"unicode/utf8"
)

// chains are the chains of escapers that html/template puts behind a value, each
// with a place where it does.
func chains(t *testing.T) map[string]string {
	all := map[string]string{}
	for _, place := range places {
		trees, err := parseText("main", at(place, "."))
		if err != nil {
			t.Fatal(err)
		}
		root := trees["main"].Root
		if !escape("main", root) {
			continue
		}
		walk(root, func(n parse.Node) {
			a, ok := n.(*parse.ActionNode)
			if !ok {
				return
			}
			var names []string
			for _, cmd := range a.Pipe.Cmds[1:] {
				names = append(names, strings.TrimPrefix(cmd.String(), "_html_template_"))
			}
			if chain := strings.Join(names, " "); len(all[chain]) == 0 || len(place) < len(all[chain]) {
				all[chain] = place
			}
		})
	}
	return all
}

// Each escaper stands in one of the places of the tests, so that they mean all.
func TestPlacesReach(t *testing.T) {
	reached := " " + strings.Join(slices.Collect(maps.Keys(chains(t))), " ") + " "
	for name := range escapers {
		if !strings.Contains(reached, " "+strings.TrimPrefix(name, "_html_template_")+" ") {
			t.Errorf("no place has the %s", name)
		}
	}
}

// points are all code points, and what no code point is encoded as, in
// groups of so many.
func points(n int) (groups [][]string) {
	var all []string
	for r := rune(0); r <= utf8.MaxRune; r++ {
		all = append(all, string(r)) // of a surrogate: U+FFFD
	}
	for c := range 256 {
		all = append(all, string([]byte{byte(c)}), string([]byte{0xe2, byte(c)}), string([]byte{0xed, 0xa0, byte(c)}), string([]byte{0xf4, 0x90, byte(c), 0x80}), string([]byte{0xc0, byte(c)}))
	}
	for r := 0xd800; r < 0xe000; r++ { // surrogates as they would be encoded
		all = append(all, string([]byte{0xed, byte(0x80 | r>>6&0x3f), byte(0x80 | r&0x3f)}))
	}
	for g := range slices.Chunk(all, n) {
		groups = append(groups, g)
	}
	return groups
}

// Every code point there is, and every byte that is none, is escaped as
// html/template escapes it, by every chain of escapers: many in one text, and with
// what may follow.
func TestEveryCharacter(t *testing.T) {
	if testing.Short() {
		t.Skip("all of Unicode")
	}
	t.Parallel()
	all := points(2048)
	for chain, place := range chains(t) {
		b := bothOf(t, at(place, "."))
		for i, group := range all {
			followers := []string{""} // what swallows the next character is ASCII, or none
			if i < 2 || i >= len(all)-3 {
				followers = []string{"", "a", " ", "\\", "0", "<", "&", "\""}
			}
			for _, follower := range followers {
				text := strings.Join(group, follower)
				kinds := []any{text, template.HTML(text), template.JSStr(text), template.URL(text)}
				if i >= 32 {
					kinds = kinds[:1] // beyond the first plane; of HTML the original looks at tags
				}
				for _, v := range kinds {
					if wrong := b.differ(v); wrong != "" || !b.ran {
						t.Fatalf("%T in %s, by %s: %s", v, place, chain, cmp.Or(first(b, group, v), wrong, "not compiled"))
					}
				}
			}
		}
	}
}

// first is what is not the same of the first character of a group with which
// anything is not.
func first(b *both, group []string, like any) string {
	for _, s := range group {
		v := reflect.ValueOf(s).Convert(reflect.TypeOf(like)).Interface()
		if wrong := b.differ(v); wrong != "" {
			return fmt.Sprintf("%q: %s", s, wrong)
		}
	}
	return ""
}

// Where one character decides about a whole text, each is a text of its own.
func TestEveryFilter(t *testing.T) {
	if testing.Short() {
		t.Skip("all of Unicode")
	}
	t.Parallel()
	all := points(4096)
	for _, place := range []string{`<a href="%">`, `<p %>`, `<style>p{x:%}</style>`, `<img srcset="%">`, `<script>x = %</script>`} {
		b := bothOf(t, "{{range .}}"+at(place, ".")+"\n{{end}}")
		forms := []string{"%", "http%:x", "%ttp:x", "mailt%:"}
		if !strings.Contains(place, "href") {
			forms = []string{"%", "a%"}
		}
		for i, group := range all {
			if i > 32 {
				forms = forms[:1] // no letter has another there for its equal
			}
			if i > 16 && i < len(all)-4 && i%16 != 0 && !strings.Contains(place, "href") {
				continue // planes of which TestEveryCharacter has all
			}
			for _, form := range forms {
				var texts []string
				for _, s := range group {
					texts = append(texts, strings.ReplaceAll(form, "%", s))
				}
				if wrong := b.differ(texts); wrong != "" || !b.ran {
					for _, s := range texts {
						if b.differ([]string{s}) != "" {
							wrong = fmt.Sprintf("%q: %s", s, b.differ([]string{s}))
							break
						}
					}
					t.Fatalf("%s: %s", place, cmp.Or(wrong, "not compiled"))
				}
			}
		}
	}
}

// both are the ways to execute a template.
type both struct {
	r   *renderer
	p   *program
	err error // html/template's, of the last execution
	ran bool  // the program did not give up then
}

func bothOf(t *testing.T, text string) *both {
	t.Helper()
	trees, err := parseText("main", text)
	if err != nil {
		t.Fatal(err)
	}
	s := &set{name: "main", trees: trees}
	r := &renderer{layouts: &Layouts{}, set: s, lang: "en", language: languages["en"]}
	r.machine.r = r
	if err := r.ready(); err != nil {
		t.Fatal(err)
	}
	return &both{r: r, p: s.compiled()}
}

// differ executes both ways, and says what is not the same.
func (b *both) differ(dot any) string {
	var w strings.Builder
	b.r.dot = dot
	b.err = b.r.template.Execute(&w, dot)
	b.ran = b.p != nil && b.p.run(&b.r.machine, dot)
	got := string(b.r.machine.out)
	switch {
	case b.ran && b.err != nil:
		return fmt.Sprintf("html/template fails: %v\ncompiled it gives %q", b.err, got)
	case b.ran && got != w.String():
		return fmt.Sprintf("html/template gives\n%q\ncompiled it gives\n%q", w.String(), got)
	}
	return ""
}
