package trace

// Reasons of programs and sockets (layers 7 to 5).
var (
	ProgramSend    = reason("program.send", "Your program hands over one message of {n} {n?byte|bytes}. It knows nothing of packets: all that follows below is the stack's work.", "", "message", "client", "server")
	ProgramDeliver = reason("program.deliver", "Your program has the whole message again: {n} {n?byte, the same that was|bytes, the same that were} sent.", "", "message")
	ProgramEnd     = reason("program.end", "Your program has ended: {s:str}.", "", "client", "server")
	ProgramNote    = reason("program.note", "Your program notes {f:str} of {k:str}: {s:str}.", "", "client", "server")
	ProgramForget  = reason("program.forget", "Your program forgets {f:str} of {k:str}.", "", "client", "server")
	TextEncode     = reason("text.utf8", "Text travels as bytes: UTF-8 makes {n} {n?byte|bytes} of {c?this|these} {c} {c?character|characters}, and adds none of its own.", "RFC 3629 sec. 3", "message")
	TextDecode     = reason("text.decode", "{n?This|These} {n} {n?byte is|bytes are} read as {c} {c?character|characters} of UTF-8 text again.", "RFC 3629 sec. 3", "message")
	SocketOpen     = reason("socket.open", "A new socket: from now on you know which program gets what comes for these addresses and ports.", "RFC 9293 sec. 3.9.1", "socket", "port")
	SocketClose    = reason("socket.close", "This socket is gone; its addresses and ports may be used again.", "", "socket", "port")
	SocketState    = reason("socket.state", "The connection behind this socket changed its state.", "RFC 9293 sec. 3.3.2", "socket")
	SocketError    = bad("socket.error", "Your program is told that its connection failed: {s:str}.", "RFC 9293 sec. 3.9.1", "socket")
	SocketWrite    = reason("socket.write", "{n} {n?byte enters|bytes enter} the socket {s:str}. A session is state kept at both ends; it adds 0 bytes.", "", "socket", "port")
	SocketRead     = reason("socket.read", "Your program reads {n} {n?byte|bytes} from the socket {s:str}.", "", "socket")
	SocketEnd      = reason("socket.end", "Your program reads the end of the stream: the other side has sent its FIN, and everything before it has been read.", "RFC 9293 sec. 3.6", "socket", "half-close")
)

// Reasons of the host's side of TCP; TCP's own are in why_tcp.go.
var (
	TCPToSocket  = reason("tcp.to-socket", "Both addresses and both ports together name the connection {s:str}: the segment with its {n} {n?byte|bytes} of data goes there.", "RFC 9293 sec. 3.10", "segment", "socket", "port")
	TCPToListen  = reason("tcp.to-listener", "No connection has these addresses and ports yet, but a program listens on port {p}.", "RFC 9293 sec. 3.10.7.2", "socket", "port", "server")
	TCPNobody    = bad("tcp.no-socket", "No connection has these addresses and ports, and nobody listens on port {p}.", "RFC 9293 sec. 3.10.7.1", "TCP", "port")
	TCPRefuse    = bad("tcp.refuse", "A segment for nobody is answered with RST, so that its sender stops waiting.", "RFC 9293 sec. 3.10.7.1", "RST", "TCP")
	TCPChecksum  = bad("tcp.checksum", "The checksum says {want:hex}, the bytes give {got:hex}: something was damaged on the way, past the frame's own check. TCP drops the segment; its sender will send it again.", "RFC 9293 sec. 3.1", "checksum", "TCP")
	TCPMalformed = bad("tcp.malformed", "This is no TCP segment that can be read: its header length is wrong.", "RFC 9293 sec. 3.1", "segment")
	TCPBroadcast = bad("tcp.broadcast", "{a:ip} is everybody's address, and a connection has exactly two ends: the segment is dropped without a word.", "RFC 9293 sec. 3.9.2.3", "TCP", "broadcast")
	TCPBacklog   = bad("tcp.backlog-full", "{n} {n?connection waits|connections wait} to be accepted by your program; there is no room for one more.", "RFC 9293 sec. 3.9.1.1", "socket", "server")
	TCPGapFilled = reason("tcp.gap-filled", "The missing bytes are here: what came out of order before is in order now, and {n} bytes can be read.", "RFC 9293 sec. 3.10.7.4", "stream", "reassembly")
)

