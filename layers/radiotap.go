package layers

import (
	"encoding/binary"
	"strconv"
)

const radiotapRFC = "radiotap.org"

// Bits of a present word that say what the next word is about.
const (
	radiotapTLVs   = 28
	radiotapAgain  = 29 // the usual fields, once more
	radiotapVendor = 30 // a vendor's own fields
	radiotapMore   = 31 // another word follows
)

// radiotapField is one kind of field: what it takes up, and how it is read.
// Its place is a multiple of align, from the header's start.
type radiotapField struct {
	size, align int
	read        func(*radiotapNote, *[]Node, span)
}

// radiotapNote is what one frame's header tells of how to read the frame.
type radiotapNote struct {
	*dissector
	fcs, padded, empty bool
	signal             string
	frame              span // header and frame
}

var radiotapStart = describe(Radiotap, radiotapRFC, append([]*Field{
	uintRow(0, 1, "radiotap.version", "version", "The version of radiotap: 0."),
	uintRow(1, 1, "radiotap.pad", "padding", "Zero.")},
	little(uintRow(2, 2, "radiotap.length", "length", "How many bytes this header has; the frame follows."))...)...)

var radiotapPresent = describeOne(Radiotap, radiotapRFC, heading("radiotap.present", "present fields", "Which fields follow, a bit for each."))

var radiotapWord = func() *Field {
	f := hexRow(0, 4, "radiotap.present.word", "present word", "Which fields follow, a bit for each.")
	for _, b := range []struct {
		bit         int
		name, label string
	}{
		{0, "tsft", "timestamp"}, {1, "flags", "flags"}, {2, "rate", "rate"}, {3, "channel", "channel"}, {4, "fhss", "hopping"}, {5, "dbm_antsignal", "signal in dBm"},
		{6, "dbm_antnoise", "noise in dBm"}, {7, "lock_quality", "quality of lock"}, {8, "tx_attenuation", "attenuation"}, {9, "db_tx_attenuation", "attenuation in dB"},
		{10, "dbm_tx_power", "power in dBm"}, {11, "antenna", "antenna"}, {12, "db_antsignal", "signal in dB"}, {13, "db_antnoise", "noise in dB"}, {14, "rxflags", "receiver's flags"},
		{15, "txflags", "sender's flags"}, {17, "data_retries", "retries"}, {18, "xchannel", "extended channel"}, {19, "mcs", "802.11n rate"}, {20, "ampdu", "aggregate"},
		{21, "vht", "802.11ac rate"}, {22, "timestamp", "second timestamp"}, {23, "he", "802.11ax rate"}, {24, "he_mu", "802.11ax sharing"}, {26, "0_length.psdu", "empty frame"},
		{27, "l_sig", "legacy signal"}, {radiotapTLVs, "tlv", "records"}, {radiotapAgain, "rtap_ns", "usual fields again"}, {radiotapVendor, "vendor_ns", "vendor's fields"}, {radiotapMore, "ext", "another word"},
	} {
		split(f, flag(1<<b.bit, "radiotap.present."+b.name, b.label, "Set when this follows: "+b.label+"."))
	}
	return describeOne(Radiotap, radiotapRFC, little(f)[0])
}()

// radiotapVendorWord is a word of a vendor's own fields, of whose bits only
// the last three are known.
var radiotapVendorWord = func() *Field {
	f := *radiotapWord
	f.Sub = f.Sub[len(f.Sub)-3:]
	return &f
}()

var (
	radiotapVendorRows = describe(Radiotap, radiotapRFC, append([]*Field{
		hexRow(0, 3, "radiotap.vendor_oui", "vendor", "Who defines the fields."),
		uintRow(3, 1, "radiotap.vendor_subns", "namespace", "Which of the vendor's lists of fields.")},
		little(uintRow(4, 2, "radiotap.vendor_data_len", "length", "How many bytes the vendor's fields have."))...)...)
	radiotapVendorAll  = describeOne(Radiotap, radiotapRFC, bytesRow(0, 0, "radiotap.vendor_namespace", "vendor's fields", "Fields that a vendor defines."))
	radiotapVendorData = describeOne(Radiotap, radiotapRFC, bytesRow(0, 0, "radiotap.vendor_data", "vendor's data", "The vendor's fields, which no table describes."))
	radiotapRecord     = describeOne(Radiotap, radiotapRFC, bytesRow(0, 0, "", "record", "A field with type and length."))
	radiotapRecordRows = describe(Radiotap, radiotapRFC, little(uintRow(0, 2, "radiotap.tlv.type", "type", "Which field this is."), uintRow(2, 2, "radiotap.tlv.datalen", "length", "How many bytes the field has."))...)
	radiotapUnknown    = describeOne(Radiotap, radiotapRFC, bytesRow(0, 0, "radiotap.tlv.unknown_data", "value", "A field that no table describes."))
)

