package layers

// ipTunnels read what carries frames and labels directly over IP, by protocol
// number.
var ipTunnels map[uint8]func(*dissector, span)

func init() { // the readers come back to these tables
	ipTunnels = map[uint8]func(*dissector, span){
		47: (*dissector).gre,
		97: (*dissector).etherIP,

		ipPIM: (*dissector).pim,
		137:   func(d *dissector, s span) { d.mpls(s) }, // RFC 4023
	}
	udpApplications[2152] = (*dissector).gtp
	udpApplications[3386] = (*dissector).gtp
	udpApplications[3544] = (*dissector).teredo
	udpApplications[4341] = (*dissector).lispData
	udpApplications[4500] = (*dissector).udpEncap
	udpApplications[4754] = (*dissector).gre // RFC 8086
	udpApplications[4789] = (*dissector).vxlan
	udpApplications[4790] = (*dissector).vxlanGPE
	udpApplications[5072] = (*dissector).ayiya
	udpApplications[6081] = (*dissector).geneve
	udpApplications[6635] = func(d *dissector, s span) { d.mpls(s) } // RFC 7510
}

const etherIPRFC = "RFC 3378 sec. 3"

var etherIPHeader = describe(EtherIP, etherIPRFC, inWord(0, 2,
	part(0xf000, "etherip.ver", "version", "The version of EtherIP: 3."),
	part(0x0fff, "etherip.reserved", "reserved", "Zero."))...)

// etherIP reads an Ethernet frame that IP carries.
func (d *dissector) etherIP(s span) {
	p := d.part(EtherIP, s.pos, min(2, s.end-s.pos))
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, etherIPHeader, s.pos, s); !ok {
		d.short(EtherIP, s)
		return
	}
	p.Summary = "an Ethernet frame"
	d.bridged(s.from(2))
}
