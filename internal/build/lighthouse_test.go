package build_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"stet/internal/browser"
)

// plainHost serves an edition as any host of files does: packed, and what has its
// sum in its name for a year.
func plainHost(t *testing.T, edition string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := path.Clean(r.URL.Path)
		if strings.HasSuffix(r.URL.Path, "/") {
			name = path.Join(name, "index.html")
		}
		age := "max-age=300"
		if strings.HasPrefix(name, "/img/") || strings.HasPrefix(name, "/assets/") {
			age = "max-age=31536000, immutable"
		}
		w.Header().Set("Cache-Control", age)
		kind, packs := map[string]string{".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml",
			".webmanifest": "application/manifest+json", ".txt": "text/plain"}[path.Ext(name)]
		data, err := os.ReadFile(filepath.Join(edition, filepath.FromSlash(name)))
		if !packs || err != nil {
			http.ServeFile(w, r, filepath.Join(edition, filepath.FromSlash(name)))
			return
		}
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write(data)
		_ = z.Close()
		w.Header().Set("Content-Type", kind+"; charset=utf-8")
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
		_, _ = w.Write(b.Bytes())
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// A lighthouseReport is what Lighthouse found of one visit to a page.
type lighthouseReport struct {
	Categories map[string]struct {
		Score     float64
		AuditRefs []struct{ ID string }
	}
	Audits map[string]struct {
		Title, DisplayValue string
		Score               *float64
		NumericValue        float64
		Details             struct {
			Items     json.RawMessage
			DebugData struct {
				URLs  []string
				Tasks []struct{ URLIndex, Duration, ScriptEvaluation, ScriptParseCompile float64 }
			}
		}
	}
	RuntimeError struct{ Message string }
}

// lighthouse has Lighthouse visit a page as a phone does.
func lighthouse(t *testing.T, url string) *lighthouseReport {
	t.Helper()
	script := module(t, "lighthouse/cli/index.js")
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("node must be there: .ci/run witnesses installs it")
		}
		t.Skip("node is not there: nobody else looks at what Lighthouse looks at")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, node, script, url, "--quiet", "--output=json", "--no-enable-error-reporting",
		"--only-categories=performance,accessibility,best-practices,seo",
		"--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-quic --disable-background-networking --disable-component-update --disable-sync")
	cmd.Env = append(os.Environ(), "CHROME_PATH="+browser.Path(t))
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it ends its browser first
	cmd.WaitDelay = 10 * time.Second
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	said, err := cmd.Output()
	r := &lighthouseReport{}
	if err == nil {
		err = json.Unmarshal(said, r)
	}
	if err != nil || r.RuntimeError.Message != "" {
		t.Fatalf("Lighthouse does not run: %v %s\n%s", err, r.RuntimeError.Message, stderr.String())
	}
	return r
}

// failed lists what keeps a category from its best.
func (r *lighthouseReport) failed(category string) string {
	var all []string
	for _, ref := range r.Categories[category].AuditRefs {
		if a := r.Audits[ref.ID]; a.Score != nil && *a.Score < 1 {
			all = append(all, fmt.Sprintf("%s (%s) %s %s", ref.ID, a.Title, a.DisplayValue, a.Details.Items))
		}
	}
	return strings.Join(all, "\n    ")
}

// hold holds one visit to what every page owes its readers.
func (r *lighthouseReport) hold(t *testing.T, page, largest string, bytes, requests int) {
	t.Helper()
	for _, category := range []string{"accessibility", "best-practices", "seo"} {
		if score := r.Categories[category].Score; score != 1 {
			t.Errorf("%s: %s is %g:\n    %s", page, category, score*100, r.failed(category))
		}
	}
	if shift := r.Audits["cumulative-layout-shift"].NumericValue; shift != 0 {
		t.Errorf("%s: what stands there moves, by %g: %s", page, shift, r.Audits["layout-shifts"].Details.Items)
	}
	if items := r.Audits["largest-contentful-paint-element"].Details.Items; !strings.Contains(string(items), largest) {
		t.Errorf("%s: the largest paint is not of %s: %s", page, largest, items)
	}
	for _, task := range r.Audits["long-tasks"].Details.DebugData.Tasks {
		if ours := task.ScriptEvaluation + task.ScriptParseCompile; ours > 50 {
			t.Errorf("%s: a script of ours works for %g ms of a phone", page, ours)
		}
	}
	var asked []struct {
		URL, ResourceType string
		TransferSize      int
	}
	if err := json.Unmarshal(r.Audits["network-requests"].Details.Items, &asked); err != nil {
		t.Fatal(err)
	}
	all, words := 0, 0
	for _, a := range asked {
		all += a.TransferSize
		if a.ResourceType == "Document" || a.ResourceType == "Stylesheet" {
			words += a.TransferSize
		}
	}
	if all == 0 || all > bytes || words > readBudget || len(asked) > requests {
		t.Errorf("%s: %d bytes in %d requests, %d of them for HTML and CSS; may be %d in %d, and %d: %v", page, all, len(asked), words, bytes, requests, readBudget, asked)
	}
	t.Logf("%s: %d bytes in %d requests, %d of them for HTML and CSS; largest paint after %s, performance %g",
		page, all, len(asked), words, r.Audits["largest-contentful-paint"].DisplayValue, r.Categories["performance"].Score*100)
}

// Lighthouse, as a phone, has nothing against the front page, a section and a
// story. STET_LIGHTHOUSE is how often it visits each; the median of its scores for
// speed is printed, but not held against anybody, as it is the machine's too.
func TestLighthouse(t *testing.T) {
	if testing.Short() {
		t.Skip("all pictures of the newspaper are made, and Lighthouse looks at them")
	}
	module(t, "lighthouse/cli/index.js")
	times := 1
	if n, err := strconv.Atoi(os.Getenv("STET_LIGHTHOUSE")); err == nil && n > 0 {
		times = n
	}
	at := plainHost(t, demoPaper.edition(t))
	for _, page := range []struct {
		path, largest   string
		bytes, requests int
	}{
		{"/", "card-picture", 600 << 10, 20},
		{"/town/", "card-picture", 600 << 10, 20},
		{"/town/2026/11/mill-fire/", "fetchpriority=", 300 << 10, 10},
	} {
		var scores []float64
		for range times {
			r := lighthouse(t, at+page.path)
			r.hold(t, page.path, page.largest, page.bytes, page.requests)
			scores = append(scores, r.Categories["performance"].Score*100)
		}
		slices.Sort(scores)
		t.Logf("%s: performance is %g, the median of %v", page.path, scores[len(scores)/2], scores)
	}
}
