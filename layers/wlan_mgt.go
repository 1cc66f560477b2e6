package layers

// The body of management frames: fixed parameters, and then elements with a
// number and a length.

const (
	mgtRFC     = "IEEE 802.11 sec. 9.3.3"
	fixedRFC   = "IEEE 802.11 sec. 9.4.1"
	elementRFC = "IEEE 802.11 sec. 9.4.2"
)

var (
	mgtFixed  = describeOne(WLANMgt, mgtRFC, heading("wlan.fixed.all", "fixed parameters", "What every frame of this kind tells."))
	mgtTagged = describeOne(WLANMgt, mgtRFC, heading("wlan.tagged.all", "elements", "What else the frame tells, each with a number and a length."))

	fixedTime   = fixedRow(uintRow(0, 8, "wlan.fixed.timestamp", "timestamp", "The access point's clock, in microseconds; stations set theirs by it."))
	fixedBeacon = fixedRow(uintRow(0, 2, "wlan.fixed.beacon", "beacon interval", "How often a beacon comes, in units of 1024 µs."))
	fixedCaps   = fixedRow(split(hexRow(0, 2, "wlan.fixed.capabilities", "capabilities", "What the sender can do, and wants of others."),
		flag(0x0001, "wlan.fixed.capabilities.ess", "access point", "Set by an access point."), flag(0x0002, "wlan.fixed.capabilities.ibss", "ad hoc", "Set in a cell without an access point."),
		part(0x0004, "wlan.fixed.capabilities.reserved1", "reserved", "Zero; formerly about polling."), part(0x0008, "wlan.fixed.capabilities.reserved2", "reserved", "Zero; formerly about polling."),
		flag(0x0010, "wlan.fixed.capabilities.privacy", "privacy", "Set when data must be encrypted."), flag(0x0020, "wlan.fixed.capabilities.short_preamble", "short preamble", "Set when the short preamble may be used."),
		part(0x0040, "wlan.fixed.capabilities.reserved3", "reserved", "Zero."), part(0x0080, "wlan.fixed.capabilities.reserved4", "reserved", "Zero."),
		flag(0x0100, "wlan.fixed.capabilities.spec_man", "spectrum management", "Set when the channel may have to be left for others, as radar."), flag(0x0200, "wlan.fixed.capabilities.qos", "QoS", "Set when traffic has priorities."),
		flag(0x0400, "wlan.fixed.capabilities.short_slot_time", "short slots", "Set when the short slot time is used."), flag(0x0800, "wlan.fixed.capabilities.apsd", "automatic power saving", "Set when the access point does that."),
		flag(0x1000, "wlan.fixed.capabilities.radio_measurement", "radio measurement", "Set when the sender can measure for others."), flag(0x2000, "wlan.fixed.capabilities.epd", "EtherTypes", "Set when payloads begin with an EtherType, without LLC."),
		part(0x4000, "wlan.fixed.capabilities.reserved5", "reserved", "Zero."), part(0x8000, "wlan.fixed.capabilities.reserved6", "reserved", "Zero.")))
	fixedListen  = fixedRow(uintRow(0, 2, "wlan.fixed.listen_ival", "listen interval", "How many beacons the station may sleep through."))
	fixedCurrent = fixedRow(macRow(0, "wlan.fixed.current_ap", "current access point", "The access point that the station comes from."))
	fixedStatus  = fixedRow(uintRow(0, 2, "wlan.fixed.status_code", "status", "0: yes; else the reason of a refusal."))
	fixedReason  = fixedRow(uintRow(0, 2, "wlan.fixed.reason_code", "reason", "Why the station is sent away, or leaves."))
	fixedAID     = fixedRow(&Field{Name: "wlan.fixed.aid", Label: "association", Type: TypeUint, Size: 2, Mask: 0x3fff, Help: "The number that the access point gives the station."})
	fixedAlg     = fixedRow(enumRow(0, 2, "wlan.fixed.auth.alg", "algorithm", map[uint64]string{0: "open", 1: "shared key", 2: "fast transition", 3: "SAE"}, "How the station shows who it is."))
	fixedStep    = fixedRow(hexRow(0, 2, "wlan.fixed.auth_seq", "step", "The step of the authentication."))
	fixedSAE     = fixedRow(uintRow(2, 2, "wlan.fixed.sae_message_type", "SAE message", "1: commit; 2: confirm."))
	fixedGroup   = fixedRow(uintRow(0, 2, "wlan.fixed.finite_cyclic_group", "group", "The number of the group in which is computed: 19 is a curve of 256 bits."))
	fixedScalar  = fixedRow(bytesRow(0, 32, "wlan.fixed.scalar", "scalar", "A part of the proof that the password is known."))
	fixedElement = fixedRow(bytesRow(0, 64, "wlan.fixed.finite_field_element", "element", "A part of the proof that the password is known."))
	fixedConfirm = fixedRow(uintRow(0, 2, "wlan.fixed.send_confirm", "confirm counter", "How often a confirmation has been sent."))
	fixedProof   = fixedRow(bytesRow(0, 0, "wlan.fixed.confirm", "confirmation", "The proof that both sides have the same key."))
	actionHead   = fixedRow(bytesRow(0, 0, "", "action", "What is asked for or told."))
	actionCode   = fixedRow(uintRow(0, 1, "wlan.fixed.action_code", "action", "Which action of its category."))
	actionToken  = fixedRow(uintRow(0, 1, "wlan.fixed.dialog_token", "dialogue", "The same number in request and answer."))
	actionOUI    = fixedRow(&Field{Name: "wlan.tag.oui", Label: "vendor", Type: TypeBytes, Size: 3, Help: "Who defines the rest."})
	blockParams  = fixedRow(split(hexRow(0, 2, "wlan.fixed.baparams", "parameters", "What kind of block acknowledgment is asked for."), flag(0x0001, "wlan.fixed.baparams.amsdu", "aggregates", "Set when aggregates may come."), flag(0x0002, "wlan.fixed.baparams.policy", "at once", "Set when blocks are acknowledged at once."),
		part(0x003c, "wlan.fixed.baparams.tid", "traffic", "The number of the stream of traffic."), part(0xffc0, "wlan.fixed.baparams.buffersize", "buffer", "How many frames can be kept until they are in order.")))
	blockTimeout  = fixedRow(uintRow(0, 2, "wlan.fixed.batimeout", "timeout", "When the agreement ends by itself, in units of 1024 µs; 0: never."))
	blockFirst    = fixedRow(split(hexRow(0, 2, "wlan.fixed.ssc", "start", "The first frame that the agreement is about."), part(0x000f, "wlan.fixed.ssc.fragment", "fragment", "The number of the piece."), part(0xfff0, "wlan.fixed.ssc.sequence", "sequence number", "The number of the frame.")))
	blockDelete   = fixedRow(split(hexRow(0, 2, "wlan.fixed.delba.param", "parameters", "Which agreement ends."), part(0x07ff, "wlan.fixed.delba.param.reserved", "reserved", "Zero."), flag(0x0800, "wlan.fixed.delba.param.initiator", "by the sender", "Set when who sends the data ends it."), part(0xf000, "wlan.fixed.delba.param.tid", "traffic", "The number of the stream of traffic.")))
	fixedCategory = fixedRow(uintRow(0, 1, "wlan.fixed.category_code", "category", "What kind of action is asked for or told."))

	elementAll    = describeOne(WLANMgt, elementRFC, heading("wlan.tag", "element", "One thing that the frame tells."))
	elementNumber = describeOne(WLANMgt, elementRFC, uintRow(0, 1, "wlan.tag.number", "number", "Which element this is."))
	elementLength = describeOne(WLANMgt, elementRFC, uintRow(0, 1, "wlan.tag.length", "length", "How many bytes the element's value has."))
)

