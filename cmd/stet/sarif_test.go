package main

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"stet/internal/build"
	"stet/internal/diag"
)

// What is reported as SARIF is valid by its schema, and names places as readers
// of SARIF count them. testdata/sarif-2.1.0.json is the schema of the standard, as
// the npm package @microsoft/jest-sarif has it.
func TestSARIF(t *testing.T) {
	f, err := os.Open("testdata/sarif-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	r := &checkReport{f: &checkFlags{siteFlags: siteFlags{dir: "my paper"}}, done: build.Checked{Read: true}}
	log := r.sarif([]diag.Problem{
		{Path: "content/news/a.md", Line: 4, Column: 8, Length: 3, Text: "no credit", Hint: "say it", Rule: "credit-missing"},
		{Path: "content/news/خبر 1.md", Line: 2, Text: "x", Severity: diag.Error},
		{Text: "nothing to be read", Severity: diag.Error},
	})
	valid := func(log sarifLog) error {
		data, err := json.Marshal(log)
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(data, &v); err != nil {
			t.Fatal(err)
		}
		return schema.Validate(v)
	}
	if err := valid(log); err != nil {
		t.Error(err)
	}
	if err := valid(sarifLog{sarifSchema, "2.1.0", []sarifRun{{ColumnKind: "letters"}}}); err == nil {
		t.Error("the schema refuses nothing")
	}
	results := log.Runs[0].Results
	if got := results[0]; got.RuleID != "credit-missing" || log.Runs[0].Tool.Driver.Rules[got.RuleIndex].ID != got.RuleID || got.Level != "warning" {
		t.Errorf("%+v", got)
	}
	if got := *results[0].Locations[0].Physical.Region; got != (sarifRegion{4, 8, 11}) {
		t.Errorf("%+v", got)
	}
	for i, want := range []string{"my%20paper/content/news/a.md", "my%20paper/content/news/%D8%AE%D8%A8%D8%B1%201.md", "my%20paper/site.yaml"} {
		if got := results[i].Locations[0].Physical.Artifact.URI; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if results[1].RuleID != ofBuild || results[1].Level != "error" || results[2].Locations[0].Physical.Region != nil {
		t.Errorf("%+v", results[1:])
	}
}
