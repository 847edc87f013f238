package build_test

import (
	"os"
	"testing"

	"stet/internal/article"
)

// The demo newspaper shows what a desk can do: whoever wants to know how
// something is written finds it there.
func TestDemoDesk(t *testing.T) {
	used := map[string]bool{}
	use := func(what string, is bool) { used[what] = used[what] || is }
	eachArticle(t, func(name string, data []byte) {
		a, _ := article.Parse("content/"+name, data)
		use(string(a.Kind)+" picture", a.Image != nil || a.Photo != nil)
		use(string(a.Kind)+" aliases", len(a.Aliases) > 0)
		use("organisation", a.Organisation)
		use("inactive author", a.Inactive)
		if a.Kind == article.Story {
			use("type "+a.Type, true)
			use("several authors", len(a.Authors) > 1)
			for _, by := range a.Authors {
				use("author role "+by.Role, true)
				use("author of", by.Of != "")
				use("author for", by.For != "")
				use("author in", by.In != "")
			}
			use("dateline in "+a.Dateline.Show, a.Dateline.Place != "")
			use("dateline with date", !a.Dateline.Date.IsZero())
			for _, c := range a.Corrections {
				use(c.Kind, true)
			}
			use("series part", a.Series.Number > 0)
			use("also", len(a.Also) > 0)
			use("related", len(a.Related) > 0)
			use("kicker", a.Kicker != "")
			use("pin", a.Pin != 0)
			use("weight", a.Weight != 0)
			use("hide", a.Hide)
			use("killed", a.Status == "killed" && a.Notice != "")
			use("sponsor", a.Sponsor.Name != "")
			use("courtesy", a.Image != nil && a.Image.Courtesy)
		}
	})
	for _, name := range []string{"front.yaml", "culture.yaml", "town/ferrow.yaml"} {
		if _, err := os.Stat("../../content/fronts/" + name); err != nil {
			t.Error(err)
		}
	}
	want := []string{"organisation", "inactive author", "several authors", "author role translator", "author role illustrator", "author role research",
		"author of", "author for", "author in", "dateline in ", "dateline in lead", "dateline with date",
		"correction", "clarification", "update", "editors-note", "series part", "also", "related", "kicker", "pin", "weight", "hide", "killed", "sponsor", "courtesy",
		"author picture", "author aliases", "topic picture", "topic aliases", "series picture", "section picture", "story aliases"}
	for _, kind := range article.Types {
		want = append(want, "type "+kind)
	}
	for _, what := range want {
		if !used[what] {
			t.Errorf("no file of content/ has this: %s", what)
		}
	}
}
