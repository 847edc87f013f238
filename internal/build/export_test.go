package build

import (
	"maps"
	"slices"
)

// Kinds lists the kinds of questions that there are.
func Kinds() []string { return slices.Sorted(maps.Keys(new(press).book())) }
