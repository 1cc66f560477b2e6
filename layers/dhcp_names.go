package layers

import "strconv"

var (
	searchSplit = dhcpText("dhcp_dns_domain_search_list_rfc_3396_detected", "piece", "RFC 3396 sec. 5", "The list is too long for one option; this is a piece of it.")
	searchLater = dhcpText("dhcp_dns_domain_search_list_refer_last_option", "goes on", "RFC 3396 sec. 5", "The list goes on in the next option of this code.")
	searchName  = dhcpText("dhcp_dns_domain_search_list_fqdn", "domain", "RFC 3397 sec. 2", "A domain to look for names in.")
	sipSplit    = dhcpText("sip_server.rfc_3396_detected", "piece", "RFC 3396 sec. 5", "The list is too long for one option; this is a piece of it.")
	sipLater    = dhcpText("sip_server.refer_last_option", "goes on", "RFC 3396 sec. 5", "The list goes on in the next option of this code.")
	sipEncoding = dhcpEnum(1, "sip_server.encoding", "encoding", "RFC 3361 sec. 3", map[uint64]string{0: "names", 1: "addresses"}, "What follows.")
	sipName     = dhcpText("sip_server.name", "SIP server", "RFC 3361 sec. 3.1", "A server for telephone calls.")
	sipAddress  = dhcpIP("sip_server.address", "SIP server", "RFC 3361 sec. 3.2", "A server for telephone calls.")
	routeRow    = dhcpOpaque("classless_static_route", "route", "RFC 3442", "A destination and the next hop towards it.")
)

// pieces notes that an option is one of several of its code that together
// hold one value (RFC 3396). It says whether the option holds all of it; the
// last piece must end a list of names.
func (m *dhcpMessage) pieces(dst *[]Node, c *cursor, code byte, split, later *Field) bool {
	m.index[code]++
	if m.count[code] <= 1 {
		return true
	}
	text := "piece " + strconv.Itoa(int(m.index[code])) + " of " + strconv.Itoa(int(m.count[code]))
	c.over(dst, split, c.left()).Show = text
	m.joined = append(m.joined, c.data[c.pos:c.end]...)
	if m.index[code] != m.count[code] {
		c.over(dst, later, c.left()).Show = text
		return false
	}
	at := 0
	if code == 120 {
		if at = 1; len(m.joined) < 3 || m.joined[0] != 0 {
			return false
		}
	}
	for base := at; at < len(m.joined); {
		name := readName(m.joined, base, at)
		if name.broken {
			*c.broken = true
			return false
		}
		at += name.size
	}
	m.joined = nil
	return false
}

// searchList reads domains to look for names in (RFC 3397).
func (m *dhcpMessage) searchList(dst *[]Node, c *cursor) {
	if m.pieces(dst, c, 119, searchSplit, searchLater) {
		c.names(dst, searchName)
	}
}

// names reads names whose pointers count from the first of them.
func (c *cursor) names(dst *[]Node, f *Field) {
	base := c.pos
	for c.left() > 0 {
		name := readName(c.data[:c.end], base, c.pos)
		if name.broken && (!name.open || c.pos > base) {
			*c.broken = true
			return
		}
		c.take(dst, f, name.size).Show = Printable(name.text)
	}
}

// sipServers reads names or addresses (RFC 3361).
func (m *dhcpMessage) sipServers(dst *[]Node, c *cursor) {
	if !m.pieces(dst, c, 120, sipSplit, sipLater) || c.left() == 0 {
		return
	}
	size := c.left()
	switch c.take(dst, sipEncoding, 1).Uint {
	case 0:
		if size >= 3 {
			c.names(dst, sipName)
		}
	case 1:
		if size >= 5 && size%4 == 1 {
			c.list(dst, sipAddress)
		}
	}
}

// classlessRoutes reads routes: how many bits of the destination count, as
// many bytes of it as these need, the next hop (RFC 3442).
func (c *cursor) classlessRoutes(dst *[]Node) {
	if c.left() < 5 {
		return
	}
	for c.left() > 0 {
		width := c.peek(0, 1)
		if width > 32 {
			return
		}
		bytes := (width + 7) / 8
		if 1+bytes+4 > c.left() {
			*c.broken = true
			return
		}
		n := c.take(dst, routeRow, 1+bytes+4)
		if n.Len > 0 {
			var net [4]byte
			copy(net[:], c.data[n.Pos+1:n.Pos+1+bytes])
			n.Show = showIP(net[:]) + "/" + show(dhcpLength, uint64(width), nil) + " via " + showIP(c.data[c.pos-4:c.pos])
		}
	}
}
