package site

import "time"

// A Feed is what a feed tells: the newest stories of a list that may stand in
// feeds. It is the answer to "feed LANG LIST NAME", such as "feed en section
// world"; the list "all" is the whole paper, "feed" one that site.yaml names,
// "kind" what is of one kind. The ID of a card is absolute where that can be.
type Feed struct {
	Title       string // plain; the paper's, and the list's where it is one
	Description string
	Lang        string
	URL         string // of the list's front, or of the paper's if the list has none
	Permalink   string // the same, absolute; "" without base_url
	Self        string // absolute URL of the folder the feed lies in, ending in "/"; "" without base_url
	FullText    bool
	Updated     time.Time // of the newest item: no output holds the time of a build
	Publisher   string
	Cards       []*Card        // with what feeds tell, and no more
	Corrections [][]Correction // of each card

	Contributors [][]Link // of each card: who did something else for it than those who wrote it
}

// A SitemapPart is one file of the sitemap: the answer to "sitemap N".
type SitemapPart struct {
	URL     string // absolute, of the part itself
	Entries []SitemapEntry
}

// A SitemapEntry is one page that search engines may list.
type SitemapEntry struct {
	URL        string    // absolute, not escaped
	Lastmod    time.Time // zero if unknown
	Alternates []Alternate
}

// A Sitemap is the index of the sitemap's parts: the answer to "sitemaps".
type Sitemap struct {
	Parts []SitemapEntry
}

// A Redirect sends an old URL to a new one: the answer to "redirects" is all of
// them, "redirect PATH" the one whose page lies at that path.
type Redirect struct {
	From   string // with the base path
	To     string // with the base path, or absolute
	Status int    // 301 or another
	Page   string // where its HTML page lies; "" for patterns, which have none
}

// A Media is a picture as feeds tell of it, with what its file and its sidecar
// say: the answer to "media SRC LANG SIZE". The size is "" for one of moderate
// width, "largest" for the largest that is published, or "asis" for the file.
type Media struct {
	URL           string // from the root of the site, with the base path, or absolute
	Type          string // "image/jpeg"; "" if unknown
	Width, Height int    // of a file as it is, upright; 0 if unknown
	Alt           string
	Caption       string // plain
	Credit        string // without brackets
	Courtesy      bool
	Creators      []string
	Copyright     string
	UsageTerms    string
	License       string // a URL
	Reserved      bool   // it is not handed on to others
}
