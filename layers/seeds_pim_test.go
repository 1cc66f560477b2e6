package layers_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"strata/layers"
)

// Addresses as PIM writes them: of a router, of groups and of a source, each
// of both families.
const (
	pimRouter, pimGroup, pimSource    = "0100 0a000009 ", "0100 00 20 e1000003 ", "0100 04 20 0a000005 "
	pimRouter6, pimGroup6, pimSource6 = "0200 20010db8000000000000000000000001 ", "0200 81 80 ff020000000000000000000000000001 ", "0200 07 80 20010db8000000000000000000000005 "
)

// pimMessage is a message with its checksum, over IPv4.
func pimMessage(kind, second byte, body string) []byte {
	return summed(103, append([]byte{0x20 | kind, second, 0, 0}, unhex(body)...))
}

// pimOldMessage is one of version 1.
func pimOldMessage(code byte, body string) []byte {
	return summed(2, append([]byte{0x14, code, 0, 0, 0x10, 0, 0, 0}, unhex(body)...))
}

func summed(protocol uint8, m []byte) []byte {
	binary.BigEndian.PutUint16(m[2:], layers.Checksum(layers.Sum(m, 0)))
	return overIP(protocol, m)
}

// pimFrames are messages of all types, whole and cut.
func pimFrames() (frames [][]byte) {
	join := pimRouter + "00 01 00d2" + pimGroup
	for _, m := range []struct {
		kind, second byte
		body         string
	}{
		{0, 0, "0001 0002 0069 0002 0004 81f4 09c4 0013 0004 00000001 0014 0004 12345678 0015 0004 013c0000 0016 0000 0018 000c" + pimRouter + pimRouter + "fde9 0006" + pimRouter + "001e 0002 0005"},
		{0, 0, "0001 0002 ffff 0013 00"}, {0, 0, "0001 0002"}, {0, 0, "0014 0009 00000001"}, {0, 0, "0018 0006 0300 01020304"}, {0, 0, ""},
		{2, 0, pimGroup + pimRouter}, {2, 0, pimGroup6 + pimRouter6}, {2, 0, "0300 00000000"}, {2, 0, "0102 00000000"},
		{3, 0, join + "0002 0001" + pimSource + pimSource + pimSource}, {3, 0, join + "0002 0001" + pimSource},
		{3, 0, pimRouter6 + "00 02 ffff" + pimGroup6 + "0001 0001" + pimSource6 + pimSource6 + pimGroup6 + "0000 0001" + pimSource6},
		{3, 0, join + "0001 0000 0101 07 20 0a000005 8006" + pimRouter + "0605 01 0a000009 4201 05"}, {3, 0, join + "0001 0000 0101 07 20 0a000005 4009 01"},
		{4, 0x80, "1234 1e 40" + pimRouter + pimGroup + "02 02 0000" + pimRouter + "0096 c0 00" + pimRouter + "ffff c1 00" + pimGroup6 + "01 01 0000" + pimRouter6 + "0096 c0 00"},
		{4, 0, "1234 1e 40" + pimRouter + pimGroup + "02 02 0000" + pimRouter}, {4, 0, "1234"},
		{5, 0, pimGroup + pimRouter + "80000001 00000005"}, {5, 0, pimGroup + pimRouter + "80000001 0000"},
		{6, 0, join + "0001 0000" + pimSource}, {7, 0, join + "0000 0001" + pimSource},
		{8, 0, "02 c0 0096" + pimRouter + pimGroup + pimGroup6}, {8, 0, "02 c0 0096" + pimRouter},
		{9, 0, pimGroup + pimRouter + pimRouter + "80000005 00000009 20 10 e0 3c"}, {9, 0, pimGroup + pimRouter + pimRouter + "80000005 00000009 20 10"},
		{10, 0x10, pimRouter + "00000001 00000002"}, {10, 0x2f, pimRouter + "00000001 00"},
		{1, 0, "40000000 45000014 00014000 01678e80 0a000001 e1000001"}, {11, 0, pimGroup + pimSource + pimRouter + "00000001 00000002"},
		{12, 0x80, pimRouter + "8002 0004 01020304 0001 0018" + pimGroup + "0002 003c" + pimRouter + pimRouter}, {12, 0, pimRouter + "0001 0004 00000000"}, {12, 0, pimRouter + "8007 0000"},
		{13, 0, "01020304"},
	} {
		frames = append(frames, pimMessage(m.kind, m.second, m.body))
	}
	for code, body := range []string{"20 00 0069", "45000014", "e1000003 0a000005", "0a000009 0000 00d2 00 20 04 01 e1000003 ffffffff 0001 0001 07 20 0a000005 0c 20 0a000006",
		"e1000003 ffffffff 0a000009 0000 010e", "e1000003 ffffffff 80000001 00000005", "0a000009 0000 00d2 00 20 04 00", "0a000009 0000 00d2 00 20 04 01 e1000003 ff", "01020304", ""} {
		frames = append(frames, pimOldMessage(byte(code), body))
	}
	for _, broken := range []string{"20", "2000", "200001", "30000001 0102"} {
		frames = append(frames, overIP(103, unhex(broken)))
	}
	return frames
}

// TestPIMBeyondTshark: what Wireshark 4.0 does not find in a message. It looks
// for the kind of an election in the wrong byte, so it never shows who offered
// or won; and of an IPv6 locator it shows four bytes.
func TestPIMBeyondTshark(t *testing.T) {
	for _, c := range []struct {
		frame []byte
		want  string
	}{
		{pimMessage(10, 0x30, pimRouter+"00000001 00000002"+pimRouter+"00000003 00000004 0005"), "pim.bidir_offering_ip4=10.0.0.9 pim.bidir_off_metric_pref=3 pim.bidir_off_metric=4 pim.bidir_offering_interval=5"},
		{pimMessage(10, 0x40, pimRouter+"00000001 00000002"+pimRouter6+"00000003 00000004"), "pim.bidir_winner_ip6=2001:db8::1 pim.bidir_win_metric_pref=3 pim.bidir_win_metric=4"},
		{pimMessage(3, 0, pimRouter+"00 01 00d2"+pimGroup+"0001 0000 0101 07 20 0a000005 4611 02 20010db8000000000000000000000001"), "pim.rloc_ipv6=2001:db8::1"},
	} {
		found := map[string]bool{}
		var look func([]layers.Node)
		look = func(nodes []layers.Node) {
			for _, n := range nodes {
				found[n.Field.Name+"="+n.Show] = true
				look(n.Children)
			}
		}
		tree := layers.Dissect(c.frame, layers.Options{})
		look(tree.Parts[2].Fields)
		for _, want := range strings.Fields(c.want) {
			if !found[want] {
				t.Errorf("%s is not found in %s", want, tree.Parts[2].Summary)
			}
		}
		if len(tree.Expert) > 0 {
			t.Errorf("%s: %v", tree.Parts[2].Summary, tree.Expert)
		}
	}
}
