package tls

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/gopacket"
	gl "github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"

	"strata/testdata/need"
)

// TestTsharkReadsUs: tshark, with the key log, finds in our records what was
// said, and nothing that is wrong.
func TestTsharkReadsUs(t *testing.T) {
	stall(t)
	tshark := need.Tool(t, "tshark")
	for name, change := range map[string]func(a, b *Config){
		"usual": nil, "retry": func(a, b *Config) { a.Suites, b.Groups = []uint16{ChaCha20Poly1305}, []uint16{P256} },
	} {
		from, written, log := session(t, 5, change)
		dir := t.TempDir()
		keys, _ := log.AppendText(nil)
		if err := os.WriteFile(filepath.Join(dir, "keys"), keys, 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(filepath.Join(dir, "made.pcap"))
		if err != nil {
			t.Fatal(err)
		}
		w := pcapgo.NewWriter(f)
		if err := w.WriteFileHeader(65535, gl.LinkTypeIPv4); err != nil {
			t.Fatal(err)
		}
		ends, next := [2]net.IP{{10, 0, 1, 2}, {10, 0, 2, 2}}, [2]uint32{1, 1}
		ports := [2]gl.TCPPort{40000, 443}
		for i, b := range written {
			me := from[i]
			ip := &gl.IPv4{Version: 4, TTL: 64, Protocol: gl.IPProtocolTCP, SrcIP: ends[me], DstIP: ends[1-me]}
			tcp := &gl.TCP{SrcPort: ports[me], DstPort: ports[1-me], Seq: next[me], Ack: next[1-me], ACK: true, PSH: true, Window: 65535}
			if err := tcp.SetNetworkLayerForChecksum(ip); err != nil {
				t.Fatal(err)
			}
			buf := gopacket.NewSerializeBuffer()
			if err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, ip, tcp, gopacket.Payload(b)); err != nil {
				t.Fatal(err)
			}
			next[me] += uint32(len(b))
			if err := w.WritePacket(gopacket.CaptureInfo{Timestamp: time.Unix(int64(i), 0), CaptureLength: len(buf.Bytes()), Length: len(buf.Bytes())}, buf.Bytes()); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		ask := func(args ...string) string {
			out, err := exec.Command(tshark, append([]string{"-n", "-r", f.Name(), "-o", "tls.keylog_file:" + filepath.Join(dir, "keys")}, args...)...).Output()
			if err != nil {
				t.Fatal(err)
			}
			return string(out)
		}
		if wrong := ask("-Y", "_ws.malformed || _ws.expert.severity >= 0x600000"); wrong != "" {
			t.Errorf("%s: %s", name, wrong)
		}
		said := ask("-q", "-z", "follow,tls,ascii,0")
		if strings.Count(said, "hello") != 2 || strings.Count(said, "and again") != 2 || strings.Count(said, "0123456789") < 7900 { // it cuts them where records end
			t.Errorf("%s: tshark reads %.300s", name, said)
		}
		messages := strings.Join(strings.Fields(strings.ReplaceAll(ask("-Y", "tls.handshake.type", "-T", "fields", "-e", "tls.handshake.type"), ",", " ")), " ")
		want := "1 2 8 11 15 20 20 24 24 24"
		if name == "retry" {
			want = "1 2 1 2 8 11 15 20 20 24 24 24"
		}
		if messages != want {
			t.Errorf("%s: messages %s", name, messages)
		}
	}
}
