package export

import (
	"bufio"
	"encoding/binary"
	"net/netip"
	"slices"
	"time"

	"strata/trace"
)

// Block types and option codes of pcapng, draft-ietf-opsawg-pcapng sec. 3 and 4.
const (
	blockSection   = 0x0a0d0d0a
	blockInterface = 1
	blockPacket    = 6
	blockSecrets   = 10

	secretsTLS = 0x544c534b // the secrets are a TLS key log

	optEnd     = 0
	optComment = 1

	optUserAppl = 4 // section

	optIfName        = 2
	optIfDescription = 3
	optIfIPv4Addr    = 4
	optIfMACAddr     = 6
	optIfSpeed       = 8
	optIfTsResol     = 9
	optIfFCSLen      = 13

	optFlags     = 2 // packet
	flagInbound  = 1
	flagOutbound = 2

	linkEthernet = 1
	byteOrder    = 0x1a2b3c4d
	nanoseconds  = 9 // if_tsresol: 10 to the power of minus 9
	fcsBytes     = 4
	maxOption    = 0xffff
)

// pcapng writes blocks. A block is put together in buf, so that its length is
// known before it is written.
type pcapng struct {
	w     *bufio.Writer
	buf   []byte
	start time.Time
}

// writePcapNG writes a trace as a capture file. Of a simulation: an interface
// for each link end, a packet where a frame leaves and one where it arrives.
// Of a capture: what was captured, as it was.
func writePcapNG(w *bufio.Writer, t trace.Trace, part Part) error {
	p := &pcapng{w: w, start: t.Info().Start}
	if err := p.section(t.Info()); err != nil {
		return err
	}
	if err := p.secrets(t.Info()); err != nil {
		return err
	}
	if t.Info().Captured {
		return p.captured(t, part)
	}
	return p.simulated(t, part)
}

// secrets writes the secrets of TLS sessions, so that other programs can open
// what they protect.
func (p *pcapng) secrets(info *trace.Info) error {
	if info.Secrets == nil || info.Secrets.Len() == 0 {
		return nil
	}
	log, err := info.Secrets.AppendText(nil)
	if err != nil {
		return err
	}
	p.begin(blockSecrets)
	p.u32(secretsTLS)
	p.u32(uint32(len(log)))
	p.padded(log)
	return p.finish()
}

func (p *pcapng) simulated(t trace.Trace, part Part) error {
	info, ends := t.Info(), part.Ends
	if len(ends) == 0 {
		ends = allEnds(info)
	}
	ends = slices.Compact(slices.Sorted(slices.Values(ends)))
	ids := make([]int, 2*len(info.Links)) // by EndID, from 1; 0: not wanted
	for i, e := range ends {
		ids[e] = i + 1
		if err := p.end(info, e); err != nil {
			return err
		}
	}
	var data []byte
	for n := trace.EventID(1); int(n) <= t.Events(); n++ {
		e := t.Event(n)
		if e.Kind != trace.Transmit && e.Kind != trace.Arrive || e.End == trace.NoEnd || ids[e.End] == 0 || !part.has(t.FrameOf(n)) {
			continue
		}
		why, flags := whySent, uint32(flagOutbound)
		if e.Kind == trace.Arrive {
			why, flags = whyArrived, flagInbound
		}
		data = t.Append(data[:0], e.PDU, 0, t.Size(e.PDU))
		if err := p.packet(ids[e.End]-1, e.Time, data, len(data), flags, why(t, n)); err != nil {
			return err
		}
	}
	return nil
}

// point is where frames of a capture were seen: pcapng's interface.
type point struct {
	name      string
	link, fcs int
}

// captured writes one packet for each frame, and an interface before the
// first frame that was seen there.
func (p *pcapng) captured(t trace.Trace, part Part) error {
	ids := map[point]int{}
	var data []byte
	for n := range t.Frames() {
		f := t.Frame(n)
		if !part.has(n) {
			continue
		}
		at := point{f.Interface, f.LinkType, f.FCS}
		id, ok := ids[at]
		if !ok {
			id = len(ids)
			ids[at] = id
			if err := p.point(at); err != nil {
				return err
			}
		}
		data = t.Append(data[:0], f.PDU, 0, t.Size(f.PDU))
		comments := append(t.Facts(n).Comments, whySent(t, f.Transmit))
		if err := p.packet(id, f.Sent, data, max(f.WireLen, len(data)), 0, comments...); err != nil {
			return err
		}
	}
	return nil
}

