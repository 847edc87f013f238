package serve

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"net/http"
	"strings"
	"time"
)

// inject puts the galley's script into a page that is about to be sent. The
// file stays as it is. What is no page, or too large to be in memory, is sent
// as it lies there.
func (p *Preview) inject(a answer, path string, number int) answer {
	whole, ok := a.content.(memory)
	if !ok || !strings.HasPrefix(a.kind(), "text/html") {
		return a
	}
	page, err := io.ReadAll(whole)
	if err != nil || bytes.HasPrefix(page, []byte("\xff\xfe")) || bytes.HasPrefix(page, []byte("\xfe\xff")) {
		whole.Seek(0, io.SeekStart)
		return a // text of two bytes a letter
	}
	files := []string{a.name}
	if a.status == http.StatusNotFound {
		files = append(files, p.wanted(path)...)
	}
	a.content = memory{bytes.NewReader(insert(page, p.script(files, a.status, number)))}
	a.tag += fmt.Sprintf("-%s-%d", p.run, number)
	a.modified = time.Time{} // the file's says nothing of the script's
	return a
}

// wanted are the files that would be shown at a path if they were there.
func (p *Preview) wanted(path string) []string {
	name, inside := strings.CutPrefix(path, p.plain.base+"/")
	switch {
	case !inside:
		return nil
	case name == "" || strings.HasSuffix(name, "/"):
		return []string{name + "index.html"}
	}
	return []string{name, name + "/index.html"}
}

// script is the element that brings the galley into a page. It says what the
// page rests on: its own file first.
func (p *Preview) script(files []string, status, number int) string {
	return fmt.Sprintf("<script type=\"module\" src=\"%s\" data-stet=\"%s\" data-run=\"%s\" data-edition=\"%d\" data-status=\"%d\" data-files=\"%s\"></script>\n",
		html.EscapeString(p.plain.base+"/"+galley+"live.js"), html.EscapeString(p.plain.base+"/"+galley),
		p.run, number, status, html.EscapeString(strings.Join(files, "\n")))
}

// insert puts an element before the end of a page's body, or at its end.
func insert(page []byte, element string) []byte {
	at := bytes.LastIndex(bytes.ToLower(page), []byte("</body"))
	if at < 0 {
		at = len(page)
	}
	out := make([]byte, 0, len(page)+len(element))
	out = append(out, page[:at]...)
	out = append(out, element...)
	return append(out, page[at:]...)
}
