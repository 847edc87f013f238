package watch

import (
	"testing"
	"testing/synctest"
	"time"
)

// until tells when the wait ends, counted from now, and which timer ended it.
func (l *lull) until() (time.Duration, string) {
	begun := time.Now()
	select {
	case <-l.quiet.C:
		return time.Since(begun), "quiet"
	case <-l.latest.C:
		return time.Since(begun), "latest"
	case <-time.After(time.Hour):
		return 0, "never"
	}
}

func TestLull(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(l *lull)
		want time.Duration
		by   string
	}{
		{"nothing happened", func(l *lull) {}, 0, "never"},
		{"a save", func(l *lull) { l.stir("a", false) }, quietFor, "quiet"},
		{"a save in steps", func(l *lull) {
			l.stir("a", false)
			time.Sleep(quietFor - 1)
			l.stir("a", false)
		}, quietFor, "quiet"},
		{"a file that is empty", func(l *lull) { l.stir("a", true) }, emptyFor, "quiet"},
		{"another file beside it", func(l *lull) {
			l.stir("a", true)
			l.stir("b", false)
		}, emptyFor, "quiet"},
		{"a file that is empty no more", func(l *lull) {
			l.stir("a", true)
			time.Sleep(emptyFor - 1)
			l.stir("a", false)
		}, quietFor, "quiet"},
		{"no end of it", func(l *lull) {
			for range 200 {
				l.stir("a", false)
				time.Sleep(longest / 200)
			}
		}, 0, "latest"},
		{"a second wait", func(l *lull) {
			l.stir("a", true)
			time.Sleep(longest - 1)
			l.end()
			l.stir("b", false)
		}, quietFor, "quiet"},
		{"an end", func(l *lull) {
			l.stir("a", false)
			l.end()
		}, 0, "never"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLull()
				c.do(l)
				if got, by := l.until(); got != c.want || by != c.by {
					t.Errorf("ended after %v by %s, not after %v by %s", got, by, c.want, c.by)
				}
			})
		})
	}
}
