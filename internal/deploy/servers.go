package deploy

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// A Served says how a web server is to serve an edition.
type Served struct {
	Name     string            // of the site, for people
	Word     string            // the same in letters, digits and _
	Host     string            // "" is any
	Base     string            // its base path, such as "/news/"
	Root     string            // the folder that "/" is: the edition lies in it, below Base
	Compress []string          // br, gzip: what lies beside the files
	Cache    map[string]string // Cache-Control by kind, where it is not the usual
	How      string            // the command that writes this file
}

// Servers are the web servers that can be told what an edition asks of its host,
// and how each is.
var Servers = map[string]func(Rules, Served) string{"nginx": Nginx, "caddy": Caddy, "apache": Apache}

func (s Served) has(how string) bool { return slices.Contains(s.Compress, how) }

// about are the lines at the head of a file: what it is, and what it cannot say.
func (s Served) about(r Rules, lines ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: made by\n#   %s\n# of what its edition says in _headers and _redirects. Write it again when these have changed:\n# until then pages at old addresses lead on.\n",
		oneLine(s.Name), oneLine(s.How))
	for _, line := range lines {
		b.WriteString("# " + line + "\n")
	}
	for _, line := range r.Unread {
		b.WriteString("# Not said here: " + oneLine(line) + "\n")
	}
	return b.String()
}

// oneLine is a text as a remark.
func oneLine(s string) string {
	s = strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return ' '
		}
		return c
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// endings are the endings of files by their content type, without its charset.
func endings() (kinds []string, of map[string][]string) {
	of = map[string][]string{}
	for ending, kind := range types {
		kind, _, _ = strings.Cut(kind, ";")
		of[kind] = append(of[kind], ending[1:])
	}
	for _, e := range of {
		slices.Sort(e)
	}
	return slices.Sorted(maps.Keys(of)), of
}

