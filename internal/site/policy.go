package site

import (
	"stet/internal/article"
	"stet/internal/config"
	"stet/internal/page"
)

// What pages may load of other hosts.

// answerPolicy answers "policy": the Content-Security-Policy of all pages, as it
// stands in their heads and, with who may show them in a frame, in _headers.
func (s *Site) answerPolicy([]string) (page.Answer, error) {
	return page.Answer{Value: config.Policy(s.set.Config.Allow)}, nil
}

// foreignPicture reports a picture of the front matter that browsers would not
// load: its host is not allowed.
func (s *Site) foreignPicture(a *article.Article, im *article.Image) {
	if wrong := config.Refusal(s.set.Config.Allow, s.set.Config.BaseURL, "image", im.Src); wrong != nil {
		wrong.Path, wrong.Line, wrong.Column, wrong.Length = a.Path, im.Line, im.Column, len([]rune(im.Src))
		s.problems = append(s.problems, *wrong)
	}
}
