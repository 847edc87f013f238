package build

import (
	"path"
	"slices"
	"strings"

	"stet/internal/assets"
	"stet/internal/diag"
	"stet/internal/page"
	"stet/internal/site"
	"stet/internal/source"
)

// What is said of pictures, when all pages were made.

// pictures says which pictures no page has, and which lie there twice.
func (e *editors) pictures(ledger *page.Ledger) {
	unused, twice := e.taken("picture-unused") != "", e.taken("picture-twice") != ""
	if !unused && !twice {
		return
	}
	var all []string // of the site; those of the theme are its own
	for i, f := range e.tree.Files {
		if name := f.Path; !f.Theme && pictureEndings[strings.ToLower(path.Ext(name))] && (strings.HasPrefix(name, "content/") || strings.HasPrefix(name, "static/")) && e.site.Withheld(name) == "" {
			all = append(all, e.tree.Files[i].Path)
		}
	}
	if twice {
		e.samePictures(all)
	}
	if unused {
		e.unusedPictures(all, ledger)
	}
}

// samePictures says which files have the bytes of another.
func (e *editors) samePictures(all []string) {
	first := map[source.Sum]string{}
	for _, name := range all {
		sum, ok := e.tree.Sum(name)
		if !ok || sum == (source.Sum{}) {
			continue
		}
		if other, is := first[sum]; is {
			e.tell("picture-twice", diag.Problem{Path: name}, "this is the same picture as "+other, "name one of them wherever it is shown, and take the other away")
			continue
		}
		first[sum] = name
	}
}

// pictureAskers are the questions by which a picture is named that will be shown,
// or that belongs to a story.
var pictureAskers = map[string]bool{"image": true, "photo": true, "imageurl": true, "rendition": true, "file": true}

// unusedPictures says which pictures nothing names: no question and no link of any
// page, no style or script, and no story that is not published now.
func (e *editors) unusedPictures(all []string, ledger *page.Ledger) {
	used := map[string]bool{}
	for _, q := range ledger.Questions {
		switch {
		case pictureAskers[q.Kind]:
			used[page.Fields(q.Args, 1)[0]] = true
		case q.Kind == "asset":
			used[assets.Folder+page.Fields(q.Args, 1)[0]] = true
		}
	}
	for _, name := range e.unseen() {
		used[name] = true
	}
	all = slices.DeleteFunc(all, func(name string) bool {
		file, static := strings.CutPrefix(name, "static/")
		base := path.Base(name)
		return used[name] || static && e.links.Named(file) || e.links.Named(e.site.FilePath(name)) ||
			strings.HasPrefix(base, "favicon") || strings.HasPrefix(base, "apple-touch-icon")
	})
	if len(all) == 0 {
		return
	}
	if waits := e.awaiting(); len(waits) > 0 {
		all = slices.DeleteFunc(all, func(name string) bool {
			return slices.ContainsFunc(waits, func(folder string) bool { return strings.HasPrefix(name, folder) })
		})
	}
	var texts []string
	for _, f := range e.tree.Files {
		ending := strings.ToLower(path.Ext(f.Path))
		if strings.HasPrefix(f.Path, "static/") && silent[ending] || ending == ".svg" || strings.HasPrefix(f.Path, "layouts/") || strings.HasPrefix(f.Path, "data/") || f.Path == source.Settings {
			texts = append(texts, f.Path)
		}
	}
	for _, name := range all {
		if !slices.ContainsFunc(texts, func(file string) bool { return file != name && strings.Contains(e.text(file), path.Base(name)) }) {
			e.tell("picture-unused", diag.Problem{Path: name}, "no page shows this picture", "take it away, or show it")
		}
	}
}

// awaiting are the folders of bundles that are not published.
func (e *editors) awaiting() (folders []string) {
	for _, skip := range e.site.Unpublished {
		if dir, bundle := strings.CutSuffix(skip.Path, "index.md"); bundle {
			folders = append(folders, dir)
		}
	}
	return folders
}

// unseen are the pictures of stories that readers do not see now.
func (e *editors) unseen() (names []string) {
	var stories []string
	for _, skip := range e.site.Unpublished {
		stories = append(stories, skip.Path)
	}
	for _, name := range append(stories, e.site.Gone()...) {
		a := e.said(name)
		if a == nil {
			continue
		}
		if a.Image != nil {
			names = append(names, site.SourceOf(name, a.Image.Src))
		}
		for _, im := range a.Gallery {
			names = append(names, site.SourceOf(name, im.Src))
		}
		for _, pic := range picturesOf(name, []byte(e.text(name)), a.BodyLine) {
			names = append(names, site.SourceOf(name, pic.src))
		}
	}
	return names
}
