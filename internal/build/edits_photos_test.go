package build_test

import (
	"fmt"
	"io/fs"
	"strings"

	"stet"
)

// Edits of whose pictures there are.
func init() {
	by := func(e *editor) string {
		return []string{"Ann Lee", "Photo by Ben Cole/The Wire", "A. Lee and Ben Cole", "Reuters", "\"\""}[e.IntN(5)]
	}
	edits["a credit"] = func(e *editor) bool {
		return e.set(e.story(), "image", "{src: /photos/a.svg, alt: A picture, credit: "+by(e)+"}")
	}
	edits["a picture of a text"] = func(e *editor) bool {
		const name = "content/town/dam/index.md"
		if _, ok := e.files[name]; !ok { // it was moved or deleted
			e.files[name], e.files["content/town/dam/dam.jpg"] = firstSite()[name], firstSite()["content/town/dam/dam.jpg"]
		}
		i := strings.LastIndex(e.files[name], "---\n")
		e.files[name] = e.files[name][:i] + fmt.Sprintf("---\nIt holds.\n\n![The dam](/photos/a.svg \"The dam, %d. [%s]\")\n\n![](dam.jpg)\n", e.n, by(e))
		return true
	}
	edits["share cards"] = func(e *editor) bool {
		return e.setting("images", []string{"{cards: false}", "{webp: false}"}[e.IntN(2)])
	}
	edits["a font of cards"] = func(e *editor) bool {
		const name = "layouts/fonts/a.ttf"
		if _, ok := e.files[name]; ok {
			delete(e.files, name)
			return true
		}
		font, err := fs.ReadFile(stet.Theme(), "layouts/fonts/noto-naskh-arabic-bold.ttf")
		e.files[name] = string(font)
		return err == nil
	}
	edits["a creator"] = func(e *editor) bool {
		e.files["content/town/dam/dam.jpg.yaml"] = fmt.Sprintf("creator: [%s]\nalt: The dam\n", by(e))
		return true
	}
}
