package build_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"stet"
	"stet/internal/build"
	"stet/internal/diag"
)

func TestTmp(t *testing.T) {
	dir := os.Getenv("STET_DIR")
	if dir == "" {
		t.Skip()
	}
	start := time.Now()
	rep, problems := build.Run(context.Background(), build.Options{Dir: dir, Out: os.Getenv("STET_OUT"), Theme: stet.Theme(), Now: demoTime})
	fmt.Println("made", rep.Made, time.Since(start), rep.Ledger != nil)
	var b strings.Builder
	diag.Printer{Out: &b, Lines: rep.Lines}.Print(problems)
	fmt.Println(b.String()[:min(3000, b.Len())])
}
