// Package deploy sends the difference between an edition and a target.
//
// An [Edition] is what a build has made, a [Target] where readers get it: a
// folder, a store that speaks S3, and others. What lies at the target is written
// down there, in a [Manifest]. [Plan] compares the two and says what is to be
// done in an order in which no reader meets a page whose links or pictures are
// missing; it is a function of plain values. [Send] does it. A journal at the
// target names each path before it is touched, so whoever is interrupted can run
// again, and what was under way is sent once more. A lock keeps others out, and
// expires if its holder was killed.
//
// What a deploy replaces is kept for the last editions, so that [Job.Rollback]
// can bring one back. Nothing is kept of a story that has left the site.
//
// No room is told the time by this one, nor does it read the environment: both
// are handed in.
package deploy

import (
	"io/fs"
	"time"
)

// Own is the folder at a target that holds what Stet keeps there.
const Own = ".stet"

// An Edition is what is to be sent.
type Edition struct {
	FS       fs.FS  // its files
	ID       string // of its manifest
	BaseURL  string
	Complete bool // all of it is in place
	Drafts   bool
	NoIndex  bool   // search engines are told to leave it out
	Files    []File // sorted by Path
	// Earlier tells that it lay there before: stories it lacks have not left the
	// site.
	Earlier bool
}

// A File is one of an edition.
type File struct {
	Path   string // with slashes, such as world/fire/index.html
	Size   int64
	Sum    [16]byte // XXH3, from the edition's own manifest: a file with an equal one at the target is not read
	Kind   Kind
	Header Header
	Story  *Story // of a story's page

	kept string // of an earlier edition: the SHA-256 under which it is kept
}

// A Story is what the target's manifest says of one. All of it can be read on
// its page.
type Story struct {
	ID       string    `json:"id"` // its lasting name
	URL      string    `json:"url"`
	Path     string    `json:"path"`
	Headline string    `json:"headline"`
	Text     string    `json:"text,omitempty"` // a sum of what it says
	Date     time.Time `json:"date,omitzero"`
}

// A Header is what a target is to say with a file, where it can.
type Header struct {
	Type     string `json:"type,omitempty"`     // Content-Type, with charset
	Cache    string `json:"cache,omitempty"`    // Cache-Control
	Encoding string `json:"encoding,omitempty"` // Content-Encoding
	Redirect string `json:"redirect,omitempty"` // where an empty object leads to
	Beside   string `json:"beside,omitempty"`   // how the file is compressed in others beside it, such as "br gzip"
}

// A Kind of file decides when it is sent and how long it may be kept by browsers.
type Kind uint8

// The kinds, in the order in which they are sent.
const (
	Asset   Kind = iota // its name changes with its bytes
	Other               // pictures under their own names, _headers, and the like
	Page                // of a story
	List                // any other page
	Feed                //
	Sitemap             // and robots.txt
)

// String is the kind's name, as site.yaml and reports have it.
func (k Kind) String() string {
	return [...]string{"asset", "other", "page", "list", "feed", "sitemap"}[k]
}
