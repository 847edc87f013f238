package threads

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

func at(minute int) time.Time { return time.Date(2026, 11, 20, 10, minute, 0, 0, time.UTC) }

func TestMerge(t *testing.T) {
	mine := Comment{ID: "wp-1", Time: at(0), Name: "Imported", Text: "x"}
	old := Comment{ID: "a", Time: at(1), Name: "Ada", Text: "once"}
	young := Comment{ID: "a", Time: at(1), Name: "Ada", Text: "cut […]"}
	late := Comment{ID: "b", Time: at(2), Name: "Bo", Text: "y", Parent: "a"}
	for name, c := range map[string]struct {
		all  []Comment
		by   Change
		want []Comment
	}{
		"first":    {nil, Change{Put: []Comment{late, old}}, []Comment{old, late}},
		"replaced": {[]Comment{mine, old, late}, Change{Put: []Comment{young}}, []Comment{mine, young, late}},
		"gone":     {[]Comment{mine, old, late}, Change{Gone: []string{"a", "never"}}, []Comment{mine, late}},
		"both":     {[]Comment{old}, Change{Put: []Comment{young}, Gone: []string{"a"}}, []Comment{young}},
		"last":     {[]Comment{old}, Change{Gone: []string{"a"}}, nil},
	} {
		got := Merge(c.all, c.by)
		if len(got) != len(c.want) || len(got) > 0 && !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, not %+v", name, got, c.want)
		}
		if again := Merge(got, c.by); len(again) != len(got) || len(got) > 0 && !reflect.DeepEqual(again, got) {
			t.Errorf("%s: merged twice it is %+v", name, again)
		}
	}
}

// The form of an export is one that two programs share, perhaps of two ages.
func TestChanges(t *testing.T) {
	const text = `{"seq":812,"epoch":7,"threads":[{"story":"/a/","put":[{"id":"a","time":"2026-11-20T10:01:00Z","name":"Ada","text":"once"}],"gone":["c3f9"]}],"ratings":[{"story":"/a/","yes":12,"no":3}],"more":true}`
	var c Changes
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		t.Fatal(err)
	}
	want := Changes{812, 7, []Change{{"/a/", []Comment{{ID: "a", Time: at(1), Name: "Ada", Text: "once"}}, []string{"c3f9"}}}, []Rating{{"/a/", Tally{12, 3}}}, true}
	if back, err := json.Marshal(c); err != nil || !reflect.DeepEqual(c, want) || string(back) != text {
		t.Errorf("read is %+v, written again %s, %v", c, back, err)
	}
}

// A time that no file can hold is refused, not written.
func TestLacksTime(t *testing.T) {
	for _, text := range []string{"9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00Z"} {
		data := `[{"id":"a","time":"` + text + `","name":"A","text":"b"}]`
		if all, problems := Parse("x", []byte(data)); len(all) > 0 || len(problems) != 1 {
			t.Errorf("%s is read as %v, %v", text, all, problems)
		}
	}
}
