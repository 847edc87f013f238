package config

import (
	"maps"
	"slices"
	"strings"

	"stet/internal/fields"
)

// Who answers for the site.

func (p *parser) publisher(v *fields.Value) {
	texts := map[string]*string{
		"name": &p.Publisher.Name, "logo": &p.Publisher.Logo, "url": &p.Publisher.URL, "email": &p.Publisher.Email,
		"phone": &p.Publisher.Phone, "address": &p.Publisher.Address, "founded": &p.Publisher.Founded,
	}
	known := []string{"name", "logo", "url", "email", "phone", "address", "founded", "policies", "same_as"}
	p.Each(v, func(key, v *fields.Value) {
		switch target := texts[key.Text]; {
		case key.Text == "logo" || key.Text == "url":
			if key.Text == "logo" {
				p.Publisher.LogoAt = Named{v.Text, v.Line, v.Column, v.Length}
			}
			if *target = p.Text(v); *target != "" && !address(*target) {
				p.Error(v, p.Put(v, "/"+strings.TrimPrefix(*target, "./")), "an address begins with / or https://, not %q", *target)
			}
		case target != nil:
			*target = p.Text(v)
		case key.Text == "policies":
			p.policies(v)
		case key.Text == "same_as":
			p.Publisher.SameAs = p.addresses(v, onWeb, "https://social.example/@paper")
		default:
			p.Unknown(key, known, "publisher")
		}
	}, "name", "The Publisher")
}

// Policies are the names that the publisher's rules go by, each with the property
// of NewsMediaOrganization in schema.org that it is.
var Policies = map[string]string{
	"principles": "publishingPrinciples", "corrections": "correctionsPolicy", "ethics": "ethicsPolicy", "masthead": "masthead",
	"mission": "missionCoveragePrioritiesPolicy", "bylines": "noBylinesPolicy", "ownership": "ownershipFundingInfo",
	"sources": "unnamedSourcesPolicy", "verification": "verificationFactCheckingPolicy", "feedback": "actionableFeedbackPolicy",
	"diversity": "diversityPolicy", "staff": "diversityStaffingReport",
}

// policies reads where the publisher's rules are to be read.
func (p *parser) policies(v *fields.Value) {
	p.Publisher.Policies = map[string]Link{}
	p.Each(v, func(key, v *fields.Value) {
		if Policies[key.Text] == "" {
			p.Unknown(key, slices.Sorted(maps.Keys(Policies)), "publisher.policies")
			return
		}
		to := p.Text(v)
		if to != "" && !address(to) {
			p.Error(v, p.Put(v, "/"+strings.TrimPrefix(to, "./")), "an address begins with / or https://, not %q", to)
		}
		p.Publisher.Policies[key.Text] = Link{URL: to, Line: v.Line, Column: v.Column, Length: v.Length}
	}, "corrections", "/corrections-policy/")
}
