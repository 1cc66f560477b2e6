package filter

import (
	"strings"
	"time"

	"strata/layers"
)

// Frame is what is known of a frame beside its bytes: the fields of "frame".
type Frame struct {
	Number        int       // from 1
	Time          time.Time //
	SinceFirst    time.Duration
	SincePrevious time.Duration // the frame before it in the file
	CapLen, Len   int
	Interface     string
	Comments      []string
	Marked        bool
}

// frameEntries are the names that go by more than a protocol's table.
var frameEntries = []*entry{
	{name: "frame", kind: kindProto, label: "frame", help: "Every frame; its bytes, as captured.", proto: true, source: inFrame},
	{name: "frame.number", kind: kindUint, bits: 32, label: "number", help: "The frame's number in the file, from 1.", source: inFrame},
	{name: "frame.time", kind: kindMoment, label: "time", help: "When the frame was captured.", source: inFrame},
	{name: "frame.time_epoch", kind: kindSpan, label: "seconds since 1970", help: "When the frame was captured, in seconds since 1970.", source: inFrame},
	{name: "frame.time_relative", kind: kindSpan, label: "since the first", help: "Seconds since the first frame.", source: inFrame},
	{name: "frame.time_delta", kind: kindSpan, label: "since the previous", help: "Seconds since the frame before it.", source: inFrame},
	{name: "frame.time_delta_displayed", kind: kindSpan, label: "since the previous shown",
		help: "Seconds since the frame before it; which frames are shown is what a filter is there to decide.", source: inFrame},
	{name: "frame.len", kind: kindUint, bits: 32, label: "length", help: "How many bytes the frame had on the wire.", source: inFrame},
	{name: "frame.cap_len", kind: kindUint, bits: 32, label: "captured length", help: "How many bytes of the frame were captured.", source: inFrame},
	{name: "frame.protocols", kind: kindString, label: "protocols", help: `The frame's protocols, from the outermost: "eth:ethertype:ip:tcp".`, source: inFrame},
	{name: "frame.interface_name", kind: kindString, label: "interface", help: "Where the frame was captured.", source: inFrame},
	{name: "frame.comment", kind: kindString, label: "comment", help: "What someone wrote about the frame.", source: inFrame},
	{name: "frame.ignored", kind: kindBool, label: "ignored", help: "Whether the frame is left out of account; none is.", source: inFrame},
	{name: "frame.marked", kind: kindBool, label: "marked", help: "Whether the frame is marked.", source: inFrame},
	{name: "_ws.expert", label: "finding", help: "Frames with any finding.", kind: kindProto, proto: true, source: inExpert},
	{name: "_ws.expert.message", kind: kindString, label: "finding's text", help: "What a finding says.", source: inExpert},
	{name: "_ws.expert.severity", kind: kindUint, bits: 32, label: "finding's severity", help: "How grave a finding is.", source: inExpert, names: severities},
	{name: "_ws.malformed", kind: kindProto, label: "malformed", help: "Frames with a protocol that breaks its own rules.", proto: true, source: inExpert},
	{name: "_ws.short", kind: kindProto, label: "cut short", help: "Frames of which the capture lacks the end.", proto: true, source: inExpert},
}

// dataEntries are names for bytes that belong to no protocol, wherever they
// stand.
var dataEntries = []*entry{
	{name: "data", kind: kindProto, label: "data", help: "Frames with bytes that belong to no protocol known here.", proto: true, source: inData, home: layers.Data},
	{name: "data.data", kind: kindBytes, label: "data", help: "Bytes that belong to no protocol known here.", source: inData, home: layers.Data},
	{name: "data.len", kind: kindInt, bits: 32, label: "data length", help: "How many bytes there are that belong to no protocol known here.", source: inData, home: layers.Data},
}

// severities are Wireshark's numbers, by layers.Severity.
var (
	severityNumbers = [...]uint64{layers.Chat: 0x200000, layers.Note: 0x400000, layers.Warning: 0x600000, layers.Error: 0x800000}
	severities      = map[uint64]string{0x200000: "Chat", 0x400000: "Note", 0x600000: "Warning", 0x800000: "Error"}
)

// frameValues appends the values of one of frame's names.
func frameValues(dst []value, name string, t *layers.Tree, f *Frame) []value {
	switch name {
	case "frame":
		return append(dst, value{bytes: t.Data, wide: t.Data})
	case "frame.protocols":
		return append(dst, value{text: protocols(t)})
	case "frame.interface_name":
		if f.Interface != "" {
			dst = append(dst, value{text: f.Interface})
		}
		return dst
	case "frame.comment":
		for _, c := range f.Comments {
			dst = append(dst, value{text: c})
		}
		return dst
	}
	return append(dst, f.number(name))
}

// number is the value of one of frame's numbers and times.
func (f *Frame) number(name string) value {
	switch name {
	case "frame.number":
		return value{num: uint64(f.Number)}
	case "frame.len":
		return value{num: uint64(f.Len)}
	case "frame.cap_len":
		return value{num: uint64(f.CapLen)}
	case "frame.time", "frame.time_epoch":
		return signed(f.Time.UnixNano())
	case "frame.time_relative":
		return signed(int64(f.SinceFirst))
	case "frame.time_delta", "frame.time_delta_displayed":
		return signed(int64(f.SincePrevious))
	}
	if name == "frame.marked" && f.Marked {
		return value{num: 1}
	}
	return value{}
}

// protocols are the frame's protocols as Wireshark lists them: by the names
// of its dissectors, of which the one for EtherTypes has no header.
func protocols(t *layers.Tree) string {
	var b strings.Builder
	for i := range t.Parts {
		p := &t.Parts[i]
		if held(t, p) {
			continue
		}
		if i > 0 {
			b.WriteByte(':')
		}
		if p.Proto == layers.WebSocket { // it is HTTP that Wireshark's dissector is called by
			b.WriteString("http:")
		}
		b.WriteString(p.Proto.Filter())
		typed := p.Proto == layers.Ethernet || p.Proto == layers.VLAN || p.Proto == layers.SLL || p.Proto == layers.SLL2
		if typed && i+1 < len(t.Parts) && t.Parts[i+1].Proto != layers.LLC {
			b.WriteString(":ethertype")
		}
		if p.Proto != layers.Data && len(dataValues(nil, t, p.Fields)) > 0 {
			b.WriteString(":data")
		}
	}
	return b.String()
}

// expertValues appends the values of a finding's name.
func expertValues(dst []value, name string, t *layers.Tree, f *Frame) []value {
	if f.CapLen > f.Len && (name == "frame.len_lt_caplen" || name == "_ws.malformed" || name == "_ws.expert") {
		dst = append(dst, value{})
	}
	for i := range t.Expert {
		x := &t.Expert[i]
		short := x.Name == "_ws.short" // which Wireshark does not count as a finding
		switch {
		case name == x.Name, name == "_ws.malformed" && malformed[x.Name], name == "_ws.expert" && !short:
			dst = append(dst, value{})
		case name == "_ws.expert.severity" && !short:
			dst = append(dst, value{num: severityNumbers[x.Severity&3]})
		case name == "_ws.expert.message" && !short:
			dst = append(dst, value{text: x.Text})
		}
	}
	return dst
}
