// Package serve shows an edition on this machine, as a plain host would.
//
// [Handler] serves the files of an edition's folder under the site's base path:
// a folder by its index.html, what is missing by the nearest 404.html, old URLs
// by the lines of _redirects. It shows nothing else: a path that is not plainly
// one of a file (paths.go) is refused, and so are requests for another host
// name than this machine's, which is how a web page somewhere else would reach
// a preview. [Listen] opens the door and closes it again.
package serve

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options are how an edition is served. The zero value serves a site without a
// base path to this machine.
type Options struct {
	Base  string   // the site's base path, such as "/news/"; "" is "/"
	Hosts []string // host names to answer to beside localhost; "*" is any
}

// Handler serves an edition. Its files are opened anew for each request, so
// that an edition that was put in place is shown.
func Handler(edition fs.FS, o Options) http.Handler {
	base := "/" + strings.Trim(o.Base, "/")
	if base == "/" {
		base = ""
	}
	return &handler{edition: edition, base: base, hosts: o.Hosts}
}

type handler struct {
	edition fs.FS
	base    string // "" or "/news"
	hosts   []string

	mu        sync.Mutex // guards what is known of _redirects
	known     []rule
	knownSize int64
	knownTime time.Time
}

// ServeHTTP answers a request.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	switch {
	case !h.knows(r.Host):
		http.Error(w, "this is not "+clip(r.Host), http.StatusMisdirectedRequest)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD are answered", http.StatusMethodNotAllowed)
	case !plainPath(r.URL):
		http.Error(w, "this is no path of a file", http.StatusBadRequest)
	default:
		h.answer(w, r)
	}
}

// knows tells whether a request is meant for this machine.
func (h *handler) knows(host string) bool {
	name := host
	if n, port, err := net.SplitHostPort(host); err == nil && strings.Trim(port, "0123456789") == "" {
		name = n
	}
	name = strings.ToLower(strings.TrimSuffix(strings.Trim(name, "[]"), "."))
	return name == "localhost" || name == "127.0.0.1" || name == "::1" || slices.Contains(h.hosts, "*") ||
		slices.ContainsFunc(h.hosts, func(known string) bool { return strings.EqualFold(strings.Trim(known, "[]"), name) })
}

func clip(s string) string { return fmt.Sprintf("%.80q", s) }

// answer answers a request that is well formed.
func (h *handler) answer(w http.ResponseWriter, r *http.Request) {
	if to, status, ok := h.redirected(r.URL, false); ok {
		h.redirect(w, to, status)
		return
	}
	name, inside := strings.CutPrefix(r.URL.Path, h.base+"/")
	switch {
	case !inside && (r.URL.Path == "/" || r.URL.Path == h.base):
		h.redirect(w, h.base+"/", http.StatusFound)
		return
	case inside && !hidden(name) && h.file(w, r, name):
		return
	}
	if to, status, ok := h.redirected(r.URL, true); ok {
		h.redirect(w, to, status)
		return
	}
	h.missing(w, r, name)
}

func (h *handler) redirect(w http.ResponseWriter, to string, status int) {
	w.Header().Set("Location", to)
	w.WriteHeader(status)
}

// file serves a file, or a folder's index.html. It returns false if there is
// neither.
func (h *handler) file(w http.ResponseWriter, r *http.Request, name string) bool {
	folder := name == "" || strings.HasSuffix(name, "/")
	if folder {
		name += "index.html"
	}
	info, err := fs.Stat(h.edition, name)
	if err == nil && info.IsDir() && !folder {
		if index, err := fs.Stat(h.edition, name+"/index.html"); err == nil && index.Mode().IsRegular() {
			to := *r.URL
			to.Scheme, to.Host, to.Path, to.RawPath = "", "", to.Path+"/", ""
			h.redirect(w, to.String(), http.StatusMovedPermanently)
			return true
		}
		return false
	}
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	content, err := h.open(name)
	if err != nil {
		return false
	}
	defer content.Close()
	w.Header().Set("Content-Type", typeOf(name))
	w.Header().Set("ETag", fmt.Sprintf(`"%x-%x"`, info.ModTime().UnixNano(), info.Size()))
	http.ServeContent(w, r, "", info.ModTime(), content)
	return true
}

// open opens a file for reading in any order.
func (h *handler) open(name string) (io.ReadSeekCloser, error) {
	f, err := h.edition.Open(name)
	if err != nil {
		return nil, err
	}
	if s, ok := f.(io.ReadSeekCloser); ok {
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

// missing says that there is no such page, with the nearest 404.html: that of a
// language for what is missing in it.
func (h *handler) missing(w http.ResponseWriter, r *http.Request, name string) {
	text := []byte("there is no page here\n")
	kind := "text/plain; charset=utf-8"
	if hidden(name) || strings.HasPrefix(name, "/") {
		name = ""
	}
	for folder := path.Clean(name); ; folder = path.Dir(folder) {
		if data, err := fs.ReadFile(h.edition, path.Join(folder, "404.html")); err == nil {
			text, kind = data, typeOf("404.html")
			break
		}
		if folder == "." || folder == "/" {
			break
		}
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", fmt.Sprint(len(text)))
	w.WriteHeader(http.StatusNotFound)
	if r.Method != http.MethodHead {
		w.Write(text)
	}
}
