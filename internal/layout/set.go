package layout

import (
	"html/template"
	"io"
	"maps"
	"slices"
	"sync"
	"text/template/parse"

	"stet/internal/diag"
	"stet/internal/page"
)

// A set is an entry with every file that can be reached from it by name.
type set struct {
	name   string
	files  []string // what is called before its caller, so that the entry is last
	trees  map[string]*parse.Tree
	digest page.Digest

	mu   sync.Mutex
	base *template.Template // never executed, so that it can be cloned
	free free

	compile sync.Once
	program *program // nil if html/template has to execute the set

	escape sync.Once
	wrong  *diag.Problem // what html/template has against the set, once located
	way    string
}

// setOf gathers the set of an entry. Of trees with the same name that of the
// later file wins, so an entry overrides the blocks of what it calls, with
// nothing too if it likes.
func (l *Layouts) setOf(name string) *set {
	s := &set{name: name, trees: map[string]*parse.Tree{}}
	l.reach(name, map[string]bool{}, &s.files)
	sum := []string{name}
	for _, n := range s.files {
		sum = append(sum, n, l.files[n].text)
		maps.Copy(s.trees, l.files[n].trees)
	}
	s.digest = page.Sum(sum)
	return s
}

// reach appends the files that a file calls, and then itself.
func (l *Layouts) reach(name string, seen map[string]bool, files *[]string) {
	f := l.files[name]
	if f == nil || seen[name] {
		return
	}
	seen[name] = true
	f.each(func(n parse.Node) {
		if call, ok := n.(*parse.TemplateNode); ok {
			l.reach(call.Name, seen, files)
		}
	})
	*files = append(*files, name)
}

// compiled returns the set's program, if there can be one.
func (s *set) compiled() *program {
	s.compile.Do(func() { s.program = compile(s.name, s.trees) })
	return s.program
}

// template returns a copy of the set's templates that was never executed.
func (s *set) template() (*template.Template, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.base == nil {
		base, err := build(s.name, s.trees)
		if err != nil {
			return nil, err
		}
		s.base = base
	}
	return s.base.Clone()
}

// build makes a template set of trees, which stay as they are.
func build(name string, trees map[string]*parse.Tree) (*template.Template, error) {
	t := template.New(name).Funcs(stubs).Option("missingkey=error")
	for _, n := range slices.Sorted(maps.Keys(trees)) {
		if _, err := t.AddParseTree(n, trees[n].Copy()); err != nil {
			return nil, err
		}
	}
	return t.Lookup(name), nil
}

// escapes tells what html/template's escaper says of a set, without running
// any of it.
func escapes(t *template.Template) *template.Error {
	err := t.Execute(nowhere{}, nil)
	wrong, _ := err.(*template.Error)
	return wrong
}

// nowhere cannot be written to.
type nowhere struct{}

func (nowhere) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
