package build_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The Nu HTML checker finds no error in any page of the demo newspaper, of a
// paper in two languages and of the stress site.
func TestNuChecker(t *testing.T) {
	t.Parallel() // with the other long ones
	if testing.Short() {
		t.Skip("all pictures of the newspaper are made")
	}
	java, jar := nuChecker(t)
	if wrong := nuSays(t, java, jar, demoPaper.edition(t), samplePaper.edition(t), stressPaper.edition(t)); wrong != "" {
		t.Error(wrong)
	}
	bad := t.TempDir()
	write(t, bad, "bad.html", "<!doctype html><html lang=en><title>x</title><p><div id=a></div><i id=a></i>")
	if nuSays(t, java, jar, bad) == "" {
		t.Error("the checker finds nothing in a page that is wrong")
	}
}

// nuChecker finds Java and the checker, which .ci/run installs.
func nuChecker(t *testing.T) (java, jar string) {
	t.Helper()
	java, err := exec.LookPath("java")
	jar = os.Getenv("VNU_JAR")
	if cache, _ := os.UserCacheDir(); jar == "" && cache != "" {
		jar = filepath.Join(cache, "stet-tests/node_modules/vnu-jar/build/dist/vnu.jar")
	}
	if _, there := os.Stat(jar); err != nil || there != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("java and %s must be there: .ci/run witnesses installs them", jar)
		}
		t.Skipf("java or %s is not there (CI=true .ci/run witnesses installs them): nobody else looks at the HTML", jar)
	}
	return java, jar
}

// nuSays is what the checker says of the pages of folders, "" if nothing is wrong. For so
// short a run Java had better not compile twice: that is half of the work.
func nuSays(t *testing.T, java, jar string, dirs ...string) string {
	t.Helper()
	cmd := exec.Command(java, append([]string{"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m", "-jar", jar, "--errors-only", "--skip-non-html", "--format", "json", "--exit-zero-always"}, dirs...)...)
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("the checker does not run: %v\n%s", err, stderr.String())
	}
	said := stderr.Bytes() // where it writes what it finds
	if !json.Valid(said) {
		said = out.Bytes()
	}
	var found struct {
		Messages []struct {
			Type, URL, Message, Extract string
			LastLine                    int
		}
	}
	if err := json.Unmarshal(said, &found); err != nil {
		t.Fatalf("the checker says what cannot be read: %v\n%s\n%s", err, stderr.String(), out.String())
	}
	var b bytes.Buffer
	for _, m := range found.Messages {
		b.WriteString(m.URL + ": " + m.Message + "\n    " + m.Extract + "\n")
	}
	return b.String()
}
