package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"stet/internal/build"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/fields"
	"stet/internal/serve"
	"stet/internal/site"
)

// A galley is a proof that is pulled again whenever the site changes, and shown.
type galley struct {
	s       *system
	f       *serveFlags
	dir     string // of its edition
	url     string // at which it is shown
	token   string // to be known by other machines; "" if none is let in
	preview *serve.Preview
	wake    chan struct{} // the time that it is to be made for was changed
	first   func()        // lets the first requests in; nil once they are
	told    before
	memory  build.Memory
	anew    bool // memory was let go of
	mended  bool // so it was because the edition did not lie there as it was left
	shop    *pictures

	round sync.RWMutex // held while the edition is made: the desk is of the last one
	desk  *build.Desk  // nil if the site could not be read

	unpublished []site.Desk // as it was when it could

	mu     sync.Mutex // guards what follows
	asOf   string     // the time that it is to be made for; "" is now
	edited string     // URL of the story that was written last
}

func newGalley(s *system, f *serveFlags, dir, base, host string) *galley {
	g := &galley{s: s, f: f, dir: dir, wake: make(chan struct{}, 1), told: before{first: true}, shop: newPictures()}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		g.token = strings.ToLower(rand.Text())
	}
	g.preview = serve.NewPreview(serve.Folder(dir), serve.Options{Base: base, Hosts: hosts(host), Token: g.token, Dir: absolute(f.dir), AsOf: g.setTime, Make: g.shop.make})
	if _, err := os.Stat(filepath.Join(dir, "index.html")); err != nil {
		g.first = g.preview.Hold() // until there is something to be shown
	}
	return g
}

// run makes the edition again and again.
func (g *galley) run(ctx context.Context) error {
	defer g.open()
	r := rounds{s: g.s, f: &g.f.siteFlags, poll: g.f.poll, build: g.build, more: g.wake}
	if err := r.run(ctx); ctx.Err() == nil {
		return err
	}
	return nil // Ctrl-C is how it ends
}

// place has requests wait while files are put in place.
func (g *galley) place() func() {
	if g.first != nil {
		return g.open
	}
	return g.preview.Hold()
}

// open lets the first requests in.
func (g *galley) open() {
	if g.first != nil {
		g.first()
		g.first = nil
	}
}

// build makes the edition once and tells of it. With the memory of an earlier
// run it is shown at once, and only then is the site read for the desk.
func (g *galley) build(ctx context.Context) (time.Time, error) {
	start := g.s.now()
	o, cfg, err := g.options()
	if err != nil && g.told.first {
		return time.Time{}, err
	}
	if err != nil { // site.yaml is away, perhaps for a moment only
		g.s.explain(err)
		p := diag.Problem{Severity: diag.Error, Text: err.Error()}
		errors.As(err, &p)
		g.preview.Show(g.edition("", build.Report{}, []diag.Problem{p}))
		g.told.said = "" // that it is back will be news
		return time.Time{}, nil
	}
	rep, problems := g.pull(ctx, o)
	if ctx.Err() != nil {
		return time.Time{}, nil
	}
	g.report(start, o, rep, problems)
	g.preview.Show(g.edition(cfg.Title, rep, problems))
	g.open() // also if nothing could be made: the pages say why
	g.remember(rep)
	defer runtime.GC() // now that nobody waits
	if first := g.told.first; first || 4*rep.Made > rep.Files && !g.f.noCache {
		g.told.first = false
		g.memory, g.anew = build.Memory{}, true // what was written down takes half the room of what was made
		if first {
			g.announce(cfg.Title)
		}
		return g.build(ctx)
	}
	if was := g.mended; !g.memory.Stands(g.dir, runtime.GOMAXPROCS(0)) && !was { // somebody was at the folder: all of it is looked at now
		g.memory, g.mended = build.Memory{}, true
		return g.build(ctx)
	}
	g.mended = false
	if g.time() != "" { // which does not pass
		return time.Time{}, nil
	}
	return rep.Next, nil
}

