package draw

import (
	"math"
	"strconv"
	"testing"
)

// linear is a colour in linear light.
type linear [3]float64

func parse(t *testing.T, s string) linear {
	t.Helper()
	n, err := strconv.ParseUint(s[1:], 16, 32)
	if err != nil || len(s) != 7 {
		t.Fatalf("%q is no colour", s)
	}
	var out linear
	for i := range out {
		v := float64(n>>(16-8*i)&255) / 255
		if v <= 0.04045 {
			out[i] = v / 12.92
		} else {
			out[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return out
}

// luminance and contrast are WCAG's.
func (c linear) luminance() float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] }

func contrast(a, b linear) float64 {
	x, y := a.luminance()+0.05, b.luminance()+0.05
	return max(x/y, y/x)
}

// How colours are seen by people who lack one kind of cone: Machado, Oliveira
// and Fernandes 2009, severity 1.
var sights = map[string][3][3]float64{
	"all cones":    {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
}

func (c linear) seen(m [3][3]float64) (out linear) {
	for i := range out {
		for k := range c {
			out[i] += m[i][k] * c[k]
		}
		out[i] = min(max(out[i], 0), 1)
	}
	return out
}

// lab is the colour in CIE L*a*b*, for D65.
func (c linear) lab() [3]float64 {
	f := func(x float64) float64 {
		if x > 216.0/24389 {
			return math.Cbrt(x)
		}
		return (24389.0/27*x + 16) / 116
	}
	x := f((0.4124*c[0] + 0.3576*c[1] + 0.1805*c[2]) / 0.9505)
	y := f(c.luminance())
	z := f((0.0193*c[0] + 0.1192*c[1] + 0.9505*c[2]) / 1.089)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func distance(a, b [3]float64) float64 {
	return math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]) + (a[2]-b[2])*(a[2]-b[2]))
}

// TestColoursAreTold: the colours of the layers, and of what is wrong, can be
// read on the usual backgrounds, and told from each other, with two kinds of
// cones, too.
func TestColoursAreTold(t *testing.T) {
	for _, p := range []struct {
		name    string
		palette palette
		on      []string
		apart   float64
	}{
		{"dark", DarkPalette, []string{"#000000", "#1E1E2E"}, 14},
		{"light", lightPalette, []string{"#FFFFFF", "#FDF6E3"}, 9.9},
	} {
		for i := 1; i <= int(Bad); i++ {
			a := parse(t, p.palette.full[i])
			for _, on := range p.on {
				if c := contrast(a, parse(t, on)); c < 4.5 {
					t.Errorf("%s: %s on %s has a contrast of %.2f", p.name, p.palette.full[i], on, c)
				}
			}
			for k := 1; k < i; k++ {
				b := parse(t, p.palette.full[k])
				for sight, m := range sights {
					if d := distance(a.seen(m).lab(), b.seen(m).lab()); d < p.apart {
						t.Errorf("%s: %s and %s are %.1f apart with %s", p.name, p.palette.full[i], p.palette.full[k], d, sight)
					}
				}
			}
		}
	}
}
