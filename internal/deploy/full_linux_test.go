package deploy

import (
	"context"
	"strings"
	"syscall"
	"testing"
)

// A disk that is full is said to be, and when there is room again it goes on.
func TestFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=400k"); err != nil {
		t.Skip("no small disk can be mounted here:", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	at := place{name: "folder", dir: dir, to: dir}
	p := newPaper(5)
	at.send(t, p.edition())
	p.more["film.mp4"] = strings.Repeat("long", 200_000)
	p.stories["story-003"] = "Edited."
	_, problems := Send(context.Background(), at.job(t, p.edition()))
	if len(problems) != 1 || !strings.Contains(problems[0].Text, "no room left") || !strings.Contains(problems[0].Hint, "it goes on where it stopped") {
		t.Fatalf("%v", problems)
	}
	if missing := at.crawl(at.onDisk); len(missing) > 0 {
		t.Errorf("missing: %q", missing)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=8m"); err != nil {
		t.Fatal(err)
	}
	at.send(t, p.edition())
}
