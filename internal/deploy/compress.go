package deploy

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"path"
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
