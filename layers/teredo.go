package layers

import "fmt"

const teredoRFC = "RFC 4380 sec. 5.1.1"

var (
	teredoAuth = describeOne(Teredo, teredoRFC, heading("teredo.auth", "authentication", "By which client and server know each other."))
	teredoLens = describe(Teredo, teredoRFC, uintRow(2, 1, "teredo.auth.idlen", "identifier's length", "How many bytes the client's identifier has."), uintRow(3, 1, "teredo.auth.aulen", "value's length", "How many bytes the authentication value has."))
	teredoID   = describeOne(Teredo, teredoRFC, bytesRow(0, 0, "teredo.auth.id", "client", "The client's identifier."))
	teredoAU   = describeOne(Teredo, teredoRFC, bytesRow(0, 0, "teredo.auth.value", "value", "Proves who the client is."))
	teredoEnd  = describe(Teredo, teredoRFC, bytesRow(0, 8, "teredo.auth.nonce", "nonce", "A number used once, which comes back in the answer."), bytesRow(0, 1, "teredo.auth.conf", "confirmation", "Not zero when the client needs a new key."))
	teredoOrig = describeOne(Teredo, teredoRFC, &Field{Name: "teredo.orig", Label: "origin", Type: TypeNone, Size: 8, Help: "From where the packet came to the server: what the address translator made of the client's address.", Sub: []*Field{
		hexRow(2, 2, "teredo.orig.port", "port", "The port, with all bits turned over, so that translators leave it alone."), bytesRow(4, 4, "teredo.orig.addr", "address", "The address, with all bits turned over.")}})
)

// Indicators that may stand before the IPv6 packet.
const (
	teredoOrigin         = 0x0000
	teredoAuthentication = 0x0001
)

// teredo reads IPv6 in UDP, as a tunnel through address translators.
func (d *dissector) teredo(s span) {
	i := len(d.tree.Parts)
	d.part(Teredo, s.pos, 0)
	c := d.cursor(s)
	var fields []Node
	if c.left() >= 2 && c.peek(0, 2) == teredoAuthentication {
		auth := d.told(teredoAuth, c.pos, 0, "")
		id, value := c.peek(2, 1), c.peek(3, 1)
		if c.ok(13 + id + value) {
			auth.Children, _ = d.fixed(nil, teredoLens, c.pos, c.span)
			c.skip(4)
			c.take(&auth.Children, teredoID, id)
			c.take(&auth.Children, teredoAU, value)
			c.all(&auth.Children, teredoEnd...)
			auth.Len = c.pos - auth.Pos
			fields = append(fields, auth)
		}
	}
	if c.left() >= 2 && c.peek(0, 2) == teredoOrigin {
		if c.ok(8) {
			b := d.data[c.pos : c.pos+8]
			origin := c.take(&fields, teredoOrig, 8)
			origin.Show = fmt.Sprintf("%d.%d.%d.%d:%d", ^b[4], ^b[5], ^b[6], ^b[7], ^uint16(number(b[2:4])))
		}
	}
	p := &d.tree.Parts[i]
	p.Fields = fields
	p.Len, p.Payload = c.pos-s.pos, c.pos
	p.Summary = "IPv6 in UDP"
	switch {
	case *c.broken:
		d.short(Teredo, s)
	case c.left() > 0 && d.data[c.pos]>>4 == 6:
		d.ipv6(c.span)
	default:
		d.payload(c.span)
	}
}
