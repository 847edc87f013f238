package layout

import (
	"fmt"
	"html/template"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"stet/internal/diag"
	"stet/internal/page"
)

// A function is what templates may call.
type function struct {
	usage       string
	least, most int // arguments; most is -1 where there is no limit
	call        func(r *renderer, c call) (any, error)
}

// A call is one call of a function, with its arguments.
type call struct {
	name string
	args []any
}

var functions map[string]function

// functionNames are in order of the alphabet, for hints.
var functionNames []string

// builtins are the functions of text/template.
var builtins = []string{"and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or", "print", "printf", "println", "slice", "urlquery"}

// stubs stand for the functions until a renderer binds its own.
var stubs = template.FuncMap{}

func isFunction(name string) bool {
	_, ours := functions[name]
	return ours || slices.Contains(builtins, name)
}

func init() {
	functions = map[string]function{
		// What asks.
		"config":   {"config KEY", 1, 1, asksHere("config", "KEY")},
		"menu":     {"menu NAME", 1, 1, asksHere("menu", "NAME")},
		"series":   {"series NAME", 1, 1, asksHere("series", "NAME")},
		"latest":   {"latest SECTION N", 1, 2, latest},
		"section":  {"section NAME", 1, 1, asksHere("section", "NAME")},
		"sections": {"sections", 0, 0, asksHere("sections", "")},
		"indexes":  {"indexes", 0, 0, asksHere("indexes", "")},
		"author":   {"author NAME", 1, 1, asksHere("author", "NAME")},
		"tag":      {"tag NAME", 1, 1, asksHere("tag", "NAME")},
		"pictures": {"pictures NAME N", 2, 2, named("pictures", "NAME")},
		"related":  {"related PATH N", 2, 2, named("related", "PATH")},
		"near":     {`near "older" PATH`, 2, 2, near},
		"front":    {"front NAME", 0, 1, asksHere("front", "NAME")},
		"bar":      {"bar", 0, 0, asksHere("bar", "")},
		"card":     {"card PATH", 1, 1, card},
		"image":    {"image SRC WIDTHS RATIO", 1, 3, image},
		"poster":   {"poster PAPER SECTION HEADLINE", 3, 3, poster},
		"asset":    {"asset PATH", 1, 1, asset},
		"data":     {"data FILE KEY", 1, 2, data},
		"url":      {"url PATH", 1, 1, asksText("url", "PATH")},
		"absolute": {"absolute URL", 1, 1, asksText("absolute", "URL")},
		"policy":   {"policy", 0, 0, func(r *renderer, _ call) (any, error) { return r.get("policy", "") }},
		"body":     {"body", 0, 1, body},
		"fragment": {"fragment NAME ARG…", 1, -1, fragment},

		"commenting":     {"commenting", 0, 0, asksHere("commenting", "")},
		"thread":         {"thread PATH", 1, 1, asksHere("thread", "PATH")},
		"commentcount":   {"commentcount PATH", 1, 1, asksText("commentcount", "PATH")},
		"tally":          {"tally PATH", 1, 1, asksText("tally", "PATH")},
		"newestcomments": {"newestcomments N", 1, 1, newestComments},
		// What is known already.
		"t":      {"t KEY ARG…", 1, -1, translated},
		"date":   {"date STYLE TIME", 2, 2, date},
		"number": {"number N", 1, 1, number},
		"upper":  {"upper TEXT", 1, 1, upper},
		"join":   {"join LIST", 1, 1, join},
		"param":  {"param KEY", 1, 1, param},
		"dict":   {"dict KEY VALUE…", 0, -1, dict},
		"list":   {"list VALUE…", 0, -1, func(_ *renderer, c call) (any, error) { return slices.Clone(c.args), nil }},
		"add":    {"add N N", 2, 2, add},
		"sub":    {"sub N N", 2, 2, sub},
		"shows":  {"shows DOT WORD", 2, 2, shows},
	}
	functionNames = slices.Sorted(maps.Keys(functions))
	for name := range functions {
		stubs[name] = func(...any) (any, error) { return nil, errStub }
	}
	stubs[enterFunc], stubs[leaveFunc], stubs[markFunc] = stubs["list"], stubs["list"], stubs["list"]
}

var errStub = fmt.Errorf("not bound to a renderer")

// Functions lists how each function of templates is called, such as
// "latest SECTION N", in order of the alphabet.
func Functions() []string {
	var usages []string
	for _, name := range functionNames {
		usages = append(usages, functions[name].usage)
	}
	return usages
}

// takes says how many arguments a function wants.
func (f function) takes() string {
	switch {
	case f.most == 0:
		return "no arguments"
	case f.most < 0:
		return fmt.Sprintf("at least %s", arguments(f.least))
	case f.least == f.most:
		return arguments(f.least)
	}
	return fmt.Sprintf("%d to %s", f.least, arguments(f.most))
}

