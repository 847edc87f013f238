package service

import (
	"maps"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"stet/internal/comments"
)

func TestEmail(t *testing.T) {
	for text, want := range map[string]bool{
		"ada@example.org": true, "a.b+c@sub.example.org": true, "ليلى@مثال.إختبار": true, "ada@localhost": true, "o'neil@example.org": true,
		"ada": false, "@example.org": false, "ada@": false, "a@b@c": false, "a b@example.org": false, `"a b"@example.org`: false, "a@exam\u200bple.org": false, "<a@example.org>": false, "a@example.org\x00": false,
	} {
		if got := isEmail(text); got != want {
			t.Errorf("%q is an address: %v", text, got)
		}
	}
}

func TestFlags(t *testing.T) {
	b := newBench(t)
	if err := b.store.SetWords(t.Context(), "desk", []string{"ass", "viagra", "احمق", "two, words", "ÉTÉ"}); err != nil {
		t.Fatal(err)
	}
	b.approved(fire, "The very same thing, word by word")
	for text, want := range map[string]string{
		"Good morning": "",
		"http://a.example and https://b.example, www.c.example": "links",
		"http://a.example and https://b.example":                "",
		"WHY DOES NOBODY DO ANYTHING":                           "capitals",
		"WHY DOES NOBODY do ANYTHING":                           "",
		"لماذا لا يفعل أحد شيئا في هذه المدينة":                 "",
		"class":                              "",
		"An ASS":                             "word ass",
		"Buy V\u200biagra! and ass":          "word ass,word viagra",
		"يا أحمق":                            "word احمق",
		"والاحمق":                            "word احمق",
		"two words":                          "word two  words",
		"l'ete":                              "word été",
		"The very same THING: word by word.": "repeated",
	} {
		got, err := b.flags(t.Context(), comments.Comment{Story: harbr, Text: text})
		slices.Sort(got)
		if all := strings.Join(got, ","); err != nil || !strings.EqualFold(all, want) {
			t.Errorf("%q is marked %q, %v; not %q", text, all, err, want)
		}
	}
}

// Where somebody is is what those proxies say that are trusted.
func TestFrom(t *testing.T) {
	s := &Service{Options: Options{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}}}
	for _, try := range [][3]string{
		{"192.0.2.1:99", "198.51.100.1", "192.0.2.1"}, // says so himself
		{"10.0.0.1:99", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.1:99", "203.0.113.9, 198.51.100.1", "198.51.100.1"},
		{"10.0.0.1:99", "203.0.113.9, 198.51.100.1, 10.0.0.7", "198.51.100.1"},
		{"10.0.0.1:99", "198.51.100.1:4711", "198.51.100.1"},
		{"10.0.0.1:99", "[2001:db8::1]:4711", "2001:db8::1"},
		{"10.0.0.1:99", "2001:db8::1%eth0", "2001:db8::1"},
		{"10.0.0.1:99", "::ffff:198.51.100.1", "198.51.100.1"},
		{"10.0.0.1:99", "", "10.0.0.1"},
		{"10.0.0.1:99", "198.51.100.1, unknown", "10.0.0.1"},
		{"[fd00::1]:99", "198.51.100.1", "198.51.100.1"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = try[0]
		r.Header.Set("X-Forwarded-For", try[1])
		if got := s.from(r).String(); got != try[2] {
			t.Errorf("%s with %q is %s, not %s", try[0], try[1], got, try[2])
		}
	}
}

func TestParts(t *testing.T) {
	for addr, want := range map[string][2]string{"192.0.2.77": {"192.0.2.77/32", "192.0.2.0/24"}, "2001:db8:1:2:3::4": {"2001:db8:1:2::/64", "2001:db8:1::/48"}} {
		if a, b := parts(netip.MustParseAddr(addr)); a != want[0] || b != want[1] {
			t.Errorf("%s is %s in %s", addr, a, b)
		}
	}
	parts(netip.Addr{}) // of a connection that has none
}

// All languages say the same things, and fill in the same.
func TestVoices(t *testing.T) {
	all, err := voices(languageFiles, "languages")
	if err != nil {
		t.Fatal(err)
	}
	if tags := slices.Sorted(maps.Keys(all)); !slices.Equal(tags, []string{"ar", "de", "en", "es", "fa", "fr"}) {
		t.Errorf("the languages are %v", tags)
	}
	english := all["en"]
	for tag, v := range all {
		for _, key := range english.Keys() {
			for _, count := range []int{0, 1, 2, 3, 11, 100, 1_000_000} {
				args := []any{"name", "Ada", "most", 1500, "count", count}
				got, err := v.T(key, args...)
				want, _ := english.T(key, args...)
				if err != nil || got == "" {
					t.Errorf("%s: %s is %q, %v", tag, key, got, err)
				}
				if strings.Contains(want, "Ada") != strings.Contains(got, "Ada") || strings.ContainsAny(got, "{}") {
					t.Errorf("%s: %s is %q", tag, key, got)
				}
			}
		}
		for _, key := range v.Keys() {
			if !slices.Contains(english.Keys(), key) {
				t.Errorf("%s says %s, which English does not", tag, key)
			}
		}
		if strings.HasPrefix(tag, "ar") != (v.Dir == "rtl") && tag != "fa" {
			t.Errorf("%s is written %s", tag, v.Dir)
		}
	}
}