// pull makes the edition. The desk of the one before is let go of first, as two
// sites at a time would take twice the memory.
func (g *galley) pull(ctx context.Context, o build.Options) (build.Report, []diag.Problem) {
	g.round.Lock()
	defer g.round.Unlock()
	g.desk = nil
	if g.anew {
		g.anew = false
		runtime.GC()
	}
	o.Desk = !g.told.first
	bar := newProgress(g.s)
	defer bar.clear()
	o.Progress, o.Listed, o.Ordered = bar.tell, preview.bound, g.shop.ordered
	g.shop.begin(o)
	rep, problems := build.Run(ctx, o)
	g.shop.end(o, !diag.AnyError(problems))
	g.desk = rep.Desk
	return rep, problems
}

// options are those of a proof, as the site and the panel say now.
func (g *galley) options() (build.Options, *config.Config, error) {
	o, cfg, err := g.f.options(g.s)
	if err != nil {
		return o, cfg, err
	}
	if w, ok := fields.ParseWhen(g.time()); ok {
		o.Now = w.In(cfg.Zone)
	}
	o.Out, o.BaseURL, o.Drafts, o.Adopt, o.Proof, o.Placing = g.dir, g.url, true, true, true, g.place
	o.Cache, o.Started, o.Memory = g.f.keep(g.s, o.Out), g.s.now(), &g.memory
	if g.f.noCache {
		o.Pictures = filepath.Join(filepath.Dir(g.dir), "img") // which goes with the folder
	}
	return o, cfg, nil
}

// report says at the terminal what a build found and did.
func (g *galley) report(start time.Time, o build.Options, rep build.Report, problems []diag.Problem) {
	if !g.told.news(rep, problems) {
		return
	}
	t := told{g.s, &g.f.siteFlags, o.Now, rep, problems}
	took := g.s.now().Sub(start)
	if g.f.json {
		t.json(took)
	} else if g.told.first {
		t.skipped()
	}
	t.problems()
	if !g.f.json && rep.Files > 0 {
		t.summary(took)
	}
}

// announce says where the preview is.
func (g *galley) announce(title string) {
	to := g.s.out
	if g.f.json {
		to = g.s.err
	}
	at := g.at("")
	fmt.Fprintf(to, "%s is at %s (Ctrl-C ends)\n", oneLine(title), at)
	if g.f.open {
		g.browse(at)
	}
}

// at is the address of a page as a browser is to be given it.
func (g *galley) at(path string) string {
	if path == "" {
		path = g.url
	}
	if g.token != "" {
		path += "?token=" + g.token
	}
	return path
}

func (g *galley) browse(url string) {
	if err := openBrowser(url); err != nil {
		g.s.say("no browser could be opened: "+err.Error(), "open "+url+" yourself")
	}
}

// time is the time that the edition is made for, "" if it is now.
func (g *galley) time() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.asOf
}

// setTime has the edition made for another time.
func (g *galley) setTime(when string) error {
	if _, ok := fields.ParseWhen(when); !ok && when != "" {
		return fmt.Errorf("%q is no time: write it like 2026-11-22 14:05", when)
	}
	g.mu.Lock()
	g.asOf = when
	g.mu.Unlock()
	select {
	case g.wake <- struct{}{}:
	default:
	}
	return nil
}

// remember keeps which of the stories that were made anew was written last.
func (g *galley) remember(rep build.Report) {
	if rep.Desk == nil {
		return
	}
	var newest time.Time
	for _, file := range rep.Written {
		story := rep.Desk.Story(file)
		if story == nil {
			continue
		}
		info, err := os.Stat(filepath.Join(g.f.dir, filepath.FromSlash(story.Source)))
		if err == nil && info.ModTime().After(newest) && story.URL != "" {
			newest = info.ModTime()
			g.mu.Lock()
			g.edited = story.URL
			g.mu.Unlock()
		}
	}
}

// listen opens the story that was written last, or the front page, when
// somebody at the terminal wants it.
func (g *galley) listen(ctx context.Context) {
	if g.s.in == nil {
		return
	}
	mayRead()
	for lines := bufio.NewScanner(g.s.in); lines.Scan() && ctx.Err() == nil; {
		if strings.TrimSpace(lines.Text()) != "o" {
			continue
		}
		g.mu.Lock()
		edited := g.edited
		g.mu.Unlock()
		if edited != "" {
			u, err := url.Parse(g.url)
			if err != nil {
				continue
			}
			u.Path = edited
			edited = u.String()
		}
		g.browse(g.at(edited))
	}
}
