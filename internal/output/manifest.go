package output

import (
	"bytes"
	"crypto/sha256"
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
	// id names the edition that lies there. While the next one is being put in
	// place, it still names the one before, and moving the paths at which
	// either may lie; their lines begin with an exclamation mark.
	id     string
	moving map[string]bool
	files  map[string]File
}

// readManifest reads the manifest of a folder. A missing one is an empty one; a
// damaged one is an error, because its files could no longer be told from
// foreign ones.
func readManifest(dir string) (manifest, error) {
	m := manifest{files: map[string]File{}, moving: map[string]bool{}}
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

var errManifest = errors.New("the list of the files that stet wrote here is damaged")

func (m *manifest) parse(data []byte) error {
	head, body, ok := bytes.Cut(data, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !ok || lines[0] != magic || len(body) > 0 && body[len(body)-1] != '\n' {
		return errManifest
	}
	count := -1
	for _, l := range lines[1:] {
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
	for l := range strings.Lines(string(body)) {
		l, moving := strings.CutPrefix(l, "!")
		parts := strings.SplitN(strings.TrimSuffix(l, "\n"), " ", 4)
		if len(parts) != 4 || len(parts[0]) != 64 {
			return errManifest
		}
		var f File
		_, err := hex.Decode(f.Sum[:], []byte(parts[0]))
		size, err2 := strconv.ParseInt(parts[1], 10, 64)
		mtime, err3 := strconv.ParseInt(parts[2], 10, 64)
		name, err4 := unquote(parts[3])
		// A path out of the folder would have files removed that are not ours.
		if errors.Join(err, err2, err3, err4) != nil || !allowed(name) {
			return errManifest
		}
		f.Size, f.Mtime = size, mtime
		m.files[name] = f
		if moving {
			m.moving[name] = true
		}
	}
	if len(m.files) != count {
		return errManifest // it was cut
	}
	return nil
}

// write puts the manifest in place of the one before. A complete one gets its
// name from what it lists.
func (m *manifest) write(dir string) error {
	names := make([]string, 0, len(m.files))
	for name := range m.files {
		names = append(names, name)
	}
	slices.Sort(names)
	body := make([]byte, 0, 160*len(names))
	for _, name := range names {
		f := m.files[name]
		if m.moving[name] {
			body = append(body, '!')
		}
		body = append(hex.AppendEncode(body, f.Sum[:]), ' ')
		body = append(strconv.AppendInt(body, f.Size, 10), ' ')
		body = append(strconv.AppendInt(body, f.Mtime, 10), ' ')
		body = append(append(body, quote(name)...), '\n')
	}
	if m.complete {
		sum := sha256.Sum256(body)
		m.id = hex.EncodeToString(sum[:16])
	}
	head := fmt.Sprintf("%s\ncomplete %s\ndrafts %s\nbase %s\nid %s\nfiles %d\n\n", magic, yes(m.complete), yes(m.drafts), m.baseURL, m.id, len(names))
	tmp := filepath.Join(dir, Own, manifestName+".tmp")
	if err := os.WriteFile(tmp, append([]byte(head), body...), 0o644); err != nil {
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
