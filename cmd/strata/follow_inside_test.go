package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"strata/testdata/need"
)

// TestFollowInsideLikeTshark: what both sides of a real program's TLS sessions
// say inside them is what tshark says, with the secrets that the file brings or
// with a key log.
func TestFollowInsideLikeTshark(t *testing.T) {
	need.Tool(t, "tshark")
	for name, sessions := range map[string]int{"tls13.pcapng": 4, "tls12.pcap": 4, "updates.pcapng": 1, "socketios.pcapng": 15, "wss.pcapng": 3} {
		path := filepath.Join("../../testdata", name)
		keys, log := filepath.Join("../../testdata", strings.TrimSuffix(name, ".pcap")+".keys"), []string{}
		if strings.HasSuffix(name, ".pcapng") {
			keys = write(t, filepath.Join(t.TempDir(), "none.keys"), "")
		} else {
			log = []string{"-o", "tls.keylog_file:" + keys}
		}
		_, streams := conversationsOf(t, path)
		args := append([]string{"-n", "-q", "-r", path}, log...)
		for _, c := range streams {
			args = append(args, "-z", fmt.Sprintf("follow,tls,raw,%d", *c.Stream))
		}
		theirs := sidesOf(tsharkSays(t, args...))
		told := 0
		for _, c := range streams {
			for side, from := range []string{c.A, c.B} {
				dir := []string{"client", "server"}[side]
				got := strataPrints(t, "follow", path, "--tcp", fmt.Sprint(*c.Stream), "--format", "raw", "--dir", dir, "--keylog", keys)
				want, ok := theirs[fmt.Sprint("tls", *c.Stream, from)]
				if !ok { // tshark does not always name the client of a TLS session
					want = theirs[fmt.Sprint("tls", *c.Stream, ":0")]
				}
				if len(want) > 0 {
					told++
				}
				if !bytes.Equal(got, want) {
					t.Errorf("%s: stream %d, %s: %d bytes, tshark %d; the same at first: %d", name, *c.Stream, dir, len(got), len(want), same(got, want))
				}
			}
		}
		if told < 2*sessions {
			t.Errorf("%s: %d sides of sessions were compared, want %d", name, told, 2*sessions)
		}
	}
}

// same is how many bytes are the same at the start.
func same(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
