package threads

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"stet/internal/diag"
)

func TestName(t *testing.T) {
	long := strings.Repeat("long/", 60)
	names := map[string]string{
		"/town/2026/11/mill-fire/": "town/2026/11/mill-fire",
		"/town/mill.html":          "town/mill.html",
		"/town/mill.html/":         "=%2Ftown%2Fmill.html%2F",
		"/town/mill":               "=%2Ftown%2Fmill",
		"mill-fire-2026":           "=mill-fire-2026",
		"Mill":                     "=%4Dill",
		"/":                        "=%2F",
		"":                         "=",
		"/a//b/":                   "=%2Fa%2F%2Fb%2F",
		"/../b/":                   "%2E%2E/b",
		"/a./.b/c.d/":              "a%2E/%2Eb/c.d",
		"/con:aux/":                "con%3Aaux",
		"/ar/المدينة/2026/حريق/":   "ar/المدينة/2026/حريق",
		"/stra\u00dfe/":            "stra\u00dfe",
		"/cafe\u0301/":             "cafe%CC%81", // not what /café/ is
		"/caf\u00e9/":              "caf\u00e9",
		"/\u212a/":                 "%E2%84%AA", // the sign of kelvin, small k to some
		"/=x/":                     "%3Dx",
		"\xff":                     "=%FF",
		"/" + long:                 long[:len(long)-1],
	}
	of := map[string]string{}
	for story, want := range names {
		got := Name(story)
		if got != want {
			t.Errorf("Name(%q) is %q, not %q", story, got, want)
		}
		if other, ok := of[got]; ok {
			t.Errorf("%q and %q share %q", story, other, got)
		}
		of[got] = story
	}
	if a, b := Name("/"+strings.Repeat("a", 300)+"/"), Name("/"+strings.Repeat("a", 301)+"/"); a == b || len(a) > longest {
		t.Errorf("long names: %q and %q", a, b)
	}
}

// Two stories never share a name, on a file system that knows no case and one
// that puts letters together.
func FuzzName(f *testing.F) {
	for _, seed := range [][2]string{{"/a/", "/A/"}, {"/caf\u00e9/", "/cafe\u0301/"}, {"/a/b/", "/a/b"}, {"=a", "a"}, {"/ſ/", "/s/"}, {"/ς/", "/σ/"}, {"/ı/", "/i/"}} {
		f.Add(seed[0], seed[1])
	}
	fold := func(s string) string { return norm.NFC.String(cases.Fold().String(norm.NFD.String(Name(s)))) }
	f.Fuzz(func(t *testing.T, a, b string) {
		if a != b && fold(a) == fold(b) {
			t.Errorf("%q and %q share %q and %q", a, b, Name(a), Name(b))
		}
		for dir := range strings.SplitSeq(Name(a), "/") {
			if dir == "" || dir[0] == '.' || len(dir) > longest {
				t.Errorf("Name(%q) is %q", a, Name(a))
			}
		}
	})
}

var two = []Comment{
	{"c2", time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC), "ليلى", "Line one\n\n<b>\u2028\x00", "c1"},
	{"c1", time.Date(2026, 11, 20, 10, 31, 7, 0, time.UTC), "Ada & Co", "\"Quite\"", ""},
}

func TestFormat(t *testing.T) {
	const want = `[
{"id":"c1","time":"2026-11-20T10:31:07Z","name":"Ada & Co","text":"\"Quite\""},
{"id":"c2","time":"2026-11-20T11:00:00Z","name":"ليلى","text":"Line one\n\n<b>\u2028\u0000","parent":"c1"}
]
`
	data := Format(two)
	if string(data) != want {
		t.Errorf("written is %s", data)
	}
	if back, problems := Parse("x", data); len(problems) > 0 || !reflect.DeepEqual(back, []Comment{two[1], two[0]}) {
		t.Errorf("read back is %+v, %v", back, problems)
	}
	if back, problems := Parse("x", Format(nil)); len(problems) > 0 || len(back) > 0 {
		t.Errorf("of nothing is read %v, %v", back, problems)
	}
	if got := string(FormatTally(Tally{12, 3})); got != "{\"yes\":12,\"no\":3}\n" {
		t.Errorf("a tally is %s", got)
	}
}

func TestParseWrong(t *testing.T) {
	const head = `{"time":"2026-11-20T11:00:00Z","name":"Ada","text":"x",`
	for data, want := range map[string]string{
		`{}`:        "x:1:1: this is no list of comments",
		"[\n{\"i\"": "x:2:1: this comment cannot be read: the file ends within it",
		"[\n" + head + `"id":"a"},` + "\n" + head + `"id":"a"}]`: `x:3:1: the id "a" is that of line 2 too`,
		"[\n\n " + head + `"id":"a b"}]`:                         `x:3:2: "a b" is no id of a comment`,
		"[" + head + `"id":"a","parent":"a"}]`:                   `x:1:2: this comment answers itself`,
		"[" + head + `"id":"a","mail":"a"}]`:                     `x:1:2: this comment cannot be read: unknown field "mail"`,
		"[" + head + `"id":7}]`:                                  `x:1:2: this comment cannot be read: number is no value of`,
		`[{"id":"a","name":"Ada","text":"x"}]`:                   "x:1:2: this comment has no time",
		"[" + head + `"id":"a"}`:                                 "x:1:66: the list does not end",
		"[" + head + `"id":"a"}] []`:                             "something stands behind the end",
	} {
		_, problems := Parse("x", []byte(data))
		if len(problems) != 1 || !strings.Contains(problems[0].Error(), want) || problems[0].Hint == "" || problems[0].Severity != diag.Error {
			t.Errorf("%s: %v, not %s", data, problems, want)
		}
	}
	for _, data := range []string{"", "[]", `{"yes": -1, "no": 0}`, `{"yes": 1, "no": 0} x`, `{"yes": 1.5}`, `{"maybe": 1}`} {
		if tally, problems := ParseTally("x", []byte(data)); len(problems) != 1 || (tally != Tally{} && !strings.Contains(data, " x")) {
			t.Errorf("%s: %v, %v", data, tally, problems)
		}
	}
}

// What is read is written and read again as the same.
func FuzzParse(f *testing.F) {
	f.Add([]byte(Format(two)))
	f.Add([]byte(`[{"id":"a","time":"2026-11-20T11:00:00+03:00","name":"A","text":"b"}] x`))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, _ := Parse("x", data)
		back, problems := Parse("x", Format(all))
		if len(problems) > 0 || len(all) != len(back) || (len(all) > 0 && !reflect.DeepEqual(all, back)) {
			t.Errorf("%q is read as %+v, and then as %+v, %v", data, all, back, problems)
		}
		ParseTally("x", data)
	})
}
