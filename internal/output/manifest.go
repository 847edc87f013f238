package output

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const (
	manifestName = "manifest"
	magic        = "stet manifest 1"
)

// A File is what the manifest says of a file of the edition.
type File struct {
	Size  int64
	Mtime int64    // in nanoseconds since 1970
	Sum   [32]byte // sha256
}

// A manifest lists the files Stet wrote into a folder. It is a text: a first
// line, lines of a key and a value up to an empty line, then one line a file.
type manifest struct {
	exists   bool
	complete bool
	baseURL  string
	drafts   bool
	files    map[string]File
}

// readManifest reads the manifest of a folder. A missing one is an empty one; a
// damaged one is an error, because its files could no longer be told from
// foreign ones.
func readManifest(dir string) (manifest, error) {
	m := manifest{files: map[string]File{}}
	data, err := os.ReadFile(filepath.Join(dir, Own, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return m, err
	}
	m.exists = true
	return m, m.parse(data)
}

var errManifest = errors.New("the manifest is damaged; build into an empty folder, or take this one over with --adopt")

func (m *manifest) parse(data []byte) error {
	head, body, ok := bytes.Cut(data, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !ok || lines[0] != magic || len(body) > 0 && body[len(body)-1] != '\n' {
		return errManifest
	}
	for _, l := range lines[1:] {
		switch key, value, _ := strings.Cut(l, " "); key {
		case "complete":
			m.complete = value == "yes"
		case "drafts":
			m.drafts = value == "yes"
		case "base":
			m.baseURL = value
		}
	}
	for l := range strings.Lines(string(body)) {
		parts := strings.SplitN(strings.TrimSuffix(l, "\n"), " ", 4)
		if len(parts) != 4 || len(parts[0]) != 64 {
			return errManifest
		}
		var f File
		_, err := hex.Decode(f.Sum[:], []byte(parts[0]))
		size, err2 := strconv.ParseInt(parts[1], 10, 64)
		mtime, err3 := strconv.ParseInt(parts[2], 10, 64)
		name, err4 := unquote(parts[3])
		if err := errors.Join(err, err2, err3, err4); err != nil {
			return errManifest
		}
		f.Size, f.Mtime = size, mtime
		m.files[name] = f
	}
	return nil
}

// write puts the manifest in place of the one before.
func (m *manifest) write(dir string) error {
	names := make([]string, 0, len(m.files))
	for name := range m.files {
		names = append(names, name)
	}
	slices.Sort(names)
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\ncomplete %s\ndrafts %s\nbase %s\n\n", magic, yes(m.complete), yes(m.drafts), m.baseURL)
	var line []byte
	for _, name := range names {
		f := m.files[name]
		line = hex.AppendEncode(line[:0], f.Sum[:])
		line = strconv.AppendInt(append(line, ' '), f.Size, 10)
		line = strconv.AppendInt(append(line, ' '), f.Mtime, 10)
		line = append(append(append(line, ' '), quote(name)...), '\n')
		b.Write(line)
	}
	tmp := filepath.Join(dir, Own, manifestName+".tmp")
	w, err := os.Create(tmp)
	if err != nil {
		return err
	}
	bw := bufio.NewWriter(w)
	_, err = bw.Write(b.Bytes())
	if err = errors.Join(err, bw.Flush(), w.Close()); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(dir, Own, manifestName))
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// quote keeps a path on its line.
func quote(name string) string {
	if strings.ContainsAny(name, "\n\r\"") {
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
