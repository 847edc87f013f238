package webp

import "math"

// A node is a level that a coefficient may get, at the end of the cheapest way
// there from the first coefficient.
type node struct {
	sum   int64 // the price of the way
	level int32
	back  int8 // which node of the position before
}

// Each coefficient may get the level above its exact value, or the one below.
const choices = 2

// settle quantizes a block so that the sum of error and bits is least: a zero more,
// or an earlier end, often saves more than it spoils. It returns the position after
// the last level that is not 0, or 0, and the price, and replaces the coefficients
// by those that a decoder will see.
func (k *coder) settle(c *block, lambda int32, out *levels) (end int, p price) {
	var nodes [16][choices]node
	last := k.reach(c)
	table := &k.costs.level[k.kind]

	// The price of a way is counted from that of a block without levels.
	best := int64(lambda) * int64(k.costs.end[k.kind][bands[k.first]][k.ctx])
	bestAt, bestNode := -1, 0
	for n := k.first; n <= last; n++ {
		s := min(n, 1)
		v := c[zigzag[n]&15]
		v = max(v, -v)
		low := int32(uint32(v) * k.q.inverse[s] >> inverseBits)
		for i := range choices {
			l := min(low+int32(i), largest)
			t := &nodes[n][i]
			t.level = l
			k.arrive(t, nodes[(n-1)&15][:], table, n, lambda)
			e := int64(v - l*k.q.step[s])
			t.sum += (e*e - int64(v)*int64(v)) << 10
			if l == 0 {
				continue
			}
			sum := t.sum
			if n < 15 {
				sum += int64(lambda) * int64(k.costs.end[k.kind][bands[n+1]][min(l, 2)])
			}
			if sum < best {
				best, bestAt, bestNode = sum, n, i
			}
		}
	}
	var level [16]int32
	for n, i := bestAt, bestNode; n >= k.first; n-- {
		level[n] = nodes[n][i].level
		i = int(nodes[n][i].back)
	}
	p.error = k.apply(c, &level, out)
	p.rate = k.rate(&level, bestAt)
	return bestAt + 1, p
}

// reach is the last position at which a level other than 0 is worth a thought.
func (k *coder) reach(c *block) int {
	for n := 15; n >= k.first; n-- {
		v, s := c[zigzag[n]], k.q.step[min(n, 1)]
		if 2*max(v, -v) > s {
			return n
		}
	}
	return -1
}

// arrive finds the cheapest way to a node.
func (k *coder) arrive(t *node, before []node, table *[8][3][capped + 1]uint16, n int, lambda int32) {
	row := &table[bands[n]&7]
	if n == k.first {
		rate := of(&row[k.ctx], t.level)
		if k.ctx == 0 {
			rate += int32(k.costs.more[k.kind][bands[n]])
		}
		t.sum = int64(lambda) * int64(rate)
		return
	}
	t.sum = math.MaxInt64
	for i := range before {
		b := &before[i]
		if sum := b.sum + int64(lambda)*int64(of(&row[min(b.level, 2)], t.level)); sum < t.sum {
			t.sum, t.back = sum, int8(i)
		}
	}
}

// apply gives the levels their signs, replaces the coefficients by what the levels
// stand for, and returns the squared error.
func (k *coder) apply(c *block, level *[16]int32, out *levels) (sum int64) {
	for n := k.first; n < 16; n++ {
		j := zigzag[n] & 15
		l, v := level[n], c[j]
		if v < 0 {
			l = -l
		}
		out[n] = int16(l)
		c[j] = l * k.q.step[min(n, 1)]
		sum += int64(v-c[j]) * int64(v-c[j])
	}
	return sum
}
