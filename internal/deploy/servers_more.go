package deploy

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Caddy is the configuration of Caddy: a site block.
func Caddy(r Rules, s Served) string {
	var b strings.Builder
	b.WriteString(s.about(r, "The query of an old address is not handed on."))
	site := cmp.Or(s.Host, "http://")
	fmt.Fprintf(&b, "%s {\n\troot * %s\n\tencode gzip\n\troute {\n", site, caddyWord(s.Root))
	n := 0
	matched := func(indent, pattern string) string {
		n++
		fmt.Fprintf(&b, "%s@%d path_regexp %s\n", indent, n, caddyWord(pattern))
		return fmt.Sprint("@", n)
	}
	header := func(name, other string, all []said) {
		if other != "" {
			fmt.Fprintf(&b, "\t\theader %s %s\n", name, caddyValue(other))
		}
		for _, one := range slices.Backward(all) { // of two the one below counts
			fmt.Fprintf(&b, "\t\theader %s %s %s\n", matched("\t\t", one.pattern), name, caddyValue(one.value))
		}
	}
	cached, other := r.cached(s.Cache)
	header("Cache-Control", other, cached)
	for _, name := range r.names() {
		header(name, "", r.of(name))
	}
	b.WriteString("\t\theader Content-Type application/octet-stream\n")
	kinds, of := endings()
	for _, kind := range kinds {
		full := types["."+of[kind][0]]
		fmt.Fprintf(&b, "\t\t@%d path *.%s\n\t\theader @%d Content-Type %s\n", n+1, strings.Join(of[kind], " *."), n+1, caddyValue(full))
		n++
	}
	header("Content-Type", "", append(r.byName(), said{"/$", types[".html"]}))
	b.WriteString("\t\t@hidden {\n\t\t\tpath_regexp `" + strings.Replace(hidden, `(?!well-known/)`, "", 1) + "`\n\t\t\tnot path */.well-known/*\n\t\t}\n\t\terror @hidden 404\n")
	for _, rule := range r.redirects {
		rule.caddy(&b, &n)
	}
	b.WriteString("\t\t@gone file {path}410.txt # a story that was killed or has expired\n\t\thandle @gone {\n\t\t\tfile_server {\n\t\t\t\tstatus 410\n\t\t\t}\n\t\t}\n")
	pre := strings.TrimSpace(strings.ReplaceAll(strings.Join(s.Compress, " "), "brotli", "br"))
	b.WriteString("\t\tfile_server")
	if pre != "" {
		fmt.Fprintf(&b, " {\n\t\t\tprecompressed %s\n\t\t}", pre)
	}
	b.WriteString("\n\t}\n\thandle_errors {\n\t\theader Content-Type \"text/html; charset=utf-8\"\n")
	for _, name := range r.names() {
		for _, one := range r.of(name) {
			if regexp.MustCompile(one.pattern).MatchString(s.Base + "404.html") {
				fmt.Fprintf(&b, "\t\theader %s %s\n", name, caddyValue(one.value))
				break
			}
		}
	}
	for _, one := range r.errorPages() {
		fmt.Fprintf(&b, "\t\thandle %s {\n\t\t\trewrite * %s\n\t\t\tfile_server\n\t\t}\n", matched("\t\t", one.pattern), caddyWord(one.value))
	}
	b.WriteString("\t\thandle {\n\t\t\trespond \"{err.status_code}\"\n\t\t}\n\t}\n}\n")
	return b.String()
}

// caddyWord is a word in a Caddyfile; in some {NAME} stands for something.
func caddyWord(s string) string {
	if strings.ContainsAny(s, "\"\\") {
		return "`" + s + "`" // in which all stands for itself; ReadRules lets none of these in
	}
	return `"` + s + `"`
}

// caddyValue is a word that stands for nothing but itself.
func caddyValue(s string) string {
	return caddyWord(strings.NewReplacer("{", `\{`, "}", `\}`).Replace(s))
}

func (r *redirectRule) caddy(b *strings.Builder, n *int) {
	*n++
	name := fmt.Sprint("r", *n)
	fmt.Fprintf(b, "\t\t@%s {\n\t\t\tpath_regexp %s %s\n", name, name, caddyWord(r.pattern.regexp(false)))
	for _, q := range r.query {
		value := q[1]
		if strings.HasPrefix(value, ":") {
			value = "*"
		}
		if plain, err := url.QueryUnescape(value); err == nil {
			value = plain
		}
		fmt.Fprintf(b, "\t\t\tquery %s\n", caddyWord(q[0]+"="+value))
	}
	if _, plain := r.pattern.plain(); !plain {
		b.WriteString("\t\t\tnot file {path} {path}/index.html\n")
	}
	b.WriteString("\t\t}\n")
	if r.status == 410 {
		fmt.Fprintf(b, "\t\terror @%s 410\n", name)
		return
	}
	to := r.fill(strings.Trim(caddyValue(r.to), "\"`"), func(i int) string { return fmt.Sprintf("{re.%s.%d}", name, i) })
	fmt.Fprintf(b, "\t\tredir @%s `%s` %d\n", name, to, r.status)
}

