package build_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"stet"
	"stet/internal/archive"
	"stet/internal/browser"
	"stet/internal/build"
)

// heardPages are the pages of the paper of few words, by their goldens.
var heardPages = [][2]string{
	{"front", "/"}, {"section", "/town/"}, {"article", "/town/2026/11/mill/"}, {"opinion", "/opinion/2026/11/lean/"}, {"gallery", "/town/2026/11/walk/"},
	{"topic", "/tags/water/"}, {"topics", "/tags/"}, {"author", "/authors/ann/"}, {"authors", "/authors/"}, {"series", "/series/floods/"},
	{"archive", "/2026/11/"}, {"corrections", "/corrections/"}, {"page", "/about/"}, {"missing", "/404.html"}, {"arabic", "/ar/town/2026/11/mill/"},
}

// fewWords is the paper of few words.
func fewWords(t *testing.T) build.Options {
	t.Helper()
	data, err := os.ReadFile("testdata/heard.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range archive.Parse(data).Files {
		write(t, dir, name, text)
	}
	for i, name := range []string{"town/mill", "town/quay", "authors/ann"} {
		write(t, dir, "content/"+name+".jpg", drawnPhoto(t, 900, 600, i))
	}
	return build.Options{Dir: dir, Theme: stet.Theme(), Now: demoTime}
}

// What a screen reader says of each kind of page, as the browser tells it: roles,
// names, levels. Whoever changes a layout reads here what a blind reader meets.
func TestHeard(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser looks at pages")
	}
	server := httptest.NewServer(http.FileServer(http.Dir(fewPaper.edition(t))))
	defer server.Close()
	tab, cancel := context.WithTimeout(browser.Start(t), 2*time.Minute)
	defer cancel()
	v := &visitor{t, server.URL, tab}
	if _, err := chromedp.Call(tab, accessibility.Enable, struct{}{}); err != nil {
		t.Fatal(err)
	}
	v.do(chromedp.EmulateViewport(1280, 900))
	for i, page := range heardPages {
		golden := "testdata/heard/" + page[0] + ".txt"
		v.do(chromedp.Navigate(server.URL + page[1]))
		v.is(`(document.querySelector("[data-script]")?.scrollIntoView(), !document.querySelector("[data-script]") || !!document.querySelector("[role=status]"))`, true) // its script came
		got := []byte(v.heard(i == 0 || page[0] == "arabic"))
		if *update {
			write(t, ".", golden, string(got))
		}
		if want, _ := os.ReadFile(golden); !bytes.Equal(got, want) {
			t.Errorf("%s is not what %s says (see -update):\n%s", page[1], golden, cmp.Diff(string(want), string(got)))
		}
	}
}

// heard is the accessibility tree of the open page: a line for whatever has a role or
// words, those inside of it indented. What only stands around others is left out, and
// words that are their parent's name. What is the same on all pages is told if whole.
func (v *visitor) heard(whole bool) string {
	v.Helper()
	tree, err := chromedp.Call(v.tab, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil || len(tree.Nodes) == 0 {
		v.Fatal(err)
	}
	nodes := map[accessibility.NodeID]*accessibility.Node{}
	for _, n := range tree.Nodes {
		nodes[n.NodeID] = n
	}
	var b, text strings.Builder
	say := func(depth int, line string) {
		if words := strings.Join(strings.Fields(text.String()), " "); words != "" {
			fmt.Fprintf(&b, "%s%q\n", strings.Repeat("  ", depth), words)
		}
		text.Reset()
		b.WriteString(line)
	}
	var tell func(n *accessibility.Node, depth int, above string)
	tell = func(n *accessibility.Node, depth int, above string) {
		role, name := spoken(n.Role), strings.Join(strings.Fields(spoken(n.Name)), " ")
		switch {
		case role == "InlineTextBox" || role == "LineBreak" || role == "ListMarker":
			return
		case role == "StaticText":
			if name != above {
				text.WriteString(spoken(n.Name))
			}
			return
		}
		line := strings.Repeat("  ", depth) + role
		inside := depth
		if heard := !n.Ignored && role != "none" && (role != "generic" || name != ""); heard {
			if name != "" {
				line += fmt.Sprintf(" %q", name)
			}
			if line += qualities(n); !whole && (role == "banner" || role == "contentinfo") {
				say(depth, line+" …\n")
				return
			}
			say(depth, line+"\n")
			inside, above = depth+1, name
		}
		for _, id := range n.ChildIDs {
			if child := nodes[id]; child != nil {
				tell(child, inside, above)
			}
		}
		if inside > depth {
			say(inside, "")
		}
	}
	tell(tree.Nodes[0], 0, "")
	return b.String()
}

// qualities are what is said of a node beside its role and name.
func qualities(n *accessibility.Node) string {
	var b strings.Builder
	for _, p := range n.Properties {
		switch value := spoken(p.Value); p.Name {
		case "level", "expanded", "pressed", "required", "invalid", "live", "roledescription", "hasPopup", "modal":
			if value != "" && value != "false" && spoken(n.Role) != "listitem" {
				fmt.Fprintf(&b, " %s=%s", p.Name, value)
			}
		}
	}
	if d := spoken(n.Description); d != "" {
		fmt.Fprintf(&b, " description=%q", d)
	}
	return b.String()
}

// spoken is a value as text.
func spoken(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var text any
	if err := json.Unmarshal(v.Value, &text); err != nil || text == nil {
		return ""
	}
	return fmt.Sprint(text)
}
