package main

import (
	"fmt"
	"time"
)

// large measures how builds grow with the archive: first builds of n and of 4n
// articles, and first builds and edits of 10n.
func (e *editing) large(work string, s sites) ([]bound, error) {
	n, many, most := newPaper(work, "n"), newPaper(work, "many"), newPaper(work, "most")
	n.Dir = s.Stet.Dir // another edition of the same paper
	fmt.Fprintf(e.stderr, "writing archives of %d and %d articles\n", 4*e.N, 10*e.N)
	if err := writeForStet(many.Dir, 4*e.N, e.Seed); err != nil {
		return nil, err
	}
	if err := writeForStet(most.Dir, 10*e.N, e.Seed); err != nil {
		return nil, err
	}
	time.Sleep(e.quiet)
	var ofN, ofMany, ofMost series
	for run := range e.Runs {
		for _, c := range []struct {
			paper    paper
			articles int
			took     *series
		}{{n, e.N, &ofN}, {many, 4 * e.N, &ofMany}, {most, 10 * e.N, &ofMost}} {
			took, err := c.paper.first(withStet(e.stet))
			if err != nil {
				return nil, err
			}
			e.tell(run, fmt.Sprintf("cold, %d articles", c.articles), took, "")
			*c.took = append(*c.took, took)
		}
	}
	growth := ratio(median(ofMany.walls()), median(ofN.walls()))
	bounds := []bound{
		{name: fmt.Sprintf("cold, %d articles against %d", 4*e.N, e.N), took: ofMany, value: growth, unit: "times", atMost: 4.2,
			peer: fmt.Sprintf("stet, %d articles", e.N), peers: ofN},
		{name: fmt.Sprintf("cold, %d articles", 10*e.N), took: ofMost, value: median(ofMost.peaks()), unit: "MB", atMost: 1000},
	}
	more, err := e.largeEdits(work, most)
	return append(bounds, more...), err
}

// largeEdits measures the builds of the largest archive when nothing, and when
// one body has changed.
func (e *editing) largeEdits(work string, most paper) ([]bound, error) {
	newest, err := newestFiles(10*e.N, e.Seed)
	if err != nil {
		return nil, err
	}
	p := &edited{paper: most, name: fmt.Sprintf("%d articles", 10*e.N), stories: 10 * e.N, newest: newest}
	still, words := &trial{paper: p, change: &nothing}, &trial{paper: p, change: &body}
	for run := range e.Runs {
		for _, t := range []*trial{still, words} {
			want, err := p.make(t.change, run)
			if err != nil {
				return nil, err
			}
			if t.change != &nothing {
				time.Sleep(e.quiet)
			}
			if err := e.measure(t, run, want); err != nil {
				return nil, fmt.Errorf("%s: %w", t.name(), err)
			}
		}
	}
	files, err := p.checkClean(e.stet, newPaper(work, "clean").Out)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.name, err)
	}
	fmt.Fprintf(e.stderr, "%s: %d files are as a clean build makes them\n", p.name, files)
	return []bound{
		{name: still.name(), took: still.took, value: median(still.took.walls()), unit: "s", atMost: 1.5},
		{name: words.name(), took: words.took, value: median(words.took.walls()), unit: "s", atMost: 2},
	}, nil
}
