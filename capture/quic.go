package capture

import (
	"bytes"

	"strata/capture/flows"
	"strata/layers"
)

// quic notes a UDP datagram of what may be a QUIC connection. It gives the
// number, +1, of what was known of the connection before, and 1 if the
// datagram goes on with what earlier ones have begun.
func (x *index) quic(u flows.Use, datagram layers.UDPHeader) (before, more uint32) {
	if len(datagram) <= layers.UDPSize {
		return 0, 0
	}
	for x.ways.n <= int(u.Flow) {
		x.ways.add()
	}
	w, payload := x.ways.at(int(u.Flow)), datagram[layers.UDPSize:]
	const longHeader = 0x80
	if payload[0]&longHeader == 0 {
		return w.quic, 0 // a connection that stands tells nothing new
	}
	if w.quic == 0 && !layers.BeginsQUIC(datagram.SrcPort(), datagram.DstPort(), payload) {
		return 0, 0
	}
	var c layers.QUICConnection
	if w.quic != 0 {
		c = x.quics.At(int(w.quic - 1))
	}
	was := c
	begins, initial := c.Datagram(x.frame+1, u.Back, payload)
	if begins {
		was.Number, c.Number = x.quicked, x.quicked
		x.quicked++
	}
	if before = w.quic; before == 0 || begins {
		before = uint32(x.quics.Append(was)) + 1
		w.quic = before
	}
	if c != was {
		w.quic = uint32(x.quics.Append(c)) + 1
	}
	if initial {
		more = 1
	}
	return before, more
}

// seenQUIC adds what is known of a datagram's QUIC connection.
func (f *File) seenQUIC(n *note, seen *layers.Seen) {
	if n.alone == 0 {
		return
	}
	c := f.quics.At(int(n.alone - 1))
	seen.QUIC, seen.Back = &c, n.back
	if n.whole == 0 {
		return
	}
	for _, frame := range c.Earlier(n.back) {
		seen.Earlier = append(seen.Earlier, bytes.Clone(f.payload(frame-1)))
	}
}
