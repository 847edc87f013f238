package build

import (
	"stet/internal/diag"
	"stet/internal/page"
	"stet/internal/site"
)

// A Desk answers what those who write want to know of an edition. It holds the
// whole site in memory.
type Desk struct {
	p      *press
	ledger *page.Ledger
}

// Facts are what the desk knows of a page.
type Facts struct {
	site.Desk
	Words  int    // of its text
	Layout string // "article.html"
	Checks []diag.Problem
	Filled []string // what is shown of pictures that their files say, a line for each
}

// Story says of which story or page the page at a path of the edition is made,
// nil if of none.
func (d *Desk) Story(file string) *site.Desk {
	note, ok := d.ledger.Note(file)
	if !ok || note.Kind != "article" && note.Kind != "page" {
		return nil
	}
	return d.p.site.Desk(page.Fields(note.Args, 1)[0])
}

// Facts says what is known of the page at a path of the edition, nil if it is
// made of no story.
func (d *Desk) Facts(file string) *Facts {
	about := d.Story(file)
	if about == nil {
		return nil
	}
	f := &Facts{Desk: *about}
	if i, ok := d.p.tree.Index(f.Source); ok && d.p.records[i].Said != nil {
		f.Words = d.p.records[i].Said.Words
	}
	note, _ := d.ledger.Note(file)
	for _, n := range note.Note {
		if q := d.ledger.Questions[n]; q.Kind == "lookup" {
			f.Layout, _ = d.p.layouts.Lookup(page.Fields(q.Args, 1)...)
		}
	}
	if f.Story != nil {
		var w written
		w, f.Filled = d.look(about)
		f.Checks, _ = d.p.saidOf(f.Source, f.Story, w)
	}
	return f
}

// Unpublished lists all that readers do not see now.
func (d *Desk) Unpublished() []site.Desk {
	var all []site.Desk
	for _, u := range d.p.site.Unpublished {
		if about := d.p.site.Desk(u.Path); about != nil {
			all = append(all, *about)
		}
	}
	return all
}
