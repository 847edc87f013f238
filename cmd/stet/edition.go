package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
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
	e = deploy.Edition{FS: root.FS(), ID: p.ID, BaseURL: p.BaseURL, Complete: err == nil, Drafts: p.Drafts, NoIndex: hidden(root.FS())}
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
	e.Compressed(target.Compress)
	return e, nil
}

// hidden tells whether an edition has all search engines keep out.
func hidden(edition fs.FS) bool {
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
			if all && value == "/" {
				return true
			}
		}
	}
	return false
}
