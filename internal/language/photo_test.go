package language

import (
	"strings"
	"testing"
)

// The names in a picture's credit, in the words of its language.
func TestPhotoNames(t *testing.T) {
	for tag, credits := range map[string]map[string]string{
		"en": {
			"Jun Ashby":                            "Jun Ashby",
			"Jun Ashby/The Lantern":                "Jun Ashby",
			"Jun Ashby / AFP":                      "Jun Ashby",
			"Illustration: Jun Ashby/The Lantern":  "Jun Ashby",
			"Photo by Jun Ashby":                   "Jun Ashby",
			"PHOTOS BY Jun Ashby/AFP":              "Jun Ashby",
			"Jun Ashby for The Lantern":            "Jun Ashby",
			"Jun Ashby of Votebeat":                "Jun Ashby",
			"Jun Ashby (The Lantern)":              "Jun Ashby",
			"© Jun Ashby via Agency":               "Jun Ashby",
			"Photo: Jun Ashby and Ann Lee/Lantern": "Jun Ashby and Ann Lee; Jun Ashby; Ann Lee",
			"A, B and C":                           "A, B and C; A; B; C",
			"Byron Hall":                           "Byron Hall",
			"Formby for Formby":                    "Formby",
			"":                                     "",
			" / AFP":                               "",
		},
		"ar": {
			"تصوير جون أشبي/الفانوس": "جون أشبي",
			"تصوير: جون أشبي":        "جون أشبي",
			"جون أشبي لصالح الفانوس": "جون أشبي",
			"بعدسة جون أشبي":         "جون أشبي",
		},
	} {
		l := read(t, tag)
		for credit, want := range credits {
			if got := strings.Join(l.PhotoNames(credit), "; "); got != want {
				t.Errorf("%s: %q names %q, want %q", tag, credit, got, want)
			}
		}
	}
}
