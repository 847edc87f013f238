package service

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Where a request comes from: from which page, and from which address.

// origins are those whose pages may send forms.
type origins struct {
	own    string // "" if it is whichever host is asked
	others []string
	secure bool
}

// A standing says what is known of the page from which a form was sent.
type standing int

const (
	foreign standing = iota // another site
	sealed                  // a page that hides which, of another site
	unsaid                  // the browser does not say
	paper                   // the newspaper's
	own                     // the service's
)

// of tells from which page a request was sent: as the browser says by Origin, else by
// Referer, else by Sec-Fetch-Site. A page without an origin may be the newspaper's, if
// it wants no page to be told of, or one in a frame that hides where it is.
func (o origins) of(r *http.Request) standing {
	from, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
	if from == "" || from == "null" {
		if u, err := url.Parse(r.Header.Get("Referer")); from == "" && err == nil && u.Host != "" {
			from = origin(u)
		} else if from = ""; site == "same-origin" {
			return own
		}
	}
	switch {
	case from == "" && (site == "cross-site" || site == "same-site") && r.Header.Get("Origin") == "null":
		return sealed
	case from == "":
		return unsaid
	case from == o.own, o.own == "" && (from == "http://"+r.Host || from == "https://"+r.Host):
		return own
	case slices.Contains(o.others, from):
		return paper
	}
	return foreign
}

// share lets scripts of the newspaper's pages read an answer.
func (o origins) share(h http.Header, r *http.Request) {
	h.Add("Vary", "Origin")
	if from := r.Header.Get("Origin"); slices.Contains(o.others, from) {
		h.Set("Access-Control-Allow-Origin", from)
		h.Set("Access-Control-Allow-Credentials", "true")
	}
}

// from is the address of whoever asks. What proxies that are trusted say of it is
// believed, from the nearest on, up to the first one that is not.
func (s *Service) from(r *http.Request) netip.Addr {
	addr := addressOf(r.RemoteAddr)
	if len(s.Proxies) == 0 {
		return addr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.trusted(addr); i-- {
		next := addressOf(strings.TrimSpace(hops[i]))
		if !next.IsValid() {
			break
		}
		addr = next
	}
	return addr
}

func (s *Service) trusted(addr netip.Addr) bool {
	return slices.ContainsFunc(s.Proxies, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// addressOf reads an address, with a port or without.
func addressOf(text string) netip.Addr {
	addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil {
		port, _ := netip.ParseAddrPort(text)
		addr = port.Addr()
	}
	return addr.Unmap().WithZone("")
}

// parts are what is limited of an address: the subscriber's part of it, and the
// network in which others of his are. An IPv6 subscriber has 2^64 addresses.
func parts(addr netip.Addr) (subscriber, network string) {
	near, far := 32, 24
	if addr.Is6() {
		near, far = 64, 48
	}
	a, _ := addr.Prefix(near)
	b, _ := addr.Prefix(far)
	return a.String(), b.String()
}

// day is the key of the day on which it was last asked for.
type day struct {
	mu  sync.Mutex
	of  string
	key []byte
}

// hash makes of something that would tell who a reader is a name that does so for
// nobody, and for which the store has no key any more in two days.
func (s *Service) hash(ctx context.Context, purpose, what string) (string, error) {
	now := s.Now().UTC()
	today := now.Format(time.DateOnly)
	d := &s.day
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.of != today {
		key, err := s.store.DayKey(ctx, now)
		if err != nil {
			return "", err
		}
		d.of, d.key = today, key
	}
	return sum(d.key, purpose, what), nil
}

// sum is a keyed hash of texts, in letters.
func sum(key []byte, texts ...string) string {
	return base64.RawURLEncoding.EncodeToString(mac(key, texts...)[:18])
}

// mac is a keyed hash of texts, none of which can be taken for two.
func mac(key []byte, texts ...string) []byte {
	h := hmac.New(sha256.New, key)
	for _, text := range texts {
		h.Write([]byte(strings.ReplaceAll(text, "\x00", "\x00\x01") + "\x00\x00"))
	}
	return h.Sum(nil)
}
