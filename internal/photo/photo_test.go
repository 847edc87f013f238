package photo

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"stet/internal/plain"
)

var update = flag.Bool("update", false, "write the goldens anew")

// pictures are the files of testdata, from github.com/bep/imagemeta (MIT), as
// testdata/LICENSE has it.
func pictures(t testing.TB) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	names, _ := filepath.Glob("testdata/*.*")
	for _, name := range names {
		switch filepath.Ext(name) {
		case ".jpg", ".webp", ".avif":
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all[filepath.Base(name)] = data
		}
	}
	if len(all) < 15 {
		t.Fatalf("there are only %d pictures in testdata", len(all))
	}
	return all
}

func read(t testing.TB, file []byte) (Said, []Trouble) {
	t.Helper()
	said, troubles, err := Read(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return said, troubles
}

// told writes what is said line by line, what is empty left out.
func told(said Said, troubles []Trouble) string {
	var b strings.Builder
	v := reflect.ValueOf(said)
	for i := range v.NumField() {
		if !v.Field(i).IsZero() {
			j, _ := json.Marshal(v.Field(i).Interface())
			fmt.Fprintf(&b, "%s: %s\n", v.Type().Field(i).Name, strings.NewReplacer(`{"Text":`, "{", `"Language":`, "").Replace(string(j)))
		}
	}
	for _, t := range troubles {
		fmt.Fprintf(&b, "! %s %s\n", t.Field, t.Kind)
		for _, v := range t.Values {
			fmt.Fprintf(&b, "    %s %.100q\n", v.From, v.Text)
		}
	}
	return b.String()
}

// golden compares with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	name = filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s:\n%s\nwant:\n%s", name, got, want)
	}
}

func TestRead(t *testing.T) {
	for name, file := range pictures(t) {
		t.Run(name, func(t *testing.T) {
			said, troubles := read(t, file)
			golden(t, name+".txt", told(said, troubles))
		})
	}
}

// What is said becomes an answer, so it must be plain data.
func TestPlain(t *testing.T) {
	said, troubles := read(t, pictures(t)["metadata_demo_inc_exif_out_of_sync_Inc_adobe.jpg"])
	b := plain.Append(plain.Append(nil, said), troubles)
	var back Said
	var more []Trouble
	rest, err := plain.Read(string(b), &back)
	if err == nil {
		_, err = plain.Read(rest, &more)
	}
	if err != nil || !reflect.DeepEqual(said, back) || !reflect.DeepEqual(troubles, more) {
		t.Errorf("%v: got %v %v", err, back, more)
	}
}
