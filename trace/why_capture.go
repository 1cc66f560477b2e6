package trace

// Reasons of captures. A sentence says what is seen, what is inferred from it,
// and what cannot be known.
var (
	CaptureSeen   = reason("capture.seen", "Seen: these {n} {n?byte|bytes} passed the point where the capture was made. All else about this frame is inferred from them.", "", "frame")
	CaptureCut    = reason("capture.cut", "Seen: a frame of {n} {n?byte|bytes} passed here, but the capture kept only the first {k}. What the others were cannot be known.", "", "frame", "snap length")
	CaptureOpaque = reason("capture.opaque", "Seen: {n} {n?byte|bytes} that are no Ethernet frame (link type {t}). Strata shows them as data.", "", "frame")
	CaptureArrive = reason("capture.arrive", "Inferred: the frame goes on to {h:str}. Whether it got there cannot be known from here, unless a later frame answers it.", "", "frame")

	CaptureSend    = reason("capture.send", "Inferred: a program on {h:str} hands over {s:str} of {n} {n?byte|bytes}. Seen is its first byte, in this frame.", "", "message", "client", "server")
	CaptureBegun   = reason("capture.send-begun", "Inferred: a program on {h:str} hands over {s:str}. Seen is its first byte, in this frame; its end is not in the capture.", "", "message", "client", "server")
	CaptureEncode  = reason("capture.encode", "Inferred: the message is text, and UTF-8 makes bytes of it. It adds none of its own.", "RFC 3629 sec. 3", "message")
	CaptureWrite   = reason("capture.write", "Inferred: these bytes enter the socket of {h:str}. A session is state kept at both ends; it adds 0 bytes.", "", "socket", "port")
	CaptureRead    = reason("capture.read", "Inferred: with this frame all {n} {n?byte is|bytes are} there, so a program on {h:str} that waits for them can read them. When it does cannot be known from here.", "", "socket")
	CaptureDecode  = reason("capture.decode", "Inferred: these bytes are valid UTF-8, so they can be read as text again.", "RFC 3629 sec. 3", "message")
	CaptureDeliver = reason("capture.deliver", "Inferred: {h:str} has {s:str} of {n} {n?byte|bytes} whole with this frame. Whether a program takes it cannot be known from here, unless it answers.", "", "message")

	CaptureSegment  = reason("capture.segment", "Inferred: TCP cuts {n} {n?byte|bytes} from its stream, from byte {o} on, and puts {k} bytes of header before them. Why just so many depends on windows that cannot be known from here.", "RFC 9293 sec. 3.1", "TCP", "segment")
	CaptureControl  = reason("capture.segment-empty", "Inferred: TCP sends a segment without data; its {k} bytes of header say {f:str}.", "RFC 9293 sec. 3.1", "TCP", "segment")
	CaptureResent   = resent("capture.resent", "Seen: these {n} {n?byte|bytes} passed here before. Inferred: the sender holds them for lost and sends them again; which timer or which acknowledgment made it do so cannot be known from here.", "RFC 9293 sec. 3.8.1", "TCP", "segment", "retransmission")
	CaptureAgain    = resent("capture.resent-empty", "Seen: this segment ({f:str}) passed here before. Inferred: no answer came, so the sender sends it again.", "RFC 9293 sec. 3.8.1", "TCP", "segment", "retransmission")
	CaptureTaken    = reason("capture.segment-read", "Inferred: TCP at {h:str} reads the header, {k} bytes, and takes {n} {n?byte|bytes} of data.", "RFC 9293 sec. 3.10.7", "TCP", "segment")
	CaptureFilled   = reason("capture.gap-filled", "Inferred: this segment fills a gap. What had come after the gap is whole with it now, up to byte {o} of the stream.", "RFC 9293 sec. 3.10.7.4", "TCP", "segment")
	CaptureDatagram = reason("capture.datagram", "Inferred: UDP puts 8 bytes before the message: two ports ({p} to {q}), the length and a checksum.", "RFC 768", "UDP", "datagram", "port")
	CaptureToSocket = reason("capture.datagram-read", "Inferred: UDP at {h:str} reads its 8 bytes; port {q} says whom the rest is for.", "RFC 768", "UDP", "datagram", "port")
	CaptureICMP     = reason("capture.icmp", "Inferred: {h:str} makes an ICMP message (type {t}, code {c}) of {n} bytes.", "RFC 792", "ICMP")
	CaptureICMPRead = reason("capture.icmp-read", "Inferred: {h:str} reads an ICMP message (type {t}, code {c}).", "RFC 792", "ICMP")
	CaptureHeader   = reason("capture.header", "Inferred: {s:str} puts its {k} {k?byte|bytes} of header before what it carries.", "", "encapsulation")
	CaptureStripped = reason("capture.header-read", "Inferred: {h:str} reads {k} {k?byte|bytes} of {s:str} header, and hands on what follows.", "", "encapsulation")
	CaptureRadio    = reason("capture.radio", "Seen: the radio that heard the frame noted {k} {k?byte|bytes} about it, such as channel and signal. They were never sent.", "", "frame")
	CaptureARP      = reason("capture.arp", "Inferred: {h:str} makes an ARP packet about the address {a:str}.", "RFC 826", "ARP", "MAC address")
	CaptureARPRead  = reason("capture.arp-read", "Inferred: the ARP packet is read: {h:str} is at {m:mac}.", "RFC 826", "ARP", "MAC address")
	CaptureOther    = reason("capture.transport", "Inferred: {n} {n?byte|bytes} of {s:str} are to go into one IP packet.", "RFC 791 sec. 3.2", "packet")

	CapturePacket     = reason("capture.packet", "Inferred: IP puts {k} bytes before it: from {a:str} to {b:str}. Seen here is a TTL of {t}; how many routers have taken one off already cannot be known.", "RFC 791 sec. 3.1", "packet", "IP address", "TTL")
	CapturePacketRead = reason("capture.packet-read", "Inferred: {h:str} finds its own address in the packet, takes the header off ({k} bytes) and hands up the rest.", "RFC 1122 sec. 3.2.1.3", "packet", "IP address")
	CaptureFragment   = reason("capture.fragment", "Inferred: the packet was too large for some link, so IP cut it. This fragment carries {n} {n?byte|bytes} from byte {o} on. Whether the sender or a router cut it cannot be known from here.", "RFC 791 sec. 3.2", "fragment", "MTU")
	CaptureWhole      = reason("capture.reassembled", "Inferred: with this fragment all {n} bytes are there, and IP at {h:str} makes them whole again.", "RFC 815", "fragment")
	CaptureTag        = reason("capture.tag", "Inferred: an 802.1Q tag puts the frame into VLAN {v}.", "IEEE 802.1Q", "frame", "VLAN")
	CaptureTagRead    = reason("capture.tag-read", "Inferred: the tag of VLAN {v} comes off.", "IEEE 802.1Q", "frame", "VLAN")
	CaptureFrame      = reason("capture.frame", "Inferred: Ethernet puts 14 bytes before it: from {a:mac} to {b:mac}. These addresses are those of this link only.", "IEEE 802.3", "frame", "MAC address")
	CaptureFrameRead  = reason("capture.frame-read", "Inferred: whoever listens to {b:mac} takes the Ethernet header off.", "IEEE 802.3", "frame", "MAC address")
)
