package service

import (
	"cmp"
	"embed"
	"fmt"
	"math"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"stet/internal/diag"
	"stet/internal/fields"
	"stet/internal/language"
)

// What the service says stands in languages/, a file a language, in the form in which
// a theme has its own.

//go:embed languages/*.yaml
var languageFiles embed.FS

// A voice is a language in which the service speaks.
type voice struct{ *language.Language }

// T is a message with its {placeholders} filled in, for pages.
func (v voice) T(key string, args ...any) (string, error) { return v.Language.Text(key, args...) }

// say is a message that is known to be there.
func (v voice) say(key string, args ...any) string {
	text, err := v.Language.Text(key, args...)
	if err != nil {
		return key
	}
	return text
}

// voices are all languages of a folder, by their tags.
func voices(from embed.FS, folder string) (map[string]voice, error) {
	files, err := from.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	all := map[string]voice{}
	for _, f := range files {
		name := path.Join(folder, f.Name())
		data, err := from.ReadFile(name)
		if err != nil {
			return nil, err
		}
		v, problems := fields.YAML(name, data, 1)
		tag := strings.TrimSuffix(f.Name(), ".yaml")
		l := &language.Language{Tag: tag, Dir: "ltr", Digits: "latn", Decimal: "."}
		// A file of the service has no bylines, nor what else a theme cannot be without.
		problems = append(problems, l.Over(v, name)...)
		if diag.AnyError(problems) {
			return nil, problems[0]
		}
		all[tag] = voice{l}
	}
	if all["en"].Language == nil {
		return nil, fmt.Errorf("the service has no English")
	}
	return all, nil
}

// voice is the first of these languages that the service speaks, or English. One of
// a region is that of its language.
func (s *Service) voice(tags ...string) voice {
	for _, tag := range tags {
		for tag = strings.ToLower(tag); tag != ""; {
			if v, ok := s.voices[tag]; ok {
				return v
			}
			tag = tag[:max(0, strings.LastIndexByte(tag, '-'))]
		}
	}
	return s.voices["en"]
}

// wishes are the languages that a browser asks for, the dearest first, in small
// letters.
func wishes(r *http.Request) (tags []string) {
	type wish struct {
		tag string
		q   float64
	}
	var all []wish
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, rest, _ := strings.Cut(part, ";")
		q := 1.0
		if value, ok := strings.CutPrefix(strings.TrimSpace(rest), "q="); ok {
			var err error
			if q, err = strconv.ParseFloat(value, 64); err != nil || math.IsNaN(q) {
				continue
			}
		}
		if tag = strings.ToLower(strings.TrimSpace(tag)); tag != "" && q > 0 && len(all) < 20 {
			all = append(all, wish{tag, q})
		}
	}
	slices.SortStableFunc(all, func(a, b wish) int { return cmp.Compare(b.q, a.q) })
	for _, w := range all {
		tags = append(tags, w.tag)
	}
	return tags
}
