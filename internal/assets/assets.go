// Package assets gives styles, scripts and fonts names that change with their
// bytes, so that a host may keep them for ever.
//
// Whoever asks "asset site.css" is told that static/assets/site.css lies at
// /assets/site.4f1d2a90c3.css. Only what was asked for is put there ([Pages]).
// A stylesheet asks in turn for the files it names beside itself, and is
// written with their names: a changed font changes the stylesheet's bytes, thus
// its name, thus the pages that use it, without anybody saying so.
package assets

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"stet/internal/diag"
	"stet/internal/page"
)

// Folder is where assets lie among a site's files.
const Folder = "static/assets/"

// An Asset is the answer to "asset NAME".
type Asset struct {
	URL  string // with the site's base path, not escaped
	Path string // in the edition
	Name string // below static/assets/
}

// Read reads a file of the site, or of its theme, by its path from the site's
// folder; false tells that there is none. It asks for the file's sum, so that
// whoever reads is made again when the bytes change.
type Read func(ask *page.Ask, path string) ([]byte, bool, error)

// Book answers "asset NAME", the name being a path below static/assets/. It
// asks "url" for the asset's URL.
func Book(read Read) page.Book {
	return page.Book{"asset": {Noted: true, Keep: true, Answer: func(ask *page.Ask, args string) (page.Answer, error) {
		a, err := find(ask, read, page.Fields(args, 1)[0])
		if a == nil {
			return page.Answer{}, err
		}
		return page.Answer{Value: a}, err
	}}}
}

// Makers returns who makes pages of the kind "asset".
func Makers(read Read) map[string]page.Maker {
	return map[string]page.Maker{"asset": func(ask *page.Ask, p page.Page, to *page.Content) error {
		a, err := page.Get[*Asset](ask, "asset", p.Args)
		if err != nil {
			return err
		}
		if a == nil || a.Path != p.Path {
			return fmt.Errorf("the asset %s is not what %s was named for", p.Args, p.Path)
		}
		if !isSheet(a.Name) {
			to.Copy = Folder + a.Name
			return nil
		}
		data, _, _, err := final(ask, read, a.Name)
		to.Body.Write(data)
		return err
	}}
}

// Pages lists the files of the assets that were asked for, given the arguments
// of those questions. Why an asset could not be answered for is told where it
// was asked.
func Pages(ask *page.Ask, asked []string) []page.Page {
	var pages []page.Page
	for _, args := range asked {
		a, err := page.Get[*Asset](ask, "asset", args)
		if err != nil || a == nil {
			continue
		}
		p := page.Page{Path: a.Path, Kind: "asset", Args: page.Args(a.Name)}
		if !slices.Contains(pages, p) {
			pages = append(pages, p)
		}
	}
	return pages
}

// find names an asset after its bytes; it returns nil if there is none.
func find(ask *page.Ask, read Read, name string) (*Asset, error) {
	name = path.Clean(name)
	if !fs.ValidPath(name) || name == "." {
		return nil, nil
	}
	data, warnings, ok, err := final(ask, read, name)
	if err != nil || !ok {
		return nil, err
	}
	ask.Report(warnings...)
	sum := sha256.Sum256(data)
	ext := path.Ext(name)
	file := "assets/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
	url, err := page.Get[string](ask, "url", page.Args("/"+file))
	if err != nil {
		return nil, err
	}
	return &Asset{URL: url, Path: file, Name: name}, nil
}

// final reads the bytes of an asset as they come into the edition.
func final(ask *page.Ask, read Read, name string) (data []byte, warnings []diag.Problem, ok bool, err error) {
	data, ok, err = read(ask, Folder+name)
	if err == nil && !ok && name == ThemeSheet {
		data, warnings, err = themed(ask, read)
		ok = data != nil
	}
	if err != nil || !ok || !isSheet(name) {
		return data, nil, ok, err
	}
	s := sheet{ask: ask, read: read, path: Folder + name, css: string(data), warnings: warnings}
	data, err = s.rewrite()
	return data, s.warnings, true, err
}

func isSheet(name string) bool { return strings.EqualFold(path.Ext(name), ".css") }
