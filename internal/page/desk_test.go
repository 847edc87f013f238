package page

import "testing"

// A note that nobody keeps is that of the next answer.
func TestSpareNote(t *testing.T) {
	a := &Ask{desk: newDesk(Book{}, &Ledger{})}
	who := &Answerer{Answer: func(*Ask, string) (Answer, error) { return Answer{}, nil }}
	if n := testing.AllocsPerRun(100, func() {
		_, n, _ := who.answer(a, Question{}, nil)
		a.drop(n)
	}); n > 0 {
		t.Errorf("an answer takes memory %v times", n)
	}
	_, one, _ := who.answer(a, Question{}, nil)
	if _, two, _ := who.answer(a, Question{}, nil); one == two {
		t.Error("two answers have one note")
	}
}
