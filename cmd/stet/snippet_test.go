package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"stet/internal/fields"
)

// snippet is what stet next --snippet prints for a site whose names are such as
// may go wrong.
func snippet(t *testing.T, whom string) (text, dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "the paper's 100% \"new\"")
	for name, data := range map[string]string{
		"repo/.git/HEAD": "", "repo/news, site #1/site.yaml": "format: 1\ntitle: 100% & \"Sons\"\ntimezone: Asia/Baghdad\n",
		"repo/news, site #1/content/a/b.md": "---\ntitle: B\ndate: 2026-01-01\n---\nB.\n",
	} {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var out, wrong bytes.Buffer
	s := &system{out: &out, err: &wrong, now: time.Now, env: func(name string) string { return map[string]string{"USER": "root"}[name] }}
	dir = filepath.Join(dir, "repo", "news, site #1")
	if status := run(context.Background(), []string{"next", "-C", dir, "--snippet", whom}, s); status != 0 {
		t.Fatal(wrong.String())
	}
	if !strings.Contains(out.String(), "Asia/Baghdad") || strings.Contains(out.String(), "@D") || regexp.MustCompile("@[A-Z]+@").MatchString(out.String()) {
		t.Errorf("not filled in:\n%s", out.String())
	}
	return out.String(), dir
}

// What is printed for CI is YAML, and its commands name the site as it lies in the
// repository.
func TestSnippetCI(t *testing.T) {
	for _, whom := range []string{"github", "gitlab"} {
		text, _ := snippet(t, whom)
		v, problems := fields.Parse("ci.yaml", []byte(text))
		if len(problems) > 0 || v == nil {
			t.Fatalf("%s: %v\n%s", whom, problems, text)
		}
		public := v.Get("pages").Get("publish")
		if whom == "github" {
			steps := v.Get("jobs").Get("build").Get("steps").Items
			public = steps[len(steps)-2].Get("with").Get("path")
		}
		if public == nil || public.Text != "news, site #1/public" {
			t.Errorf("%s does not publish the edition:\n%s", whom, text)
		}
		if kept := v.Get("pages").Get("cache").Get("paths"); whom == "gitlab" && (kept == nil || len(kept.Items) != 2 || kept.Items[0].Text != "news, site #1/stet-cache") {
			t.Errorf("gitlab does not keep the cache:\n%s", text)
		}
		if script := v.Get("pages").Get("script"); whom == "gitlab" && !strings.Contains(script.Items[0].Text, "--cache stet-cache") {
			t.Errorf("a line of gitlab's script is cut:\n%s", text)
		}
		if !strings.Contains(text, "\"$stet\" build -C 'news, site #1' --out public --cache stet-cache") || !strings.Contains(text, "cache='news, site #1/stet-cache'") || !strings.Contains(text, "news, site #1/public") {
			t.Errorf("%s does not name the site:\n%s", whom, text)
		}
		if whom == "github" && v.Get("jobs").Get("build").Get("steps").Items == nil || whom == "gitlab" && v.Get("pages").Get("script").Items == nil {
			t.Errorf("%s has no steps:\n%s", whom, text)
		}
	}
}

// The line for cron has five fields and a command that a shell takes apart as it is
// meant; cron makes \\% of % before.
func TestSnippetCron(t *testing.T) {
	text, dir := snippet(t, "cron")
	_, line, _ := strings.Cut(strings.TrimSpace(text), "\n")
	f := strings.SplitN(line, " ", 6)
	if len(f) < 6 || f[0] != "*/5" || strings.Contains(strings.ReplaceAll(f[5], `\%`, ""), "%") {
		t.Fatalf("no line of a crontab: %q", line)
	}
	command, _, _ := strings.Cut(f[5], " >>")
	got, err := exec.Command("sh", "-c", `set -- `+strings.ReplaceAll(command, `\%`, "%")+`; shift; printf '%s\n' "$@"`).Output()
	if want := "build\n-C\n" + dir + "\n--out\n" + filepath.Join(dir, "public") + "\n"; err != nil || string(got) != want {
		t.Errorf("a shell makes of it %q, %v, not %q", got, err, want)
	}
}

// systemd takes the units as they are printed.
func TestSnippetSystemd(t *testing.T) {
	text, _ := snippet(t, "systemd")
	units := t.TempDir()
	script := strings.ReplaceAll(text, "/etc/systemd/system/", units+"/")
	if out, err := exec.Command("sh", "-c", script).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	files, _ := filepath.Glob(units + "/*")
	if len(files) != 2 {
		t.Fatalf("there are %q of\n%s", files, text)
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not installed")
	}
	for _, file := range files {
		out, err := exec.Command(analyze, "verify", "--man=no", file).CombinedOutput()
		if err != nil || strings.Contains(string(out), filepath.Base(file)) {
			t.Errorf("%v: %s\n%s", err, out, text)
		}
	}
}
