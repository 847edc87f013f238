package layout

import (
	"encoding/json"
	"fmt"
	"strings"

	"stet/internal/page"
)

// What templates ask. LANG is the tag of the language that the page, or the
// fragment, is made in; fields are joined by [page.Args].
//
//	kind      in a template                  arguments           value
//	config    config KEY                     LANG KEY            any
//	menu      menu NAME                      LANG NAME           list of links
//	series    series NAME                    LANG NAME           list of cards, by part
//	latest    latest SECTION N, latest N     LANG SECTION N      list of cards; SECTION * is all
//	section   section NAME                   LANG NAME           pointer to a section
//	sections  sections                       LANG                list of sections
//	indexes   indexes                        LANG                list of links
//	author    author NAME                    LANG NAME           pointer to an author
//	tag       tag NAME                       LANG NAME           what is known of a topic
//	pictures  pictures NAME N                LANG NAME N         list of pictures, each with the card of a story
//	related   related PATH N                 LANG PATH N         list of cards
//	near      near "older" PATH              LANG older PATH     pointer to a card, or nothing; older or newer
//	front     front, front NAME              LANG                pointer to a front
//	                                         LANG NAME
//	bar       bar                            LANG                pointer to a bar, or nothing
//	card      card PATH                      LANG PATH           pointer to a card, or nothing
//	image     image SRC WIDTH RATIO          SRC                 pointer to a rendition
//	                                         SRC WIDTH
//	                                         SRC WIDTH RATIO     WIDTH 0 where only a ratio is wanted
//	poster    poster PAPER SECTION HEADLINE  PAPER SECTION       pointer to a drawn picture, or nothing
//	                                         HEADLINE
//	asset     asset PATH                     PATH                what is known of a static file
//	data      data FILE, data FILE KEY       FILE                any
//	                                         FILE KEY
//	url       url PATH                       PATH                text
//	absolute  absolute URL                   URL                 text
//	policy    policy                                             text
//	body      body, body PATH                PATH                template.HTML
//
//	commenting      commenting               LANG                pointer to what readers are asked, or nothing
//	thread          thread PATH              LANG PATH           pointer to what readers have said of a story, or nothing
//	commentcount    commentcount PATH        PATH                number
//	tally           tally PATH               PATH                pointer to a tally, or nothing
//	newestcomments  newestcomments N         LANG N              pointer to the newest comments
//
// Answered here, by [Layouts.Answers]:
//
//	lookup    (Layouts.Pick)                 CANDIDATE…          name of the first that there is, or nothing
//	template  (every execution)              NAME                digest alone
//	language  (every execution)              LANG                digest alone
//	style     date STYLE TIME                LANG STYLE          digest alone
//	fragment  fragment NAME ARG…             LANG NAME           template.HTML
//	                                         LANG NAME [ARG,…]   the arguments as a JSON list, its strings as they are
//
// An answer may be a diag.Problem: then the template is wrong that asked, such
// as for a key of site.yaml that nobody knows. It gets the place of the call.

// fragmentArgs writes the question for a fragment.
func fragmentArgs(lang, name string, args []any) (string, error) {
	if len(args) == 0 {
		return page.Args(lang, name), nil
	}
	var room [256]byte
	who := append(page.AppendArgs(room[:0], lang, name), ' ')
	if q, plain := appendPlain(who, args); plain {
		return string(q), nil
	}
	for i, a := range args {
		if !isPlain(a) {
			return "", fmt.Errorf("argument %d is %s", i+2, kindOf(a))
		}
	}
	list, err := json.Marshal(args)
	return string(append(who, list...)), err
}

// appendPlain appends a list of texts that stand in JSON as they are, which nearly
// all arguments are. False if one of them does not.
func appendPlain(b []byte, args []any) ([]byte, bool) {
	for i, a := range args {
		text, isText := a.(string)
		if !isText || !plainJSON(text) {
			return nil, false
		}
		if i == 0 {
			b = append(b, `["`...)
		} else {
			b = append(b, `","`...)
		}
		b = append(b, text...)
	}
	return append(b, `"]`...), true
}

// readPlain reads such a list of one text.
func readPlain(list string) (string, bool) {
	text, begun := strings.CutPrefix(list, `["`)
	text, ended := strings.CutSuffix(text, `"]`)
	return text, begun && ended && plainJSON(text)
}

// plainJSON tells whether a text stands in JSON as it is.
func plainJSON(text string) bool {
	for i := range len(text) {
		if !inJSON[text[i]] {
			return false
		}
	}
	return true
}

// inJSON are the bytes that stand as they are in the texts of JSON, and of scripts.
var inJSON = func() (t [256]bool) {
	for c := byte(' '); c < 0x7f; c++ {
		t[c] = c != '"' && c != '\\' && c != '<' && c != '>' && c != '&'
	}
	return t
}()

// isPlain tells whether a value comes back from JSON as it was.
func isPlain(v any) bool {
	switch v := v.(type) {
	case nil, string, bool, int, float64:
		return true
	case []any:
		for _, e := range v {
			if !isPlain(e) {
				return false
			}
		}
		return true
	case map[string]any:
		for _, e := range v {
			if !isPlain(e) {
				return false
			}
		}
		return true
	}
	return false
}

// readFragment reads the question for a fragment: its dot is nothing, the one
// argument, or the list of them.
func readFragment(question string) (lang, name string, dot any, err error) {
	lang, question, _ = strings.Cut(question, " ")
	name, list, more := strings.Cut(question, " ")
	lang, name = page.Field(lang, 0), page.Field(name, 0)
	if !more {
		return lang, name, nil, nil
	}
	if text, plain := readPlain(list); plain {
		return lang, name, text, nil
	}
	d := json.NewDecoder(strings.NewReader(list))
	d.UseNumber()
	var args []any
	if err := d.Decode(&args); err != nil {
		return lang, name, nil, err
	}
	for i := range args {
		args[i] = wholeNumbers(args[i])
	}
	if len(args) == 1 {
		return lang, name, args[0], nil
	}
	return lang, name, args, nil
}

// wholeNumbers gives numbers the type they had.
func wholeNumbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return int(n)
		}
		f, _ := v.Float64()
		return f
	case []any:
		for i := range v {
			v[i] = wholeNumbers(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = wholeNumbers(v[k])
		}
	}
	return v
}
