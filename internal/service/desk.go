package service

import "net/http"

// desk answers what is below /desk/: the pages of those who decide. They use what
// readers' pages use: s.voices for texts, s.show for pages, s.from and s.hash for
// where somebody is, s.origins for what may send a form, s.Now for the time.
func (s *Service) desk() http.Handler { return http.NotFoundHandler() }
