package walk

import (
	"encoding/binary"

	"strata/layers"
)

// Numbers of IPv6 extension headers (RFC 8200 sec. 4).
const (
	hopByHop    = 0
	routing     = 43
	fragment    = 44
	authHeader  = 51
	destination = 60
)

var extensionProto = map[uint8]layers.Proto{
	hopByHop: layers.IPv6HopByHop, routing: layers.IPv6Routing, destination: layers.IPv6Destination,
}

// extensions reads the headers between that of packet ip and what it carries.
// Unread is how much of the packet's length is left; 0: it is not known.
func (w *walker) extensions(ip int, next uint8, p span, unread int) {
	v4 := w.Headers[ip].Proto == layers.IPv4
	for p.size() >= 8 {
		b := w.data[p.at:p.end]
		size := (int(b[1]) + 1) * 8
		switch next {
		case hopByHop, routing, destination:
			if size > len(b) || next != routing && !options(b, size) {
				w.Broken = !w.quoting
				return
			}
			if !w.push(extensionProto[next], size, p) {
				return
			}
		case fragment:
			size = 8
			if !w.push(layers.IPv6Fragment, size, p) {
				return
			}
			word := be16(b[2:])
			more, off := word&1 != 0, int(word&^7)
			// A packet may be one fragment (RFC 6946); and without a length
			// fragments cannot be put together.
			if (more || off > 0) && unread > size {
				w.stations(ip)
				w.kind(b[0])
				w.fragment(more, off, binary.BigEndian.Uint32(b[4:]), unread > len(b))
				return
			}
		case authHeader: // RFC 4302 sec. 2
			if size = (int(b[1]) + 2) * 4; size > len(b) {
				return
			}
		default:
			w.stations(ip)
			w.kind(next)
			w.protocol(next, p, v4)
			return
		}
		next = b[0]
		w.kind(next)
		p, unread = p.from(size), unread-size
	}
	w.kind(next)
	w.Broken = !w.quoting && (next == fragment || extensionProto[next] != layers.None)
}

// options says whether the options of an extension header of size bytes lie
// within their packet, of which b is the rest.
func options(b []byte, size int) bool {
	at := 2
	for at < size {
		at += optionSize(b[at:])
	}
	return at <= len(b)
}

const optionHome = 0xc9 // RFC 6275 sec. 6.3

// optionSize is how many bytes an option takes. A home address is read whole,
// as Wireshark does, whatever length its option says.
func optionSize(b []byte) int {
	switch {
	case b[0] == 0: // RFC 8200 sec. 4.2: padding of one byte
		return 1
	case b[0] == optionHome:
		return 2 + 16
	case len(b) < 2:
		return 2
	}
	return 2 + int(b[1])
}

func (w *walker) kind(k uint8) {
	if !w.quoting {
		w.Kind = k
	}
}

// fragment says that the innermost packet is a part of one.
func (w *walker) fragment(more bool, off int, id uint32, cut bool) {
	if !w.quoting {
		w.Fragment, w.Cut, w.More, w.FragOff, w.FragID = true, cut, more, off, id
	}
}

// stations notes between whom packet i goes in truth.
func (w *walker) stations(i int) {
	if !w.quoting {
		src, dst := w.Ends(w.data, i)
		w.Src.set(w.Src.Family, src)
		w.Dst.set(w.Dst.Family, dst)
	}
}

// Ends are the addresses that what IP packet i carries goes between, as far as
// its headers tell: the packet's own, but for stations that are left on its
// way, and for mobile hosts, who have another address at home.
func (s *Shape) Ends(data []byte, i int) (src, dst []byte) {
	h := &s.Headers[i]
	b := data[h.At:]
	if h.Proto == layers.IPv4 {
		src, dst = b[12:16], b[16:20]
		if h.Size > layers.IPv4MinSize {
			options := b[layers.IPv4MinSize:h.Size]
			if at := layers.IPv4Station(options, len(options)); at > 0 {
				dst = options[at : at+4]
			}
		}
		return src, dst
	}
	src, dst = b[8:24], b[24:40]
	for _, e := range s.Headers[i+1 : s.All] {
		switch b := data[e.At : e.At+e.Size]; e.Proto {
		case layers.IPv6Routing:
			dst = routed(b, dst)
		case layers.IPv6Destination:
			src = homeAddress(b, src)
		case layers.IPv6HopByHop, layers.IPv6Fragment:
		default:
			return src, dst
		}
	}
	return src, dst
}

// routed is the last station of a routing header, if one is left; else dst.
func routed(b, dst []byte) []byte {
	const source, mobile, rpl, segments = 0, 2, 3, 4
	switch kind, left := b[2], b[3]; {
	case left == 0 || len(b) < 16:
	case kind == source:
		if n := len(b) / 16 * 16; n >= 16 {
			return b[n-8 : n+8]
		}
	case (kind == mobile || kind == segments) && len(b) >= 24:
		return b[8:24] // RFC 8754 sec. 2: the list is turned round
	case kind == rpl: // RFC 6554 sec. 3: a station lacks what it shares with the destination
		each, last, pad := 16-int(b[4]>>4), 16-int(b[4]&15), int(b[5]>>4)
		n := (len(b) - 8 - pad - last) / each
		if at := 8 + n*each; n >= 0 && at+last <= len(b) {
			return append(append(make([]byte, 0, 16), dst[:16-last]...), b[at:at+last]...)
		}
	}
	return dst
}

// homeAddress is the one that destination options tell, or src.
func homeAddress(b, src []byte) []byte {
	for b = b[2:]; len(b) > 0; {
		size := min(len(b), optionSize(b))
		if b[0] == optionHome && size == 18 {
			src = b[2:18]
		}
		b = b[size:]
	}
	return src
}
