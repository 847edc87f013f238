package service

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"stet/internal/comments"
)

// The desk is where the newspaper decides what of all that readers send may be
// read: pages below /desk/, all one level deep, so that every link is relative and
// the service may lie at any address. They are plain HTML with forms; desk.js adds
// keys, and nothing needs it. What somebody decides is a POST with the token of the
// session from a page of this service, and is answered by a redirect to the list,
// at the comment that comes next.

//go:embed desk
var deskFiles embed.FS

// A desk answers below /desk/.
type desk struct {
	s      *Service
	voices map[string]voice
	pages  map[string]*template.Template // by language
	assets map[string]asset
	lathe  lathe
}

// desk answers what is below /desk/.
func (s *Service) desk() http.Handler {
	d := &desk{s: s, lathe: make(lathe, 2), assets: readAssets(), pages: map[string]*template.Template{}}
	var err error
	if d.voices, err = voices(deskFiles, "desk/languages"); err != nil {
		panic(err) // it is in the program
	}
	for tag, v := range d.voices {
		d.pages[tag] = template.Must(template.New("").Funcs(d.functions(v)).ParseFS(deskFiles, "desk/*.html"))
	}
	return d.routes()
}

// deskPolicy lets pages of the desk have their own style and script, send forms to
// the desk, and nothing else.
const deskPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// longestForm is how many bytes somebody at the desk may send at once.
const longestForm = 256 << 10

// routes are the pages of the desk.
func (d *desk) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /desk/sign-in", d.signIn)
	mux.HandleFunc("POST /desk/sign-in", d.posted(d.signedIn))
	mux.HandleFunc("GET /desk/feed", d.feed)
	for name := range d.assets {
		mux.HandleFunc("GET /desk/"+name, d.asset)
	}
	mux.HandleFunc("GET /desk/{$}", d.seen(d.list))
	mux.HandleFunc("GET /desk/comment", d.seen(d.comment))
	mux.HandleFunc("GET /desk/person", d.seen(d.person))
	mux.HandleFunc("GET /desk/account", d.seen(d.account))
	for path, page := range map[string]deskPage{"words": d.blockWords, "log": d.log, "accounts": d.accounts, "forget": d.forget, "forget.json": d.export} {
		mux.HandleFunc("GET /desk/"+path, d.seen(editors(page)))
	}
	for path, act := range map[string]deskPage{"sign-out": d.signOut, "decide": d.decide, "shorten": d.shorten, "reply": d.reply, "account": d.changeAccount,
		"words": editors(d.setWords), "thread": editors(d.thread), "accounts": editors(d.changeAccounts), "forget": editors(d.forgetNow)} {
		mux.HandleFunc("POST /desk/"+path, d.posted(d.acts(act)))
	}
	mux.HandleFunc("/desk/", func(w http.ResponseWriter, r *http.Request) { d.wrong(w, r, http.StatusNotFound, "no_page") })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", deskPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Robots-Tag", "noindex")
		h.Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	})
}

// A deskPage answers somebody who is signed in. An error is one of the service, which
// it says and notes.
type deskPage func(w http.ResponseWriter, r *http.Request, v *member) error

var errForbidden = errors.New("this is for editors")

// editors is a page that only editors see.
func editors(p deskPage) deskPage {
	return func(w http.ResponseWriter, r *http.Request, v *member) error {
		if !v.Editor() {
			return errForbidden
		}
		return p(w, r, v)
	}
}

// seen is a page for whoever is signed in; others come to it by way of the sign-in.
func (d *desk) seen(p deskPage) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := d.member(r)
		if err == nil && v == nil {
			to := toPage(strings.TrimPrefix(r.URL.RequestURI(), r.URL.Path[:strings.LastIndexByte(r.URL.Path, '/')+1]))
			redirect(w, "sign-in"+query("to", to))
			return
		}
		d.answer(w, r, v, p, err)
	}
}

// posted is what a form is sent to: from a page of this service, and not too much.
func (d *desk) posted(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if d.s.origins.of(r) != own {
			d.wrong(w, r, http.StatusForbidden, "elsewhere")
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, longestForm)
		var tooMuch *http.MaxBytesError
		if err := r.ParseForm(); errors.As(err, &tooMuch) {
			d.wrong(w, r, http.StatusRequestEntityTooLarge, "too_much")
			return
		} else if err != nil {
			d.wrong(w, r, http.StatusBadRequest, "unreadable")
			return
		}
		next(w, r)
	}
}

