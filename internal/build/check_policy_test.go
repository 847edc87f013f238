package build_test

import (
	"fmt"
	"strings"
	"testing"
)

// What the policy keeps browsers from is told where it is written: in a text, in a
// layout that many pages are made with, in a page of static/.
func TestPolicyTold(t *testing.T) {
	site := `-- site.yaml --
base_url: https://paper.example/
trusted: [town]
-- content/town/ferry.md --
---
title: The ferry sails again
date: 2026-11-01
---
It sails.

<a href="javascript:history.back()">Back</a>

<p class="x"
 onclick="a()">At noon.</p>

<iframe src="https://paper.example/map.html"></iframe>
-- layouts/article.html --
<!doctype html>
<html lang="{{ .Lang }}">
<head>
<title>{{ .Headline }}</title>
<link rel="stylesheet" href="https://fonts.example/css">
<script src="//cdn.example/x.js"></script>
<script type="application/ld+json">{}</script>
<style>p { color: red }</style>
</head>
<h1 style="order: {{ len .Headline }}">{{ .Title }}</h1>
{{ body }}
<embed src="/map.html">
<a href="{{ url "/" }}">All</a> <a href="{{ url "/map.html" }}">The map</a>
</html>
-- static/map.html --
<!doctype html>
<script>draw()</script>
`
	var told []string
	for _, p := range checkedAgainst(t, "", site, "", "check: {link-external: off}\n") {
		told = append(told, fmt.Sprintf("%s:%d:%d:%d %s: %s", p.Path, p.Line, p.Column, p.Length, p.Rule, p.Text))
	}
	const want = `content/town/ferry.md:7:10:25 inline-blocked: browsers do not run a script that is written into a link of this site
content/town/ferry.md:10:2:13 inline-blocked: browsers do not run what stands in onclick
layouts/article.html:5:30:25 host-blocked: no style may come from fonts.example: browsers load the site's own alone, on the page town/2026/11/ferry/index.html
layouts/article.html:6:14:18 host-blocked: no script may come from cdn.example: site.yaml does not allow it, on the page town/2026/11/ferry/index.html
layouts/article.html:8:1:7 inline-blocked: browsers do not heed a style that is written into a page of this site, on the page town/2026/11/ferry/index.html
layouts/article.html:10:5:6 inline-blocked: browsers do not heed a style that is written into a page of this site, on the page town/2026/11/ferry/index.html
layouts/article.html:12:13:9 host-blocked: browsers load nothing here that needs a plug-in, on the page town/2026/11/ferry/index.html
static/map.html:2:1:8 inline-blocked: browsers do not run a script that is written into a page of this site`
	if got := strings.Join(told, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
