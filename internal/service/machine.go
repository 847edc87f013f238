package service

import (
	"crypto/hmac"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// What programs ask.

func answer(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // who is gone misses nothing
}

// token gives a script of the newspaper's pages what a form of the service has.
func (s *Service) token(w http.ResponseWriter, r *http.Request) {
	s.origins.share(w.Header(), r)
	v := s.voice(wishes(r)...)
	if from := s.origins.of(r); from == foreign || from == sealed {
		answer(w, http.StatusForbidden, map[string][]Fault{"errors": {{"", v.say("origin")}}})
		return
	}
	st, err := s.find(r.Context(), r.URL.Query().Get("story"))
	switch {
	case none(err):
		answer(w, http.StatusNotFound, map[string][]Fault{"errors": {{"story", v.say("unknown")}}})
	case err != nil:
		trouble(w, err)
		answer(w, http.StatusServiceUnavailable, map[string][]Fault{"errors": {{"", v.say("trouble")}}})
	default:
		s.giveCookie(w, r)
		token := s.newToken("form", st.ID)
		answer(w, http.StatusOK, map[string]string{"token": token, "key": s.key(token)})
	}
}

// health tells whether the service can store what it is sent.
func (s *Service) health(w http.ResponseWriter, r *http.Request) {
	status := http.StatusOK
	err := s.store.Ping(r.Context())
	if err != nil {
		trouble(w, err)
		status = http.StatusServiceUnavailable
	}
	answer(w, status, map[string]bool{"ok": err == nil})
}

// exported is how many changes are told at once.
const exported = 1000

// export tells what the desk has let through since an earlier answer, to who has the
// key.
func (s *Service) export(w http.ResponseWriter, r *http.Request) {
	key, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if s.Key == "" || !bearer || !hmac.Equal([]byte(key), []byte(s.Key)) {
		w.Header().Set("WWW-Authenticate", "Bearer")
		answer(w, http.StatusUnauthorized, map[string]string{"error": "the key is missing or another one; STET_COMMENTS_KEY has it on both sides"})
		return
	}
	since, err := strconv.ParseInt(r.URL.Query().Get("since"), 10, 64)
	if err != nil && r.URL.Query().Get("since") != "" || since < 0 {
		answer(w, http.StatusBadRequest, map[string]string{"error": "since is no number of an earlier answer"})
		return
	}
	changes, err := s.store.Changes(r.Context(), since, exported)
	if err != nil {
		trouble(w, err)
		answer(w, http.StatusServiceUnavailable, map[string]string{"error": "the store cannot be read just now"})
		return
	}
	answer(w, http.StatusOK, changes)
}
