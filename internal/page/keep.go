package page

import (
	"encoding/binary"
	"errors"
	"io"
	"math"
	"slices"
	"strings"

	"stet/internal/diag"
	"stet/internal/plain"
)

// What a ledger looks like in the cache folder: the kinds of questions and of
// pages by name, then questions and pages one after the other.

// WriteTo writes the ledger.
func (l *Ledger) WriteTo(w io.Writer) (int64, error) {
	k := &keeper{w: w, numbers: map[string]int{}, old: l.stood()}
	if k.old != nil {
		for _, kind := range k.old.kinds {
			k.number(kind)
		}
	}
	count := 0
	l.questions(func(q *Asked) {
		k.number(q.Kind)
		count++
	}, k.standing(func(from, to int) { count += to - from }))
	for i := range l.Pages {
		k.number(l.Pages[i].Kind)
	}
	for i := range l.Pages {
		if w := l.Pages[i].Why; w != nil {
			for _, q := range w.Questions {
				k.number(q.Kind)
			}
		}
	}
	k.b = plain.Append(k.b, k.names)
	k.b = binary.AppendUvarint(k.b, uint64(l.Built))
	k.b = binary.AppendUvarint(k.b, uint64(count))
	l.questions(func(q *Asked) {
		k.b = binary.AppendUvarint(k.b, uint64(k.number(q.Kind)))
		k.args(q.Args)
		k.b = append(k.b, q.Digest[:]...)
		k.b = appendNote(k.b, q.Note)
		k.b = appendProblems(k.b, q.Told.problems())
		k.flush(1 << 16)
	}, k.standing(func(from, to int) {
		k.copy(k.old.questions, from, to)
		for _, q := range l.late.b.desk.past.ledger.Questions[max(from, to-lately):to] {
			k.asked(q.Args)
		}
	}))
	k.b = binary.AppendUvarint(k.b, uint64(len(l.Pages)))
	for i := range l.Pages {
		p := &l.Pages[i]
		if k.old != nil && l.late.were[i] >= 0 {
			k.copy(k.old.pages, int(l.late.were[i]), int(l.late.were[i])+1)
			continue
		}
		k.b = binary.AppendUvarint(k.b, uint64(k.number(p.Kind)))
		k.b = appendText(k.b, p.Path)
		k.b = appendText(k.b, p.Args)
		k.b = binary.AppendUvarint(k.b, uint64(p.Made))
		k.why(p.Why)
		k.b = appendNote(k.b, p.Note)
		k.quote(p.Quote)
		k.b = appendProblems(k.b, p.Told.problems())
		k.flush(1 << 16)
	}
	k.b = appendText(k.b, l.Rests)
	k.flush(0)
	return k.n, k.err
}

// A keeper writes a ledger piece by piece, with numbers for the names of kinds.
type keeper struct {
	w       io.Writer
	b       []byte
	n       int64
	err     error
	names   []string
	numbers map[string]int
	old     *text // where what stands is copied from, if it is
	lately  [lately]string
	count   int // of questions
}

// lately is how many questions are looked back at for the same arguments: what is
// asked of one story follows each other.
const lately = 8

// asked says what the arguments of the question were that was written.
func (k *keeper) asked(args string) {
	k.lately[k.count%lately] = args
	k.count++
}

// args appends arguments: how many questions ago they were those of another, from 0,
// or their length and so many more, and the text.
func (k *keeper) args(args string) {
	defer k.asked(args)
	for ago := range min(lately, k.count) {
		if k.lately[(k.count-1-ago)%lately] == args {
			k.b = append(k.b, byte(ago))
			return
		}
	}
	k.b = append(binary.AppendUvarint(k.b, uint64(len(args)+lately)), args...)
}

func (k *keeper) number(kind string) int {
	n, ok := k.numbers[kind]
	if !ok {
		n = len(k.names)
		k.numbers[kind] = n
		k.names = append(k.names, kind)
	}
	return n
}

