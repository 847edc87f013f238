package watch

import (
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// A change is done step by step; after each the site is to be seen as it is.
type change struct {
	name  string
	steps []func(*site)
}

const story = "content/world/fire.md"

// Saves are the ways in which editors and other programs write a file.
var saves = []change{
	{"in place, as VS Code and nano do", []func(*site){
		func(s *site) { s.write(story, "one") },
		func(s *site) { s.write(story, "two") },
	}},
	{"cut to nothing, then written", []func(*site){
		func(s *site) { s.must(os.Truncate(s.at(story), 0)); s.write(story, "one") },
	}},
	{"another file renamed over it, as sed -i and helix do", []func(*site){
		func(s *site) { s.write("content/world/sedX1", "one"); s.rename("content/world/sedX1", story) },
		func(s *site) { s.write("content/world/sedX2", "two"); s.rename("content/world/sedX2", story) },
	}},
	{"vim, with a backup", []func(*site){
		func(s *site) { vim(s, "one") },
		func(s *site) { vim(s, "two") },
	}},
	{"JetBrains", []func(*site){
		func(s *site) { jetBrains(s, "one") },
		func(s *site) { jetBrains(s, "two") },
	}},
	{"emacs", []func(*site){
		func(s *site) { emacs(s, "one") },
		func(s *site) { emacs(s, "two") },
	}},
	{"rsync", []func(*site){
		func(s *site) {
			s.write("content/world/.fire.md.aB3", "one")
			s.rename("content/world/.fire.md.aB3", story)
		},
	}},
	{"git checkout", []func(*site){
		func(s *site) { s.remove(story); s.write(story, "one") },
		func(s *site) { s.remove(story); s.write(story, "two") },
	}},
	{"with the time of another file, as cp -p does", []func(*site){
		func(s *site) {
			s.write("notes.txt", "a text as long as the old one"[:len("first "+story)])
			info, err := os.Stat(s.at(story))
			s.must(err)
			s.must(os.Chtimes(s.at("notes.txt"), time.Time{}, info.ModTime()))
			s.rename("notes.txt", story)
		},
	}},
	{"two files change places", []func(*site){
		func(s *site) {
			s.rename(story, "content/x")
			s.rename("content/index.md", story)
			s.rename("content/x", "content/index.md")
		},
	}},
	{"a new file", []func(*site){func(s *site) { s.write("content/world/new.md", "new") }}},
	{"an empty file", []func(*site){func(s *site) { s.write("content/world/new.md", "") }}},
	{"a file is removed", []func(*site){func(s *site) { s.remove(story) }}},
	{"a file is renamed", []func(*site){func(s *site) { s.rename(story, "content/world/blaze.md") }}},
	{"the settings", []func(*site){
		func(s *site) { s.write("site.yaml", "one") },
		func(s *site) { s.write("site.yaml~", "two"); s.rename("site.yaml~", "site.yaml") },
		func(s *site) { s.remove("site.yaml") },
		func(s *site) { s.write("site.yaml", "three") },
	}},
}

func vim(s *site, text string) {
	s.write("content/world/4913", "")
	s.remove("content/world/4913")
	s.rename(story, story+"~")
	s.write(story, text)
	s.remove(story + "~")
}

func jetBrains(s *site, text string) {
	s.write(story+"___jb_tmp___", text)
	s.rename(story, story+"___jb_old___")
	s.rename(story+"___jb_tmp___", story)
	s.remove(story + "___jb_old___")
}

func emacs(s *site, text string) {
	s.link("content/world/.#fire.md", "me@machine.123")
	s.remove(story + "~")
	s.rename(story, story+"~")
	s.write(story, text)
	s.remove("content/world/.#fire.md")
}

// Moves are what happens to folders.
var moves = []change{
	{"a deep folder", []func(*site){
		func(s *site) { s.write("content/a/b/c/d/deep.md", "one") },
		func(s *site) { s.write("content/a/b/c/d/deep.md", "two") },
		func(s *site) { s.write("content/a/b/more.md", "three") },
	}},
	{"a tree is moved in", []func(*site){
		func(s *site) { s.rename("shared", "content/shared") },
		func(s *site) { s.write("content/shared/box/note.md", "two") },
	}},
	{"a tree is moved out, and back", []func(*site){
		func(s *site) { s.rename("content/world", "elsewhere") },
		func(s *site) { s.rename("elsewhere", "content/world") },
		func(s *site) { s.write("content/world/asia/flood.md", "three") },
	}},
	{"a folder is renamed, and its old name taken again", []func(*site){
		func(s *site) { s.rename("content/world", "content/globe") },
		func(s *site) { s.write("content/globe/asia/flood.md", "two") },
		func(s *site) { s.write("content/world/asia/flood.md", "three") },
		func(s *site) { s.write("content/globe/asia/flood.md", "four") },
		func(s *site) { s.write("content/world/asia/flood.md", "five") },
		func(s *site) { s.write("content/globe/asia/new/flood.md", "six") },
	}},
	{"two folders change places", []func(*site){
		func(s *site) {
			s.write("content/town/asia/x.md", "town")
			s.rename("content/world", "content/x")
			s.rename("content/town", "content/world")
			s.rename("content/x", "content/town")
		},
		func(s *site) { s.write("content/world/asia/x.md", "two") },
		func(s *site) { s.write("content/town/asia/flood.md", "three") },
	}},
	{"content is removed, and made again", []func(*site){
		func(s *site) { s.remove("content") },
		func(s *site) { s.write("content/world/fire.md", "two") },
		func(s *site) { s.write("content/world/fire.md", "three") },
		func(s *site) { s.remove("content"); s.write("content/world/asia/x.md", "four") },
		func(s *site) { s.write("content/world/asia/x.md", "five") },
	}},
	{"content is put in place by a rename", []func(*site){
		func(s *site) {
			s.write("next/world/fire.md", "one")
			s.rename("content", "before")
			s.rename("next", "content")
		},
		func(s *site) { s.write("content/world/fire.md", "two") },
	}},
	{"a folder that was not there", []func(*site){
		func(s *site) { s.write("layouts/town/article.html", "one") },
		func(s *site) { s.write("layouts/town/article.html", "two") },
	}},
	{"a file becomes a folder, and a file again", []func(*site){
		func(s *site) { s.remove(story); s.write(story+"/index.md", "one") },
		func(s *site) { s.write(story+"/index.md", "two") },
		func(s *site) { s.remove(story); s.write(story, "three") },
		func(s *site) { s.write(story, "four") },
	}},
	{"the whole site goes, and comes back", []func(*site){
		func(s *site) { s.rename("", "../away") },
		func(s *site) { s.rename("../away", "") },
		func(s *site) { s.write(story, "three") },
	}},
}

// Links are what is outside of the watched folders and belongs to the site.
var links = []change{
	{"a linked folder", []func(*site){
		func(s *site) { s.link("content/linked", "../shared") },
		func(s *site) { s.write("shared/box/note.md", "two") },
		func(s *site) { s.write("shared/new/x.md", "three") },
		func(s *site) { s.write("shared/new/x.md", "four") },
		func(s *site) { s.remove("content/linked"); s.link("content/linked", "../shared/box") },
		func(s *site) { s.write("shared/box/note.md", "five") },
	}},
	{"a linked file", []func(*site){
		func(s *site) { s.link("content/linked.md", "../shared/single.md") },
		func(s *site) { s.write("shared/single.md", "two") },
		func(s *site) { s.write("shared/x", "three"); s.rename("shared/x", "shared/single.md") },
	}},
	{"a link over a link", []func(*site){
		func(s *site) { s.link("current", "shared/box"); s.link("content/linked", "../current") },
		func(s *site) { s.write("shared/box/note.md", "two") },
		func(s *site) { s.write("old/note.md", "three"); s.remove("current"); s.link("current", "old") },
		func(s *site) { s.write("old/note.md", "four") },
	}},
	{"a link that leads nowhere at first", []func(*site){
		func(s *site) { s.link("content/linked", "../later/on/box") },
		func(s *site) { s.write("later/on/box/x.md", "two") },
		func(s *site) { s.write("later/on/box/x.md", "three") },
		func(s *site) { s.remove("later") },
	}},
	{"links in a circle", []func(*site){
		func(s *site) { s.link("content/world/up", ".."); s.link("content/self", "self") },
		func(s *site) { s.write("content/world/asia/flood.md", "two") },
	}},
	{"content and the settings are links", []func(*site){
		func(s *site) { s.rename("content", "main"); s.link("content", "main") },
		func(s *site) { s.write("main/world/fire.md", "two") },
		func(s *site) { s.rename("site.yaml", "main.yaml"); s.link("site.yaml", "main.yaml") },
		func(s *site) { s.write("main.yaml", "four") },
	}},
	{"a dot file on one of two ways", []func(*site){
		func(s *site) { s.link("content/linked", "../shared"); s.link("static/linked", "../shared") },
		func(s *site) { s.write("shared/.well-known/x", "two") },
		func(s *site) { s.write("shared/.well-known/x", "three") },
	}},
}

func each(t *testing.T, do func(t *testing.T, c change)) {
	for _, all := range [][]change{saves, moves, links} {
		for _, c := range all {
			t.Run(c.name, func(t *testing.T) { do(t, c) })
		}
	}
}

func TestChanges(t *testing.T) {
	each(t, func(t *testing.T, c change) {
		t.Parallel()
		s := newSite(t)
		r := s.read(t, s.options())
		if why, _ := r.w.Polling(); why != "" {
			t.Skip("here files can only be looked at: " + why)
		}
		for _, step := range c.steps {
			step(s)
			r.agrees(c.name)
		}
		if why, _ := r.w.Polling(); why != "" && c.name != "the whole site goes, and comes back" {
			t.Errorf("files are only looked at: %s", why)
		}
	})
}

// The same in time that is not waited for.
func TestChangesPolled(t *testing.T) {
	each(t, func(t *testing.T, c change) {
		s := newSite(t)
		o := s.options()
		o.Poll = true
		synctest.Test(t, func(t *testing.T) {
			r := s.read(t, o)
			for _, step := range c.steps {
				step(s)
				r.agrees(c.name)
			}
		})
	})
}

// What is nothing to a build does not wake.
var nothings = []struct {
	name string
	do   func(*site)
}{
	{"a change of mode", func(s *site) { s.must(os.Chmod(s.at(story), 0o600)) }},
	{"a dropping", func(s *site) { s.write("content/world/.fire.md.swp", "x") }},
	{"the lock of emacs", func(s *site) { s.link("content/world/.#fire.md", "me@machine.123") }},
	{"a folder that is not seen", func(s *site) { s.write("content/.git/index", "x") }},
	{"the edition", func(s *site) { s.write("public/index.html", "x"); s.write("public/new/index.html", "x") }},
	{"a file beside site.yaml", func(s *site) { s.write("notes.txt", "x"); s.write("site.yaml~", "x") }},
	{"a folder outside, to which a link leads", func(s *site) { s.write("../outside/x.md", "x") }},
	{"a folder beside content", func(s *site) { s.write("shared/box/note.md", "x"); s.remove("shared") }},
}

func TestNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := s.read(t, s.options())
	for _, n := range nothings {
		n.do(s)
	}
	r.sleeps("one of these", 300*time.Millisecond)
	s.write(story, "at last")
	r.agrees("an edit")
}

func TestNothingPolled(t *testing.T) {
	for _, n := range nothings {
		t.Run(n.name, func(t *testing.T) {
			s := newSite(t)
			o := s.options()
			o.Poll = true
			synctest.Test(t, func(t *testing.T) {
				r := s.read(t, o)
				n.do(s)
				r.sleeps(n.name, time.Minute)
				s.write(story, "at last")
				r.agrees("an edit")
			})
		})
	}
}
