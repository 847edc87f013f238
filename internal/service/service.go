// Package service takes comments and ratings from readers, and shows the desk its
// queue.
//
// A news page is static: its forms hold nothing secret, and send to this service,
// which stands on an origin of its own. Sent without script, a form is answered with a
// page that shows what was written and carries a token (token.go), so that all works
// without script and with cookies refused; a script asks for the token and leaves the
// reader where he is. What is stored waits for the desk: nothing that a reader sends is
// public before.
//
// Of the newspaper the service knows what comments.json of its edition says
// (edition.go): it takes comments on these stories alone, and sends readers back to no
// other address. Who sends too much is told to wait (limits.go), what looks odd is
// marked for the desk (rules.go). Where something came from is kept as a hash whose
// key is forgotten after two days (origin.go); no address is stored or logged.
package service

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"stet/internal/comments"
)

// Options say what a service serves.
type Options struct {
	Store   *comments.Store
	Paper   string         // where the newspaper is: https://news.example, or https://example.org/news/
	URL     string         // where the service is; "" if it is wherever it is asked
	Edition fs.FS          // the newspaper's edition on this machine; nil to fetch comments.json from Paper
	Origins []string       // of further pages that may send to it, such as another domain of the newspaper
	Proxies []netip.Prefix // whose X-Forwarded-For is believed
	Key     string         // who knows it may have the export; "" for nobody

	Now func() time.Time
	Log func(line string) // one line a request at most, with nothing in it of the reader; may be nil

	MinTime  time.Duration // between the making of a token and its comment: usually 3 seconds; below 0 for none
	Comments Limits        // how many are taken; zeros are the usual
	Ratings  Limits
}

const (
	young = 3 * time.Second
	old   = 12 * time.Hour
)

// A Service answers readers and the desk.
type Service struct {
	Options
	store   *comments.Store
	paper   *url.URL // its path ends with /
	base    string   // the path before all of the service's, / at its end
	origins origins
	secret  []byte // of tokens and cookies
	day     day
	full    full
	news    news
	voices  map[string]voice
	routes  *http.ServeMux
	proxied sync.Once // it was said that a proxy is not trusted
}

// New makes a service. What it says is in the languages of languages/.
func New(ctx context.Context, o Options) (*Service, error) {
	if o.MinTime == 0 {
		o.MinTime = young
	}
	o.Comments = o.Comments.or(usualComments)
	o.Ratings = o.Ratings.or(usualRatings)
	s := &Service{Options: o, store: o.Store, base: "/"}
	var err error
	if s.paper, err = address(o.Paper); err != nil {
		return nil, fmt.Errorf("the newspaper's address: %w", err)
	}
	if o.URL != "" {
		own, err := address(o.URL)
		if err != nil {
			return nil, fmt.Errorf("the service's address: %w", err)
		}
		s.base, s.origins.own = own.Path, origin(own)
	}
	s.origins.secure = strings.HasPrefix(s.origins.own, "https:")
	for _, other := range append([]string{o.Paper}, o.Origins...) {
		u, err := address(other)
		if err != nil {
			return nil, fmt.Errorf("an origin: %w", err)
		}
		s.origins.others = append(s.origins.others, origin(u))
	}
	if s.voices, err = voices(languageFiles, "languages"); err != nil {
		return nil, err
	}
	if s.secret, err = s.store.Secret(ctx, "tokens"); err != nil {
		return nil, err
	}
	if err := s.recallHead(ctx); err != nil {
		return nil, err
	}
	if err := s.store.Restarted(ctx); err != nil {
		return nil, err
	}
	s.route()
	return s, nil
}

// Address tells whether a text is the address of a site.
func Address(text string) bool {
	_, err := address(text)
	return err == nil
}

// address reads a site's address, with a / at the end of its path.
func address(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, fmt.Errorf("%q is no address such as https://news.example", text)
	}
	u.Path = strings.TrimRight(u.Path, "/") + "/"
	return u, nil
}

// origin is what browsers call the origin of an address.
func origin(u *url.URL) string {
	host := strings.ToLower(u.Host)
	port := map[string]string{"https": ":443", "http": ":80"}[u.Scheme]
	return u.Scheme + "://" + strings.TrimSuffix(host, port)
}

func (s *Service) route() {
	s.routes = http.NewServeMux()
	s.routes.HandleFunc("POST /comment", s.reader(s.comment))
	s.routes.HandleFunc("POST /rating", s.reader(s.rating))
	s.routes.HandleFunc("GET /reply", s.reader(s.reply))
	s.routes.HandleFunc("GET /token", s.token)
	s.routes.HandleFunc("GET /health", s.health)
	s.routes.HandleFunc("GET /export", s.export)
	s.routes.HandleFunc("GET /style.css", s.style)
	s.routes.Handle("/desk/", s.desk())
	s.routes.Handle("GET /desk", http.RedirectHandler(s.base+"desk/", http.StatusSeeOther))
	home := http.RedirectHandler(s.paper.String(), http.StatusSeeOther)
	for _, path := range []string{"/{$}", "/comment", "/rating"} { // of which somebody has kept the address
		s.routes.Handle("GET "+path, home)
	}
}

// ServeHTTP answers a request, and logs it without a word of who asked for what.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := s.Now()
	seen := &seen{ResponseWriter: w}
	r = s.within(r)
	s.headers(w.Header())
	s.serve(seen, r)
	if s.Log != nil && (seen.trouble != nil || r.URL.Path != "/health" && r.URL.Path != "/style.css") {
		line := fmt.Sprintf("%s %s %d %s", r.Method, known(s.routes, r), cmp.Or(seen.status, http.StatusOK), s.Now().Sub(began).Round(100*time.Microsecond))
		if seen.trouble != nil {
			line += ": " + oneLine(seen.trouble.Error())
		}
		s.Log(line)
	}
}

// serve answers, even if something of the service is broken.
func (s *Service) serve(w *seen, r *http.Request) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			panic(p)
		default:
			trouble(w, fmt.Errorf("panic: %v %s", p, debug.Stack()))
			if w.status == 0 {
				http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
			}
		}
	}()
	s.routes.ServeHTTP(w, r)
}

// within takes off the path of the service, which some proxies do themselves.
func (s *Service) within(r *http.Request) *http.Request {
	rest, inside := strings.CutPrefix(r.URL.Path, s.base)
	if s.base == "/" || !inside {
		return r
	}
	u := *r.URL
	u.Path, u.RawPath = "/"+rest, ""
	r = r.WithContext(r.Context())
	r.URL = &u
	return r
}

// headers are those of all answers. Forms may lead on to the newspaper, because a
// browser asks the policy of the page when a form's answer leads somewhere else.
func (s *Service) headers(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self' "+origin(s.paper)+"; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// known is what the log says of a path: which one of the service's it is, and never
// more.
func known(routes *http.ServeMux, r *http.Request) string {
	_, pattern := routes.Handler(r)
	if _, path, ok := strings.Cut(pattern, " "); ok {
		return path
	}
	return cmp.Or(pattern, "?")
}

// oneLine keeps a text from being two lines of a log.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
}

// seen notes what was answered.
type seen struct {
	http.ResponseWriter
	status  int
	trouble error
}

// WriteHeader notes the status.
func (s *seen) WriteHeader(status int) {
	if s.status == 0 {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (s *seen) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// trouble notes what the log is to say of an answer.
func trouble(w http.ResponseWriter, err error) {
	if s, ok := w.(*seen); ok {
		s.trouble = err
	}
}