// acts is what somebody who is signed in does with a form of that session.
func (d *desk) acts(p deskPage) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := d.member(r)
		if err == nil && v == nil {
			d.show(w, r, nil, http.StatusForbidden, "sign-in", map[string]any{"Ended": true})
			return
		}
		if err == nil && !hmac.Equal([]byte(r.PostForm.Get("token")), []byte(v.token)) {
			d.wrong(w, r, http.StatusForbidden, "elsewhere")
			return
		}
		d.answer(w, r, v, p, err)
	}
}

func (d *desk) answer(w http.ResponseWriter, r *http.Request, v *member, p deskPage, err error) {
	if err == nil {
		err = p(w, r, v)
	}
	switch {
	case err == nil, errors.Is(err, context.Canceled):
	case errors.Is(err, errForbidden):
		d.wrong(w, r, http.StatusForbidden, "editors_only")
	case none(err):
		d.wrong(w, r, http.StatusNotFound, "gone")
	default:
		d.fail(w, r, err)
	}
}

// wrong says why nothing was done.
func (d *desk) wrong(w http.ResponseWriter, r *http.Request, status int, key string) {
	v, _ := d.member(r)
	d.show(w, r, v, status, "wrong", map[string]any{"Why": key})
}

// fail answers when the service cannot do what it should.
func (d *desk) fail(w http.ResponseWriter, r *http.Request, err error) {
	trouble(w, err)
	d.show(w, r, nil, http.StatusInternalServerError, "wrong", map[string]any{"Why": "failed"})
}

// redirect leads on after a form, to an address relative to that of the form.
func redirect(w http.ResponseWriter, to string) {
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusSeeOther)
}

// query is the query of an address; without a value there is none.
func query(name, value string) string {
	if value == "" {
		return ""
	}
	return "?" + url.Values{name: {value}}.Encode()
}

var goodPage = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(|comment|person|words|log|accounts|account|forget)(\?[A-Za-z0-9%&=+._~*-]*)?$`)
})

// toPage is where somebody wanted to go before the sign-in, if that is a page of the desk.
func toPage(to string) string {
	if !goodPage().MatchString(to) {
		return ""
	}
	return to
}

// show writes a page of the desk in the language of who reads it.
func (d *desk) show(w http.ResponseWriter, r *http.Request, v *member, status int, name string, data map[string]any) {
	tag := d.tag(r)
	if data == nil {
		data = map[string]any{}
	}
	data["Lang"], data["Dir"], data["Page"] = tag, d.voices[tag].Dir, name
	data["Paper"], _ = d.s.masthead(tag)
	if v != nil {
		data["You"] = v
		if n, err := d.s.store.Count(r.Context(), comments.Query{State: comments.Waiting}); err == nil {
			data["Waiting"] = n
		}
		data["Token"] = v.token
	}
	var b bytes.Buffer
	if err := d.pages[tag].ExecuteTemplate(&b, name+".html", data); err != nil {
		trouble(w, err)
		http.Error(w, "this page cannot be shown", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Vary", "Accept-Language, Cookie")
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

// An asset is the style or the script of the desk.
type asset struct {
	data      []byte
	kind, sum string
}

func readAssets() map[string]asset {
	all := map[string]asset{}
	for name, kind := range map[string]string{"desk.css": "text/css; charset=utf-8", "desk.js": "text/javascript; charset=utf-8"} {
		data, err := deskFiles.ReadFile("desk/" + name)
		if err != nil {
			panic(err) // it is in the program
		}
		if name == "desk.css" {
			data = slices.Concat(tokens, data)
		}
		all[name] = asset{data, kind, fmt.Sprintf(`"%x"`, sha256.Sum256(data))}
	}
	return all
}

func (d *desk) asset(w http.ResponseWriter, r *http.Request) {
	a := d.assets[strings.TrimPrefix(r.URL.Path, "/desk/")]
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("ETag", a.sum)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.data))
}
