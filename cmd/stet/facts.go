package main

import (
	"slices"
	"strings"

	"stet/internal/build"
	"stet/internal/diag"
	"stet/internal/serve"
	"stet/internal/site"
)

// wordsPerMinute is how fast people read, as newspapers reckon.
const wordsPerMinute = 230

// edition is what the preview is told of a build.
func (g *galley) edition(title string, rep build.Report, problems []diag.Problem) serve.Edition {
	e := serve.Edition{Title: title, AsOf: g.time(), Changed: rep.Written, Removed: rep.Removed, Problems: proofs(problems, rep.Lines)}
	if rep.Desk != nil {
		g.unpublished = rep.Desk.Unpublished()
	}
	for _, d := range g.unpublished {
		e.Unpublished = append(e.Unpublished, serve.Unpublished{
			Source: d.Source, Title: d.Title, Section: d.Section, URL: d.URL, State: d.State, Until: d.Until,
		})
	}
	lines := rep.Lines // and no more of the report: the site of an edition is let go of before the next is made
	e.Pictures = func() []serve.Problem {
		g.round.RLock()
		defer g.round.RUnlock()
		if g.desk == nil {
			return nil
		}
		return proofs(g.desk.Idle(), lines)
	}
	e.Page = func(file string) *serve.Facts {
		g.round.RLock()
		defer g.round.RUnlock()
		if g.desk == nil {
			return nil
		}
		f := g.desk.Facts(file)
		if f == nil {
			return nil
		}
		facts := factsOf(f, title, lines)
		for _, p := range e.Problems {
			if p.Path == f.Source && !slices.Contains(facts.Checks, p) { // some a build says too
				facts.Checks = append(facts.Checks, p)
			}
		}
		return facts
	}
	return e
}

// proofs are problems with their excerpts.
func proofs(problems []diag.Problem, lines diag.Lines) []serve.Problem {
	all := make([]serve.Problem, 0, len(problems))
	for _, p := range problems {
		all = append(all, serve.Problem{Problem: p, Excerpt: diag.Excerpt(lines, p)})
	}
	return all
}

func factsOf(f *build.Facts, title string, lines diag.Lines) *serve.Facts {
	facts := &serve.Facts{
		Source: f.Source, Until: f.Until, Words: f.Words, Minutes: (f.Words + wordsPerMinute - 1) / wordsPerMinute,
		Layout: f.Layout, Checks: proofs(f.Checks, lines), Filled: list(f.Filled),
	}
	if f.State != "published" {
		facts.State = f.State
	}
	s := f.Story
	if s == nil {
		return facts
	}
	look := serve.Look{Title: s.Short, Description: s.Summary, URL: s.URL, Image: f.Picture, Section: f.Section, Byline: bylineOf(s)}
	if !s.Date.IsZero() {
		look.Date = s.Date.Format("2 January 2006")
	}
	facts.Card = look
	facts.Search = serve.Look{Title: s.Search, Description: s.Description, URL: s.Permalink, Site: title, Date: look.Date}
	facts.Social = serve.Look{Title: s.Social, Description: s.Description, URL: s.Permalink, Site: title, Image: look.Image}
	return facts
}

func bylineOf(s *site.Story) string {
	var b strings.Builder
	for _, part := range s.Byline {
		b.WriteString(part.Text)
	}
	return b.String()
}
