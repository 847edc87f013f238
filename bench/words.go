package main

import "strings"

// The words from which the archive is drawn. Nothing in it is meant to be true.
var (
	sectionNames = strings.Fields("politics business culture sport science health climate education crime world technology opinion")

	// sectionWeights says how often a section comes up, in a thousand: few
	// large sections and a long tail, as at a newspaper.
	sectionWeights = []int{221, 172, 134, 105, 81, 63, 49, 38, 30, 23, 18, 66}

	firstNames = strings.Fields("Anouk Bashir Celia Dragan Elif Florin Greta Hamid Ilse Jonas Katya Lucian Mirna Nils Olga Pascal Rania Stefan Tamar Viktor")
	lastNames  = strings.Fields("Aldous Brandt Cortez Dahl Ebner Fazil Gruber Halloran Ionescu Jurado Keller Lindqvist Marchetti Nasser Oduya Paredes Rahimi Soler Tanaka Vasquez")
	places     = strings.Fields("Aldermoor Birchfold Copperhill Drystone Elmhaven Fernlea Glasswater Hollowby Inkwell Jasper Kingsreed Longmere Millbank Nettlecombe Ottersford Pinewick Quillon Redshore Stonebeck Tidewell")

	tagSubjects = strings.Fields("water energy school market harbour court festival clinic railway forest")
	tagAspects  = strings.Fields("policy budget crisis reform study strike record plan safety history")
	tagNames    = allTags()

	bodyWords = strings.Fields(`
		the a of to in and for with from after before since until near over under between along while because although
		mayor council committee members residents officials engineers teachers nurses farmers fishermen drivers pupils
		parents tenants voters lawyers judges witnesses volunteers researchers students visitors workers owners traders
		said told asked warned promised argued agreed refused signed opened closed found counted measured published
		reported repaired rebuilt delayed approved rejected proposed planned expected doubled halved rose fell grew
		bridge road quay ferry tunnel station depot mill quarry orchard library theatre museum chapel arena pool
		hospital ward classroom office warehouse bakery brewery garden park square street valley river coast island
		price rent wage tax grant loan fee cost share profit loss debt figure survey letter petition hearing appeal
		morning evening week month spring summer autumn winter season decade year night storm flood drought frost
		new old long short early late small large quiet busy narrow steep public private local former final second
		more fewer most only still again already often rarely nearly about almost together instead however`)
)

// allTags joins each subject with each aspect: a hundred tags.
func allTags() []string {
	var out []string
	for _, s := range tagSubjects {
		for _, a := range tagAspects {
			out = append(out, s+"-"+a)
		}
	}
	return out
}
