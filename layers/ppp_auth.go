package layers

// The two old ways to show who one is over PPP.

var (
	papCodes = map[uint64]string{1: "request", 2: "accepted", 3: "refused"}
	papHead  = describe(PAP, "RFC 1334 sec. 2", enumRow(0, 1, "pap.code", "code", papCodes, "What the message is for."), uintRow(1, 1, "pap.identifier", "identifier", "The same number in request and answer."),
		uintRow(2, 2, "pap.length", "length", "How many bytes the message has."))
	papData    = describeOne(PAP, "RFC 1334 sec. 2", bytesRow(0, 0, "pap.data", "data", "Name and password, or an answer."))
	papRequest = describe(PAP, "RFC 1334 sec. 2.2.1", uintRow(0, 1, "pap.peer_id.length", "name's length", "How many bytes the name has."), textRow(0, 0, "pap.peer_id", "name", "Who this is."),
		uintRow(0, 1, "pap.password.length", "password's length", "How many bytes the password has."), textRow(0, 0, "pap.password", "password", "The password, for everyone to read."))
	papAnswer = describe(PAP, "RFC 1334 sec. 2.2.2", uintRow(0, 1, "pap.message.length", "message's length", "How many bytes the message has."), textRow(0, 0, "pap.message", "message", "Text for people."))

	chapCodes = map[uint64]string{1: "challenge", 2: "response", 3: "success", 4: "failure"}
	chapHead  = describe(CHAP, "RFC 1994 sec. 4", enumRow(0, 1, "chap.code", "code", chapCodes, "The step of the proof."), uintRow(1, 1, "chap.identifier", "identifier", "The same number in challenge and response; it goes into the proof."),
		uintRow(2, 2, "chap.length", "length", "How many bytes the message has."))
	chapData = describeOne(CHAP, "RFC 1994 sec. 4.1", bytesRow(0, 0, "chap.data", "data", "A value, and the name of who sends it."))
	chapRows = describe(CHAP, "RFC 1994 sec. 4.1", uintRow(0, 1, "chap.value_size", "value's size", "How many bytes the value has."), bytesRow(0, 0, "chap.value", "value", "The challenge, or its hash with the secret."),
		textRow(0, 0, "chap.name", "name", "Who sends this."))
	chapMessage = describeOne(CHAP, "RFC 1994 sec. 4.2", textRow(0, 0, "chap.message", "message", "Text for people."))
)

// pppMessage begins a message with code, identifier and length, and gives a
// cursor for the rest; ok is false when it is not all there.
func (d *dissector) pppMessage(p Proto, head []*Field, codes map[uint64]string, s span) (c *cursor, code int, ok bool) {
	part := d.part(p, s.pos, s.end-s.pos)
	if part.Fields, ok = d.fixed(part.Fields, head, s.pos, s); !ok {
		d.short(p, s)
		return nil, 0, false
	}
	code = int(d.data[s.pos])
	part.Summary = showEnumName(codes, uint64(code))
	c = d.cursor(s.first(max(4, int(number(d.data[s.pos+2:s.pos+4])))).from(4))
	part.Len = c.end - s.pos
	part.Payload = c.end
	return c, code, true
}

func (d *dissector) pap(s span) int {
	i := len(d.tree.Parts)
	c, code, ok := d.pppMessage(PAP, papHead, papCodes, s)
	if !ok || c.left() == 0 {
		return s.wire
	}
	all := d.node(papData, c.pos, c.left())
	rows := papAnswer
	if code == 1 {
		rows = papRequest
	}
	for i := 0; i < len(rows) && c.left() > 0; i += 2 {
		n := c.peek(0, 1)
		c.all(&all.Children, rows[i])
		c.take(&all.Children, rows[i+1], n)
	}
	d.pppDone(i, PAP, all, c, s)
	return s.wire
}

func (d *dissector) chap(s span) int {
	i := len(d.tree.Parts)
	c, code, ok := d.pppMessage(CHAP, chapHead, chapCodes, s)
	if !ok || c.left() == 0 {
		return s.wire
	}
	var n Node
	if code == 1 || code == 2 {
		n = d.node(chapData, c.pos, c.left())
		size := c.peek(0, 1)
		c.all(&n.Children, chapRows[0])
		c.take(&n.Children, chapRows[1], size)
		c.rest(&n.Children, chapRows[2])
	} else {
		n = d.node(chapMessage, c.pos, c.left())
	}
	d.pppDone(i, CHAP, n, c, s)
	return s.wire
}

func (d *dissector) pppDone(i int, p Proto, n Node, c *cursor, s span) {
	d.tree.Parts[i].Fields = append(d.tree.Parts[i].Fields, n)
	if *c.broken {
		d.short(p, s)
	}
}
