package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"stet/internal/cache"
)

// Whether links to other sites still lead somewhere is the one thing that a check
// asks of the network, and only with --external. It asks politely: each address
// once, each site one after the other with a pause, and not again what it knows.

// How other sites are asked.
const (
	askedAtOnce = 6                // sites
	askPause    = time.Second      // between two addresses of a site
	askPatience = 15 * time.Second // for an answer
	askWait     = 30 * time.Second // at most, when a site says that it is busy
	askWaits    = 2 * time.Minute  // for all of a site's busy answers
	askBusy     = 3                // busy answers in a row, and the site is let be
	fineFor     = 30 * 24 * time.Hour
	deadFor     = 24 * time.Hour
	askedFile   = "external" // in the cache
)

// errPrivate is an address that nobody else can ask for.
var errPrivate = errors.New("an address of this machine or of a private network")

// An answer is what is known of an address of another site.
type answer struct {
	Fate string    `json:"fate"` // "fine", "moved", "dead", "unknown", "private" or "unasked"
	Says string    `json:"says"` // why, such as "it answers 404"; where it leads if it has moved
	At   time.Time `json:"at"`   // when it was asked
	lost bool      // there is no such name, or no network
}

// An inquiry asks for addresses of other sites.
type inquiry struct {
	client *http.Client
	agent  string
	pause  time.Duration
	local  bool // addresses of this machine are asked too: the site itself is there
	now    func() time.Time
	keep   cache.Folder

	mu           sync.Mutex
	answers      map[string]answer
	asked, known int
	heard        bool // somebody answered, so that there is a network
	told         func(done, of int)
}

// newInquiry makes one for a site at an address.
func newInquiry(s *system, keep cache.Folder, base string) *inquiry {
	q := &inquiry{agent: "Stet/" + version() + " (checks the links of " + base + ")", pause: askPause, now: s.now, keep: keep, answers: map[string]answer{}}
	if base == "" {
		q.agent = "Stet/" + version() + " (checks the links of a site)"
	}
	if at, err := url.Parse(base); err == nil {
		q.local = isPrivate(at.Hostname())
	}
	dialer := &net.Dialer{Timeout: askPatience}
	if !q.local && s.env("HTTPS_PROXY")+s.env("https_proxy")+s.env("HTTP_PROXY")+s.env("http_proxy") == "" {
		dialer.Control = func(_, address string, _ syscall.RawConn) error {
			if host, _, err := net.SplitHostPort(address); err == nil && isPrivate(host) {
				return errPrivate
			}
			return nil
		}
	}
	q.client = &http.Client{
		Timeout:   askPatience,
		Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext, TLSHandshakeTimeout: askPatience, DisableKeepAlives: true},
	}
	return q
}

// isPrivate tells whether a host is this machine or in a private network, as far as
// its name says.
func isPrivate(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() || ip.IsMulticast()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".local") || strings.HasSuffix(host, ".internal")
}

// ask finds out about all addresses, and keeps what it found.
func (q *inquiry) ask(ctx context.Context, addresses []string) {
	var before map[string]answer
	if text, ok := q.keep.Read(askedFile); ok {
		_ = json.Unmarshal([]byte(text), &before) // what cannot be read is asked again
	}
	hosts := map[string][]string{}
	for _, address := range addresses {
		at, err := url.Parse(address)
		if err != nil || at.Hostname() == "" {
			q.answers[address] = answer{Fate: "dead", Says: "it is no address of the web"}
			continue
		}
		if !q.local && isPrivate(at.Hostname()) {
			q.answers[address] = answer{Fate: "private", Says: errPrivate.Error()}
			continue
		}
		if a, ok := before[address]; ok && a.fresh(q.now()) {
			q.answers[address] = a
			q.known++
			continue
		}
		hosts[at.Host] = append(hosts[at.Host], address)
	}
	queue := make(chan []string)
	var wg sync.WaitGroup
	for range askedAtOnce {
		wg.Go(func() {
			for some := range queue {
				q.site(ctx, some, len(addresses))
			}
		})
	}
	for _, host := range slices.Sorted(maps.Keys(hosts)) {
		queue <- hosts[host]
	}
	close(queue)
	wg.Wait()
	q.settle()
	q.remember(before)
}

// fresh tells whether an answer still holds.
func (a answer) fresh(now time.Time) bool {
	age := now.Sub(a.At)
	switch a.Fate {
	case "fine", "moved":
		return age >= 0 && age < fineFor
	case "dead":
		return age >= 0 && age < deadFor
	}
	return false
}

// settle takes back what was said of names that were not found, if nobody answered
// at all: then this machine has no network.
func (q *inquiry) settle() {
	for address, a := range q.answers {
		if a.lost && !q.heard {
			a.Fate, a.Says = "unknown", "there seems to be no network"
			q.answers[address] = a
		}
	}
}

// remember keeps what is known for the next check.
func (q *inquiry) remember(before map[string]answer) {
	all := map[string]answer{}
	for _, from := range []map[string]answer{before, q.answers} {
		for address, a := range from {
			if a.fresh(q.now()) {
				all[address] = a
			}
		}
	}
	if q.keep.Dir == "" || len(all) == 0 {
		return
	}
	_ = q.keep.Write(askedFile, func(w io.Writer) error { return json.NewEncoder(w).Encode(all) }) // what is not kept is asked again
}

