package main

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"stet/internal/diag"
)

func TestExplainErrors(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		said   string
	}{
		{nil, 0, ""},
		{errTold, 1, ""},
		{errors.New("disk on fire"), 1, "stet: disk on fire\n"},
		{mistaken("do this\nand that", "no %q", "x\x1b[31m"), 2, "stet: no \"x\\x1b[31m\"\n    do this\n    and that\n"},
		{diag.Problem{Text: "no\x1b[31m site", Hint: "make one"}, 1, "stet: no [31m site\n    make one\n"},
	} {
		var b bytes.Buffer
		s := &system{err: &b, env: func(string) string { return "" }}
		if status := s.explain(c.err); status != c.status || b.String() != c.said {
			t.Errorf("%v: %d, %q", c.err, status, b.String())
		}
	}
}

func TestWords(t *testing.T) {
	for got, want := range map[string]string{
		grouped(0): "0", grouped(999): "999", grouped(10010): "10,010", grouped(1234567): "1,234,567",
		count(1, "page"): "1 page", count(10010, "page"): "10,010 pages",
		embargoedStories(1): "1 embargoed story", embargoedStories(2): "2 embargoed stories",
		duration(28 * time.Millisecond): "28 ms", duration(9999 * time.Millisecond): "9,999 ms", duration(12340 * time.Millisecond): "12.3 s",
		shellWord("my-paper"): "my-paper", shellWord("my paper's"): `'my paper'\''s'`, shellWord(""): "''",
		named("my-paper"): "My Paper", named("البصرة-اليوم"): "البصرة اليوم", named("..."): "My Paper",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	now := time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)
	for d, want := range map[time.Duration]string{
		10 * time.Second: "in 1 minute", 59 * time.Minute: "in 59 minutes", 90 * time.Minute: "in 2 hours",
		47 * time.Hour: "in 47 hours", 41 * 24 * time.Hour: "in 41 days",
	} {
		if got := ago(now, now.Add(d)); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

func TestMachineZone(t *testing.T) {
	for tz, want := range map[string]string{
		"Asia/Baghdad": "Asia/Baghdad", ":Europe/Berlin": "Europe/Berlin", "/usr/share/zoneinfo/Asia/Tokyo": "Asia/Tokyo",
		"Etc/UTC": "UTC", "CET-1CEST": "", "Nowhere/Else": "",
	} {
		if got := machineZone(func(string) string { return tz }); got != want {
			t.Errorf("TZ=%s is %q, want %q", tz, got, want)
		}
	}
}

// Progress is shown of long builds only, not more often than one can read, and
// nothing of it is left.
func TestProgress(t *testing.T) {
	var b bytes.Buffer
	now := time.Unix(0, 0)
	s := &system{err: &b, env: func(string) string { return "" }, now: func() time.Time { return now }}
	if newProgress(s) != nil {
		t.Error("there is progress in a pipe")
	}
	(*progress)(nil).tell(1, 2)
	(*progress)(nil).clear()
	p := &progress{s: s, next: now.Add(patience)}
	p.tell(1, 10000)
	p.clear()
	if b.Len() > 0 {
		t.Errorf("a short build says %q", b.String())
	}
	now = now.Add(patience + 1)
	p.tell(1000, 10000)
	p.tell(1001, 10000)
	now = now.Add(between + 1)
	p.tell(2000, 10000)
	p.clear()
	if want := "\r\x1b[K1,000 of 10,000 pages\r\x1b[K2,000 of 10,000 pages\r\x1b[K"; b.String() != want {
		t.Errorf("it says %q, want %q", b.String(), want)
	}
}
