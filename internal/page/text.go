package page

import (
	"io"
	"math"
)

// A text is a ledger as it was written down, and where in it what stands. From one
// build to the next nearly all of it stays as it is: that is copied, and not put into
// words again.
type text struct {
	whole     string
	kinds     []string
	questions []uint32 // where each begins, and where the last ends
	pages     []uint32
}

// newText is for what a reader reads, nil if that is not held on to.
func (r *ledgerReader) newText(whole string, questions int) *text {
	if r.apart || len(whole) > math.MaxUint32 {
		return nil
	}
	return &text{whole: whole, kinds: r.kinds, questions: make([]uint32, 0, questions+1)}
}

// question marks where the next one begins, or the last has ended.
func (t *text) question(r *ledgerReader) {
	if t != nil {
		t.questions = append(t.questions, uint32(len(t.whole)-len(r.b)))
	}
}

// page is question for pages.
func (t *text) page(r *ledgerReader) {
	if t != nil {
		t.pages = append(t.pages, uint32(len(t.whole)-len(r.b)))
	}
}

// stood is the text of the old ledger, if what stands is to be written as it is there:
// not if questions have got other numbers.
func (l *Ledger) stood() *text {
	if l.late == nil || l.late.moved {
		return nil
	}
	return l.late.b.desk.past.ledger.text
}

// standing is what is done about a run of questions that stand, nil if they are to be
// written one by one.
func (k *keeper) standing(do func(from, to int)) func(from, to int) {
	if k.old == nil {
		return nil
	}
	return do
}

// copy writes the pieces of the old text that begin at these places: as they are, if
// they are long, a stretch at a time.
func (k *keeper) copy(places []uint32, from, to int) {
	piece := k.old.whole[places[from]:places[to]]
	for len(piece) > 1<<13 && k.err == nil {
		k.flush(0)
		n := min(len(piece), 1<<17)
		_, k.err = io.WriteString(k.w, piece[:n])
		k.n += int64(n)
		piece = piece[n:]
	}
	k.b = append(k.b, piece...)
	k.flush(1 << 16)
}
