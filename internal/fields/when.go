package fields

import (
	"strings"
	"time"
)

// A When is a date as it was written: perhaps with a time of day, perhaps with
// a zone. Which moment it is depends on the site's zone, which is asked later.
// It is small, because an article has several and an archive many articles.
type When struct {
	Offset               int32 // of its zone, in seconds east of Greenwich
	Year                 int16
	Month, Day           int8
	Hour, Minute, Second int8
	Clock                bool // a time of day was written
	Zone                 bool // a zone was written
}

// IsZero tells whether no date was written.
func (w When) IsZero() bool { return w == When{} }

// In is the moment in a zone, which also says what a When without a zone means.
// A time that a change of clocks skips is moved as time.Date does.
func (w When) In(zone *time.Location) time.Time {
	if w.Zone { // there clocks are never changed
		return w.on(time.UTC).Add(-time.Duration(w.Offset) * time.Second).In(zone)
	}
	return w.on(zone)
}

// on is when the clocks of a place show this time.
func (w When) on(place *time.Location) time.Time {
	return time.Date(int(w.Year), time.Month(w.Month), int(w.Day), int(w.Hour), int(w.Minute), int(w.Second), 0, place)
}

// Odd says what a change of clocks makes of a time of day without a zone:
// "skipped" if no clock of that zone shows it, "repeated" if all show it twice,
// else "".
func (w When) Odd(zone *time.Location) string {
	if !w.Clock || w.Zone || zone == time.UTC {
		return ""
	}
	at := w.In(zone)
	if at.Minute() != int(w.Minute) || at.Hour() != int(w.Hour) || at.Day() != int(w.Day) {
		return "skipped"
	}
	_, offset := at.Zone()
	// The other moment at which clocks show the same, if they were changed between.
	other := func(change time.Time) time.Time {
		_, o := change.Zone()
		return at.Add(time.Duration(offset-o) * time.Second)
	}
	from, until := at.ZoneBounds()
	if !from.IsZero() && other(from.Add(-1)).Before(from) || !until.IsZero() && !other(until).Before(until) {
		return "repeated"
	}
	return ""
}

// ParseWhen reads 2026-11-22, 2026-11-22 14:05, 2026-11-22T14:05:09 and RFC
// 3339. Arabic and Persian digits are read, bidi marks and no-break spaces
// ignored; fractions of a second are dropped. A day that no calendar has, such
// as 2026-02-30, is refused.
func ParseWhen(s string) (When, bool) {
	c := clock{rest: latinDigits(Clean(s))}
	w := When{Year: int16(c.number(4, 4))}
	c.sign("-")
	w.Month = int8(c.number(1, 2))
	c.sign("-")
	w.Day = int8(c.number(1, 2))
	if c.rest != "" {
		c.time(&w)
	}
	return w, !c.bad && c.rest == "" && w.exists()
}

func (w When) exists() bool {
	return w.Year >= 1 && w.Month >= 1 && w.Month <= 12 && w.Day >= 1 && (w.Day <= 28 || w.Day <= daysIn(w.Year, w.Month)) &&
		w.Hour < 24 && w.Minute < 60 && w.Second < 60 && w.Offset > -24*3600 && w.Offset < 24*3600
}

func daysIn(year int16, month int8) int8 {
	return int8(time.Date(int(year), time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day())
}

// A clock takes a written date apart from its start.
type clock struct {
	rest string
	bad  bool
}

func (c *clock) number(least, most int) (n int) {
	i := 0
	for i < len(c.rest) && i < most && c.rest[i] >= '0' && c.rest[i] <= '9' {
		n = n*10 + int(c.rest[i]-'0')
		i++
	}
	c.bad = c.bad || i < least
	c.rest = c.rest[i:]
	return n
}

// sign takes one of the given signs.
func (c *clock) sign(signs string) byte {
	if c.rest == "" || strings.IndexByte(signs, c.rest[0]) < 0 {
		c.bad = true
		return 0
	}
	taken := c.rest[0]
	c.rest = c.rest[1:]
	return taken
}

func (c *clock) next(signs string) bool {
	return c.rest != "" && strings.IndexByte(signs, c.rest[0]) >= 0
}

func (c *clock) time(w *When) {
	if c.sign("Tt ") == ' ' {
		c.rest = strings.TrimLeft(c.rest, " ")
	}
	w.Clock = true
	w.Hour = int8(c.number(1, 2))
	c.sign(":")
	w.Minute = int8(c.number(2, 2))
	if c.next(":") {
		c.sign(":")
		w.Second = int8(c.number(2, 2))
		if c.next(".,") {
			c.sign(".,")
			c.number(1, 1)
			c.rest = strings.TrimLeft(c.rest, "0123456789")
		}
	}
	c.rest = strings.TrimLeft(c.rest, " ")
	if c.rest != "" {
		c.zone(w)
	}
}

func (c *clock) zone(w *When) {
	w.Zone = true
	direction := 1
	switch c.sign("Zz+-") {
	case 'Z', 'z':
		return
	case '-':
		direction = -1
	}
	hours := c.number(2, 2)
	if c.next(":") {
		c.sign(":")
	}
	minutes := c.number(2, 2)
	c.bad = c.bad || hours > 23 || minutes > 59
	w.Offset = int32(direction * (hours*3600 + minutes*60))
}

// latinDigits turns Arabic and Persian digits into 0 to 9.
func latinDigits(s string) string {
	if plainASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case r == '‐' || r == '‑' || r == '–' || r == '−':
			return '-'
		}
		return r
	}, s)
}
