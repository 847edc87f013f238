package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"stet/internal/comments"
	"stet/internal/diag"
	"stet/internal/imports"
	"stet/internal/threads"
)

type importFlags struct {
	siteFlags
	db, unmatched, pages, nameless string
	dry                            bool
}

func importCommand(s *system) *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "import SYSTEM EXPORT [flags]",
		Short: "move in with the comments of Disqus, WordPress or Isso",
		Long: "Reads what another system has exported and writes its approved comments into data/comments/, with names, times\n" +
			"and answers. SYSTEM is disqus (XML, also as .gz), wordpress (WXR) or isso (its comments.db). Pages are found by\n" +
			"their paths: as the address of a story, one of its aliases, a redirect of site.yaml or its id. What matches nothing\n" +
			"is said, and --unmatched writes it into a table, in which you say the stories and which --pages reads.\n\n" +
			"The file is read twice: what is wrong with it is said before anything is written. Imported again, nothing is doubled,\n" +
			"and what was changed since stays. With --db the comments are in the service's store too, with the e-mail\n" +
			"addresses, so that the desk has them and people can be forgotten. The site never has an address.",
		Example: examples("stet comments import disqus export.xml.gz --dry-run", "stet comments import wordpress export.xml --db comments.db", "stet comments import isso comments.db --unmatched pages.csv", "stet comments import isso comments.db --pages pages.csv"),
		Args:    arguments("system", "export"),
		RunE:    func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), s, args[0], args[1]) },
	}
	addDir(cmd, &f.dir)
	flags := cmd.Flags()
	addStore(cmd, &f.db)
	flags.BoolVar(&f.dry, "dry-run", false, "say what would be imported, and write nothing")
	flags.StringVar(&f.unmatched, "unmatched", "", "write a table of the pages that match no story into `TABLE`")
	flags.StringVar(&f.pages, "pages", "", "read from the table in `TABLE` which page is which story")
	flags.StringVar(&f.nameless, "nameless", "Anonymous", "the `NAME` of those who gave none")
	flags.BoolVar(&f.json, "json", false, "report as one JSON object on stdout")
	return cmd
}

// An importReport is what --json reports of an import.
type importReport struct {
	Comments  int             `json:"comments"` // that match a story
	New       int             `json:"new"`      // of them; with --dry-run those that would be
	Stories   int             `json:"stories"`
	Left      imports.Left    `json:"left_out"` // by the reason
	Unmatched []unmatchedPage `json:"unmatched"`
	Changed   []string        `json:"changed"`
	Stored    int             `json:"stored,omitempty"`    // in the store, that were not there
	Gone      int             `json:"taken_out,omitempty"` // by the desk, or forgotten
}

// An unmatchedPage is one that is no story of the site.
type unmatchedPage struct {
	Page     string `json:"page"`
	Title    string `json:"title,omitempty"`
	Comments int    `json:"comments"`
	Meant    string `json:"did_you_mean,omitempty"`
}

// An importing is one import.
type importing struct {
	f       *importFlags
	s       *system
	kind    string
	file    string
	options imports.Options
	stories *imports.Stories
	db      *comments.Store

	found  map[string]string // stories by the key of a page; "" of one that is none
	lost   map[string]*unmatchedPage
	of     map[string]bool // stories with comments
	report importReport

	batch map[string][]imports.Comment // by story
	size  int
}

// batchSize is how many bytes of comments are held at a time.
const batchSize = 32 << 20

func (f *importFlags) run(ctx context.Context, s *system, kind, file string) error {
	if kind = strings.ToLower(kind); !slices.Contains(imports.Kinds, kind) {
		return mistaken(nearOf(kind, imports.Kinds, ""), "nothing is known of the system %q", kind)
	}
	if strings.TrimSpace(f.nameless) == "" {
		return mistaken("write it like --nameless Anonymous", "--nameless is empty, and a comment needs a name")
	}
	for _, name := range []*string{&f.unmatched, &f.pages} {
		if *name != "" {
			*name = f.inside(*name)
		}
	}
	x := &importing{f: f, s: s, kind: kind, file: f.inside(file), found: map[string]string{}, lost: map[string]*unmatchedPage{}, of: map[string]bool{}, batch: map[string][]imports.Comment{}}
	known, err := readStories(s, &f.siteFlags)
	if err != nil {
		return err
	}
	x.options = imports.Options{Zone: known.config.Zone, Nameless: f.nameless}
	x.stories = known.stories()
	if err := x.readPages(); err != nil {
		return err
	}
	if f.db != "" && !f.dry {
		db, err := openStore(ctx, f.stored(f.db))
		if err != nil {
			return err
		}
		defer db.Close()
		x.db = db
	}
	if err := x.read(ctx, x.count); err != nil {
		return err
	}
	if f.unmatched != "" {
		if err := x.writeUnmatched(); err != nil {
			return err
		}
	}
	if err := x.read(ctx, func(p imports.Page, c imports.Comment) error { return x.take(ctx, p, c) }); err != nil {
		return err
	}
	if err := x.flush(ctx); err != nil {
		return err
	}
	return x.say()
}

