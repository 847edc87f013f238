package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// newestStories is how many of the newest stories are edited in turn: those
// that a newspaper edits, and that most lists show.
const newestStories = 10

const footerFile = "layouts/partials/footer.html"

// An edited is a paper that is changed and built, again and again.
type edited struct {
	paper
	name    string
	stories int      // that are published
	newest  []string // the newest stories' files, the newest first
	twin    string   // Hugo's site, if it has the same content, or ""
}

// A change is something that is done to a paper before it is built.
type change struct {
	name  string
	words *regexp.Regexp // its group is replaced; nil if no words are
	with  string         // what replaces it; %d is a number, {old} what stood there
	file  func(p *edited, run int) string
	made  bool // the pages made are the files written, no more
	all   bool // every story's page is among them
}

// The changes. Each replaces words that the edition shows. A headline keeps its
// own, with a number behind them: by other words the built-in theme would relate
// other stories, which show nothing of the headline.
var (
	nothing  = change{name: "nothing changed", made: true}
	body     = change{name: "one body edited", words: regexp.MustCompile(`(?s)\n---\n.*?([A-Z][a-z]+(?: [a-z]+){7,}\.)`), with: "This is edit %d.", file: evenStory, made: true}
	headline = change{name: "one headline edited", words: regexp.MustCompile(`(?m)^title: "(.+)"$`), with: "{old} %d", file: oddStory}
	partial  = change{name: "a partial edited", words: regexp.MustCompile(`(<footer[^>]*>)`), with: `<footer class="edit-%d">`,
		file: func(*edited, int) string { return footerFile }, all: true}
	publication = change{name: "one story published"}
)

// evenStory is another of the newest stories in each run.
func evenStory(p *edited, run int) string { return p.newest[2*run%len(p.newest)] }

// oddStory is another one, never one of those.
func oddStory(p *edited, run int) string { return p.newest[(2*run+1)%len(p.newest)] }

// newestFiles lists the files of the newest stories, the newest first.
func newestFiles(n int, seed uint64) (files []string, err error) {
	err = eachStory(n, seed, func(s story) error {
		files = append(files, "content/"+s.File())
		files = files[max(0, len(files)-newestStories):]
		return nil
	})
	slices.Reverse(files)
	return files, err
}

// An expectation is what a build must do after a change.
type expectation struct {
	change *change
	shown  []string // the files that showed what was changed
	page   string   // the page that must be written, or ""
	all    int      // how many stories' pages must be written, if all must
}

// make changes the paper, and tells what the next build must do of it: which
// files must be written is read off the edition that shows the old words.
func (p *edited) make(c *change, run int) (expectation, error) {
	want := expectation{change: c}
	if c == &publication {
		s := newSequel(run+1, archiveStart.Add(archiveSeconds*time.Second+time.Duration(run)*time.Hour))
		p.stories++
		want.page = strings.TrimPrefix(s.URL(), "/") + "index.html"
		return want, writeFile(filepath.Join(p.Dir, "content", filepath.FromSlash(s.File())), s.Text)
	}
	if c.words == nil {
		return want, nil
	}
	file := c.file(p, run)
	old, err := p.replace(file, c.words, fmt.Sprintf(c.with, run+1))
	if err != nil {
		return want, err
	}
	if c.all {
		want.all = p.stories
	}
	want.shown, err = showing(p.Out, old)
	if err == nil && len(want.shown) == 0 {
		err = fmt.Errorf("no page shows %q of %s", old, file)
	}
	return want, err
}

// replace replaces what a pattern's group finds in one of the paper's files,
// and gives the words that stood there.
func (p *edited) replace(file string, words *regexp.Regexp, with string) (old string, err error) {
	data, err := os.ReadFile(filepath.Join(p.Dir, filepath.FromSlash(file)))
	if err != nil {
		return "", err
	}
	found := words.FindSubmatchIndex(data)
	if found == nil {
		return "", fmt.Errorf("%s has nothing to edit: no %s", file, words)
	}
	old = string(data[found[2]:found[3]])
	text := string(data[:found[2]]) + strings.ReplaceAll(with, "{old}", old) + string(data[found[3]:])
	dirs := []string{p.Dir}
	if p.twin != "" && strings.HasPrefix(file, "content/") {
		dirs = append(dirs, p.twin)
	}
	for _, dir := range dirs {
		if err := writeFile(filepath.Join(dir, filepath.FromSlash(file)), text); err != nil {
			return "", err
		}
	}
	return old, nil
}

// check holds what a build did against what it must do.
func (w expectation) check(b built) error {
	if w.page != "" {
		if !slices.Contains(b.Written, w.page) {
			return fmt.Errorf("%s was not written", w.page)
		}
		return nil
	}
	var wrong []error
	if extra := without(b.Written, w.shown); len(extra) > 0 {
		wrong = append(wrong, fmt.Errorf("%d files were written that show nothing of the change: %s", len(extra), some(extra)))
	}
	if missing := without(w.shown, b.Written); len(missing) > 0 {
		wrong = append(wrong, fmt.Errorf("%d files that show what was changed were not written: %s", len(missing), some(missing)))
	}
	if w.change.made && b.Made != len(w.shown) {
		wrong = append(wrong, fmt.Errorf("%d pages were made, %d show the change", b.Made, len(w.shown)))
	}
	if w.change.all {
		articles := 0
		for _, path := range b.Written {
			if kindOf(path) == kindArticle {
				articles++
			}
		}
		if articles != w.all {
			wrong = append(wrong, fmt.Errorf("%d of %d stories' pages were written", articles, w.all))
		}
	}
	return errors.Join(wrong...)
}

// without gives those of a sorted list that another sorted list has not.
func without(list, others []string) (rest []string) {
	for _, one := range list {
		if _, ok := slices.BinarySearch(others, one); !ok {
			rest = append(rest, one)
		}
	}
	return rest
}

// some names the first of a list.
func some(list []string) string {
	const shown = 5
	if len(list) > shown {
		return strings.Join(list[:shown], ", ") + " …"
	}
	return strings.Join(list, ", ")
}
