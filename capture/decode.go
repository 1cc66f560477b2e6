package capture

import (
	"github.com/google/gopacket"
	gp "github.com/google/gopacket/layers"

	"strata/layers"
	"strata/layers/walk"
)

// decoder has gopacket take apart the frame that is looked at.
type decoder struct {
	parser *gopacket.DecodingLayerParser
	types  []gopacket.LayerType
	found  []walk.Header
	nextAt int
}

// decodedLayer is what gopacket's layers have in common here.
type decodedLayer interface {
	gopacket.DecodingLayer
	LayerContents() []byte
}

// noted is a gopacket layer that notes its boundaries as it decodes, so that
// a layer that comes twice (802.1Q) is noted twice.
type noted struct {
	decodedLayer
	proto layers.Proto
	to    *decoder
}

// DecodeFromBytes decodes the layer that begins where the one before ended.
func (l *noted) DecodeFromBytes(data []byte, df gopacket.DecodeFeedback) error {
	if err := l.decodedLayer.DecodeFromBytes(data, df); err != nil {
		return err
	}
	d := l.to
	size := len(l.LayerContents())
	d.found = append(d.found, walk.Header{
		Proto: l.proto, At: d.nextAt, Size: size, End: d.nextAt + size + len(l.LayerPayload()),
	})
	d.nextAt += size
	return nil
}

func newDecoder() *decoder {
	d := &decoder{}
	d.parser = gopacket.NewDecodingLayerParser(gp.LayerTypeEthernet)
	d.parser.IgnoreUnsupported = true
	for proto, l := range map[layers.Proto]decodedLayer{
		layers.Ethernet: &gp.Ethernet{}, layers.VLAN: &gp.Dot1Q{}, layers.ARP: &gp.ARP{},
		layers.IPv4: &gp.IPv4{}, layers.IPv6: &gp.IPv6{}, layers.ICMPv4: &gp.ICMPv4{},
		layers.TCP: &gp.TCP{}, layers.UDP: &gp.UDP{},
	} {
		d.parser.AddDecodingLayer(&noted{l, proto, d})
	}
	return d
}

// bounds puts gopacket's boundaries into a frame's shape, as far as gopacket
// goes. Where it reads another protocol, as with a packet that a snap length has
// cut, the walk's own stand: they decide how many steps there are. It says
// whether gopacket found no other headers.
func (d *decoder) bounds(s *walk.Shape, data []byte) bool {
	if s.Headers[0].Proto != layers.Ethernet {
		return true
	}
	d.found, d.nextAt = d.found[:0], 0
	// The parser recovers panics; what was found before one still holds.
	_ = d.parser.DecodeLayers(data[:s.Limit], &d.types)
	n := min(len(d.found), s.N)
	for i, h := range s.Headers[1:n] {
		if g := d.found[i+1]; g.Proto != h.Proto || g.At != h.At || g.End > h.End && h.Proto != layers.ARP {
			return false
		}
	}
	if n < s.N {
		return true
	}
	for i := range s.Headers[1:n] {
		h, g := &s.Headers[i+1], d.found[i+1]
		h.Size = g.Size
		// A tag ends where the packet in it does; gopacket counts padding to both.
		if h.Proto != layers.VLAN && h.Proto != layers.ARP {
			h.End = g.End
		}
	}
	return true
}
