package sim

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"strata/layers"
	"strata/testdata/need"
	"strata/trace"
	"strata/trace/export"
)

var judged = flag.Int("random.judged", 6, "how many random networks tshark is to judge")

// row is what tshark says of one frame.
type row struct {
	number     int
	malformed  bool
	experts    []string // severities
	bad        bool     // a checksum or the FCS
	retransmit bool
}

// tsharkFields are the columns asked for; statuses of 0 are bad.
var tsharkFields = []string{
	"frame.number", "_ws.malformed", "_ws.expert.severity",
	"tcp.analysis.retransmission", "tcp.analysis.fast_retransmission", "tcp.analysis.spurious_retransmission",
	"tcp.analysis.out_of_order", "tcp.analysis.keep_alive",
	"eth.fcs.status", "ip.checksum.status", "tcp.checksum.status", "udp.checksum.status", "icmp.checksum.status",
}

const firstStatus = 8

// askTshark has tshark read what was seen at some interfaces; none: at all.
// Fragments are put together only if whole is set.
func askTshark(t *testing.T, tshark string, l *trace.Log, whole bool, ends ...trace.EndID) (rows []row) {
	t.Helper()
	var file, errs bytes.Buffer
	f, err := export.FormatNamed("pcapng")
	if err == nil {
		err = export.Write(&file, l, f, export.Part{Ends: ends})
	}
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"-n", "-r", "-", "-T", "fields", "-E", "separator=|", "-E", "occurrence=a",
		"-o", "eth.check_fcs:TRUE", "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
		"-o", "ip.defragment:" + strings.ToUpper(strconv.FormatBool(whole)),
		"-d", "udp.port==1000-1009,data", "-d", "tcp.port==1000-1009,data"} // random bytes are nobody's protocol
	for _, f := range tsharkFields {
		args = append(args, "-e", f)
	}
	cmd := exec.Command(tshark, args...)
	cmd.Stdin, cmd.Stderr = &file, &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tshark: %v: %s", err, errs.String())
	}
	for line := range strings.Lines(string(out)) {
		v := strings.Split(strings.TrimSuffix(line, "\n"), "|")
		r := row{malformed: v[1] != "", experts: strings.Split(v[2], ",")}
		r.number, err = strconv.Atoi(v[0])
		if err != nil || len(v) != len(tsharkFields) {
			t.Fatalf("tshark says %q", line)
		}
		r.retransmit = strings.Join(v[3:firstStatus], "") != ""
		for _, status := range v[firstStatus:] {
			r.bad = r.bad || strings.Contains(status, "0")
		}
		rows = append(rows, r)
	}
	return rows
}

// records lists the events whose frames the pcapng holds, in its order.
func records(l *trace.Log, end trace.EndID) (out []trace.EventID) {
	for n := trace.EventID(1); int(n) <= l.Events(); n++ {
		if e := l.Event(n); (e.Kind == trace.Transmit || e.Kind == trace.Arrive) && (end == trace.NoEnd || e.End == end) {
			out = append(out, n)
		}
	}
	return out
}

// TestTsharkJudgesRandomNetworks: of random networks, tshark finds bad just
// the frames that a fault damaged, each of them, on the wire or in a router.
func TestTsharkJudgesRandomNetworks(t *testing.T) {
	tshark := need.Tool(t, "tshark")
	frames, hurt, resent := 0, 0, 0
	for seed := uint64(1); seed <= uint64(*judged); seed++ {
		l := randomTrace(t, seed)
		damage := damageIn(l)
		rows, at := askTshark(t, tshark, l, !damage.wire), records(l, trace.NoEnd)
		if len(rows) != len(at) {
			t.Fatalf("seed %d: %d frames of %d", seed, len(rows), len(at))
		}
		for i, r := range rows {
			id := l.Event(at[i]).PDU
			wrong := r.bad || r.malformed || strings.Contains(strings.Join(r.experts, ","), "8388608")
			struck := damage.frames[id]
			if wrong && !struck && !damage.packets[packetOf(l, id)] || !r.bad && struck {
				t.Errorf("seed %d: frame %d, event %d: %+v, damaged: %v", seed, r.number, at[i], r, struck)
			}
			if struck {
				hurt++
			}
		}
		frames += len(rows)
		if !damage.wire && len(damage.packets) == 0 {
			resent += judgeResends(t, tshark, l, damage, seed)
		}
	}
	t.Logf("%d networks, %d frames, %d of them damaged, %d sent again", *judged, frames, hurt, resent)
	if hurt == 0 || resent == 0 {
		t.Error("too little was tried")
	}
}

func randomTrace(t *testing.T, seed uint64) *trace.Log {
	t.Helper()
	g := &generator{r: rand.New(rand.NewPCG(seed, 7)), cfg: Config{Seed: seed, Until: time.Minute}}
	g.network()
	g.programs()
	n, err := New(g.cfg, true)
	if err == nil {
		_, err = n.Run(context.Background())
	}
	if err != nil {
		t.Fatal(err)
	}
	return n.Trace()
}

// damage is what the faults of a run hurt.
type damage struct {
	frames  map[trace.PDUID]bool // damaged on a wire
	packets map[string]bool      // damaged in a router: all that has their addresses and identification
	wire    bool
	unsent  map[trace.NodeID]bool // nodes where packets were dropped before any wire: nobody outside saw them the first time
}

func damageIn(l *trace.Log) damage {
	d := damage{frames: map[trace.PDUID]bool{}, packets: map[string]bool{}, unsent: map[trace.NodeID]bool{}}
	for n := trace.EventID(1); int(n) <= l.Events(); n++ {
		switch e := l.Event(n); e.Why {
		case trace.WireCorrupt:
			d.frames[e.PDU], d.wire = true, true
		case trace.IPDamaged:
			d.packets[packetText(l.Append(nil, e.PDU, 0, layers.IPv4MinSize))] = true
		case trace.LinkFull, trace.ARPFull, trace.ARPFailed:
			d.unsent[e.Node] = true
		}
	}
	return d
}

// packetOf tells the packet that a frame carries a piece of.
func packetOf(l *trace.Log, frame trace.PDUID) string {
	return packetText(l.Append(nil, frame, layers.EthernetSize, layers.IPv4MinSize))
}

func packetText(b []byte) string {
	h := layers.IPv4Header(b)
	return fmt.Sprintf("%x %x %x", h.Src(), h.Dst(), h.ID())
}

// judgeResends holds the simulator to tshark's own idea of what was sent
// before, as seen at each host's interface.
func judgeResends(t *testing.T, tshark string, l *trace.Log, d damage, seed uint64) (n int) {
	for i, link := range l.Info().Links {
		for side, end := range link.Ends {
			if l.Info().Nodes[end.Node].Kind != string(HostNode) {
				continue
			}
			id := trace.EndID(2*i + side)
			at := records(l, id)
			for k, r := range askTshark(t, tshark, l, true, id) {
				e := l.Event(at[k])
				f := l.Frame(l.FrameOf(at[k]))
				if e.Kind != trace.Transmit || f.Hop > 1 {
					continue
				}
				if f.Resent {
					n++
				}
				if f.Resent != r.retransmit && !(f.Resent && d.unsent[end.Node]) {
					t.Errorf("seed %d: %s: frame %d, event %d: resent %v, says tshark %v", seed, l.Info().EndName(id), r.number, at[k], f.Resent, r.retransmit)
				}
			}
		}
	}
	return n
}
