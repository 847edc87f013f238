package site

import (
	"slices"
	"testing"
)

func TestWordsOf(t *testing.T) {
	for text, want := range map[string][]string{
		"The *mill's* fire, at 9": {"the", "mill", "fire"},
		"حريق في المطحنة":         {"حريق", "المطحنة"},
		"水道の事故":                   {"水道", "道の", "の事", "事故"},
		"水":                       nil,
		"":                        nil,
	} {
		if got := wordsOf(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
