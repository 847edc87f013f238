package build

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"stet/internal/article"
	"stet/internal/assets"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/feeds"
	"stet/internal/fields"
	"stet/internal/images"
	"stet/internal/language"
	"stet/internal/layout"
	"stet/internal/output"
	"stet/internal/page"
	"stet/internal/site"
	"stet/internal/source"
)

// A press is all that one build has read.
type press struct {
	o        Options
	tree     *source.Tree
	records  []source.Record[*article.Article]
	read     int          // how many of the files were read
	keeps    func() error // waits until what was read is written down and summed up; nil if it is not kept
	config   *config.Config
	layouts  *layout.Layouts
	laid     page.Digest    // what they were made of
	mislaid  []diag.Problem // that is wrong with them
	site     *site.Site
	found    []diag.Problem                    // in making it
	listed   []page.Page                       // the pages of the site, and its static files
	data     map[string]*dataFile              // by name, without folder and ending
	fronts   []*config.Front                   // in the order of their paths
	forgiven map[string]error                  // by path: what is wrong with an article that is taken as it was when it was right
	rests    rests                             // none if it is of no use
	claimed  *[2]page.Digest                   // what claims told, once somebody has asked
	stands   map[string]func(args string) bool // what is answered as it was, by kinds; nil if no notes know
	broken   bool                              // the layouts cannot be used
	unset    bool                              // the settings have errors: all is made only to see what is wrong
	plan     bool                              // nobody sees what is made
	written  bool                              // the notes are only written down for the next build
	changed  atomic.Pointer[error]             // a file did under a question that read it again
	places   *places
	past     *page.Ledger             // of the build before, while pages are made
	costs    *costs                   // nil if nobody wants to know
	editors  *editors                 // nil if nobody looks at what is made
	house    func() *house            // for who looks at stories
	abouts   bool                     // what pages are about is kept
	told     func(path string) string // what the last edition's manifest says of a file; nil if there is none
	sketches sketches
	shop     *images.Shop
	fits     sync.Map // [3]string{kind, section, story} -> the layouts that fit, the best first
}

// reader says what Load is to read of files.
var reader = source.Reader[*article.Article]{
	Wants: func(name string) bool {
		return strings.HasPrefix(name, "content/") && path.Ext(name) == ".md" && !article.OfFronts(name)
	},
	Read: article.Parse,
}

// open reads the site. Where the settings cannot be used, the press has no site.
func open(o Options, tree *source.Tree, past source.Past[*article.Article]) (*press, []diag.Problem, error) {
	p, err := load(o, tree, past)
	if err != nil {
		return p, nil, err
	}
	problems, err := p.open()
	return p, problems, err
}

// load reads the files.
func load(o Options, tree *source.Tree, past source.Past[*article.Article]) (p *press, err error) {
	p = &press{o: o, tree: tree, places: new(places), shop: images.NewShop(o.shelf())}
	p.records, p.read, err = source.Load(tree, past, o.Jobs, reader)
	if err == nil && o.Proof {
		p.forgive(past)
	}
	return p, err
}

// open makes a site of what was read.
func (p *press) open() (problems []diag.Problem, err error) {
	var articles []*article.Article
	for i := range p.records {
		r := &p.records[i] // not a copy: what it says is being summed up
		problems = append(problems, r.Problems...)
		if r.Said != nil {
			articles = append(articles, r.Said)
		}
	}
	if !p.tree.Has(source.Settings) {
		return append(problems, noSettings(p.o.Dir)), nil
	}
	found, err := p.settings()
	problems = append(problems, found...)
	if p.unset = diag.AnyError(found); err != nil || p.unset && p.config.Unsure() {
		return problems, err
	}
	languages, found, err := p.languages()
	problems = append(problems, found...)
	if err != nil || diag.AnyError(found) {
		return problems, err
	}
	p.house = sync.OnceValue(func() *house { return newHouse(languages) })
	laid := p.meanwhile(func() error { return p.readLayouts(languages) })
	if p.data, found = p.dataFiles(); p.o.Memory != nil {
		laid() // its error is told below
	}
	problems = append(append(problems, found...), p.misnamed()...)
	if found, err = p.frontFiles(); err != nil {
		return problems, errors.Join(err, laid())
	}
	problems = append(problems, found...)
	if !p.o.Memory.recall(p) {
		p.makeSite(languages, articles)
	}
	if err := laid(); err != nil {
		return problems, err
	}
	secrets, err := p.secrets()
	return slices.Concat(problems, p.mislaid, p.found, secrets, p.unknownSections(), p.strays()), err
}