func arguments(n int) string {
	if n == 1 {
		return "1 argument"
	}
	return fmt.Sprintf("%d arguments", n)
}

// A misuse is what a function says of its arguments. The place is added by
// whoever knows it.
type misuse struct{ text, hint string }

func (m misuse) Error() string { return m.text }

func (c call) wrong(i int, name, want string) error {
	return misuse{
		fmt.Sprintf("%s: %s is %s, not %s", c.name, name, kindOf(c.args[i]), want),
		"write {{ " + functions[c.name].usage + " }}",
	}
}

// text is argument i, which must be a text.
func (c call) text(i int, name string) (string, error) {
	if s, ok := c.args[i].(string); ok {
		return s, nil
	}
	if s, ok := textOf(c.args[i]); ok {
		return s, nil
	}
	return "", c.wrong(i, name, "a text")
}

// number is argument i, which must be a whole number.
func (c call) number(i int, name string) (int, error) {
	if n, ok := c.args[i].(int); ok {
		return n, nil
	}
	if n, ok := wholeOf(c.args[i]); ok {
		return n, nil
	}
	return 0, c.wrong(i, name, "a whole number")
}

// asksText asks a question that has one text and is the same in all languages.
func asksText(kind, name string) func(*renderer, call) (any, error) {
	return func(r *renderer, c call) (any, error) {
		s, err := c.text(0, name)
		if err != nil {
			return nil, err
		}
		return r.get(kind, page.Args(s))
	}
}

// asksHere asks a question about something of the page's language, or about all
// of its kind if it is given no name.
func asksHere(kind, name string) func(*renderer, call) (any, error) {
	return func(r *renderer, c call) (any, error) {
		if len(c.args) == 0 {
			return r.get(kind, page.Args(r.lang))
		}
		s, err := c.text(0, name)
		if err != nil {
			return nil, err
		}
		return r.get(kind, page.Args(r.lang, s))
	}
}

// card gives the card of a path; one that is given, it gives back: so partials
// take either. Of a list it is that of the first entry: others say what a partial
// is to show beside it.
func card(r *renderer, c call) (any, error) {
	if list, isList := c.args[0].([]any); isList && len(list) > 0 {
		c.args = list[:1]
	}
	if _, isCard := fieldText(c.args[0], "Path"); isCard {
		return c.args[0], nil
	}
	return asksHere("card", "PATH")(r, c)
}

// shows tells whether a partial was given a word beside what it is about.
func shows(_ *renderer, c call) (any, error) {
	word, err := c.text(1, "WORD")
	if err != nil {
		return nil, err
	}
	list, _ := c.args[0].([]any)
	return len(list) > 1 && slices.Contains(list[1:], any(word)), nil
}

// newestComments asks for the newest comments of the page's language.
func newestComments(r *renderer, c call) (any, error) {
	n, err := c.number(0, "N")
	if err != nil {
		return nil, err
	}
	return r.get("newestcomments", page.Args(r.lang, strconv.Itoa(n)))
}

// asset gives the address of a file of static/assets/.
func asset(r *renderer, c call) (any, error) {
	name, err := c.text(0, "PATH")
	if err != nil {
		return nil, err
	}
	v, err := r.get("asset", page.Args(name))
	if err != nil {
		return nil, err
	}
	if url, ok := v.(string); ok {
		return url, nil
	}
	if url, ok := fieldText(v, "URL"); ok {
		return url, nil
	}
	return nil, misuse{fmt.Sprintf("asset: there is no file %q in static/assets/", name), "put it there, or correct the path"}
}

func latest(r *renderer, c call) (any, error) {
	section := "*"
	if len(c.args) == 2 {
		s, err := c.text(0, "SECTION")
		if err != nil {
			return nil, err
		}
		if s != "" {
			section = s
		}
	}
	n, err := c.number(len(c.args)-1, "N")
	if err != nil {
		return nil, err
	}
	return r.get("latest", page.Args(r.lang, section, strconv.Itoa(n)))
}

// named asks about something of the page's language, for a number of answers at
// most.
func named(kind, name string) func(*renderer, call) (any, error) {
	return func(r *renderer, c call) (any, error) {
		s, err := c.text(0, name)
		if err != nil {
			return nil, err
		}
		n, err := c.number(1, "N")
		if err != nil {
			return nil, err
		}
		return r.get(kind, page.Args(r.lang, s, strconv.Itoa(n)))
	}
}

// ways are the directions of near: in the section, and in the series.
var ways = []string{"older", "newer", "previous-part", "next-part"}