// read goes through the file once.
func (x *importing) read(ctx context.Context, each imports.Each) error {
	in, err := os.Open(x.file)
	if err != nil {
		return diag.Problem{Severity: diag.Error, Path: x.file, Text: "it cannot be read: " + unwrapped(err), Hint: "give the file that the other system has exported"}
	}
	defer in.Close()
	x.report.Left, err = imports.Read(ctx, x.kind, x.file, in, x.options, each)
	var p diag.Problem
	if errors.As(err, &p) && p.Path == "" {
		p.Path = x.file
		return p
	}
	return err
}

// story is the one that a page is.
func (x *importing) story(p imports.Page) (id string, ok bool) {
	key := pageKey(p)
	id, seen := x.found[key]
	if !seen {
		id, _ = x.stories.Find(p)
		x.found[key] = id
	}
	return id, id != ""
}

// pageKey is what a page is called when it is told of.
func pageKey(p imports.Page) string {
	if p.Address != "" || len(p.Names) == 0 {
		return p.Address
	}
	return p.Names[0]
}

// count counts a comment, the first time that the file is read.
func (x *importing) count(p imports.Page, c imports.Comment) error {
	id, ok := x.story(p)
	if ok {
		x.report.Comments++
		x.of[id] = true
		return nil
	}
	key := pageKey(p)
	if x.lost[key] == nil {
		x.lost[key] = &unmatchedPage{Page: key, Title: p.Title, Meant: x.stories.Near(p)}
	}
	x.lost[key].Comments++
	return nil
}

// take takes a comment in, the second time.
func (x *importing) take(ctx context.Context, p imports.Page, c imports.Comment) error {
	id, ok := x.story(p)
	if !ok {
		return nil
	}
	if what, _ := threads.Lacks(c.Comment); what != "" {
		return fmt.Errorf("the comment %s: %s", c.ID, what)
	}
	x.batch[id] = append(x.batch[id], c)
	if x.size += len(c.Text) + len(c.Name) + 200; x.size > batchSize {
		return x.flush(ctx)
	}
	return nil
}

// flush writes what was taken in. Comments that are there stay as they are.
func (x *importing) flush(ctx context.Context) error {
	t, err := openThreads(ctx, x.f.dir)
	if err != nil {
		return err
	}
	defer t.Close()
	for _, id := range slices.Sorted(maps.Keys(x.batch)) {
		if err := x.put(ctx, t, id, x.batch[id]); err != nil {
			return err
		}
	}
	clear(x.batch)
	x.size = 0
	return nil
}

func (x *importing) put(ctx context.Context, t *threadFolder, id string, some []imports.Comment) error {
	all, was, err := t.thread(id)
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for _, c := range all {
		there[c.ID] = true
	}
	if x.db != nil { // first: what the desk has taken out, or forgotten, does not come back
		n, gone, err := bringInto(ctx, x.db, id, some)
		if err != nil {
			return err
		}
		x.report.Stored += n
		for _, id := range gone {
			if !there[id] {
				there[id] = true
				x.report.Gone++
			}
		}
	}
	var fresh []threads.Comment
	for _, c := range some {
		if !there[c.ID] {
			there[c.ID] = true
			fresh = append(fresh, c.Comment)
		}
	}
	x.report.New += len(fresh)
	if x.f.dry || len(fresh) == 0 {
		return nil
	}
	changed, err := t.put(threads.Path(id), was, threads.Format(threads.Merge(all, threads.Change{Put: fresh})))
	if changed && !slices.Contains(x.report.Changed, threads.Path(id)) {
		x.report.Changed = append(x.report.Changed, threads.Path(id))
	}
	return err
}

// unmatched are the pages that match no story, those with the most comments first.
func (x *importing) unmatched() []unmatchedPage {
	var all []unmatchedPage
	for _, page := range x.lost {
		all = append(all, *page)
	}
	slices.SortFunc(all, func(a, b unmatchedPage) int {
		if a.Comments != b.Comments {
			return b.Comments - a.Comments
		}
		return strings.Compare(a.Page, b.Page)
	})
	return all
}

