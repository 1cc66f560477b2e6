// Package frame is what moves through a simulated network: a frame whose
// headers are bytes and whose payload is a reference.
//
//	Ethernet 14 │ IPv4 20 or ARP 28 │ TCP, UDP, ICMP 0…60 │ Payload (shared, never changed)
//
// Headers lie at fixed places, so a router rewrites them where they are. The
// payload's checksum is kept as a partial sum; the FCS and the padding are made
// only when somebody looks (trace.Log.Seal): a frame that no fault has touched
// has the right FCS by construction.
package frame

import (
	"strata/layers"
	"strata/trace"
)

const (
	ethAt = 0
	ipAt  = ethAt + layers.EthernetSize
	l4At  = ipAt + layers.IPv4MinSize
	room  = l4At + 60
)

// Frame is one frame. It has one owner at a time: who is handed one keeps it,
// passes it on, or gives it back to the Pool.
type Frame struct {
	head    [room]byte
	l4Len   int
	Payload []byte // behind the headers; of a fragment, all that follows the IP header
	Sum     uint64 // partial checksum of Payload
	Damaged bool   // a bit was flipped on the wire: the FCS will not fit

	// What the trace knows of it; zero when nothing is recorded.
	PDU     trace.PDUID // the frame
	Packet  trace.PDUID // the IPv4 or ARP packet in it
	Body    trace.PDUID // the PDU whose range from BodyOff is the packet's payload
	BodyOff int64
	Cause   trace.EventID // the latest event about it

	next *Frame
}

// Eth is the Ethernet header.
func (f *Frame) Eth() layers.EthernetHeader { return f.head[ethAt:ipAt] }

// IP is the IPv4 header; it has no options.
func (f *Frame) IP() layers.IPv4Header { return f.head[ipAt:l4At] }

// ARP is the ARP packet.
func (f *Frame) ARP() layers.ARPPacket { return f.head[ipAt : ipAt+layers.ARPSize] }

// L4 is the transport or ICMP header; empty in a fragment.
func (f *Frame) L4() []byte { return f.head[l4At : l4At+f.l4Len] }

// SetL4 makes room for n bytes of transport or ICMP header, at most 60.
func (f *Frame) SetL4(n int) []byte {
	f.l4Len = n
	return f.L4()
}

// IsARP says whether the frame carries an ARP packet.
func (f *Frame) IsARP() bool { return f.Eth().Type() == layers.EtherTypeARP }

// PacketLen is the length of what the Ethernet header is put before, bytes.
func (f *Frame) PacketLen() int {
	if f.IsARP() {
		return layers.ARPSize
	}
	return layers.IPv4MinSize + f.BodyLen()
}

// BodyLen is the length of the IP payload, bytes.
func (f *Frame) BodyLen() int { return f.l4Len + len(f.Payload) }

// Len is the frame's length with padding and FCS, bytes.
func (f *Frame) Len() int {
	return max(layers.EthernetSize+f.PacketLen(), layers.EthernetMinFrame) + layers.FCSSize
}

// Padding is how many zero bytes fill the frame up to the minimum.
func (f *Frame) Padding() int {
	return max(0, layers.EthernetMinFrame-layers.EthernetSize-f.PacketLen())
}

// Pool hands out frames and takes them back.
type Pool struct{ free *Frame }

// Get is an empty frame; its header bytes are arbitrary.
func (p *Pool) Get() *Frame {
	f := p.free
	if f == nil {
		return new(Frame)
	}
	p.free = f.next
	f.next = nil
	return f
}

// Copy is a frame like f that shares its payload.
func (p *Pool) Copy(f *Frame) *Frame {
	c := p.Get()
	*c = *f
	c.next = nil
	return c
}

// Put takes a frame back. Nobody may use it any more.
func (p *Pool) Put(f *Frame) {
	f.l4Len, f.Payload, f.Sum, f.Damaged = 0, nil, 0, false
	f.PDU, f.Packet, f.Body, f.BodyOff, f.Cause = 0, 0, 0, 0, 0
	f.next = p.free
	p.free = f
}
