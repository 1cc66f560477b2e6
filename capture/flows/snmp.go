package flows

import "strata/layers"

// The ports of SNMP, of agents and of those that hear their traps.
const (
	portSNMP     = 161
	portSNMPTrap = 162
)

// How far a conversation of UDP is SNMP's.
const (
	unmanaged = iota
	isManaged // its last datagram was the first message
	renewed
)

// manage sees to it that SNMP's conversations have Wireshark's numbers. There
// what follows the first message is another conversation; to one who reads a
// capture twice the first message belongs to it, too, and its old number is
// left out.
func (t *Table) manage(f *Flow, h layers.UDPHeader, wire int) *Flow {
	switch {
	case f.managed == unmanaged:
		if isSNMP(h[layers.UDPSize:], wire-layers.UDPSize) {
			f.managed = isManaged
		}
	case f.managed == isManaged && f.Frames[0]+f.Frames[1] > 1: // there was something else before
		f = t.again(f)
		f.managed = renewed
	case f.managed == isManaged:
		f.Stream = t.streams[1]
		t.streams[1]++
		f.managed = renewed
	}
	return f
}

// isSNMP says whether a datagram looks like SNMP: a sequence that fits into
// it, and in it a number, the version (RFC 3416 sec. 3, X.690 sec. 8.1).
func isSNMP(b []byte, wire int) bool {
	const constructed, sequence, integer = 0x20, 0x10, 0x02
	if len(b) < 2 || b[0]&^constructed != sequence {
		return false
	}
	size, at := int(b[1]), 2
	if size >= 0x80 { // so many bytes of length follow
		n := size & 0x7f
		if size = 0; n > 4 || at+n > len(b) {
			return false
		}
		for _, c := range b[at : at+n] {
			size = size<<8 | int(c)
		}
		at += n
	}
	return at < len(b) && size <= wire-at && b[at]&^constructed == integer
}
