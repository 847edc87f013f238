package photo

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// exiftool (Debian: libimage-exiftool-perl) is a witness who knows nothing of us.
// It reads files and gives what it finds by group and name.
func exiftool(t *testing.T, files map[string][]byte) map[string]map[string]any {
	t.Helper()
	if _, err := exec.LookPath("exiftool"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("there is no exiftool: .ci/run exiftool installs it")
		}
		t.Skip("there is no exiftool here (Debian: libimage-exiftool-perl)")
	}
	dir := t.TempDir()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var stderr bytes.Buffer
	cmd := exec.Command("exiftool", "-j", "-a", "-G1", "-n", "-charset", "iptc=UTF8", "-ee", "-U", dir)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var found []map[string]any
	if json.Unmarshal(out, &found) != nil {
		t.Fatalf("exiftool: %v: %s", err, stderr.String())
	}
	all := map[string]map[string]any{}
	for _, f := range found {
		all[filepath.Base(f["SourceFile"].(string))] = f
	}
	return all
}

// values are what a witness has under any of these names, cleaned.
func values(of map[string]any, names ...string) (all []string) {
	for _, name := range names {
		list, ok := of[name].([]any)
		if !ok {
			list = []any{of[name]}
		}
		for _, v := range list {
			if text, ok := v.(string); ok {
				if text, _ = clean(text); text != "" {
					all = append(all, text)
				}
			}
		}
	}
	return all
}

// asRead are the names of fields in exiftool, and what we read.
func asRead(s Said) map[string][]string {
	return map[string][]string{
		"XMP-dc:Description IPTC:Caption-Abstract IFD0:ImageDescription":                                {first(s.Caption)},
		"XMP-iptcCore:AltTextAccessibility":                                                             {first(s.Alt)},
		"XMP-iptcCore:ExtDescrAccessibility":                                                            {first(s.Extended)},
		"XMP-photoshop:Headline IPTC:Headline":                                                          {s.Headline},
		"XMP-photoshop:Credit IPTC:Credit":                                                              {s.Credit},
		"XMP-dc:Creator IPTC:By-line IFD0:Artist":                                                       s.Creators,
		"XMP-photoshop:AuthorsPosition IPTC:By-lineTitle":                                               {s.JobTitle},
		"XMP-dc:Rights IPTC:CopyrightNotice IFD0:Copyright":                                             {s.Copyright},
		"XMP-xmpRights:UsageTerms":                                                                      {s.UsageTerms},
		"XMP-plus:LicensorName":                                                                         {s.Licensor},
		"XMP-plus:LicensorURL":                                                                          {s.LicensorURL},
		"XMP-photoshop:Source IPTC:Source":                                                              {s.Source},
		"XMP-photoshop:City IPTC:City XMP-iptcExt:LocationCreatedCity":                                  {s.City},
		"XMP-photoshop:State IPTC:Province-State XMP-iptcExt:LocationCreatedProvinceState":              {s.State},
		"XMP-photoshop:Country IPTC:Country-PrimaryLocationName XMP-iptcExt:LocationCreatedCountryName": {s.Country},
		"XMP-photoshop:DateCreated IPTC:DateCreated XMP-exif:DateTimeOriginal ExifIFD:DateTimeOriginal IFD0:DateTime": {strings.ReplaceAll(s.Created[:min(10, len(s.Created))], "-", ":")},
	}
}

// witnessed holds what we read against what exiftool reads: what we say, it
// finds, and where we find nothing it finds nothing.
func witnessed(t *testing.T, s Said, found map[string]any) {
	t.Helper()
	for names, ours := range asRead(s) {
		theirs := values(found, strings.Fields(names)...)
		ours = slices.DeleteFunc(slices.Clone(ours), func(s string) bool { return s == "" })
		if len(ours) == 0 && len(theirs) > 0 {
			t.Errorf("%s: we read nothing, exiftool %q", names, theirs)
		}
		for _, text := range ours {
			if !slices.ContainsFunc(theirs, func(s string) bool { return s == text || strings.HasPrefix(s, text) }) {
				t.Errorf("%s: we read %q, exiftool %q", names, text, theirs)
			}
		}
	}
	if o, ok := found["IFD0:Orientation"].(float64); ok && int(o) != s.Orientation {
		t.Errorf("we read orientation %d, exiftool %v", s.Orientation, o)
	}
	has := func(part string) bool {
		for name := range found {
			if strings.Contains(name, part) {
				return true
			}
		}
		return false
	}
	for part, ours := range map[string]bool{"GPSLatitude": s.Located, "SerialNumber": s.Serial, "ThumbnailOffset": s.Thumbnail} {
		if has(part) && !ours {
			t.Errorf("exiftool finds %s, we do not", part)
		}
	}
}

func TestReadWitnessed(t *testing.T) {
	all := pictures(t)
	found := exiftool(t, all)
	for name, file := range all {
		if found[name]["ExifTool:Error"] != nil || strings.Contains(name, "huge_tag") || strings.Contains(name, "max_uint32") {
			continue // exiftool gives them up
		}
		t.Run(name, func(t *testing.T) {
			said, _ := read(t, file)
			witnessed(t, said, found[name])
		})
	}
}

// The files .json are what exiftool 13.50 has read, by main group.
func TestReadWritten(t *testing.T) {
	names, _ := filepath.Glob("testdata/*.json")
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var raw []map[string]any
		if err := json.Unmarshal(data, &raw); err != nil {
			t.Fatal(err)
		}
		flat := map[string]any{}
		for group, tags := range raw[0] {
			if tags, ok := tags.(map[string]any); ok {
				for tag, v := range tags {
					for _, g := range map[string][]string{
						"XMP": {"XMP-dc", "XMP-photoshop", "XMP-iptcCore", "XMP-iptcExt", "XMP-xmpRights", "XMP-plus"}, "IPTC": {"IPTC"}, "EXIF": {"IFD0", "ExifIFD"},
					}[group] {
						flat[g+":"+tag] = v
					}
				}
			}
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			said, _ := read(t, pictures(t)[strings.TrimSuffix(filepath.Base(name), ".json")])
			witnessed(t, said, flat)
		})
	}
}
