package layers

const loopRFC = "Ethernet version 2.0 sec. 8"

var (
	loopFunctions = map[uint64]string{1: "reply", 2: "forward"}
	loopSkip      = describeOne(Loopback, loopRFC, little(uintRow(0, 2, "loop.skipcount", "skip count", "How many bytes after this field have been dealt with."))[0])
	loopRelevant  = describeOne(Loopback, loopRFC, little(enumRow(0, 2, "loop.relevant_function", "function at hand", loopFunctions, "The function that the skip count points to: what the receiver has to do."))[0])
	loopFunction  = describeOne(Loopback, loopRFC, little(enumRow(0, 2, "loop.function", "function", loopFunctions, "What a station on the way has to do: send the frame on, or take it as an answer."))[0])
	loopForward   = describeOne(Loopback, loopRFC, macRow(0, "loop.forwarding_address", "forward to", "The station to which the frame is to be sent on."))
	loopReceipt   = describeOne(Loopback, loopRFC, little(uintRow(0, 2, "loop.receipt_number", "receipt number", "By which the sender knows its own frame."))[0])
)

// loopback reads a frame of Ethernet's configuration test: a list of stations
// that send it on, of which the skip count says how far it has come.
func (d *dissector) loopback(s span) {
	i := len(d.tree.Parts)
	p := d.part(Loopback, s.pos, s.end-s.pos)
	c := d.cursor(s)
	var fields []Node
	skip := c.take(&fields, loopSkip, 2).Uint
	first := c.pos
	for c.left() > 0 {
		at := c.pos - first
		relevant := uint64(at) == skip
		if relevant {
			c.over(&fields, loopRelevant, 2)
		}
		function := c.take(&fields, loopFunction, 2)
		if relevant && function.Field != nil {
			p.Summary = function.Show
		}
		if function.Uint != 2 {
			if function.Uint == 1 {
				c.all(&fields, loopReceipt)
			}
			break
		}
		c.all(&fields, loopForward)
	}
	d.tree.Parts[i].Fields = fields
	if *c.broken {
		d.short(Loopback, s)
		return
	}
	p.Len, p.Payload = c.pos-s.pos, c.pos
	d.payload(c.span)
}
