package main

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// changes are the ways in which a site is changed, each by its name. Those of
// editors are done step by step as they do them.
var changes = map[string]func(*writer){
	"vim, with a backup": func(w *writer) {
		name, text := w.edited()
		w.write(filepath.Join(filepath.Dir(name), "4913"), "x")
		w.remove(filepath.Join(filepath.Dir(name), "4913"))
		w.rename(name, name+"~")
		w.write(name, text)
		w.remove(name + "~")
	},
	"vim, with a copy as backup": func(w *writer) {
		name, text := w.edited()
		w.write(name+"~", w.read(name))
		w.write(name, text)
		w.remove(name + "~")
	},
	"emacs": func(w *writer) {
		name, text := w.edited()
		lock := filepath.Join(filepath.Dir(name), ".#"+filepath.Base(name))
		auto := filepath.Join(filepath.Dir(name), "#"+filepath.Base(name)+"#")
		w.link(lock, "me@machine.123")
		w.write(auto, text[:len(text)/2])
		os.Remove(w.at(name + "~"))
		w.rename(name, name+"~")
		w.write(name, text)
		w.remove(lock)
		w.remove(auto)
	},
	"JetBrains": func(w *writer) {
		name, text := w.edited()
		w.write(name+"___jb_tmp___", text)
		w.rename(name, name+"___jb_old___")
		w.rename(name+"___jb_tmp___", name)
		w.remove(name + "___jb_old___")
	},
	"VS Code": func(w *writer) { name, text := w.edited(); w.write(name, text) },
	"helix": func(w *writer) {
		name, text := w.edited()
		w.rename(name, name+"Xy12.bck")
		w.write(name, text)
		w.remove(name + "Xy12.bck")
	},
	"sed -i": func(w *writer) {
		name, text := w.edited()
		w.over(name, filepath.Join(filepath.Dir(name), "sedAb12"), text)
	},
	"gedit": func(w *writer) {
		name, text := w.edited()
		w.over(name, filepath.Join(filepath.Dir(name), ".goutputstream-1"), text)
	},
	"rsync": func(w *writer) {
		name, text := w.edited()
		w.over(name, filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+".aB3"), text)
	},
	"a copy": func(w *writer) { name, text := w.edited(); w.over(name, "copy.tmp", text) },
	"git checkout of a file": func(w *writer) {
		name, text := w.edited()
		w.remove(name)
		w.write(name, text)
	},
	"cut to nothing, and written after a pause": func(w *writer) {
		name, text := w.edited()
		w.must(os.Truncate(w.at(name), 0))
		time.Sleep(200 * time.Millisecond)
		w.write(name, text)
	},
	"written in two halves": func(w *writer) {
		name, text := w.edited()
		f, err := os.Create(w.at(name))
		w.must(err)
		f.WriteString(text[:len(text)-7])
		time.Sleep(100 * time.Millisecond)
		f.WriteString(text[len(text)-7:])
		w.must(f.Close())
	},
	"as long and as old as before": func(w *writer) {
		name := w.story()
		text := w.read(name)
		info, err := os.Stat(w.at(name))
		w.must(err)
		w.write("same.tmp", text[:len(text)-2]+fmt.Sprint(w.n%10)+"\n")
		w.must(os.Chtimes(w.at("same.tmp"), time.Time{}, info.ModTime()))
		w.rename("same.tmp", name)
	},
	"saved over and over": func(w *writer) {
		name, text := w.edited()
		for i := range 20 {
			w.write(name, fmt.Sprintf("%s\nSave %d.\n", text, i))
			time.Sleep(7 * time.Millisecond)
		}
	},
	"droppings": func(w *writer) {
		name := w.story()
		w.write(name+"~", "---\ntitle: [wrong\n")
		w.write(filepath.Join(filepath.Dir(name), "#"+filepath.Base(name)+"#"), "nothing")
		w.write(filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+".swp"), "nothing")
	},

	"a new story": func(w *writer) { w.write(fmt.Sprintf("content/town/new-%d.md", w.n), w.newStory()) },
	"a new story over a temporary file": func(w *writer) {
		w.over(fmt.Sprintf("content/world/asia/other-%d.md", w.n), fmt.Sprintf("content/world/asia/other-%d.md.tmp", w.n), w.newStory())
	},
	"a new deep folder": func(w *writer) {
		w.write(fmt.Sprintf("content/town/deep-%d/a/b/c/story-%d.md", w.n, w.n), w.newStory())
		w.write(fmt.Sprintf("content/town/deep-%d/a/bundle-%d/index.md", w.n, w.n), strings.Replace(w.newStory(), "\ndate", "\nimage: {src: p.png, alt: P, credit: C}\ndate", 1))
		w.write(fmt.Sprintf("content/town/deep-%d/a/bundle-%d/p.png", w.n, w.n), w.picture())
	},
	"a headline": func(w *writer) { w.set("title", fmt.Sprintf("Headline %d", w.n)) },
	"tags": func(w *writer) {
		w.set("tags", pick(w.Rand, []string{"[Water]", "[Schools, The River]", "[Élections]", "[]"}))
	},
	"authors":          func(w *writer) { w.set("author", pick(w.Rand, []string{"Ann Lee", "[Ben Cole, The Wire]", "Cy Fox"})) },
	"a date":           func(w *writer) { w.set("date", fmt.Sprintf("2026-%02d-%02d", 1+w.IntN(2), 1+w.IntN(28))) },
	"a draft, or none": func(w *writer) { w.set("draft", pick(w.Rand, []string{"true", "false"})) },
	"an embargo":       func(w *writer) { w.set("embargo", "2098-01-01") },
	"an old address":   func(w *writer) { w.set("aliases", fmt.Sprintf("[/old/%d/]", w.n)) },
	"a rename": func(w *writer) {
		name := w.story()
		w.rename(name, fmt.Sprintf("%s/renamed-%d.md", filepath.Dir(name), w.n))
	},
	"a capital": func(w *writer) {
		name := w.story()
		w.rename(name, filepath.Join(filepath.Dir(name), strings.ToUpper(filepath.Base(name)[:1])+filepath.Base(name)[1:]))
	},
	"a story becomes a bundle": func(w *writer) {
		name := w.story()
		text := w.read(name)
		w.remove(name)
		w.write(strings.TrimSuffix(name, ".md")+"/index.md", text)
	},
	"a file becomes a folder, and a file again": func(w *writer) {
		name := w.story()
		text := w.read(name)
		w.remove(name)
		w.write(name+"/x.txt", "x")
		time.Sleep(100 * time.Millisecond)
		w.must(os.RemoveAll(w.at(name)))
		w.write(name, text)
	},
	"a deletion": func(w *writer) { w.remove(w.story()) },
	"two stories change places": func(w *writer) {
		w.write(fmt.Sprintf("content/town/new-%d.md", w.n), w.newStory())
		a, b := fmt.Sprintf("content/town/new-%d.md", w.n), w.story()
		w.rename(a, "content/swap.tmp")
		if a != b {
			w.rename(b, a)
		}
		w.rename("content/swap.tmp", b)
	},
	"a folder goes, and comes back elsewhere": func(w *writer) {
		w.rename("content/world/asia", "away")
		w.settled("a folder went")
		w.rename("away", fmt.Sprintf("content/world/asia-%d", w.n))
		w.settled("it came back")
		w.write(fmt.Sprintf("content/world/asia-%d/there-%d.md", w.n, w.n), w.newStory())
		w.settled("a story was put into it")
		w.rename(fmt.Sprintf("content/world/asia-%d", w.n), "content/world/asia")
	},
	"a section is removed and made again": func(w *writer) {
		w.must(os.CopyFS(w.at("kept"), os.DirFS(w.at("content/town"))))
		w.must(os.RemoveAll(w.at("content/town")))
		if w.IntN(2) == 0 {
			w.settled("a section was removed")
		}
		w.must(os.CopyFS(w.at("content/town"), os.DirFS(w.at("kept"))))
		w.must(os.RemoveAll(w.at("kept")))
		w.write(fmt.Sprintf("content/town/again-%d.md", w.n), w.newStory())
	},
	"another branch is checked out": func(w *writer) {
		for i := range 150 {
			w.write(fmt.Sprintf("content/world/branch/b-%d.md", i), w.newStory())
		}
		w.settled("a branch was checked out")
		w.must(os.RemoveAll(w.at("content/world/branch")))
	},
	"a linked folder": func(w *writer) {
		w.write("shared/box/linked.md", w.newStory())
		w.link("content/town/linked", "../../shared/box")
		w.settled("a link")
		w.write("shared/box/linked.md", w.newStory()+"\nMore.\n")
		w.write("shared/box/new/other.md", w.newStory())
		w.settled("a change behind it")
		w.remove("content/town/linked")
		w.must(os.RemoveAll(w.at("shared")))
	},
	"a linked file": func(w *writer) {
		w.write("shared/linked.md", w.newStory())
		w.link(fmt.Sprintf("content/town/linked-%d.md", w.n), "../../shared/linked.md")
		w.settled("a link")
		w.over("shared/linked.md", "shared/x.tmp", w.newStory()+"\nMore.\n")
		w.settled("a change behind it")
		w.remove(fmt.Sprintf("content/town/linked-%d.md", w.n))
	},

	"a layout": func(w *writer) {
		w.write("layouts/page.html", fmt.Sprintf(`{{ template "base.html" . }}{{ define "main" }}<h1>%d {{ .Title }}</h1>{{ body }}{{ end }}`, w.n))
	},
	"a layout of one's own, or none": func(w *writer) {
		if name := "layouts/world/section.html"; os.Remove(w.at(name)) != nil {
			w.write(name, `{{ template "base.html" . }}{{ define "main" }}<h1>{{ .Title }}</h1>{{ end }}`)
		}
	},
	"a partial": func(w *writer) {
		w.write("layouts/partials/extra.html", fmt.Sprintf(`<p>%d {{ config "title" }} {{ range latest "" 2 }}{{ .Title }}{{ end }}</p>`, w.n))
	},
	"a style": func(w *writer) {
		w.write("static/assets/site.css", fmt.Sprintf("body { margin: %dem }\n", w.n))
	},
	"data": func(w *writer) {
		w.write("data/polls.yaml", fmt.Sprintf("now: {a: %d, b: 60}\nold: {a: 1, b: %d}\n", w.n, w.n))
	},
	"the settings": func(w *writer) {
		w.over("site.yaml", "site.yaml.tmp", strings.Replace(w.read("site.yaml"), "motto: ", fmt.Sprintf("motto: %d ", w.n), 1))
	},
	"the title": func(w *writer) {
		w.write("site.yaml", strings.Replace(w.read("site.yaml"), "title: The", fmt.Sprintf("title: %d The", w.n), 1))
	},
	"a rule": func(w *writer) {
		w.write("site.yaml", strings.Replace(w.read("site.yaml"), "redirects: {", fmt.Sprintf("redirects: {/gone/%d/: /about/, ", w.n), 1))
	},
	"a biography": func(w *writer) {
		w.write("content/authors/ann.md", w.read("content/authors/ann.md")+fmt.Sprintf("\nMore %d.\n", w.n))
	},
	"a static file": func(w *writer) { w.write("static/notes.txt", fmt.Sprint(w.n)) },
	"a new static file, or one less": func(w *writer) {
		if name := fmt.Sprintf("static/files/s%d.txt", w.IntN(2)); os.Remove(w.at(name)) != nil {
			w.write(name, fmt.Sprint(w.n))
		}
	},
	"a picture":          func(w *writer) { w.write("static/photos/a.png", w.picture()) },
	"a bundle's picture": func(w *writer) { w.over("content/town/mill/mill.png", "content/town/mill/x.tmp", w.picture()) },
	"a photo":            func(w *writer) { w.write("content/town/mill/wheel.jpg", w.photo()) },
	"a touch": func(w *writer) {
		now := time.Now()
		w.must(os.Chtimes(w.at(w.story()), now, now))
	},
	"equal bytes": func(w *writer) { name := w.story(); w.write(name, w.read(name)) },

	"a story is broken and mended": func(w *writer) {
		name, text := w.edited()
		w.broken(name, strings.Replace(text, "title: ", "title: [", 1), text)
	},
	"a story is broken, and another is edited": func(w *writer) {
		name, text := w.edited()
		was := w.read(name)
		w.write(name, strings.Replace(text, "title: ", "title: [", 1))
		other := "content/world/flood.md"
		w.write(other, w.read(other)+fmt.Sprintf("\nMeanwhile %d.\n", w.n))
		copied := filepath.Join(filepath.Dir(w.dir), fmt.Sprint("copy", w.n))
		w.must(os.CopyFS(copied, os.DirFS(w.dir)))
		w.must(os.WriteFile(filepath.Join(copied, name), []byte(was), 0o644))
		last := w.clean(copied)
		own := strings.ToLower(filepath.Base(strings.TrimSuffix(strings.TrimSuffix(name, ".md"), "/index")))
		maps.DeleteFunc(last.files, func(name string, _ []byte) bool { // feeds carry the text of both, and its own page may show the other
			return strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".json") || strings.HasSuffix(name, "/"+own+"/index.html")
		})
		w.stays(last, name)
		w.write(name, text)
	},
	"a layout is broken and mended": func(w *writer) {
		text := w.read("layouts/page.html")
		w.broken("layouts/page.html", strings.Replace(text, "{{ body }}", "{{ bodi }}", 1), text+" ")
	},
	"a page cannot be made": func(w *writer) {
		text := w.read("layouts/town/article.html")
		w.broken("layouts/town/article.html", strings.Replace(text, "{{ body }}", `{{ data "none" }}{{ body }}`, 1), text+" ")
	},
	"the settings are broken and mended": func(w *writer) {
		text := w.read("site.yaml")
		w.broken("site.yaml", text+"nonsense: 1\n", text)
	},
	"the settings go, and come back": func(w *writer) {
		w.rename("site.yaml", "settings.away")
		w.stays(w.right, "site.yaml")
		w.rename("settings.away", "site.yaml")
	},
}

