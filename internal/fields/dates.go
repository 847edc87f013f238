package fields

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

var (
	dayFirst  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d{1,2})[./-] ?(\d{1,2})[./-] ?(\d{4})\b(.*)$`) })
	yearFirst = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(\d{4})[./-](\d{1,2})[./-](\d{1,2})((?:[T ,].*)?)$`)
	})
	worded = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^(?:[a-z]+,? )??(?:(\d{1,2})\.? ([a-z]{3,9})|([a-z]{3,9})\.? (\d{1,2})),? (\d{4})\b(.*)$`)
	})
	clockIn = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^(?:T|,?\s+(?:at )?)(\d{1,2})(?:[:.](\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?\s*([ap]\.?m\.?)?\s*(?:\(?([a-z]{1,4})\)?)?\s*(?:([+-]\d{1,2})(?::?(\d{2}))?)?$`)
	})
)

// zoneHours are the zones whose short names mean the same everywhere.
var zoneHours = map[string]int{
	"Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
	"EST": -5, "EDT": -4, "MDT": -6, "PST": -8, "PDT": -7,
}

// likelyDate rewrites a date that cannot be read as one that can, with all that
// it says: 22.11.2026 and 22 November 2026 have only one meaning; 3/4/2026 has
// two and is shown in the order that most of the world uses. It is "" if any of
// it is not understood.
func likelyDate(s string) string {
	s = strings.Trim(latinDigits(Clean(s)), "\"'“”„‘’«»` ")
	if _, fits := ParseWhen(s); fits {
		return s
	}
	if m := dayFirst().FindStringSubmatch(s); m != nil {
		day, month := number(m[1]), number(m[2])
		if month > 12 {
			day, month = month, day
		}
		return written(number(m[3]), month, day, m[4])
	}
	if m := yearFirst().FindStringSubmatch(s); m != nil {
		return written(number(m[1]), number(m[2]), number(m[3]), m[4])
	}
	if m := worded().FindStringSubmatch(s); m != nil {
		return written(number(m[5]), monthNamed(m[2]+m[3]), number(m[1]+m[4]), m[6])
	}
	return ""
}

// written is a date and the time of day that rest says. A day that its month
// does not have becomes its last.
func written(year, month, day int, rest string) string {
	if month < 1 || month > 12 || day > 31 || year < 1 {
		return ""
	}
	day = min(day, int(daysIn(int16(year), int8(month))))
	date := fmt.Sprintf("%04d-%02d-%02d", year, month, day)
	if strings.TrimSpace(rest) != "" {
		clock := clockTime(rest)
		if clock == "" {
			return ""
		}
		date += " " + clock
	}
	if _, fits := ParseWhen(date); !fits {
		return ""
	}
	return date
}

// clockTime is a time of day with its zone, "" if it is not understood: 2:05pm,
// 14:05 CET, 14:05 UTC+3.
func clockTime(rest string) string {
	m := clockIn().FindStringSubmatch(rest)
	if m == nil || m[2] == "" && m[4] == "" {
		return ""
	}
	hour := number(m[1])
	if half := strings.ToLower(m[4]); half != "" {
		if hour < 1 || hour > 12 {
			return ""
		}
		if hour %= 12; half[0] == 'p' {
			hour += 12
		}
	}
	clock := fmt.Sprintf("%02d:%02d", hour, number(m[2]))
	if m[3] != "" {
		clock += ":" + m[3]
	}
	name := strings.ToUpper(m[5])
	hours, known := zoneHours[name]
	switch {
	case name == "" && m[6] == "":
		return clock
	case name != "" && !known, m[6] != "" && name != "" && name != "UTC" && name != "GMT":
		return ""
	case m[6] != "":
		sign, digits := m[6][:1], number(m[6][1:])
		return fmt.Sprintf("%s %s%02d:%02d", clock, sign, digits, number(m[7]))
	}
	return fmt.Sprintf("%s %+03d:00", clock, hours)
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
