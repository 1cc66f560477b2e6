package host

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestPattern(t *testing.T) {
	for _, off := range []int{0, 8, 999_992, 1_000_000, 123_000_008} {
		want := "0000000 "
		switch off {
		case 8, 123_000_008:
			want = "0000008 "
		case 999_992:
			want = "0999992 "
		}
		if got := string(Payload{Size: 1 << 30}.Part(off, 8)); got != want {
			t.Errorf("bytes from %d: %q, want %q", off, got, want)
		}
	}
	// Cut anywhere, the parts make the same message.
	r := rand.New(rand.NewPCG(1, 2))
	m := Payload{strings.Repeat("a long text ", 10), 3_000_000}
	whole := string(m.Part(0, MaxWrite)) + string(m.Part(MaxWrite, MaxWrite)) + string(m.Part(2*MaxWrite, MaxWrite))
	for range 1000 {
		off := r.IntN(m.Len())
		n := r.IntN(min(MaxWrite, m.Len()-off)) + 1
		if off%2 == 0 {
			off %= 200
		}
		if string(m.Part(off, n)) != whole[off:off+n] {
			t.Fatalf("part %d, %d differs", off, n)
		}
	}
}
