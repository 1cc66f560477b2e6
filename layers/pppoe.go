package layers

import "fmt"

// pppoeSize is the size of PPPoE's header (RFC 2516 section 4), in bytes.
const pppoeSize = 6

var pppoeCodes = map[uint64]string{0: "session data", 0x07: "offer (PADO)", 0x09: "initiation (PADI)", 0x0a: "session grant (PADG)", 0x0b: "session credit (PADC)",
	0x0c: "quality (PADQ)", 0x19: "request (PADR)", 0x65: "session confirmation (PADS)", 0xa7: "terminate (PADT)", 0xd3: "message (PADM)", 0xd4: "network (PADN)"}

var (
	pppoeHeader = pppoeRows(PPPoE)
	pppoedStart = pppoeRows(PPPoED)
)

func pppoeRows(p Proto) []*Field {
	return describe(p, "RFC 2516 sec. 4",
		inWord(0, 1,
			part(0xf0, "pppoe.version", "version", "The version of PPPoE: 1."),
			part(0x0f, "pppoe.type", "type", "Always 1."),
			enumRow(1, 1, "pppoe.code", "code", pppoeCodes, "What the frame is for: a step of the discovery, or data."),
			hexRow(2, 2, "pppoe.session_id", "session", "The number that the access concentrator gave the session; 0 until then."),
			uintRow(4, 2, "pppoe.payload_length", "payload length", "How many bytes follow this header, padding not counted."))...)
}

// pppoeSession reads a frame of a session: PPP without HDLC's framing.
func (d *dissector) pppoeSession(s span) {
	p := d.part(PPPoE, s.pos, min(pppoeSize, s.end-s.pos))
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, pppoeHeader, s.pos, s); !ok {
		d.short(PPPoE, s)
		return
	}
	p.Summary = fmt.Sprintf("session %#04x", number(d.data[s.pos+2:s.pos+4]))
	n := int(number(d.data[s.pos+4 : s.pos+6]))
	inner := s.from(pppoeSize)
	if n != inner.size() && n > inner.size() {
		d.expert(Warning, "pppoe.payload_length.bad", "The length goes past the end of the frame.", s.pos+4, 2)
	}
	d.ppp(inner.first(n))
}

const pppoeTagRFC = "RFC 2516 appendix A"

