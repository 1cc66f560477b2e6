package layers

import "math/bits"

// fddiSize is the size of a FDDI frame's header, in bytes.
const fddiSize = 13

const fddiRFC = "ISO 9314-2 sec. 7"

var (
	fddiControl = describeOne(FDDI, fddiRFC, hexRow(0, 1, "fddi.fc", "frame control", "The kind of frame."))
	fddiClass   = fddiBits(named(0xf0, "fddi.fc.clf", "class", map[uint64]string{0: "void", 4: "SMT", 8: "MAC", 5: "asynchronous LLC", 0xd: "synchronous LLC", 6: "implementer"},
		"What the frame is for, and how long its addresses are."))
	fddiPriority = fddiBits(part(0x07, "fddi.fc.prio", "priority", "How urgent the frame is, from 0 to 7."))
	fddiSMT      = fddiBits(part(0x0f, "fddi.fc.smt_subtype", "SMT subtype", "Which frame of the station management it is."))
	fddiMAC      = fddiBits(part(0x0f, "fddi.fc.mac_subtype", "MAC subtype", "Which frame of the ring's own protocol it is."))
	fddiDst      = fddiAddress(1, "dst", "destination", "The station on the ring that the frame is for.")
	fddiSrc      = fddiAddress(7, "src", "source", "The station on the ring that sent the frame.")
)

func fddiBits(f *Field) *Field {
	f.Size = 1
	return describeOne(FDDI, fddiRFC, f)
}

// fddiAddress are the rows of an address, which Wireshark names twice.
func fddiAddress(at int, end, label, help string) []*Field {
	addr := hidden(macRow(at, "fddi.addr", "source or destination", "Either address of the frame, for filters that do not care which."))
	return describe(FDDI, fddiRFC, macRow(at, "fddi."+end, label, help), addr, hidden(macRow(at, "fddi."+end, label, help)), addr)
}

// fddi reads a frame of a FDDI ring.
func (d *dissector) fddi(s span) {
	p := d.part(FDDI, s.pos, min(fddiSize, s.end-s.pos))
	if s.end-s.pos < 1 {
		d.short(FDDI, s)
		return
	}
	control := d.node(fddiControl, s.pos, 1)
	kind := []*Field{fddiClass}
	class := d.data[s.pos] >> 4
	switch class {
	case 4:
		kind = append(kind, fddiSMT)
	case 8, 0xc:
		kind = append(kind, fddiMAC)
	case 5:
		kind = append(kind, fddiPriority)
	}
	control.Children, _ = d.fixed(nil, kind, s.pos, s)
	p.Fields = append(p.Fields, control)
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, fddiDst, s.pos, s); ok {
		p.Fields, ok = d.fixed(p.Fields, fddiSrc, s.pos, s)
	}
	if !ok {
		d.short(FDDI, s)
		return
	}
	p.Summary = fddiMACOf(d.data[s.pos+7:]) + " ► " + fddiMACOf(d.data[s.pos+1:])
	for i := range p.Fields {
		if n := &p.Fields[i]; n.Field.Type == TypeMAC {
			n.Show = fddiMACOf(d.data[n.Pos:])
		}
	}
	if inner := s.from(fddiSize); class == 5 || class == 0xd {
		d.llc(inner)
	} else {
		d.payload(inner)
	}
}

// fddiMACOf shows an address, which FDDI sends with the most significant bit
// of each byte first.
func fddiMACOf(b []byte) string {
	var a [6]byte
	for i := range a {
		a[i] = bits.Reverse8(b[i])
	}
	return showMAC(a[:])
}
