package service

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"time"

	"stet/internal/comments"
)

// sessionLasts is how long somebody stays signed in: a long shift, and not the night after it.
const sessionLasts = 12 * time.Hour

// A member is somebody of the desk who is signed in.
type member struct {
	comments.Account
	cookie string // as the browser has it
	token  string // that forms carry
}

// Editor tells whether somebody may do what only editors may.
func (v *member) Editor() bool { return v.Role == comments.Editor }

// cookieName is the cookie of the session. On https its name has the browser see
// that no other host of the same domain can have set it.
func (d *desk) cookieName() string {
	if d.s.origins.secure {
		return "__Host-stet-desk"
	}
	return "stet-desk"
}

func (d *desk) setCookie(w http.ResponseWriter, value string) {
	c := &http.Cookie{Name: d.cookieName(), Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: d.s.origins.secure, MaxAge: int(sessionLasts / time.Second)}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// member is who asks, by the cookie. Role and account are read anew each time, so
// that whoever was removed is out at once.
func (d *desk) member(r *http.Request) (*member, error) {
	c, err := r.Cookie(d.cookieName())
	if err != nil || len(c.Value) > 200 {
		return nil, nil
	}
	a, err := d.s.store.Session(r.Context(), sessionID(c.Value), d.s.Now())
	if none(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &member{Account: a, cookie: c.Value, token: d.formToken(c.Value)}, nil
}

// sessionID is what the store knows of a cookie: who reads the store has no session.
func sessionID(cookie string) []byte {
	sum := sha256.Sum256([]byte("session " + cookie))
	return sum[:]
}

// random is 256 bits that nobody guesses.
func random() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

func (d *desk) start(w http.ResponseWriter, r *http.Request, a comments.Account) error {
	cookie := random()
	if err := d.s.store.StartSession(r.Context(), sessionID(cookie), a.Name, d.s.Now().Add(sessionLasts)); err != nil {
		return err
	}
	d.setCookie(w, cookie)
	return nil
}

// formToken is what each form of a session carries, and a page of another site cannot know.
func (d *desk) formToken(cookie string) string {
	return base64.RawURLEncoding.EncodeToString(mac(d.s.secret, "desk form", cookie))
}

// signIn asks for name and password.
func (d *desk) signIn(w http.ResponseWriter, r *http.Request) {
	v, err := d.member(r)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	if v != nil {
		redirect(w, "./")
		return
	}
	d.show(w, r, nil, http.StatusOK, "sign-in", map[string]any{"To": toPage(r.FormValue("to"))})
}

// signIns are the tries to sign in that are taken of an address, of its network, and
// for an account from everywhere. The last is wide, so that nobody locks a moderator
// out by guessing.
var signIns = Limits{Limit{20, 10 * time.Minute}, Limit{60, 10 * time.Minute}, Limit{100, 10 * time.Minute}}

// signedIn compares the password. A name that is not known gets the same answer,
// after the same time.
func (d *desk) signedIn(w http.ResponseWriter, r *http.Request) {
	name, password, to := AccountName(r.PostFormValue("name")), r.PostFormValue("password"), toPage(r.PostFormValue("to"))
	wait, err := d.s.allow(r.Context(), "desk", signIns, d.s.from(r), name)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	if wait > 0 {
		w.Header().Set("Retry-After", fmt.Sprint(int((wait+time.Second-1)/time.Second)))
		d.show(w, r, nil, http.StatusTooManyRequests, "sign-in", map[string]any{"To": to, "Name": name, "Wait": minutes(wait)})
		return
	}
	a, ok, err := d.known(r.Context(), name, password)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	if !ok {
		d.show(w, r, nil, http.StatusForbidden, "sign-in", map[string]any{"To": to, "Name": name, "Wrong": true})
		return
	}
	if err := d.start(w, r, a); err != nil {
		d.fail(w, r, err)
		return
	}
	redirect(w, "./"+to)
}

// known is the account that has this name and password.
func (d *desk) known(ctx context.Context, name, password string) (a comments.Account, ok bool, err error) {
	hash := nobody
	if len(password) > 4*longestPassword {
		password = ""
	}
	a, err = d.s.store.Account(ctx, name)
	if err == nil {
		hash = a.Hash
	} else if !none(err) {
		return a, false, err
	}
	there, same := err == nil, false
	if turned := d.lathe.turn(ctx, func() { same, err = matches(hash, password) }); turned != nil {
		return a, false, turned
	}
	return a, there && same, err
}

func (d *desk) signOut(w http.ResponseWriter, r *http.Request, v *member) error {
	if err := d.s.store.EndSession(r.Context(), sessionID(v.cookie)); err != nil {
		return err
	}
	d.setCookie(w, "")
	redirect(w, "sign-in")
	return nil
}

func minutes(d time.Duration) int { return int((d + time.Minute - 1) / time.Minute) }
