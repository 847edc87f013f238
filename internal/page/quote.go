package page

import (
	"bytes"
	"slices"
)

// A Quote is where a page shows an answer as it is: the answer to the Nth question
// of its note begins At, and has Size bytes. The zero Quote is none.
//
// While that answer stands, whoever asks for it has it from the page's file of the
// last edition and it need not be made again: nothing is kept for it but the place.
// What is read there is believed if it has the digest of the answer.
type Quote struct{ Nth, At, Size int32 }

// A Quoted answerer's values stand on pages as they are.
type Quoted struct {
	Text  func(value any) string
	Value func(text string) any
	// Taken, if not nil, is told of each answer that was taken off a page, and
	// believed.
	Taken func(args string)
}

// A quoted answer is the first that a page asked for itself and may show.
type quoted struct {
	num  int32
	text string
}

// quotes remembers an answer that what is being made may show.
func (a *Ask) quotes(num int32, who *Answerer, v any) {
	if who.Quoted == nil || v == nil || a.note != a.page || a.quoted.text != "" {
		return
	}
	a.quoted = quoted{num, who.Quoted.Text(v)}
}

// few bytes are found faster than many, and are there once as a rule.
const few = 60

// quote is where a page shows what was remembered.
func (a *Ask) quote(text []byte) Quote {
	q := a.quoted
	if q.text == "" {
		return Quote{}
	}
	at := bytes.Index(text, []byte(q.text[:min(few, len(q.text))]))
	if at < 0 || len(text)-at < len(q.text) || string(text[at:at+len(q.text)]) != q.text {
		return Quote{}
	}
	for nth, num := range a.page.asked {
		if num == q.num {
			return Quote{int32(nth), int32(at), int32(len(q.text))}
		}
	}
	return Quote{}
}

// shown is the answer to an old question that stands, as a page of the last
// edition shows it.
func (d *desk) shown(a *Ask, n int32) (any, bool) {
	was := &d.past.ledger.Questions[n]
	who := d.who(was.Kind)
	if who.Quoted == nil || d.piece == nil {
		return nil, false
	}
	p := d.past.shows(n)
	if p == nil {
		return nil, false
	}
	lap, took := a.start(), Took{} // it has no name if the answer is still to be made
	defer func() { a.stop(lap, took) }()
	a.piece = slices.Grow(a.piece[:0], int(p.Quote.Size))[:p.Quote.Size]
	if d.piece(p.Path, a.piece, int64(p.Quote.At)) != nil {
		return nil, false
	}
	text := string(a.piece)
	v := who.Quoted.Value(text)
	if Sum(v) != was.Digest {
		return nil, false
	}
	if who.Quoted.Taken != nil {
		who.Quoted.Taken(was.Args)
	}
	took.Question = was.Question
	return v, true
}

// shows is a page that shows the answer to an old question.
func (p *past) shows(n int32) *PageNote {
	p.quotes.Do(func() {
		p.shown = make([]int32, len(p.ledger.Questions))
		for i := range p.ledger.Pages {
			if pg := &p.ledger.Pages[i]; pg.Quote.Size > 0 {
				p.shown[pg.Note[pg.Quote.Nth]] = int32(i + 1)
			}
		}
	})
	if i := p.shown[n]; i > 0 {
		return &p.ledger.Pages[i-1]
	}
	return nil
}
