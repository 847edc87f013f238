// Package serve shows an edition on this machine, as a plain host would, and as
// a galley that is never stale.
//
// [Handler] serves the files of an edition's folder under the site's base path:
// a folder by its index.html, what is missing by the nearest 404.html, old URLs
// by the lines of _redirects. It shows nothing else: a path that is not plainly
// one of a file (paths.go) is refused, and so is whoever the door (door.go) does
// not know, which is how a web page somewhere else would reach a preview.
//
// A [Preview] is that, for an edition that is made again and again. Whoever
// makes it says so: [Preview.Hold] while files are put in place, [Preview.Show]
// when they are. Each page that is sent out gets a script (inject.go, galley/)
// that listens to /_stet/events (events.go). When the page's own file has
// changed, it fetches itself and changes what differs; it shows the problems of
// the last build, and in a panel what is known of its article. Nothing of this
// is ever in the edition's files.
//
// [Listen] opens the door and closes it again.
package serve

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"
)

// Options are how an edition is served. The zero value serves a site without a
// base path to this machine.
type Options struct {
	Base  string   // the site's base path, such as "/news/"; "" is "/"
	Hosts []string // host names to answer to beside localhost; "*" is any
	Token string   // what a browser must know, once as ?token=; "" lets all in

	// Of a Preview only:

	Dir  string                  // the site's folder, absolute, for links that open a file in an editor; "" has none
	AsOf func(when string) error // shows the site as of a time, as the browser writes it, "" is now; nil is not offered. Its error is shown
	// Make makes a file that the edition will have and has not yet, nil if it
	// will have none of this name. It is called while no request is held up.
	Make func(ctx context.Context, name string) []byte
}

// Handler serves an edition. Its files are opened anew for each request, so
// that an edition that was put in place is shown.
func Handler(edition fs.FS, o Options) http.Handler { return newHandler(edition, o) }

func newHandler(edition fs.FS, o Options) *handler {
	base := "/" + strings.Trim(o.Base, "/")
	if base == "/" {
		base = ""
	}
	return &handler{edition: edition, base: base, door: newDoor(o)}
}

type handler struct {
	edition fs.FS
	base    string // "" or "/news"
	door    door

	mu        sync.Mutex // guards what is known of _redirects
	known     []rule
	knownSize int64
	knownTime time.Time
}

// ServeHTTP answers a request.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.door.admits(w, r) && reads(w, r) {
		a := h.find(r.URL)
		a.send(w, r)
	}
}

// reads tells whether a request only wants to read.
func reads(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true
	}
	w.Header().Set("Allow", "GET, HEAD")
	http.Error(w, "only GET and HEAD are answered", http.StatusMethodNotAllowed)
	return false
}

// An answer is what was found for a request, opened but not yet sent.
type answer struct {
	status   int    // 200 or 404, or that of a redirection
	to       string // where a redirection leads
	name     string // the file's, from the edition's folder; "" if there is none
	tag      string
	modified time.Time
	content  io.ReadSeekCloser
}

// find finds what is answered to a request that is well formed.
func (h *handler) find(u *url.URL) answer {
	if to, status, ok := h.redirected(u, false); ok {
		return answer{status: status, to: to}
	}
	name, inside := strings.CutPrefix(u.Path, h.base+"/")
	if !inside && (u.Path == "/" || u.Path == h.base) {
		return answer{status: http.StatusFound, to: h.base + "/"}
	}
	if inside && !hidden(name) {
		if a, ok := h.file(u, name); ok {
			return a
		}
	}
	if to, status, ok := h.redirected(u, true); ok {
		return answer{status: status, to: to}
	}
	return h.missing(name)
}

// file finds a file, or a folder's index.html.
func (h *handler) file(u *url.URL, name string) (a answer, ok bool) {
	folder := name == "" || strings.HasSuffix(name, "/")
	if folder {
		name += "index.html"
	}
	info, err := fs.Stat(h.edition, name)
	if err == nil && info.IsDir() && !folder {
		if index, err := fs.Stat(h.edition, name+"/index.html"); err == nil && index.Mode().IsRegular() {
			to := *u
			to.Scheme, to.Host, to.Path, to.RawPath = "", "", to.Path+"/", ""
			return answer{status: http.StatusMovedPermanently, to: to.String()}, true
		}
		return answer{}, false
	}
	if err != nil || !info.Mode().IsRegular() {
		return answer{}, false
	}
	content, err := h.open(name, info.Size())
	if err != nil {
		return answer{}, false
	}
	tag := fmt.Sprintf("%x-%x", info.ModTime().UnixNano(), info.Size())
	return answer{status: http.StatusOK, name: name, tag: tag, modified: info.ModTime(), content: content}, true
}

// maxCopy is how large a file may be to be read whole before it is sent.
const maxCopy = 4 << 20

// open opens a file for reading in any order. A file that is not large is read
// at once, so that nobody who reads slowly keeps it open. A large one stays open
// as it is, also when another takes its name.
func (h *handler) open(name string, size int64) (io.ReadSeekCloser, error) {
	f, err := h.edition.Open(name)
	if err != nil {
		return nil, err
	}
	if s, ok := f.(io.ReadSeekCloser); ok && size > maxCopy {
		return s, nil
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	return memory{bytes.NewReader(data)}, err
}

// memory is a file that was read whole.
type memory struct{ *bytes.Reader }

// Close does nothing.
func (memory) Close() error { return nil }

// missing finds what says that there is no such page: the nearest 404.html,
// that of a language for what is missing in it.
func (h *handler) missing(name string) answer {
	if hidden(name) || strings.HasPrefix(name, "/") {
		name = ""
	}
	for folder := path.Clean(name); ; folder = path.Dir(folder) {
		file := path.Join(folder, "404.html")
		if data, err := fs.ReadFile(h.edition, file); err == nil {
			return answer{status: http.StatusNotFound, name: file, content: memory{bytes.NewReader(data)}}
		}
		if folder == "." || folder == "/" {
			return answer{status: http.StatusNotFound, content: memory{bytes.NewReader([]byte("there is no page here\n"))}}
		}
	}
}

// send sends an answer.
func (a answer) send(w http.ResponseWriter, r *http.Request) {
	if a.content == nil {
		w.Header().Set("Location", a.to)
		w.WriteHeader(a.status)
		return
	}
	defer a.content.Close()
	w.Header().Set("Content-Type", a.kind())
	if a.status == http.StatusOK {
		w.Header().Set("ETag", `"`+a.tag+`"`)
		http.ServeContent(w, r, "", a.modified, a.content)
		return
	}
	size, _ := a.content.Seek(0, io.SeekEnd)
	a.content.Seek(0, io.SeekStart)
	w.Header().Set("Content-Length", fmt.Sprint(size))
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		io.Copy(w, a.content)
	}
}

func (a answer) kind() string {
	if a.name == "" {
		return types[".txt"]
	}
	return typeOf(a.name)
}
