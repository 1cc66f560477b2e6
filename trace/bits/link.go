package bits

import (
	"strata/layers"
	"strata/trace"
)

// Link types of captures (https://www.tcpdump.org/linktypes.html).
const (
	linkEthernet = 1
	linkRadiotap = 127
)

// media say of links that are not Ethernet what is known of their wire.
var media = map[int]string{
	0:   "A loopback has no wire: the packet never left the host. The first 4 bytes are a note of the system, which says what it is.",
	108: "A loopback has no wire: the packet never left the host. The first 4 bytes are a note of the system, which says what it is.",
	101: "The packet was captured without any frame: which link carried it is not known.",
	228: "The packet was captured without any frame: which link carried it is not known.",
	229: "The packet was captured without any frame: which link carried it is not known.",
	113: "Linux took the frame's own header off, and put a note of its own before the packet: what the wire carried is not known.",
	276: "Linux took the frame's own header off, and put a note of its own before the packet: what the wire carried is not known.",
	105: "802.11 sends a preamble of the radio's own before each frame, at a slower rate, and waits for its turn. The bits of each byte go least significant first (IEEE 802.11 clause 9.2.2).",
	127: "The radio's notes, which were never sent, are left out. 802.11 sends a preamble of its own before each frame, at a slower rate, and waits for its turn. The bits of each byte go least significant first (IEEE 802.11 clause 9.2.2).",
	119: "The radio's notes come first; they were never sent. 802.11 sends a preamble of its own before each frame, at a slower rate, and waits for its turn.",
	163: "The radio's notes come first; they were never sent. 802.11 sends a preamble of its own before each frame, at a slower rate, and waits for its turn.",
	9:   "On a serial line, PPP puts a flag, 01111110, before and after each frame, and escapes it within (RFC 1662 sec. 3.1, 4.2).",
	50:  "On a serial line, PPP puts a flag, 01111110, before and after each frame, and escapes it within (RFC 1662 sec. 3.1, 4.2).",
	204: "The first byte tells the direction; it was never sent. PPP puts a flag, 01111110, before and after each frame (RFC 1662 sec. 3.1).",
	104: "HDLC puts a flag, 01111110, before and after each frame, and a 0 after any five 1s within (ISO/IEC 13239).",
	107: "Frame relay puts a flag, 01111110, before and after each frame, and a 0 after any five 1s within (ITU-T Q.922).",
	10:  "FDDI sends 4 bits as 5, with at least 16 idle symbols before a frame (ISO 9314).",
	239: "Linux's packet logging took the packet from within the system: it knows nothing of a wire.",
}

// loopback says whether an Ethernet header is that of Linux's loopback, which
// has no addresses to put into it.
func loopback(b []byte) bool {
	for i := range min(len(b), 12) {
		if b[i] != 0 {
			return false
		}
	}
	return len(b) >= layers.EthernetSize
}

const loopNote = "Both addresses are 0: this is a loopback, and the packet never left the host. There is no wire, and there are no times."

// note says what a capture cannot tell.
func note(f trace.Frame, ethernet bool) string {
	switch said := media[f.LinkType]; {
	case !ethernet && said != "":
		return said + " The rate is not known, so there are no times."
	case !ethernet:
		return "What this kind of link sends before and after a frame is not known here, nor its rate: there are no times."
	case f.WireLen > 0 && f.FCS == 0:
		return "A capture shows neither preamble, SFD nor gap, mostly no padding of what its own host sends, and here no FCS: they are what Ethernet adds. It does not know the rate, so there are no times."
	}
	return "A capture shows neither preamble, SFD nor gap: they are what Ethernet adds. It does not know the rate, so there are no times."
}
