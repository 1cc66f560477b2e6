package analysis_test

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"strata/capture/analysis"
	"strata/layers"
	"strata/testdata/need"
)

// findings are the findings' names in tshark, in the order of their bits.
var findings = []string{"retransmission", "fast_retransmission", "spurious_retransmission", "out_of_order", "duplicate_ack",
	"lost_segment", "ack_lost_segment", "window_full", "window_update", "zero_window", "zero_window_probe", "zero_window_probe_ack",
	"keep_alive", "keep_alive_ack", "reused_ports"}

// columns are what is compared of a frame.
var columns = func() []string {
	c := []string{"tcp.stream", "udp.stream", "tcp.completeness", "tcp.seq", "tcp.ack", "tcp.window_size_scalefactor",
		"tcp.time_relative", "tcp.time_delta", "tcp.analysis.acks_frame", "tcp.analysis.ack_rtt", "tcp.analysis.initial_rtt",
		"tcp.analysis.bytes_in_flight", "tcp.analysis.push_bytes_sent", "tcp.analysis.rto", "tcp.analysis.rto_frame",
		"tcp.analysis.duplicate_ack_num", "tcp.analysis.duplicate_ack_frame", "tcp.analysis", "tcp.connection.fin_passive"}
	for _, f := range findings {
		c = append(c, "tcp.analysis."+f)
	}
	return c
}()

// told asks tshark for the columns of every frame, in one pass.
func told(t testing.TB, path string, args ...string) []map[string]string {
	t.Helper()
	args = append([]string{"-n", "-r", path, "-T", "fields", "-E", "separator=/t", "-E", "aggregator=,"}, args...)
	for _, c := range columns {
		args = append(args, "-e", c)
	}
	cmd := exec.Command(need.Tool(t, "tshark"), args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		row := map[string]string{}
		for i, v := range strings.Split(lines.Text(), "\t") {
			if v != "" {
				row[columns[i]] = v
			}
		}
		rows = append(rows, row)
	}
	_ = cmd.Wait() // it complains of files that are cut, and has read them all the same
	return rows
}

// table numbers connections as Wireshark does.
type table struct {
	pool    analysis.Pool
	conns   []*analysis.Conn
	streams map[[2]end]uint32
	udp     map[[2]end]uint32
	read    analysis.Segment // the last one
}

func ordered(h header) ([2]end, bool) {
	if h.src.addr > h.dst.addr || h.src.addr == h.dst.addr && h.src.port > h.dst.port {
		return [2]end{h.dst, h.src}, true
	}
	return [2]end{h.src, h.dst}, false
}

// seen is what we tell of a frame, under the names of tshark's columns.
func (tb *table) seen(frames []frame, number int) map[string]string {
	row := map[string]string{}
	put := func(name, value string) {
		if row[name] != "" {
			value = row[name] + "," + value
		}
		row[name] = value
	}
	for _, h := range locate(frames[number-1]) {
		if h.proto == 17 {
			if stream, ok := tb.datagram(h); ok {
				put("udp.stream", fmt.Sprint(stream))
			}
			continue
		}
		if h.quoted && len(h.data) >= 8 { // an ICMP error shows it, however little there is
			put("tcp.seq", fmt.Sprint(binary.BigEndian.Uint32(h.data[4:])))
		}
		stream, c, n, ok := tb.segment(frames, number, h)
		if !ok {
			continue
		}
		a := c.Explain(n, uint32(number), func(f uint32) int64 { return frames[f-1].time })
		put("tcp.stream", fmt.Sprint(stream))
		show(put, &tb.read, &a, h)
	}
	return row
}

func seconds(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	return fmt.Sprintf("%s%d.%09d", sign, d/time.Second, d%time.Second)
}