func (p *pcapng) point(at point) error {
	p.begin(blockInterface)
	p.fixed(at.link, at.name)
	p.option(optIfTsResol, []byte{nanoseconds})
	if at.fcs > 0 {
		p.option(optIfFCSLen, []byte{byte(at.fcs)})
	}
	return p.finish()
}

func (p *pcapng) section(info *trace.Info) error {
	p.begin(blockSection)
	p.u32(byteOrder)
	p.u16(1) // version 1.0
	p.u16(0)
	p.u64(^uint64(0)) // section length: not said
	p.text(optComment, heading(info))
	p.text(optUserAppl, "Strata")
	return p.finish()
}

// end writes the interface of a link's end.
func (p *pcapng) end(info *trace.Info, e trace.EndID) error {
	link := info.Links[e.Link()]
	end := link.Ends[e.Side()]
	p.begin(blockInterface)
	p.fixed(linkEthernet, info.EndName(e))
	p.text(optIfDescription, link.Name)
	if net, err := netip.ParsePrefix(end.IP); err == nil && net.Addr().Is4() {
		mask := ^uint32(0) << (32 - net.Bits())
		p.option(optIfIPv4Addr, binary.BigEndian.AppendUint32(net.Addr().AsSlice(), mask))
	}
	p.option(optIfMACAddr, end.MAC[:])
	if link.Rate > 0 {
		p.option(optIfSpeed, binary.LittleEndian.AppendUint64(nil, uint64(link.Rate)))
	}
	p.option(optIfTsResol, []byte{nanoseconds})
	p.option(optIfFCSLen, []byte{fcsBytes})
	return p.finish()
}

// fixed writes the fixed part of an interface, and its name.
func (p *pcapng) fixed(linkType int, name string) {
	p.u16(uint16(linkType))
	p.u16(0)
	p.u32(0) // snap length: none
	p.text(optIfName, name)
}

// packet writes a frame of wire bytes, of which data are there, with what a
// capture said of it and why it was sent as its comments.
func (p *pcapng) packet(iface int, at trace.Time, data []byte, wire int, flags uint32, comments ...string) error {
	ns := uint64(p.start.Add(time.Duration(at)).UnixNano())
	p.begin(blockPacket)
	p.u32(uint32(iface))
	p.u32(uint32(ns >> 32))
	p.u32(uint32(ns))
	p.u32(uint32(len(data)))
	p.u32(uint32(wire))
	p.padded(data)
	for _, c := range comments {
		p.text(optComment, c)
	}
	if flags != 0 {
		p.option(optFlags, binary.LittleEndian.AppendUint32(nil, flags))
	}
	return p.finish()
}

func (p *pcapng) begin(kind uint32) {
	p.buf = p.buf[:0]
	p.u32(kind)
	p.u32(0) // the length, known in finish
}

func (p *pcapng) finish() error {
	p.option(optEnd, nil)
	size := uint32(len(p.buf) + 4)
	binary.LittleEndian.PutUint32(p.buf[4:], size)
	p.u32(size)
	_, err := p.w.Write(p.buf)
	return err
}

// text writes a text option; nothing when there is none to say.
func (p *pcapng) text(code uint16, s string) {
	if s = clean(s); s != "" {
		p.option(code, []byte(s[:min(len(s), maxOption)]))
	}
}

func (p *pcapng) option(code uint16, value []byte) {
	p.u16(code)
	p.u16(uint16(len(value)))
	p.padded(value)
}

func (p *pcapng) padded(b []byte) {
	p.buf = append(p.buf, b...)
	for len(p.buf)%4 != 0 {
		p.buf = append(p.buf, 0)
	}
}

func (p *pcapng) u16(v uint16) { p.buf = binary.LittleEndian.AppendUint16(p.buf, v) }
func (p *pcapng) u32(v uint32) { p.buf = binary.LittleEndian.AppendUint32(p.buf, v) }
func (p *pcapng) u64(v uint64) { p.buf = binary.LittleEndian.AppendUint64(p.buf, v) }
