package service

import (
	"bytes"
	"embed"
	"fmt"
	"hash/crc32"
	"html/template"
	"net/http"
	"slices"

	"stet/internal/threads"
)

//go:embed pages/*.html tokens.css style.css
var pageFiles embed.FS

// pages are the templates of all pages; each is given something that embeds a page.
var pages = template.Must(template.New("").Funcs(template.FuncMap{"paragraphs": threads.Paragraphs}).ParseFS(pageFiles, "pages/*.html"))

// A page is what the frame of all pages shows.
type page struct {
	voice
	Title string
	Paper string // the newspaper's name
	Front string // and its address
	Base  string // before the addresses of the service
	Wrong bool   // it says that something is wrong, in its title too
}

// newPage is the frame of a page. The paper is named in the language of the story.
func (s *Service) newPage(v voice, lang, title string) page {
	paper, front := s.masthead(lang)
	return page{voice: v, Title: title, Paper: paper, Front: front, Base: s.base}
}

// Style is the address of the style sheet, which is another one if the sheet is.
func (p page) Style() string { return p.Base + "style.css?v=" + styleSum }

// show answers with a page. It is made whole before anything is sent.
func (s *Service) show(w http.ResponseWriter, status int, name string, data any) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, data); err != nil {
		trouble(w, err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a reader who is gone misses nothing
}

var (
	tokens     = readSheet("tokens.css")
	styleSheet = slices.Concat(tokens, readSheet("style.css"))
	styleSum   = fmt.Sprintf("%08x", crc32.ChecksumIEEE(styleSheet))
)

func readSheet(name string) []byte {
	sheet, err := pageFiles.ReadFile(name)
	if err != nil {
		panic(err) // it is in the program
	}
	return sheet
}

func (s *Service) style(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	_, _ = w.Write(styleSheet)
}
