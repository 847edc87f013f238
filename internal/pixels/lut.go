package pixels

import (
	"encoding/binary"
	"math"
)

// A lut is the table of a profile that gives a colour for numbers of any kind:
// curves, a grid of colours, and curves again, of which some may be missing.
type lut struct {
	channels int
	before   []curve
	sizes    []int     // of the grid, by channel; nil if there is none
	grid     []float64 // the last channel varies fastest, three numbers each
	middle   []curve
	matrix   [3][4]float64 // the fourth is added
	after    []curve
	finish   func(v [3]float64) [3]float64 // to XYZ
}

// lut reads the table for keeping to what was measured, or the one that is
// pleasing, or nothing.
func (p *profile) lut() (*lut, error) {
	for _, tag := range []string{"A2B1", "A2B0"} {
		if b := p.tags[tag]; len(b) >= 32 {
			switch string(b[:4]) {
			case "mft1", "mft2":
				return p.oldLut(b)
			case "mAB ":
				return p.newLut(b)
			}
		}
	}
	return nil, errProfile
}

const maxGrid = 1 << 21 // colours; a grid of four channels has 17 of each at most, commonly

// oldLut reads a table of 8 or of 16 bits, in which Lab has a form of its own.
func (p *profile) oldLut(b []byte) (*lut, error) {
	in, out, points := int(b[8]), int(b[9]), int(b[10])
	bytes, entriesIn, entriesOut, at := 1, 256, 256, 48
	if string(b[:4]) == "mft2" {
		if len(b) < 52 {
			return nil, errProfile
		}
		bytes, at = 2, 52
		entriesIn, entriesOut = int(binary.BigEndian.Uint16(b[48:])), int(binary.BigEndian.Uint16(b[50:]))
	}
	if in < 1 || in > 4 || out != 3 || points < 2 || entriesIn < 2 || entriesOut < 2 {
		return nil, errProfile
	}
	l := &lut{channels: in, matrix: unchanged}
	cells := 3
	for range in {
		l.sizes = append(l.sizes, points)
		if cells *= points; cells > 3*maxGrid {
			return nil, errProfile
		}
	}
	if len(b) < at || (len(b)-at)/bytes < in*entriesIn+cells+3*entriesOut {
		return nil, errProfile
	}
	values := numbers(b[at:], bytes, in*entriesIn+cells+3*entriesOut)
	for i := range in {
		l.before = append(l.before, tabled(values[i*entriesIn:][:entriesIn]))
	}
	l.grid = values[in*entriesIn:][:cells]
	for i := range 3 {
		l.after = append(l.after, tabled(values[in*entriesIn+cells+i*entriesOut:][:entriesOut]))
	}
	switch {
	case !p.lab:
		l.finish = fromPCSXYZ
	case bytes == 1:
		l.finish = fromLab
	default:
		l.finish = fromOldLab
	}
	return l, nil
}

func numbers(b []byte, bytes, n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		if bytes == 1 {
			values[i] = float64(b[i]) / 255
		} else {
			values[i] = float64(binary.BigEndian.Uint16(b[2*i:])) / 65535
		}
	}
	return values
}

var unchanged = [3][4]float64{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}

func fromPCSXYZ(v [3]float64) [3]float64 {
	for i := range v {
		v[i] *= 1 + 32767.0/32768
	}
	return v
}

func fromLab(v [3]float64) [3]float64 {
	return labToXYZ([3]float64{100 * v[0], float64(255*v[1]) - 128, float64(255*v[2]) - 128})
}

// fromOldLab: 0xff00 is what 0xffff became later.
func fromOldLab(v [3]float64) [3]float64 {
	for i := range v {
		v[i] *= 65535.0 / 65280
	}
	return fromLab(v)
}

// newLut reads a table of version 4.
func (p *profile) newLut(b []byte) (*lut, error) {
	l := &lut{channels: int(b[8]), matrix: unchanged, finish: fromPCSXYZ}
	if p.lab {
		l.finish = fromLab
	}
	if l.channels < 1 || l.channels > 4 || b[9] != 3 {
		return nil, errProfile
	}
	var at [5]uint64 // B, matrix, M, grid, A
	for i := range at {
		if at[i] = uint64(binary.BigEndian.Uint32(b[12+4*i:])); at[i] > uint64(len(b)) {
			return nil, errProfile
		}
	}
	var err error
	if l.after, err = curves(b[at[0]:], 3); err != nil {
		return nil, err
	}
	if at[1] != 0 {
		if len(b[at[1]:]) < 48 {
			return nil, errProfile
		}
		for i := range 9 {
			l.matrix[i/3][i%3] = fixed(b[at[1]+4*uint64(i):])
		}
		for i := range 3 {
			l.matrix[i][3] = fixed(b[at[1]+36+4*uint64(i):])
		}
	}
	if at[2] != 0 {
		if l.middle, err = curves(b[at[2]:], 3); err != nil {
			return nil, err
		}
	}
	if at[3] == 0 {
		if l.channels != 3 {
			return nil, errProfile
		}
		return l, nil
	}
	if err = l.newGrid(b[at[3]:]); err == nil && at[4] != 0 {
		l.before, err = curves(b[at[4]:], l.channels)
	}
	return l, err
}

func (l *lut) newGrid(b []byte) error {
	if len(b) < 20 || b[16] != 1 && b[16] != 2 {
		return errProfile
	}
	cells := 3
	for i := range l.channels {
		l.sizes = append(l.sizes, int(b[i]))
		if cells *= int(b[i]); b[i] < 2 || cells > 3*maxGrid {
			return errProfile
		}
	}
	if (len(b)-20)/int(b[16]) < cells {
		return errProfile
	}
	l.grid = numbers(b[20:], int(b[16]), cells)
	return nil
}

// curves reads curves that lie behind each other, at multiples of four.
func curves(b []byte, n int) (all []curve, err error) {
	for range n {
		c, size, err := parseCurve(b)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
		b = b[min(len(b), (size+3)&^3):]
	}
	return all, nil
}

// xyz is the colour of numbers from 0 to 1.
func (l *lut) xyz(in []float64) [3]float64 {
	var v [4]float64
	for i, x := range in {
		v[i] = x
		if l.before != nil {
			v[i] = l.before[i](x)
		}
	}
	out := [3]float64(v[:3])
	if l.grid != nil {
		out = l.colour(v[:l.channels])
	}
	for i, c := range l.middle {
		out[i] = c(out[i])
	}
	var w [3]float64
	for i, row := range l.matrix {
		w[i] = float64(row[0]*out[0]) + float64(row[1]*out[1]) + float64(row[2]*out[2]) + row[3]
	}
	for i, c := range l.after {
		w[i] = c(w[i])
	}
	return l.finish(w)
}

// colour is that of the corners around a point of the grid, the nearer the more
// of it.
func (l *lut) colour(v []float64) (sum [3]float64) {
	var at [4]int
	var part [4]float64
	for i, x := range v {
		at[i], part[i] = between(x, l.sizes[i])
	}
	for corner := range 1 << len(v) {
		share, index := 1.0, 0
		for i := range v {
			k := at[i]
			if corner>>i&1 == 1 {
				share *= part[i]
				k = min(k+1, l.sizes[i]-1)
			} else {
				share *= 1 - part[i]
			}
			index = index*l.sizes[i] + k
		}
		if share == 0 || math.IsNaN(share) {
			continue
		}
		for i := range 3 {
			sum[i] += float64(share * l.grid[3*index+i])
		}
	}
	return sum
}