// Reasons of UDP.
var (
	UDPWrap      = reason("udp.datagram", "UDP puts 8 bytes before your {n}: two ports, the length and a checksum. It keeps no state and sends at once.", "RFC 768", "UDP", "datagram", "port")
	UDPDeliver   = reason("udp.to-socket", "Port {p} belongs to one of your sockets, so the datagram's {n} {n?byte goes|bytes go} to it: whole, or not at all.", "RFC 768", "UDP", "datagram", "socket", "port")
	UDPNoSocket  = bad("udp.no-socket", "No program has opened UDP port {p} here, so nobody can take this datagram.", "RFC 1122 sec. 4.1.3.1", "UDP", "port")
	UDPChecksum  = bad("udp.checksum", "The checksum says {want:hex}, the bytes give {got:hex}: something was damaged on the way, past the frame's own check. UDP drops the datagram.", "RFC 1122 sec. 4.1.3.4", "checksum", "UDP")
	UDPMalformed = bad("udp.malformed", "This datagram's length field does not fit the packet that it came in.", "RFC 768", "UDP", "datagram")
	UDPFull      = bad("udp.buffer-full", "The socket's buffer is full: the program reads too slowly, and UDP has no way to slow the sender down.", "RFC 768", "UDP", "socket")
)

// Reasons of IPv4.
var (
	IPWrap        = reason("ip.packet", "IP puts 20 bytes before it: from {a:ip} to {b:ip}, with {ttl} hops to live. These two addresses stay the same all the way.", "RFC 791 sec. 3.1", "packet", "IP address", "TTL")
	IPForMe       = reason("ip.for-me", "{a:ip} is an address of yours, so the packet has arrived: its header comes off and the rest goes up to {s:str}.", "RFC 1122 sec. 3.2.1.3", "packet", "IP address")
	IPForward     = reason("ip.forward", "{a:ip} is no address of yours, so you pass the packet on. The longest prefix that fits is {net:ip}/{bits}: next hop {via:ip}. TTL goes from {from} to {to}, so the header checksum changes too.", "RFC 1812 sec. 5.2", "router", "TTL", "checksum")
	IPNoRoute     = bad("ip.no-route", "You know no route to {a:ip}.", "RFC 1812 sec. 5.2.4", "router")
	IPExpired     = bad("ip.ttl-expired", "The packet's TTL has run out here. A packet may not wander for ever, so it ends, and its sender is told.", "RFC 1812 sec. 5.3.1", "TTL", "router")
	IPChecksum    = bad("ip.checksum", "The header checksum says {want:hex}, the header gives {got:hex}: it was damaged, and the packet ends here.", "RFC 1812 sec. 5.2.2", "checksum")
	IPNotMine     = bad("ip.not-mine", "{a:ip} is no address of yours, and a host does not pass packets on.", "RFC 1122 sec. 3.2.1.3", "IP address")
	IPFragment    = reason("ip.fragment", "The packet has {n} bytes, the next link takes {mtu}: IP cuts it. This piece carries bytes {off} to {end}; every piece but the last must have a length that is a multiple of 8.", "RFC 791 sec. 3.2", "fragment", "MTU")
	IPDontFrag    = bad("ip.dont-fragment", "The packet has {n} bytes, the next link takes {mtu}, and its sender forbade cutting it (DF).", "RFC 791 sec. 3.1", "fragment", "MTU")
	IPPiece       = reason("ip.fragment-kept", "Bytes {off} to {end} of the packet are here. They wait for the others: only whole packets go up.", "RFC 815", "fragment")
	IPWhole       = reason("ip.reassembled", "The last missing fragment is here: {n} bytes are whole again and go up.", "RFC 815", "fragment")
	IPTimeout     = bad("ip.reassembly-timeout", "Not all fragments came within {d:time}. One lost fragment loses the whole packet.", "RFC 1122 sec. 3.3.2", "fragment")
	IPBadFragment = bad("ip.bad-fragment", "This fragment cannot be a part of any packet: it is empty, not the last and yet no multiple of 8 long, or lies past the end.", "RFC 791 sec. 3.2", "fragment")
	IPNoMemory    = bad("ip.reassembly-full", "Too many unfinished packets are waiting for fragments here; this one is given up.", "RFC 815", "fragment")
	IPFiltered    = bad("ip.filtered", "A packet filter of yours drops it without a word. The sender will never know why.", "RFC 2979", "firewall")
	IPDamaged     = bad("ip.damaged-inside", "Your memory flips a bit of the packet, after the frame's check was passed. The new frame gets a correct FCS over wrong bytes: only layer 4 can notice.", "RFC 1122 sec. 4.2.2.7", "checksum", "FCS")
	IPNoProtocol  = bad("ip.no-protocol", "Nothing here speaks IP protocol {p}.", "RFC 1122 sec. 3.2.2.1", "packet")
)

