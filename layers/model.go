package layers

// Layer is an OSI layer, from Physical (1) to Application (7).
type Layer uint8

// The seven layers of ISO/IEC 7498-1.
const (
	Physical Layer = iota + 1
	DataLink
	Network
	Transport
	Session
	Presentation
	Application
)

// Model names one way of dividing the work of a network.
type Model uint8

// The two models that Strata shows.
const (
	OSI   Model = iota
	TCPIP       // RFC 1122 section 1.1.3
)

var layerNames = [...]struct{ tag, osi, tcpip string }{
	{"--", "none", "none"},
	{"P1", "physical", "Link"},
	{"L2", "data link", "Link"},
	{"N3", "network", "Internet"},
	{"T4", "transport", "Transport"},
	{"S5", "session", "Application"},
	{"P6", "presentation", "Application"},
	{"A7", "application", "Application"},
}

func (l Layer) row() int {
	if int(l) >= len(layerNames) {
		return 0
	}
	return int(l)
}

// Tag is the two-character sign of the layer, the same on every screen: "T4".
func (l Layer) Tag() string { return layerNames[l.row()].tag }

// String is the layer's OSI name: "transport".
func (l Layer) String() string { return layerNames[l.row()].osi }

// In names the layer in a model. RFC 1122 joins OSI's layers 5 to 7 into
// Application, and 1 and 2 into Link.
func (l Layer) In(m Model) string {
	if m == TCPIP {
		return layerNames[l.row()].tcpip
	}
	return layerNames[l.row()].osi
}

// Proto names a protocol, or a transformation that a message passes.
type Proto uint8

// The protocols that Strata knows.
const (
	None       Proto = iota
	Data             // bytes that no table describes
	Message          // what a program sends, as it frames it
	UTF8             // text as bytes (RFC 3629)
	Connection       // a socket's session: state, no bytes
	Stream           // the byte stream of one direction of a TCP connection
	Ethernet
	VLAN
	ARP
	IPv4
	ICMPv4
	IPv6
	UDP
	TCP
	DNS
	HTTP
	Wire // the physical medium

	Null     // BSD loopback
	RawIP    // IP with no link header
	SLL      // Linux cooked capture, version 1
	SLL2     // Linux cooked capture, version 2
	PPP      //
	PPPoE    //
	Radiotap // what a radio noted of an 802.11 frame
	WLAN     // IEEE 802.11
	LLC      // IEEE 802.2, with SNAP
	STP      //
	LLDP     //
	MPLS     //
	GRE      //
	VXLAN    //
	IGMP     //
	ICMPv6   //
	IPv6HopByHop
	IPv6Routing
	IPv6Fragment
	IPv6Destination
	AH  // IPsec's authentication header
	ESP // IPsec's encrypted payload
	DHCP
	DHCPv6
	NTP
	MDNS  // DNS's messages on port 5353
	LLMNR // DNS's messages on port 5355
	SSDP  // HTTP's messages over UDP
	TLS

	PPPDirected   // PPP after a byte that tells the direction
	PPPoED        // discovery of PPP over Ethernet
	LCP           // PPP's link control
	IPCP          // PPP's control of IPv4
	IPv6CP        // PPP's control of IPv6
	CCP           // PPP's control of compression
	PAP           //
	CHAP          //
	CHDLC         // Cisco HDLC
	SLARP         // Cisco HDLC's keepalives and addresses
	FrameRelay    //
	FDDI          //
	BasicXID      // LLC's exchange of what a station can do
	Loopback      // the configuration test of Ethernet version 2
	PBB           // provider backbone bridging, IEEE 802.1ah
	ServiceTag    // a provider's tag, IEEE 802.1ad
	Slow          // Ethernet's slow protocols
	LACP          //
	CDP           //
	PWEthernet    // control word of an Ethernet pseudowire
	PWACH         // associated channel of a pseudowire or a label switched path
	ERSPAN        //
	GENEVE        //
	GTP           //
	Teredo        //
	EtherIP       //
	WLANMgt       // fixed parameters and elements of 802.11 management frames
	WLANAggregate // several frames in one of 802.11
	NFLog         // what Linux's packet logging notes of a packet
	CMD           // Cisco's tag of security groups
	ETag          // tag of an extended bridge's ports, IEEE 802.1BR
	VNTag         // Cisco's tag of virtual interfaces
	FRER          // tag of frames sent several ways, IEEE 802.1CB
	HSR           // tag of frames in a redundant ring
	MACsec        // security tag, IEEE 802.1AE
	NSH           // header of a chain of services
	AYIYA         // IPv6 in UDP with a signature
	LISP          // packets between sites, whose addresses are only for the way
	UDPEncap      // IPsec in UDP
	PIM           // how routers tell each other who wants a group's packets

	WebSocket //
	EngineIO  //
	SocketIO  //
	MQTT      //
	JSON      // a value as text (RFC 8259)
	Base64    // bytes as text (RFC 4648)
	Gzip      // compressed (RFC 1952), or with zlib (RFC 1950) or bare (RFC 1951)
	QUIC      //
	protoCount
)

