package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"stet/internal/diag"
	"stet/internal/threads"
)

const (
	longestExport  = 64 << 20 // bytes of one answer
	exportPatience = time.Minute
)

// unanswered is an error of a service that does not answer now, and may later.
type unanswered struct{ diag.Problem }

// Unwrap is the problem, as it is said.
func (u unanswered) Unwrap() error { return u.Problem }

// An export is a service that is asked what changed.
type export struct {
	url, key, agent string
	client          *http.Client
}

// newExport makes one for the service at an address.
func newExport(s *system, from string) (*export, error) {
	u, err := url.Parse(from)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, mistaken("write it like --from https://comments.example/", "%q is no address of a service", from)
	}
	key := s.env(keyName)
	if strings.TrimSpace(key) == "" {
		return nil, mistaken("give it the key of the service, without writing it into a file of the site:\nexport "+keyName+"=…", "there is no key: %s is not set", keyName)
	}
	u.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, "/export"), "/") + "/"
	return &export{url: u.String(), key: strings.TrimSpace(key), agent: "Stet/" + version() + " (pulls comments)", client: &http.Client{
		Timeout:       exportPatience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the key is for nobody else
	}}, nil
}

// changes asks for what changed since.
func (e *export) changes(ctx context.Context, since int64) (c threads.Changes, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%sexport?since=%d", e.url, since), nil)
	if err != nil {
		return c, err
	}
	r.Header.Set("Authorization", "Bearer "+e.key)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", e.agent)
	answer, err := e.client.Do(r)
	if err != nil {
		return c, e.silent(err)
	}
	defer answer.Body.Close()
	if err := e.refused(answer); err != nil {
		return c, err
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, longestExport+1))
	if err != nil {
		return c, e.silent(err)
	}
	if len(body) > longestExport {
		return c, e.wrong("answers with more than 64 MB", "stet version says which Stet this is; the service should be the same")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		if strings.Contains(err.Error(), "unknown field") {
			return c, e.wrong("is of a later Stet: it says "+strings.TrimPrefix(err.Error(), "json: unknown field "), "update this Stet; stet version says which it is")
		}
		return c, e.stranger()
	}
	if !bytes.Contains(body, []byte(`"seq"`)) || c.Seq < 0 {
		return c, e.stranger()
	}
	return c, nil
}

func (e *export) wrong(text, hint string) error {
	return diag.Problem{Severity: diag.Error, Text: e.url + " " + text, Hint: hint}
}

// stranger is the error of something that is no service of Stet.
func (e *export) stranger() error {
	return e.wrong("is no service of Stet", "give the address at which readers reach the service, as in site.yaml:\ncomments: {service: https://comments.example/}")
}

// refused tells of an answer other than what was asked for.
func (e *export) refused(answer *http.Response) error {
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	switch code := answer.StatusCode; {
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		return e.wrong("does not take the key", keyName+" must be the same here and where the service runs")
	case code == http.StatusTooManyRequests || code >= 500:
		return unanswered{diag.Problem{Severity: diag.Error, Text: fmt.Sprintf("%s answers %d %s", e.url, code, http.StatusText(code)), Hint: "try again later; what the service says of it is in its log"}}
	case code >= 300 && code < 400:
		return e.wrong("leads to "+answer.Header.Get("Location"), "give that address, if it is the service's")
	case code != http.StatusOK || kind != "application/json":
		return e.stranger()
	}
	return nil
}

// silent tells why there is no answer.
func (e *export) silent(err error) error {
	hint := "look whether it runs, and whether this machine may reach it"
	var wrong *url.Error
	if errors.As(err, &wrong) {
		err = wrong.Err
	}
	text := err.Error()
	var name *net.DNSError
	var timeout net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return diag.Problem{Severity: diag.Error, Text: "stopped before the service had answered", Hint: "the next pull fetches the rest"}
	case errors.As(err, &name):
		text, hint = "there is no such name", "look at how it is written"
	case errors.Is(err, syscall.ECONNREFUSED):
		text = "nobody answers there"
	case errors.As(err, &timeout) && timeout.Timeout():
		text = "it takes too long"
	case strings.Contains(text, "HTTP response to HTTPS client"):
		text, hint = "it speaks HTTP alone", "write http:// if it is on this machine, or put a server with TLS before it"
	}
	return unanswered{diag.Problem{Severity: diag.Error, Text: e.url + " cannot be reached: " + text, Hint: hint}}
}