// say says what was imported, and what was not.
func (x *importing) say() error {
	x.report.Stories, x.report.Unmatched = len(x.of), list(x.unmatched())
	x.report.Changed = list(x.report.Changed)
	if x.f.json {
		return x.s.json(x.report)
	}
	for i, page := range x.report.Unmatched {
		if i == 10 {
			x.s.say(grouped(len(x.report.Unmatched)-i)+" more pages match no story of this site", x.nextStep())
			break
		}
		hint := x.nextStep()
		if page.Meant != "" {
			hint = "did you mean " + page.Meant + "? Then write its old address into that story, among its aliases, or use --pages"
		}
		x.s.say(quoted(brief(page.Page))+", with "+count(page.Comments, "comment")+", matches no story of this site", hint)
	}
	done := map[bool]string{false: "imported ", true: "would import "}[x.f.dry]
	line := done + count(x.report.New, "comment") + " on " + storiesOf(x.report.Stories)
	if again := x.report.Comments - x.report.New - x.report.Gone; again > 0 {
		line += "; " + grouped(again) + " are there already"
	}
	if x.report.Gone > 0 {
		line += "; " + grouped(x.report.Gone) + " were taken out by the desk, or forgotten, and stay so"
	}
	if x.report.Stored > 0 {
		line += "; " + grouped(x.report.Stored) + " are new in the store"
	}
	fmt.Fprintln(x.s.out, line)
	if n := x.lostComments(); n > 0 {
		matches := map[bool]string{true: "matches", false: "match"}[len(x.lost) == 1]
		fmt.Fprintf(x.s.out, "not imported: %s on %s that %s no story\n", count(n, "comment"), count(len(x.lost), "page"), matches)
	}
	var left []string
	for _, why := range slices.Sorted(maps.Keys(x.report.Left)) {
		left = append(left, grouped(x.report.Left[why])+" "+oneLine(why))
	}
	if len(left) > 0 {
		fmt.Fprintln(x.s.out, "left out: "+strings.Join(left, ", "))
	}
	return nil
}

func storiesOf(n int) string {
	if n == 1 {
		return "1 story"
	}
	return grouped(n) + " stories"
}

func (x *importing) lostComments() (n int) {
	for _, page := range x.lost {
		n += page.Comments
	}
	return n
}

func (x *importing) nextStep() string {
	return "--unmatched pages.csv writes a table of such pages; say the stories in it, and give it with --pages pages.csv"
}

// brief is a text that is not too long for a line.
func brief(text string) string {
	if some := []rune(text); len(some) > 200 {
		return string(some[:199]) + "…"
	}
	return text
}

// The table of pages has these columns. A service that maps addresses of Disqus
// reads the same two first ones.
var pageColumns = []string{"page", "story", "comments", "title"}

func (x *importing) writeUnmatched() error {
	w, err := os.OpenFile(x.f.unmatched, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return mistaken("give another name; nothing is replaced", "%s is already there", x.f.unmatched)
	}
	if err != nil {
		return diag.Problem{Severity: diag.Error, Path: x.f.unmatched, Text: "it cannot be written: " + unwrapped(err), Hint: "the folder must be there and yours to write"}
	}
	table := csv.NewWriter(w)
	_ = table.Write(pageColumns)
	for _, page := range x.unmatched() {
		_ = table.Write([]string{page.Page, page.Meant, strconv.Itoa(page.Comments), page.Title})
	}
	table.Flush()
	return errors.Join(table.Error(), w.Close())
}

// readPages reads which page is which story.
func (x *importing) readPages() error {
	if x.f.pages == "" {
		return nil
	}
	in, err := os.Open(x.f.pages)
	if err != nil {
		return diag.Problem{Severity: diag.Error, Path: x.f.pages, Text: "it cannot be read: " + unwrapped(err), Hint: "give the table that --unmatched has written"}
	}
	defer in.Close()
	table := csv.NewReader(in)
	table.FieldsPerRecord = -1
	for first := true; ; first = false {
		row, err := table.Read()
		if err == io.EOF {
			return nil
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			return diag.Problem{Severity: diag.Error, Path: x.f.pages, Line: bad.Line, Text: "it is no table: " + bad.Err.Error(), Hint: "write a line such as\nhttps://old.example/?p=12,/town/2026/11/mill-fire/"}
		}
		if err != nil {
			return err
		}
		line, _ := table.FieldPos(0)
		if first {
			row[0] = strings.TrimPrefix(row[0], "\ufeff")
		}
		if first && row[0] == pageColumns[0] || len(row) < 2 || strings.TrimSpace(row[1]) == "" {
			continue // nobody has said a story
		}
		if story := strings.TrimSpace(row[1]); !x.stories.Say(row[0], story) {
			p := diag.Problem{Severity: diag.Error, Path: x.f.pages, Line: line, Text: "the site has no story " + quoted(story), Hint: "give its address, such as /town/2026/11/mill-fire/, or nothing to leave these comments out"}
			if near := x.stories.Near(imports.Page{Address: story}); near != "" {
				p.Hint = "did you mean " + near + "?"
			}
			return p
		}
	}
}
