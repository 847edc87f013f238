package page

import (
	"encoding/binary"
	"errors"
	"slices"

	"stet/internal/diag"
	"stet/internal/plain"
)

// What a ledger looks like in the cache folder: the kinds of questions and of
// pages by name, then questions and pages one after the other. Most of it is
// numbers; the texts are not copied when it is read.

// Append appends the ledger's bytes to b.
func (l *Ledger) Append(b []byte) []byte {
	kinds := &kindTable{numbers: map[string]int{}}
	var body []byte
	body = binary.AppendUvarint(body, uint64(len(l.Questions)))
	for i := range l.Questions {
		q := &l.Questions[i]
		body = kinds.append(body, q.Kind)
		body = appendText(body, q.Args)
		body = append(body, q.Digest[:]...)
		body = appendNote(body, q.Note)
		body = appendProblems(body, q.Problems)
	}
	body = binary.AppendUvarint(body, uint64(len(l.Pages)))
	for i := range l.Pages {
		p := &l.Pages[i]
		body = kinds.append(body, p.Kind)
		body = appendText(body, p.Path)
		body = appendText(body, p.Args)
		body = appendText(body, p.Why)
		body = appendNote(body, p.Note)
		body = appendProblems(body, p.Problems)
	}
	b = plain.Append(b, kinds.names)
	return append(b, body...)
}

// A kindTable numbers the names of kinds.
type kindTable struct {
	names   []string
	numbers map[string]int
}

func (k *kindTable) append(b []byte, kind string) []byte {
	n, ok := k.numbers[kind]
	if !ok {
		n = len(k.names)
		k.numbers[kind] = n
		k.names = append(k.names, kind)
	}
	return binary.AppendUvarint(b, uint64(n))
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

// ReadLedger reads what Append wrote. It fails on bytes that were cut or
// damaged so that they make no sense; whether they are the same bytes is for
// whoever keeps them to see to.
func ReadLedger(b string) (*Ledger, error) {
	r := &ledgerReader{b: b}
	if r.b, r.err = plain.Read(r.b, &r.kinds); r.err != nil {
		return nil, r.err
	}
	l := &Ledger{}
	n := r.count()
	l.Questions = make([]Asked, 0, n)
	for range n {
		q := Asked{Question: Question{r.kind(), r.text()}}
		copy(q.Digest[:], r.take(len(q.Digest)))
		q.Note = r.note(n)
		q.Problems = r.problems()
		l.Questions = append(l.Questions, q)
	}
	m := r.count()
	l.Pages = make([]PageNote, 0, m)
	for range m {
		p := PageNote{Page: Page{Kind: r.kind()}}
		p.Path, p.Args, p.Why = r.text(), r.text(), r.text()
		p.Note = r.note(n)
		p.Problems = r.problems()
		l.Pages = append(l.Pages, p)
	}
	if r.err == nil && r.b != "" {
		r.err = errDamaged
	}
	return l, r.err
}

// A ledgerReader takes a ledger apart from its start; after its first error it
// gives nothing.
type ledgerReader struct {
	b     string
	kinds []string
	notes []int32 // notes are parts of one slice
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

func (r *ledgerReader) text() string { return r.take(r.count()) }

func (r *ledgerReader) kind() string {
	n := r.number()
	if n >= uint64(len(r.kinds)) {
		r.b, r.err = "", errDamaged
		return ""
	}
	return r.kinds[n]
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
	if err != nil {
		rest, r.err = "", err
	}
	r.b = rest
	return ps
}
