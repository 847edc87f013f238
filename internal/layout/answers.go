package layout

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
	"sync"

	"stet/internal/diag"
	"stet/internal/page"
)

// partials is the folder that fragments are in.
const partials = "partials/"

// Answers says who answers the questions about layouts themselves: lookup,
// template, language, style and fragment.
func (l *Layouts) Answers() page.Book {
	return page.Book{
		"lookup":   {Answer: l.answerLookup},
		"template": {Answer: l.answerTemplate},
		"language": {Answer: l.answerLanguage},
		"style":    {Answer: l.answerStyle},
		"fragment": {Answer: l.answerFragment, Noted: true, Keep: true},
	}
}

// Pick asks which of these layouts a page is made with. None is an error that
// names them all.
func (l *Layouts) Pick(ask *page.Ask, c Context, candidates ...string) (string, error) {
	if _, err := ask.Digest("lookup", page.Args(candidates...)); err != nil {
		return "", err
	}
	if name, ok := l.Lookup(candidates...); ok {
		return name, nil
	}
	return "", c.problem(diag.Problem{
		Text: "there is no layout for this page: none of " + folder + strings.Join(candidates, ", "+folder),
		Hint: "make one of them; stet eject copies a built-in one",
	}, "")
}

func (l *Layouts) answerLookup(_ *page.Ask, args string) (page.Answer, error) {
	name, ok := l.Lookup(page.Fields(args, 1)...)
	if !ok {
		return page.Answer{}, nil
	}
	return page.Answer{Value: name, Digest: l.sets[name].digest}, nil
}

func (l *Layouts) answerTemplate(_ *page.Ask, args string) (page.Answer, error) {
	return page.Answer{Digest: l.Digest(page.Fields(args, 1)[0])}, nil
}

func (l *Layouts) answerLanguage(_ *page.Ask, args string) (page.Answer, error) {
	lang, ok := l.languages[page.Fields(args, 1)[0]]
	if !ok {
		return page.Answer{}, nil
	}
	return page.Answer{Digest: lang.words}, nil
}

func (l *Layouts) answerStyle(_ *page.Ask, args string) (page.Answer, error) {
	f := page.Fields(args, 2)
	if pattern, ok := l.languages[f[0]].styles[f[1]]; ok {
		return page.Answer{Value: pattern}, nil
	}
	return page.Answer{}, nil
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func (l *Layouts) answerFragment(ask *page.Ask, args string) (page.Answer, error) {
	lang, name, dot, err := readFragment(args)
	if err != nil {
		return page.Answer{}, fmt.Errorf("the arguments of fragment %s: %w", args, err)
	}
	w := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(w)
	w.Reset()
	c := Context{Lang: lang, Making: "fragment " + args}
	if err := l.Execute(ask, c, partials+name, dot, w); err != nil {
		return page.Answer{}, err
	}
	return page.Answer{Value: template.HTML(w.String())}, nil
}
