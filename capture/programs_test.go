package capture

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"strata/layers"
	"strata/layers/tlskeys"
	"strata/trace"
)

// program is a capture of programs that logged what they sent and got.
type program struct {
	file string
	keys string // a key log beside it
	http bool   // the messages of HTTP are what was logged
}

var programs = []program{
	{file: "tls13.pcapng", http: true}, {file: "tls12.pcap", keys: "tls12.keys", http: true}, {file: "updates.pcapng", http: true},
	{file: "socketio.pcap"}, {file: "socketios.pcapng"}, {file: "ws.pcap"}, {file: "wss.pcapng"}, {file: "mqtt.pcap"}, {file: "mqttws.pcap"},
}

func (p program) path() string { return filepath.Join("../testdata", p.file) }

func (p program) secrets(t testing.TB) *tlskeys.Log {
	t.Helper()
	if p.keys == "" {
		return nil
	}
	b, err := os.ReadFile(filepath.Join("../testdata", p.keys))
	if err != nil {
		t.Fatal(err)
	}
	var log tlskeys.Log
	if err := log.Read(bytes.NewReader(b)); err != nil {
		t.Fatal(err)
	}
	return &log
}

func (p program) open(t testing.TB) *File {
	t.Helper()
	f, err := Open(p.path(), p.secrets(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	f.Wait(math.MaxInt)
	return f
}

// logged is what the programs say: for each who, and whether it sent or got
// it, the messages as "BYTES SHA256".
func (p program) logged(t testing.TB) map[string][]string {
	t.Helper()
	name, _, _ := strings.Cut(p.file, ".")
	b, err := os.ReadFile(filepath.Join("../testdata", name+".log"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(b)) {
		w := strings.Fields(line)
		all[w[0]+" "+w[1]] = append(all[w[0]+" "+w[1]], w[2]+" "+w[3])
	}
	return all
}

// messages are what the capture's steps of a kind say, of the client or the
// server.
func (p program) messages(f *File, kind trace.Kind, client bool) (list []string) {
	for n := trace.EventID(1); int(n) <= f.Events(); n++ {
		e := f.Event(n)
		if e.Kind != kind || (f.Info().Nodes[e.Node].Name == "192.0.2.1") != client || (f.PDU(e.PDU).Proto == layers.HTTP) != p.http {
			continue
		}
		b := f.Append(nil, e.PDU, 0, 1<<30)
		list = append(list, fmt.Sprintf("%d %x", len(b), sha256.Sum256(b)))
	}
	return list
}

// TestPrograms: a capture tells of the messages that the programs logged, in
// their order, as sent and as delivered.
func TestPrograms(t *testing.T) {
	for _, p := range programs {
		t.Run(p.file, func(t *testing.T) {
			f := p.open(t)
			walkAll(t, f)
			checkLineage(t, f)
			for said, want := range p.logged(t) {
				who, did, _ := strings.Cut(said, " ")
				byClient := (who != "server") == (did == "sent")
				for _, kind := range []trace.Kind{trace.Send, trace.Deliver} {
					got := p.messages(f, kind, (kind == trace.Send) == byClient)
					if p.file == "socketio.pcap" && said == "client got" {
						got = got[:min(len(got), len(want))] // curl, which polls at the end, does not log events
					}
					if !slices.Equal(got, want) {
						at := 0
						for at < min(len(got), len(want)) && got[at] == want[at] {
							at++
						}
						t.Errorf("%s: %d messages, logged are %d; %v number %d is %.30s, want %.30s", said, len(got), len(want), kind, at+1,
							append(got, "none")[min(at, len(got))], append(want, "none")[min(at, len(want))])
					}
				}
			}
		})
	}
}
