package websocket

import (
	"bytes"

	"github.com/klauspost/compress/flate"

	"strata/layers"
)

// deflateTail ends what has been compressed so far; it is left out of a
// message (RFC 7692 section 7.2.1).
const deflateTail = "\x00\x00\xff\xff"

// pack compresses a message; who calls has the turn.
func (c *Conn) pack(message []byte) ([]byte, error) {
	o := &c.out
	o.packed.Reset()
	var err error
	switch {
	case o.packer == nil && o.window != 0 && o.window < 15:
		o.packer, err = flate.NewWriterWindow(&o.packed, 1<<o.window)
	case o.packer == nil:
		o.packer, err = flate.NewWriter(&o.packed, flate.BestSpeed)
	case o.noContext:
		o.packer.Reset(&o.packed)
	}
	if err != nil {
		return nil, err
	}
	if _, err := o.packer.Write(message); err != nil {
		return nil, err
	}
	if err := o.packer.Flush(); err != nil {
		return nil, err
	}
	return bytes.Clone(bytes.TrimSuffix(o.packed.Bytes(), []byte(deflateTail))), nil
}

// parameters write an offer, or an agreement, as it stands in
// Sec-WebSocket-Extensions.
func parameters(d layers.Deflate) string {
	s := "permessage-deflate"
	if d.ServerNoContext {
		s += "; server_no_context_takeover"
	}
	if d.ClientNoContext {
		s += "; client_no_context_takeover"
	}
	if d.ServerWindowBits != 0 {
		s += "; server_max_window_bits=" + itoa(d.ServerWindowBits)
	}
	switch d.ClientWindowBits {
	case 0:
	case layers.AnyWindow:
		s += "; client_max_window_bits"
	default:
		s += "; client_max_window_bits=" + itoa(d.ClientWindowBits)
	}
	return s
}

// accepts is what a server answers to an offer, with what it wants itself (RFC
// 7692 section 7.1). It is not ok when it cannot do as the client wants.
func accepts(offer, want layers.Deflate) (d layers.Deflate, ok bool) {
	d = layers.Deflate{On: true, ServerNoContext: offer.ServerNoContext || want.ServerNoContext, ClientNoContext: offer.ClientNoContext || want.ClientNoContext}
	d.ServerWindowBits = smaller(offer.ServerWindowBits, want.ServerWindowBits)
	if offer.ClientWindowBits != 0 { // only who offers it knows it
		d.ClientWindowBits = smaller(offer.ClientWindowBits%layers.AnyWindow, want.ClientWindowBits)
	} else if want.ClientWindowBits != 0 {
		return d, false
	}
	return d, true
}

// smaller is the smaller of two windows, of which 0 is one that was not told.
func smaller(a, b uint8) uint8 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// fits says whether a client can live with what a server answered to its offer
// (RFC 7692 section 7.1).
func fits(offer, answer layers.Deflate) bool {
	switch {
	case offer.ServerNoContext && !answer.ServerNoContext:
		return false
	case offer.ServerWindowBits != 0 && (answer.ServerWindowBits == 0 || answer.ServerWindowBits > offer.ServerWindowBits):
		return false
	case answer.ClientWindowBits == layers.AnyWindow, answer.ClientWindowBits != 0 && offer.ClientWindowBits == 0:
		return false
	}
	return true
}
