package build_test

import "fmt"

// Edits of what the desk plans in content/fronts/. Stories that move or go are
// not named, but by chance a front names what is not there, and does not build.
func init() {
	edits["a front"] = func(e *editor) bool {
		story := []string{"world/fire", "content/ar/world/fire.md", "world/story-0.md"}[e.IntN(3)]
		from := fmt.Sprintf("2026-%02d-%02d 09:30", 2+e.IntN(3), 1+e.IntN(28))
		lead := []string{
			"story: " + story,
			fmt.Sprintf("story: [{story: %s, from: %s, title: \"Headline *%d*\"}, world/fire]", story, from, e.n),
			fmt.Sprintf("story: {story: %s, until: %s}", story, from),
			fmt.Sprintf("fill: {kind: opinion, tag: Water}, title: Slot %d", e.n),
			"fill: {section: world, author: Ann Lee}, count: 2",
		}[e.IntN(5)]
		e.files["content/fronts/front.yaml"] = fmt.Sprintf("slots:\n  - {name: lead, %s}\n  - {name: row-%d, count: %d}\n  - {name: latest}\nblocks: %s\n",
			lead, e.IntN(3), 1+e.IntN(4), []string{"yes", "no", "[world]"}[e.IntN(3)])
		return true
	}
	edits["a section's front"] = func(e *editor) bool {
		name := []string{"content/fronts/world.yaml", "content/fronts/world/asia.yaml", "content/ar/fronts/world.yaml"}[e.IntN(3)]
		if _, ok := e.files[name]; ok && e.IntN(2) == 0 {
			delete(e.files, name)
			return true
		}
		e.files[name] = fmt.Sprintf("slots:\n  - {name: lead, title: Slot %d, fill: {kind: news}, count: %d}\n", e.n, 1+e.IntN(3))
		return true
	}
	edits["a bar"] = func(e *editor) bool {
		e.files["content/fronts/front.yaml"] = fmt.Sprintf("bar: {text: Bar %d, story: world/fire, until: \"2026-%02d-%02d 18:00\", show: %s}\n",
			e.n, 2+e.IntN(4), 1+e.IntN(28), []string{"front", "all"}[e.IntN(2)])
		return true
	}
	edits["no front"] = func(e *editor) bool {
		_, ok := e.files["content/fronts/front.yaml"]
		delete(e.files, "content/fronts/front.yaml")
		return ok
	}
}
