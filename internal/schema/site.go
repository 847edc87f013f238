package schema

import (
	"maps"
	"strings"

	"stet/internal/article"
	"stet/internal/config"
)

// site are the keys of site.yaml.
func site(n Names) keys {
	policies := keys{}
	for name, property := range config.Policies {
		policies[name] = link().of("an address; " + property + " of schema.org")
	}
	allow := keys{}
	for name, what := range config.Allowed {
		allow[name] = some(func() Schema {
			return matching(`(`+config.HostPattern+`)?`, "write a host without https:// and path, such as www.example.org or *.example.org")
		}).of(what)
	}
	return keys{
		"format":      Schema{"enum": []any{1, "1"}},
		"title":       given(),
		"description": text(),
		"base_url":    matching(`([hH][tT][tT][pP][sS]?://[^?#]+)?`, "write the whole address, such as https://www.example.org/"),
		"language":    offered(n.Languages, tag()),
		"languages": either(list(text()), open(parts(keys{
			"title": text().of("the paper's name in this language"), "description": text().of("one or two sentences about the paper"), "menus": menus().of("lists of links by name"),
			"missing": text().of("omit, or the language whose stories its front and sections show where it has no version"),
		}), nil)),
		"timezone": there(`[A-Za-z].*`, "name a zone by its region and largest city, such as Europe/Berlin"),
		"publisher": parts(keys{
			"name": text().of("who answers for the site"), "logo": link().of("the address of a picture"), "url": link().of("where the publisher is"), "email": text().of("an address for letters"),
			"phone": text().of("a number to call"), "address": text().of("where post goes"), "founded": text().of("a year or a date"),
			"policies": parts(policies).of("where the publisher's rules are to be read"), "same_as": sites(false).of("its pages elsewhere"),
		}),
		"urls":     either(pattern(), open(pattern(), keys{"default": pattern().of("of sections that have none of their own")})),
		"per_page": whole(1, 1000),
		"tags":     one("any", "known"),
		"menus":    menus(),
		"style":    style(),
		"theme":    theme(n),
		"images": parts(keys{
			"widths":   either(Schema{"type": "array", "items": whole(16, 8192), "minItems": 1, "maxItems": 12}, whole(16, 8192)).of("of renditions in pixels, where a layout names none"),
			"quality":  whole(1, 100).of("of JPEG and WebP"),
			"cards":    yes().of("a picture is drawn for shared links to pages that have none"),
			"webp":     yes().of("WebP too, for browsers that know it"),
			"as_is":    yes().of("true: pictures are published as they are, and no renditions are made"),
			"location": yes().of("true: a picture that is published as it is tells where it was taken"),
		}),
		"feeds": feeds(n), "robots": robots(), "trust_txt": trust(), "security_txt": security(), "manifest": manifest(),
		"archive": one(config.ArchiveDays, config.ArchiveMonths, config.ArchiveYears, config.ArchiveOff),
		"check":   parts(ruled()),
		"comments": open(anything(), keys{
			"service":     text().of("where the comment service is"),
			"close_after": either(no(), Schema{"type": "integer", "minimum": 1, "maximum": 36500}, matching(`[0-9]+ *([dD]|[dD][aA][yY][sS]?|[wW]|[wW][eE][eE][kK][sS]?)?`, "write a number of days, such as 14 days or 2 weeks")).of("how long after its publication the comments of a story close"),
		}),
		"redirects": redirects(),
		"trusted":   names(n.Sections...),
		"allow":     parts(allow),
		"deploy":    open(target(), nil),
		"params":    open(anything(), nil),
	}
}

// target is where stet deploy sends to.
func target() Schema {
	cache := keys{}
	for _, kind := range config.Cached {
		cache[kind] = text().of("Cache-Control of files of this kind, such as max-age=300")
	}
	one := parts(keys{
		"to":        given().of("a folder, or an address that begins with " + strings.Join(config.Schemes, "://, ") + "://"),
		"base_url":  matching(`(https?://[^?#]+)?`, "a whole address that begins with https:// or http://").of("where readers find it, if not at the site's base_url"),
		"noindex":   yes().of("true: search engines are asked to leave it out"),
		"compress":  some(func() Schema { return exactly(config.Compressions...) }).of("how files are sent compressed as well"),
		"redirects": one(config.RedirectObjects).of("redirects are empty objects that S3 answers with the new address"),
		"cache":     parts(cache).of("how long files of a kind are kept"),
	}, "to")
	one["type"] = "object"
	return one
}

