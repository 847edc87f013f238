package build_test

import (
	"context"
	"os"
	"testing"
	"time"

	"stet"
	"stet/internal/build"
)

// demoTime is when the demo newspaper is built in tests.
var demoTime = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// The demo newspaper builds without a single problem, and none of its pictures
// has anything private.
func TestDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("all pictures of the newspaper are made")
	}
	edition := demoPaper.edition(t)
	if demoPaper.said != "" {
		t.Error(demoPaper.said)
	}
	t.Run("witness", func(t *testing.T) { witness(t, edition) })
	if out := os.Getenv("STET_DEMO"); out != "" {
		build.Run(context.Background(), build.Options{Dir: "../..", Out: out, Theme: stet.Theme(), Now: demoTime, Drafts: false})
	}
	if demoPaper.made < 100 {
		t.Errorf("made %d pages", demoPaper.made)
	}
}
