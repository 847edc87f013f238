package layout

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"text/template/parse"

	"stet/internal/diag"
)

// check looks for what can be known to be wrong before any page is made.
func (l *Layouts) check() []diag.Problem {
	var problems []diag.Problem
	for _, name := range l.names {
		f := l.files[name]
		if f.bad {
			continue
		}
		problems = append(problems, f.checkScripts()...)
		known := l.callable(name)
		f.each(func(n parse.Node) {
			switch n := n.(type) {
			case *parse.TemplateNode:
				problems = append(problems, l.checkCall(f, n, known)...)
			case *parse.PipeNode:
				problems = append(problems, l.checkPipe(f, n)...)
			}
		})
	}
	return problems
}

// callable gathers the templates that a file may call: all files, what they
// define that are in a set together with it.
func (l *Layouts) callable(name string) map[string]bool {
	known := map[string]bool{}
	for _, n := range l.names {
		known[n] = true
	}
	for _, s := range l.sets {
		if slices.Contains(s.files, name) {
			for n := range s.trees {
				known[n] = true
			}
		}
	}
	return known
}

func (l *Layouts) checkCall(f *file, n *parse.TemplateNode, known map[string]bool) []diag.Problem {
	if known[n.Name] || l.anyBad(f.name) && !strings.HasSuffix(n.Name, ".html") {
		return nil
	}
	pos := int(n.Pos) + max(strings.Index(f.text[n.Pos:], n.Name), 0)
	return []diag.Problem{f.problem(pos, len([]rune(n.Name)),
		fmt.Sprintf("there is no template %q", n.Name), l.meant(n.Name, slices.Collect(maps.Keys(known))))}
}

// anyBad tells whether a broken file might define what this one calls.
func (l *Layouts) anyBad(name string) bool {
	for _, s := range l.sets {
		if slices.Contains(s.files, name) && slices.ContainsFunc(s.files, func(n string) bool { return l.files[n].bad }) {
			return true
		}
	}
	return false
}

