package build_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

func init() { maps.Copy(edits, answered) }

// answered are edits of what readers say.
var answered = map[string]func(*editor) bool{
	"a comment": func(e *editor) bool {
		name := e.thread("data/comments/")
		line := fmt.Sprintf(`{"id":"n%d","time":"2026-02-%02dT10:00:00Z","name":"Reader %d","text":"Said %d."}`, e.n, 1+e.IntN(28), e.IntN(3), e.n)
		if text := e.files[name]; text == "" {
			e.files[name] = "[\n" + line + "\n]\n"
		} else {
			e.files[name] = strings.Replace(text, "[\n", "[\n"+line+",\n", 1)
		}
		return true
	},
	"an answer": func(e *editor) bool {
		e.files[e.thread("data/ratings/")] = fmt.Sprintf("{\"yes\":%d,\"no\":%d}\n", 9+e.IntN(30), e.IntN(3))
		return true
	},
	"a thread less": func(e *editor) bool {
		for _, name := range slices.Sorted(maps.Keys(e.files)) {
			if strings.HasPrefix(name, "data/comments/") || strings.HasPrefix(name, "data/ratings/") {
				delete(e.files, name)
				return true
			}
		}
		return false
	},
	"the question": func(e *editor) bool {
		return e.setting("rating", []string{"off", "{question: Good?}", fmt.Sprintf("{question: {en: Good %d?}, off: [town]}", e.n), "{}"}[e.IntN(4)])
	},
	"rating of a story": func(e *editor) bool {
		return e.set(e.story(), "rating", []string{"open", "closed", "off"}[e.IntN(3)])
	},
}

// thread is the file of what readers have said of one of the stories that have an id
// from the first.
func (e *editor) thread(folder string) string {
	return folder + "=" + []string{"fire", "fire-ar", "old"}[e.IntN(3)] + ".json"
}
