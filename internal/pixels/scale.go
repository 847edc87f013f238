package pixels

import (
	"math"
	"slices"
)

// Scaling goes in two steps, as libvips does it: means of four samples as long
// as the picture is far too large, and then a Lanczos filter of three lobes,
// first along the rows, then along the columns. Rows are scaled when they are
// needed, so that no more of them lie in memory than one new row is made of.

const (
	lobes = 3
	// Weights have 14 bits after the point, samples between the two passes six.
	weightBits, betweenBits = 14, 6
)

// An axis says of which samples each new sample is made, and how much of each.
type axis struct {
	from    []int32 // by new sample, the first of its old ones
	weights []int32 // taps of them for each new sample
	taps    int
}

// axis maps a span of n samples, in which the picture ends at end, to size new
// ones.
func (s span) axis(n, size int, end float64) axis {
	step := s.length / float64(size)
	wide := max(step, 1)
	reach := lobes * wide
	if step == 1 && s.start == math.Floor(s.start) {
		reach = 0.5 // nothing to scale
	}
	full := int(math.Ceil(2 * reach))
	a := axis{from: make([]int32, size), taps: min(full, n)}
	a.weights = make([]int32, size*a.taps)
	parts := make([]float64, a.taps)
	for i := range size {
		middle := s.start + float64((float64(i)+0.5)*step)
		if s.flipped {
			middle = end - middle
		}
		first := int(math.Ceil(middle - reach - 0.5))
		from := max(0, min(first, n-a.taps))
		clear(parts)
		for k := first; k < first+full; k++ {
			at := max(from, min(k, from+a.taps-1)) // beyond the edge is what is at the edge
			parts[at-from] += lanczos((float64(k) + 0.5 - middle) / wide)
		}
		a.from[i] = int32(from)
		share(a.weights[i*a.taps:][:a.taps], parts)
	}
	return a
}

func lanczos(x float64) float64 {
	if x = math.Abs(x); x < 1e-9 {
		return 1
	}
	if x >= lobes {
		return 0
	}
	return lobes * float64(sinPi(x)*sinPi(x/lobes)) / (math.Pi * math.Pi * float64(x*x))
}

// share makes weights of parts whose sum is exactly one.
func share(weights []int32, parts []float64) {
	sum := 0.0
	for _, p := range parts {
		sum += p
	}
	rest, largest := int32(1)<<weightBits, 0
	for i, p := range parts {
		weights[i] = int32(math.Round(p / sum * (1 << weightBits)))
		rest -= weights[i]
		if p > parts[largest] {
			largest = i
		}
	}
	weights[largest] += rest
}

// scaled is a part of a plane in a new size.
func (p plane) scaled(across, down axis) plane {
	q := newPlane(len(across.from), len(down.from))
	ring := make([][]int16, down.taps)
	for i := range ring {
		ring[i] = make([]int16, q.w)
	}
	rows, sums := make([][]int16, down.taps), make([]int32, q.w)
	next := 0 // the first row that is not in the ring
	for i := range q.h {
		y := i
		if down.from[0] > down.from[q.h-1] { // flipped: in the order of the rows that are read
			y = q.h - 1 - i
		}
		from := int(down.from[y])
		for next = max(next, from); next < from+down.taps; next++ {
			across.apply(ring[next%down.taps], p.row(next))
		}
		for k := range rows {
			rows[k] = ring[(from+k)%down.taps]
		}
		blend(q.row(y), sums, rows, down.weights[y*down.taps:][:down.taps])
	}
	return q
}

// apply scales a row.
func (a axis) apply(to []int16, row []byte) {
	const half = 1 << (weightBits - betweenBits - 1)
	if a.taps == 1 {
		for i, from := range a.from {
			to[i] = int16(row[from]) << betweenBits
		}
		return
	}
	weights := a.weights
	for i, from := range a.from {
		w := weights[:a.taps]
		s := row[from:][:len(w)]
		weights = weights[a.taps:]
		sum, sum2 := int32(half), int32(0)
		for len(w) >= 4 && len(s) >= 4 {
			sum += int32(s[0])*w[0] + int32(s[1])*w[1]
			sum2 += int32(s[2])*w[2] + int32(s[3])*w[3]
			s, w = s[4:], w[4:]
		}
		for k, v := range s {
			sum += int32(v) * w[k]
		}
		to[i] = int16((sum + sum2) >> (weightBits - betweenBits))
	}
}

// blend makes a row of the weighted sum of others.
func blend(to []byte, sums []int32, rows [][]int16, weights []int32) {
	const shift = weightBits + betweenBits
	sums = sums[:len(to)]
	for i := range sums {
		sums[i] = 1 << (shift - 1)
	}
	for len(rows) >= 4 {
		a, b, c, d := rows[0][:len(sums)], rows[1][:len(sums)], rows[2][:len(sums)], rows[3][:len(sums)]
		u, v, w, x := weights[0], weights[1], weights[2], weights[3]
		for i := range sums {
			sums[i] += int32(a[i])*u + int32(b[i])*v + int32(c[i])*w + int32(d[i])*x
		}
		rows, weights = rows[4:], weights[4:]
	}
	for k, row := range rows {
		w := weights[k]
		for i, v := range row[:len(sums)] {
			sums[i] += int32(v) * w
		}
	}
	for i, s := range sums {
		to[i] = byte(max(0, min(s>>shift, 255)))
	}
}

// component is plane i of a picture as the rendition shows it. With half, it has
// one sample for two by two pixels.
func (p *picture) component(i int, f frame, half bool) plane {
	x, y, w, h := f.x, f.y, f.outX, f.outY
	if half {
		x.length *= float64((w+1)/2*2) / float64(w)
		y.length *= float64((h+1)/2*2) / float64(h)
		w, h = (w+1)/2, (h+1)/2
	}
	q := p.level(i, f.level)
	x.start, x.length = x.start/q.perX, x.length/q.perX
	y.start, y.length = y.start/q.perY, y.length/q.perY
	q = q.scaled(x.axis(q.w, w, float64(p.w)/q.perX), y.axis(q.h, h, float64(p.h)/q.perY))
	if f.turned {
		q = q.transposed()
	}
	return q
}

// spare is by how much at least the filter makes smaller what halving made:
// halving leaves what is too fine, and the filter takes it away. In a JPEG
// nobody can see the difference between 1.5 and 2: beside libvips, which has 2,
// its quantization leaves less than 0.1 dB of it.
func (j Job) spare() float64 {
	if j.lossy() {
		return 1.5
	}
	return 2
}

// levelsFor are those that a JPEG's decoder makes, which are four at most. Each
// rendition has the one it would have alone, so that it has the same bytes.
func levelsFor(info Info, orientation int, jobs []Job) (levels []int) {
	for _, j := range jobs {
		levels = append(levels, min(3, framed(info.Width, info.Height, orientation, j).level))
	}
	slices.Sort(levels)
	return slices.Compact(levels)
}

// halvings is how often a picture is halved before it is filtered.
func halvings(shrink, spare float64) (n int) {
	for ; shrink >= 2*spare; n++ {
		shrink /= 2
	}
	return n
}
