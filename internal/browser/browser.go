// Package browser starts the Chromium that tests look at pages with: the
// machine's own, with an empty profile, silent on the network.
package browser

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// Start starts a browser that ends with the test. The context is its first tab;
// chromedp.NewContext opens others of it. Without a browser on the machine the
// test is skipped, or fails where CI is true. What it is started with beside what
// all need is given in flags.
func Start(t *testing.T, flags ...string) context.Context {
	t.Helper()
	return start(t, t.TempDir(), flags)
}

// Refusing starts one whose owner lets no site keep anything: it has no cookies, and
// pages that ask for local storage get an error.
func Refusing(t *testing.T) context.Context {
	t.Helper()
	profile := t.TempDir()
	const refused = `{"profile": {"default_content_setting_values": {"cookies": 2}}}`
	err := os.Mkdir(filepath.Join(profile, "Default"), 0o700)
	if err == nil {
		err = os.WriteFile(filepath.Join(profile, "Default", "Preferences"), []byte(refused), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return start(t, profile, nil)
}

func start(t *testing.T, profile string, flags []string) context.Context {
	t.Helper()
	name := Path(t)
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(name), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.UserDataDir(profile)}
	for _, flag := range append([]string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync"}, flags...) {
		options = append(options, chromedp.Flag(flag, true))
	}
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// Path is where the program lies, for those who start it themselves. Without it
// the test ends as with Start.
func Path(t *testing.T) string {
	t.Helper()
	name := find()
	if name == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("there is no Chromium here")
		}
		t.Skip("there is no Chromium here")
	}
	return name
}

// find finds the program, under the names that it goes by.
func find() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	return ""
}
