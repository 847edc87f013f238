// Package archive reads and writes the text archives of tests: a comment, then files.
package archive

import "github.com/rogpeppe/go-internal/txtar"

// An Archive is a test as text, in the txtar format: a comment, then files
// under lines such as "-- name --".
type Archive struct {
	Comment string
	Names   []string          // of the files, in their order
	Files   map[string]string // what is in them, by name
}

// Parse reads an archive.
func Parse(data []byte) Archive {
	read := txtar.Parse(data)
	a := Archive{Comment: string(read.Comment), Files: map[string]string{}}
	for _, f := range read.Files {
		a.Names = append(a.Names, f.Name)
		a.Files[f.Name] = string(f.Data)
	}
	return a
}

// Format writes an archive: the files that Names lists, in that order.
func (a Archive) Format() []byte {
	made := &txtar.Archive{Comment: []byte(a.Comment)}
	for _, name := range a.Names {
		made.Files = append(made.Files, txtar.File{Name: name, Data: []byte(a.Files[name])})
	}
	return txtar.Format(made)
}
