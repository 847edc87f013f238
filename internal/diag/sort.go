package diag

import (
	"cmp"
	"slices"
)

// Sort puts problems in the order in which they are told: by path, line,
// column and text. Of problems that are equal in all respects one is kept.
// The list it is given stays as it is.
func Sort(problems []Problem) []Problem {
	sorted := slices.Clone(problems)
	slices.SortStableFunc(sorted, compare)
	return slices.Compact(sorted)
}

func compare(a, b Problem) int {
	return cmp.Or(
		cmp.Compare(a.Path, b.Path),
		cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Column, b.Column),
		cmp.Compare(a.Text, b.Text),
		cmp.Compare(b.Severity, a.Severity),
		cmp.Compare(a.Hint, b.Hint),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Length, b.Length),
		cmp.Compare(a.While, b.While),
	)
}

// AnyError tells whether a problem among these stops the edition.
func AnyError(problems []Problem) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return p.Severity == Error })
}
