package serve

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A door lets in who may see the edition. What others see of this machine's
// ports is nobody's business: a web page somewhere else may send requests here,
// and may give its own host name this machine's address. So a request must be
// for a name that is known, and, where there is a token, come from a browser
// that has it. What a proxy says of a request (X-Forwarded-…) is not believed.
type door struct {
	hosts  []string
	token  string
	cookie *http.Cookie // what a browser is given that knows the token
}

func newDoor(o Options) door {
	d := door{hosts: o.Hosts, token: o.Token}
	if d.token != "" {
		// Browsers do not tell ports apart, so each token has a name of its own.
		sum := sha256.Sum256([]byte("stet preview " + d.token))
		d.cookie = &http.Cookie{
			Name: "stet-" + hex.EncodeToString(sum[:4]), Value: hex.EncodeToString(sum[4:]),
			Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
		}
	}
	return d
}

// admits lets a request in, or says why it does not.
func (d door) admits(w http.ResponseWriter, r *http.Request) bool {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
	switch {
	case !d.knows(r.Host):
		http.Error(w, "this is not "+clip(r.Host), http.StatusMisdirectedRequest)
	case !d.hasToken(w, r):
		http.Error(w, "this preview is opened with the whole address that stet serve printed, with its token", http.StatusForbidden)
	case !plainPath(r.URL):
		http.Error(w, "this is no path of a file", http.StatusBadRequest)
	default:
		return true
	}
	return false
}

// knows tells whether a request is meant for this machine.
func (d door) knows(host string) bool {
	name := nameOf(host)
	return name == "localhost" || name == "127.0.0.1" || name == "::1" || slices.Contains(d.hosts, "*") ||
		slices.ContainsFunc(d.hosts, func(known string) bool { return strings.EqualFold(strings.Trim(known, "[]"), name) })
}

// nameOf is a host's name without its port, in small letters.
func nameOf(host string) string {
	if n, port, err := net.SplitHostPort(host); err == nil && strings.Trim(port, "0123456789") == "" {
		host = n
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}

func clip(s string) string { return fmt.Sprintf("%.80q", s) }

// hasToken tells whether a request has the token. A browser that has it in the
// address gets it as a cookie, for all that follows.
func (d door) hasToken(w http.ResponseWriter, r *http.Request) bool {
	if d.token == "" {
		return true
	}
	if c, err := r.Cookie(d.cookie.Name); err == nil && same(c.Value, d.cookie.Value) {
		return true
	}
	if !same(r.URL.Query().Get("token"), d.token) {
		return false
	}
	http.SetCookie(w, d.cookie)
	return true
}

// same compares without telling by its time how much is alike.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// fromHere tells whether a request comes from a page of this preview, or from
// no page at all, and lets it in only then.
func fromHere(w http.ResponseWriter, r *http.Request) bool {
	site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
	if (site == "" || site == "same-origin" || site == "none") && (origin == "" || isOrigin(origin, r.Host)) {
		return true
	}
	http.Error(w, "this is for the preview's own pages", http.StatusForbidden)
	return false
}

// isOrigin tells whether an origin is that of a host.
func isOrigin(origin, host string) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, host)
}
