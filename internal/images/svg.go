package images

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

var svgRoot = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s)^\x{feff}?\s*(<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*(\[.*?\]\s*)?>\s*)*<([A-Za-z_][\w.-]*:)?svg[\s/>]`)
})

// isSVG tells whether a file is XML whose first element is svg.
func isSVG(start []byte) bool { return svgRoot().Match(start) }

// maxRoot is how much of an SVG file is read for its first tag.
const maxRoot = 1 << 20

// svgSize reads width and height of the root, else of its viewBox. A drawing
// that has neither fits everywhere and has no size.
func svgSize(r *bufio.Reader) (width, height int, err error) {
	if start, _ := r.Peek(3); bytes.Equal(start, []byte("\ufeff")) {
		r.Discard(3)
	}
	d := xml.NewDecoder(io.LimitReader(r, maxRoot))
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	for {
		token, err := d.Token()
		if err != nil {
			return 0, 0, errBroken
		}
		if root, ok := token.(xml.StartElement); ok {
			width, height = rootSize(root)
			return width, height, nil
		}
	}
}

func rootSize(root xml.StartElement) (int, int) {
	var w, h float64
	var box []string
	for _, a := range root.Attr {
		if a.Name.Space != "" {
			continue
		}
		switch a.Name.Local {
		case "width":
			w = length(a.Value)
		case "height":
			h = length(a.Value)
		case "viewBox":
			box = strings.FieldsFunc(a.Value, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) })
		}
	}
	if len(box) == 4 {
		w, h = fill(w, h, length(box[2]), length(box[3]))
	}
	if w == 0 || h == 0 {
		return 0, 0
	}
	return rounded(w), rounded(h)
}

// fill takes from the viewBox what is not given, in its proportions.
func fill(w, h, boxW, boxH float64) (float64, float64) {
	switch {
	case boxW == 0 || boxH == 0 || w > 0 && h > 0:
		return w, h
	case w > 0:
		return w, w * boxH / boxW
	case h > 0:
		return h * boxW / boxH, h
	}
	return boxW, boxH
}

func rounded(f float64) int { return int(math.Round(math.Max(1, math.Min(f, math.MaxInt32)))) }

// units are the lengths of CSS, in pixels.
var units = map[string]float64{"": 1, "px": 1, "pt": 96. / 72, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6}

// length reads a length in pixels; 0 if it is none, or relative.
func length(s string) float64 {
	s = strings.ToLower(strings.TrimSpace(s))
	number := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz%")
	unit, ok := units[s[len(number):]]
	f, err := strconv.ParseFloat(number, 64)
	if !ok || err != nil || !(f > 0) || math.IsInf(f, 0) {
		return 0
	}
	return f * unit
}