// show puts an analysis into tshark's columns.
func show(put func(name, value string), s *analysis.Segment, a *layers.Analysis, h header) {
	num := func(name string, v uint32) {
		if v != 0 {
			put(name, fmt.Sprint(v))
		}
	}
	dur := func(name string, d time.Duration) {
		if d != 0 {
			put(name, seconds(d))
		}
	}
	put("tcp.completeness", fmt.Sprint(a.Completeness))
	seq, ack := s.Seq, s.Ack
	if !s.NoLength {
		seq -= a.SeqBase
		if s.Flags&0x10 != 0 {
			ack -= a.AckBase
		}
	}
	if !h.quoted {
		put("tcp.seq", fmt.Sprint(seq))
	}
	if s.Bogus {
		return
	}
	put("tcp.ack", fmt.Sprint(ack))
	if s.Flags&2 == 0 {
		scale := int(a.Shift)
		if scale >= 0 {
			scale = 1 << scale
		}
		put("tcp.window_size_scalefactor", strconv.Itoa(scale))
	}
	if len(h.data) >= 20 {
		put("tcp.time_relative", seconds(a.SinceFirst))
		put("tcp.time_delta", seconds(a.SincePrevious))
	}
	if s.Flags&1 != 0 && a.ClosesSecond {
		put("tcp.connection.fin_passive", "1")
	}
	if !a.Told {
		return
	}
	put("tcp.analysis", "1")
	num("tcp.analysis.acks_frame", a.AckedFrame)
	dur("tcp.analysis.ack_rtt", a.AckRTT)
	dur("tcp.analysis.initial_rtt", a.InitialRTT)
	num("tcp.analysis.bytes_in_flight", a.InFlight)
	num("tcp.analysis.push_bytes_sent", a.PushBytes)
	dur("tcp.analysis.rto", a.RTO)
	num("tcp.analysis.rto_frame", a.RTOFrame)
	if a.DuplicateAck > 0 {
		num("tcp.analysis.duplicate_ack_num", a.DuplicateAck)
		put("tcp.analysis.duplicate_ack_frame", fmt.Sprint(a.DuplicateOf))
	}
	f := a.Findings
	if f&(layers.FastRetransmission|layers.SpuriousRetransmission) != 0 {
		f |= layers.Retransmission
	}
	for i, name := range findings {
		if f&(1<<i) != 0 {
			put("tcp.analysis."+name, "1")
		}
	}
}

// differences compares a file's frames with tshark's, and tells the first few.
func differences(t testing.TB, path string, args ...string) (frames, wrong int, first string) {
	t.Helper()
	recs, err := readFrames(path)
	if err != nil {
		return 0, 0, ""
	}
	rows := told(t, path, args...)
	tb := &table{streams: map[[2]end]uint32{}, udp: map[[2]end]uint32{}}
	for i := 0; i < len(recs) && i < len(rows); i++ {
		mine := tb.seen(recs, i+1)
		bad := ""
		for _, c := range columns {
			want := rows[i][c]
			if c == "tcp.analysis" || strings.HasPrefix(c, "tcp.connection") || contains(findings, strings.TrimPrefix(c, "tcp.analysis.")) {
				if (want != "") != (mine[c] != "") {
					bad += fmt.Sprintf(" %s=%q, tshark %q;", c, mine[c], want)
				}
				continue
			}
			if want != mine[c] {
				bad += fmt.Sprintf(" %s=%q, tshark %q;", c, mine[c], want)
			}
		}
		if rows[i]["tcp.stream"] != "" {
			frames++
		}
		if bad != "" {
			wrong++
			if wrong <= 3 {
				first += fmt.Sprintf("\n    frame %d:%s", i+1, bad)
			}
		}
	}
	return frames, wrong, first
}

// elsewhere are captures where tshark numbers conversations by more than
// their headers, so that another answer is expected here: tunnels that this
// test does not look into, and conversations that the reading of FTP or SNMP
// announced.
var elsewhere = map[string]bool{
	"bigtcp-ipv6-geneve-ipv6.pcap": true, "bigtcp-ipv6-vxlan-ipv6.pcap": true, "geneve-gcp.pcap": true, "gso-ipv6-geneve-ipv6.pcap": true,
	"gso-ipv6-vxlan-ipv6.pcap": true, "ieee802.11_htc.pcap": true, "macsec-short-longer.pcap": true, "nsh.pcap": true,
	"pim-packet-assortment.pcap": true, "wb-oobr.pcap": true, "ipv6-mobility-dst-opts.pcap": true, "llc.pcap": true,
	"pbb-recursive-frames.pcapng": true, "radiotap.pcap": true, "tunnels__ayiya-large-identity.pcap": true, "tunnels__geneve-ipv6.pcap": true,
	"tunnels__gtp__gtp4_udp_2152_inside.pcap": true, "tunnels__gtp__gtp6_gtp_0x32.pcap": true, "tunnels__vxlan-inner-tcp-bad-checksum.pcap": true,
	"ftp__ipv4.pcap": true, "snmp__snmpv2_get.pcap": true,
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

func TestCorpus(t *testing.T) {
	files := need.Captures()
	if one := os.Getenv("STRATA_FILE"); one != "" {
		files = []string{one}
	}
	if len(files) == 0 {
		t.Skip("no corpus")
	}
	if os.Getenv("STRATA_LONG") == "" && len(files) > 1 {
		files = files[:min(len(files), 40)]
	}
	total, bad := 0, 0
	for _, f := range files {
		if elsewhere[filepath.Base(f)] {
			continue
		}
		n, wrong, first := differences(t, f, "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE")
		total += n
		bad += wrong
		if wrong > 0 {
			t.Errorf("%s: %d of %d frames differ:%s", filepath.Base(f), wrong, n, first)
		}
	}
	t.Logf("%d segments, %d frames differ", total, bad)
}
