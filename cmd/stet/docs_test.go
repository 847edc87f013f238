package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// docs/guide.md lists the commands, as stet help does, and docs/photos.md the
// flags of stet photo. docs/editors.md names the shells that there is a script
// for.
func TestDocs(t *testing.T) {
	read := func(name string) string {
		data, err := os.ReadFile("../../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(string(data), "\r\n", "\n")
	}
	var told, known []string
	for _, m := range regexp.MustCompile("(?m)^\\| `(stet [a-z ]*[a-z])").FindAllStringSubmatch(read("guide.md"), -1) {
		told = append(told, m[1])
	}
	root := newRoot(&system{})
	for _, cmd := range leaves(root) {
		known = append(known, cmd.CommandPath())
	}
	if !slices.Equal(told, known) {
		t.Errorf("the commands are %q, docs/guide.md tells of %q", known, told)
	}
	_, about, _ := strings.Cut(read("photos.md"), "\n## `stet photo`\n")
	for _, flag := range []string{"--write", "--caption", "--credit", "--alt", "--copyright", "--language", "--json"} {
		if !strings.Contains(about, flag) {
			t.Errorf("docs/photos.md does not tell of %s", flag)
		}
		if cmd, _, err := root.Find([]string{"photo"}); err != nil || cmd.Flags().Lookup(flag[2:]) == nil {
			t.Errorf("stet photo has no %s", flag)
		}
	}
	root.InitDefaultCompletionCmd()
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if cmd, _, err := root.Find([]string{"completion", shell}); err != nil || cmd.Name() != shell || !strings.Contains(read("editors.md"), "`stet completion "+shell) {
			t.Errorf("docs/editors.md, or stet, does not know how to complete in %s", shell)
		}
	}
}
