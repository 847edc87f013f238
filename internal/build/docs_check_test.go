package build_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stet"
	"stet/internal/build"
	"stet/internal/config"
	"stet/internal/diag"
)

// docs/check.md has each rule, in the order of the table, with what it is called
// in site.yaml and in a story, an example that it finds and one that it does not.
func TestCheckExamples(t *testing.T) {
	doc := readDoc(t, "docs/check.md")
	if got := headings(doc, "##"); !slices.Equal(got, config.RuleNames()) {
		t.Errorf("docs/check.md has the rules %v", got)
	}
	all := fences(doc)
	for _, rule := range config.Rules {
		t.Run(rule.Name, func(t *testing.T) {
			_, about, _ := strings.Cut(doc, "\n## `"+rule.Name+"`\n")
			about, _, _ = strings.Cut(about, "\n## ")
			for _, how := range []string{"`check: {" + rule.Name + ": ", "`ignore: {" + rule.Name + ": why}`"} {
				if !strings.Contains(strings.ReplaceAll(about, "\n", " "), how) {
					t.Errorf("it is not said how to switch it: %s", how)
				}
			}
			if off := strings.Contains(about, "*Off by default.*"); off != (rule.Default == config.Off) {
				t.Error("its default is another")
			}
			for _, kind := range []string{"wrong", "right"} {
				i := slices.IndexFunc(all, func(f fence) bool { return f.info == "markdown "+kind && f.heading == "`"+rule.Name+"`" })
				if i < 0 {
					t.Fatalf("there is no example that is %s", kind)
				}
				before := ""
				if b := slices.IndexFunc(all, func(f fence) bool { return f.info == "markdown before" && f.heading == "`"+rule.Name+"`" }); b >= 0 {
					before = all[b].text
				}
				found := checked(t, before, all[i].text, allOn)
				if n := len(found); kind == "right" && n > 0 || kind == "wrong" && (n != 1 || found[0].Rule != rule.Name || found[0].Line == 0 || found[0].Column == 0 || found[0].Hint == "") {
					t.Errorf("docs/check.md:%d: what is %s: found %v", all[i].line, kind, found)
				}
				if kind == "right" {
					continue
				}
				for _, off := range []string{
					strings.Replace(allOn, rule.Name+": warn", rule.Name+": off", 1),
					strings.Replace(allOn, rule.Name+": warn", rule.Name+": warn, since: 2026-12-01", 1),
				} {
					if found := checked(t, before, all[i].text, off); len(found) > 0 {
						t.Errorf("with %s: found %v", off, found)
					}
				}
				if found := checked(t, before, strings.Replace(all[i].text, "---\n", "---\nignore: {"+rule.Name+": because}\n", 1), allOn); len(found) > 0 {
					t.Errorf("ignored: found %v", found)
				}
				if found := checked(t, before, all[i].text, strings.Replace(allOn, rule.Name+": warn", rule.Name+": error", 1)); !diag.AnyError(found) {
					t.Errorf("as an error: found %v", found)
				}
			}
		})
	}
}

// allOn are settings by which each rule warns.
var allOn = "check: {" + strings.Join(config.RuleNames(), ": warn, ") + ": warn}\n"

// checked is what is said of one story, with settings beside those that a site
// needs: against the edition in which it was what it was before, if that is not "".
func checked(t *testing.T, before, story, settings string) []diag.Problem {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "site.yaml", "format: 1\ntitle: A\ntimezone: UTC\n"+settings)
	write(t, dir, "content/town/story.md", story)
	write(t, dir, "content/opinion/_index.md", "---\ntitle: Opinion\n---\n")
	mill := drawing{width: 60, height: 40}
	write(t, dir, "content/town/mill.jpg", string(mill.file(t, "mill.jpg")))
	mill.caption, mill.credit, mill.alt, mill.language = "The mill on Friday.", "Ada Example", "Smoke above a roof", "en"
	write(t, dir, "content/town/filled.jpg", string(mill.file(t, "filled.jpg")))
	mill.caption, mill.turned = "", 1
	torn := string(mill.file(t, "torn.jpg"))
	write(t, dir, "content/town/torn.jpg", strings.Replace(torn, "II*\x00\x08\x00\x00\x00", "II*\x00\xff\xff\x00\x00", 1))
	o := build.Options{Dir: dir, Out: filepath.Join(dir, "public"), Theme: stet.Theme(), Now: demoTime}
	var what build.Checking
	if before != "" {
		write(t, dir, "content/town/story.md", before)
		write(t, dir, "content/town/other.md", "---\ntitle: Other\ndate: 2026-11-02\nsummary: It stands.\n---\nIt stands.\n")
		if _, problems := build.Run(context.Background(), o); diag.AnyError(problems) {
			t.Fatal(problems)
		}
		what.Against = o.Out
		write(t, dir, "content/town/story.md", story)
	}
	_, found := build.Check(context.Background(), o, what)
	return found
}
