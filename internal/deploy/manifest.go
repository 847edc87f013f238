package deploy

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// Where Stet's own things lie at a target.
const (
	manifestPath = Own + "/manifest.json"
	journalPath  = Own + "/sending.json" // a Manifest of what is under way
	editionsPath = Own + "/editions/"    // N.json, what lay there before
	keptPath     = Own + "/kept/"        // SHA256, of files that were replaced
)

const format = 1

// A Manifest says what Stet has sent to a target.
type Manifest struct {
	Format  int       `json:"format"`
	Edition string    `json:"edition"` // the edition's own ID
	Number  int       `json:"number"`  // counts the editions that were sent there
	BaseURL string    `json:"base_url"`
	Sent    time.Time `json:"sent"`
	Files   []Entry   `json:"files"` // sorted by Path
	Stories []Story   `json:"stories,omitempty"`
	Back    int       `json:"back,omitempty"` // the number of the edition that was brought back

	// Of an earlier edition only that is kept which the next did not have so:
	// its Files and Stories, what the next Added, and with Erased that something
	// is missing because it named a story that has left the site. Cut has the
	// paths of it that are no page of such a story.
	Added      []string `json:"added,omitempty"`
	NewStories []string `json:"new_stories,omitempty"` // by ID
	Cut        []string `json:"cut,omitempty"`
	Erased     bool     `json:"erased,omitempty"`
}

// An Entry is a file at a target.
type Entry struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256,omitempty"`
	Sum    Sum    `json:"xxh3,omitzero"`
	Header
	// Gone is the day since which no edition names it: of assets, that stay a
	// while for those who have an older page.
	Gone string `json:"gone,omitempty"`
	// Moving tells that nobody knows what lies there: it was about to be sent or
	// removed.
	Moving bool `json:"moving,omitempty"`
	// Before tells of such a path that something lay there already: readers may
	// know of it, so what it leads to must come first.
	Before bool `json:"before,omitempty"`
}

// A Sum is an XXH3, written in hex.
type Sum [16]byte

// MarshalText writes it in hex.
func (s Sum) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, s[:]), nil }

// UnmarshalText reads it.
func (s *Sum) UnmarshalText(text []byte) error {
	if len(text) != 2*len(s) {
		return errDamaged
	}
	_, err := hex.Decode(s[:], text)
	return err
}

var errDamaged = errors.New("the manifest that stet keeps there is damaged")

// ParseManifest reads a manifest. One with a path out of the target is damaged.
func ParseManifest(data []byte) (*Manifest, error) {
	m := new(Manifest)
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(m); err != nil || d.More() || m.Format < 1 {
		return nil, errDamaged
	}
	if m.Format > format {
		return nil, &Refused{Text: "a newer stet has deployed there", Hint: "use that one, or delete " + manifestPath + " at the target: then all is compared anew"}
	}
	slices.SortFunc(m.Files, byPath)
	for i, f := range m.Files {
		sum, err := hex.DecodeString(f.SHA256)
		if err != nil || len(sum) != 0 && len(sum) != 32 || !sendable(f.Path) || f.Size < 0 || i > 0 && m.Files[i-1].Path == f.Path {
			return nil, errDamaged
		}
		if f.Gone != "" {
			if _, err := time.Parse(time.DateOnly, f.Gone); err != nil {
				return nil, errDamaged
			}
		}
	}
	for _, s := range m.Stories {
		if !sendable(s.Path) {
			return nil, errDamaged
		}
	}
	for _, name := range slices.Concat(m.Added, m.Cut) {
		if !sendable(name) {
			return nil, errDamaged
		}
	}
	return m, nil
}

// Bytes is how a manifest is stored.
func (m *Manifest) Bytes() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(m) // plain data, which is written always
	return b.Bytes()
}

// sendable tells whether a path is one of an edition: within the target, and not
// in Stet's own folder there.
func sendable(name string) bool {
	return fs.ValidPath(name) && name != "." && name != Own && !strings.HasPrefix(name, Own+"/") && !strings.ContainsAny(name, "\x00\\")
}

func byPath(a, b Entry) int { return cmp.Compare(a.Path, b.Path) }

// find is the entry of a path.
func (m *Manifest) find(name string) (*Entry, bool) {
	if m == nil {
		return nil, false
	}
	i, ok := slices.BinarySearchFunc(m.Files, name, func(e Entry, name string) int { return cmp.Compare(e.Path, name) })
	if !ok {
		return nil, false
	}
	return &m.Files[i], true
}

// with is the manifest as a journal tells it further.
func (m *Manifest) with(journal *Manifest) *Manifest {
	if journal == nil {
		return m
	}
	whole := *m
	told := map[string]bool{}
	whole.Files = slices.Clone(journal.Files)
	for _, e := range journal.Files {
		told[e.Path] = true
	}
	for _, e := range m.Files {
		if !told[e.Path] {
			whole.Files = append(whole.Files, e)
		}
	}
	slices.SortFunc(whole.Files, byPath)
	return &whole
}

// left are the stories of a manifest that a list of stories has no more.
func (m *Manifest) left(now []Story) (gone []Story) {
	if m == nil {
		return nil
	}
	there := map[string]bool{}
	for _, s := range now {
		there[s.ID] = true
	}
	for _, s := range m.Stories {
		if !there[s.ID] {
			gone = append(gone, s)
		}
	}
	return gone
}