// Apache is the configuration of Apache: a file for its folder of sites.
func Apache(r Rules, s Served) string {
	var b strings.Builder
	b.WriteString(s.about(r, "It needs the modules headers and rewrite: a2enmod headers rewrite"))
	b.WriteString("<VirtualHost *:80>\n")
	if s.Host != "" {
		fmt.Fprintf(&b, "\tServerName %s\n", s.Host)
	}
	fmt.Fprintf(&b, "\tDocumentRoot %s\n\t<Directory %s>\n\t\tRequire all granted\n\t\tAllowOverride None\n\t\tOptions -Indexes -MultiViews\n\t\tDirectoryIndex index.html\n\t</Directory>\n", apacheWord(s.Root), apacheWord(s.Root))
	b.WriteString("\tAddDefaultCharset off\n")
	kinds, of := endings()
	for _, kind := range kinds {
		fmt.Fprintf(&b, "\tAddType %s .%s\n", apacheWord(types["."+of[kind][0]]), strings.Join(of[kind], " ."))
	}
	for _, one := range slices.Backward(r.byName()) {
		fmt.Fprintf(&b, "\t<LocationMatch %s>\n\t\tForceType %s\n\t</LocationMatch>\n", apacheWord(one.pattern), apacheWord(one.value))
	}
	header := func(name, other string, all []said) {
		if other != "" {
			fmt.Fprintf(&b, "\tHeader always set %s %s\n", name, apacheValue(other))
		}
		for _, one := range slices.Backward(all) { // of two the one below counts
			fmt.Fprintf(&b, "\t<LocationMatch %s>\n\t\tHeader always set %s %s\n\t</LocationMatch>\n", apacheWord(one.pattern), name, apacheValue(one.value))
		}
	}
	cached, other := r.cached(s.Cache)
	header("Cache-Control", "", append(cached, said{"^", other}))
	for _, name := range r.names() {
		header(name, "", r.of(name))
	}
	fmt.Fprintf(&b, "\tErrorDocument 404 %s\n", apacheWord(s.Base+"404.html"))
	for _, one := range slices.Backward(r.errorPages()) {
		fmt.Fprintf(&b, "\t<LocationMatch %s>\n\t\tErrorDocument 404 %s\n\t\tErrorDocument 403 %[2]s\n\t</LocationMatch>\n", apacheWord(one.pattern), apacheWord(one.value))
	}
	b.WriteString("\tRewriteEngine on\n")
	fmt.Fprintf(&b, "\tRewriteRule %s - [R=404,L]\n", rewriteWord(hidden))
	for _, rule := range r.redirects {
		rule.apache(&b)
	}
	b.WriteString("\t# a story that was killed or has expired\n\tRewriteCond %{DOCUMENT_ROOT}%{REQUEST_URI}410.txt -f\n\tRewriteRule ^ - [R=410,L]\n\tErrorDocument 410 \"%{REQUEST_URI}index.html\"\n")
	s.apacheCompressed(&b)
	b.WriteString("</VirtualHost>\n")
	return b.String()
}

// apacheCompressed has what lies beside a file sent in its place.
func (s Served) apacheCompressed(b *strings.Builder) {
	if len(s.Compress) == 0 {
		return
	}
	var endings []string
	for ending := range types {
		if Compressible("x"+ending, 1<<20) {
			endings = append(endings, ending[1:])
		}
	}
	slices.Sort(endings)
	b.WriteString("\tRemoveType .gz\n")
	for _, how := range []struct{ name, ending, asked string }{{"br", "br", `\bbr\b`}, {"gzip", "gz", `\bgzip\b`}} {
		if !s.has(how.name) {
			continue
		}
		fmt.Fprintf(b, "\t<FilesMatch \"\\.(%s)\\.%s$\">\n\t\tAddEncoding %s .%s\n\t\tHeader append Vary Accept-Encoding\n\t</FilesMatch>\n", strings.Join(endings, "|"), how.ending, how.name, how.ending)
		for _, index := range []string{"index.html", ""} {
			fmt.Fprintf(b, "\tRewriteCond %%{HTTP:Accept-Encoding} %s\n\tRewriteCond %%{DOCUMENT_ROOT}%%{REQUEST_URI}%s.%s -f\n\tRewriteRule ^ %%{DOCUMENT_ROOT}%%{REQUEST_URI}%[2]s.%[3]s [L,E=no-gzip:1]\n", how.asked, index, how.ending)
		}
	}
}