func fixedRow(f *Field) *Field { return describeOne(WLANMgt, fixedRFC, little(f)[0]) }

// Subtypes of management frames, and the groups of SAE whose sizes are known.
const (
	mgtAssocRequest    = 0x00
	mgtAssocResponse   = 0x01
	mgtReassocRequest  = 0x02
	mgtReassocResponse = 0x03
	mgtProbeRequest    = 0x04
	mgtProbeResponse   = 0x05
	mgtBeacon          = 0x08
	mgtDisassociation  = 0x0a
	mgtAuthentication  = 0x0b
	mgtDeauthorisation = 0x0c
	mgtAction          = 0x0d
	mgtActionNoAck     = 0x0e

	saeAlgorithm = 3
	saeGroup256  = 19
)

var mgtParameters = map[byte][]*Field{
	mgtAssocRequest:    {fixedCaps, fixedListen},
	mgtAssocResponse:   {fixedCaps, fixedStatus, fixedAID},
	mgtReassocRequest:  {fixedCaps, fixedListen, fixedCurrent},
	mgtReassocResponse: {fixedCaps, fixedStatus, fixedAID},
	mgtProbeRequest:    {},
	mgtProbeResponse:   {fixedTime, fixedBeacon, fixedCaps},
	mgtBeacon:          {fixedTime, fixedBeacon, fixedCaps},
	mgtDisassociation:  {fixedReason},
	mgtDeauthorisation: {fixedReason},
	mgtAuthentication:  {fixedAlg, fixedStep, fixedStatus},
}

