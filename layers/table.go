package layers

import "math/bits"

var registry [protoCount][]*Field

// table enters a protocol's rows, in order, with the rows below them.
func table(p Proto, rows ...*Field) []*Field {
	for _, f := range rows {
		if !known(p, f.Name) {
			registry[p] = append(registry[p], f)
		}
		table(p, f.Sub...)
	}
	return rows
}

// row enters one row that has no fixed place.
func row(p Proto, f Field) *Field { return table(p, &f)[0] }

func known(p Proto, name string) bool {
	for _, f := range registry[p] {
		if f.Name == name && name != "" {
			return true
		}
	}
	return false
}

// Fields lists the fields of a protocol in the order of its tables, parts
// after the field that they are parts of. No name comes twice.
func Fields(p Proto) []*Field {
	if p >= protoCount {
		return nil
	}
	return registry[p]
}

// Protos lists every protocol.
func Protos() []Proto {
	all := make([]Proto, 0, protoCount)
	for p := None + 1; p < protoCount; p++ {
		all = append(all, p)
	}
	return all
}

// headers are the tables that together are a protocol's fixed header.
var headers = [protoCount][][]*Field{
	Ethernet: {ethAddresses, ethType},
	VLAN:     {vlanTag, vlanType},
	ARP:      {arpStartFields, arpIPv4},
	IPv4:     {ipv4Start, ipv4Lengths, ipv4Rest, ipv4Addresses},
	ICMPv4:   {icmpStart},
	IPv6:     {ipv6Start, ipv6Rest},
	UDP:      {udpPorts, udpLength, udpChecksum},
	TCP:      {tcpPorts, tcpNumbers, tcpFlags, tcpRest, tcpEnd, tcpUrgent},
	DNS:      {dnsID, {dnsFlags}, dnsCounts},

	ICMPv6:       {icmpv6Start},
	IPv6Fragment: {ipv6FragmentRows},
}

// Header lists the fields of a protocol's fixed header, in order of place, for
// a diagram of it; parts are under the fields that they are parts of. HTTP
// has none.
func Header(p Proto) []*Field {
	if p >= protoCount {
		return nil
	}
	var rows []*Field
	for _, t := range headers[p] {
		for _, f := range t {
			if !f.Hidden {
				rows = append(rows, f)
			}
		}
	}
	return rows
}

// FieldNamed finds a field by Wireshark's name; nil when there is none.
func FieldNamed(name string) *Field {
	if name == "" {
		return nil
	}
	for _, fields := range registry {
		for _, f := range fields {
			if f.Name == name {
				return f
			}
		}
	}
	return nil
}

// Place is the field's first bit, counted from the most significant one of
// its word, and its width in bits; 0, 0 when it is the whole word.
func (f *Field) Place() (bit, width int) {
	if f.Mask == 0 {
		return 0, 0
	}
	return f.Size*8 - bits.Len64(f.Mask), bits.OnesCount64(f.Mask)
}
