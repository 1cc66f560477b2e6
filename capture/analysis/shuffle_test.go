package analysis_test

import (
	"math/rand/v2"
	"path/filepath"
	"testing"

	"strata/testdata/need"
)

// shuffled is a capture of which frames were lost, doubled, put off, cut or
// had a number changed.
func shuffled(r *rand.Rand, frames []frame) []frame {
	var out []frame
	for _, f := range frames {
		f.data = append([]byte(nil), f.data...)
		switch r.IntN(14) {
		case 0:
			continue
		case 1:
			out = append(out, f)
		case 2:
			f.data = f.data[:min(len(f.data), 34+r.IntN(50))]
		case 3, 4:
			if at := 38 + r.IntN(12); at < len(f.data) { // somewhere from the sequence number to the window
				f.data[at] ^= 1 << r.IntN(8)
			}
		}
		out = append(out, f)
	}
	for i := range out {
		if j := i + r.IntN(4); r.IntN(8) == 0 && j < len(out) {
			out[i].data, out[j].data = out[j].data, out[i].data
			out[i].wire, out[j].wire = out[j].wire, out[i].wire
		}
	}
	return out
}

// TestShuffled compares what is told of real connections that went wrong in
// ways which no host alone can make.
func TestShuffled(t *testing.T) {
	need.Tool(t, "tshark")
	own, _ := filepath.Glob("../../testdata/*.pcap")
	files := append(own, need.Captures()...)
	var all [][]frame
	for _, f := range files {
		frames, err := readFrames(f)
		if err != nil || len(frames) == 0 || frames[0].link != 1 || elsewhere[filepath.Base(f)] {
			continue
		}
		n := 0
		for _, f := range frames {
			for _, h := range locate(f) {
				if h.proto == 6 && !h.quoted {
					n++
				}
			}
		}
		if n > 10 && n*10 > len(frames)*9 { // little else: what else is shuffled is no matter of TCP
			all = append(all, frames[:min(len(frames), 1500)])
		}
	}
	r := rand.New(rand.NewPCG(3, uint64(many(1, 2))))
	for i := range many(4, 150) {
		var frames []frame
		for len(frames) < 5000 {
			frames = append(frames, shuffled(r, all[r.IntN(len(all))])...)
		}
		path := writeCapture(t, "shuffled.pcap", 1, frames)
		keep(t, path)
		if n, wrong, where := differences(t, path, "-o", "ip.defragment:FALSE"); wrong > 0 {
			t.Errorf("round %d: %d of %d frames differ:%s", i, wrong, n, where)
			return
		}
	}
	t.Logf("of %d captures", len(all))
}
