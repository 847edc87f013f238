package serve

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// news is what a page is told when it comes, and after each build.
type news struct {
	Run      string   `json:"run"`
	Edition  int      `json:"edition"`
	Changed  bool     `json:"changed"` // a file the page rests on
	Assets   []string `json:"assets"`  // other files that changed and that the page may use
	Reload   bool     `json:"reload"`  // so many that it had better load anew
	Title    string   `json:"title"`
	AsOf     string   `json:"asOf"`
	MayAsk   bool     `json:"mayAsk"` // for another time
	Hidden   int      `json:"hidden"` // how many articles are not published
	Problems []told   `json:"problems"`
	More     int      `json:"more"` // how many problems are not listed
}

const (
	maxAssets   = 200
	maxProblems = 100
	maxFiles    = 8 // that a page rests on
)

// events tells a page what changes, until it leaves or the preview ends. A page
// that does not listen misses nothing: it is told of the last edition only, and
// of all that changed since the one it knows.
func (p *Preview) events(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	files, since := q["file"], -1
	if n, err := strconv.Atoi(q.Get("edition")); err == nil && q.Get("run") == p.run {
		since = n
	}
	if len(files) > maxFiles {
		http.Error(w, "no page rests on so many files", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	if r.Method == http.MethodHead {
		return
	}
	wake := p.listen()
	defer p.leave(wake)
	beat := time.NewTicker(p.beat)
	defer beat.Stop()
	message := p.message(files, &since)
	for p.write(w, message) == nil {
		select {
		case <-wake:
			message = p.message(files, &since)
		case <-beat.C:
			message = []byte(":\n\n")
		case <-r.Context().Done():
			return
		}
	}
}

// listen has a channel told of each edition.
func (p *Preview) listen() chan struct{} {
	wake := make(chan struct{}, 1)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.streams[wake] = true
	return wake
}

func (p *Preview) leave(wake chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.streams, wake)
}

// write sends a message at once. Who does not read it in time is dropped, and
// comes again.
func (p *Preview) write(w http.ResponseWriter, message []byte) error {
	c := http.NewResponseController(w)
	late := time.AfterFunc(p.grace, func() { c.SetWriteDeadline(time.Unix(1, 0)) })
	defer late.Stop()
	if _, err := w.Write(message); err != nil {
		return err
	}
	return c.Flush()
}

// message is the event for a page that rests on files and knows the edition
// since, which becomes the last one.
func (p *Preview) message(files []string, since *int) []byte {
	n := p.news(files, *since)
	data, err := json.Marshal(n)
	if err != nil {
		panic("serve: news that cannot be written: " + err.Error())
	}
	*since = n.Edition
	return fmt.Appendf(nil, "data: %s\n\n", data)
}

func (p *Preview) news(files []string, since int) news {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.edition
	n := news{Run: p.run, Edition: p.number, Changed: since < 0, Title: e.Title, AsOf: e.AsOf, MayAsk: p.asOf != nil, Hidden: len(e.Unpublished)}
	n.Problems = p.tell(e.Problems)
	n.More = max(len(n.Problems)-maxProblems, 0)
	n.Problems = n.Problems[:len(n.Problems)-n.More]
	for _, file := range files {
		n.Changed = n.Changed || p.changed[file] > since
	}
	for file, at := range p.changed {
		if since >= 0 && at > since && isAsset(file) {
			n.Assets = append(n.Assets, file)
		}
	}
	if n.Reload = len(n.Assets) > maxAssets; n.Reload {
		n.Assets = nil
	}
	return n
}

// isAsset tells whether a page may show a file without having it in its text.
func isAsset(file string) bool {
	kind := typeOf(file)
	family, _, _ := strings.Cut(kind, "/")
	return slices.Contains([]string{"image", "font", "audio", "video"}, family) || kind == types[".css"] || kind == types[".js"]
}
