package schema

import "stet/internal/config"

// The keys of site.yaml that say what machines are given.

func feeds(n Names) Schema {
	kinds := some(func() Schema { return exactly(config.Kinds...) })
	which := func() Schema {
		return parts(keys{
			"sections": names(n.Sections...).of("of these sections"), "tags": names(n.Tags...).of("on these topics"), "series": names(n.Series...).of("of these series"),
			"authors": names(n.Authors...).of("by these authors"), "kinds": kinds.of("of these kinds"),
		})
	}
	formats := func(more ...string) Schema {
		return some(func() Schema { return exactly(append([]string{"rss", "atom", "json"}, more...)...) })
	}
	named := parts(keys{
		"title": text().of("what the feed is called"), "count": whole(1, 1000).of("how many stories at most"), "hours": whole(1, 87600).of("how old the oldest may be"),
		"include": which().of("which stories, if not all"), "exclude": which().of("which not"),
		"text": one("full", "summary").of("the whole text, or its summary"), "formats": formats("ninjs").of("which formats it has"),
	})
	named["type"] = "object"
	return parts(keys{
		"text": one("full", "summary"), "formats": formats(), "terms": yes(), "ninjs": yes(), "named": open(named, nil).of("feeds of your own, by name"),
	})
}

// robots are crawlers by name: kept out, let in, or kept out of some places.
func robots() Schema {
	s := open(either(yes(), some(func() Schema {
		return formed(only("string", "null"), `/[^ #]*`, "write it from the root, such as /archive/")
	})), nil)
	s["propertyNames"] = Schema{"pattern": `^(\*|[A-Za-z_-]+)$`}
	return s
}

func trust() Schema {
	return parts(keys{
		"member": sites(false).of("associations the paper belongs to"), "belongto": sites(false).of("associations the paper belongs to, by their lists"),
		"control": sites(false).of("sites this one controls"), "controlledby": sites(false).of("the site that controls this one"),
		"social": sites(false).of("its pages in networks"), "vendor": sites(false).of("whose customer it is"), "customer": sites(false).of("who its customers are"),
		"disclosure": sites(false).of("pages that disclose something"), "contact": sites(true).of("whom to reach"),
		"datatrainingallowed": either(one("yes", "no"), yes()).of("whether models may learn from it"),
	})
}

// sites are whole addresses, where somebody is to be reached also of mail and
// telephone.
func sites(reach bool) Schema {
	form, says := `[hH][tT][tT][pP][sS]?://\S+`, "write the whole address, with https://"
	if reach {
		form, says = form+`|(mailto|tel):\S+`, "write an address that begins with https://, mailto: or tel:"
	}
	return some(func() Schema { return matching(form, says) })
}

func security() Schema {
	return parts(keys{
		"contact": sites(true).of("whom to reach"), "expires": there(day, likeDay).of("until when this holds"),
		"encryption": some(func() Schema {
			return matching(`[a-zA-Z][a-zA-Z0-9+-]*:\S+`, "write an address that begins with https://, openpgp4fpr: or dns:")
		}).of("a key for letters"), "acknowledgments": sites(false).of("who helped before"), "policy": sites(false).of("what you promise"), "hiring": sites(false).of("where you look for people"),
	}, "contact", "expires")
}

func manifest() Schema {
	colour := func() Schema {
		return formed(only("string"), `#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6}`, "write a colour in quotes, such as \"#1a5276\"")
	}
	return parts(keys{
		"short_name": text().of("the paper's name where there is little room"), "icons": some(func() Schema {
			return matching(`/.+\.(png|svg|webp|jpg|ico|PNG|SVG|WEBP|JPG|ICO)`, "an icon is a picture of static/, written from the root of the site")
		}).of("pictures of static/, from the root"),
		"theme_color": colour().of("of the browser's frame"), "background_color": colour().of("before the page is there"),
	})
}
