package layers

import "math"

const (
	rfcCivic = "RFC 4776 sec. 3.1"
	rfcLCI   = "RFC 3825 sec. 2"
)

var (
	civicStart = []*Field{
		dhcpEnum(1, "civic_location.what", "whose", rfcCivic, map[uint64]string{0: "server", 1: "network element", 2: "client"}, "Whose place it is."),
		dhcpRow(TypeString, 2, "option.civic_location.country", "country", rfcCivic, "The country's two letters.")}
	civicType = dhcpEnum(1, "civic_location.ca_type", "element", rfcCivic, map[uint64]string{
		0: "language", 1: "state", 2: "county", 3: "city", 4: "city division", 5: "neighbourhood", 6: "street", 16: "leading direction",
		17: "trailing suffix", 18: "street suffix", 19: "house number", 20: "number suffix", 21: "landmark", 22: "more", 23: "name", 24: "postal code",
		25: "building", 26: "unit", 27: "floor", 28: "room", 29: "kind of place", 30: "postal community", 31: "post box", 32: "code", 33: "seat",
		34: "road", 35: "road section", 36: "road branch", 128: "script"}, "Which part of the address.")
	civicLength = dhcpNumber(1, "civic_location.ca_length", "length", rfcCivic, "How many bytes of text follow.")
	civicValue  = dhcpText("civic_location.ca_value", "text", rfcCivic, "That part of the address.")

	lciError = dhcpEnum(0, "rfc3825.error", "error", rfcLCI, map[uint64]string{1: "latitude", 2: "latitude's resolution", 3: "longitude", 4: "longitude's resolution",
		5: "altitude", 6: "altitude's resolution", 7: "altitude's type", 8: "datum"}, "What cannot be.")
	lciRows = []*Field{
		lciRow(0, 5, TypeFloat, "latitude", "latitude", "In degrees; south is negative."),
		lciRow(5, 5, TypeFloat, "longitude", "longitude", "In degrees; west is negative."),
		lciRow(0, 1, TypeFloat, "latitude_res", "latitude's resolution", "How exact it is, in degrees."),
		lciRow(5, 1, TypeFloat, "longitude_res", "longitude's resolution", "How exact it is, in degrees."),
		lciRow(12, 4, TypeFloat, "altitude", "altitude", "In metres or floors."),
		lciRow(10, 2, TypeFloat, "altitude_res", "altitude's resolution", "How exact it is, in metres."),
		dhcpNamed(lciRow(10, 1, TypeEnum, "altitude_type", "altitude's type", "What the altitude counts."), map[uint64]string{1: "metres", 2: "floors"})}
	lciDatum  = dhcpEnum(1, "cl_dss_id.option", "datum or DSS option", rfcLCI, map[uint64]string{1: "WGS 84", 2: "NAD83 (NAVD88)", 3: "NAD83 (MLLW)"}, "What the coordinates refer to.")
	dssLength = dhcpNumber(1, "cl_dss_id.len", "DSS length", rfcCable, "How many bytes follow.")
	dssID     = dhcpText("cl_dss_id", "DSS identifier", rfcCable, "The distributed system of the cable network.")
)

func lciRow(at, size int, typ Type, name, label, help string) *Field {
	f := dhcpRow(typ, size, "option.rfc3825."+name, label, rfcLCI, help)
	f.At = at
	return f
}

// civicAddress reads a place as people write it (RFC 4776).
func (c *cursor) civicAddress(dst *[]Node) {
	if c.left() < 3 {
		return
	}
	c.all(dst, civicStart...)
	for c.left() >= 2 {
		c.take(dst, civicType, 1)
		n := int(c.take(dst, civicLength, 1).Uint)
		if n > c.left() {
			return
		}
		c.take(dst, civicValue, n)
	}
}

// location reads a place as numbers (RFC 3825), or what cable networks put
// there.
func (c *cursor) location(dst *[]Node) {
	switch n := c.left(); {
	case n == 16:
		c.coordinates(dst)
	case n < 69:
		start := c.pos
		c.all(dst, lciDatum)
		c.take(dst, dssID, int(c.take(dst, dssLength, 1).Uint))
		if c.left() > 0 {
			c.all(dst, lciDatum)
			n := int(c.take(dst, dssLength, 1).Uint)
			c.pos = start + 4 + n // Wireshark takes the second one's length for the first's
			c.take(dst, dssID, n)
		}
	}
}

func (c *cursor) coordinates(dst *[]Node) {
	b := c.data[c.pos:c.end]
	l := readLCI(b)
	if bad := l.wrong(); bad > 0 {
		c.over(dst, lciError, 16).Show = showEnum(lciError.Names, bad)
		return
	}
	values := []float64{float64(l.latitude) / (1 << 25), float64(l.longitude) / (1 << 25), resolution(l.latitudeBits, 8), resolution(l.longitudeBits, 8),
		float64(l.altitude) / 256, resolution(l.altitudeBits, 21)}
	for i, f := range lciRows {
		n := c.node(f, c.pos+f.At, f.Size)
		n.Uint = l.altitudeType
		if i < len(values) {
			n.Uint = math.Float64bits(values[i])
		}
		n.Show = show(f, n.Uint, nil)
		*dst = append(*dst, n)
	}
	c.skip(15)
	c.take(dst, lciDatum, 1)
}

// lci is a place as RFC 3825 section 2 packs it.
type lci struct {
	latitude, longitude         int64 // degrees, with 25 bits after the point
	altitude                    int64 // metres or floors, with 8 bits after the point
	latitudeBits, longitudeBits uint64
	altitudeBits, altitudeType  uint64
	datum                       uint64
}

func readLCI(b []byte) (l lci) {
	degrees := func(b []byte) (bits uint64, v int64) {
		w := number(b[:5])
		return w >> 34, int64(w<<30) >> 30
	}
	l.latitudeBits, l.latitude = degrees(b)
	l.longitudeBits, l.longitude = degrees(b[5:])
	w := number(b[10:15])
	l.altitudeType, l.altitudeBits, l.altitude = w>>36, w>>30&63, int64(w<<34)>>34
	l.datum = uint64(b[15])
	return l
}

// wrong says what is out of range, by Wireshark's numbers; 0: nothing.
func (l lci) wrong() uint64 {
	const degree = 1 << 25
	beyond := func(v, limit int64) bool { return v > limit || v < -limit }
	switch {
	case beyond(l.latitude, 90*degree):
		return 1
	case l.latitudeBits > 34:
		return 2
	case beyond(l.longitude, 180*degree):
		return 3
	case l.longitudeBits > 34:
		return 4
	case l.altitudeType == 1 && l.altitudeBits > 30, l.altitudeType == 2 && l.altitudeBits != 30 && l.altitudeBits != 0:
		return 6
	case l.altitudeType > 2:
		return 7
	case l.datum < 1 || l.datum > 3:
		return 8
	}
	return 0
}

// resolution is how exact a number is of which some leading bits count.
func resolution(counting uint64, whole int) float64 {
	return math.Ldexp(1, whole-int(counting))
}
