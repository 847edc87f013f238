package main

// dice is a small source of numbers (splitmix64) that gives the same row for
// the same seed in every Go version, which math/rand does not promise.
type dice struct{ state uint64 }

// next gives the next 64 bits of the row.
func (d *dice) next() uint64 {
	d.state += 0x9E3779B97F4A7C15
	z := d.state
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9
	z = (z ^ (z >> 27)) * 0x94D049BB133111EB
	return z ^ (z >> 31)
}

// below gives a number from 0 to n-1.
func (d *dice) below(n int) int { return int(d.next() % uint64(n)) }

// between gives a number from lo to hi, both included.
func (d *dice) between(lo, hi int) int { return lo + d.below(hi-lo+1) }

// chance is true in so many of a hundred throws.
func (d *dice) chance(percent int) bool { return d.below(100) < percent }

// pick gives one of the words.
func (d *dice) pick(words []string) string { return words[d.below(len(words))] }

// weighted gives an index, each as often as its weight says.
func (d *dice) weighted(weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	at := d.below(total)
	for i, w := range weights {
		if at < w {
			return i
		}
		at -= w
	}
	return len(weights) - 1
}

// sample gives n different words in random order.
func (d *dice) sample(words []string, n int) []string {
	out := make([]string, 0, n)
	taken := make(map[int]bool, n)
	for len(out) < n {
		if i := d.below(len(words)); !taken[i] {
			taken[i] = true
			out = append(out, words[i])
		}
	}
	return out
}