var protos = [protoCount]struct {
	filter, name string
	unit         string
	layer        Layer
}{
	None:       {"", "", "", 0},
	Data:       {"data", "data", "bytes", Application},
	Message:    {"message", "message", "message", Application},
	UTF8:       {"utf8", "UTF-8", "text", Presentation},
	Connection: {"socket", "connection", "connection", Session},
	Stream:     {"stream", "stream", "stream", Transport},
	Ethernet:   {"eth", "Ethernet", "frame", DataLink},
	VLAN:       {"vlan", "802.1Q", "frame", DataLink},
	ARP:        {"arp", "ARP", "packet", Network},
	IPv4:       {"ip", "IPv4", "packet", Network},
	ICMPv4:     {"icmp", "ICMP", "message", Network},
	IPv6:       {"ipv6", "IPv6", "packet", Network},
	UDP:        {"udp", "UDP", "datagram", Transport},
	TCP:        {"tcp", "TCP", "segment", Transport},
	DNS:        {"dns", "DNS", "message", Application},
	HTTP:       {"http", "HTTP", "message", Application},
	Wire:       {"wire", "wire", "bits", Physical},

	Null:            {"null", "BSD loopback", "frame", DataLink},
	RawIP:           {"raw", "raw IP", "packet", DataLink},
	SLL:             {"sll", "Linux cooked", "frame", DataLink},
	SLL2:            {"sll", "Linux cooked", "frame", DataLink},
	PPP:             {"ppp", "PPP", "frame", DataLink},
	PPPoE:           {"pppoes", "PPPoE", "frame", DataLink},
	Radiotap:        {"radiotap", "radiotap", "note", Physical},
	WLAN:            {"wlan", "802.11", "frame", DataLink},
	LLC:             {"llc", "LLC", "frame", DataLink},
	STP:             {"stp", "STP", "message", DataLink},
	LLDP:            {"lldp", "LLDP", "message", DataLink},
	MPLS:            {"mpls", "MPLS", "packet", DataLink},
	GRE:             {"gre", "GRE", "packet", Network},
	VXLAN:           {"vxlan", "VXLAN", "packet", DataLink},
	IGMP:            {"igmp", "IGMP", "message", Network},
	ICMPv6:          {"icmpv6", "ICMPv6", "message", Network},
	IPv6HopByHop:    {"ipv6.hopopts", "hop-by-hop options", "header", Network},
	IPv6Routing:     {"ipv6.routing", "routing header", "header", Network},
	IPv6Fragment:    {"ipv6.fraghdr", "fragment header", "header", Network},
	IPv6Destination: {"ipv6.dstopts", "destination options", "header", Network},
	AH:              {"ah", "AH", "header", Network},
	ESP:             {"esp", "ESP", "packet", Network},
	DHCP:            {"dhcp", "DHCP", "message", Application},
	DHCPv6:          {"dhcpv6", "DHCPv6", "message", Application},
	NTP:             {"ntp", "NTP", "message", Application},
	MDNS:            {"mdns", "mDNS", "message", Application},
	LLMNR:           {"llmnr", "LLMNR", "message", Application},
	SSDP:            {"ssdp", "SSDP", "message", Application},
	TLS:             {"tls", "TLS", "record", Presentation},

	PPPDirected:   {"pppdir", "PPP", "frame", DataLink},
	PPPoED:        {"pppoed", "PPPoE discovery", "message", DataLink},
	LCP:           {"lcp", "LCP", "message", DataLink},
	IPCP:          {"ipcp", "IPCP", "message", DataLink},
	IPv6CP:        {"ipv6cp", "IPv6CP", "message", DataLink},
	CCP:           {"ccp", "CCP", "message", DataLink},
	PAP:           {"pap", "PAP", "message", DataLink},
	CHAP:          {"chap", "CHAP", "message", DataLink},
	CHDLC:         {"chdlc", "Cisco HDLC", "frame", DataLink},
	SLARP:         {"slarp", "SLARP", "message", DataLink},
	FrameRelay:    {"fr", "frame relay", "frame", DataLink},
	FDDI:          {"fddi", "FDDI", "frame", DataLink},
	BasicXID:      {"basicxid", "XID", "message", DataLink},
	Loopback:      {"loop", "loopback test", "message", DataLink},
	ServiceTag:    {"ieee8021ad", "802.1ad", "frame", DataLink},
	PBB:           {"ieee8021ah", "802.1ah", "frame", DataLink},
	Slow:          {"slow", "slow protocol", "message", DataLink},
	LACP:          {"lacp", "LACP", "message", DataLink},
	CDP:           {"cdp", "CDP", "message", DataLink},
	PWEthernet:    {"pwethcw", "pseudowire", "frame", DataLink},
	PWACH:         {"pwach", "associated channel", "message", DataLink},
	ERSPAN:        {"erspan", "ERSPAN", "frame", DataLink},
	GENEVE:        {"geneve", "GENEVE", "packet", DataLink},
	GTP:           {"gtp", "GTP", "message", Network},
	Teredo:        {"teredo", "Teredo", "packet", Network},
	EtherIP:       {"etherip", "EtherIP", "packet", DataLink},
	WLANMgt:       {"wlan.mgt", "802.11 management", "message", DataLink},
	WLANAggregate: {"wlan_aggregate", "A-MSDU", "frame", DataLink},
	NFLog:         {"nflog", "NFLOG", "note", DataLink},
	CMD:           {"cmd", "Cisco metadata", "frame", DataLink},
	ETag:          {"etag", "802.1BR", "frame", DataLink},
	VNTag:         {"vntag", "VN-Tag", "frame", DataLink},
	FRER:          {"ieee8021cb", "802.1CB", "frame", DataLink},
	HSR:           {"hsr", "HSR", "frame", DataLink},
	MACsec:        {"macsec", "MACsec", "frame", DataLink},
	NSH:           {"nsh", "NSH", "packet", Network},
	AYIYA:         {"ayiya", "AYIYA", "packet", Network},
	LISP:          {"lisp-data", "LISP", "packet", Network},
	UDPEncap:      {"udpencap", "IPsec in UDP", "packet", Network},
	PIM:           {"pim", "PIM", "message", Network},

	WebSocket: {"websocket", "WebSocket", "frame", Session},
	EngineIO:  {"engineio", "Engine.IO", "packet", Session},
	SocketIO:  {"socketio", "Socket.IO", "packet", Application},
	MQTT:      {"mqtt", "MQTT", "packet", Application},
	JSON:      {"json", "JSON", "text", Presentation},
	Base64:    {"base64", "base64", "text", Presentation},
	Gzip:      {"gzip", "gzip", "bytes", Presentation},
	QUIC:      {"quic", "QUIC", "packet", Transport},
}

// Filter is the protocol's Wireshark display filter name, and Strata's own
// short name where Wireshark has none.
func (p Proto) Filter() string { return protos[p%protoCount].filter }

// String is the protocol's name as people write it.
func (p Proto) String() string { return protos[p%protoCount].name }

// Unit is the field's word for one PDU of the protocol: segment, packet, frame.
func (p Proto) Unit() string { return protos[p%protoCount].unit }

// Layer is the OSI layer whose job the protocol does.
func (p Proto) Layer() Layer { return protos[p%protoCount].layer }
