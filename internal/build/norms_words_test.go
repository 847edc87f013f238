package build_test

import (
	"maps"
	"slices"
	"strings"
)

// A word of schema.org is a type, what it is a kind of, and which properties come
// with it, as far as Stet uses them (release 28.1).
type word struct{ is, has string }

var vocabulary = map[string]word{
	"Thing":        {"", "name url image description sameAs mainEntityOfPage"},
	"CreativeWork": {"Thing", "headline inLanguage datePublished dateModified expires author translator editor contributor publisher creator locationCreated keywords isPartOf position sponsor isBasedOn correction associatedMedia text copyrightNotice creditText license acquireLicensePage mainEntity commentCount comment interactionStatistic dateCreated"},
	"Article":      {"CreativeWork", "articleSection wordCount"},
	"NewsArticle":  {"Article", "dateline"}, "AnalysisNewsArticle": {"NewsArticle", ""}, "OpinionNewsArticle": {"NewsArticle", ""}, "BackgroundNewsArticle": {"NewsArticle", ""},
	"ReportageNewsArticle": {"NewsArticle", ""}, "ReviewNewsArticle": {"NewsArticle", ""}, "AdvertiserContentArticle": {"Article", "dateline"},
	"LiveBlogPosting":       {"Article", "coverageStartTime coverageEndTime"},
	"ImageObject":           {"CreativeWork", "contentUrl width height caption"},
	"Organization":          {"Thing", "logo legalName email telephone address foundingDate publishingPrinciples correctionsPolicy ethicsPolicy unnamedSourcesPolicy ownershipFundingInfo actionableFeedbackPolicy diversityPolicy diversityStaffingReport"},
	"NewsMediaOrganization": {"Organization", "masthead missionCoveragePrioritiesPolicy noBylinesPolicy verificationFactCheckingPolicy"},
	"Person":                {"Thing", "jobTitle email telephone"},
	"Place":                 {"Thing", ""}, "WebSite": {"CreativeWork", ""}, "ProfilePage": {"CreativeWork", ""}, "CreativeWorkSeries": {"CreativeWork", ""}, "Comment": {"CreativeWork", "parentItem"}, "CorrectionComment": {"Comment", ""},
	"InteractionCounter": {"Thing", "interactionType userInteractionCount"},
	"BreadcrumbList":     {"Thing", "itemListElement"}, "ListItem": {"Thing", "item position"},
}

// checkWords: each type and each property is one of schema.org, and of that type.
func checkWords(c *checking) {
	for _, p := range c.all() {
		p.each(func(o object) {
			kind := text(o, "@type")
			if graph := o["@graph"]; graph == nil {
				c.must(vocabulary[kind] != word{}, p, "there is no type %q", kind)
			}
			for _, key := range slices.Sorted(maps.Keys(o)) {
				c.must(strings.HasPrefix(key, "@") || has(kind, key), p, "a %s has no %s", kind, key)
			}
		})
	}
}

// has tells whether a type, or one that it is a kind of, has a property.
func has(kind, property string) bool {
	for kind != "" {
		if slices.Contains(strings.Fields(vocabulary[kind].has), property) {
			return true
		}
		kind = vocabulary[kind].is
	}
	return false
}

// checkRights: what the file of a photo says of rights is said of the picture, by
// the mapping of IPTC, wherever it is shown.
func checkRights(c *checking) {
	for _, p := range c.all() {
		for _, o := range p.objects("ImageObject") {
			at := text(o, "contentUrl")
			if !strings.HasPrefix(at, "https://paper.example/news/") { // where the stress site has its photos
				continue
			}
			if strings.Contains(at, "/a-") {
				by := slices.ContainsFunc(listOf(o["creator"]), func(v any) bool {
					who, _ := v.(object)
					return text(who, "name") == "Ann Lee" && text(who, "@type") == "Person"
				})
				c.must(by, p, "it is by %v", o["creator"])
				c.must(text(o, "copyrightNotice") == "© 2026 The Wire", p, "copyrightNotice is %q", o["copyrightNotice"])
			}
			if strings.Contains(at, "/b-") {
				c.must(text(o, "license") == "https://wire.example/terms", p, "license is %q", o["license"])
			}
		}
	}
}

// wordNorms are the rules for the words themselves (3.3, 3.7).
var wordNorms = []norm{
	{"LD/words", pages(checkWords), []spoiler{
		within("*", `"wordCount"`, `"wordcount"`),
		within("*", `"NewsMediaOrganization"`, `"NewsOrganization"`),
		within("*", `("LiveBlogPosting", )`, `$1"dateline": "Basra", `),
		within("*", `"correction": \[`, `"corrections": [`),
		within("*", `"masthead": "`, `"mastHead": "`),
	}},
	{"IM/rights", pages(checkRights), []spoiler{
		within("*", `, "copyrightNotice": "[^"]*"`, ``),
		within("*", `, "license": "[^"]*"`, ``),
		within("*", `, "creator": \[\{"@type": "Person", "name": "Ann Lee"`, `, "creator": [{"@type": "Person", "name": "Ben Cole"`),
	}},
}
