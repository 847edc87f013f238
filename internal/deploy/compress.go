package deploy

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
)

// leastCompressed is the size from which on a file is worth compressing: a smaller
// one goes in a packet or two as it is.
const leastCompressed = 1 << 10

// Compressions are the endings of files that are compressed, by how they are.
var Compressions = map[string]string{"br": ".br", "gzip": ".gz"}

// Compressible tells whether a file is compressed where that is asked for: a text
// that is not short.
func Compressible(name string, size int64) bool {
	kind, _, text := strings.Cut(TypeOf(name), ";")
	switch path.Base(name) {
	case "_headers", "_redirects", "410.txt": // which hosts alone read
		return false
	}
	return size >= leastCompressed && (text || kind == "application/wasm" || kind == "font/ttf" || kind == "font/otf")
}

// Compress makes a file smaller, by br or gzip. The same bytes make the same
// bytes, on every machine, for one release of Stet.
func Compress(data []byte, how string) ([]byte, error) {
	var b bytes.Buffer
	switch how {
	case "br":
		w := brotli.NewWriterLevel(&b, brotli.BestCompression)
		w.Write(data) // a buffer takes all
		if err := w.Close(); err != nil {
			return nil, err
		}
	case "gzip":
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression) // without a name and a time
		if err != nil {
			return nil, err
		}
		w.Write(data)
		if err := w.Close(); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("files cannot be compressed as %q: br and gzip are known", how)
	}
	return b.Bytes(), nil
}

// Compressed has files sent in compressed form too, beside the plain ones, where a
// web server finds them. It is for folders and SFTP: a store gives each address one
// body, whatever the browser takes, and hosts of git branches compress by themselves.
func (e *Edition) Compressed(how []string) {
	own := map[string]bool{}
	for _, f := range e.Files {
		own[f.Path] = true
	}
	for i := range e.Files {
		f := &e.Files[i]
		var by []string
		for _, h := range how {
			if !own[f.Path+Compressions[h]] && Compressible(f.Path, f.Size) && !slices.Contains(by, h) {
				by = append(by, h)
			}
		}
		slices.Sort(by)
		f.Header.Beside = strings.Join(by, " ")
	}
}

// besides are the paths of the files beside one.
func besides(name, how string) (all []string) {
	for h := range strings.FieldsSeq(how) {
		if ending := Compressions[h]; ending != "" {
			all = append(all, name+ending)
		}
	}
	return all
}

// compressed puts a file's compressed forms beside it, and takes away those that it
// is to have no more: a server would send them in its place.
func (t *transit) compressed(ctx context.Context, c Change, o Object, body io.ReadSeeker) error {
	if c.Was != nil {
		gone := slices.DeleteFunc(besides(c.Path, c.Was.Header.Beside), func(name string) bool {
			return findFile(t.Edition.Files, name) != nil || slices.Contains(besides(c.Path, o.Header.Beside), name)
		})
		if err := t.remove(ctx, gone...); err != nil {
			return err
		}
	}
	if o.Header.Beside == "" {
		return nil
	}
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return err
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	for how := range strings.FieldsSeq(o.Header.Beside) {
		packed, err := Compress(data, how)
		if err != nil {
			return err
		}
		there := objectOf(o.Path+Compressions[how], packed)
		there.Header = Header{Type: o.Header.Type, Cache: o.Header.Cache, Encoding: how}
		if err := t.store(ctx, there, bytes.NewReader(packed)); err != nil {
			return err
		}
	}
	return nil
}
