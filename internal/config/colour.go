package config

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"stet/internal/fields"
)

// A Colour is one of sRGB, as CSS has it: "#8c1c24", in small letters.
type Colour string

// Shades are a colour in the light scheme and in the dark one.
type Shades struct{ Light, Dark Colour }

// parseColour reads #8c1c24 or #8c1, with or without the #.
func parseColour(text string) (Colour, bool) {
	digits := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(text), "#"))
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	return Colour("#" + digits), len(digits) == 6 && strings.Trim(digits, "0123456789abcdef") == ""
}

// commented is the colour of a line on which it is read as a comment, as it is
// written; "" if there is none.
func commented(v *fields.Value) string {
	for word := range strings.FieldsSeq(v.Comment) {
		if _, ok := parseColour(word); ok && strings.HasPrefix(word, "#") {
			return word
		}
	}
	return ""
}

// ofRGB is the colour of red, green and blue.
func ofRGB(rgb [3]uint8) Colour { return Colour(fmt.Sprintf("#%02x%02x%02x", rgb[0], rgb[1], rgb[2])) }

// rgb are red, green and blue, from 0 to 255.
func (c Colour) rgb() [3]uint8 {
	n, _ := strconv.ParseUint(strings.TrimPrefix(string(c), "#"), 16, 32)
	return [3]uint8{uint8(n >> 16), uint8(n >> 8), uint8(n)}
}

// channels are red, green and blue as light, from 0 to 1.
func (c Colour) channels() (all [3]float64) {
	for i, v := range c.rgb() {
		f := float64(v) / 255
		if f <= .04045 {
			all[i] = f / 12.92
		} else {
			all[i] = math.Pow((f+.055)/1.055, 2.4)
		}
	}
	return all
}

// ofLight is the colour of three channels of light; false if no screen of sRGB
// can show it.
func ofLight(channels [3]float64) (c Colour, shown bool) {
	shown = true
	var out [3]uint8
	for i, f := range channels {
		shown = shown && f > -1e-4 && f < 1+1e-4
		f = min(max(f, 0), 1)
		if f <= .0031308 {
			f *= 12.92
		} else {
			f = 1.055*math.Pow(f, 1/2.4) - .055
		}
		out[i] = uint8(math.Round(f * 255))
	}
	return ofRGB(out), shown
}

// luminance is how bright a colour is, as WCAG 2 reckons.
func (c Colour) luminance() float64 {
	l := c.channels()
	return .2126*l[0] + .7152*l[1] + .0722*l[2]
}

// Contrast is that of two colours by WCAG 2, from 1 to 21.
func Contrast(a, b Colour) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + .05) / (min(x, y) + .05)
}

// contrast is the least that a colour has with any of others.
func (c Colour) contrast(on []Colour) float64 {
	least := 21.
	for _, other := range on {
		least = min(least, Contrast(c, other))
	}
	return least
}

// mix is so much of the way from one colour to another, as screens see it.
func mix(from, to Colour, share float64) Colour {
	a, b := from.rgb(), to.rgb()
	for i := range a {
		a[i] = uint8(math.Round(float64(a[i]) + share*(float64(b[i])-float64(a[i]))))
	}
	return ofRGB(a)
}

// An oklch is a colour by lightness, chroma and hue, in which a step of
// lightness looks the same everywhere (Ottosson's OKLab in polar form).
type oklch struct{ l, c, h float64 }

func (c Colour) oklch() oklch {
	rgb := c.channels()
	l := math.Cbrt(.4122214708*rgb[0] + .5363325363*rgb[1] + .0514459929*rgb[2])
	m := math.Cbrt(.2119034982*rgb[0] + .6806995451*rgb[1] + .1073969566*rgb[2])
	s := math.Cbrt(.0883024619*rgb[0] + .2817188376*rgb[1] + .6299787005*rgb[2])
	a := 1.9779984951*l - 2.4285922050*m + .4505937099*s
	b := .0259040371*l + .7827717662*m - .8086757660*s
	return oklch{.2104542553*l + .7936177850*m - .0040720468*s, math.Hypot(a, b), math.Atan2(b, a)}
}

// colour is the nearest that a screen can show: of the same hue and lightness,
// with as much chroma as there is.
func (o oklch) colour() Colour {
	c, shown := o.light()
	if shown {
		return c
	}
	least, most := 0., o.c
	for range 20 {
		o.c = (least + most) / 2
		if next, shown := o.light(); shown {
			c, least = next, o.c
		} else {
			most = o.c
		}
	}
	return c
}

func (o oklch) light() (Colour, bool) {
	a, b := o.c*math.Cos(o.h), o.c*math.Sin(o.h)
	l, m, s := o.l+.3963377774*a+.2158037573*b, o.l-.1055613458*a-.0638541728*b, o.l-.0894841775*a-1.2914855480*b
	l, m, s = l*l*l, m*m*m, s*s*s
	return ofLight([3]float64{
		4.0767416621*l - 3.3077115913*m + .2309699292*s,
		-1.2684380046*l + 2.6097574011*m - .3413193965*s,
		-.0041960863*l - .7034186147*m + 1.7076147010*s,
	})
}

// lightest is the finest step of lightness that is tried.
const lightest = 1. / 512

// nearest is the colour of the same hue that has a contrast with all of others,
// and is least lighter or darker; false if there is none.
func (c Colour) nearest(contrast float64, on []Colour) (Colour, bool) {
	if c.contrast(on) >= contrast {
		return c, true
	}
	was := c.oklch()
	for d := lightest; d <= 1; d += lightest {
		for _, l := range []float64{was.l - d, was.l + d} {
			if near := (oklch{l, was.c, was.h}).colour(); l >= 0 && l <= 1 && near.contrast(on) >= contrast {
				return near, true
			}
		}
	}
	for _, last := range []Colour{"#000000", "#ffffff"} {
		if last.contrast(on) >= contrast {
			return last, true
		}
	}
	return c, false
}
