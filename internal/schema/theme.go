package schema

import "stet/internal/config"

// theme are the keys of theme in site.yaml.
func theme(n Names) Schema {
	colour := func() Schema {
		return formed(only("string"), `#([0-9a-fA-F]{3}){1,2}`, "write a colour in quotes, such as \"#1c5a8a\"")
	}
	shades := func() Schema {
		both := parts(keys{"light": colour().of("in the light scheme"), "dark": colour().of("in the dark scheme")})
		both["type"], both["minProperties"] = "object", 1
		return either(colour(), both)
	}
	sections := keys{}
	for _, name := range n.Sections {
		sections[name] = shades().of("the accent of this section")
	}
	const form, says = `/.+\.(svg|png|webp|avif|jpg|SVG|PNG|WEBP|AVIF|JPG)`, "a logo is a picture of static/, written from the root of the site"
	fonts := keys{}
	for role, about := range map[string]string{"headline": "for headlines", "text": "for what is read", "interface": "for labels, menus and small words"} {
		fonts[role] = font().of(about)
	}
	each := func(s func() Schema) Schema { // or one for each language
		own := keys{}
		for _, tag := range n.Languages {
			own[tag] = s().of("in this language")
		}
		return either(s(), open(s(), own))
	}
	always := func(s func() Schema) Schema { // it must be there
		all := each(s)
		some := all["anyOf"].([]Schema)
		last := some[len(some)-1]
		last["type"], last["minProperties"] = "object", 1
		return all
	}
	action := func() Schema {
		return always(func() Schema { return there(fromRoot+`|https://[^/].*`, "an address begins with / or https://") })
	}
	words := func() Schema { return each(text) }
	picture := func(form string) Schema { return each(func() Schema { return matching(form, says) }) }
	return parts(keys{
		"accent":   shades().of("the colour of what stands out, on pages of no section"),
		"sections": open(shades(), sections).of("the accents of sections, by name"),
		"paper":    shades().of("what words stand on"),
		"ink":      shades().of("what words are written with"),
		"logo": either(matching(`(`+form+`)?`, says), parts(keys{
			"light": always(func() Schema { return there(form, says) }).of("in the light scheme"), "dark": picture(`(` + form + `)?`).of("in the dark scheme"),
			"alt": words().of("what it says; the paper's title if not given"),
		}, "light")).of("in place of the paper's name"),
		"fonts": parts(fonts).of("fonts of your own"),
		"newsletter": parts(keys{
			"title": words().of("what the box is called"), "text": words().of("what readers get"), "action": action().of("where the form is sent"),
			"field": each(func() Schema {
				return formed(text(), `[^ \t\r\n"'<>&=]*`, "the name of a field has no spaces or signs")
			}).of("the name of the field for the address; email if not given"),
		}, "action").of("a box to sign up for letters"),
		"donate": parts(keys{
			"title": words().of("what the box is called"), "text": words().of("why to give"), "url": action().of("where to give"),
		}, "url").of("a box to ask for money"),
	})
}

// font is a file of static/assets/, or one for each style.
func font() Schema {
	const form, says = `/assets/.+\.(woff2|ttf|otf|WOFF2|TTF|OTF)`, "a font is a file of static/assets/, written from the root of the site: .woff2, .ttf or .otf"
	styles := keys{"name": formed(text(), `[^"\\\r\n<]*`, "the name of a font has no quotes").of("what its family is called")}
	for _, style := range config.FontStyles {
		styles[style] = matching(`(`+form+`)?`, says).of("its file of this style")
	}
	styles["regular"] = there(form, says).of("its file of this style")
	return either(matching(`(`+form+`)?`, says), parts(styles, "regular"))
}
