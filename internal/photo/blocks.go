package photo

import (
	"bytes"
	"errors"
	"io"
	"strings"
)

// Bounds of what is read of one file.
const (
	maxBlock  = 16 << 20 // bytes of one block, inflated
	maxBlocks = 32 << 20 // bytes of all blocks
	maxSteps  = 100_000  // segments, chunks or boxes
)

// What a block holds.
const (
	exifBlock     = "EXIF"      // a TIFF structure
	xmpBlock      = "XMP"       // a packet
	extendedBlock = "XMP more"  // a part of JPEG's Extended XMP, with its header
	iimBlock      = "IIM"       // datasets
	photoshop     = "Photoshop" // image resources, or a part of them
)

// A block is a part of a file that says something of the picture. A file's
// bytes from start to end hold it with its header; data is what it holds.
type block struct {
	kind       string
	start, end int64
	data       []byte
}

// blocks is what a walk through a file finds.
type blocks struct {
	format string
	all    []block
	insert int64 // where in the file a new block may be put
	broken bool  // the file ends early, or lies about lengths
}

func (f *blocks) of(kind string) (found []block) {
	for _, b := range f.all {
		if b.kind == kind {
			found = append(found, b)
		}
	}
	return found
}

var formats = []struct {
	name   string
	begins func(start []byte) bool
	walk   func(*walker)
}{
	{"jpeg", magic("\xff\xd8\xff"), walkJPEG},
	{"png", magic(pngStart), walkPNG},
	{"webp", func(b []byte) bool { return magic("RIFF")(b) && string(b[8:12]) == "WEBP" }, walkWebP},
	{"avif", IsAVIF, walkAVIF},
	{"tiff", func(b []byte) bool { return magic("II*\x00")(b) || magic("MM\x00*")(b) }, walkTIFF},
	{"gif", func(b []byte) bool { return magic("GIF87a")(b) || magic("GIF89a")(b) }, func(*walker) {}},
}

func magic(m string) func([]byte) bool {
	return func(start []byte) bool { return bytes.HasPrefix(start, []byte(m)) }
}

// walk finds the blocks of a file.
func walk(r io.ReadSeeker) (*blocks, error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	w := &walker{r: r, size: size, blocks: new(blocks)}
	start := append(w.bytes(0, min(size, 64)), make([]byte, 16)...)
	for _, f := range formats {
		if w.err == nil && f.begins(start) {
			w.format = f.name
			f.walk(w)
			break
		}
	}
	if errors.Is(w.err, errShort) {
		w.broken, w.err = true, nil
	}
	return w.blocks, w.err
}

// A walker reads parts of a file. After an error it gives zeros.
type walker struct {
	*blocks
	r    io.ReadSeeker
	size int64
	read int64 // so many bytes of blocks
	step int
	err  error
}

var errShort = errors.New("the file ends early")

// bytes reads n bytes at an offset.
func (w *walker) bytes(at, n int64) []byte {
	if w.err == nil && (at < 0 || n < 0 || n > maxBlock || at > w.size-n) {
		w.err = errShort
	}
	if w.err == nil && w.step == maxSteps {
		w.err = errShort
	}
	if w.err != nil {
		return make([]byte, max(0, min(n, 64)))
	}
	w.step++
	b := make([]byte, n)
	if _, w.err = w.r.Seek(at, io.SeekStart); w.err == nil {
		if _, w.err = io.ReadFull(w.r, b); errors.Is(w.err, io.ErrUnexpectedEOF) || w.err == io.EOF {
			w.err = errShort // it was cut while it was read
		}
	}
	return b
}

// add takes a block whose data begins at an offset after start.
func (w *walker) add(kind string, start, data, end int64) {
	if b := w.bytes(data, end-data); w.err == nil {
		w.addBytes(kind, start, end, b)
	}
}

func (w *walker) addBytes(kind string, start, end int64, data []byte) {
	if w.read += int64(len(data)); w.read > maxBlocks {
		w.err = errShort
		return
	}
	w.all = append(w.all, block{kind, start, end, data})
}

// cutPrefix names the block that a segment or chunk holds by how it begins.
func cutPrefix(data []byte, kinds ...[2]string) (kind string, header int64) {
	for _, k := range kinds {
		if strings.HasPrefix(string(data[:min(len(data), len(k[0]))]), k[0]) {
			return k[1], int64(len(k[0]))
		}
	}
	return "", 0
}