// Reasons of routers that translate addresses.
var (
	NATNew      = reason("nat.new", "{s:str} sends outwards for the first time, and you lend it {o:str}: what comes there will be for it.", "RFC 4787 sec. 4.1", "NAT", "port")
	NATPeer     = reason("nat.peer", "{s:str} now talks with {o:str}: what comes from that address may pass.", "RFC 4787 sec. 5", "NAT")
	NATState    = reason("nat.timeout", "How long you keep this in mind without hearing of it has changed: {d:time}.", "RFC 5382 sec. 5", "NAT", "TCP")
	NATOut      = reason("nat.rewrite", "The inside address {s:str} means nothing out there: you write {o:str} over it, and adjust both checksums by the difference.", "RFC 3022 sec. 4.1", "NAT", "checksum", "port")
	NATIn       = reason("nat.rewrite-back", "{o:str} is lent to {s:str}: you write that over the destination, and adjust both checksums by the difference.", "RFC 3022 sec. 4.1", "NAT", "checksum", "port")
	NATQuote    = reason("nat.rewrite-quote", "This error quotes a packet as the one side knows it, and is meant for the other: you translate the quoted header, too, between {s:str} and {o:str}.", "RFC 5508 sec. 4", "NAT", "ICMP")
	NATExpired  = reason("nat.expired", "Nothing went out from {s:str} for {d:time}, so you forgot that {o:str} is lent to it.", "RFC 4787 sec. 4.3", "NAT")
	NATUnknown  = bad("nat.unknown", "You know nobody inside for whom {o:str} stands now: the packet ends here, and its sender will not be told.", "RFC 4787 sec. 5", "NAT", "port")
	NATFiltered = bad("nat.filtered", "{s:str} has sent nothing to {a:ip} lately, so nothing from there may come in.", "RFC 4787 sec. 5", "NAT", "firewall")
	NATFull     = bad("nat.full", "All ports of your outside address are lent: there is none left for {s:str}.", "RFC 4787 sec. 4.2", "NAT", "port")
	NATOther    = bad("nat.no-port", "What the packet carries has no port by which its answer could be told from others: you cannot translate it.", "RFC 4787 sec. 4.1", "NAT", "port")
)

// Reasons of ICMP.
var (
	ICMPUnreachable = bad("icmp.unreachable", "The packet could not be delivered (code {c}), so you tell its sender, and quote the start of that packet.", "RFC 792", "ICMP")
	ICMPExpired     = bad("icmp.time-exceeded", "You tell the sender that its packet's time ran out (code {c}), and quote the start of that packet.", "RFC 792", "ICMP", "TTL")
	ICMPEcho        = reason("icmp.echo-reply", "You send the same data back: {n} bytes with the ICMP header, whose checksum is computed anew.", "RFC 1122 sec. 3.2.2.6", "ICMP", "ping")
	ICMPAsked       = reason("icmp.echo-request", "Somebody asks whether you are there. Every host answers such echo requests by itself, so no program is needed.", "RFC 1122 sec. 3.2.2.6", "ICMP", "ping")
	ICMPWrap        = reason("icmp.message", "Your program hands over an ICMP message of {n} bytes; it goes into an IP packet as it is.", "RFC 792", "ICMP", "ping")
	ICMPDeliver     = reason("icmp.deliver", "An ICMP message (type {t}, code {c}) for you: whoever asked for such news here gets it.", "RFC 792", "ICMP")
	ICMPQuiet       = reason("icmp.rate-limited", "No error is sent: you have sent too many of them lately.", "RFC 1812 sec. 4.3.2.8", "ICMP")
	ICMPChecksum    = bad("icmp.checksum", "The ICMP checksum does not fit its bytes: the message is dropped.", "RFC 792", "checksum", "ICMP")
)