func near(r *renderer, c call) (any, error) {
	way, err := c.text(0, "the direction")
	if err != nil {
		return nil, err
	}
	if !slices.Contains(ways, way) {
		hint := `write {{ near "older" .Path }}, or "newer", "previous-part", "next-part"`
		if meant := diag.Nearest(way, ways); meant != "" {
			hint = fmt.Sprintf("did you mean %q?", meant)
		}
		return nil, misuse{fmt.Sprintf("near: there is no direction %q", way), hint}
	}
	path, err := c.text(1, "PATH")
	if err != nil {
		return nil, err
	}
	return r.get("near", page.Args(r.lang, way, path))
}

func image(r *renderer, c call) (any, error) {
	src, ok := fieldText(c.args[0], "Src")
	if !ok {
		return nil, c.wrong(0, "SRC", "a path or an image")
	}
	fields := []string{src, "", "", focus(c.args[0]), r.lang}
	if len(c.args) > 1 {
		widths, err := c.widths(1)
		if err != nil {
			return nil, err
		}
		fields[1] = widths
	}
	if len(c.args) > 2 {
		ratio, err := c.text(2, "RATIO")
		if err != nil {
			return nil, err
		}
		if ratio != "" && !isRatio().MatchString(ratio) {
			return nil, c.wrong(2, "RATIO", "a ratio such as 16:9")
		}
		fields[2] = ratio
	}
	return r.get("image", page.Args(fields...))
}

// poster gives the picture that is drawn of these words.
func poster(r *renderer, c call) (any, error) {
	var words []string
	for i, name := range []string{"PAPER", "SECTION", "HEADLINE"} {
		s, err := c.text(i, name)
		if err != nil {
			return nil, err
		}
		words = append(words, s)
	}
	return r.get("poster", page.Args(words...))
}

var (
	isRatio   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[1-9]\d{0,3}:[1-9]\d{0,3}$`) })
	areWidths = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[1-9]\d{0,4}( *, *[1-9]\d{0,4})*$`) })
)

// widths are one number or several with commas between.
func (c call) widths(i int) (string, error) {
	text, ok := textOf(c.args[i])
	if n, isNumber := wholeOf(c.args[i]); isNumber {
		text, ok = strconv.Itoa(n), true
	}
	if text = strings.TrimSpace(text); text == "" || text == "0" {
		return "", nil
	}
	if !ok || !areWidths().MatchString(text) {
		return "", c.wrong(i, "WIDTHS", `a width in pixels, or several such as "480,960"`)
	}
	return strings.ReplaceAll(text, " ", ""), nil
}

// focus is the point of an image that must stay in sight, "" if it is a path,
// or that point is the centre.
func focus(v any) string {
	f := fieldOf(v, "Focus")
	if !f.IsValid() {
		return ""
	}
	at, ok := f.Interface().([2]float64)
	if !ok || at == [2]float64{0.5, 0.5} {
		return ""
	}
	return strconv.FormatFloat(at[0], 'g', -1, 64) + "," + strconv.FormatFloat(at[1], 'g', -1, 64)
}

func data(r *renderer, c call) (any, error) {
	var fields []string
	for i, name := range []string{"FILE", "KEY"}[:len(c.args)] {
		s, err := c.text(i, name)
		if err != nil {
			return nil, err
		}
		fields = append(fields, s)
	}
	return r.get("data", page.Args(fields...))
}

func body(r *renderer, c call) (any, error) {
	if len(c.args) == 1 {
		path, err := c.text(0, "PATH")
		if err != nil {
			return nil, err
		}
		return r.get("body", page.Args(path))
	}
	for _, field := range []string{"Path", "Source"} {
		if path, ok := fieldText(r.dot, field); ok {
			if path == "" {
				return template.HTML(""), nil
			}
			return r.get("body", page.Args(path))
		}
	}
	return nil, misuse{"body: this page has no text of its own", "write {{ body PATH }} for that of another"}
}

func fragment(r *renderer, c call) (any, error) {
	name, err := c.text(0, "NAME")
	if err != nil {
		return nil, err
	}
	if !r.layouts.fragments[name] {
		return nil, misuse{noFragment(name), r.layouts.fragmentHint(name)}
	}
	args, err := fragmentArgs(r.lang, name, c.args[1:])
	if err != nil {
		return nil, misuse{"fragment: " + err.Error(), "a fragment takes plain texts, numbers and lists of them; give it a path, and ask inside of it: {{ card . }}"}
	}
	return r.get("fragment", args)
}

func noFragment(name string) string { return fmt.Sprintf("there is no fragment %q", name) }

func (l *Layouts) fragmentHint(name string) string {
	var known []string
	for _, n := range l.names {
		if len(n) > len(partials) && n[:len(partials)] == partials {
			known = append(known, n[len(partials):])
		}
	}
	for _, n := range known {
		if n == name+".html" || partials+n == name {
			return fmt.Sprintf("did you mean %q?", n)
		}
	}
	if near := diag.Nearest(name, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "make the file " + folder + partials + name
}
