package build_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"stet"
	"stet/internal/build"
	"stet/internal/cache"
)

// A comment more among many threads: of one thread it is asked when its last was
// sent, and no more threads are read than the feed may have comments of.
func TestOneThreadOfMany(t *testing.T) {
	dir, now := t.TempDir(), demoTime
	write(t, dir, "site.yaml", "format: 1\ntitle: Paper\nlanguage: en\ntimezone: UTC\n")
	thread := func(i int, more string) {
		write(t, dir, fmt.Sprintf("data/comments/town/2026/11/s%d.json", i), fmt.Sprintf(`[{"id":"c%d","time":"2026-11-10T10:%02d:%02dZ","name":"Ann","text":"One."}%s]`, i, i/60, i%60, more))
	}
	const many = 100
	for i := range many {
		write(t, dir, fmt.Sprintf("content/town/s%d.md", i), "---\ntitle: A\ndate: 2026-11-01\n---\nText.\n")
		thread(i, "")
	}
	o := build.Options{Dir: dir, Out: t.TempDir(), Theme: stet.Theme(), Now: now, Cache: cache.Folder{Dir: t.TempDir(), Version: "test"}, Clock: time.Now, Desk: true}
	asked := func() map[string]int {
		rep, problems := build.Run(context.Background(), o)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		read := 0
		for _, q := range rep.Ledger.Questions {
			for _, n := range q.Note {
				if q.Kind == "newestcomments" && rep.Ledger.Questions[n].Kind == "source" {
					read++
				}
			}
		}
		if read != 20 {
			t.Errorf("%d threads are read for the feed", read)
		}
		times := map[string]int{}
		for _, c := range rep.Profile {
			times[c.Name] += c.Times
		}
		return times
	}
	if first := asked(); first["lastcomment"] != many || first["newestcomments"] != 1 {
		t.Errorf("of %d threads is asked at first: %v", many, first)
	}
	thread(3, `,{"id":"new","time":"2026-11-11T10:00:00Z","name":"Bo","text":"Two."}`)
	if then := asked(); then["lastcomment"] != 1 || then["newestcomments"] != 1 || then["commentsfeed"] != 1 || then["card"] > 40 {
		t.Errorf("then is asked: %v", then)
	}
}