// Reasons of addresses that a program sets up.
var (
	AddressSet  = reason("ip.address-set", "The interface {s:str} has an address now: {a:ip}/{bits}. From this moment on you can be reached.", "RFC 2131 sec. 4.4.1", "IP address", "DHCP")
	AddressGone = reason("ip.address-gone", "The interface {s:str} has lost its address {a:ip}: you cannot be reached there any more.", "RFC 2131 sec. 4.4.5", "IP address", "DHCP")
	RouteGone   = reason("route.gone", "The way to {net:ip}/{bits} went with the address that it needed.", "RFC 1812 sec. 5.2.4", "router")
	ARPProbe    = reason("arp.probe", "Before you take {a:ip} you ask whether anybody has it. You name no address of your own: nobody may remember it yet.", "RFC 5227 sec. 2.1.1", "ARP", "broadcast")
	ARPAnnounce = reason("arp.announce", "{a:ip} is yours now, and you tell everyone on the link, unasked: who remembers another MAC address for it corrects that.", "RFC 5227 sec. 2.3", "ARP", "broadcast")
	ARPConflict = bad("arp.conflict", "{m:mac} has {a:ip}, too: you may not use it.", "RFC 5227 sec. 2.1.1", "ARP", "MAC address")
)

// Reasons of ARP.
var (
	ARPAsk     = reason("arp.ask", "Who has {a:ip}? You do not know yet, so you ask everyone on the link.", "RFC 826", "ARP", "MAC address", "broadcast")
	ARPWait    = reason("arp.wait", "The packet must go to {a:ip} next, whose MAC address you do not know. It waits while ARP asks.", "RFC 1122 sec. 2.3.2.2", "ARP", "MAC address")
	ARPAnswer  = reason("arp.answer", "{a:ip} is your address, so you answer the one who asked, and only that one.", "RFC 826", "ARP", "MAC address")
	ARPLearn   = reason("arp.learn", "{a:ip} is at {m:mac}. You remember that, so that the next packet need not wait.", "RFC 826", "ARP", "MAC address")
	ARPWarm    = reason("arp.warm", "You know {a:ip} from before: it is at {m:mac}.", "RFC 826", "ARP")
	ARPForget  = reason("arp.forget", "What you knew of {a:ip} is too old to be trusted.", "RFC 1122 sec. 2.3.2.1", "ARP")
	ARPFailed  = bad("arp.failed", "Nobody answered your {n} {n?question|questions} for {a:ip}: the packet cannot be delivered.", "RFC 1122 sec. 2.3.2", "ARP")
	ARPFull    = bad("arp.queue-full", "Too many packets wait for {a:ip}'s MAC address; the oldest gives way.", "RFC 1122 sec. 2.3.2.2", "ARP")
	ARPRead    = reason("arp.read", "You read an ARP packet of {a:ip}.", "RFC 826", "ARP")
	ARPNotMine = reason("arp.not-mine", "The question is for {a:ip}, and that is not you: you stay silent.", "RFC 826", "ARP")
)

