package language

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/internal/fields"
)

var update = flag.Bool("update", false, "write what the tests get as what they want")

// The languages of the theme, and the regions that lie over one.
func spoken(t *testing.T) (whole, regions []string) {
	t.Helper()
	files, err := os.ReadDir("../../layouts/languages")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		tag, _ := strings.CutSuffix(file.Name(), ".yaml")
		if strings.Contains(tag, "-") {
			regions = append(regions, tag)
		} else {
			whole = append(whole, tag)
		}
	}
	return whole, regions
}

// alike are texts that a language writes as English does.
var alike = map[string]string{
	"ar": "byline.name_role correction_dated copyright dateline.plain",
	"de": "byline.name_role dateline.date dateline.plain dates.day2 correction_dated copyright illustration illustration_by newsletter type_interview video",
	"es": "rating_no byline.name_role correction_dated copyright dateline.date dateline.plain",
	"fa": "byline.name_role correction_dated copyright dateline.plain",
	"fr": "byline.name_role contact correction_dated copyright dateline.date dateline.plain illustration menu page_n page_title pages photo source",
}

// Every language of the theme says what English says, with the same placeholders,
// nothing more, and nothing in English by accident.
func TestComplete(t *testing.T) {
	en := said(read(t, "en"))
	tags, _ := spoken(t)
	for _, tag := range tags {
		texts := said(read(t, tag))
		for _, key := range slices.Sorted(maps.Keys(en)) {
			text, known := texts[key]
			switch {
			case !known:
				t.Errorf("layouts/languages/%s.yaml lacks %s: %q", tag, key, en[key])
			case !slices.Equal(names(text), names(en[key])):
				t.Errorf("layouts/languages/%s.yaml: %s has the placeholders %q, and in English %q", tag, key, names(text), names(en[key]))
			case tag != "en" && text == en[key] && strings.ContainsFunc(text, isLetter) && !strings.HasPrefix(key, "dates.") && !slices.Contains(strings.Fields(alike[tag]), key):
				t.Errorf("layouts/languages/%s.yaml: %s is still English: %q (or add it to those that are alike)", tag, key, text)
			}
		}
		for _, key := range slices.Sorted(maps.Keys(texts)) {
			if _, known := en[key]; !known {
				t.Errorf("layouts/languages/%s.yaml has %s: %q, which en.yaml has not", tag, key, texts[key])
			}
		}
	}
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// said are all texts of a language by their keys, those of all plural forms as one.
func said(l *Language) map[string]string {
	texts := map[string]string{}
	for key, m := range l.Messages {
		texts[key] = m.Text
		for _, form := range slices.Sorted(maps.Keys(m.Plurals)) {
			texts[key] += m.Plurals[form] + "\n"
		}
	}
	for name, more := range map[string]map[string]string{"dates": l.Dates, "byline": l.Bylines, "dateline": l.Datelines, "roles": l.Roles, "credits": l.Credits} {
		for key, text := range more {
			texts[name+"."+key] = text
		}
	}
	return texts
}

// names are the placeholders of a text but {count}, which a form for one or two
// need not show, and those of dates, which each language chooses.
func names(text string) (all []string) {
	for _, piece := range pieces(text) {
		if piece.name != "" && piece.name != "count" && !slices.Contains(dateParts, piece.name) && !slices.Contains(all, piece.name) {
			all = append(all, piece.name)
		}
	}
	slices.Sort(all)
	return all
}

// cardinal are the plural forms of whole numbers by CLDR 46.
var cardinal = map[string]string{
	"ar": "few many one other two zero", "de": "one other", "en": "one other", "es": "many one other", "fa": "one other", "fr": "many one other",
}

// Each text with a number has a form for each that its language tells apart, and
// none that nothing asks for.
func TestPlurals(t *testing.T) {
	tags, _ := spoken(t)
	for _, tag := range tags {
		l := read(t, tag)
		asked := map[string]bool{}
		for n := range 1000 {
			asked[formOf(tag, n)], asked[formOf(tag, n*1_000_000)] = true, true
		}
		if got := strings.Join(slices.Sorted(maps.Keys(asked)), " "); got != cardinal[tag] {
			t.Errorf("%s asks for %q, CLDR has %q", tag, got, cardinal[tag])
		}
		for key, m := range l.Messages {
			if got := strings.Join(slices.Sorted(maps.Keys(m.Plurals)), " "); m.Plurals != nil && got != cardinal[tag] {
				t.Errorf("layouts/languages/%s.yaml: %s has %q, and needs %q", tag, key, got, cardinal[tag])
			}
		}
	}
	for _, c := range []struct {
		tag  string
		n    int
		want string
	}{
		{"fr", 0, "one"}, {"fr", 2_000_000, "many"}, {"fr-CH", 1_000_000, "many"}, {"fr", 1_000_001, "other"}, {"es", 0, "other"},
		{"ar", 0, "zero"}, {"ar", 10_000_000, "other"}, {"ar", 10_000_002, "other"}, {"ar", -2, "two"}, {"en", -1, "one"}, {"en", -1 << 63, "other"}, {"he", 2, "two"},
	} {
		if got := formOf(c.tag, c.n); got != c.want {
			t.Errorf("%s: %d is %q, want %q", c.tag, c.n, got, c.want)
		}
	}
}

// The file of a region says only what differs.
func TestRegions(t *testing.T) {
	_, tags := spoken(t)
	for _, tag := range tags {
		base := read(t, tag[:strings.IndexByte(tag, '-')])
		path := Files(tag)[len(Files(tag))-1]
		data, err := os.ReadFile("../../" + path)
		if err != nil {
			t.Fatal(err)
		}
		v, _ := fields.YAML(path, data, 1)
		differs := func(what string, pairs ...fields.Pair) {
			lying := read(t, base.Tag)
			lying.Over(&fields.Value{Kind: fields.Map, Pairs: pairs}, path)
			if reflect.DeepEqual(base, lying) {
				t.Errorf("%s: %s is as %s.yaml has it", path, what, base.Tag)
			}
		}
		for _, pair := range v.Pairs {
			if pair.Value.Kind != fields.Map {
				differs(pair.Key.Text, pair)
				continue
			}
			for _, within := range pair.Value.Pairs {
				part := *pair.Value
				part.Pairs = []fields.Pair{within}
				differs(pair.Key.Text+"."+within.Key.Text, fields.Pair{Key: pair.Key, Value: &part})
			}
		}
	}
}

// How French parts high punctuation from its word.
func TestFrenchSpaces(t *testing.T) {
	const narrow = "\u202f"
	for _, tag := range []string{"fr", "fr-CH"} {
		l := read(t, tag)
		texts := said(l)
		texts["quotes"], texts["then"] = l.Quotes[0]+"x"+l.Quotes[1], l.Then
		for key, text := range texts {
			bare := strings.NewReplacer(narrow+":", "", narrow+";", "", narrow+"?", "", narrow+"!", "", "«"+narrow, "", narrow+"»", "").Replace(text)
			if strings.ContainsAny(bare, ":;?!«»") {
				t.Errorf("%s: %s lacks a narrow space: %q", tag, key, text)
			}
		}
	}
}

// TestSpoken shows what each language makes of the same things, in
// testdata/spoken.txt, for whoever reads it.
func TestSpoken(t *testing.T) {
	whole, regions := spoken(t)
	tags := slices.Sorted(slices.Values(append(append(whole, regions...), "en-GB")))
	first, other := time.Date(2026, 1, 1, 0, 5, 0, 0, time.UTC), time.Date(2026, 11, 23, 15, 7, 0, 0, time.UTC)
	names := map[string][4]string{
		"ar": {"ليلى حداد", "سامي نور", "بغداد", "طرابلس"}, "fa": {"لیلا حدادی", "سام نوری", "بغداد", "طرابلس"},
		"es": {"Ana Vera", "Inés Ruiz", "Bagdad", "Trípoli"},
	}
	var b strings.Builder
	for _, tag := range tags {
		l := read(t, tag)
		n, known := names[tag]
		if !known {
			n = [4]string{"Ada Vera", "Ian Ruiz", "Bagdad", "Tripoli"}
		}
		fmt.Fprintf(&b, "== %s: %s, %s\n", tag, l.Name, l.Dir)
		for _, style := range slices.Sorted(maps.Keys(l.Dates)) {
			one, _ := l.Date(style, first)
			two, _ := l.Date(style, other)
			fmt.Fprintf(&b, "%s: %s | %s\n", style, one, two)
		}
		line := func(authors []Credit, place string) {
			for _, part := range l.Byline(authors, place) {
				b.WriteString(part.Text)
			}
			b.WriteString("\n")
		}
		line([]Credit{{Name: n[0]}}, "")
		line([]Credit{{Name: n[0]}, {Name: n[1]}}, n[2])
		line([]Credit{{Name: n[0], In: n[3]}, {Name: n[1], Role: "correspondent"}, {Name: n[0], Of: n[1]}}, n[2])
		line([]Credit{{Name: n[0], For: n[1]}, {Name: n[1], Role: "photographer"}, {Name: n[0], Role: "research"}}, "")
		fmt.Fprintln(&b, l.Dateline(n[2], ""))
		fmt.Fprintf(&b, "%s; %s; %s\n", l.Join([]string{n[0], n[1]}), l.Join([]string{n[0], n[2], n[1]}), l.Number(-1234567))
		fmt.Fprintf(&b, "%sa %sb%s c%s\n", l.Quotes[0], l.Quotes[2], l.Quotes[3], l.Quotes[1])
		for _, count := range []int{0, 1, 2, 3, 11, 100, 1_000_000} {
			text, err := l.Text("comments_count", "count", count)
			fmt.Fprintln(&b, text, l.said(t, "reading_time", "count", count), err)
		}
		fmt.Fprintln(&b, l.said(t, "rating_tally", "yes", 1100, "count", 1200))
		fmt.Fprintln(&b, l.said(t, "search_results", "query", n[2]))
	}
	got := strings.ReplaceAll(b.String(), " <nil>", "")
	if *update {
		if err := os.WriteFile("testdata/spoken.txt", []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/spoken.txt")
	if err != nil || got != string(want) {
		t.Errorf("it is not as testdata/spoken.txt has it (-update): %v\n%s", err, got)
	}
}

func (l *Language) said(t *testing.T, key string, args ...any) string {
	t.Helper()
	text, err := l.Text(key, args...)
	if err != nil {
		t.Error(err)
	}
	return text
}