// wlanBody reads the body of a management frame.
func (d *dissector) wlanBody(kind byte, s span) {
	i := len(d.tree.Parts)
	p := d.part(WLANMgt, s.pos, s.end-s.pos)
	p.Summary = wlanSubtypes[kind]
	c := d.cursor(s)
	d.fromStation = kind == mgtAssocRequest || kind == mgtReassocRequest || kind == mgtProbeRequest
	var fields []Node
	if kind == mgtAction || kind == mgtActionNoAck {
		head := c.action()
		d.tree.Parts[i].Fields = []Node{head}
		d.tree.Parts[i].Len = head.Len
		d.payload(c.span)
		return
	}
	rows, known := mgtParameters[kind]
	if !known {
		d.payload(s)
		d.tree.Parts[i].Len = 0
		return
	}
	if len(rows) > 0 {
		head := d.told(mgtFixed, c.pos, 0, "")
		alg, step := c.peek(0, 2)>>8, 0
		c.all(&head.Children, rows...)
		if kind == mgtAuthentication && alg == saeAlgorithm && !*c.broken {
			step = int(d.data[s.pos+2])
			c.sae(&head.Children, s, step)
		}
		head.Len = c.pos - head.Pos
		fields = append(fields, head)
	}
	if c.left() > 0 {
		tagged := d.told(mgtTagged, c.pos, c.left(), "")
		c.elements(&tagged.Children)
		fields = append(fields, tagged)
	}
	p = &d.tree.Parts[i]
	p.Fields = fields
	for _, f := range fields {
		if n := find(f.Children, "wlan.tag"); n != nil {
			if ssid := find(n.Children, "wlan.ssid"); ssid != nil {
				p.Summary += ", " + ssid.Show
			}
		}
	}
	if *c.broken {
		d.short(WLANMgt, s)
	}
}

// Categories of actions (IEEE 802.11 table 9-79) whose bodies are read.
const (
	actionBlockAck = 3
	actionVendor   = 127
)

var blockActions = [][]*Field{
	{actionToken, blockParams, blockTimeout, blockFirst},
	{actionToken, fixedStatus, blockParams, blockTimeout},
	{blockDelete, fixedReason},
}

// action reads the beginning of an action frame, as far as it is known.
func (c *cursor) action() Node {
	head := c.told(actionHead, c.pos, 0, "")
	category := c.peek(0, 1)
	c.all(&head.Children, fixedCategory)
	switch {
	case *c.broken || c.left() == 0:
	case category == actionVendor:
		c.all(&head.Children, actionOUI)
	default:
		action := c.peek(0, 1)
		c.all(&head.Children, actionCode)
		if category == actionBlockAck && action < len(blockActions) {
			c.all(&head.Children, blockActions[action]...)
		}
	}
	head.Len = c.pos - head.Pos
	return head
}

// sae reads what the authentication by a password adds (IEEE 802.11 section
// 12.4).
func (c *cursor) sae(dst *[]Node, s span, step int) {
	if c.left() == 0 {
		return
	}
	*dst, _ = c.fixed(*dst, []*Field{fixedSAE}, s.pos, s)
	switch {
	case step == 1 && le16(c.data[s.pos+4:]) == 0:
		if c.left() >= 2 && le16(c.data[c.pos:]) == saeGroup256 {
			c.all(dst, fixedGroup, fixedScalar, fixedElement)
		}
	case step == 2:
		c.all(dst, fixedConfirm)
		c.rest(dst, fixedProof)
	}
}

// elements reads a list of elements.
func (c *cursor) elements(dst *[]Node) {
	for c.left() >= 2 {
		number, size := c.peek(0, 1), c.peek(1, 1)
		if 2+size > c.left() {
			*c.broken = true
			return
		}
		e := c.cut(2 + size)
		node := c.told(elementAll, e.pos, 2+size, wlanElements[number])
		e.all(&node.Children, elementNumber, elementLength)
		if read := wlanElementReaders[number]; read != nil {
			read(e, &node.Children)
		}
		*dst = append(*dst, node)
	}
}
