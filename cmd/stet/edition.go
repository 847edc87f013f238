package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"

	"github.com/zeebo/xxh3"

	"stet/internal/check"
	"stet/internal/config"
	"stet/internal/deploy"
	"stet/internal/diag"
	"stet/internal/output"
)

// readEdition is the edition that lies in a folder, as room deploy wants to know
// it. Shown is what the folder is called.
func readEdition(out, shown string, target config.Target) (e deploy.Edition, err error) {
	p, err := output.Read(out)
	if err != nil && !errors.Is(err, output.ErrHalf) {
		wrong := diag.Problem{Severity: diag.Error, Path: shown, Text: err.Error(), Hint: "build it again: stet build --out " + shellWord(shown)}
		switch {
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, output.ErrNone):
			wrong.Text, wrong.Hint = "there is no edition in that folder", "make it with\nstet build --out "+shellWord(shown)
		case errors.Is(err, fs.ErrPermission):
			wrong.Hint = "see to it that you may read it"
		}
		return e, wrong
	}
	root, openErr := os.OpenRoot(out)
	if openErr != nil {
		return e, openErr
	}
	e = deploy.Edition{FS: root.FS(), ID: p.ID, BaseURL: p.BaseURL, Complete: err == nil, Drafts: p.Drafts, NoIndex: hidden(root.FS(), p.BaseURL)}
	for _, f := range p.Files {
		file := deploy.File{Path: f.Name, Size: f.Size, Sum: f.Sum}
		if about, ok := check.ParseAbout(f.About); ok {
			address := check.Address(f.Name)
			file.Story = &deploy.Story{ID: about.ID, URL: address, Path: f.Name, Headline: about.Headline, Date: about.Date,
				Text: fmt.Sprintf("%016x", xxh3.HashString(about.Text.String()))}
			if file.Story.ID == "" {
				file.Story.ID = address
			}
		}
		file.Kind = deploy.KindOf(f.Name, file.Story != nil)
		file.Header = deploy.HeaderOf(f.Name, file.Kind, target.Cache)
		e.Files = append(e.Files, file)
	}
	if target.Redirects == config.RedirectObjects {
		e.Redirects(target.Cache["list"])
	}
	return e, nil
}

// hidden tells whether an edition has all search engines keep out: by robots.txt,
// or, if that is the paper's own, by its front page.
func hidden(edition fs.FS, base string) bool {
	if front, err := fs.ReadFile(edition, "index.html"); err == nil && bytes.Contains(front, []byte(`<meta name="robots" content="noindex">`)) {
		return true
	}
	root := "/"
	if u, err := url.Parse(base); err == nil && u.Path != "" {
		root = u.Path
	}
	file, err := edition.Open("robots.txt")
	if err != nil {
		return false
	}
	defer file.Close()
	all := false
	for lines := bufio.NewScanner(file); lines.Scan(); {
		key, value, _ := strings.Cut(lines.Text(), ":")
		switch value = strings.TrimSpace(value); strings.ToLower(strings.TrimSpace(key)) {
		case "user-agent":
			all = value == "*"
		case "disallow":
			if all && value == root {
				return true
			}
		}
	}
	return false
}
