package feeds

import (
	"cmp"
	"fmt"
	"html/template"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"stet/internal/page"
	"stet/internal/site"
)

// Stories as other papers and agencies read them: IPTC ninjs 3.1.

// A ninjsItem is a story, a picture of it, or a feed of stories. Name is for
// items inside another.
type ninjsItem struct {
	Name            string         `json:"name,omitempty"`
	URI             string         `json:"uri"`
	Standard        *ninjsStandard `json:"standard,omitempty"`
	Type            string         `json:"type"`
	Representation  string         `json:"representationType,omitempty"`
	PubStatus       string         `json:"pubStatus,omitempty"`
	FirstCreated    string         `json:"firstCreated,omitempty"`
	VersionCreated  string         `json:"versionCreated,omitempty"`
	Expires         string         `json:"expires,omitempty"`
	Language        string         `json:"language,omitempty"`
	Title           string         `json:"title,omitempty"`
	Headlines       []ninjsText    `json:"headlines,omitempty"`
	By              string         `json:"by,omitempty"`
	Located         string         `json:"located,omitempty"`
	Descriptions    []ninjsText    `json:"descriptions,omitempty"`
	Bodies          []ninjsText    `json:"bodies,omitempty"`
	EdNote          string         `json:"edNote,omitempty"`
	Genres          []ninjsNamed   `json:"genres,omitempty"`
	Subjects        []ninjsNamed   `json:"subjects,omitempty"`
	InfoSources     []ninjsSource  `json:"infoSources,omitempty"`
	CopyrightHolder string         `json:"copyrightHolder,omitempty"`
	CopyrightNotice string         `json:"copyrightNotice,omitempty"`
	UsageTerms      string         `json:"usageTerms,omitempty"`
	RightsInfo      *ninjsRights   `json:"rightsInfo,omitempty"`
	AltIDs          []ninjsAltID   `json:"altIds,omitempty"`
	Renditions      []ninjsFile    `json:"renditions,omitempty"`
	Associations    []ninjsItem    `json:"associations,omitempty"`
}

type ninjsStandard struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Schema  string `json:"schema"`
}

type ninjsText struct {
	Role        string `json:"role,omitempty"`
	ContentType string `json:"contentType"`
	CharCount   int    `json:"charCount,omitempty"`
	Value       string `json:"value"`
}

type ninjsNamed struct {
	Name string `json:"name"`
	URI  string `json:"uri,omitempty"`
}

type ninjsSource struct {
	Name string `json:"name"`
	Role string `json:"role,omitempty"`
	URI  string `json:"uri,omitempty"`
}

type ninjsRights struct {
	Linked string `json:"linkedRights"`
}

type ninjsAltID struct {
	Role  string `json:"role"`
	Value string `json:"value"`
}

type ninjsFile struct {
	Name        string `json:"name"`
	Href        string `json:"href"`
	ContentType string `json:"contentType,omitempty"`
}

// ninjs31 says by which standard an item is written.
var ninjs31 = &ninjsStandard{"ninjs", "3.1", "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json"}

// genres are those of the IPTC (cv.iptc.org/newscodes/genre) by kind of story.
// The others have none there.
var genres = map[string]string{
	"analysis": "Analysis", "opinion": "Opinion", "explainer": "Background", "feature": "Feature", "interview": "Interview", "review": "Review", "obituary": "Obituary",
}

// ninjs makes the item of a story.
func ninjs(ask *page.Ask, p page.Page, to *page.Content) error {
	item, err := ninjsStory(ask, p.Args, true)
	if err != nil {
		return err
	}
	item.Standard = ninjs31
	return writeJSON(to, item)
}

// ninjsFeed makes a feed of stories: a composite item, in which they are whole.
func ninjsFeed(ask *page.Ask, p page.Page, to *page.Content) error {
	f, err := must[site.WireFeed](ask, "wirefeed", p.Args)
	if err != nil {
		return err
	}
	d := ninjsItem{URI: escapeURL(f.Self + path.Base(p.Path)), Standard: ninjs31, Type: "composite", PubStatus: "usable", Language: clean(f.Lang),
		Headlines: []ninjsText{plainText("main", f.Title)}, VersionCreated: maybeTime(f.Updated)}
	for i, story := range f.Paths {
		item, err := ninjsStory(ask, page.Args(story), f.FullText)
		if err != nil {
			return err
		}
		item.Name = fmt.Sprintf("story-%d", i+1)
		d.Associations = append(d.Associations, *item)
	}
	return writeJSON(to, d)
}

