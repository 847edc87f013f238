package service

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"stet/internal/comments"
)

// A trial is a request of somebody who means no good: either it is refused, or what
// it brings is stored and shown as text.
type trial struct {
	status  int
	change  func(form url.Values)
	headers []string
	stored  string // the text; "" if nothing is to be stored
}

func set(pairs ...string) func(url.Values) {
	return func(form url.Values) {
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
	}
}

const sql = `'); DROP TABLE comments; --`

func trials(b *bench, other comments.Comment) map[string]trial {
	same := func(url.Values) {}
	return map[string]trial{
		"a good one":                 {303, same, nil, "Good morning"},
		"without an origin":          {303, same, []string{"Origin", ""}, "Good morning"},
		"by referer":                 {303, same, []string{"Origin", "", "Referer", news1 + fire}, "Good morning"},
		"another site":               {403, same, []string{"Origin", "https://evil.example"}, ""},
		"another site's page":        {403, same, []string{"Origin", "", "Referer", "https://evil.example/x"}, ""},
		"another scheme":             {403, same, []string{"Origin", "http://news.example"}, ""},
		"another port":               {403, same, []string{"Origin", news1 + ":444"}, ""},
		"a longer name":              {403, same, []string{"Origin", news1 + ".evil.example"}, ""},
		"a sealed frame":             {403, same, []string{"Origin", "null", "Sec-Fetch-Site", "cross-site"}, ""},
		"a token of another story":   {403, func(f url.Values) { f.Set("story", harbr) }, nil, ""},
		"a made up token":            {403, set("token", strings.Repeat("A", 54)), nil, ""},
		"a token that is too long":   {403, set("token", strings.Repeat("A", 5000)), nil, ""},
		"another key":                {403, set("key", "x"), nil, ""},
		"no key":                     {403, set("key", ""), nil, ""},
		"a key of SQL":               {403, set("key", sql), nil, ""},
		"an unknown story":           {404, set("story", "/town/nothing/"), nil, ""},
		"a story of SQL":             {404, set("story", sql), nil, ""},
		"no story":                   {404, set("story", ""), nil, ""},
		"a story that leads out":     {404, set("story", "//evil.example/"), nil, ""},
		"a long story":               {404, set("story", strings.Repeat("/a", 5000)), nil, ""},
		"a closed story":             {409, set("story", shut), nil, ""},
		"a parent of another story":  {422, set("parent", other.ID), nil, ""},
		"a parent of SQL":            {422, set("parent", sql), nil, ""},
		"no text":                    {422, set("text", " \r\n\t "), nil, ""},
		"a text that is not seen":    {422, set("text", "\u200b\u202e\u2060\ufeff"), nil, ""},
		"marks on nothing":           {422, set("text", "\u0301\u0302"), nil, ""},
		"a text that is too long":    {422, set("text", strings.Repeat("é", 1501)), nil, ""},
		"invalid UTF-8":              {422, set("text", "a\xff\xfeb"), nil, ""},
		"invalid UTF-8 in the name":  {422, set("name", "a\xc0\x80b"), nil, ""},
		"a hundred links":            {422, set("text", strings.Repeat("http://a.example ", 60)), nil, ""},
		"a name that is not seen":    {422, set("name", "\u3164\u200f"), nil, ""},
		"a name that is too long":    {422, set("name", strings.Repeat("n", 81)), nil, ""},
		"the newspaper's name":       {422, set("name", "the PELLMOUTH\u00a0Lantern"), nil, ""},
		"its name in other letters":  {422, set("name", "Ｔｈｅ Ｐｅｌｌｍｏｕｔｈ Ｌａｎｔｅｒｎ"), nil, ""},
		"its name with marks":        {422, set("name", "Thé Pellmoüth Lántern."), nil, ""},
		"its name with hidden signs": {422, set("name", "The Pell\u200bmouth Lan\u00adtern"), nil, ""},
		"its name in Arabic":         {422, set("name", "فَانُوس بلماوث"), nil, ""},
		"an address of two":          {422, set("email", "a@example.org, b@example.org"), nil, ""},
		"an address with a header":   {422, set("email", "a@example.org\r\nBcc: b@example.org"), nil, ""},
		"an address of SQL":          {422, set("email", sql), nil, ""},
		"an address that is a name":  {422, set("email", "Ada <ada@example.org>"), nil, ""},
		"SQL":                        {303, set("text", sql, "name", sql), nil, sql},
		"HTML":                       {303, set("text", `<script>alert(1)</script>`, "name", `"><img src=x onerror=alert(1)>`), nil, `<script>alert(1)</script>`},
		"templates":                  {303, set("text", `{{ .Secret }} {name} ${x} %s`, "name", "{{.}}"), nil, `{{ .Secret }} {name} ${x} %s`},
		"NUL":                        {303, set("text", "a\x00b\x1b[31mc", "name", "A\x00B"), nil, "ab[31mc"},
		"bidi":                       {303, set("text", "safe\u202egpj.exe\u2066 x\u2069 \u200fok", "name", "Ada\u202e\u200f"), nil, "safegpj.exe x \u200fok"},
		"zero width":                 {303, set("text", "a\u200bb\ufeffc می\u200cخواهم 👩\u200d🚒"), nil, "abc می\u200cخواهم 👩\u200d🚒"},
		"too many marks":             {303, set("text", "Z"+strings.Repeat("\u0335", 500)+"a"), nil, "Z" + strings.Repeat("\u0335", 8) + "a"},
		"separators of lines":        {303, set("text", "a\u2028b\u2029c\u0085d"), nil, "a\nb\nc\nd"},
		"a language of SQL":          {303, set("lang", sql), nil, "Good morning"},
		"fields that come twice":     {303, func(f url.Values) { f["text"] = []string{"first", "second"} }, nil, "first"},
		"fields that nobody asks":    {303, set("state", "approved", "id", "mine", "paper", "1"), nil, "Good morning"},
		"a hundred fields": {400, func(f url.Values) {
			for i := range 100 {
				f.Set(fmt.Sprint(i), "")
			}
		}, nil, ""},
		"a megabyte":         {413, set("text", strings.Repeat("x", 1<<20)), nil, ""},
		"a megabyte of name": {413, set("name", strings.Repeat("x", 1<<20)), nil, ""},
		"JSON":               {400, same, []string{"Content-Type", "application/json"}, ""},
		"a broken form":      {400, same, []string{"Content-Type", "text/plain"}, ""},
	}
}