// texts are the content types that are sent with a charset.
func texts() []string {
	found := map[string]bool{}
	for _, table := range []map[string]string{types, feedTypes} {
		for _, kind := range table {
			if plain, _, ok := strings.Cut(kind, ";"); ok {
				found[plain] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// byName are content types of files whose ending does not say them: what the
// edition asks for comes first.
func (r *Rules) byName() (all []said) {
	all = r.of("Content-Type")
	for _, name := range slices.Sorted(maps.Keys(feedTypes)) {
		all = append(all, said{`/` + regexp.QuoteMeta(name) + "$", feedTypes[name]})
	}
	return all
}

// hidden are addresses of what is not for readers, as a regular expression.
const hidden = `/(\.(?!well-known/)|_headers$|_redirects$)`

// Nginx is the configuration of nginx: a file for its folder of sites.
func Nginx(r Rules, s Served) string {
	var b strings.Builder
	b.WriteString(s.about(r))
	dollar := false
	value := func(text string) string { // in which $ begins the name of a variable
		text = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text)
		if strings.Contains(text, "$") {
			dollar = true
			text = strings.ReplaceAll(text, "$", "${"+s.Word+"_dollar}")
		}
		return `"` + text + `"`
	}
	match := func(pattern string) string {
		return `"~` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(pattern) + `"`
	}
	table := func(name, other string, all []said) string {
		fmt.Fprintf(&b, "\nmap $uri $%s_%s {\n\tdefault %s;\n", s.Word, name, value(other))
		for _, one := range all {
			fmt.Fprintf(&b, "\t%s %s;\n", match(one.pattern), value(one.value))
		}
		b.WriteString("}\n")
		return "$" + s.Word + "_" + name
	}
	var headers []string
	said, other := r.cached(s.Cache)
	headers = append(headers, "Cache-Control "+table("cache_control", other, said))
	for _, name := range r.names() {
		headers = append(headers, name+" "+table(strings.ReplaceAll(strings.ToLower(name), "-", "_"), "", r.of(name)))
	}
	missing := table("missing", s.Base+"404.html", r.errorPages())
	server := r.nginxServer(s, headers, missing, value, match)
	if dollar {
		fmt.Fprintf(&b, "\ngeo $%s_dollar { default \"$\"; }\n", s.Word)
	}
	return b.String() + server
}

// errorPages say which page stands for what is missing below a folder.
func (r *Rules) errorPages() (all []said) {
	for _, folder := range r.missing {
		all = append(all, said{"^" + regexp.QuoteMeta(folder), folder + "404.html"})
	}
	return all
}

func (r *Rules) nginxServer(s Served, headers []string, missing string, value, match func(string) string) string {
	var b strings.Builder
	kinds, of := endings()
	fmt.Fprintf(&b, "\nserver {\n\tlisten 80;\n\tlisten [::]:80;\n\tserver_name %s;\n\troot %s;\n\tindex index.html;\n\tabsolute_redirect off;\n", cmp.Or(s.Host, "_"), value(s.Root))
	b.WriteString("\n\ttypes {\n")
	for _, kind := range kinds {
		fmt.Fprintf(&b, "\t\t%s %s;\n", kind, strings.Join(of[kind], " "))
	}
	b.WriteString("\t}\n\tdefault_type application/octet-stream;\n")
	said := strings.Join(slices.DeleteFunc(texts(), func(kind string) bool { return kind == "text/html" }), " ") // which nginx has in these lists
	fmt.Fprintf(&b, "\tcharset utf-8;\n\tcharset_types %s;\n", said)
	fmt.Fprintf(&b, "\n\tgzip on;\n\tgzip_vary on;\n\tgzip_min_length 1024;\n\tgzip_types %s;\n", said)
	if s.has("gzip") {
		b.WriteString("\tgzip_static on;\n")
	}
	if s.has("br") {
		b.WriteString("\tbrotli_static on; # Debian: apt install libnginx-mod-http-brotli-static\n")
	}
	b.WriteString("\n")
	for _, h := range headers {
		b.WriteString("\tadd_header " + h + " always;\n")
	}
	exact, patterns := r.nginxRedirects(value, match)
	fmt.Fprintf(&b, "\n\trecursive_error_pages on;\n\terror_page 403 =404 %s;\n", missing)
	if patterns == "" {
		fmt.Fprintf(&b, "\terror_page 404 %s;\n", missing)
	} else {
		fmt.Fprintf(&b, "\terror_page 404 = @patterns;\n\tlocation @patterns {\n\t\terror_page 404 %s;\n%s\t\treturn 404;\n\t}\n", missing, patterns)
	}
	b.WriteString("\tif (-f ${request_filename}410.txt) { return 410; } # a story that was killed or has expired\n\terror_page 410 @gone;\n\tlocation @gone {\n\t\trewrite ^(.*)/$ $1/index.html break;\n\t\terror_page 404 =410 " + missing + ";\n\t}\n")
	fmt.Fprintf(&b, "\tlocation ~ \"%s { return 404; }\n", match(hidden)[2:])
	for _, one := range r.byName() {
		kind, _, _ := strings.Cut(one.value, ";")
		if mediaType().MatchString(kind) {
			fmt.Fprintf(&b, "\tlocation ~ \"%s { types {} default_type %s; }\n", match(one.pattern)[2:], kind)
		}
	}
	b.WriteString(exact + "}\n")
	return b.String()
}

var mediaType = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z]+/[A-Za-z0-9.+-]+$`) })

// nginxRedirects are those of one address each, and those that are looked at where
// no file lies.
func (r *Rules) nginxRedirects(value, match func(string) string) (exact, patterns string) {
	lines, order, done := map[string]string{}, []string{}, map[string]bool{}
	for _, rule := range r.redirects {
		path, plain := rule.pattern.plain()
		if !plain {
			patterns += rule.nginxPattern(value, match)
			continue
		}
		act := "return 410;"
		if rule.status != 410 {
			to := strings.TrimSuffix(value(rule.to), `"`)
			if len(rule.query) == 0 && !strings.ContainsAny(rule.to, "?#") {
				to += "$is_args$args"
			}
			act = fmt.Sprintf(`return %d %s";`, rule.status, to)
		}
		var names, values []string
		for _, q := range rule.query {
			if strings.HasPrefix(q[1], ":") {
				q[1] = ".+"
			} else {
				q[1] = regexp.QuoteMeta(q[1])
			}
			names, values = append(names, "${arg_"+q[0]+"}"), append(values, q[1])
		}
		if len(names) > 0 {
			act = fmt.Sprintf("set $asked \"%s\"; if ($asked ~ %s) { %s }", strings.Join(names, "&"), `"`+match("^" + strings.Join(values, "&") + "$")[2:], act)
		}
		for _, at := range []string{strings.TrimSuffix(path, "/"), strings.TrimSuffix(path, "/") + "/"} {
			if at == "" || done[at] { // the rule above leads away already
				continue
			}
			if lines[at] == "" {
				order = append(order, at)
			}
			done[at] = len(names) == 0
			lines[at] += "\t\t" + act + "\n"
		}
	}
	for _, at := range order {
		quoted := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(at) + `"`
		exact += "\tlocation = " + quoted + " {\n" + lines[at] + "\t}\n"
	}
	return exact, patterns
}

func (r *redirectRule) nginxPattern(value, match func(string) string) string {
	pattern := `"` + match(r.pattern.regexp(false))[2:]
	to := strings.Trim(r.fill(value(r.to), func(i int) string { return fmt.Sprintf("$%d", i) }), `"`)
	switch r.status {
	case 301, 302: // what the names stand for is escaped
		return fmt.Sprintf("\t\trewrite %s \"%s\" %s;\n", pattern, to, map[int]string{301: "permanent", 302: "redirect"}[r.status])
	case 410:
		return fmt.Sprintf("\t\tif ($uri ~ %s) { return 410; }\n", pattern)
	}
	// $uri is not escaped: what would be a line of its own in the answer is not let in.
	return fmt.Sprintf("\t\tif ($uri ~ %s) { return %d \"%s\"; }\n", strings.NewReplacer("(.*)", `([^\\r\\n]*)`, "([^/]+)", `([^/\\r\\n]+)`).Replace(pattern), r.status, to)
}
