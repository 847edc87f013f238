package language

import (
	"maps"
	"slices"
	"strconv"
	"time"
)

// Date writes a date in one of the styles of the language: long, medium,
// datetime and so on. The time is written as it is in its own zone. The style
// iso is the same in every language: what machines read.
func (l *Language) Date(style string, t time.Time) (string, error) {
	if style == "iso" {
		return t.Format(time.RFC3339), nil
	}
	pattern, known := l.Dates[style]
	if !known {
		return "", l.unknown("date style", style, slices.Sorted(maps.Keys(l.Dates)))
	}
	return fill(pattern, func(name string) (string, bool) { return l.datePart(name, t) })
}

// dateParts are the placeholders of date patterns.
var dateParts = []string{
	"day", "day2", "month", "month_short", "month1", "month2", "year", "weekday", "weekday_short",
	"hour", "hour2", "hour12", "minute", "second", "noon",
}

func (l *Language) datePart(name string, t time.Time) (string, bool) {
	switch name {
	case "month":
		return l.Months[t.Month()-1], true
	case "month_short":
		return l.MonthsShort[t.Month()-1], true
	case "weekday":
		return l.Days[t.Weekday()], true
	case "weekday_short":
		return l.DaysShort[t.Weekday()], true
	case "noon":
		return l.Noon[t.Hour()/12], true
	case "day":
		if t.Day() == 1 && l.First != "" {
			return l.First, true
		}
	}
	digits, known := numericPart(name, t)
	return l.digits(digits), known
}

func numericPart(name string, t time.Time) (string, bool) {
	switch name {
	case "day":
		return strconv.Itoa(t.Day()), true
	case "day2":
		return two(t.Day()), true
	case "month1":
		return strconv.Itoa(int(t.Month())), true
	case "month2":
		return two(int(t.Month())), true
	case "year":
		return strconv.Itoa(t.Year()), true
	case "hour":
		return strconv.Itoa(t.Hour()), true
	case "hour2":
		return two(t.Hour()), true
	case "hour12":
		return strconv.Itoa((t.Hour()+11)%12 + 1), true
	case "minute":
		return two(t.Minute()), true
	case "second":
		return two(t.Second()), true
	}
	return "", false
}

func two(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}
