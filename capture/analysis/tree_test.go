package analysis_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"strata/capture/analysis"
	"strata/layers"
	"strata/layers/pdml"
	"strata/testdata/need"
)

// toldByTshark lists what tshark says of a frame's TCP that has no bytes of its own,
// or counts from the connection's start: "name=value", sorted.
func toldByTshark(protos []pdml.Element) []string {
	var all []string
	var walk func(e pdml.Element)
	walk = func(e pdml.Element) {
		for _, c := range e.Children {
			switch {
			case c.Name == "_ws.expert":
				if len(c.Children) > 0 && strings.HasPrefix(c.Children[0].Name, "tcp.") {
					all = append(all, "finding "+c.Children[0].Name+" "+severity(c.Children))
				}
				continue
			case strings.HasPrefix(c.Name, "mptcp."), strings.HasPrefix(c.Name, "tcp.pdu."), c.Name == "tcp.continuation_to", c.Name == "tcp.checksum.status", c.Name == "tcp.options.wscale.multiplier":
			case c.Size == 0 && strings.HasPrefix(c.Name, "tcp."), judged[c.Name]:
				all = append(all, c.Name+"="+c.Show)
			}
			walk(c)
		}
	}
	for _, p := range protos {
		if p.Name == "tcp" {
			walk(p)
		}
	}
	sort.Strings(all)
	return all
}

// judged are the fields whose values depend on other frames.
var judged = map[string]bool{"tcp.seq": true, "tcp.seq_raw": true, "tcp.ack": true, "tcp.ack_raw": true, "tcp.window_size": true,
	"tcp.window_size_scalefactor": true, "tcp.options.sack_le": true, "tcp.options.sack_re": true,
	"tcp.options.sack.dsack_le": true, "tcp.options.sack.dsack_re": true, "tcp.flags.ace": true, "tcp.flags.ae": true}

func severity(e []pdml.Element) string {
	for _, c := range e {
		if c.Name == "_ws.expert.severity" {
			return map[string]string{"2097152": "chat", "4194304": "note", "6291456": "warning", "8388608": "error"}[c.Show]
		}
	}
	return ""
}

// toldByTree lists the same of a tree.
func toldByTree(tree *layers.Tree) []string {
	var all []string
	var walk func(nodes []layers.Node)
	walk = func(nodes []layers.Node) {
		for _, n := range nodes {
			name := n.Field.Name
			if name != "tcp.checksum.status" && name != "tcp.options.wscale.multiplier" && (n.Len == 0 && strings.HasPrefix(name, "tcp.") || judged[name]) {
				value := ""
				switch n.Field.Type {
				case layers.TypeNone, layers.TypeBytes:
				case layers.TypeInt:
					value = fmt.Sprint(int64(n.Uint))
				case layers.TypeRelTime:
					value = strings.TrimSuffix(n.Show, " seconds")
				default:
					value = fmt.Sprint(n.Uint)
				}
				all = append(all, name+"="+value)
			}
			walk(n.Children)
		}
	}
	for _, p := range tree.Parts {
		if p.Proto == layers.TCP {
			walk(p.Fields)
		}
	}
	for _, x := range tree.Expert {
		if strings.HasPrefix(x.Name, "tcp.") && !strings.Contains(x.Name, "checksum") { // tshark does not check them by default
			all = append(all, "finding "+x.Name+" "+x.Severity.String())
		}
	}
	sort.Strings(all)
	return all
}

