package origin_test

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"strata/capture"
	"strata/capture/capturetest"
	"strata/layers"
	"strata/testdata/need"
	"strata/trace/origin"
)

// walk asks about every field of some frames of a capture.
func walk(t *testing.T, f *capture.File, most int, check func(frame int, n *layers.Node, q *origin.Asked)) {
	for frame := 0; frame < f.Frames(); frame += (f.Frames() + most - 1) / most {
		tree := f.Tree(frame)
		if tree == nil {
			continue
		}
		eachField(tree, func(n *layers.Node, quoted bool) {
			q := answer(t, f, frame, n)
			if len(q.Links()) == 0 {
				t.Errorf("frame %d, %s: no origin", frame+1, n.Field.Name)
			}
			for _, l := range q.Links() {
				switch {
				case l.Text == "" || strings.Contains(l.Text, "%!") || strings.Contains(l.Text, "…looking"):
					t.Errorf("frame %d, %s: %q", frame+1, n.Field.Name, l.Text)
				case l.Known == origin.Recorded:
					t.Errorf("frame %d, %s: %q is recorded, in a capture", frame+1, n.Field.Name, l.Text)
				case l.Frame > frame && !strings.Contains(l.Text, "known with frame") || int(l.Event) > f.Events():
					t.Errorf("frame %d, %s: %q: frame %d, event %d", frame+1, n.Field.Name, l.Text, l.Frame+1, l.Event)
				}
			}
			if !quoted && check != nil {
				check(frame, n, q)
			}
		})
	}
}

// TestCaptures: every field of real captures has an origin, and the frames
// that it names are those that say so.
func TestCaptures(t *testing.T) {
	files, _ := filepath.Glob("../../testdata/*.pcap*")
	acks, ids := 0, 0
	for _, path := range files {
		f := capturetest.Open(t, path)
		walk(t, f, 6, func(frame int, n *layers.Node, q *origin.Asked) {
			tree := f.Tree(frame)
			switch n.Field.Name {
			case "tcp.ack":
				k, ok := named(q, "brought the last of it")
				if !ok || n.In != layers.InFrame {
					return
				}
				acks++
				seq, size := uint64(0), uint64(0)
				eachField(f.Tree(k), func(m *layers.Node, _ bool) {
					switch m.Field.Name {
					case "tcp.seq_raw", "tcp.seq":
						seq = uint64(binary.BigEndian.Uint32(f.Tree(k).Data[m.Pos:]))
					case "tcp.flags":
						size += m.Uint&1 + m.Uint>>1&1
					}
				})
				for _, p := range f.Tree(k).Parts {
					for _, m := range p.Fields {
						if m.Field.Name == "tcp.len" {
							size += m.Uint
						}
					}
				}
				if ack := binary.BigEndian.Uint32(tree.Data[n.Pos:]); uint32(seq+size) != ack {
					t.Errorf("%s frame %d: ack %d, but frame %d ends at %d", path, frame+1, ack, k+1, seq+size)
				}
			case "ip.id":
				if k, ok := named(q, "the next number after"); ok {
					ids++
					eachField(f.Tree(k), func(m *layers.Node, quoted bool) {
						if m.Field.Name == "ip.id" && !quoted && uint16(m.Uint+1) != uint16(n.Uint) {
							t.Errorf("%s frame %d: ID %d after %d in frame %d", path, frame+1, n.Uint, m.Uint, k+1)
						}
					})
				}
			}
		})
	}
	if len(files) > 0 && (acks < 10 || ids < 5) {
		t.Errorf("%d acknowledgments and %d numbers were checked", acks, ids)
	}
}

// TestHostile: no capture makes it crash or hang.
func TestHostile(t *testing.T) {
	begin := time.Now()
	for _, path := range need.Captures() {
		if info, err := os.Stat(path); err != nil || info.Size() > 1<<18 && os.Getenv("STRATA_LONG") == "" {
			continue
		}
		f, err := capture.Open(path, nil)
		if err != nil {
			continue
		}
		f.Wait(math.MaxInt)
		walk(t, f, 3, nil)
		f.Close()
		if os.Getenv("STRATA_LONG") == "" && time.Since(begin) > 3*time.Second {
			break
		}
	}
}
