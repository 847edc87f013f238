package service

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The colours of the service's pages are those of the built-in theme, in both
// schemes, and both sheets begin with them.
func TestSheets(t *testing.T) {
	theme, err := os.ReadFile("../../static/assets/site.css")
	if err != nil {
		t.Fatal(err)
	}
	var colours []string
	for _, found := range regexp.MustCompile(`--[a-z]+: #[0-9a-f]+;`).FindAllString(string(tokens), -1) {
		if colours = append(colours, found); !strings.Contains(string(theme), found) {
			t.Errorf("the theme has no %s", found)
		}
	}
	if len(colours) != 12 {
		t.Errorf("the colours are %q, not six in each scheme", colours)
	}
	for name, sheet := range map[string][]byte{"style.css": styleSheet, "desk.css": readAssets()["desk.css"].data} {
		if !strings.HasPrefix(string(sheet), string(tokens)) || len(sheet) == len(tokens) {
			t.Errorf("%s is %d bytes, and does not begin with the tokens", name, len(sheet))
		}
	}
}