// trees compares the trees of a capture's frames with tshark's.
func trees(t *testing.T, path string, first layers.Proto, most int) (n, wrong int, where string) {
	t.Helper()
	frames, err := readFrames(path)
	if err != nil {
		t.Fatal(err)
	}
	tb := &table{streams: map[[2]end]uint32{}, udp: map[[2]end]uint32{}}
	each := func(protos []pdml.Element) {
		if n++; n > len(frames) {
			return
		}
		f := frames[n-1]
		tree := layers.Dissect(f.data, layers.Options{WireLen: f.wire, First: first, Seen: tb.all(frames, n)})
		mine, want := toldByTree(tree), toldByTshark(protos)
		if strings.Join(mine, "\n") == strings.Join(want, "\n") {
			return
		}
		if wrong++; wrong <= 4 {
			where += fmt.Sprintf("\n  frame %d: only here %v; only tshark %v", n, less(mine, want), less(want, mine))
		}
	}
	pdml.Tshark(t, path, each, append(pdml.Alone, "-c", fmt.Sprint(most))...)
	return n, wrong, where
}

func less(a, b []string) (only []string) {
	have := map[string]int{}
	for _, s := range b {
		have[s]++
	}
	for _, s := range a {
		if have[s]--; have[s] < 0 {
			only = append(only, s)
		}
	}
	return only
}

// all is what is known of a frame's segments, as core asks for it.
func (tb *table) all(frames []frame, number int) (all []layers.Seen) {
	for _, h := range locate(frames[number-1]) {
		if h.proto == 17 {
			if stream, ok := tb.datagram(h); ok {
				all = append(all, layers.Seen{Stream: stream})
			}
			continue
		}
		if stream, c, n, ok := tb.segment(frames, number, h); ok {
			a := c.Explain(n, uint32(number), func(f uint32) int64 { return frames[f-1].time })
			all = append(all, layers.Seen{Stream: stream, Analysis: &a})
		}
	}
	return all
}

// TestTreeEqualsTshark holds a segment's tree to tshark's, findings and their
// severities included.
func TestTreeEqualsTshark(t *testing.T) {
	need.Tool(t, "tshark")
	for seed := range uint64(many(2, 20)) {
		path := writeCapture(t, "talk.pcap", 101, randomTalk(seed+900, 1000))
		if n, wrong, where := trees(t, path, layers.IPv4, 1000); wrong > 0 {
			t.Errorf("seed %d: %d of %d frames differ:%s", seed, wrong, n, where)
		}
	}
	files := need.Captures()
	if os.Getenv("STRATA_LONG") == "" {
		files = files[:min(len(files), 30)]
	}
	total := 0
	for _, f := range files {
		if frames, err := readFrames(f); err != nil || len(frames) == 0 || frames[0].link != 1 {
			continue
		}
		n, wrong, where := trees(t, f, layers.Ethernet, 1000)
		total += n
		if wrong > 0 && !elsewhere[filepath.Base(f)] {
			t.Errorf("%s: %d of %d frames differ:%s", filepath.Base(f), wrong, n, where)
		}
	}
	t.Logf("%d frames of %d files", total, len(files))
}

// segment adds a frame's TCP header to its connection.
func (tb *table) segment(frames []frame, number int, h header) (stream uint32, c *analysis.Conn, n analysis.Note, ok bool) {
	key, back := ordered(h)
	s := &tb.read
	*s = analysis.Segment{Frame: uint32(number), Time: frames[number-1].time, Back: back, NoLength: h.quoted || h.fragment}
	if !s.Read(h.data, h.size) {
		return 0, nil, n, false
	}
	stream, known := tb.streams[key]
	if known && tb.conns[stream].Reuses(s) {
		known, s.Reused = false, true
	}
	if !known {
		stream = uint32(len(tb.conns))
		tb.conns, tb.streams[key] = append(tb.conns, &analysis.Conn{}), stream
	}
	c = tb.conns[stream]
	return stream, c, tb.pool.Add(c, s), true
}

// datagram numbers a frame's UDP header.
func (tb *table) datagram(h header) (stream uint32, ok bool) {
	if len(h.data) < 8 || int(h.data[4])<<8|int(h.data[5]) < 8 {
		return 0, false
	}
	key, _ := ordered(h)
	if _, known := tb.udp[key]; !known {
		tb.udp[key] = uint32(len(tb.udp))
	}
	return tb.udp[key], true
}