// kept are the fields in which what was written stands as it was, to be changed.
var kept = regexp.MustCompile(`(?s)<textarea[^>]*>[^<]*</textarea>|value="[^"]*"`)

func TestHostile(t *testing.T) {
	b := newBench(t, func(o *Options) {
		o.Comments = Limits{Limit{1000, time.Second}, Limit{1000, time.Second}, Limit{1000, time.Second}}
	})
	other := b.approved(harbr, "تعليق")
	for name, try := range trials(b, other) {
		form := b.with(wrote(fire, "Ada", "Good morning"))
		try.change(form)
		before := len(b.stored())
		got := b.send(plainReader, "/comment", form, try.headers...)
		if got.StatusCode != try.status {
			t.Errorf("%s: answered %d, not %d: %s", name, got.StatusCode, try.status, got.text)
		}
		for _, bad := range []string{"<script>", "<img", "\u202e", "ZgotmplZ", "postgres", "sqlite"} {
			if strings.Contains(kept.ReplaceAllString(got.text, ""), bad) {
				t.Errorf("%s: there is %q in\n%s", name, bad, got.text)
			}
		}
		if got.StatusCode == 303 && got.Header.Get("Location") != news1+fire+"#comment-waiting" {
			t.Errorf("%s: it leads to %s", name, got.Header.Get("Location"))
		}
		all := b.stored()
		switch {
		case try.stored == "" && len(all) != before:
			t.Errorf("%s: stored is %+v", name, all[len(all)-1])
		case try.stored != "" && (len(all) != before+1 || newest(all).Text != try.stored):
			t.Errorf("%s: stored is %+v", name, newest(all))
		case try.stored != "" && (newest(all).State != comments.Waiting || newest(all).Lang != "en" || strings.ContainsAny(newest(all).Name, "\x00\u202e\u200f")):
			t.Errorf("%s: stored is %+v", name, newest(all))
		}
		delete(form, "token")
		if page := b.send(plainReader, "/comment", form); page.StatusCode == 200 && (!utf8.ValidString(page.text) || strings.Contains(page.text, "<script>") || strings.Contains(page.text, "<img")) {
			t.Errorf("%s: the page is %s", name, page.text)
		}
	}
	b.silent("Ada", "example.org", "DROP", "mill-fire")
	page := b.get(plainReader, "/reply?story="+url.QueryEscape(harbr)+"&to="+other.ID+"&name=Foreign&text=Foreign&email=Foreign&token=Foreign")
	if b.is(page, 200); strings.Contains(page.text, "Foreign") {
		t.Errorf("a link fills in a form: %s", page.text)
	}
}

func newest(all []comments.Comment) (c comments.Comment) {
	for _, other := range all {
		if !other.Sent.Before(c.Sent) {
			c = other
		}
	}
	return c
}