// Reasons of Ethernet, switches and wires.
var (
	EthWrap     = reason("eth.frame", "Ethernet puts 14 bytes before it and 4 after: to {m:mac}, which is only the next station on this link.", "IEEE 802.3", "frame", "MAC address", "FCS")
	EthPad      = reason("eth.padded", "Ethernet puts 14 bytes before it and 4 after, to {m:mac}. A frame has at least 64 bytes, so {n} zero {n?byte is|bytes are} added as padding.", "IEEE 802.3", "frame", "MAC address", "padding", "FCS")
	EthForMe    = reason("eth.for-me", "The frame is for you, and its FCS is right: the header comes off.", "IEEE 802.3", "frame", "MAC address", "FCS")
	EthNotMine  = reason("eth.not-mine", "The frame is for {m:mac}. The switch did not know where that is, so everybody got it; you ignore it.", "IEEE 802.3", "frame", "MAC address")
	EthBadFCS   = bad("eth.fcs", "The FCS does not fit the bytes: some bit was flipped on the wire. The frame is dropped, and you tell nobody: layer 2 only throws away.", "IEEE 802.3", "FCS", "frame")
	EthUnknown  = reason("eth.unknown-type", "Nothing here speaks the protocol that the frame carries.", "IEEE 802.3", "frame")
	SwitchLearn = reason("switch.learn", "{m:mac} sent from here, so it must be reachable through this port: you remember that.", "IEEE 802.1D sec. 7.8", "switch", "MAC address")
	SwitchAge   = reason("switch.age", "{m:mac} has been silent for {d:time}; you forget where it is.", "IEEE 802.1D sec. 7.9", "switch")
	SwitchKnown = reason("switch.forward", "You know where {m:mac} is, so the frame goes out of that port alone, unchanged.", "IEEE 802.1D sec. 7.7", "switch", "MAC address")
	SwitchFlood = reason("switch.flood", "You have not heard from {m:mac} yet, so the frame goes out of every other port.", "IEEE 802.1D sec. 7.7", "switch", "MAC address")
	SwitchAll   = reason("switch.broadcast", "A frame for everyone goes out of every other port, always.", "IEEE 802.1D sec. 7.7", "switch", "broadcast")
	SwitchSame  = reason("switch.filter", "{m:mac} is on the port that the frame came from, so there is nothing to do.", "IEEE 802.1D sec. 7.7", "switch")
	LinkQueue   = reason("link.queue", "The wire is busy, and {n} {n?frame waits|frames wait} for it already: {d:time} until this one's turn.", "", "queue", "rate")
	LinkFull    = bad("link.queue-full", "{n} {n?frame waits|frames wait} for the wire already, and there is no room for more: this one is dropped.", "RFC 7567 sec. 1", "queue", "congestion")
	LinkTooLong = bad("link.too-long", "The frame carries {n} bytes, and this link takes no more than {mtu}.", "IEEE 802.3", "MTU")
	WireSend    = reason("wire.transmit", "After a preamble of 8 bytes, these {n} leave bit by bit: {ser:time} at {r:rate}, and {d:time} on the way.", "IEEE 802.3", "bit", "rate", "delay")
	WireAtOnce  = reason("wire.at-once", "{n} bytes leave, all at once, since this link has no limit of rate, and are {d:time} on the way.", "", "bit", "delay")
	WireArrive  = reason("wire.arrive", "The last bit is here, {d:time} after the first one left.", "IEEE 802.3", "bit")
	WireLost    = bad("fault.loss", "Lost: on this link, {p} in a thousand frames {p?vanishes|vanish} by chance, and this is one of them.", "", "loss")
	WireAimed   = bad("fault.loss-aimed", "Lost: the scenario says that just this frame vanishes here.", "", "loss")
	WireCorrupt = bad("fault.corrupt", "Bit {b} of the frame flips on the wire.", "", "FCS", "bit")
	WireTwice   = bad("fault.duplicate", "The link delivers this frame twice.", "", "duplicate")
	WireReorder = bad("fault.reorder", "The frame is held back for {d:time}, so that later ones may pass it.", "", "reordering")
	WireJitter  = reason("fault.jitter", "The frame takes {d:time} longer than usual.", "", "jitter")
	StatQueue   = reason("queue.length", "The queue before this wire changed.", "", "queue")
	RouteSet    = reason("route.set", "You know the way to {net:ip}/{bits}.", "RFC 1812 sec. 5.2.4", "router")
)
