package layout

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// What this Go has is what the compiler knows. What is new must be looked at, and
// added with cases; until then the compiler leaves it to html/template.

// goSource is a file of Go's own sources.
func goSource(t *testing.T, path string) *ast.File {
	t.Helper()
	skip := t.Skip
	if os.Getenv("CI") == "true" {
		skip = t.Fatal
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		skip("no go command to ask where its sources are: ", err)
	}
	path = filepath.Join(strings.TrimSpace(string(root)), "src", filepath.FromSlash(path))
	if _, err := os.Stat(path); err != nil {
		skip("no sources of Go: ", err)
	}
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// keysOf are the keys of a map that is written out in a declaration of this name,
// sorted.
func keysOf(t *testing.T, f *ast.File, name string) (keys []string) {
	t.Helper()
	for _, d := range f.Decls {
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				return n.Name.Name == name
			case *ast.ValueSpec:
				return n.Names[0].Name == name
			case *ast.KeyValueExpr:
				if lit, ok := n.Key.(*ast.BasicLit); ok {
					key, _ := strconv.Unquote(lit.Value)
					keys = append(keys, key)
				}
			}
			return true
		})
	}
	if len(keys) == 0 {
		t.Fatalf("Go has no %s any more", name)
	}
	slices.Sort(keys)
	return keys
}

func TestEscaperNames(t *testing.T) {
	f := goSource(t, "html/template/escape.go")
	ours := []string{"_eval_args_"}
	for name := range escapers {
		ours = append(ours, name)
	}
	slices.Sort(ours)
	if theirs := keysOf(t, f, "funcMap"); !slices.Equal(ours, theirs) {
		t.Errorf("html/template has %q, here are %q", theirs, ours)
	}
	// Of these a pipeline may end with one, and have no other.
	if theirs := keysOf(t, f, "predefinedEscapers"); !slices.Equal(theirs, []string{"html", "urlquery"}) {
		t.Errorf("html/template's own functions that escape are %q", theirs)
	}
}

func TestBuiltinNames(t *testing.T) {
	if theirs := keysOf(t, goSource(t, "text/template/funcs.go"), "builtins"); !slices.Equal(builtins, theirs) {
		t.Errorf("text/template has %q, here are %q", theirs, builtins)
	}
}

// The kinds of node that templates are made of are those that flatten, compile
// and what looks for mistakes go through.
func TestNodeKinds(t *testing.T) {
	known := []string{"NodeText", "NodeAction", "NodeBool", "NodeChain", "NodeCommand", "NodeDot", "nodeElse", "nodeEnd", "NodeField", "NodeIdentifier", "NodeIf", "NodeList", "NodeNil", "NodeNumber", "NodePipe", "NodeRange",
		"NodeString", "NodeTemplate", "NodeVariable", "NodeWith", "NodeComment", "NodeBreak", "NodeContinue"}
	var theirs []string
	ast.Inspect(goSource(t, "text/template/parse/node.go"), func(n ast.Node) bool {
		if d, ok := n.(*ast.GenDecl); ok && d.Tok == token.CONST {
			for _, s := range d.Specs {
				theirs = append(theirs, s.(*ast.ValueSpec).Names[0].Name)
			}
		}
		return true
	})
	if !slices.Equal(theirs, known) {
		t.Errorf("templates are made of %q, known are %q", theirs, known)
	}
}
