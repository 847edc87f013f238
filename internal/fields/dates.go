package fields

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var (
	dayFirst = regexp.MustCompile(`^(\d{1,2})[./-] ?(\d{1,2})[./-] ?(\d{4})\b(.*)$`)
	yearOdd  = regexp.MustCompile(`^(\d{4})[./](\d{1,2})[./](\d{1,2})\b(.*)$`)
	worded   = regexp.MustCompile(`(?i)^(?:[a-z]+,? )??(?:(\d{1,2})\.? ([a-z]{3,9})|([a-z]{3,9})\.? (\d{1,2})),? (\d{4})\b(.*)$`)
	clockIn  = regexp.MustCompile(`\b(\d{1,2}):(\d{2})(?::\d{2})?\b`)
)

// likelyDate rewrites a date that cannot be read as one that can: 22.11.2026
// and 22 November 2026 have only one meaning; 3/4/2026 has two and is shown in
// the order that most of the world uses. What says nothing becomes an example.
func likelyDate(s string) string {
	s = strings.TrimSpace(latinDigits(Clean(s)))
	if m := dayFirst.FindStringSubmatch(s); m != nil {
		day, month := number(m[1]), number(m[2])
		if month > 12 {
			day, month = month, day
		}
		return written(number(m[3]), month, day, m[4])
	}
	if m := yearOdd.FindStringSubmatch(s); m != nil {
		return written(number(m[1]), number(m[2]), number(m[3]), m[4])
	}
	if m := worded.FindStringSubmatch(s); m != nil {
		return written(number(m[5]), monthNamed(m[2]+m[3]), number(m[1]+m[4]), m[6])
	}
	w, _ := ParseWhen(s)
	if w.Year > 0 && w.Month >= 1 && w.Month <= 12 && w.Day >= 1 {
		rest := s[min(len(s), 10):]
		return written(int(w.Year), int(w.Month), int(min(w.Day, daysIn(w.Year, w.Month))), rest)
	}
	return "2026-11-22 14:05"
}

func written(year, month, day int, rest string) string {
	w := When{Year: int16(year), Month: int8(month), Day: int8(day)}
	if !w.exists() {
		return "2026-11-22 14:05"
	}
	date := fmt.Sprintf("%04d-%02d-%02d", year, month, day)
	if m := clockIn.FindStringSubmatch(rest); m != nil && number(m[1]) < 24 && number(m[2]) < 60 {
		return fmt.Sprintf("%s %02d:%s", date, number(m[1]), m[2])
	}
	return date
}

func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

func monthNamed(s string) int {
	if len(s) < 3 {
		return 0
	}
	return (strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", strings.ToLower(s[:3])) + 3) / 3
}
