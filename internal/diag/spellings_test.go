package diag

import (
	"fmt"
	"testing"
	"time"
)

// Names that are right beside each other are not told; slips are.
func TestSpellings(t *testing.T) {
	for _, test := range []struct{ name, known, near string }{
		{"Mil fire", "Mill fire", "Mill fire"},
		{"Ada Lovelase", "Ada Lovelace", "Ada Lovelace"},
		{"mill-fire", "Mill fire", "Mill fire"}, // whoever asks knows that these are one
		{"Mohamed Al-Hakim", "Mohammed Al Hakim", "Mohammed Al Hakim"},
		{"Kharkov region", "Kharkiv region", "Kharkiv region"},
		{"الانتخبات", "الانتخابات", "الانتخابات"},
		{"Polcy", "Policy", ""}, // too short
		{"Councl", "Council", "Council"},
		{"Coucnil", "Council", "Council"},
		{"Police", "Policy", ""},
		{"Iceland", "Ireland", ""},
		{"Iran", "Iraq", ""},
		{"Smyth", "Smith", ""},
		{"Austria", "Australia", ""},
		{"Niger", "Nigeria", ""},
		{"Zambia", "Gambia", ""},
		{"Election 2028", "Election 2024", ""},
		{"الانتخابات ٢٠٢٨", "الانتخابات ٢٠٢٤", ""},
		{"Division 2", "Division 1", ""},
		{"Mill fire", "Mill fire", ""},
		{"", "A", ""},
	} {
		if near := NewSpellings([]string{test.known}).Alike(test.name); near != test.near {
			t.Errorf("%q is as %q, not as %q", test.name, near, test.near)
		}
	}
}

// Each of very many names is compared with each of many, all of which begin alike, as
// half of all Arabic ones do.
func TestManySpellings(t *testing.T) {
	var names []string
	for i := range 3000 {
		names = append(names, fmt.Sprintf("ال%c%c%c %c%c%c%c", 'ء'+i%30, 'ء'+i/7%30, 'ء'+i/3%30, 'ء'+i/11%30, 'ء'+i/30%30, 'ء'+i/900%30, 'ء'+i/5%30))
	}
	all, start := NewSpellings(names), time.Now()
	for i := range 20000 {
		all.Alike(fmt.Sprintf("ال%c%c%c %c%c%c%c", 'ء'+i/2%30, 'ء'+i/30%30, 'ء'+i/3%30, 'ء'+i/5%30, 'ء'+i/9%30, 'ء'+i/90%30, 'ء'+i/7%30))
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	t.Log(time.Since(start))
}
