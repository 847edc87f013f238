package pixels

import (
	"encoding/binary"
	"errors"
	"math"
)

// A profile is an ICC profile, of version 2 or 4, that says what the numbers of
// a picture mean.
type profile struct {
	space string // "RGB ", "GRAY", "CMYK"
	lab   bool   // colours are handed on as Lab, not as XYZ
	tags  map[string][]byte
}

var errProfile = errors.New("broken profile")

func parseProfile(data []byte) (*profile, error) {
	if len(data) < 132 || string(data[36:40]) != "acsp" {
		return nil, errProfile
	}
	p := &profile{space: string(data[16:20]), tags: map[string][]byte{}}
	switch string(data[20:24]) {
	case "Lab ":
		p.lab = true
	case "XYZ ":
	default:
		return nil, errProfile
	}
	count := int(binary.BigEndian.Uint32(data[128:]))
	table := data[132:]
	if count > len(table)/12 {
		return nil, errProfile
	}
	for i := range count {
		entry := table[12*i:]
		from, size := uint64(binary.BigEndian.Uint32(entry[4:])), uint64(binary.BigEndian.Uint32(entry[8:]))
		if from+size > uint64(len(data)) {
			return nil, errProfile
		}
		p.tags[string(entry[:4])] = data[from : from+size]
	}
	return p, nil
}

// A curve maps 0 to 1 to 0 to 1, nearly.
type curve func(x float64) float64

func (p *profile) curve(tag string) (curve, error) {
	c, _, err := parseCurve(p.tags[tag])
	return c, err
}

// parseCurve also says how many bytes a curve takes.
func parseCurve(b []byte) (c curve, size int, err error) {
	if len(b) < 12 {
		return nil, 0, errProfile
	}
	switch string(b[:4]) {
	case "curv":
		n := int(binary.BigEndian.Uint32(b[8:]))
		if n > (len(b)-12)/2 {
			return nil, 0, errProfile
		}
		return table16(b[12 : 12+2*n]), 12 + 2*n, nil
	case "para":
		kind := int(binary.BigEndian.Uint16(b[8:]))
		if kind > 4 {
			return nil, 0, errProfile
		}
		n := []int{1, 3, 4, 5, 7}[kind]
		if len(b) < 12+4*n {
			return nil, 0, errProfile
		}
		var v [7]float64
		for i := range n {
			v[i] = fixed(b[12+4*i:])
		}
		return parametric(kind, v), 12 + 4*n, nil
	}
	return nil, 0, errProfile
}

// fixed reads a number with 16 bits after the point.
func fixed(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / 65536 }

// table16 is a curve given by its values; by one of them, a power; by none, a
// straight line.
func table16(b []byte) curve {
	switch n := len(b) / 2; n {
	case 0:
		return func(x float64) float64 { return x }
	case 1:
		power := float64(binary.BigEndian.Uint16(b)) / 256
		return func(x float64) float64 { return pow(x, power) }
	default:
		values := make([]float64, n)
		for i := range values {
			values[i] = float64(binary.BigEndian.Uint16(b[2*i:])) / 65535
		}
		return tabled(values)
	}
}

func tabled(values []float64) curve {
	return func(x float64) float64 {
		at, part := between(x, len(values))
		if part == 0 {
			return values[at]
		}
		return values[at] + float64(part*(values[at+1]-values[at]))
	}
}

// between finds where 0 to 1 lies in a table: after which value, and how far.
func between(x float64, n int) (at int, part float64) {
	if !(x > 0) {
		return 0, 0
	}
	x = float64(min(x, 1) * float64(n-1))
	at = int(x)
	return at, x - float64(at)
}

// parametric is a curve of the ICC's five formulas.
func parametric(kind int, v [7]float64) curve {
	g, a, b, c, d, e, f := v[0], v[1], v[2], v[3], v[4], v[5], v[6]
	switch kind {
	case 0:
		a, d = 1, math.Inf(-1)
	case 1, 2: // below, it is constant
		if d = math.Inf(1); a != 0 {
			d = -b / a
		}
		e, f, c = c, c, 0
	case 3:
		e, f = 0, 0
	}
	return func(x float64) float64 {
		if x >= d {
			return pow(float64(a*x)+b, g) + e
		}
		return float64(c*x) + f
	}
}

// matrix is that of linear RGB to XYZ for the white of print, D50.
func (p *profile) matrix() (m [3][3]float64, err error) {
	for i, tag := range []string{"rXYZ", "gXYZ", "bXYZ"} {
		b := p.tags[tag]
		if len(b) < 20 || string(b[:4]) != "XYZ " {
			return m, errProfile
		}
		for j := range 3 {
			m[j][i] = fixed(b[8+4*j:])
		}
	}
	return m, nil
}

// fromXYZ is XYZ for the white of print to linear sRGB: the inverse of the
// matrix in every profile of sRGB.
var fromXYZ = [3][3]float64{
	{3.1338561, -1.6168667, -0.4906146},
	{-0.9787684, 1.9161415, 0.0334540},
	{0.0719453, -0.2289914, 1.4052427},
}

// sRGB is what a screen is sent for an amount of light.
func sRGB(light float64) float64 {
	if light <= 0.0031308 {
		return max(0, 12.92*light)
	}
	return min(1, float64(1.055*pow(light, 1/2.4))-0.055)
}

func times(m [3][3]float64, v [3]float64) (out [3]float64) {
	for i := range 3 {
		out[i] = float64(m[i][0]*v[0]) + float64(m[i][1]*v[1]) + float64(m[i][2]*v[2])
	}
	return out
}

// white is that of print, D50.
var white = [3]float64{0.9642, 1, 0.8249}

// labToXYZ takes L from 0 to 100, a and b around 0.
func labToXYZ(lab [3]float64) (xyz [3]float64) {
	y := (lab[0] + 16) / 116
	for i, t := range [3]float64{y + lab[1]/500, y, y - lab[2]/200} {
		if t > 6.0/29 {
			xyz[i] = white[i] * float64(t*float64(t*t))
		} else {
			xyz[i] = white[i] * float64(3*36.0/841*(t-4.0/29))
		}
	}
	return xyz
}
