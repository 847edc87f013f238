package output

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/zeebo/xxh3"
)

const (
	manifestName = "manifest"
	magic        = "stet manifest 3"
	magicBefore  = "stet manifest 2" // with nothing about files
)

// A File is what the manifest says of a file of the edition.
type File struct {
	Size  int64
	Mtime int64    // in nanoseconds since 1970
	Sum   [16]byte // XXH3
	// About is what the maker of a page wants to be known of it, on one line; ""
	// if that is nothing.
	About string
}

// A line is what the manifest says of one file.
type line struct {
	name string
	File
	// moving marks a path at which either edition may lie, while the next one
	// is being put in place. Such a line begins with an exclamation mark.
	moving bool
	text   string // as it was read, without that mark; "" if it is new
}

// A manifest lists the files Stet wrote into a folder. It is a text: a first
// line, lines of a key and a value up to an empty line, then one line a file.
type manifest struct {
	exists   bool
	older    bool // by a Stet that knew nothing about files
	complete bool
	baseURL  string
	drafts   bool
	// id names the edition that lies there. While the next one is being put in
	// place, it still names the one before.
	id    string
	lines []line // sorted by name

	once sync.Once
	at   map[string]int32 // where each file's line is
}

// find returns the number of a file's line.
func (m *manifest) find(name string) (int, bool) {
	m.once.Do(func() {
		m.at = make(map[string]int32, len(m.lines))
		for i := range m.lines {
			m.at[m.lines[i].name] = int32(i)
		}
	})
	i, ok := m.at[name]
	return int(i), ok
}

// readManifest reads the manifest of a folder. A missing one is an empty one; a
// damaged one is an error, because its files could no longer be told from
// foreign ones.
func readManifest(dir string) (*manifest, error) {
	m := new(manifest)
	f, err := os.Open(filepath.Join(dir, Own, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return m, err
	}
	defer f.Close()
	var text strings.Builder
	if info, err := f.Stat(); err == nil {
		text.Grow(int(info.Size()))
	}
	if _, err = io.Copy(&text, f); err != nil {
		return m, err
	}
	m.exists = true
	return m, m.parse(text.String())
}

var errManifest = errors.New("the list of the files that stet wrote here is damaged")

func (m *manifest) parse(data string) error {
	head, body, ok := strings.Cut(data, "\n\n")
	keys := strings.Split(head, "\n")
	m.older = keys[0] == magicBefore
	if !ok || keys[0] != magic && !m.older || len(body) > 0 && body[len(body)-1] != '\n' {
		return errManifest
	}
	count := -1
	for _, l := range keys[1:] {
		switch key, value, _ := strings.Cut(l, " "); key {
		case "complete":
			m.complete = value == "yes"
		case "drafts":
			m.drafts = value == "yes"
		case "base":
			m.baseURL = value
		case "id":
			m.id = value
		case "files":
			count, _ = strconv.Atoi(value)
		}
	}
	if count < 0 || count > len(body) {
		return errManifest
	}
	m.lines = make([]line, 0, count)
	for body != "" && len(m.lines) < count {
		var l line
		end := strings.IndexByte(body, '\n') + 1
		l.text, body = body[:end], body[end:]
		if l.text, l.moving = strings.CutPrefix(l.text, "!"); !l.parse(m.older) {
			return errManifest
		}
		m.lines = append(m.lines, l)
	}
	byName := func(a, b line) int { return strings.Compare(a.name, b.name) }
	if !slices.IsSortedFunc(m.lines, byName) {
		slices.SortFunc(m.lines, byName)
	}
	for i := 1; i < len(m.lines); i++ {
		if m.lines[i].name == m.lines[i-1].name {
			return errManifest
		}
	}
	if body != "" || len(m.lines) != count {
		return errManifest // it was cut
	}
	return nil
}

// parse reads a line. It fails on a path out of the folder too, which would have
// files removed that are not ours.
func (l *line) parse(older bool) bool {
	sum, rest, _ := strings.Cut(strings.TrimSuffix(l.text, "\n"), " ")
	size, rest, _ := strings.Cut(rest, " ")
	mtime, name, ok := strings.Cut(rest, " ")
	var hexed [2 * len(l.Sum)]byte
	if !ok || len(sum) != len(hexed) {
		return false
	}
	if !older {
		name, l.About, _ = strings.Cut(name, "\t")
	} else if strings.Contains(name, "\t") {
		l.text = "" // it is to be written otherwise now
	}
	copy(hexed[:], sum)
	if _, err := hex.Decode(l.Sum[:], hexed[:]); err != nil {
		return false
	}
	var err, err2, err3 error
	l.Size, err = strconv.ParseInt(size, 10, 64)
	l.Mtime, err2 = strconv.ParseInt(mtime, 10, 64)
	l.name, err3 = unquote(name)
	return err == nil && err2 == nil && err3 == nil && allowed(l.name)
}

// write puts the manifest in place of the one before. A complete one gets its
// name from what it lists, and marks no path. It is as large as its edition has many
// files, and is written piece by piece: memory that is used once is dear.
func (m *manifest) write(dir string) (err error) {
	tmp := filepath.Join(dir, Own, manifestName+".tmp")
	f, err := os.Create(tmp)
	if err != nil {
		return err
	}
	if m.complete {
		m.id = strings.Repeat("0", 2*len(File{}.Sum)) // until it is known
	}
	_, err = f.WriteString(m.head())
	h := xxh3.New()
	piece := make([]byte, 0, 1<<16)
	for i := range m.lines {
		piece = m.lines[i].append(piece, !m.complete)
		if len(piece) < 1<<15 && i+1 < len(m.lines) {
			continue
		}
		h.Write(piece)
		if err == nil {
			_, err = f.Write(piece)
		}
		piece = piece[:0]
	}
	if m.complete && err == nil {
		sum := h.Sum128().Bytes()
		m.id = hex.EncodeToString(sum[:])
		_, err = f.WriteAt([]byte(m.head()), 0)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(dir, Own, manifestName))
}

func (m *manifest) head() string {
	return fmt.Sprintf("%s\ncomplete %s\ndrafts %s\nbase %s\nid %s\nfiles %d\n\n", magic, yes(m.complete), yes(m.drafts), m.baseURL, m.id, len(m.lines))
}

// append appends the line as it is written, with its mark if that is wanted.
func (l *line) append(b []byte, marked bool) []byte {
	if l.moving && marked {
		b = append(b, '!')
	}
	if l.text != "" {
		return append(b, l.text...)
	}
	b = append(hex.AppendEncode(b, l.Sum[:]), ' ')
	b = append(strconv.AppendInt(b, l.Size, 10), ' ')
	b = append(strconv.AppendInt(b, l.Mtime, 10), ' ')
	b = append(b, quote(l.name)...)
	if l.About != "" {
		b = append(append(b, '\t'), l.About...)
	}
	return append(b, '\n')
}

func sumOf(data []byte) [16]byte { return xxh3.Hash128(data).Bytes() }

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// quote keeps a path on its line.
func quote(name string) string {
	if strings.ContainsAny(name, "\n\r\t\"") {
		return strconv.Quote(name)
	}
	return name
}

func unquote(name string) (string, error) {
	if strings.HasPrefix(name, `"`) {
		return strconv.Unquote(name)
	}
	return name, nil
}
