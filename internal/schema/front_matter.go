package schema

import (
	"stet/internal/article"
	"stet/internal/config"
)

// The keys of files of content/, as the tables of article have them.

// shared are the keys that every kind of file knows.
func shared(n Names) keys {
	return keys{
		"slug":        formed(text(), `/*[^/]*/*`, "slug is only the last part of the address; the whole one is url"),
		"url":         matching(`(/([^/?#\\][^?#\\]*)?)?`, "write it from the root of the site, such as /news/fire/"),
		"aliases":     names(),
		"language":    offered(n.Languages, tag()),
		"translation": text(),
		"draft":       yes(),
		"layout":      word(n.Layouts),
		"index":       yes(),
		"feed":        yes(),
		"internal":    anything(),
		"ignore":      open(given(), rules(func(finds string) Schema { return given().of("why this rule does not apply here: " + finds) })),
		"params":      open(anything(), nil),
		"summary":     text(),
	}
}

// rules are the rules that may be ignored or set, each with a shape.
func rules(shape func(finds string) Schema) keys {
	known := keys{}
	for _, r := range config.Rules {
		known[r.Name] = shape(r.Finds)
	}
	return known
}

// told are the keys of stories and pages.
func told(n Names) keys {
	return keys{
		"title":       given(),
		"titles":      titles(),
		"author":      author(n.Authors),
		"dateline":    dateline(),
		"section":     word(n.Sections),
		"also":        names(n.Sections...),
		"kicker":      text(),
		"date":        date(),
		"updated":     date(),
		"embargo":     date(),
		"expires":     date(),
		"status":      one("killed"),
		"notice":      text(),
		"image":       picture(),
		"gallery":     either(list(picture()), picture()),
		"deck":        text(),
		"tags":        names(n.Tags...),
		"series":      either(word(n.Series), parts(keys{"name": needed(n.Series).of("the name of the series"), "part": whole(1, widest).of("which part of it this is")}, "name")),
		"type":        one(article.Types...),
		"live":        parts(keys{"from": date().of("when it begins"), "until": date().of("when it ends")}),
		"sponsor":     either(text(), parts(keys{"name": text().of("who paid"), "url": address().of("their site")})),
		"corrections": list(correction()),
		"source":      either(text(), parts(keys{"name": text().of("who had it first"), "url": address().of("its page there"), "canonical": yes().of("true: search engines are to list the other page")})),
		"related":     either(no(), only("string", "number"), list(text())),
		"id":          text(),
		"comments":    either(one("open", "closed", "off"), no()),
		"rating":      either(one("open", "closed", "off"), no()),
		"pin":         either(yes(), whole(-widest, widest)),
		"weight":      whole(-widest, widest),
		"hide":        yes(),
	}
}

// term are the keys of sections, topics and series.
func term() keys {
	return keys{
		"title":       given(),
		"titles":      titles(),
		"image":       picture(),
		"order":       whole(-widest, widest),
		"description": text(),
	}
}

// person are the keys of authors.
func person() keys {
	ways := open(text(), keys{"email": text().of("an address for letters"), "url": text().of("a page of their own")})
	return keys{
		"name":         given(),
		"role":         text(),
		"photo":        picture(),
		"contact":      either(text(), ways, list(either(text(), ways, Schema{"type": "array"}))),
		"active":       yes(),
		"organisation": yes(),
		"bio":          text(),
		"description":  text(),
	}
}

func titles() Schema {
	return parts(keys{
		"short":  text().of("for cards"),
		"search": text().of("for search engines"),
		"social": text().of("for shared links"),
	})
}

func author(known []string) Schema {
	who := parts(keys{
		"name": needed(known).of("as it is printed"),
		"role": text().of("what this person did: photographer, illustrator, translator, editor …"),
		"of":   text().of("another paper or an agency this person is of"),
		"for":  text().of("the paper it was written for"),
		"in":   text().of("where this person filed from"),
	}, "name")
	return either(word(known), list(either(word(known), who)), who)
}

func dateline() Schema {
	return either(text(), parts(keys{
		"place": text().of("where it was filed"),
		"show":  one("byline", "lead", "none").of("in the byline, before the first paragraph, or not at all"),
		"date":  date().of("the day of filing, shown before the first paragraph"),
	}))
}

func picture() Schema {
	return either(text(), parts(keys{
		"src":        given().of("a file beside this one, or /… for one in static/"),
		"alt":        text().of("what is to be seen, for people who cannot see it"),
		"caption":    text().of("inline Markdown; a last part in square brackets is the credit"),
		"credit":     text().of("whose picture it is, instead of brackets in the caption"),
		"courtesy":   yes().of("true: written as \"Courtesy of …\""),
		"distribute": yes().of("false: it is not handed on to partners"),
		"focus":      Schema{"type": []string{"array", "null"}, "items": share(), "minItems": 2, "maxItems": 2}.of("the point that must stay visible, from the left and from the top"),
		"size":       one("text", "wide", "full", "none").of("how large; none keeps it off the article but on cards"),
	}, "src"))
}

func correction() Schema {
	return parts(keys{
		"date": there(day, likeDay).of("when it was made"),
		"kind": one(article.Notes...).of("what kind of note; correction, if not given"),
		"text": given().of("what was wrong and what is right, for readers; inline Markdown"),
	}, "date", "text")
}

// tag is that of a language. Norwegian is a no for some readers of YAML.
func tag() Schema {
	return either(matching(`([a-zA-Z]{2,3}([-_][a-zA-Z0-9]{1,8})*|[xX]-.+)?`, "write a tag such as en, ar or pt-BR"), Schema{"type": "boolean"})
}

// address is a page of another site.
func address() Schema {
	return matching(`([hH][tT][tT][pP][sS]?:.*)?`, "write the whole address, with https://")
}