// site asks for addresses of one site, one after the other. A page that is busy is
// put off until all others were asked for.
func (q *inquiry) site(ctx context.Context, addresses []string, of int) {
	v := visit{pause: q.pause, left: askWaits}
	var again []string
	for i, address := range addresses {
		if i > 0 && !sleep(ctx, v.next()) {
			return
		}
		a, later := q.one(ctx, address)
		if v.busy(later) && later <= askWait {
			again = append(again, address)
		} else {
			q.note(address, a, of)
		}
		if v.row == askBusy {
			q.letBe(append(again, addresses[i+1:]...), of)
			return
		}
	}
	for i, address := range again {
		if !sleep(ctx, v.next()) {
			return
		}
		a, later := q.one(ctx, address)
		if v.busy(later) {
			a.Says += " again"
		}
		q.note(address, a, of)
		if v.row == askBusy {
			q.letBe(again[i+1:], of)
			return
		}
	}
}

// A visit is how patient a site is asked.
type visit struct {
	pause time.Duration // between two addresses
	wait  time.Duration // more, before the next
	left  time.Duration // of all waiting
	row   int           // busy answers, one after the other
}

// busy notes how long an answer asks to be let be, if it does.
func (v *visit) busy(later time.Duration) bool {
	if later <= 0 {
		v.row = 0
		return false
	}
	v.row++
	v.wait = later
	if later > askWait { // which no check waits for; what else is there is asked for more slowly
		v.wait = 4 * v.pause
	}
	return true
}

// next is how long to wait before the next address is asked for.
func (v *visit) next() time.Duration {
	more := min(v.wait, v.left)
	v.left -= more
	v.wait = 0
	return v.pause + more
}

// note keeps an answer.
func (q *inquiry) note(address string, a answer, of int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	a.At = q.now()
	q.answers[address] = a
	q.asked++
	if q.told != nil {
		q.told(len(q.answers), of)
	}
}

// letBe notes which addresses of a busy site are not asked for, or not again.
func (q *inquiry) letBe(addresses []string, of int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, address := range addresses {
		q.answers[address] = answer{Fate: "unasked", Says: fmt.Sprintf("its site was busy %d times in a row", askBusy)}
	}
	if q.told != nil {
		q.told(len(q.answers), of)
	}
}

func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// one asks for an address, with HEAD and, where that is not answered well, with
// GET. Later is how long the site wants to be let be.
func (q *inquiry) one(ctx context.Context, address string) (a answer, later time.Duration) {
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		if a, later = q.try(ctx, method, address); a.Fate == "fine" || a.Fate == "moved" || a.Fate == "private" || later > 0 || a.lost {
			break
		}
	}
	return a, later
}

func (q *inquiry) try(ctx context.Context, method, address string) (a answer, later time.Duration) {
	request, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return answer{Fate: "dead", Says: "it is no address of the web"}, 0
	}
	request.Header.Set("User-Agent", q.agent)
	request.Header.Set("Accept", "*/*")
	client, last, lasting := *q.client, address, true
	client.CheckRedirect = func(next *http.Request, via []*http.Request) error {
		if len(via) >= 10 {
			return errors.New("it leads on without end")
		}
		switch next.Response.StatusCode {
		case http.StatusMovedPermanently, http.StatusPermanentRedirect:
			if lasting {
				last = next.URL.String()
			}
		default:
			lasting = false
		}
		return nil
	}
	response, err := client.Do(request)
	if err != nil {
		return q.failed(err), 0
	}
	response.Body.Close()
	q.mu.Lock()
	q.heard = true
	q.mu.Unlock()
	switch code := response.StatusCode; {
	case code < 400 && last != address:
		return answer{Fate: "moved", Says: last}, 0
	case code < 400:
		return answer{Fate: "fine"}, 0
	case code == http.StatusNotFound || code == http.StatusGone:
		return answer{Fate: "dead", Says: fmt.Sprintf("it answers %d", code)}, 0
	case code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable:
		a, later = answer{Fate: "unknown", Says: fmt.Sprintf("it answers %d", code)}, q.retryAfter(response.Header.Get("Retry-After"))
		if later > askWait+1 {
			a.Says += ", and asks to come again " + ago(q.now(), q.now().Add(later))
		}
		return a, later
	default:
		return answer{Fate: "unknown", Says: fmt.Sprintf("it answers %d", code)}, 0
	}
}

// failed is what is known of an address that nobody answered for.
func (q *inquiry) failed(err error) answer {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errPrivate):
		return answer{Fate: "private", Says: errPrivate.Error()}
	case errors.As(err, &dns) && dns.IsNotFound:
		return answer{Fate: "dead", Says: "there is no site of this name", lost: true}
	case errors.As(err, &certificate):
		q.mu.Lock()
		defer q.mu.Unlock()
		q.heard = true
		return answer{Fate: "dead", Says: "its certificate cannot be trusted: " + unwrapped(certificate.Err)}
	}
	return answer{Fate: "unknown", Says: "there is no answer"}
}

// retryAfter reads that header, which has seconds or a time (RFC 9110). Who sends
// none is let be too.
func (q *inquiry) retryAfter(text string) time.Duration {
	if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && n >= 0 {
		return max(time.Duration(n)*time.Second, time.Millisecond)
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(at.Sub(q.now()), time.Millisecond)
	}
	return askWait + 1
}