// radiotap reads what a radio noted of a frame, and the frame.
func (d *dissector) radiotap(s span) {
	i := len(d.tree.Parts)
	p := d.part(Radiotap, s.pos, min(8, s.end-s.pos))
	var ok bool
	if p.Fields, ok = d.fixed(p.Fields, radiotapStart, s.pos, s); !ok {
		d.short(Radiotap, s)
		return
	}
	size := int(binary.LittleEndian.Uint16(d.data[s.pos+2:]))
	header := s.first(size)
	p.Len = header.end - s.pos
	p.Payload = s.pos + p.Len
	note := &radiotapNote{dissector: d, frame: s}
	fields := p.Fields
	if ok = size >= 8 && note.fields(&fields, header); !ok {
		d.short(Radiotap, s)
	}
	p = &d.tree.Parts[i]
	p.Fields = fields
	p.Summary = strconv.Itoa(size) + " bytes"
	if note.signal != "" {
		p.Summary = note.signal
	}
	switch frame := s.from(size); {
	case note.empty:
		p.Len, p.Payload = s.end-s.pos, s.end
	case s.end-s.pos < size, !ok:
	default:
		d.wlanFrame(frame, note.fcs, note.padded)
	}
}

// fields reads the present words and the fields that they announce.
func (n *radiotapNote) fields(dst *[]Node, s span) bool {
	words := n.words(dst, s)
	if words == nil {
		return false
	}
	at := s.pos + 4 + 4*len(words)
	vendor := false
	for i, w := range words {
		for bit := range radiotapTLVs {
			if vendor || w&(1<<bit) == 0 {
				continue
			}
			f := radiotapFields[bit]
			if f.size == 0 {
				return true // unknown, and so is what follows
			}
			at += (f.align - (at-s.pos)%f.align) % f.align
			if at+f.size > s.end {
				return false
			}
			f.read(n, dst, span{at, at + f.size, at + f.size})
			at += f.size
		}
		switch {
		case w&(1<<radiotapTLVs) != 0 && !vendor:
			return n.records(dst, s, at)
		case w&(1<<radiotapAgain) != 0:
			vendor = false
		case w&(1<<radiotapVendor) != 0:
			vendor = true
			if i < len(words) {
				at += (at - s.pos) % 2
				size, ok := n.vendor(dst, s.from(at-s.pos))
				if !ok {
					return false
				}
				at += size
			}
		}
	}
	return true
}

// words reads the present words; nil when they are not all there.
func (n *radiotapNote) words(dst *[]Node, s span) []uint32 {
	present := n.told(radiotapPresent, s.pos+4, 0, "")
	var words []uint32
	row := radiotapWord
	for at := s.pos + 4; ; at += 4 {
		if at+4 > s.end || !n.within() {
			return nil
		}
		w := binary.LittleEndian.Uint32(n.data[at:])
		words = append(words, w)
		present.Children, _ = n.fixed(present.Children, []*Field{row}, at, s)
		switch {
		case w&(1<<radiotapAgain) != 0:
			row = radiotapWord
		case w&(1<<radiotapVendor) != 0:
			row = radiotapVendorWord
		}
		if w&(1<<radiotapMore) == 0 {
			break
		}
	}
	present.Len = 4 * len(words)
	*dst = append(*dst, present)
	return words
}

// vendor reads a vendor's fields, and gives their size.
func (n *radiotapNote) vendor(dst *[]Node, s span) (int, bool) {
	if s.end-s.pos < 6 {
		return 0, false
	}
	size := 6 + int(binary.LittleEndian.Uint16(n.data[s.pos+4:]))
	if s.end-s.pos < size {
		return 0, false
	}
	all := n.node(radiotapVendorAll, s.pos, size)
	all.Children, _ = n.fixed(nil, radiotapVendorRows, s.pos, s)
	if size > 6 {
		all.Children = append(all.Children, n.node(radiotapVendorData, s.pos+6, size-6))
	}
	*dst = append(*dst, all)
	return size, true
}

// records reads fields with type and length, which stand at multiples of 4.
func (n *radiotapNote) records(dst *[]Node, s span, at int) bool {
	for at += (4 - (at-s.pos)%4) % 4; s.end-at >= 4 && n.within(); {
		kind, size := int(binary.LittleEndian.Uint16(n.data[at:])), int(binary.LittleEndian.Uint16(n.data[at+2:]))
		if s.end-at-4 < size {
			return false
		}
		value := span{at + 4, at + 4 + size, at + 4 + size}
		if kind < radiotapTLVs && radiotapFields[kind].size > 0 && radiotapFields[kind].size == size {
			radiotapFields[kind].read(n, dst, value)
		} else {
			record := n.node(radiotapRecord, at, 4+size)
			record.Children, _ = n.fixed(nil, radiotapRecordRows, at, s)
			if size > 0 {
				record.Children = append(record.Children, n.node(radiotapUnknown, at+4, size))
			}
			*dst = append(*dst, record)
		}
		at += 4 + (size+3)&^3
	}
	return true
}
