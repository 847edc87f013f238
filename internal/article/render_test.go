package article_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stet/internal/archive"
	"stet/internal/article"
	"stet/internal/diag"
)

var update = flag.Bool("update", false, "write what the tests got into their files")

var quotes = map[string]article.Quotes{
	"en": {Open: "“", Close: "”", OpenSingle: "‘", CloseSingle: "’"},
	"de": {Open: "„", Close: "“", OpenSingle: "‚", CloseSingle: "‘"},
	"fr": {Open: "«\u00a0", Close: "\u00a0»", OpenSingle: "“", CloseSingle: "”", Space: "\u202f"},
	"ja": {Open: "「", Close: "」", OpenSingle: "『", CloseSingle: "』"},
}

// site is a little site that answers for links.
func site(dest string, line int) (article.Target, error) {
	name, fragment, _ := strings.Cut(dest, "#")
	if fragment != "" {
		fragment = "#" + fragment
	}
	switch name {
	case "../world/fire.md":
		return article.Target{URL: "/news/world/fire/" + fragment}, nil
	case "secret.md":
		return article.Target{Status: article.Unpublished}, nil
	case "mill.jpg", "old mill.jpg", "old%20mill.jpg":
		return article.Target{URL: "/news/img/" + name, Width: 800, Height: 450}, nil
	case "broken.md":
		return article.Target{}, diag.Problem{Text: "a circle: this asks for itself", Hint: "break it"}
	case "trick.md":
		return article.Target{URL: "javascript:alert(1)"}, nil
	}
	if strings.HasPrefix(name, "/") {
		return article.Target{URL: "/news" + dest}, nil
	}
	return article.Target{Status: article.Missing, Hint: fmt.Sprintf("did you mean %q? (line %d)", "mill.jpg", line)}, nil
}

func figure(f article.Figure) (string, error) {
	place := ""
	if f.Block != "" {
		place = fmt.Sprintf(" %s %d/%d", f.Block, f.Number, f.Total)
	}
	if f.Frame != nil {
		place += fmt.Sprintf(" frame=%+v", *f.Frame)
	}
	return fmt.Sprintf("<figure src=%q url=%q size=%dx%d href=%q alt=%q caption=%q text=%q credit=%q attrs=%v line=%d%s>",
		f.Src, f.URL, f.Width, f.Height, f.Href, f.Alt, f.CaptionHTML, f.CaptionText, f.Credit, f.Attrs, f.Line, place), nil
}

func block(b article.Block) (string, error) {
	if b.Name == "unknown" {
		return "", fmt.Errorf("no layout for the block %q", b.Name)
	}
	return fmt.Sprintf("<%s %v line=%d>\n%s</%s>", b.Name, b.Attrs, b.Line, b.Body, b.Name), nil
}

// options reads the words of an archive's comment after "options:".
func options(comment string) article.Options {
	o := article.Options{FirstLine: 1, Link: site, Figure: figure, Block: block}
	_, line, _ := strings.Cut(comment, "options:")
	for word := range strings.FieldsSeq(line) {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "trusted":
			o.Trusted = true
		case "sponsored":
			o.Sponsored, o.Site = true, value
		case "sections":
			o.Sections = strings.Split(value, ",")
		case "quotes":
			o.Quotes = quotes[value]
		case "dateline":
			o.Dateline = value
		case "named":
			o.Footnotes = article.Footnotes{List: "The notes", Back: `Back "to" <it>`}
		case "first":
			_, _ = fmt.Sscan(value, &o.FirstLine)
		case "allow":
			o.Load = func(kind, address string) error {
				if strings.Contains(address, "//") && !strings.Contains(address, "//"+value+"/") {
					return diag.Problem{Severity: diag.Error, Text: "no " + kind + " from there", Hint: "allow it"}
				}
				return nil
			}
		case "bare":
			o.Link, o.Figure, o.Block = nil, nil, nil
		}
	}
	return o
}

// Each file of testdata/render has a body, the HTML made of it and what is
// said about it.
func TestRender(t *testing.T) {
	files, _ := filepath.Glob("testdata/render/*.txt")
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			a := archive.Parse(data)
			body := a.Files["body.md"]
			html, problems := article.Render("content/town/mill.md", []byte(body), options(a.Comment))
			check(t, a, file, map[string]string{"html": html, "problems": printed(body, problems)}, "body.md", "html", "problems")
		})
	}
}

// check compares what was made with an archive's files, or writes it there.
func check(t *testing.T, a archive.Archive, file string, made map[string]string, order ...string) {
	t.Helper()
	for name, got := range made {
		if got != "" && !strings.HasSuffix(got, "\n") {
			got += "\n"
		}
		if !*update && a.Files[name] != got {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, a.Files[name])
		}
		a.Files[name] = got
	}
	if *update {
		a.Names = order
		if err := os.WriteFile(file, a.Format(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func printed(body string, problems []diag.Problem) string {
	lines := strings.Split(body, "\n")
	var out strings.Builder
	printer := diag.Printer{Out: &out, All: true, Lines: func(_ string, n int) (string, bool) {
		if n < 1 || n > len(lines) {
			return "", false
		}
		return lines[n-1], true
	}}
	printer.Print(problems)
	return out.String()
}

func BenchmarkRender(b *testing.B) {
	body, err := os.ReadFile("testdata/story.md")
	if err != nil {
		b.Fatal(err)
	}
	o := article.Options{Quotes: quotes["en"], Link: site, Figure: figure, Block: block, Dateline: "BAGHDAD"}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		article.Render("content/town/mill.md", body, o)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(len(body))*1024, "µs/KB")
}
