package pixels

import (
	"bytes"
	"math"
	"os/exec"
	"regexp"
	"testing"
)

func TestArith(t *testing.T) {
	for x := -4.0; x < 4; x += 0.0137 {
		if got, want := sinPi(x), math.Sin(math.Pi*x); math.Abs(got-want) > 1e-14 {
			t.Errorf("the sine of %gπ is %g, not %g", x, got, want)
		}
	}
	for x := 0.00003; x < 2; x *= 1.03 {
		for _, y := range []float64{1 / 2.4, 1, 1.8, 2.2, 2.4, 7} {
			if got, want := pow(x, y), math.Pow(x, y); math.Abs(got-want) > 1e-13*want {
				t.Errorf("%g to the power of %g is %g, not %g", x, y, got, want)
			}
		}
	}
	if pow(0, 2) != 0 || pow(-1, 2) != 0 || pow(math.NaN(), 2) != 0 || pow(1, 5) != 1 {
		t.Error("a power of what is not positive")
	}
}

// Compiled for arm64, which can, no product is added to anything in one step.
func TestFused(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles the package")
	}
	cmd := exec.Command("go", "build", "-gcflags=-S", ".")
	cmd.Env = append(cmd.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !bytes.Contains(out, []byte("FMULD")) {
		t.Fatal("there are no products at all")
	}
	for _, line := range regexp.MustCompile(`.*\tFN?M(ADD|SUB)[DS]\t.*`).FindAll(out, -1) {
		t.Errorf("%s", line)
	}
}
