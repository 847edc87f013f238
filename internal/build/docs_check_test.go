package build_test

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stet"
	"stet/internal/archive"
	"stet/internal/build"
	"stet/internal/check"
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
				if slices.Contains(ofSites, rule.Name) && strings.HasPrefix(how, "`ignore") {
					continue
				}
				if !strings.Contains(strings.ReplaceAll(about, "\n", " "), how) {
					t.Errorf("it is not said how to switch it: %s", how)
				}
			}
			if off := strings.Contains(about, "*Off by default.*"); off != (rule.Default == config.Off) {
				t.Error("its default is another")
			}
			for _, kind := range []string{"wrong", "right"} {
				i := slices.IndexFunc(all, func(f fence) bool {
					return (f.info == "markdown "+kind || f.info == "text "+kind) && f.heading == "`"+rule.Name+"`"
				})
				if i < 0 {
					t.Fatalf("there is no example that is %s", kind)
				}
				before := ""
				if b := slices.IndexFunc(all, func(f fence) bool { return f.info == "markdown before" && f.heading == "`"+rule.Name+"`" }); b >= 0 {
					before = all[b].text
				}
				checked := func(t *testing.T, story, language, settings string) []diag.Problem {
					return checkedAgainst(t, before, story, language, settings)
				}
				found := checked(t, all[i].text, "", allOn)
				if n := len(found); kind == "right" && n > 0 || kind == "wrong" && (n != 1 || found[0].Rule != rule.Name || found[0].Line == 0 && !slices.Contains(ofFiles, rule.Name) || found[0].Hint == "") {
					t.Errorf("docs/check.md:%d: what is %s: found %v", all[i].line, kind, found)
				}
				if kind == "right" {
					continue
				}
				offs := []string{
					strings.Replace(allOn, rule.Name+": warn", rule.Name+": off", 1),
					strings.Replace(allOn, rule.Name+": warn", rule.Name+": warn, since: 2026-11-22 11:59", 1),
				}
				if slices.Contains(ofSites, rule.Name) || !strings.Contains(all[i].text, "\ndate:") {
					offs = offs[:1]
				}
				for _, off := range offs {
					if found := checked(t, all[i].text, "", off); len(found) > 0 {
						t.Errorf("with %s: found %v", off, found)
					}
				}
				ignored := strings.ReplaceAll(all[i].text, "\ntitle: ", "\nignore: {"+rule.Name+": because}\ntitle: ")
				if found := checked(t, ignored, "", allOn); len(found) > 0 && !slices.Contains(ofSites, rule.Name) {
					t.Errorf("ignored: found %v", found)
				}
				if found := checked(t, all[i].text, "", strings.Replace(allOn, rule.Name+": warn", rule.Name+": error", 1)); !diag.AnyError(found) {
					t.Errorf("as an error: found %v", found)
				}
			}
		})
	}
}

// ofSites are the rules of what belongs to no story, ofFiles those of whole files.
var ofSites = []string{"layout-newest", "host-blocked", "host-limit"}
var ofFiles = []string{"picture-unused", "picture-twice", "host-limit"}

// allOn are settings by which each rule warns.
var allOn = "check: {" + strings.Join(config.RuleNames(), ": warn, ") + ": warn}\n"

// checkedAgainst is what is said of one story or of an archive of files, with
// settings beside those that a site needs, in a language, against the edition in
// which the story was what it was before, if that is not "". Of other sites each
// is dead.
func checkedAgainst(t *testing.T, before, story, language, settings string) []diag.Problem {
	t.Helper()
	dir := t.TempDir()
	if language != "" {
		settings += "language: " + language + "\n"
	}
	files := archive.Parse([]byte(story)).Files
	if len(files) == 0 {
		files["content/town/story.md"] = story
		for _, name := range []string{"mill.jpg", "filled.jpg", "torn.jpg"} {
			if strings.Contains(story, name) {
				files["content/town/"+name] = ""
			}
		}
	}
	files["site.yaml"] = "format: 1\ntitle: A\ntimezone: UTC\n" + settings + files["site.yaml"]
	files["content/opinion/_index.md"] = "---\ntitle: Opinion\n---\n"
	for name, text := range files {
		if path.Ext(name) == ".jpg" {
			text = mill(t, path.Base(name))
		}
		write(t, dir, name, text)
	}
	o := build.Options{Dir: dir, Out: filepath.Join(dir, "public"), Theme: stet.Theme(), Now: demoTime}
	what := build.Checking{Foreign: true, Host: "netlify"}
	if before != "" {
		write(t, dir, "content/town/story.md", before)
		write(t, dir, "content/town/other.md", "---\ntitle: Other\ndate: 2026-11-02\nsummary: It stands.\n---\nIt stands.\n")
		if _, problems := build.Run(context.Background(), o); diag.AnyError(problems) {
			t.Fatal(problems)
		}
		what.Against = o.Out
		write(t, dir, "content/town/story.md", story)
	}
	done, found := build.Check(context.Background(), o, what)
	for _, address := range done.Foreign {
		more, _ := done.Told(address, "it is dead", "mend it")
		found = append(found, more...)
	}
	return found
}

// mill is a picture with what its name says of it.
func mill(t *testing.T, name string) string {
	d := drawing{width: 60, height: 40}
	if name == "mill.jpg" || name == "copy.jpg" {
		return string(d.file(t, "mill.jpg"))
	}
	d.caption, d.credit, d.alt, d.language = "The mill on Friday.", "Ada Example", "Smoke above a roof", "en"
	if name == "filled.jpg" {
		return string(d.file(t, name))
	}
	d.caption, d.turned = "", 1
	return strings.Replace(string(d.file(t, name)), "II*\x00\x08\x00\x00\x00", "II*\x00\xff\xff\x00\x00", 1)
}

// docs/check.md has the hosts that --host knows, with their limits.
func TestHostsTold(t *testing.T) {
	doc := readDoc(t, "docs/check.md")
	for _, name := range check.HostNames() {
		h, row := check.Hosts[name], ""
		for line := range strings.Lines(doc) {
			if strings.HasPrefix(line, "| `"+name+"` |") {
				row = strings.ReplaceAll(line, ",", "")
			}
		}
		for _, has := range []string{fmt.Sprint(h.Files), fmt.Sprint(h.FileSize>>20, " MB"), fmt.Sprint(h.TotalSize>>20, " MB"), fmt.Sprint(h.Rules), strings.ReplaceAll(h.Source, ",", "")} {
			if !strings.HasPrefix(has, "0") && !strings.Contains(row, has) {
				t.Errorf("docs/check.md does not say %s of %s: %s", has, name, row)
			}
		}
	}
}