func (p *press) makeSite(languages map[string]*language.Language, articles []*article.Article) {
	p.site, p.found = site.New(p.siteSettings(languages, p.o.Drafts), articles)
}

func (p *press) siteSettings(languages map[string]*language.Language, drafts bool) site.Settings {
	names := make([]string, len(p.tree.Files))
	for i := range names {
		names[i] = p.tree.Files[i].Path
	}
	return site.Settings{
		Config: p.config, Languages: languages, Now: p.o.Now, Drafts: drafts, Jobs: p.o.Jobs, Fronts: p.fronts, Files: names, Has: p.tree.Has,
	}
}

// forgive puts what an article said when it was last right in the place of what
// it says with errors. What it said is known then, its text is not: where it is
// wished for, what the last edition had stays. The error is the one that is told
// already, so that it is not told twice.
func (p *press) forgive(past source.Past[*article.Article]) {
	p.forgiven = map[string]error{}
	for i := range p.records {
		r := &p.records[i]
		wrong := slices.IndexFunc(r.Problems, isError)
		if wrong < 0 {
			continue
		}
		p.forgiven[r.Path] = r.Problems[wrong]
		r.Said, r.Says = nil, source.Says{}
		if was := past.Record(r.Path); was != nil {
			r.Said, r.Says = was.Said, was.Says
		}
	}
}

func noSite(dir string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return diag.Problem{Path: dir, Text: "there is no such folder", Hint: "give the folder of a site with -C, or make one: stet new site " + dir}
	}
	return err
}

func noSettings(dir string) diag.Problem {
	return diag.Problem{Severity: diag.Error, Path: source.Settings, Text: "there is no " + source.Settings + " in " + dir,
		Hint: "a site begins with one; make a ready site with\nstet new site my-paper"}
}

func (p *press) settings() ([]diag.Problem, error) {
	data, err := p.tree.Read(source.Settings)
	if err != nil {
		return nil, err
	}
	var problems []diag.Problem
	p.config, problems = config.Parse(source.Settings, data)
	if p.o.BaseURL != "" {
		if err := p.config.SetBaseURL(p.o.BaseURL); err != nil {
			problems = append(problems, diag.Problem{Severity: diag.Error, Text: "--base-url: " + err.Error(), Hint: "write it like --base-url https://example.org/news/"})
		}
	}
	if p.o.NoIndex {
		p.config.KeepOut()
	}
	return problems, nil
}

// languages reads the message file of each language of the site, and over it those
// of its region. One that has none speaks with the words of the nearest that has.
func (p *press) languages() (map[string]*language.Language, []diag.Problem, error) {
	all := map[string]*language.Language{}
	var problems []diag.Problem
	for _, l := range p.config.Languages {
		files := p.messageFiles(l.Tag)
		if len(files) == 0 {
			base, _, _ := strings.Cut(l.Tag, "-")
			key := "languages"
			if len(p.config.Languages) == 1 {
				key = "language"
			}
			problems = append(problems, p.inSettings(key, "there are no words for the language "+quoted(l.Tag),
				"add layouts/languages/"+base+".yaml; stet new site DIR --language "+base+" makes one to begin with"))
			continue
		}
		var lang *language.Language
		for _, name := range files {
			data, err := p.tree.Read(name)
			if err != nil {
				return nil, problems, err
			}
			v, found := fields.YAML(name, data, 1)
			problems = append(problems, found...)
			if lang == nil {
				lang, found = language.Parse(l.Tag, v, name)
			} else {
				found = lang.Over(v, name)
			}
			problems = append(problems, found...)
		}
		problems = append(problems, p.dateStyles(lang)...)
		all[l.Tag] = lang
	}
	apart(all)
	return all, problems, nil
}

