package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/websocket"
)

// An ear listens to what a preview tells an open page. News gets the time at
// which the page was told to show itself anew, and is closed without one if the
// preview hung up.
type ear struct {
	news <-chan time.Time
	stop context.CancelFunc
}

// A listener opens an ear for a page, and returns when it is sure to hear.
type listener func(ctx context.Context, s *server, page string) (*ear, error)

// wait waits for the news.
func (e *ear) wait(ctx context.Context) (at time.Time, err error) {
	select {
	case at, ok := <-e.news:
		if !ok && ctx.Err() == nil {
			return at, fmt.Errorf("the preview tells its pages nothing any more")
		}
		return at, ctx.Err()
	case <-time.After(tooLate):
		return at, fmt.Errorf("an open page was told nothing in %v", tooLate)
	}
}

// listen has hear run until it has heard of a change, and hands on when it did.
func listen(stop context.CancelFunc, hear func() error) *ear {
	news := make(chan time.Time, 1)
	go func() {
		defer close(news)
		if hear() == nil {
			news <- time.Now()
		}
	}()
	return &ear{news: news, stop: stop}
}

// listenEvents listens as a page in Stet's preview does: to server-sent events
// that say whether the file it rests on has changed.
func listenEvents(ctx context.Context, s *server, page string) (*ear, error) {
	file := strings.TrimPrefix(page, "/")
	if isPage(page) {
		file += "index.html"
	}
	ctx, stop := context.WithCancel(ctx)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/_stet/events?file="+file, nil)
	if err != nil {
		stop()
		return nil, err
	}
	resp, err := s.client.Do(req)
	if err != nil {
		stop()
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		stop()
		resp.Body.Close()
		return nil, fmt.Errorf("events: %s", resp.Status)
	}
	lines := bufio.NewReader(resp.Body)
	next := func() (told bool, err error) {
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return false, err
			}
			data, ok := strings.CutPrefix(line, "data: ")
			if !ok {
				continue
			}
			var news struct {
				Changed bool     `json:"changed"`
				Assets  []string `json:"assets"`
			}
			err = json.Unmarshal([]byte(data), &news)
			return news.Changed || slices.Contains(news.Assets, file), err
		}
	}
	if _, err := next(); err != nil { // how things stand
		stop()
		resp.Body.Close()
		return nil, err
	}
	return listen(stop, func() error {
		defer resp.Body.Close()
		for {
			if told, err := next(); told || err != nil {
				return err
			}
		}
	}), nil
}

// listenLivereload listens as a page in Hugo's preview does: to a websocket of
// the LiveReload protocol.
func listenLivereload(ctx context.Context, s *server, _ string) (*ear, error) {
	config, err := websocket.NewConfig("ws"+strings.TrimPrefix(s.url, "http")+"/livereload", s.url)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	conn, err := config.DialContext(ctx)
	if err != nil {
		stop()
		return nil, err
	}
	context.AfterFunc(ctx, func() { conn.Close() })
	until := func(command string) error {
		for {
			var message struct {
				Command string `json:"command"`
			}
			if err := websocket.JSON.Receive(conn, &message); err != nil || message.Command == command {
				return err
			}
		}
	}
	hello := `{"command":"hello","protocols":["http://livereload.com/protocols/official-7"]}`
	if err = websocket.Message.Send(conn, hello); err == nil {
		err = until("hello")
	}
	if err != nil {
		stop()
		return nil, err
	}
	return listen(stop, func() error { return until("reload") }), nil
}