// broken writes a file that is wrong, sees that the last right edition stays and
// that it is said on the pages, and mends the file.
func (w *writer) broken(name, wrong, mended string) {
	w.Helper()
	w.write(name, wrong)
	w.stays(w.right, name)
	w.write(name, mended)
}

// stays waits until the preview is this and pages are told of a problem of a file.
func (w *writer) stays(last expected, name string) {
	w.Helper()
	if last.wrong() {
		w.Fatalf("there was nothing right before: %v", last.problems)
	}
	w.becomes(name+" was broken", func() string {
		for _, p := range w.news("index.html").Problems {
			if strings.Contains(p.String(), name) {
				return w.differsInFiles(last.files)
			}
		}
		return "pages are told of no problem in " + name
	})
}

// story picks one that no other story is linked to.
func (w *writer) story() string {
	w.Helper()
	var all []string
	for _, folder := range []string{"content/town", "content/world/asia"} {
		w.must(fs.WalkDir(os.DirFS(w.dir), folder, func(name string, d fs.DirEntry, err error) error {
			if err == nil && filepath.Ext(name) == ".md" && d.Type().IsRegular() && strings.Contains(w.read(name), "\ndate: ") && filepath.Base(name) != "index.md" {
				all = append(all, name)
			}
			return err
		}))
	}
	if len(all) < 4 {
		w.write(fmt.Sprintf("content/town/more-%d.md", w.n), w.newStory())
		return fmt.Sprintf("content/town/more-%d.md", w.n)
	}
	return pick(w.Rand, all)
}

