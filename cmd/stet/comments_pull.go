package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/comments"
	"stet/internal/diag"
	"stet/internal/threads"
)

// How a service is asked by --watch.
const (
	pullEvery   = 15 * time.Second
	keepEvery   = 2 * time.Second // of a store on the same machine
	pullLongest = 5 * time.Minute // between two tries at a service that does not answer
	pullAnew    = 5 * time.Minute // after which the site is read anew: it may have got a story that it had not
)

type pullFlags struct {
	siteFlags
	from, db    string
	watch, anew bool
}

func pullCommand(s *system) *cobra.Command {
	var f pullFlags
	cmd := &cobra.Command{
		Use:   "pull [flags]",
		Short: "fetch what the desk has let through into the files of the site",
		Long: "Asks the service what changed since the last time and writes it into data/comments/ and data/ratings/, from which\n" +
			"stet build makes the pages. Only files that differ are written. Comments that the service does not know, such as\n" +
			"imported ones, stay. The key of the service is taken from the environment, STET_COMMENTS_KEY.\n\n" +
			"With --db it reads the service's store itself, on the same machine or a PostgreSQL. With --watch it goes on for ever,\n" +
			"and tries again while the service does not answer. Two pulls at once do no harm.",
		Example: examples("stet comments pull --from https://comments.example/", "stet comments pull --db comments.db", "stet comments pull --from https://comments.example/ --watch"),
		Args:    arguments(),
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	addDir(cmd, &f.dir)
	flags := cmd.Flags()
	flags.StringVar(&f.from, "from", "", "ask the service at this `URL`")
	addStore(cmd, &f.db)
	flags.BoolVar(&f.watch, "watch", false, "go on until it is stopped")
	flags.BoolVar(&f.anew, "all", false, "ask for everything, not only for what changed")
	flags.StringVar(&f.cache, "cache", "", "keep how far it is in `DIR`, not in your cache folder")
	flags.BoolVar(&f.noCache, "no-cache", false, "keep nothing: ask for everything each time")
	flags.BoolVar(&f.json, "json", false, "report as one JSON object on stdout")
	return cmd
}

func (f *pullFlags) run(ctx context.Context, s *system) error {
	if _, err := settings(f.dir); err != nil {
		return err
	}
	if f.cache != "" && f.noCache {
		return mistaken("give one of them", "--cache and --no-cache contradict each other")
	}
	p := &puller{s: s, f: f.siteFlags, anew: f.anew, every: pullEvery}
	switch {
	case f.from == "" && f.db == "":
		return mistaken("write it like\nstet comments pull --from https://comments.example/", "pull from where? Neither --from nor --db is given")
	case f.from != "" && f.db != "":
		return mistaken("give one of them", "--from and --db contradict each other")
	case f.from != "":
		from, err := newExport(s, f.from)
		if err != nil {
			return err
		}
		p.name, p.ask = from.url, from.changes
	default:
		db, err := openThere(ctx, f.stored(f.db))
		if err != nil {
			return err
		}
		defer db.Close()
		p.name, p.ask = storeName(f.stored(f.db)), changesOf(db)
	}
	if f.watch {
		return p.watch(ctx)
	}
	got, err := p.once(ctx)
	if err != nil {
		return err
	}
	return p.report(got)
}

// A puller brings what changed at a service into the files of a site.
type puller struct {
	s     *system
	f     siteFlags
	name  string                                                          // of where it comes from, without secrets
	ask   func(ctx context.Context, since int64) (threads.Changes, error) // one page of what changed
	anew  bool                                                            // ask for everything, the first time
	every time.Duration

	stories *storyList // of the site, when it was last read; nil if it never was
	read    int        // how often it was
	fresh   bool       // it was in this round

	patient bool // with watch, an error of the first time is tried again too
}

// A pulled is how far a site is with what changed at one service. If it is lost,
// all is asked for again.
type pulled struct {
	From  string   `json:"from"`
	Seq   int64    `json:"seq"`
	Epoch int64    `json:"epoch"` // in which the number was given
	Held  []string `json:"held"`  // stories that the site had not
}

// once asks until there is nothing further.
func (p *puller) once(ctx context.Context) (all brought, err error) {
	was := p.recall()
	state := was
	p.fresh = false
	if p.anew || state.Seq > 0 && !exists(p.f.inside("data/comments")) && !exists(p.f.inside("data/ratings")) {
		state = pulled{From: p.name}
	}
	if len(state.Held) > 0 && p.late() {
		if err = p.learn(); err != nil {
			return all, err
		}
		if slices.ContainsFunc(state.Held, p.known) {
			state = pulled{From: p.name}
		}
	}
	held := map[string]bool{}
	for _, id := range state.Held {
		held[id] = true
	}
	for more, begun := true, 0; more; {
		got, c, err := p.page(ctx, state.Seq, state.Held)
		all.add(got)
		switch {
		case err != nil:
			return all, err
		case diag.AnyError(got.Problems): // what was not written must be asked for again
			return all, nil
		case state.Seq > 0 && (c.Seq < state.Seq || c.Epoch != state.Epoch): // the store may not be the one that it was
			if begun++; begun > 3 {
				return all, gaveNothing
			}
			state, held = pulled{From: p.name}, map[string]bool{}
			continue
		}
		for _, id := range got.Held {
			held[id] = true
		}
		state.Seq, state.Epoch, state.Held, more = c.Seq, c.Epoch, slices.Sorted(maps.Keys(held)), c.More
	}
	all.Held = state.Held
	p.anew = false
	if state.Seq != was.Seq || state.Epoch != was.Epoch || !slices.Equal(state.Held, was.Held) {
		p.keep(state)
	}
	return all, nil
}

var gaveNothing = diag.Problem{Severity: diag.Error, Text: "the service says that there is more, and gives nothing", Hint: "stet version says which Stet this is; the service should be the same"}

// page asks for what changed since, and writes it. From before it asks until it has
// written nobody else does either: else an older answer could be written over a
// newer one.
func (p *puller) page(ctx context.Context, since int64, held []string) (b brought, c threads.Changes, err error) {
	t, err := openThreads(ctx, p.f.dir)
	if err != nil {
		return b, c, err
	}
	defer t.Close()
	if c, err = p.ask(ctx, since); err != nil || c.Seq < since || len(c.Threads)+len(c.Ratings) == 0 && !c.More {
		return b, c, err
	}
	if c.More && c.Seq == since {
		return b, c, gaveNothing
	}
	if p.late() || !p.fresh && slices.ContainsFunc(storiesIn(c), func(id string) bool { return !p.stories.stands(id) && !slices.Contains(held, id) }) {
		if err := p.learn(); err != nil {
			return b, c, err
		}
	}
	b, err = t.bring(ctx, c, p.known)
	return b, c, err
}

// storiesIn are those of which something is to be put into files.
func storiesIn(c threads.Changes) (ids []string) {
	for _, one := range c.Threads {
		if len(one.Put) > 0 {
			ids = append(ids, one.Story)
		}
	}
	for _, one := range c.Ratings {
		ids = append(ids, one.Story)
	}
	return ids
}

// late tells whether it is time to read the site. In between what is known of its
// stories holds as long as their files stand, so that a comment does not have all
// articles read.
func (p *puller) late() bool {
	return p.stories == nil || p.s.now().Sub(p.stories.at) >= pullAnew
}

func (p *puller) learn() (err error) {
	p.read++
	p.fresh = true
	p.stories, err = readStories(p.s, &p.f)
	return err
}

// known tells whether the site has a story.
func (p *puller) known(id string) bool { return p.stories.of[id] != "" }

// add takes in what a further answer brought.
func (b *brought) add(more brought) {
	for _, name := range more.Changed {
		if !slices.Contains(b.Changed, name) {
			b.Changed = append(b.Changed, name)
			if strings.HasPrefix(name, threads.Ratings) {
				b.Tallies++
			} else {
				b.Threads++
			}
		}
	}
	b.Held = append(b.Held, more.Held...)
	b.Problems = append(b.Problems, more.Problems...)
}

// report says what was brought.
func (p *puller) report(b brought) error {
	slices.Sort(b.Changed)
	if p.f.json {
		if err := p.s.json(brought{b.Threads, b.Tallies, list(b.Changed), list(b.Held), list(b.Problems)}); err != nil {
			return err
		}
	} else {
		p.s.printer(true).Print(append(b.Problems, missing(b.Held)...))
		fmt.Fprintln(p.s.out, b.line())
	}
	if diag.AnyError(b.Problems) {
		return errTold
	}
	return nil
}

// line is what is said at the end.
func (b *brought) line() string {
	switch {
	case b.Threads+b.Tallies == 0:
		return "nothing changed"
	case b.Tallies == 0:
		return count(b.Threads, "thread") + " changed"
	case b.Threads == 0:
		return tallies(b.Tallies) + " changed"
	}
	return count(b.Threads, "thread") + " and " + tallies(b.Tallies) + " changed"
}

func tallies(n int) string {
	if n == 1 {
		return "1 tally"
	}
	return grouped(n) + " tallies"
}

// missing says of which stories comments wait at the service.
func missing(held []string) (all []diag.Problem) {
	for i, id := range held {
		if i == 5 {
			return append(all, diag.Problem{Text: "so it is with " + grouped(len(held)-i) + " more", Hint: "--json names them all"})
		}
		all = append(all, diag.Problem{Text: "the service has comments or answers on " + id + ", which is no story of this site: they wait there",
			Hint: "if the story was renamed, write its old name into it:\nid: " + id})
	}
	return all
}

// watch goes on until it is stopped. That the service does not answer is said once.
func (p *puller) watch(ctx context.Context) error {
	wait, failing := p.every, false
	for first := true; ; first = false {
		got, err := p.once(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && first && !p.patient && !errors.As(err, new(unanswered)):
			return err
		case err != nil:
			if !failing {
				p.s.say(err.Error(), "it is tried again, until it answers")
			}
			failing, wait = true, min(2*wait, pullLongest)
		default:
			if failing {
				p.s.note("%s answers again", oneLine(p.name))
			}
			failing, wait = false, p.every
			if first || len(got.Changed)+len(got.Problems) > 0 {
				_ = p.report(got) // what is wrong was said
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// keepSite brings what changes in a store into the files of a site on the same
// machine, until it is stopped. What is wrong with the site is said, and tried again.
func keepSite(ctx context.Context, s *system, dir string, db *comments.Store, where string) {
	p := &puller{s: s, f: siteFlags{dir: dir}, name: storeName(where), ask: changesOf(db), every: keepEvery, patient: true}
	_ = p.watch(ctx) // which ends without an error only
}

func (p *puller) file() string { return "pull-" + short(p.name) }

// recall is how far the site is.
func (p *puller) recall() pulled {
	text, _ := p.f.keep(p.s, p.f.inside("public")).Read(p.file())
	var was pulled
	if json.Unmarshal([]byte(text), &was) != nil || was.From != p.name || was.Seq < 0 {
		return pulled{From: p.name}
	}
	return was
}

func (p *puller) keep(state pulled) {
	err := p.f.keep(p.s, p.f.inside("public")).Write(p.file(), func(w io.Writer) error { return json.NewEncoder(w).Encode(state) })
	if err != nil {
		p.s.note("how far it is cannot be kept: all is asked for again the next time (%v)", err)
	}
}
