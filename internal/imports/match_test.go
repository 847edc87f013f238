package imports

import "testing"

func TestStories(t *testing.T) {
	s := NewStories("/paper/", []Story{
		{ID: "/town/2026/11/mill-fire/", URL: "/town/2026/11/mill-fire/", Old: []string{"/2026/11/mill-fire/", "/feuer.html"}},
		{ID: "harbour-2026", URL: "/town/2026/11/harbour/"},
		{ID: "/old/ferry/", URL: "/world/2026/10/ferry-strike/"},
		{ID: "/ar/مدينة/", URL: "/ar/مدينة/"},
		{ID: "/a/2026/same/", URL: "/a/2026/same/"},
		{ID: "/b/2026/same/", URL: "/b/2026/same/"},
	}, []Redirect{
		{From: "/blog/*", To: "/town/:splat"},
		{From: "/n/:year/:name/", To: "/town/:year/11/:name/"},
		{From: "/short/", To: "/feuer.html"},
		{From: "/round/", To: "/about/"}, {From: "/about/", To: "/round/"},
		{From: "/away/", To: "https://other.example/town/2026/11/mill-fire/"},
	})
	if !s.Say("https://old.example/?p=9", "https://paper.example/paper/town/2026/11/harbour/") || !s.Say("said", "harbour-2026") || s.Say("x", "/none/") {
		t.Error("what a person says is not taken")
	}
	const mill = "/town/2026/11/mill-fire/"
	for address, want := range map[string]string{
		"https://old.example/town/2026/11/mill-fire/":              mill,
		"http://www.old.example/2026/11/mill-fire?utm_source=x#c1": mill,
		"/2026/11/Mill-Fire/index.html":                            mill,
		"https://old.example/paper/town/2026/11/mill-fire/":        mill,
		"https://old.example/feuer":                                mill,
		"https://old.example/blog/2026/11/mill-fire/":              mill,
		"https://old.example/paper/blog/2026/11/mill-fire/":        mill,
		"https://old.example/n/2026/mill-fire/":                    mill,
		"https://old.example/short":                                mill,
		"harbour-2026":                                             "harbour-2026",
		"https://old.example/old/ferry/":                           "/old/ferry/",
		"https://old.example/ar/%D9%85%D8%AF%D9%8A%D9%86%D8%A9/":   "/ar/مدينة/",
		"https://old.example/?p=9":                                 "harbour-2026",
		"said":                                                     "harbour-2026",
		"528 https://old.example/2026/11/mill-fire/":               mill,
		"https://old.example/":                                     "",
		"https://old.example/round/":                               "",
		"https://old.example/away/":                                "",
		"https://old.example/?p=10":                                "",
		"https://old.example/%zz":                                  "",
		"javascript:alert(1)":                                      "",
		"":                                                         "",
	} {
		if got, ok := s.Find(Page{Address: address}); got != want || ok != (want != "") {
			t.Errorf("%q is %q, not %q", address, got, want)
		}
		if got, _ := s.Find(Page{Address: "https://old.example/nowhere/", Names: []string{address}}); got != want {
			t.Errorf("by its name %q is %q, not %q", address, got, want)
		}
	}
	for address, want := range map[string]string{
		"https://old.example/2019/mill-fire":        mill,
		"https://old.example/2019/ferry-strke.html": "/world/2026/10/ferry-strike/",
		"https://old.example/2019/same/":            "",
		"https://old.example/2019/something-else/":  "",
		"https://old.example/":                      "",
	} {
		if got := s.Near(Page{Address: address}); got != want {
			t.Errorf("near %q is %q, not %q", address, got, want)
		}
	}
}
