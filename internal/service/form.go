package service

import (
	"errors"
	"net/http"
	"net/mail"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"stet/internal/comments"
	"stet/internal/threads"
)

// What readers send, and what is wrong with it.

const (
	bodySize    = 64 << 10
	nameLength  = 80
	emailLength = 200
	fieldCount  = 32
)

// A form is what a reader has sent, as it was sent.
type form struct {
	Story, Parent, Lang string
	Name, Email, Text   string
	Website, Answer     string
	Token, Key          string
	broken              bool // not all of it is UTF-8
}

// A Fault is what is wrong with a field, or with the whole if it has none.
type Fault struct {
	Field string `json:"field"`
	Text  string `json:"text"`
}

// Shown tells whether the page of the form has the field where one can write in it.
func (f Fault) Shown() bool { return f.Field != "" && f.Field != "parent" }

var errForm = errors.New("this is no form")

// readForm reads a form, which is small, and nothing of the address.
func readForm(w http.ResponseWriter, r *http.Request) (form, error) {
	r.Body = http.MaxBytesReader(w, r.Body, bodySize)
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if !strings.EqualFold(strings.TrimSpace(kind), "application/x-www-form-urlencoded") {
		return form{}, errForm
	}
	if err := r.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return form{}, err
		}
		return form{}, errForm
	}
	if len(r.PostForm) > fieldCount {
		return form{}, errForm
	}
	return formOf(r.PostForm), nil
}

// formOf takes the fields of a form: of one that comes twice the first, and of its
// lines their ends as they are stored.
func formOf(v url.Values) form {
	f := form{}
	for name, field := range map[string]*string{
		"story": &f.Story, "parent": &f.Parent, "lang": &f.Lang, "name": &f.Name, "email": &f.Email, "text": &f.Text,
		"website": &f.Website, "answer": &f.Answer, "token": &f.Token, "key": &f.Key,
	} {
		*field = v.Get(name)
		if !utf8.ValidString(*field) {
			f.broken = true
			*field = strings.ToValidUTF8(*field, "\ufffd")
		}
	}
	f.Text = lines.Replace(f.Text)
	return f
}

var lines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// faults is what is wrong with the fields of a comment.
func (s *Service) faults(v voice, f form) (all []Fault) {
	add := func(field, key string, args ...any) { all = append(all, Fault{field, v.say(key, args...)}) }
	switch name := threads.CleanName(f.Name); {
	case strings.TrimSpace(f.Name) == "":
		add("name", "need_name")
	case comments.Length(f.Name) > nameLength:
		add("name", "long_name", "count", nameLength)
	case !threads.Legible(name):
		add("name", "odd_name")
	case s.isPaper(name):
		add("name", "paper_name")
	}
	switch email := strings.TrimSpace(f.Email); {
	case email == "":
		add("email", "need_email")
	case comments.Length(f.Email) > emailLength:
		add("email", "long_email", "count", emailLength)
	case !isEmail(email):
		add("email", "odd_email")
	}
	switch text := threads.Clean(f.Text); {
	case f.broken:
		add("text", "odd_text")
	case strings.TrimSpace(f.Text) == "":
		add("text", "need_text")
	case comments.Length(f.Text) > comments.Most:
		add("text", "long_text", "count", comments.Length(f.Text), "most", comments.Most)
	case !threads.Legible(text):
		add("text", "odd_text")
	case links(text)+links(f.Name) > manyLinks:
		add("text", "many_links", "count", manyLinks)
	}
	return all
}

// isEmail tells whether a text is one address of a mailbox, and nothing else.
func isEmail(text string) bool {
	a, err := mail.ParseAddress(text)
	if err != nil || a.Name != "" || a.Address != text || threads.CleanName(text) != text || strings.ContainsFunc(text, joins) {
		return false
	}
	return !strings.ContainsAny(text, " \"()<>[]\\,;:")
}

// joins tells whether a sign joins letters or parts them, which no address needs.
func joins(r rune) bool { return unicode.Is(unicode.Cf, r) }

// isPaper tells whether a name is one of the newspaper's, by which its own answers
// are known.
func (s *Service) isPaper(name string) bool {
	folded := fold(name)
	for _, own := range s.papers() {
		if own != "" && fold(own) == folded {
			return true
		}
	}
	return false
}

// fold is what is left of a name as people compare it, without spaces and points.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsSymbol(r) {
			return r
		}
		return -1
	}, comments.Fold(name))
}
