package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"strata/scenarios"
	"strata/testdata/need"
)

// applications say at which interface a scenario is listened to, and how many
// frames a display filter must find there: so many as the protocol needs.
var applications = []struct {
	scenario, end, filter string
	frames                int
}{
	{"name-to-page", "laptop:eth0", "dhcp", 4},
	{"name-to-page", "laptop:eth0", "dns", 2},
	{"name-to-page", "laptop:eth0", "http.request || http.response", 2},
	{"polling-cost", "page:eth0", "http.request || http.response", 14}, // 7 questions, 7 answers
	{"upgrade-101", "page:eth0", "http.request || http.response", 2},
	{"upgrade-101", "page:eth0", "websocket", 6}, // news in 1, 1 and 2 frames, and 2 closes
	{"osi-vs-tcpip", "page:eth0", "http.request || http.response", 4},
	{"osi-vs-tcpip", "page:eth0", "tls && http", 2}, // by the secrets in the file
	{"sealed-envelope", "phone:eth0", "http.file_data contains \"sesame\"", 2},
	{"sealed-envelope", "phone:eth0", "tls && http", 2},
	{"mask-direction", "page:eth0", "websocket", 6},
	{"both-at-once", "anna:eth0", "websocket", 10},
	{"emit-both-ways", "page:eth0", "websocket", 8},
	{"ack-and-broadcast", "server:eth0", "websocket", 23}, // 3 sessions of 6 frames, a line, 3 copies, an answer
	{"poll-then-upgrade", "page:eth0", "http.request || http.response", 14},
	{"poll-then-upgrade", "page:eth0", "websocket", 22},
	{"heartbeat-death", "server:eth0", "websocket", 6}, // open, join, joined, ping, pong, ping
	{"head-of-line", "page:eth0", "websocket", 19},
	{"queue-decouples", "broker:eth0", "mqtt", 18},
	{"queue-qos", "broker:eth0", "mqtt", 36},
	{"redelivery", "broker:eth0", "mqtt", 21},
}

// recordAt writes what a scenario's interface sees.
func recordAt(t *testing.T, scenario, end string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), scenario+".pcapng")
	good(t, "", "run", scenario, "-i", end, "-o", file)
	return file
}

// TestTsharkReadsTheApplications: tshark finds each message of layers 5 to 7 in
// its frame, those inside TLS by the secrets that the file holds, and nothing
// malformed; and Strata finds them where tshark does.
func TestTsharkReadsTheApplications(t *testing.T) {
	need.Tool(t, "tshark")
	t.Parallel()
	for _, a := range applications {
		file := recordAt(t, a.scenario, a.end)
		theirs := strings.Fields(tsharkSays(t, "-n", "-r", file, "-Y", a.filter, "-T", "fields", "-e", "frame.number"))
		if len(theirs) != a.frames {
			t.Errorf("%s: %s: tshark finds %d frames, want %d", a.scenario, a.filter, len(theirs), a.frames)
		}
		var ours []string
		for line := range strings.Lines(good(t, "", "dissect", file, "-Y", a.filter)) {
			var f struct{ Frame int }
			if err := json.Unmarshal([]byte(line), &f); err != nil {
				t.Fatal(err)
			}
			ours = append(ours, fmt.Sprint(f.Frame))
		}
		if !slices.Equal(ours, theirs) {
			t.Errorf("%s: %s: Strata finds frames %v, tshark %v", a.scenario, a.filter, ours, theirs)
		}
		if bad := tsharkSays(t, "-n", "-r", file, "-Y", "_ws.malformed"); bad != "" {
			t.Errorf("%s: tshark: %s", a.scenario, bad)
		}
	}
}

// TestFollowOfTheCourse: what both sides of each stream of the Web's scenarios
// say is what tshark says that they do, and so it is inside TLS.
func TestFollowOfTheCourse(t *testing.T) {
	need.Tool(t, "tshark")
	t.Parallel()
	compared := map[string]int{}
	for _, e := range scenarios.List() {
		if e.Group != "Web" {
			continue
		}
		file := filepath.Join(t.TempDir(), e.Name+".pcapng")
		keys := filepath.Join(t.TempDir(), "keys.log")
		good(t, "", "run", e.Name, "-o", file, "--keylog-out", keys)
		_, streams := conversationsOf(t, file)
		sealed := strings.Fields(tsharkSays(t, "-n", "-r", file, "-Y", "tls", "-T", "fields", "-e", "tcp.stream"))
		args := []string{"-n", "-q", "-r", file}
		for _, c := range streams {
			args = append(args, "-z", fmt.Sprintf("follow,%s,raw,%d", c.Proto, *c.Stream))
			if c.Proto == "tcp" && slices.Contains(sealed, fmt.Sprint(*c.Stream)) {
				args = append(args, "-z", fmt.Sprintf("follow,tls,raw,%d", *c.Stream))
			}
		}
		theirs := sidesOf(tsharkSays(t, args...))
		for _, c := range streams {
			for _, kind := range []string{c.Proto, "tls"} {
				for side, from := range []string{c.A, c.B} {
					want, ok := theirs[fmt.Sprint(kind, *c.Stream, from)]
					if !ok { // tshark does not always name the client of a TLS session
						want, ok = theirs[fmt.Sprint(kind, *c.Stream, ":0")]
					}
					if !ok {
						continue
					}
					args := []string{"follow", file, "--" + c.Proto, fmt.Sprint(*c.Stream), "--format", "raw", "--dir", []string{"client", "server"}[side]}
					if kind == "tls" {
						args = append(args, "--keylog", keys)
					}
					compared[kind]++
					if got := strataPrints(t, args...); !bytes.Equal(got, want) {
						t.Errorf("%s: %s stream %d, %s: %q, tshark %q", e.Name, kind, *c.Stream, from, got, want)
					}
				}
			}
		}
	}
	if compared["tcp"] < 40 || compared["udp"] < 4 || compared["tls"] != 4 {
		t.Errorf("compared: %v", compared)
	}
}

// sidesOf reads "follow" as raw: a line of hex for each piece, behind a tab when
// it is of the second node named, which need not be the server. The key is the
// kind, the stream's number and the side.
func sidesOf(out string) map[string][]byte {
	sides := map[string][]byte{}
	var kind, stream string
	var nodes [2]string
	for line := range strings.Lines(out) {
		line = strings.TrimRight(line, "\n")
		if rest, ok := strings.CutPrefix(line, "Follow: "); ok {
			kind, _, _ = strings.Cut(rest, ",")
		} else if strings.HasPrefix(line, "Filter: ") {
			stream = line[strings.LastIndex(line, " ")+1:]
		} else if node, ok := strings.CutPrefix(line, "Node 0: "); ok {
			nodes[0] = node
		} else if node, ok := strings.CutPrefix(line, "Node 1: "); ok {
			nodes[1] = node
			sides[kind+stream+nodes[0]], sides[kind+stream+nodes[1]] = []byte{}, []byte{}
		} else if b, err := hex.DecodeString(strings.TrimPrefix(line, "\t")); err == nil && len(b) > 0 {
			key := kind + stream + nodes[strings.Count(line, "\t")]
			sides[key] = append(sides[key], b...)
		}
	}
	return sides
}
