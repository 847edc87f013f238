package pixels

import (
	"image/color"
	"math"
	"testing"
)

type lab struct{ l, a, b float64 }

func labFrom(xyz [3]float64) lab {
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x, y, z := f(xyz[0]/white[0]), f(xyz[1]/white[1]), f(xyz[2]/white[2])
	return lab{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func labOf(c color.NRGBA) lab {
	light := func(v uint8) float64 {
		if x := float64(v) / 255; x > 0.04045 {
			return math.Pow((x+0.055)/1.055, 2.4)
		}
		return float64(v) / 255 / 12.92
	}
	return labFrom(times(srgbMatrix, [3]float64{light(c.R), light(c.G), light(c.B)}))
}

// deltas are how far colours are apart.
type deltas struct {
	sum, most float64
	n         int
}

func (d *deltas) add(a, b lab) {
	e := delta(a, b)
	d.sum, d.most, d.n = d.sum+e, max(d.most, e), d.n+1
}

func (d *deltas) mean() float64 { return d.sum / float64(d.n) }

// delta is ΔE2000, as Sharma, Wu and Dalal write it down.
func delta(p, q lab) float64 {
	const degree = math.Pi / 180
	seven := func(c float64) float64 { c = math.Pow(c, 7); return math.Sqrt(c / (c + math.Pow(25, 7))) }
	g := 1 + 0.5*(1-seven((math.Hypot(p.a, p.b)+math.Hypot(q.a, q.b))/2))
	c1, c2 := math.Hypot(g*p.a, p.b), math.Hypot(g*q.a, q.b)
	hue := func(a, b float64) float64 {
		if a == 0 && b == 0 {
			return 0
		}
		return math.Mod(math.Atan2(b, a)/degree+360, 360)
	}
	h1, h2 := hue(g*p.a, p.b), hue(g*q.a, q.b)
	dh, h := h2-h1, (h1+h2)/2
	switch {
	case c1*c2 == 0:
		dh, h = 0, h1+h2
	case dh > 180:
		dh, h = dh-360, math.Mod(h+180, 360)
	case dh < -180:
		dh, h = dh+360, math.Mod(h+180, 360)
	}
	dl, dc, dH := q.l-p.l, c2-c1, 2*math.Sqrt(c1*c2)*math.Sin(dh/2*degree)
	l, c := (p.l+q.l)/2, (c1+c2)/2
	t := 1 - 0.17*math.Cos((h-30)*degree) + 0.24*math.Cos(2*h*degree) + 0.32*math.Cos((3*h+6)*degree) - 0.2*math.Cos((4*h-63)*degree)
	sl := 1 + 0.015*(l-50)*(l-50)/math.Sqrt(20+(l-50)*(l-50))
	sc, sh := 1+0.045*c, 1+0.015*c*t
	rt := -2 * seven(c) * math.Sin(60*math.Exp(-((h-275)/25)*((h-275)/25))*degree)
	x, y, z := dl/sl, dc/sc, dH/sh
	return math.Sqrt(x*x + y*y + z*z + rt*y*z)
}

// Pairs of the paper's test data.
func TestDelta(t *testing.T) {
	for _, c := range []struct {
		p, q lab
		want float64
	}{
		{lab{50, 2.6772, -79.7751}, lab{50, 0, -82.7485}, 2.0425},
		{lab{50, 2.5, 0}, lab{73, 25, -18}, 27.1492},
		{lab{60.2574, -34.0099, 36.2677}, lab{60.4626, -34.1751, 39.4387}, 1.2644},
		{lab{2.0776, 0.0795, -1.1350}, lab{0.9033, -0.0636, -0.5514}, 0.9082},
	} {
		if got := delta(c.p, c.q); math.Abs(got-c.want) > 0.0001 {
			t.Errorf("%v and %v are %.4f apart, not %.4f", c.p, c.q, got, c.want)
		}
	}
}