// apart gives languages of one name that of their region too: readers choose
// between English (GB) and English (US).
func apart(all map[string]*language.Language) {
	named := map[string]int{}
	for _, l := range all {
		named[l.Name]++
	}
	for tag, l := range all {
		if _, region, _ := strings.Cut(tag, "-"); region != "" && named[l.Name] > 1 {
			l.Name += " (" + region + ")"
		}
	}
}

// dateStyles lays the paper's own way with dates over the language's.
func (p *press) dateStyles(lang *language.Language) []diag.Problem {
	var problems []diag.Problem
	for _, style := range slices.Sorted(maps.Keys(p.config.Style.Dates)) {
		known := slices.Sorted(maps.Keys(lang.Dates))
		if !slices.Contains(known, style) {
			problems = append(problems, p.inSettings("style", "there is no style of dates "+quoted(style), meant(style, known)))
			continue
		}
		lang.Dates[style] = p.config.Style.Dates[style]
		if _, err := lang.Date(style, time.Unix(0, 0).UTC()); err != nil {
			problems = append(problems, p.inSettings("style", "style.dates."+style+": "+err.Error(), "the parts are {day} {day2} {month} {month_short} {month1} {month2} {year} {weekday} {weekday_short} {hour} {hour2} {hour12} {minute} {noon}"))
		}
	}
	return problems
}

// inSettings is a problem of a key of site.yaml.
func (p *press) inSettings(key, text, hint string) diag.Problem {
	at := diag.Problem{Severity: diag.Error, Path: source.Settings, Text: text, Hint: hint}
	if data, err := p.tree.Read(source.Settings); err == nil {
		at.Line, at.Column = lineOf(string(data), key), 1
	}
	return at
}

// lineOf is the line on which a key of the settings is written, 0 if on none.
func lineOf(text, key string) int {
	n := 0
	for l := range strings.Lines(text) {
		if n++; strings.HasPrefix(l, key+":") {
			return n
		}
	}
	return 0
}

func meant(word string, known []string) string {
	if near := diag.Nearest(word, known); near != "" {
		return "did you mean " + quoted(near) + "?"
	}
	return "there are: " + strings.Join(known, ", ")
}

// unknownSections reports sections that site.yaml names and the site has not.
func (p *press) unknownSections() []diag.Problem {
	var problems []diag.Problem
	known := p.site.SectionNames()
	look := func(key string, names []string) {
		for _, name := range names {
			if name != "default" && !slices.Contains(known, name) {
				problems = append(problems, p.inSettings(key, key+" names the section "+quoted(name)+", which the site does not have", meant(name, known)))
			}
		}
	}
	look("trusted", p.config.Trusted)
	look("urls", slices.Sorted(maps.Keys(p.config.URLs)))
	return problems
}

// messageFiles are the files that there are of a language, the widest first.
func (p *press) messageFiles(tag string) []string {
	return slices.DeleteFunc(language.Files(tag), func(name string) bool { return !p.tree.Has(name) })
}

// make makes the pages that do not stand, and puts them where put says.
func (p *press) make(ctx context.Context, old *page.Ledger, there *output.Edition, put func(page.Result) error, rep *Report) (*page.Ledger, []diag.Problem, error) {
	var mu sync.Mutex
	job := page.Job{Makers: p.makers(), Book: p.book(), Workers: p.o.Jobs, Began: started(p.o) / int64(time.Second),
		Progress: p.o.Progress, More: p.more, Calls: []string{"asset", "file", "rendition", "drawing"}, Written: p.written, Once: p.editors != nil}
	if p.costs != nil {
		job.Clock, job.Took = p.o.Clock, p.costs.took
	}
	if there != nil {
		job.Stands, job.Piece = there.Stands, there.Piece
	}
	job.Put = func(r page.Result) error {
		mu.Lock()
		if r.Content == nil {
			rep.Kept++
		} else {
			rep.Pages = append(rep.Pages, r.Path)
		}
		mu.Unlock()
		return put(r)
	}
	if p.listed == nil {
		p.listed = p.listPages(old)
	}
	if p.o.Listed != nil {
		p.o.Listed(len(p.tree.Files), len(p.listed))
	}
	p.past = old
	p.tell(there)
	ledger, problems, err := old.Make(ctx, p.listed, job)
	slices.Sort(rep.Pages)
	rep.Made = len(rep.Pages)
	if changed := p.changed.Load(); err == nil && changed != nil {
		err = *changed // what was made of it, or could not be, is worth nothing
	}
	return ledger, slices.Concat(problems, p.places.twins, p.deadMenus(ledger)), err
}