// apacheWord is a word in a configuration of Apache.
func apacheWord(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// rewriteWord is one of mod_rewrite, which lets backslashes stand.
func rewriteWord(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }

// apacheValue is that of a header, in which % begins the name of a variable.
func apacheValue(s string) string { return apacheWord(strings.ReplaceAll(s, "%", "%%")) }

func (r *redirectRule) apache(b *strings.Builder) {
	for _, q := range r.query {
		value := regexp.QuoteMeta(q[1])
		if strings.HasPrefix(q[1], ":") {
			value = "[^&]+"
		}
		fmt.Fprintf(b, "\tRewriteCond %%{QUERY_STRING} %s\n", rewriteWord("(^|&)"+q[0]+"="+value+"(&|$)"))
	}
	_, plain := r.pattern.plain()
	if !plain {
		b.WriteString("\tRewriteCond %{DOCUMENT_ROOT}%{REQUEST_URI} !-f\n\tRewriteCond %{DOCUMENT_ROOT}%{REQUEST_URI}/index.html !-f\n")
	}
	if r.status == 410 {
		fmt.Fprintf(b, "\tRewriteRule %s - [R=410,L]\n", rewriteWord(r.pattern.regexp(false)))
		return
	}
	escape := strings.NewReplacer("%", `\%`, "$", `\$`, `"`, `%22`)
	flags := fmt.Sprintf("[R=%d,L,NE]", r.status)
	to := r.to
	if !plain {
		// What the names stand for must be escaped, and all is or nothing.
		if u, err := url.PathUnescape(to); err == nil && !unprintable(u) && !strings.ContainsAny(u, "?#\"") {
			to, flags = u, fmt.Sprintf("[R=%d,L]", r.status)
		}
	} else if len(r.query) > 0 && !strings.Contains(to, "?") {
		to += "?" // the query has led here, and goes no further
	}
	fmt.Fprintf(b, "\tRewriteRule %s %s %s\n", rewriteWord(r.pattern.regexp(false)), rewriteWord(r.fill(escape.Replace(to), func(i int) string { return fmt.Sprintf("$%d", i) })), flags)
}

// Vercel is what vercel.json says of headers and redirects.
func Vercel(r Rules) (headers, redirects json.RawMessage) {
	type pair struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	}
	type header struct {
		Source  string `json:"source"`
		Headers []pair `json:"headers"`
	}
	type condition struct {
		Type  string `json:"type"`
		Key   string `json:"key"`
		Value string `json:"value,omitempty"`
	}
	type redirect struct {
		Source      string      `json:"source"`
		Has         []condition `json:"has,omitempty"`
		Destination string      `json:"destination"`
		Status      int         `json:"statusCode"`
	}
	hs, rs := []header{}, []redirect{}
	for _, rule := range r.headers {
		h := header{Source: rule.pattern.vercel()}
		for _, f := range rule.fields {
			h.Headers = append(h.Headers, pair{f[0], f[1]})
		}
		if len(h.Headers) > 0 {
			hs = append(hs, h)
		}
	}
	for _, rule := range r.redirects {
		if rule.status == 410 {
			continue // it has no such status
		}
		one := redirect{Source: rule.pattern.vercel(), Destination: rule.fill(rule.to, func(i int) string { return fmt.Sprintf(":v%d", i) }), Status: rule.status}
		for _, q := range rule.query {
			c := condition{Type: "query", Key: q[0], Value: regexp.QuoteMeta(q[1])}
			if strings.HasPrefix(q[1], ":") {
				c.Value = ""
			}
			one.Has = append(one.Has, c)
		}
		rs = append(rs, one)
	}
	return raw(hs), raw(rs)
}

func raw(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(v) // plain data, which is written always
	return b.Bytes()
}

// vercel is a pattern as Vercel writes it (path-to-regexp).
func (p pattern) vercel() string {
	var b strings.Builder
	n := 0
	for _, part := range p {
		switch part.name {
		case "":
			for _, c := range part.text {
				if strings.ContainsRune(`:()*+?{}\`, c) {
					b.WriteByte('\\')
				}
				b.WriteRune(c)
			}
		case "splat":
			n++
			fmt.Fprintf(&b, ":v%d(.*)", n)
		default:
			n++
			fmt.Fprintf(&b, ":v%d", n)
		}
	}
	return b.String()
}
