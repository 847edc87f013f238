package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// hugoVersion is the peer that is measured against.
const hugoVersion = "0.165.0"

// executable gives a program's file name on this system.
func executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}

// findHugo gives the path of the Hugo to measure; the first time it installs it.
func findHugo(stderr io.Writer) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	bin := filepath.Join(cache, "stet-bench", "hugo-"+hugoVersion)
	path := filepath.Join(bin, executable("hugo"))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	fmt.Fprintf(stderr, "installing Hugo %s into %s (some minutes, once)\n", hugoVersion, bin)
	cmd := exec.Command("go", "install", "github.com/gohugoio/hugo@v"+hugoVersion)
	cmd.Env = append(os.Environ(), "GOBIN="+bin, "GOFLAGS=")
	cmd.Stdout, cmd.Stderr = stderr, stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("installing Hugo %s: %w", hugoVersion, err)
	}
	return path, nil
}

// findBoth gives the paths of both contestants' programs.
func findBoth(s sites, stderr io.Writer) (hugo, stet string, err error) {
	if hugo, err = findHugo(stderr); err == nil {
		stet, err = buildStet(s.Bin, stderr)
	}
	return hugo, stet, err
}

// findModule gives the path of this checkout's module and its folder.
func findModule() (name, dir string, err error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Path}}\n{{.Dir}}").Output()
	if err != nil {
		return "", "", fmt.Errorf("finding the module's folder: %w", err)
	}
	name, dir, _ = strings.Cut(strings.TrimSpace(string(out)), "\n")
	return name, dir, nil
}

// buildStet compiles this checkout's stet into the folder and gives its path.
func buildStet(bin string, stderr io.Writer) (string, error) {
	_, module, err := findModule()
	if err != nil {
		return "", err
	}
	path := filepath.Join(bin, executable("stet"))
	cmd := exec.Command("go", "build", "-o", path, "./cmd/stet")
	cmd.Dir = module
	cmd.Stdout, cmd.Stderr = stderr, stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("building stet: %w", err)
	}
	return path, nil
}
