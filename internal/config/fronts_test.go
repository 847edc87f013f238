package config

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"stet/internal/archive"
	"stet/internal/diag"
)

// As TestParse, for the files of content/fronts/.
func TestParseFront(t *testing.T) {
	for _, path := range []string{"testdata/fronts/broken.txtar", "testdata/fronts/good.txtar"} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		a := archive.Parse(data)
		for i := 0; i+1 < len(a.Names); i += 2 {
			name, want := a.Names[i], a.Names[i+1]
			t.Run(name, func(t *testing.T) {
				got := tellFront(name, a.Files[name])
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

func tellFront(name, text string) string {
	f, problems := ParseFront(name, []byte(text))
	if len(problems) == 0 {
		shown, _ := json.MarshalIndent(f, "", " ")
		return string(shown) + "\n"
	}
	lines := strings.Split(text, "\n")
	var out bytes.Buffer
	diag.Printer{Out: &out, All: true, Lines: func(_ string, n int) (string, bool) {
		if n < 1 || n > len(lines) {
			return "", false
		}
		return lines[n-1], true
	}}.Print(problems)
	return out.String()
}