// A page that hides which it is may show what it sends, and store nothing.
func TestSealed(t *testing.T) {
	b := newBench(t)
	sealed := []string{"Origin", "null", "Sec-Fetch-Site", "cross-site"}
	form := wrote(fire, "Ada", "From a page that tells nobody where it is")
	page := b.send(plainReader, "/comment", form, sealed...)
	b.is(page, 200)
	b.wait(young)
	b.is(b.send(plainReader, "/comment", b.carry(form, page), sealed...), 403)
	b.is(b.send(plainReader, "/comment", form, "Origin", b.url, "Sec-Fetch-Site", "same-origin"), 303)
	b.is(b.get(plainReader, "/token?story="+url.QueryEscape(fire), sealed...), 403)
}

// A token is good for a while, and for one comment.
func TestTokens(t *testing.T) {
	b := newBench(t)
	form := b.with(wrote(fire, "Ada", "One"))
	b.late.Store(0)
	young := b.send(plainReader, "/comment", form)
	b.is(young, 403, "That was very quick", "One", `value="`+form.Get("token")+`"`)
	b.wait(3 * time.Second)
	b.is(b.send(plainReader, "/comment", form), 303)
	b.wait(old)
	page := b.send(plainReader, "/comment", form)
	b.is(page, 403, "has been open for very long", "One")
	b.wait(3 * time.Second)
	b.is(b.send(plainReader, "/comment", b.carry(form, page)), 303) // the fresh page's
	form = b.with(wrote(fire, "Ada", "Two"))
	for i := range 5 { // replayed with other words
		form.Set("text", fmt.Sprint("Two", i))
		b.is(b.send(plainReader, "/comment", form), []int{303, 403}[min(i, 1)])
	}
	if got := b.stored(); len(got) != 3 {
		t.Errorf("%d are stored", len(got))
	}
	b.late.Store(int64(-time.Hour)) // a token of the future
	b.is(b.send(plainReader, "/comment", form), 403, "no longer valid")
}

// Whoever asks for what is not there, or in the wrong way, gets a plain answer.
func TestPaths(t *testing.T) {
	b := newBench(t)
	for path, want := range map[string]int{"/": 303, "/comment": 303, "/rating": 303, "/nothing": 404, "/style.css": 200, "/health": 200, "/desk": 303, "/reply": 404,
		"/reply?story=%2Fx%2F": 404, "/token": 404, "/token?story=%00": 404, "/export": 401, "/comment/": 404, "/..%2f..%2fetc%2fpasswd": 404} {
		got := b.get(plainReader, path)
		if got.StatusCode != want {
			t.Errorf("%s is answered %d", path, got.StatusCode)
		}
		if to := got.Header.Get("Location"); want == 303 && path != "/desk" && to != news1+"/" {
			t.Errorf("%s leads to %s", path, to)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"} {
			if got.Header.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, got.Header.Get(name))
			}
		}
		if policy := got.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; style-src 'self'; ") {
			t.Errorf("%s: the policy is %s", path, policy)
		}
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodOptions, "BREW"} {
		r, _ := http.NewRequest(method, b.url+"/comment", nil)
		if got := b.do(plainReader, r, nil); got.StatusCode != 405 {
			t.Errorf("%s is answered %d", method, got.StatusCode)
		}
	}
	if got := b.get(plainReader, "/token?story="+url.QueryEscape(fire), "Origin", "https://evil.example"); got.StatusCode != 403 || got.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("another site is given a token: %d %s", got.StatusCode, got.text)
	}
}

// The export is for who has the key, and has what the desk has let through.
func TestExport(t *testing.T) {
	b := newBench(t)
	c := b.approved(fire, "What a fire")
	b.is(b.send(plainReader, "/comment", b.with(wrote(fire, "Ada", "Waiting"))), 303)
	for _, key := range []string{"", "Bearer", "Bearer x", "Basic 0123456789abcdef", "Bearer 0123456789abcdeg"} {
		b.is(b.get(plainReader, "/export?since=0", "Authorization", key), 401, "STET_COMMENTS_KEY")
	}
	const key = "Bearer 0123456789abcdef"
	got := b.get(plainReader, "/export?since=0", "Authorization", key)
	b.is(got, 200, `"threads":[{"story":"/town/2026/11/mill-fire/","put":[{"id":"`+c.ID+`"`, `"ratings":[],"more":false}`)
	for _, secret := range []string{"Waiting", "bert@", "Ada"} {
		if strings.Contains(got.text, secret) {
			t.Errorf("%q is exported: %s", secret, got.text)
		}
	}
	b.is(b.get(plainReader, "/export?since=x", "Authorization", key), 400)
	b.is(b.get(plainReader, "/export?since=-1", "Authorization", key), 400)
	closed := newBench(t, func(o *Options) { o.Key = "" })
	closed.is(closed.get(plainReader, "/export", "Authorization", "Bearer "), 401)
}