// edited picks a story, and another text for it.
func (w *writer) edited() (name, text string) {
	name = pick(w.Rand, []string{w.story(), "content/world/fire.md", "content/town/mill/index.md"})
	text = w.read(name) + fmt.Sprintf("\nMore %d.\n", w.n)
	if w.IntN(3) == 0 {
		text = strings.Replace(text, "title: ", fmt.Sprintf("title: %d ", w.n), 1)
	}
	return name, text
}

// newStory is the text of one.
func (w *writer) newStory() string {
	return fmt.Sprintf("---\ntitle: New %d %d\ndate: 2026-02-%02d 12:00\nauthor: Ben Cole\ntags: [Water]\n---\nNew. [The fire](/world/2026/02/fire/).\n", w.n, w.IntN(1e9), 1+w.IntN(28))
}

// set sets a key of a story's front matter.
func (w *writer) set(key, value string) {
	w.Helper()
	name := w.story()
	lines := strings.Split(w.read(name), "\n")
	for i, l := range lines[1:] {
		if strings.HasPrefix(l, key+": ") {
			lines[i+1] = key + ": " + value
			break
		}
		if l == "---" {
			lines[i+1] = key + ": " + value + "\n---"
			break
		}
	}
	w.write(name, strings.Join(lines, "\n"))
}

// over writes a file under another name, and renames it over the first.
func (w *writer) over(name, temporary, text string) {
	w.Helper()
	w.write(temporary, text)
	w.rename(temporary, name)
}

func (w *writer) at(name string) string { return filepath.Join(w.dir, filepath.FromSlash(name)) }

func (w *writer) read(name string) string {
	w.Helper()
	data, err := os.ReadFile(w.at(name))
	w.must(err)
	return string(data)
}

func (w *writer) rename(from, to string) { w.Helper(); w.must(os.Rename(w.at(from), w.at(to))) }

func (w *writer) remove(name string) { w.Helper(); w.must(os.Remove(w.at(name))) }

func (w *writer) link(name, to string) { w.Helper(); w.must(os.Symlink(to, w.at(name))) }

func (w *writer) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}
