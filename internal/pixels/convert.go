package pixels

import (
	"math"
	"sync"
)

// A conversion brings the numbers of a picture to sRGB, as its profile says.
// What sRGB cannot show becomes the nearest it can.
type conversion struct {
	// Of grey and of RGB with a matrix: to light, from RGB to RGB, and back.
	light  [3][256]int32 // 16 bits
	matrix [3][3]int64   // 14 bits after the point

	// Of all else: colours at equal distances, between which one is looked for.
	channels, points int
	grid             []uint16 // three numbers each, 16 bits
}

const matrixBits = 14

// screen is what a screen is sent for 14 bits of light.
var screen = sync.OnceValue(func() *[1 << 14]byte {
	t := new([1 << 14]byte)
	for i := range t {
		t[i] = byte(whole(sRGB(float64(i)/float64(len(t)-1)), 255))
	}
	return t
})

// conversionOf is nil where there is nothing to convert: the profile is that of
// sRGB, or nothing can be made of it, as of one for another kind of picture.
func conversionOf(data []byte, of model) *conversion {
	p, err := parseProfile(data)
	if err != nil {
		return nil
	}
	var c *conversion
	switch {
	case of == gray && p.space == "GRAY":
		c, err = p.grayConversion()
	case (of == ycc || of == rgb) && p.space == "RGB ":
		if c, err = p.matrixConversion(); err != nil {
			c, err = p.gridConversion(3, 33)
		}
	case (of == cmyk || of == ycck) && p.space == "CMYK":
		c, err = p.gridConversion(4, 17)
	default:
		return nil
	}
	if err != nil || c.idle() {
		return nil
	}
	return c
}

func (p *profile) grayConversion() (*conversion, error) {
	k, err := p.curve("kTRC")
	if err != nil {
		return nil, err
	}
	c := &conversion{channels: 1}
	for i := range 256 {
		v := k(float64(i) / 255)
		if p.lab {
			v = labToXYZ([3]float64{100 * v, 0, 0})[1]
		}
		c.light[0][i] = int32(whole(v, 65535))
	}
	return c, nil
}

func (p *profile) matrixConversion() (*conversion, error) {
	m, err := p.matrix()
	if err != nil {
		return nil, err
	}
	c := &conversion{channels: 3}
	for i, tag := range []string{"rTRC", "gTRC", "bTRC"} {
		k, err := p.curve(tag)
		if err != nil {
			return nil, err
		}
		for v := range 256 {
			c.light[i][v] = int32(whole(k(float64(v)/255), 65535))
		}
		column := times(fromXYZ, [3]float64{m[0][i], m[1][i], m[2][i]})
		for j := range 3 {
			c.matrix[j][i] = int64(math.Round(column[j] * (1 << matrixBits)))
		}
	}
	return c, nil
}

func (p *profile) gridConversion(channels, points int) (*conversion, error) {
	l, err := p.lut()
	if err != nil {
		return nil, err
	}
	if l.channels != channels {
		return nil, errProfile
	}
	c := &conversion{channels: channels, points: points}
	at, in := make([]int, channels), make([]float64, channels)
	for {
		for i, k := range at {
			in[i] = float64(k) / float64(points-1)
		}
		for _, light := range times(fromXYZ, l.xyz(in)) {
			c.grid = append(c.grid, uint16(whole(sRGB(light), 65535)))
		}
		i := channels - 1
		for ; i >= 0 && at[i] == points-1; i-- {
			at[i] = 0
		}
		if i < 0 {
			return c, nil
		}
		at[i]++
	}
}

// idle tells whether nothing would look any different.
func (c *conversion) idle() bool {
	if c.channels == 4 {
		return false
	}
	const step = 15
	for r := 0; r < 256; r += step {
		for g := 0; g < 256; g += step {
			for b := 0; b < 256; b += step {
				in := [3]byte{byte(r), byte(g), byte(b)}
				out := in
				c.apply(out[0:1], out[1:2], out[2:3], nil)
				for i := range c.channels {
					if d := int(out[i]) - int(in[i]); d < -1 || d > 1 {
						return false
					}
				}
			}
		}
	}
	return true
}

// apply converts rows in place: one of grey, three of RGB, or four of ink, of
// which three become RGB.
func (c *conversion) apply(a, b, d, k []byte) {
	s := screen()
	switch {
	case c.grid != nil:
		c.look(a, b, d, k)
	case c.channels == 1:
		for i, v := range a {
			a[i] = s[c.light[0][v]>>2]
		}
	default:
		m := &c.matrix
		for i := range a {
			x, y, z := int64(c.light[0][a[i]]), int64(c.light[1][b[i]]), int64(c.light[2][d[i]])
			a[i] = shown(s, m[0][0]*x+m[0][1]*y+m[0][2]*z)
			b[i] = shown(s, m[1][0]*x+m[1][1]*y+m[1][2]*z)
			d[i] = shown(s, m[2][0]*x+m[2][1]*y+m[2][2]*z)
		}
	}
}

func shown(s *[1 << 14]byte, light int64) byte {
	return s[max(0, min(light>>(matrixBits+2), 1<<14-1))]
}

// look finds colours in the grid, mixing those of the corners around.
func (c *conversion) look(rows ...[]byte) {
	rows = rows[:c.channels]
	var strides [4]int
	for i, s := c.channels-1, 3; i >= 0; i, s = i-1, s*c.points {
		strides[i] = s
	}
	for x := range rows[0] {
		var part [4]int64
		base := 0
		for i, row := range rows {
			at := int(row[x]) * (c.points - 1)
			base += at / 255 * strides[i]
			part[i] = int64(at % 255)
		}
		var sum [3]int64
		for corner := range 1 << c.channels {
			share, index := int64(1), base
			for i := range c.channels {
				if corner>>i&1 == 1 {
					share *= part[i]
					index += strides[i]
				} else {
					share *= 255 - part[i]
				}
			}
			if share == 0 {
				continue
			}
			for i := range 3 {
				sum[i] += share * int64(c.grid[index+i])
			}
		}
		whole := int64(255 * 255 * 255)
		if c.channels == 4 {
			whole *= 255
		}
		for i := range 3 {
			rows[i][x] = byte((sum[i]/whole*255 + 32767) / 65535)
		}
	}
}