// meant suggests the template that was probably meant, by its last name too.
func (l *Layouts) meant(name string, known []string) string {
	slices.Sort(known)
	for _, n := range known {
		if last := path.Base(n); last != n && (last == name || last == name+".html" || last == path.Base(name)) {
			return fmt.Sprintf("did you mean %q?", n)
		}
	}
	if near := diag.Nearest(name, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	for _, n := range known {
		if diag.Nearest(path.Base(name), []string{path.Base(n)}) != "" {
			return fmt.Sprintf("did you mean %q?", n)
		}
	}
	if strings.HasSuffix(name, ".html") {
		return "make the file " + folder + name + ", or call one that is there: " + some(l.names)
	}
	return fmt.Sprintf("define it, or give it a default with {{ block %q . }}…{{ end }}", name)
}

// some lists at most a dozen names.
func some(names []string) string {
	if len(names) > 12 {
		return strings.Join(names[:12], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

// checkPipe checks each function that is called with the number of its
// arguments. What is piped into it is its last one.
func (l *Layouts) checkPipe(f *file, pipe *parse.PipeNode) (problems []diag.Problem) {
	for i, cmd := range pipe.Cmds {
		id, ok := cmd.Args[0].(*parse.IdentifierNode)
		if !ok {
			problems = append(problems, checkArgs(f, cmd.Args)...)
			continue
		}
		problems = append(problems, checkArgs(f, cmd.Args[1:])...)
		given := len(cmd.Args) - 1
		if i > 0 {
			given++
		}
		if p := l.checkFunction(f, id, given, cmd); p != nil {
			problems = append(problems, *p)
		}
	}
	return problems
}

// checkArgs finds unknown functions that stand as arguments.
func checkArgs(f *file, args []parse.Node) (problems []diag.Problem) {
	for _, arg := range args {
		if id, ok := arg.(*parse.IdentifierNode); ok && !isFunction(id.Ident) {
			problems = append(problems, unknownFunction(f, id))
		}
	}
	return problems
}

func (l *Layouts) checkFunction(f *file, id *parse.IdentifierNode, given int, cmd *parse.CommandNode) *diag.Problem {
	fn, ours := functions[id.Ident]
	switch {
	case !isFunction(id.Ident):
		p := unknownFunction(f, id)
		return &p
	case !ours:
		return nil
	case given < fn.least || fn.most >= 0 && given > fn.most:
		p := f.problem(int(id.Pos), len(id.Ident), fmt.Sprintf("%s takes %s, not %d", id.Ident, fn.takes(), given), "write {{ "+fn.usage+" }}")
		return &p
	case id.Ident == "fragment":
		return l.checkFragment(f, cmd)
	}
	return nil
}

// checkFragment sees to it that a fragment that is named outright is there.
func (l *Layouts) checkFragment(f *file, cmd *parse.CommandNode) *diag.Problem {
	if len(cmd.Args) < 2 {
		return nil
	}
	name, ok := cmd.Args[1].(*parse.StringNode)
	if !ok || l.files[partials+name.Text] != nil {
		return nil
	}
	p := f.problem(int(name.Pos), len([]rune(name.Quoted)), noFragment(name.Text), l.fragmentHint(name.Text))
	return &p
}

func unknownFunction(f *file, id *parse.IdentifierNode) diag.Problem {
	hint := "the functions are " + strings.Join(functionNames, ", ")
	if near := diag.Nearest(id.Ident, append(slices.Clone(functionNames), builtins...)); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	} else if use := elsewhere[id.Ident]; use != "" {
		hint = use
	}
	return f.problem(int(id.Pos), len(id.Ident), fmt.Sprintf("there is no function %q", id.Ident), hint)
}

// elsewhere tells what to use instead of functions that people know from other
// generators.
var elsewhere = map[string]string{
	"safeHTML":  "what is HTML in an answer is printed as HTML; text is always escaped",
	"safeURL":   "URLs in answers are printed as they are; make others with {{ url \"/path\" }}",
	"jsonify":   "print the value itself inside <script type=\"application/ld+json\">",
	"i18n":      "write {{ t \"KEY\" }}",
	"T":         "write {{ t \"KEY\" }}",
	"partial":   "write {{ template \"partials/NAME.html\" . }}, or {{ fragment \"NAME.html\" }} if it needs no dot",
	"include":   "write {{ template \"partials/NAME.html\" . }}",
	"relURL":    "write {{ url \"/path\" }}",
	"absURL":    "write {{ absolute \"/path\" }}",
	"default":   "write {{ or .Value \"else\" }}",
	"printDate": "write {{ date \"long\" .Date }}",
	"now":       "no page holds the time of the build, so that it need not be made again every day",
}

var scripts = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?is)<script\b((?:[^>"'{]|"[^"]*"|'[^']*'|\{\{.*?\}\}|\{)*)>(.*?)(?:</script|$)`)
})
var jsonType = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\btype\s*=\s*["']?(?:application/(?:[a-z.]+\+)?json|importmap|speculationrules)`)
})

// checkScripts warns of data inside of scripts: html/template's understanding
// of JavaScript has failed often enough that its authors advise against it.
func (f *file) checkScripts() (problems []diag.Problem) {
	for _, at := range scripts().FindAllStringSubmatchIndex(f.text, -1) {
		if jsonType().MatchString(f.text[at[2]:at[3]]) {
			continue
		}
		for _, s := range spans(f.text[at[4]:at[5]]) {
			if s.comment {
				continue
			}
			p := f.problem(at[4]+s.from, s.to-s.from, "data inside a script",
				"put it into a data attribute, or into a <script type=\"application/json\"> that the script reads")
			p.Severity = diag.Warning
			problems = append(problems, p)
			break
		}
	}
	return problems
}