func (p *press) put(edition *output.Edition, r page.Result) error {
	switch {
	case r.Content == nil:
		edition.Keep(r.Path)
		return nil
	case r.Content.Copy == "":
		return edition.Put(r.Path, r.Content.Body.Bytes(), r.Content.About)
	}
	f, err := p.tree.Open(r.Content.Copy)
	if sum, _ := p.tree.Sum(r.Content.Copy); err != nil && sum == (source.Sum{}) {
		return nil // an error since it was loaded, so there is no edition
	}
	if err != nil {
		return err
	}
	defer f.Close()
	return edition.Copy(r.Path, f)
}

// pages lists the pages of the site, and the static files.
func (p *press) pages() []page.Page {
	all := p.site.Pages()
	if p.broken {
		return texts(all)
	}
	for _, f := range p.tree.Below("static") {
		if name := strings.TrimPrefix(f.Path, "static/"); !strings.HasPrefix(name, "assets/") && !p.beside(f.Path) {
			all = append(all, page.Page{Path: name, Kind: "file", Args: page.Args(f.Path)})
		}
	}
	return all
}

// texts are pages that stand for the bodies of stories alone: with broken
// layouts nothing else can be made, and what is wrong with the stories is to be
// told all the same.
func texts(all []page.Page) []page.Page {
	var some []page.Page
	for _, pg := range all {
		if pg.Kind == "article" || pg.Kind == "page" {
			some = append(some, page.Page{Path: pg.Path, Kind: "text", Args: pg.Args})
		}
	}
	return some
}

// more lists the files and assets that pages ask for.
func (p *press) more(ask *page.Ask, asked func(kind string) []string) ([]page.Page, error) {
	var all []page.Page
	for _, args := range asked("file") {
		name := page.Fields(args, 1)[0]
		if to := p.site.FilePath(name); to != "" && p.tree.Has(name) {
			all = append(all, page.Page{Path: to, Kind: "file", Args: args})
		}
	}
	all = append(all, assets.Pages(ask, asked("asset"))...)
	ordered := append(p.shop.Pages(asked("rendition")), p.shop.Drawings(asked("drawing"))...)
	if !p.o.Proof {
		all = append(all, ordered...) // a proof has them made when somebody looks
	}
	if p.places.waiting != nil && hasAll(p.past, all) {
		return all, nil
	}
	return p.apart(all), nil
}

func (p *press) makers() map[string]page.Maker {
	all := feeds.Makers()
	for kind, question := range map[string]string{
		"article": "story", "page": "story", "front": "front", "index": "index", "404": "plainpage",
		"section": "list", "tag": "list", "author": "list", "series": "list", "archive": "list", "all": "list", "corrections": "list",
	} {
		all[kind] = p.layoutMaker(kind, question)
	}
	all["file"] = p.makeFile
	all["text"] = func(ask *page.Ask, pg page.Page, _ *page.Content) error {
		_, err := ask.Digest("body", pg.Args)
		return err
	}
	maps.Copy(all, assets.Makers(p.readFor))
	all["asset"] = p.discreetly(all["asset"])
	maps.Copy(all, p.shop.Makers(p.readFor))
	if p.plan {
		all["rendition"], all["drawing"] = planRendition, planDrawing
	}
	if p.editors != nil {
		for kind, m := range all {
			all[kind] = p.editors.look(m)
		}
	}
	return all
}

func (p *press) book() page.Book {
	book := p.site.Book()
	maps.Copy(book, p.placed())
	for _, more := range []page.Book{p.layouts.Answers(), p.answers(), p.credits(), p.readers(), images.Book(p.readFor), p.shop.Posters(p.readFor), assets.Book(p.readFor)} {
		maps.Copy(book, more)
	}
	for kind, stands := range p.stands {
		who := book[kind]
		who.Stands = stands
		book[kind] = who
	}
	return book
}

func quoted(s string) string { return `"` + s + `"` }
