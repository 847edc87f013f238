package main

import (
	"net/url"
	"path"
	"path/filepath"
	"slices"

	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/source"
)

// SARIF 2.1.0 (OASIS, 2020) is how what is wrong with files is told to whatever
// shows it beside them, such as a pull request. These are the parts of it that a
// check has. Columns count characters; paths count from where stet was called,
// which in CI is the root of the repository.

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool       sarifTool     `json:"tool"`
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID      string       `json:"id"`
	Short   sarifText    `json:"shortDescription"`
	Help    sarifText    `json:"help"`
	Default sarifDefault `json:"defaultConfiguration"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifDefault struct {
	Enabled bool   `json:"enabled"`
	Level   string `json:"level"`
}

type sarifResult struct {
	RuleID    string          `json:"ruleId"`
	RuleIndex int             `json:"ruleIndex"`
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations"`
}

type sarifLocation struct {
	Physical sarifPhysical `json:"physicalLocation"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn,omitempty"`
	EndColumn   int `json:"endColumn,omitempty"` // the first that is no more part of it
}

const sarifSchema = "https://json.schemastore.org/sarif-2.1.0.json"

// ofBuild is the rule of all that a build says by itself.
const ofBuild = "build"

func (c *checkReport) sarif(found []diag.Problem) sarifLog {
	rules := []sarifRule{{ofBuild, sarifText{"What a build refuses, or warns of"}, sarifText{"Each message says what to do about it."}, sarifDefault{true, "error"}}}
	for _, r := range config.Rules {
		level := "warning"
		if r.Default == config.Fail {
			level = "error"
		}
		rules = append(rules, sarifRule{r.Name, sarifText{"Finds " + r.Finds}, sarifText{
			"Each message says what to do about it. Where it does not apply to a story, write into its front matter: ignore: {" + r.Name +
				": why}. To switch it off, write into site.yaml: check: {" + r.Name + ": off}. See docs/check.md."}, sarifDefault{r.Default != config.Off, level}})
	}
	run := sarifRun{Tool: sarifTool{sarifDriver{Name: "stet", Version: version(), Rules: rules}}, ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	for _, p := range found {
		id := ofBuild
		if p.Rule != "" {
			id = p.Rule
		}
		r := sarifResult{RuleID: id, RuleIndex: slices.IndexFunc(rules, func(r sarifRule) bool { return r.ID == id }), Level: p.Severity.String(), Message: sarifText{p.Text}}
		if p.Hint != "" {
			r.Message.Text += "\n" + p.Hint
		}
		r.Locations = []sarifLocation{{sarifPhysical{sarifArtifact{c.f.uri(p.Path)}, regionOf(p)}}}
		run.Results = append(run.Results, r)
	}
	return sarifLog{sarifSchema, "2.1.0", []sarifRun{run}}
}

func regionOf(p diag.Problem) *sarifRegion {
	if p.Line == 0 {
		return nil
	}
	r := &sarifRegion{StartLine: p.Line, StartColumn: p.Column}
	if p.Column > 0 && p.Length > 0 {
		r.EndColumn = p.Column + p.Length
	}
	return r
}

// uri is the address of a file of the site, from where stet was called.
func (f *siteFlags) uri(name string) string {
	if name == "" {
		name = source.Settings
	}
	if dir, err := filepath.Rel(absolute("."), absolute(f.dir)); err == nil {
		name = path.Join(filepath.ToSlash(dir), name)
	}
	return (&url.URL{Path: name}).EscapedPath()
}
