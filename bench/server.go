package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"
)

const (
	pollEvery = 2 * time.Millisecond // how often a page is asked for that is waited for
	tooLate   = 2 * time.Minute      // after which nothing is waited for any more
	farewell  = 10 * time.Second     // in which a server must end when it is told to
)

// A server is a preview that runs.
type server struct {
	url    string // without a slash at its end
	first  time.Duration
	cmd    *exec.Cmd
	said   bytes.Buffer // to be read when it has ended
	ended  chan struct{}
	client http.Client
}

// startServer starts a preview at a free port and waits for its front page. When
// ctx ends, it is killed.
func startServer(ctx context.Context, dir string, command func(port string) []string) (*server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	args := command(port)
	s := &server{url: "http://127.0.0.1:" + port, ended: make(chan struct{}), client: http.Client{Transport: &http.Transport{DisableCompression: true}}}
	s.cmd = exec.CommandContext(ctx, args[0], args[1:]...)
	s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr = dir, &s.said, &s.said
	s.cmd.WaitDelay = farewell
	endTogether(s.cmd)
	start := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		s.cmd.Wait()
		close(s.ended)
	}()
	at, err := s.await(ctx, "/", "</html>")
	if err != nil {
		s.stop()
		return nil, err
	}
	s.first = at.Sub(start)
	return s, nil
}

// freePort gives a port of this machine at which nobody listens.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

// stop ends a preview as Ctrl-C would, and kills it if it does not end; it gives
// the most memory that it held. To stop it twice is no error.
func (s *server) stop() (peak int64) {
	if s.cmd.Process.Signal(os.Interrupt) != nil {
		s.cmd.Process.Kill()
	}
	select {
	case <-s.ended:
	case <-time.After(farewell):
		s.cmd.Cancel()
		<-s.ended
	}
	s.client.CloseIdleConnections()
	return peakBytes(s.cmd.ProcessState)
}

// get asks for a page as a browser does that is led there, and gives it if it
// was sent whole.
func (s *server) get(ctx context.Context, page string) (text []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+page, nil)
	if err != nil {
		return nil, err
	}
	if isPage(page) {
		req.Header.Set("Sec-Fetch-Mode", "navigate") // by which Hugo knows what pages are looked at
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if text, err = io.ReadAll(resp.Body); err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", page, resp.Status)
	}
	if isPage(page) && !bytes.Contains(text, []byte("</html>")) {
		return nil, fmt.Errorf("%s has no end", page)
	}
	return text, nil
}

// isPage tells a page's address from a file's.
func isPage(path string) bool { return strings.HasSuffix(path, "/") }

// await asks for a page again and again until it shows all the words, and tells
// when it did. It is an error if that takes too long.
func (s *server) await(ctx context.Context, page string, words ...string) (at time.Time, err error) {
	ctx, stop := context.WithTimeoutCause(ctx, tooLate, fmt.Errorf("nothing came in %v", tooLate))
	defer stop()
	last := errors.New("it was not asked for")
	for {
		text, err := s.get(ctx, page)
		if err == nil {
			at = time.Now()
			missing := missingWords(text, words)
			if missing == "" {
				return at, nil
			}
			err = fmt.Errorf("%s does not show %q", page, missing)
		}
		if ctx.Err() == nil {
			last = err
		}
		select {
		case <-s.ended:
			return at, fmt.Errorf("%s has ended: %v\n%s", strings.Join(s.cmd.Args, " "), s.cmd.ProcessState, lastLines(s.said.String(), 20))
		case <-ctx.Done():
			return at, fmt.Errorf("%w: %w", context.Cause(ctx), last)
		case <-time.After(pollEvery):
		}
	}
}

// missingWords gives the first words that a text does not have, or "".
func missingWords(text []byte, words []string) string {
	for _, one := range words {
		if !bytes.Contains(text, []byte(one)) {
			return one
		}
	}
	return ""
}
