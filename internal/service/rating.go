package service

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"stet/internal/comments"
)

// A ratingPage asks to send an answer.
type ratingPage struct {
	page
	formPage
	Form *form
}

// rating takes an answer to whether a reader likes a story. A page of the service is
// looked at for as long as it takes to press its button, so no time is asked for.
func (s *Service) rating(v *errand) {
	if !v.found() {
		return
	}
	if !v.story.Rating {
		v.refuse(http.StatusConflict, "", "rating_closed")
		return
	}
	if v.form.Answer != "yes" && v.form.Answer != "no" {
		v.ratingPage(http.StatusUnprocessableEntity, Fault{"answer", v.voice.say("need_answer")})
		return
	}
	if v.form.Token == "" && !v.json() {
		v.ratingPage(http.StatusOK)
		return
	}
	if why := s.refusal(v.form.Token, v.form.Key, v.form.Story, 0); why != "" {
		v.form.Token = ""
		v.ratingPage(http.StatusForbidden, Fault{"", v.voice.say(why)})
		return
	}
	ctx, addr := v.r.Context(), v.from(v.r)
	wait, err := v.allow(ctx, "rating", v.Ratings, addr, v.story.ID)
	if err == nil && wait > 0 {
		v.w.Header().Set("Retry-After", seconds(wait))
		v.ratingPage(http.StatusTooManyRequests, Fault{"", v.waits(wait)})
		return
	}
	var voter comments.Voter
	if err == nil {
		voter, err = v.voter(ctx)
	}
	if err == nil {
		_, err = v.store.Rate(ctx, v.story.ID, v.form.Answer == "yes", voter)
	}
	if err != nil {
		trouble(v.w, err)
		v.ratingPage(http.StatusServiceUnavailable, Fault{"", v.voice.say("trouble")})
		return
	}
	v.took(true, "rating-thanks")
}

func (v *errand) ratingPage(status int, faults ...Fault) {
	if v.json() {
		v.write(status, map[string][]Fault{"errors": faults})
		return
	}
	if v.form.Token == "" {
		v.form.Token = v.newToken("form", v.story.ID)
		v.form.Key = v.key(v.form.Token)
	}
	v.giveCookie(v.w, v.r)
	p := ratingPage{v.newPage(v.voice, v.story.Lang, v.voice.say("rating")), v.formPage(faults), &v.form}
	p.Wrong = len(faults) > 0
	v.show(v.w, status, "rating.html", p)
}

const (
	cookieName = "reader"
	cookieLife = 365 * 24 * time.Hour
)

// voter is who answers, as far as can be told without knowing him: by a cookie that
// only says that it is the same browser, and by a hash of his address that is another
// one tomorrow. Both are hashed with the story, so that no reader can be followed from
// one to the next.
func (v *errand) voter(ctx context.Context) (comments.Voter, error) {
	subscriber, _ := parts(v.from(v.r))
	address, err := v.hash(ctx, "voter "+v.story.ID, subscriber)
	if err != nil {
		return comments.Voter{}, err
	}
	voter := comments.Voter{Address: address}
	if cookie, ok := v.cookie(v.r); ok {
		voter.Cookie = sum(v.secret, "voter", v.story.ID, cookie)
	}
	return voter, nil
}

// giveCookie gives a browser that has none the cookie of a reader, before he answers:
// what it brings back then is his.
func (s *Service) giveCookie(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.cookie(r); !ok {
		http.SetCookie(w, &http.Cookie{Name: cookieName, Value: s.newCookie(), Path: s.base, MaxAge: int(cookieLife.Seconds()), HttpOnly: true, Secure: s.origins.secure, SameSite: http.SameSiteLaxMode})
	}
}

// cookie is the cookie of a browser, if the service has made it.
func (s *Service) cookie(r *http.Request) (string, bool) {
	c, err := r.Cookie(cookieName)
	if err != nil || len(c.Value) > 100 {
		return "", false
	}
	random, sign, _ := strings.Cut(c.Value, ".")
	return c.Value, hmac.Equal([]byte(sign), []byte(sum(s.secret, "cookie", random)))
}

func (s *Service) newCookie() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	random := base64.RawURLEncoding.EncodeToString(b)
	return random + "." + sum(s.secret, "cookie", random)
}
