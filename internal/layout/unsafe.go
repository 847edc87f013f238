package layout

import (
	"bytes"
	"fmt"
	"strings"

	"stet/internal/diag"
)

// unsafe finds the value that html/template would not print. A value that says
// itself what html/template writes instead is let be: somebody writes about
// templates.
func (l *Layouts) unsafe(notes *trace, start int) (p *diag.Problem, way string) {
	out := notes.out.Bytes()
	for at := start; ; {
		i := bytes.Index(out[at:], failsafe)
		if i < 0 {
			return nil, ""
		}
		at += i
		m := notes.markAt(at)
		if m != nil && !strings.Contains(fmt.Sprint(m.value), string(failsafe)) {
			s := notes.spots[m.spot]
			text, hint := explainUnsafe(out[start:at], m.value)
			p := l.files[s.file].problem(s.pos, len([]rune(s.text)), text, hint)
			return &p, m.way
		}
		at += len(failsafe)
	}
}

// explainUnsafe says why a value is not printed, by what was printed before it.
func explainUnsafe(before []byte, value any) (text, hint string) {
	what := kindOf(value)
	tag := before[bytes.LastIndexByte(before, '<')+1:]
	switch {
	case bytes.HasSuffix(before, []byte("#")):
		return fmt.Sprintf("%s is not safe as a URL here", what), "URLs are http:, https:, mailto: or relative; what comes from an answer or from {{ url }} is"
	case bytes.HasPrefix(tag, []byte("style")) || bytes.Contains(tag, []byte("style=")):
		return fmt.Sprintf("%s is not safe as CSS here", what), "choose a class by it: class=\"size-{{ .Size }}\""
	}
	return fmt.Sprintf("%s is not safe as the name of an attribute here", what), "write the name itself, and the value between quotes: {{ if .X }}hidden{{ end }}, data-x=\"{{ .X }}\""
}