// ninjsStory asks for what an item tells of a story, with its text or without.
func ninjsStory(ask *page.Ask, args string, text bool) (*ninjsItem, error) {
	w, err := must[site.Wire](ask, "wire", args)
	if err != nil {
		return nil, err
	}
	item := &ninjsItem{URI: atomID(idOf(w.ID), w.Permalink, w.Date), Type: "text", Representation: "full", PubStatus: "usable", Language: clean(w.Lang),
		FirstCreated: maybeTime(w.Date), VersionCreated: maybeTime(w.Changed), Expires: maybeTime(w.Expires)}
	if w.Withdrawn != "" {
		item.PubStatus, item.Representation, item.EdNote = "canceled", "partial", clean(w.Withdrawn)
		return item, nil
	}
	item.describe(w)
	if item.Associations, err = ninjsPictures(ask, w, item.URI); err != nil {
		return nil, err
	}
	if !text {
		item.Representation = "partial"
		return item, nil
	}
	body, err := page.Get[template.HTML](ask, "wirebody", page.Args(w.Path))
	if err != nil {
		return nil, err
	}
	if html := clean(placeOf(w.Permalink, "").elsewhere(string(body))); html != "" {
		item.Bodies = []ninjsText{{Role: "main", ContentType: "text/html", CharCount: utf8.RuneCountInString(html), Value: html}}
	}
	return item, nil
}

// describe fills an item with all that is said of a story but its text and its
// pictures.
func (item *ninjsItem) describe(w *site.Wire) {
	item.Headlines = []ninjsText{plainText("main", w.Headline)}
	if w.Deck != "" {
		item.Headlines = append(item.Headlines, plainText("deck", w.Deck))
	}
	if w.Summary != "" {
		item.Descriptions = []ninjsText{plainText("summary", w.Summary)}
	}
	item.By, item.Located, item.CopyrightHolder = clean(w.Byline), clean(w.Place), clean(w.Owner)
	if genre := genres[w.Type]; genre != "" {
		item.Genres = []ninjsNamed{{genre, "http://cv.iptc.org/newscodes/genre/" + genre}}
	}
	if w.Section != "" {
		item.Subjects = append(item.Subjects, ninjsNamed{Name: clean(w.Section)})
	}
	for _, t := range w.Topics {
		item.Subjects = append(item.Subjects, ninjsNamed{clean(t.Title), escapeURL(t.URL)})
	}
	for _, some := range []struct {
		links []site.Link
		role  string
	}{{w.Authors, "author"}, {w.Others, "contributor"}} {
		for _, a := range some.links {
			item.InfoSources = append(item.InfoSources, ninjsSource{clean(a.Title), some.role, escapeURL(a.URL)})
		}
	}
	if name := cmp.Or(w.Source.Title, w.Source.URL); name != "" {
		item.InfoSources = append(item.InfoSources, ninjsSource{clean(name), "originator", whole(w.Source.URL)})
	}
	var notes []string
	for _, n := range w.Notes {
		day := ""
		if !n.Date.IsZero() {
			day = n.Date.Format(time.DateOnly)
		}
		notes = append(notes, strings.TrimSpace(n.Label+" "+day)+": "+n.Plain)
	}
	item.EdNote = clean(strings.Join(notes, "\n"))
	item.AltIDs = []ninjsAltID{{"permalink", escapeURL(w.Permalink)}}
}

// ninjsPictures are the pictures of a story that are handed on.
func ninjsPictures(ask *page.Ask, w *site.Wire, uri string) (all []ninjsItem, err error) {
	for i := range w.Images {
		m, err := page.Get[*site.Media](ask, "media", page.Args(w.Images[i].Src, w.Lang, "largest"))
		if err != nil {
			return nil, err
		}
		if m == nil {
			continue
		}
		im := worded(&w.Images[i], m)
		if im.Reserved {
			continue
		}
		n := i + 1
		pic := ninjsItem{Name: fmt.Sprintf("picture-%d", n), URI: fmt.Sprintf("%s#picture-%d", uri, n), Type: "picture", PubStatus: "usable",
			By: clean(im.Credit), CopyrightNotice: clean(m.Copyright), UsageTerms: clean(m.UsageTerms),
			Renditions: []ninjsFile{{"main", placeOf(w.Permalink, "").resolve(m.URL), m.Type}}}
		if im.Text != "" {
			pic.Descriptions = append(pic.Descriptions, plainText("caption", im.Text))
		}
		if im.Alt != "" {
			pic.Descriptions = append(pic.Descriptions, plainText("altText", im.Alt))
		}
		if license := whole(m.License); license != "" {
			pic.RightsInfo = &ninjsRights{license}
		}
		all = append(all, pic)
	}
	return all, nil
}

func plainText(role, text string) ninjsText {
	return ninjsText{Role: role, ContentType: "text/plain", Value: clean(text)}
}

// whole is an address that says of itself where it is, "" for another.
func whole(address string) string {
	if strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://") {
		return escapeURL(address)
	}
	return ""
}

// maybeTime is a time as JSON has it, "" if there is none.
func maybeTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return rfc3339(t)
}
