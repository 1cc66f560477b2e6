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
	"strata/layers/pdml"
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

// TestProgramsLikeTshark: what tshark reads in them with the same secrets, put
// together and each frame alone, is what we read.
func TestProgramsLikeTshark(t *testing.T) {
	// tshark does not have these, or not inside of WebSocket.
	ours := []layers.Proto{layers.EngineIO, layers.SocketIO, layers.Base64, layers.UTF8, layers.Data, layers.JSON, layers.MQTT}
	for _, p := range programs {
		for _, alone := range []bool{false, true} {
			t.Run(fmt.Sprint(p.file, " ", alone), func(t *testing.T) {
				scores := pdml.Scores{}
				var args []string
				if p.keys != "" {
					args = []string{"-o", "tls.keylog_file:../testdata/" + p.keys}
				}
				f := p.open(t)
				score(t, scores, f, p.path(), alone, args...)
				for _, proto := range ours {
					if s := scores[proto.Filter()]; s != nil && (s.Want == 0 || proto == layers.JSON) {
						delete(scores, proto.Filter())
					}
				}
				report(t, scores, 1, p.least(alone))
				if !alone {
					nothingWrong(t, f)
				}
			})
		}
	}
}

// least is where we read less than tshark, more, or something else.
func (p program) least(alone bool) map[string]float64 {
	least := map[string]float64{
		"tcp": 0.98, // sizes of units that are in a buffer of their own, or go on in another segment
	}
	if strings.HasPrefix(p.file, "ws") { // tshark does not unpack messages of several frames, and finds a byte in empty ones
		least["websocket"] = 0.99
	}
	if strings.HasPrefix(p.file, "updates") { // tshark waits for the end of a body that ends with the connection, and forgets it
		least["http"], least["tls"] = 1-1e-9, 0.997
	}
	if alone { // we read what units begin in a frame, tshark some of them
		least["websocket"], least["tls"], least["http"] = 0.99, 0.997, 1-1e-9
	}
	return least
}

// nothingWrong wants that no frame breaks a protocol.
func nothingWrong(t *testing.T, f *File) {
	t.Helper()
	for n := range f.Frames() {
		tree, _, err := f.Dissect(n, false)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range tree.Expert {
			if e.Severity >= layers.Error {
				t.Errorf("frame %d: %s: %s", n+1, e.Name, e.Text)
			}
		}
	}
}

// TestMQTTTrees: the trees hold each message of MQTT that was logged, once, also
// where its packet is cut over several messages of WebSocket.
func TestMQTTTrees(t *testing.T) {
	for _, p := range programs[len(programs)-2:] {
		var got, want []string
		for _, list := range p.logged(t) {
			want = append(want, list...)
		}
		f := p.open(t)
		for n := range f.Frames() {
			tree, _, err := f.Dissect(n, false)
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range tree.Parts {
				for _, field := range part.Fields {
					if field.Field.Name == "mqtt.msg" {
						b := tree.Buffer(field.In)[field.Pos : field.Pos+field.Len]
						got = append(got, fmt.Sprintf("%d %x", len(b), sha256.Sum256(b)))
					}
				}
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d messages, logged are %d", p.file, len(got), len(want))
		}
	}
}
