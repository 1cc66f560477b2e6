// Package pdml holds a dissection to tshark's, for tests: it runs tshark with
// "-T pdml", reads what it says, and counts which of its fields a
// layers.Tree has too.
//
//	capture file ──tshark──> []Packet ─┐
//	frame ──Dissect──> *layers.Tree ───┴─Compare──> Score per protocol
package pdml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"testing"

	"strata/testdata/need"
)

// Element is a protocol or a field of a packet.
type Element struct {
	XMLName  xml.Name
	Name     string    `xml:"name,attr"`
	Pos      int       `xml:"pos,attr"`
	Size     int       `xml:"size,attr"`
	Show     string    `xml:"show,attr"`
	Value    string    `xml:"value,attr"`
	Unmasked string    `xml:"unmaskedvalue,attr"`
	Hide     string    `xml:"hide,attr"`
	Children []Element `xml:",any"`
}

// Bytes are the field's bytes in hex: the whole word of a masked field. Empty
// where tshark gives none.
func (e Element) Bytes() string {
	if e.Unmasked != "" {
		return e.Unmasked
	}
	return e.Value
}

// Read calls each with every packet of a PDML document, as its protocols.
func Read(r io.Reader, each func(protos []Element)) error {
	d := xml.NewDecoder(r)
	d.Strict = false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("pdml: %w", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "packet" {
			continue
		}
		var packet Element
		if err := d.DecodeElement(&packet, &start); err != nil {
			return fmt.Errorf("pdml: %w", err)
		}
		each(packet.Children)
	}
}

// Alone are tshark's settings for reading each frame by itself.
var Alone = []string{"-o", "tcp.desegment_tcp_streams:FALSE", "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE"}

// Tshark reads a capture file with tshark and calls each with every packet.
// It skips the test where there is no tshark.
func Tshark(t testing.TB, file string, each func(protos []Element), args ...string) {
	t.Helper()
	cmd := exec.Command(need.Tool(t, "tshark"), append([]string{"-n", "-r", file, "-T", "pdml"}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := Read(out, each); err != nil {
		t.Errorf("%s: %v", file, err)
		_, _ = io.Copy(io.Discard, out)
	}
	_ = cmd.Wait() // tshark fails on a file that is cut; its packets still count
}
