package deploy

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// blocks are the examples of a page of docs/ in a language, below a heading.
func blocks(t *testing.T, heading, language string) (all []string) {
	t.Helper()
	data, err := os.ReadFile("../../docs/hosting.md")
	must(t, err)
	_, text, ok := strings.Cut(string(data), "\n## "+heading+"\n")
	if !ok {
		t.Fatalf("docs/hosting.md has no %q", heading)
	}
	text, _, _ = strings.Cut(text, "\n## ")
	for _, m := range regexp.MustCompile("(?ms)^ *```"+language+"\n(.*?)^ *```$").FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	if len(all) == 0 {
		t.Fatalf("docs/hosting.md has no %s below %q", language, heading)
	}
	return all
}

// The function for CloudFront asks S3 for the pages of folders, and shows nothing of
// what Stet keeps there.
func TestCloudFrontFunction(t *testing.T) {
	node := program(t, "node", "nodejs")
	code := blocks(t, "S3 behind CloudFront", "js")[0]
	for uri, want := range map[string]string{
		"/": "/index.html", "/news/": "/news/index.html", "/news": "301 /news/", "/a.pdf": "/a.pdf", "/v1.2/": "/v1.2/index.html",
		"/.stet/manifest.json": "404", "/%2Est%65t/manifest.json": "404", "/%D8%AE/": "/%D8%AE/index.html", "/%D8%AE": "301 /%D8%AE/", "/a%2": "400", "/.well-known/security.txt": "/.well-known/security.txt",
	} {
		script := code + fmt.Sprintf("\nvar r = handler({request: {uri: %q, headers: {}, querystring: {}}});\nconsole.log(r.statusCode ? r.statusCode + (r.headers ? ' ' + r.headers.location.value : '') : r.uri);", uri)
		out, err := exec.Command(node, "-e", script).CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || got != want {
			t.Errorf("%s becomes %q, not %q, %v", uri, got, want, err)
		}
	}
}

// The smallest policy names what Stet asks a store for, and nothing else. TestRights
// has a store let in by no more.
func TestPolicy(t *testing.T) {
	var policy struct {
		Version   string
		Statement []struct {
			Effect, Resource string
			Action           any
		}
	}
	must(t, json.Unmarshal([]byte(blocks(t, "S3 behind CloudFront", "json")[0]), &policy))
	var got []string
	for _, s := range policy.Statement {
		got = append(got, fmt.Sprint(s.Effect, " ", s.Action, " ", s.Resource))
	}
	want := []string{"Allow s3:ListBucket arn:aws:s3:::my-bucket", "Allow [s3:GetObject s3:PutObject s3:DeleteObject] arn:aws:s3:::my-bucket/*"}
	if !slices.Equal(got, want) || policy.Version != "2012-10-17" {
		t.Errorf("%q", got)
	}
}

// aShell runs a script in a folder where other programs only write down what they
// are told.
func aShell(t *testing.T, script string, files map[string]string, programs ...string) (told []string) {
	t.Helper()
	program(t, "jq")
	dir := t.TempDir()
	for name, text := range files {
		write(t, filepath.Join(dir, name), text)
	}
	for _, name := range programs {
		noted := write(t, filepath.Join(dir, "bin", name), "#!/bin/sh\n{ printf '%s' "+name+"; printf ' %s' \"$@\"; case \"$*\" in *@-*) printf ' '; cat;; *list-of-files*) printf ' '; tr '\\n' ' ' <list;; esac; echo; } | tr -d '\\n' >>told; echo >>told\n")
		must(t, os.Chmod(noted, 0o755))
	}
	cmd := exec.Command("sh", "-eu", "-c", script)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"), "ZONE=zone", "TOKEN=token", "ID=id")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	data, err := os.ReadFile(filepath.Join(dir, "told"))
	must(t, err)
	return strings.Split(strings.TrimSpace(string(data)), "\n")
}

// Each CDN is told all addresses, in as many requests as it wants.
func TestPurgeCommands(t *testing.T) {
	var list strings.Builder
	var addresses []string
	for i := range 34 {
		addresses = append(addresses, fmt.Sprintf("https://www.example.org/news/story-%d/", i))
	}
	addresses = append(addresses, URL("https://www.example.org/", "a b'c*/"+arabic+".txt"))
	for _, a := range addresses {
		list.WriteString(a + "\n")
	}
	script := blocks(t, "Purging a CDN", "sh")[0]
	var cloudflare, fastly, cloudfront []string
	for _, line := range aShell(t, script, map[string]string{"purge": list.String()}, "curl", "aws") {
		switch {
		case strings.Contains(line, "api.cloudflare.com/client/v4/zones/zone/purge_cache"):
			_, body, _ := strings.Cut(line, " @- ")
			var asked struct{ Files []string }
			if err := json.Unmarshal([]byte(body), &asked); err != nil || len(asked.Files) > 30 {
				t.Errorf("%v, %d files: %s", err, len(asked.Files), line)
			}
			cloudflare = append(cloudflare, asked.Files...)
		case strings.Contains(line, "api.fastly.com/purge/"):
			_, address, _ := strings.Cut(line, "https://api.fastly.com/purge/")
			fastly = append(fastly, "https://"+address)
		case strings.HasPrefix(line, "aws cloudfront create-invalidation --distribution-id id --paths "):
			cloudfront = append(cloudfront, strings.Fields(line)[6:]...)
		default:
			t.Errorf("what is that: %s", line)
		}
	}
	if !slices.Equal(cloudflare, addresses) || !slices.Equal(fastly, addresses) {
		t.Errorf("%q\n%q", cloudflare, fastly)
	}
	for _, a := range addresses {
		plain := strings.TrimPrefix(a, "https://www.example.org")
		if !slices.Contains(cloudfront, plain) || strings.HasSuffix(plain, "/") && !slices.Contains(cloudfront, plain+"index.html") {
			t.Errorf("CloudFront is not told of %s", plain)
		}
	}
	if len(cloudfront) != 2*34+1 {
		t.Errorf("CloudFront is told of %d", len(cloudfront))
	}
}

// Azure's tool is told what changed, kind by kind, and what is gone.
func TestAzureCommands(t *testing.T) {
	report := `{"sent": [{"path": "news/x/index.html", "kind": "page"}, {"path": "index.html", "kind": "list"}, {"path": "a b.txt", "kind": "other"}], "removed": ["old/index.html"]}`
	script := strings.Replace(blocks(t, "Azure", "sh")[0], "stet deploy azure --json", "cat report.json", 1)
	site := "https://ACCOUNT.blob.core.windows.net/$web"
	send := "azcopy copy .azure " + site + " --recursive --as-subdir=false --list-of-files list "
	got := strings.Join(aShell(t, script, map[string]string{"report.json": report}, "azcopy"), "\n")
	want := send + "a b.txt \n" + send + "news/x/index.html \n" + send + "index.html \nazcopy remove " + site + " --recursive --list-of-files list old/index.html"
	if got != want {
		t.Errorf("it is told\n%s\nnot\n%s", got, want)
	}
}