var (
	pppoeTags      = describeOne(PPPoED, pppoeTagRFC, heading("pppoed.tags", "tags", "What the two ends tell each other to find a session."))
	pppoeTag       = describeOne(PPPoED, pppoeTagRFC, hexRow(0, 2, "pppoed.tag", "tag", "A tag that no table describes."))
	pppoeTagLength = describeOne(PPPoED, pppoeTagRFC, uintRow(2, 2, "pppoed.tag_length", "tag length", "How many bytes the tag's value has."))
	pppoeUnknown   = describeOne(PPPoED, pppoeTagRFC, bytesRow(4, 0, "pppoed.tag.unknown_data", "value", "The value of a tag that no table describes."))
	pppoeMetrics   = describe(PPPoED, "RFC 5578 sec. 2",
		split(&Field{Name: "pppoed.tags.metrics.mdr_units", Label: "unit of the maximum rate", Type: TypeEnum, Names: rateUnits, At: 0, Size: 2, Mask: 0x0018, Help: "In what the maximum data rate is counted."}),
		split(&Field{Name: "pppoed.tags.metrics.cdr_units", Label: "unit of the current rate", Type: TypeEnum, Names: rateUnits, At: 0, Size: 2, Mask: 0x0006, Help: "In what the current data rate is counted."}),
		split(&Field{Name: "pppoed.tags.metrics.r", Label: "receive only", Type: TypeBool, At: 0, Size: 2, Mask: 0x0001, Help: "Set when the neighbour only receives."}),
		uintRow(2, 1, "pppoed.tags.metrics.rlq", "link quality", "How good the radio link is, from 0 to 100."),
		uintRow(3, 1, "pppoed.tags.metrics.resource", "resources", "How much of its battery or the like the neighbour has left, from 0 to 100."),
		uintRow(4, 2, "pppoed.tags.metrics.latency", "latency", "How long a packet takes, in milliseconds."),
		uintRow(6, 2, "pppoed.tags.metrics.curr_drate", "current rate", "The data rate now."),
		uintRow(8, 2, "pppoed.tags.metrics.max_drate", "maximum rate", "The largest data rate that the link can have."))
	pppoeMetricsBad = describeOne(PPPoED, "RFC 5578 sec. 2", bytesRow(0, 0, "pppoed.tags.metrics", "metrics", "The quality of a radio link, of an unknown length."))
	pppoeCredits    = describe(PPPoED, "RFC 5578 sec. 2",
		uintRow(0, 2, "pppoed.tags.credits.fcn", "forward credits", "How many more units of data the sender of this may receive."),
		uintRow(2, 2, "pppoed.tags.credits.bcn", "backward credits", "How many credits the sender of this has left."))
	pppoeCreditsBad = describeOne(PPPoED, "RFC 5578 sec. 2", bytesRow(0, 0, "pppoed.tags.credits", "credits", "Credits of an unknown length."))
	pppoeSequence   = describeOne(PPPoED, "RFC 5578 sec. 2", hexRow(0, 2, "pppoed.tags.seq_num", "sequence number", "The number of this message, by which its answer is known."))
	pppoeScale      = describeOne(PPPoED, "RFC 5578 sec. 2", uintRow(0, 2, "pppoed.tags.credit_scale", "credit scale", "How many bytes one credit stands for."))
	pppoeVendor     = describeOne(PPPoED, pppoeTagRFC, uintRow(0, 4, "pppoed.tags.vendor_id", "vendor", "The enterprise number of who defines the rest of the tag."))
	pppoeVendorData = describeOne(PPPoED, pppoeTagRFC, bytesRow(4, 0, "pppoed.tags.vendor_unspecified", "vendor's data", "What this vendor put there."))
	pppoeValues     = map[int]*Field{
		0x0101: textRow(0, 0, "pppoed.tags.service_name", "service", "The service that is asked for or offered; empty: any."),
		0x0102: textRow(0, 0, "pppoed.tags.ac_name", "concentrator", "The name of the access concentrator."),
		0x0103: bytesRow(0, 0, "pppoed.tags.host_uniq", "host's mark", "What the host put into its request to know the answer by; it comes back unchanged."),
		0x0104: bytesRow(0, 0, "pppoed.tags.ac_cookie", "concentrator's cookie", "What the host has to send back, so that a flood of requests costs the concentrator nothing."),
		0x0110: bytesRow(0, 0, "pppoed.tags.relay_session_id", "relay's mark", "What a relay put in to know the answer by."),
		0x0111: bytesRow(0, 0, "pppoed.tags.hurl", "URL", "A page that the host's user should see."),
		0x0112: bytesRow(0, 0, "pppoed.tags.motm", "message", "A message for the host's user."),
		0x0120: bytesRow(0, 0, "pppoed.tags.max_payload", "largest payload", "The largest PPP payload that the sender can take (RFC 4638)."),
		0x0121: bytesRow(0, 0, "pppoed.tags.ip_route_add", "route", "A route that the host should add."),
		0x0201: textRow(0, 0, "pppoed.tags.service_name_error", "service refused", "Why the service that was asked for is not to be had."),
		0x0202: textRow(0, 0, "pppoed.tags.ac_system_error", "concentrator's error", "Why the concentrator cannot serve."),
		0x0203: textRow(0, 0, "pppoed.tags.generic_error", "error", "What went wrong."),
	}
	rateUnits = map[uint64]string{0: "kbit/s", 1: "Mbit/s", 2: "Gbit/s", 3: "Tbit/s"}
)

// Tags of the DSL Forum (RFC 4679), in the vendor's tag.
const dslForum = 3561

var (
	dslTags    = describeOne(PPPoED, "RFC 4679 sec. 3.3", heading("pppoed.tags.vendorspecific.tags", "DSL Forum tags", "What the access node knows of the subscriber's line."))
	dslTag     = describeOne(PPPoED, "RFC 4679", hexRow(0, 1, "pppoed.tags.vendorspecific.tag", "tag", "A tag that no table describes."))
	dslLength  = describeOne(PPPoED, "RFC 4679", uintRow(1, 1, "pppoed.tag_length_8", "tag length", "How many bytes the tag's value has."))
	dslCircuit = describeOne(PPPoED, "RFC 4679 sec. 3.3.1", textRow(0, 0, "pppoed.tags.circuit_id", "circuit", "Which line the subscriber is on, as the access node calls it."))
	dslRemote  = describeOne(PPPoED, "RFC 4679 sec. 3.3.2", textRow(0, 0, "pppoed.tags.remote_id", "remote end", "The subscriber, as the access node calls him."))
	dslEncap   = describeOne(PPPoED, "RFC 4679 sec. 3.3.18", heading("pppoed.tags.access_loop_encap", "encapsulation", "How frames are packed on the line."))
	dslEncaps  = describe(PPPoED, "RFC 4679 sec. 3.3.18",
		hexRow(0, 1, "pppoed.tags.access_loop_encap.data_link", "data link", "ATM or Ethernet."),
		hexRow(1, 1, "pppoed.tags.access_loop_encap.encap_1", "first encapsulation", "What is directly on the data link."),
		hexRow(2, 1, "pppoed.tags.access_loop_encap.encap_2", "second encapsulation", "What is on the first encapsulation."))
	dslRates = map[int]*Field{}
)