// Links and redirects lead to an address: from the root, or a whole one.
const (
	fromRoot = `/([^/].*)?`
	anywhere = fromRoot + `|https?://.+`

	likeAddress = "an address begins with / or https://"
)

// link is an address.
func link() Schema { return matching(`(`+anywhere+`)?`, likeAddress) }

func menus() Schema {
	entry := parts(keys{
		"title": given().of("what readers see"),
		"url":   there(anywhere+`|mailto:.*`, likeAddress).of("where it leads"),
	}, "title", "url")
	return open(Schema{"type": "array", "items": either(matching(`(`+anywhere+`|mailto:.*)?`, likeAddress), entry)}, nil)
}

func redirects() Schema {
	short := open(there(anywhere, likeAddress), nil)
	short["propertyNames"] = Schema{"pattern": "^" + fromRoot + "$"}
	one := parts(keys{
		"from":   there(fromRoot, "write it from the root, such as /old/").of("the old address, from the root"),
		"to":     link().of("the new one"),
		"status": either(Schema{"enum": []any{301, 302, 303, 307, 308, 410}}, matching(`30[12378]|410`, "write 301, 302, 303, 307, 308 or 410")).of("301, if not given; 410 leads nowhere"),
	}, "from")
	one["type"] = "object"
	return either(short, list(one))
}

// pattern is one of addresses.
func pattern() Schema {
	return matching(`(/.*\{(slug|id)\}.*(/|\.html))?`, "begin with /, name {slug} or {id}, and end with / or .html")
}

func style() Schema {
	notes := keys{}
	for _, kind := range article.Notes {
		notes[kind] = one("top", "bottom").of("where notes of this kind stand on the story")
	}
	return parts(keys{
		"dateline":    one("byline", "lead", "none"),
		"dates":       open(text(), nil),
		"corrections": parts(notes),
		"age_label":   either(yes(), parts(keys{"years": whole(1, 100).of("from which age on it is said"), "except": some(func() Schema { return exactly(config.Kinds...) }).of("kinds of story of which it is not said")})),
	})
}

// ruled are the keys of check.
func ruled() keys {
	known := keys{"since": date().of("what is found in older stories is only counted")}
	maps.Copy(known, rules(func(finds string) Schema { return one(config.Off, config.Warn, config.Fail).of(finds) }))
	return known
}

// front are the keys of a file of content/fronts/.
func front(n Names, about map[string]string) keys {
	fill := parts(keys{
		"section": word(n.Sections).of("of this section"), "kind": one(config.Kinds...).of("of this kind"), "tag": word(n.Tags).of("on this topic"),
		"series": word(n.Series).of("of this series"), "author": word(n.Authors).of("by this author"),
	})
	planned := parts(keys{
		"story": given().of("its path below content/"), "title": text().of("instead of its headline, on this front only"),
		"from": date().of("shown from then on"), "until": date().of("shown until then"),
	}, "story")
	slot := parts(keys{
		"name": slotName(), "title": text(), "story": either(text(), planned, list(either(text(), planned))),
		"fill": fill, "count": whole(1, config.MostInSlot),
	}.told(about), "name")
	bar := parts(keys{
		"text": given(), "label": text(), "url": link(), "story": text(), "from": date(), "until": date(), "show": one("front", "all"),
	}.told(about), "text")
	return keys{
		"slots":  list(slot).of("the places of the front, from top to bottom"),
		"bar":    either(bar, list(bar)).of("one line above the front, for news that breaks"),
		"blocks": either(yes(), names(n.Sections...)).of("sections that have a block below the slots, and their order; false: none"),
	}
}

// slotName is that of a slot, which may be called on.
func slotName() Schema {
	return formed(only("string", "boolean"), `[a-z][a-z0-9-]*`, "the name of a slot is of small letters a to z, digits and hyphens")
}
