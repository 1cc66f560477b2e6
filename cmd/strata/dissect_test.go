package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestDissectPicks: with a filter, dissect prints the very lines that it
// prints without one, of those frames that pass, from a file as from a pipe.
func TestDissectPicks(t *testing.T) {
	files, _ := filepath.Glob("../../testdata/*.pcap*")
	filters := []string{"tcp.flags.syn == 1", "frame.number % 3 == 1", "udp || icmp", "tcp.stream == 0", "http.request"}
	for i, path := range files {
		all := bytes.SplitAfter(strataPrints(t, "dissect", path), []byte("\n"))
		for n, by := range filters {
			if n%3 != i%3 && os.Getenv("STRATA_LONG") == "" { // each of them with some of the files
				continue
			}
			picked := strataPrints(t, "dissect", path, "-Y", by)
			rest := all
			for line := range bytes.Lines(picked) {
				for len(rest) > 0 && !bytes.Equal(rest[0], line) {
					rest = rest[1:]
				}
				if len(rest) == 0 {
					t.Fatalf("%s, %s: not a line of the whole: %.80s", filepath.Base(path), by, line)
				}
			}
			in, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			if piped := strataReads(t, in, "dissect", "-", "-Y", by); !bytes.Equal(piped, picked) {
				t.Errorf("%s, %s: %d bytes from a pipe, %d from the file", filepath.Base(path), by, len(piped), len(picked))
			}
			in.Close()
		}
	}
}
