package analysis_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"strata/testdata/need"
)

// writeCapture writes frames of one link type as a pcap file of nanoseconds.
func writeCapture(t testing.TB, name string, link int, frames []frame) string {
	t.Helper()
	b := make([]byte, 24)
	le := binary.LittleEndian
	le.PutUint32(b, 0xa1b23c4d)
	le.PutUint16(b[4:], 2)
	le.PutUint16(b[6:], 4)
	le.PutUint32(b[16:], 1<<18)
	le.PutUint32(b[20:], uint32(link))
	for _, f := range frames {
		b = le.AppendUint32(b, uint32(f.time/1e9))
		b = le.AppendUint32(b, uint32(f.time%1e9))
		b = le.AppendUint32(b, uint32(len(f.data)))
		b = le.AppendUint32(b, uint32(f.wire))
		b = append(b, f.data...)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// hosts talk at random, mostly as TCP does: numbers go on from where they
// were, but go back, jump ahead, repeat and wrap as well.
type hosts struct {
	r     *rand.Rand
	next  [2]uint32
	acked [2]uint32
	win   [2]uint16
	now   int64
}

const (
	fFIN = 1 << iota
	fSYN
	fRST
	fPSH
	fACK
)

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

func (h *hosts) flags(size uint32) uint16 {
	if h.r.IntN(12) > 0 {
		if size > 0 && h.r.IntN(2) == 0 {
			return fACK | fPSH
		}
		return fACK
	}
	return pick(h.r, uint16(fSYN), fSYN, fSYN|fACK, fSYN|fACK, fFIN|fACK, fFIN|fACK, fRST, fRST|fACK, fFIN, 0, fSYN|fFIN, fPSH,
		fSYN|fRST, fSYN|0x1c0, fSYN|fACK|0x100, fACK|0x40)
}

// segment makes the next segment of one of the hosts.
func (h *hosts) segment(from int) []byte {
	r := h.r
	size := pick(r, uint32(0), 0, 0, 0, 1, 1, 2, 100, 100, 1000)
	flags := h.flags(size)
	if flags&(fSYN|fFIN|fRST) != 0 && r.IntN(4) > 0 {
		size = 0
	}
	seq, ack := h.next[from], h.next[1-from]
	switch r.IntN(10) {
	case 0:
		seq += pick(r, back(1), back(1), back(100), back(1100), 100, 1, back(1000), 1<<31, 1<<30)
	case 1:
		seq = h.acked[1-from]
	}
	switch r.IntN(8) {
	case 0, 1, 2:
		ack = h.acked[from]
	case 3:
		ack += pick(r, back(1), back(100), back(1100), 100, 1, 1<<31, 3<<30)
	}
	if r.IntN(20) == 0 {
		ack = 0
	}
	switch {
	case r.IntN(6) == 0:
		h.win[from] = pick(r, uint16(0), 0, 0, 100, 1000, 1, 101)
	case r.IntN(40) == 0 && size > 0:
		seq = h.acked[1-from] + uint32(h.win[1-from]) - size
	}
	if r.IntN(3) > 0 {
		h.acked[from] = ack
	}
	end := seq + size
	if flags&(fSYN|fFIN) != 0 {
		end++
	}
	if r.IntN(12) > 0 && int32(end-h.next[from]) > 0 {
		h.next[from] = end
	}
	return h.build(from, seq, ack, flags, size)
}

func (h *hosts) build(from int, seq, ack uint32, flags uint16, size uint32) []byte {
	r := h.r
	opts := h.options(flags, ack)
	for len(opts)%4 != 0 {
		opts = append(opts, 1)
	}
	b := make([]byte, 40, 60)
	be := binary.BigEndian
	b[0], b[8], b[9] = 0x45, 64, 6
	ip := [2][]byte{{10, 0, 0, 1}, {10, 0, 0, 2}}
	port := [2]uint16{1111, 2222}
	copy(b[12:], ip[from])
	copy(b[16:], ip[1-from])
	tcp := b[20:]
	be.PutUint16(tcp, port[from])
	be.PutUint16(tcp[2:], port[1-from])
	be.PutUint32(tcp[4:], seq)
	be.PutUint32(tcp[8:], ack)
	be.PutUint16(tcp[12:], uint16(5+len(opts)/4)<<12|flags)
	be.PutUint16(tcp[14:], h.win[from])
	if r.IntN(200) == 0 {
		be.PutUint16(tcp[12:], uint16(r.IntN(16))<<12|flags)
	}
	b = append(b, opts...)
	b = append(b, make([]byte, size)...)
	be.PutUint16(b[2:], uint16(len(b)))
	if r.IntN(300) == 0 {
		be.PutUint16(b[6:], 0x2000) // a fragment
	}
	return b
}

func (h *hosts) options(flags uint16, ack uint32) (o []byte) {
	r := h.r
	be := binary.BigEndian
	if flags&fSYN != 0 {
		if r.IntN(2) == 0 {
			o = append(o, 2, 4, 5, 0xb4)
		}
		if r.IntN(2) == 0 {
			o = append(o, 3, 3, byte(r.IntN(17)))
		}
		if r.IntN(6) == 0 {
			o = append(o, 34, 6, 1, 2, 3, 4)
		}
	}
	if r.IntN(10) == 0 {
		n := r.IntN(5)
		o = append(o, 5, byte(2+8*n))
		for range n {
			le := ack + pick(r, uint32(100), 1000, 50, back(100))
			o = be.AppendUint32(o, le)
			o = be.AppendUint32(o, le+pick(r, uint32(1), 100, 50))
		}
	}
	if r.IntN(20) == 0 { // any option of any length
		n := 2 + r.IntN(18)
		o = append(o, pick(r, byte(30), 30, 30, 5, 3, 2, 172, 0, 99, 21, 76, 76, 22, 78, 253, 29, 28, 27, 19, 6), byte(n))
		for range n - 2 {
			o = append(o, byte(r.Uint32()))
		}
		if p := len(o) - n; o[p] == 30 { // tshark stops at an assertion of its own on capable and join of random keys
			o = append(o, 0)
			o[p+2] = pick(r, byte(2), 2, 3, 4, 5, 6, 7, 8, 9)<<4 | 1
			o = o[:p+n]
		}
		if r.IntN(10) == 0 {
			o[len(o)-n+1] = byte(r.IntN(40))
		}
	}
	if r.IntN(4) == 0 {
		o = append(o, 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2)
	}
	return o[:min(len(o), 40)]
}

// randomTalk makes a capture of n segments.
func randomTalk(seed uint64, n int) []frame {
	r := rand.New(rand.NewPCG(seed, 1))
	h := &hosts{r: r, now: 1_700_000_000_000_000_000, next: [2]uint32{pick(r, uint32(0), 1, 1000, 1<<32-500, 1<<31-500), r.Uint32()}}
	h.acked = [2]uint32{h.next[1], h.next[0]}
	h.win = [2]uint16{1000, 1000}
	var frames []frame
	for range n {
		h.now += pick(r, int64(0), 1, 1e5, 1e6, 2e6, 4e6, 25e6, 1e9, -1e6)
		b := h.segment(r.IntN(2))
		f := frame{b, len(b), h.now, 101}
		if r.IntN(60) == 0 {
			f.data = b[:min(len(b), 20+r.IntN(41))]
		}
		frames = append(frames, f)
	}
	return frames
}

// many is how often random tests are made: a few times, unless STRATA_LONG
// is set.
func many(few, lots int) int {
	if os.Getenv("STRATA_LONG") != "" {
		return lots
	}
	return few
}

// TestRandomTalk compares what is told of segments that no host would send.
func TestRandomTalk(t *testing.T) {
	need.Tool(t, "tshark")
	first := uint64(1)
	if s := os.Getenv("STRATA_SEED"); s != "" {
		fmt.Sscan(s, &first)
	}
	for seed := first; seed < first+uint64(many(3, 60)); seed++ {
		var frames []frame
		for i := range uint64(20) {
			talk := randomTalk(seed<<8|i, 150)
			for _, f := range talk { // each between ports of its own
				if len(f.data) >= 24 {
					f.data[21], f.data[23] = f.data[21]^byte(i)<<1, f.data[23]^byte(i)<<1
				}
			}
			frames = append(frames, talk...)
		}
		path := writeCapture(t, "talk.pcap", 101, frames)
		if n, wrong, where := differences(t, path, "-o", "ip.defragment:FALSE"); wrong > 0 {
			keep(t, path)
			t.Fatalf("seed %d: %d of %d frames differ:%s", seed, wrong, n, where)
		}
	}
}

// back is the number that leads n back when it is added.
func back(n uint32) uint32 { return -n }

// keep copies a made capture to where STRATA_KEEP says, to be looked at.
func keep(t testing.TB, path string) {
	t.Helper()
	to := os.Getenv("STRATA_KEEP")
	if to == "" {
		return
	}
	b, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Error(err)
	}
}