func init() {
	for _, f := range pppoeValues {
		describeOne(PPPoED, pppoeTagRFC, f)
	}
	for i, r := range []struct{ name, label string }{
		{"act_data_rate_up", "rate upwards"}, {"act_data_rate_down", "rate downwards"}, {"min_data_rate_up", "least rate upwards"}, {"min_data_rate_down", "least rate downwards"},
		{"attainable_data_rate_up", "attainable rate upwards"}, {"attainable_data_rate_down", "attainable rate downwards"},
		{"max_data_rate_up", "largest rate upwards"}, {"max_data_rate_down", "largest rate downwards"},
		{"min_data_rate_up_lp", "least rate upwards at low power"}, {"min_data_rate_down_lp", "least rate downwards at low power"},
		{"max_int_delay_up", "largest interleaving delay upwards"}, {"act_int_delay_up", "interleaving delay upwards"},
		{"max_int_delay_down", "largest interleaving delay downwards"}, {"act_int_delay_down", "interleaving delay downwards"},
	} {
		unit := "kbit/s"
		if i >= 10 {
			unit = "milliseconds"
		}
		dslRates[0x81+i] = describeOne(PPPoED, "RFC 4679 sec. 3.3", uintRow(0, 4, "pppoed.tags."+r.name, r.label, "The line's "+r.label+", in "+unit+"."))
	}
}

// pppoeDiscovery reads a message by which hosts and access concentrators find
// each other.
func (d *dissector) pppoeDiscovery(s span) {
	i := len(d.tree.Parts)
	p := d.part(PPPoED, s.pos, min(pppoeSize, s.end-s.pos))
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, pppoedStart, s.pos, s); !ok {
		d.short(PPPoED, s)
		return
	}
	p.Summary = show(pppoedStart[2], uint64(d.data[s.pos+1]), nil)
	n := int(number(d.data[s.pos+4 : s.pos+6]))
	c := d.cursor(s.from(pppoeSize).first(n))
	p.Len = c.end - s.pos
	p.Payload = s.pos + p.Len
	if n == 0 {
		return
	}
	tags := d.told(pppoeTags, c.pos, c.left(), "")
	for c.left() >= 4 {
		tag, size := c.peek(0, 2), c.peek(2, 2)
		if tag == 0 {
			break
		}
		if _, known := pppoeValues[tag]; !known && (tag < 0x0105 || tag > 0x0109) {
			c.over(&tags.Children, pppoeTag, 2)
			c.skip(2)
			c.take(&tags.Children, pppoeTagLength, 2)
		} else {
			c.skip(4)
		}
		pppoeTagValue(c.cut(size), &tags.Children, tag)
	}
	if *c.broken {
		d.short(PPPoED, s)
	}
	d.tree.Parts[i].Fields = append(d.tree.Parts[i].Fields, tags)
}

func pppoeTagValue(c *cursor, dst *[]Node, tag int) {
	switch n := c.left(); {
	case pppoeValues[tag] != nil:
		c.rest(dst, pppoeValues[tag])
	case tag == 0x0105 && n >= 4:
		vendor := c.peek(0, 4)
		c.all(dst, pppoeVendor)
		switch {
		case vendor == dslForum && c.left() > 0:
			tags := c.told(dslTags, c.pos, c.left(), "")
			for c.left() >= 2 {
				dslValue(c, &tags.Children)
			}
			*dst = append(*dst, tags)
		case vendor != dslForum:
			c.rest(dst, pppoeVendorData)
		}
	case tag == 0x0106 && n == 4:
		c.all(dst, pppoeCredits...)
	case tag == 0x0106:
		c.rest(dst, pppoeCreditsBad)
	case tag == 0x0107 && n == 10:
		*dst, _ = c.fixed(*dst, pppoeMetrics, c.pos, c.span)
	case tag == 0x0107:
		c.rest(dst, pppoeMetricsBad)
	case tag == 0x0108 && n == 2:
		c.all(dst, pppoeSequence)
	case tag == 0x0109 && n == 2:
		c.all(dst, pppoeScale)
	default:
		c.rest(dst, pppoeUnknown)
	}
}

func dslValue(c *cursor, dst *[]Node) {
	tag, size := c.peek(0, 1), c.peek(1, 1)
	if tag != 1 && tag != 2 && tag != 0x90 && dslRates[tag] == nil {
		c.all(dst, dslTag, dslLength)
		c.take(dst, pppoeUnknown, size)
		return
	}
	c.skip(2)
	v := c.cut(size)
	switch {
	case tag == 1:
		v.rest(dst, dslCircuit)
	case tag == 2:
		v.rest(dst, dslRemote)
	case tag == 0x90 && size == 3:
		encap := c.told(dslEncap, v.pos, size, "")
		v.all(&encap.Children, dslEncaps...)
		*dst = append(*dst, encap)
	case size == 4:
		v.rest(dst, dslRates[tag])
	}
}