// why appends a reason: 0 is none, 1 a spoilt file, more than that the number
// of questions and one.
func (k *keeper) why(w *Why) {
	if w == nil {
		k.b = append(k.b, 0)
		return
	}
	n := 0
	if w.Spoilt {
		n = 1
	}
	if len(w.Questions) > 0 {
		n = len(w.Questions) + 1
	}
	k.b = binary.AppendUvarint(k.b, uint64(n))
	for _, q := range w.Questions {
		k.b = binary.AppendUvarint(k.b, uint64(k.number(q.Kind)))
		k.b = appendText(k.b, q.Args)
	}
}

// quote appends a place: 0 is none.
func (k *keeper) quote(q Quote) {
	k.b = binary.AppendUvarint(k.b, uint64(q.Size))
	if q.Size > 0 {
		k.b = binary.AppendUvarint(k.b, uint64(q.Nth))
		k.b = binary.AppendUvarint(k.b, uint64(q.At))
	}
}

// flush hands on what has gathered, if it is more than this.
func (k *keeper) flush(more int) {
	if len(k.b) <= more || k.err != nil {
		return
	}
	var n int
	n, k.err = k.w.Write(k.b)
	k.n += int64(n)
	k.b = k.b[:0]
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendNote(b []byte, note []int32) []byte {
	b = binary.AppendUvarint(b, uint64(len(note)))
	for _, n := range note {
		b = binary.AppendUvarint(b, uint64(n))
	}
	return b
}

func appendProblems(b []byte, ps []diag.Problem) []byte {
	if len(ps) == 0 {
		return append(b, 0)
	}
	return plain.Append(append(b, 1), ps)
}

var errDamaged = errors.New("the ledger is damaged")

// ReadLedger reads what WriteTo wrote, and returns what follows. It fails on
// bytes that were cut or damaged so that they make no sense; whether they are
// the same bytes is for whoever keeps them to see to. Its texts are parts of b,
// most of which is numbers: apart is for whoever holds on to them.
func ReadLedger(b string, apart bool) (l *Ledger, rest string, err error) {
	r := &ledgerReader{b: b, apart: apart, whys: map[string]*Why{}}
	if r.b, r.err = plain.Read(r.b, &r.kinds); r.err != nil {
		return nil, "", r.err
	}
	for i, kind := range r.kinds {
		r.kinds[i] = r.own(kind)
	}
	l = &Ledger{Built: int64(r.number())}
	n := r.count()
	l.Questions, l.tells = make([]Asked, 0, n), []int32{}
	l.text = r.newText(b, n)
	for range n {
		l.text.question(r)
		q := Asked{Question: Question{r.kind(), r.args(l.Questions)}}
		copy(q.Digest[:], r.take(len(q.Digest)))
		q.Note = r.note(n)
		if q.Told = told(r.problems()); q.Told != nil {
			l.tells = append(l.tells, int32(len(l.Questions)))
		}
		l.Questions = append(l.Questions, q)
	}
	l.text.question(r)
	m := r.count()
	l.Pages = make([]PageNote, 0, m)
	for range m {
		l.text.page(r)
		p := PageNote{Page: Page{Kind: r.kind()}}
		p.Path, p.Args = r.own(r.text()), r.own(r.text())
		p.Made, p.Why = int64(r.number()), r.why()
		p.Note = r.note(n)
		p.Quote = r.quote(len(p.Note))
		p.Told = told(r.problems())
		l.Pages = append(l.Pages, p)
	}
	l.text.page(r)
	l.Rests = strings.Clone(r.text())
	r.b = strings.Clone(r.b)
	return l, r.b, r.err
}

// A ledgerReader takes a ledger apart from its start; after its first error it
// gives nothing.
type ledgerReader struct {
	b     string
	kinds []string
	notes []int32 // notes are parts of one slice
	apart bool
	whys  map[string]*Why // as they were written
	texts strings.Builder // and texts of one text, if they are to be apart
	last  [8]string       // of these
	next  int
	err   error
}

func (r *ledgerReader) number() uint64 {
	var n uint64
	for i := 0; i < len(r.b) && i < binary.MaxVarintLen64; i++ {
		c := r.b[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			r.b = r.b[i+1:]
			return n
		}
	}
	r.b, r.err = "", errDamaged
	return 0
}

// count is a number of things of which each takes a byte at least.
func (r *ledgerReader) count() int {
	n := r.number()
	if n > uint64(len(r.b)) {
		r.b, r.err = "", errDamaged
		return 0
	}
	return int(n)
}

func (r *ledgerReader) take(n int) string {
	if n > len(r.b) {
		r.b, r.err = "", errDamaged
		return ""
	}
	s := r.b[:n]
	r.b = r.b[n:]
	return s
}

// args are those of the question that follows these.
func (r *ledgerReader) args(before []Asked) string {
	switch n := r.number(); {
	case n >= lately && n-lately <= uint64(len(r.b)):
		return r.own(r.take(int(n - lately)))
	case n < min(lately, uint64(len(before))):
		return before[len(before)-1-int(n)].Args
	}
	r.b, r.err = "", errDamaged
	return ""
}

func (r *ledgerReader) text() string { return r.take(r.count()) }

// own is a text apart from what was read, if it is to be.
func (r *ledgerReader) own(text string) string {
	if !r.apart {
		return text
	}
	for _, last := range r.last { // what is asked of one story follows each other
		if last == text {
			return last
		}
	}
	if r.texts.Cap()-r.texts.Len() < len(text) {
		r.texts = strings.Builder{}
		r.texts.Grow(max(len(text), 1<<16))
	}
	from := r.texts.Len()
	r.texts.WriteString(text)
	mine := r.texts.String()[from:]
	r.last[r.next%len(r.last)] = mine
	r.next++
	return mine
}

func (r *ledgerReader) kind() string {
	n := r.number()
	if n >= uint64(len(r.kinds)) {
		r.b, r.err = "", errDamaged
		return ""
	}
	return r.kinds[n]
}

func (r *ledgerReader) why() *Why {
	from := r.b
	n := r.count()
	switch n {
	case 0:
		return nil
	case 1:
		return spoilt
	}
	w := new(Why)
	for range n - 1 {
		w.Questions = append(w.Questions, Question{r.kind(), r.text()})
	}
	said := from[:len(from)-len(r.b)]
	if before := r.whys[said]; before != nil {
		return before
	}
	for i, q := range w.Questions {
		w.Questions[i].Args = r.own(q.Args)
	}
	r.whys[said] = w
	return w
}

func (r *ledgerReader) quote(asked int) (q Quote) {
	size := r.number()
	if size == 0 {
		return q
	}
	nth, at := r.number(), r.number()
	if nth >= uint64(asked) || size > math.MaxInt32 || at > math.MaxInt32 {
		r.b, r.err = "", errDamaged
		return q
	}
	return Quote{int32(nth), int32(at), int32(size)}
}

func (r *ledgerReader) note(questions int) []int32 {
	n := r.count()
	if n == 0 {
		return nil
	}
	from := len(r.notes)
	if cap(r.notes)-from < n {
		r.notes, from = make([]int32, 0, max(n, 1<<14)), 0
	}
	for range n {
		q := r.number()
		if q >= uint64(questions) {
			r.b, r.err = "", errDamaged
			return nil
		}
		r.notes = append(r.notes, int32(q))
	}
	return slices.Clip(r.notes[from:])
}

func (r *ledgerReader) problems() []diag.Problem {
	if r.take(1) != "\x01" {
		return nil
	}
	var ps []diag.Problem
	rest, err := plain.Read(r.b, &ps)
	if err == nil {
		ps = nil // of which the texts are to be others
		_, err = plain.Read(strings.Clone(r.b[:len(r.b)-len(rest)]), &ps)
	}
	if err != nil {
		rest, r.err = "", err
	}
	r.b = rest
	return ps
}
