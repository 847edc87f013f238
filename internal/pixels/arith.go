package pixels

import "math"

// Processors that can multiply and add in one step round once where others
// round twice, and Go lets them. The functions here, and all that computes with
// fractions in this package, forbid it: float64(x*y) is always rounded.
// TestFused looks for what was forgotten.

// poly is c[0] + c[1]x + c[2]x² …
func poly(x float64, c []float64) (sum float64) {
	for i := len(c) - 1; i >= 0; i-- {
		sum = float64(sum*x) + c[i]
	}
	return sum
}

// series are the first coefficients of the sine by x², of the artanh by x², and
// of the exponential function, each good to the last bits where it is used.
var sines, artanhs, exps = series()

func series() (sines, artanhs, exps []float64) {
	factorial := 1.0
	for i := range 24 {
		if i > 0 {
			factorial *= float64(i)
		}
		switch i % 4 {
		case 1:
			sines = append(sines, 1/factorial)
		case 3:
			sines = append(sines, -1/factorial)
		}
		exps = append(exps, 1/factorial)
		artanhs = append(artanhs, 1/float64(2*i+1))
	}
	return sines, artanhs, exps
}

// sinPi is sin(πx).
func sinPi(x float64) float64 {
	x -= float64(2 * math.Round(x/2))
	if x > 0.5 {
		x = 1 - x
	} else if x < -0.5 {
		x = -1 - x
	}
	x *= math.Pi
	return x * poly(float64(x*x), sines)
}

// pow is x to the power of y, and 0 where x is not positive.
func pow(x, y float64) float64 {
	if !(x > 0) {
		return 0
	}
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = m*2, e-1
	}
	s := (m - 1) / (m + 1)
	log := float64(2 * s * poly(float64(s*s), artanhs))
	z := float64(y * (float64(float64(e)*math.Ln2) + log))
	if !(math.Abs(z) < 700) {
		return math.Exp(z) // 0, infinite or not a number, nearly
	}
	n := math.Round(z / math.Ln2)
	return math.Ldexp(poly(z-float64(n*math.Ln2), exps), int(n))
}

// whole rounds a fraction of 1 to an integer from 0 to top.
func whole(x float64, top int) int {
	if !(x > 0) {
		return 0
	}
	return int(math.Floor(float64(min(x, 1)*float64(top)) + 0.5))
}
