// Package stet holds the built-in theme: the layouts and static files that a
// site gets as long as it has none of its own by the same name.
//
// It stands at the root because embedding cannot reach upwards. The program is
// in cmd/stet, the rooms it is made of in internal; ARCHITECTURE.md is the map.
package stet

import (
	"embed"
	"io/fs"
)

//go:embed all:layouts all:static
var theme embed.FS

//go:embed docs/front-matter.md docs/site.md docs/desk.md
var docs embed.FS

// Docs returns those pages of docs/ that say what keys are for.
func Docs() fs.FS { return docs }

// Theme returns the built-in theme, with the folders layouts and static.
func Theme() fs.FS { return theme }
