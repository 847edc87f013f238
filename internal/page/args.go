package page

import "strings"

// Args joins fields into one canonical text: single spaces between them; spaces,
// percent signs and line breaks within them written as %20, %25 and %0A; an
// empty field as %.
func Args(fields ...string) string {
	if len(fields) == 1 && bare(fields[0]) && fields[0] != "" {
		return fields[0]
	}
	var room [160]byte
	return string(AppendArgs(room[:0], fields...))
}

// AppendArgs appends what Args makes of fields.
func AppendArgs(b []byte, fields ...string) []byte {
	for i, f := range fields {
		if i > 0 {
			b = append(b, ' ')
		}
		if f == "" {
			b = append(b, '%')
		} else if bare(f) {
			b = append(b, f...)
		} else {
			b = append(b, argEscaper.Replace(f)...)
		}
	}
	return b
}

// bare tells whether a field is written as it is. To look for one sign after the
// other takes less time than to look for any of them, and fields are many.
func bare(f string) bool {
	return strings.IndexByte(f, ' ') < 0 && strings.IndexByte(f, '%') < 0 && strings.IndexByte(f, '\n') < 0
}

// Fields takes apart what Args joined. There are at least n fields; missing
// ones are empty.
func Fields(args string, n int) []string {
	fields := make([]string, 0, n)
	for args != "" {
		fields = append(fields, Field(args, 0))
		_, args, _ = strings.Cut(args, " ")
	}
	for len(fields) < n {
		fields = append(fields, "")
	}
	return fields
}

// Field is one of the fields that Args joined, counted from 0; "" if there is none.
func Field(args string, n int) string {
	for ; n > 0; n-- {
		_, args, _ = strings.Cut(args, " ")
	}
	f, _, _ := strings.Cut(args, " ")
	switch {
	case f == "%":
		return ""
	case strings.Contains(f, "%"):
		return argUnescaper.Replace(f)
	}
	return f
}

var (
	argEscaper   = strings.NewReplacer(" ", "%20", "%", "%25", "\n", "%0A")
	argUnescaper = strings.NewReplacer("%20", " ", "%25", "%", "%0A", "\n")
)
