// Package page says what a page is and when it must be made again.
//
// A [Page] is plain data: where it lies, its kind and what it is about. A
// [Maker] turns it into bytes and learns about the site only by asking. A
// [Question] is plain data too, and a [Book] says who answers each kind of it.
//
// Whatever asks has a note: pages, and those answers that are made by asking
// further (the body of an article, a fragment of a page). The note lists the
// questions in the order they were asked; the [Ledger] keeps the notes of a
// whole edition together with the digest of each answer. At the next build the
// questions of a note are asked again in that order. If all answers are the
// same, the page stands as it is; at the first difference it is made.
//
// Nothing here knows of files, articles or layouts, and no change is ever
// mapped to pages: whoever asked something that is answered differently now is
// made again, and nobody else.
package page

import (
	"bytes"

	"github.com/zeebo/xxh3"

	"stet/internal/plain"
)

// A Page is one file of an edition.
type Page struct {
	Path string // slash-separated, from the edition's folder
	Kind string // who makes it
	Args string // what it is about, in one canonical text
}

// A Question is what a page may ask, such as {"latest", "en world 8"}.
type Question struct {
	Kind string // who answers it
	Args string // what is asked, in one canonical text
}

// String gives the question as it is shown to people.
func (q Question) String() string {
	if q.Args == "" {
		return q.Kind
	}
	return q.Kind + " " + q.Args
}

// A Content is what a page's maker makes: bytes, or a file of the site to be
// copied byte for byte.
type Content struct {
	Body bytes.Buffer
	Copy string // path of the source file; "" if Body holds the bytes
	// About is what is to be kept about the page beside its bytes. As they do, it
	// rests on nothing but what was asked.
	About string
}

// A Maker makes pages of one kind. It may use nothing but the page and the
// answers it gets, so that both together stand for the bytes.
type Maker func(ask *Ask, p Page, to *Content) error

// An Answer is plain data; nil tells that there is no such thing, which is an
// answer like any other.
type Answer struct {
	Value  any
	Digest Digest // the zero Digest lets the desk compute it from Value
}

// An Answerer answers one kind of question.
type Answerer struct {
	// Answer answers the question with these arguments. What it does not ask
	// for must be fixed for the whole build.
	Answer func(ask *Ask, args string) (Answer, error)
	// Noted answerers ask further questions. Their answer stands while those
	// get the same answers, so that it need not be made to be compared.
	Noted bool
	// Sum, if not nil, is the digest of the answer of one who asks nobody, where
	// that can be had for less than the answer.
	Sum func(args string) Digest
	// Keep holds the value for the whole build. Without it, the value is
	// answered anew for each asker.
	Keep bool
	// Quoted, if not nil, is for answers that a page shows as they are, and that
	// are not kept: see Quote.
	Quoted *Quoted
	// Stands, if not nil, tells of what was asked in the last build that the answer
	// rests on nothing that is another now: it stands unasked.
	Stands func(args string) bool
}

// A Book holds who answers each kind of question.
type Book map[string]Answerer

// A Digest identifies an answer: equal digests, equal answers.
type Digest [16]byte

// Sum returns the digest of a plain value, its type included.
func Sum(v any) Digest {
	if v == nil {
		return Digest{1}
	}
	buf := sums.Get().(*sumBuffer)
	b := append(buf.b[:0], typeName(v)...)
	b = plain.Append(append(b, 0), v)
	buf.b = b
	d := Digest(xxh3.Hash128(b).Bytes())
	sums.Put(buf)
	return d
}

// SumAll returns the digest of a list of digests, such as that of a list's
// cards. With it an answer made of parts needs no second walk through them.
func SumAll(parts ...Digest) Digest {
	var room [21 * 16]byte // for a page of a list
	all := room[:0]
	for _, p := range parts {
		all = append(all, p[:]...)
	}
	return Digest(xxh3.Hash128(all).Bytes())
}
