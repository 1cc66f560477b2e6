package heard_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"strata/capture"
	"strata/testdata/need"
	"strata/trace"
	"strata/trace/heard"
)

func open(t testing.TB, path string) (trace.Trace, *heard.Book) {
	t.Helper()
	f, err := capture.Open(path, nil)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { f.Close() })
	f.Wait(1 << 40)
	b := heard.New()
	for b.Read(f, time.Second)() {
	}
	return f, b
}

// told is what tshark says of a frame's fields, by their names.
type told map[string]string

var asked = []string{"frame.number", "arp.src.proto_ipv4", "arp.src.hw_mac", "arp.hw.type", "arp.proto.type", "dns.a", "dns.aaaa", "udp.srcport",
	"tcp.stream", "tcp.flags.syn", "tcp.flags.fin", "tcp.flags.reset"}

// tell has tshark tell of the frames that matter, but for what errors quote.
func tell(t testing.TB, path string) (rows []told) {
	t.Helper()
	args := []string{"-n", "-r", path, "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=,",
		"-Y", "(arp || udp && dns || tcp && (tcp.flags.syn == 1 || tcp.flags.fin == 1 || tcp.flags.reset == 1)) && !icmp && !icmpv6"}
	for _, n := range asked {
		args = append(args, "-e", n)
	}
	out, _ := exec.Command(need.Tool(t, "tshark"), args...).Output()
	for line := range strings.Lines(string(out)) {
		row := told{}
		v := strings.Split(strings.TrimRight(line, "\n"), "\t")
		for i := range min(len(v), len(asked)) {
			row[asked[i]] = v[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func files() []string {
	var all []string
	for _, name := range []string{"dns.pcapng", "ping.pcap", "refused.pcap", "streams.pcap"} {
		all = append(all, filepath.Join("..", "..", "testdata", name))
	}
	if os.Getenv("STRATA_LONG") != "" {
		all = append(all, need.Captures()...)
	}
	return all
}

// TestAgainstTshark: every sender of ARP, every address of a name, and the
// connections' signs are those that tshark finds.
func TestAgainstTshark(t *testing.T) {
	need.Tool(t, "tshark")
	compared := 0
	for _, path := range files() {
		if st, err := os.Stat(path); err != nil || st.Size() > 4<<20 {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			f, b := open(t, path)
			last := f.Frames() - 1
			if last < 0 {
				return
			}
			rows := tell(t, path)
			compared += claims(t, rows, b, last) + names(t, rows, b, last) + signs(t, rows, f, b, last)
		})
	}
	if compared == 0 {
		t.Error("nothing was compared")
	}
	t.Log(compared, "facts")
}

func claims(t *testing.T, rows []told, b *heard.Book, last int) int {
	want := map[string]string{}
	for _, v := range rows {
		if ip := v["arp.src.proto_ipv4"]; v["arp.hw.type"] == "1" && v["arp.proto.type"] == "0x0800" && ip != "" && ip != "0.0.0.0" && !strings.Contains(ip, ",") {
			want[ip] = v["arp.src.hw_mac"]
		}
	}
	got := map[string]string{}
	all, _ := b.ARP(last, 1<<20)
	for _, c := range all {
		got[c[0].IP.String()] = trace.FormatValue(trace.MAC, number(c[0].MAC), nil)
	}
	if len(all) < 1000 && fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("ARP: %v\nwant %v", got, want)
	}
	return len(want)
}

func number(mac [6]byte) (n int64) {
	for _, b := range mac {
		n = n<<8 | int64(b)
	}
	return n
}

func names(t *testing.T, rows []told, b *heard.Book, last int) int {
	want := map[string]bool{}
	for _, v := range rows {
		if from := v["udp.srcport"]; from != "53" && from != "5353" {
			continue
		}
		for _, a := range strings.Split(v["dns.a"]+","+v["dns.aaaa"], ",") {
			if a != "" {
				want[a] = true
			}
		}
	}
	got := map[string]bool{}
	all, more := b.Names(last, 1<<20)
	for _, a := range all {
		got[a[0].Addr] = true
	}
	if !more && fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("names: %v\nwant %v", got, want)
	}
	return len(want)
}

// signs compares which connections had a SYN, a FIN, an RST.
func signs(t *testing.T, rows []told, f trace.Trace, b *heard.Book, last int) int {
	want := map[string][]string{}
	for _, v := range rows {
		stream := v["tcp.stream"]
		if stream == "" || strings.Contains(stream, ",") {
			continue
		}
		for i, flag := range []string{"tcp.flags.syn", "tcp.flags.fin", "tcp.flags.reset"} {
			if s := []string{"SYN", "FIN", "RST"}[i]; (v[flag] == "1" || v[flag] == "True") && !slices.Contains(want[stream], s) {
				want[stream] = append(want[stream], s)
			}
		}
	}
	all, more := b.TCP(last, 1<<20)
	got := map[string][]string{}
	for _, c := range all {
		for _, s := range []struct {
			name string
			is   heard.Sign
		}{{"SYN", heard.SYN | heard.SYNBack}, {"FIN", heard.FIN | heard.FINBack}, {"RST", heard.RST | heard.RSTBack}} {
			if stream := fmt.Sprint(f.Conversation(c.Talk).Stream); c.Signs&s.is != 0 {
				got[stream] = append(got[stream], s.name)
			}
		}
	}
	for _, m := range []map[string][]string{want, got} {
		for _, s := range m {
			slices.Sort(s)
		}
	}
	if !more && fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("signs: %v\nwant %v", got, want)
	}
	return len(want)
}

// TestUpToAFrame: nothing is told before it was heard, and what changed says
// what was before.
func TestUpToAFrame(t *testing.T) {
	f, b := open(t, "../../testdata/refused.pcap")
	seen := 0
	for n := range f.Frames() {
		all, _ := b.TCP(n, 100)
		for _, c := range all {
			if c.Frame > n || c.Was&^c.Signs != 0 {
				t.Errorf("at frame %d: %+v", n, c)
			}
		}
		if len(all) < seen {
			t.Errorf("at frame %d %d are left of %d", n, len(all), seen)
		}
		seen = len(all)
	}
	if seen == 0 {
		t.Error("no connection was heard of")
	}
	if heard.New().Knows(0) || !b.Knows(f.Frames()-1) {
		t.Error("what was read is not known")
	}
}
