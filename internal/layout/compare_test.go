package layout

import (
	"bytes"
	"fmt"
	"testing"
	"text/template/parse"
)

// A verdict is what came of executing a set both ways.
type verdict struct {
	out      string // html/template's
	err      error  // likewise
	compiled bool
	ran      bool // the program did not give up
	got      string
}

// judge executes templates compiled and with html/template.
func judge(t testing.TB, text string, dot any) (v verdict, ok bool) {
	t.Helper()
	trees, err := parseText("main", text)
	if err != nil {
		return v, false
	}
	return judgeTrees(trees, dot), true
}

func judgeTrees(trees map[string]*parse.Tree, dot any) (v verdict) {
	s := &set{name: "main", trees: trees}
	r := &renderer{layouts: &Layouts{}, set: s, lang: "en", language: languages["en"], dot: dot}
	r.machine.r = r
	if p := s.compiled(); p != nil {
		v.compiled = true
		v.ran = p.run(&r.machine, dot)
		v.got = string(r.machine.out)
	}
	var w bytes.Buffer
	if v.err = r.ready(); v.err == nil {
		v.err = r.execute(&w)
	}
	v.out = w.String()
	return v
}

// wrong says what is wrong with a verdict.
func (v verdict) wrong() string {
	switch {
	case v.ran && v.err != nil:
		return fmt.Sprintf("html/template fails: %v\ncompiled it gives %q", v.err, v.got)
	case v.ran && v.got != v.out:
		return fmt.Sprintf("html/template gives\n%q\ncompiled it gives\n%q", v.out, v.got)
	}
	return ""
}
