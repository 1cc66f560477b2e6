package layers

// Kinds of TCP options that only the reading of options names.
const (
	tcpOptionSCPS         = 20 // CCSDS 714.0-B-2
	tcpOptionSNACK        = 21
	tcpOptionBoundary     = 22
	tcpOptionCorruption   = 23
	tcpOptionQuickStart   = 27  // RFC 4782
	tcpOptionProbe        = 76  // Riverbed's
	tcpOptionTransparency = 78  // Riverbed's
	tcpOptionAccECN0      = 172 // RFC 9768 section 3.2.3
	tcpOptionAccECN1      = 174
)

// tcpOptionSize are the sizes of options that have only one.
var tcpOptionSize = [256]int{
	TCPOptionMSS: 4, TCPOptionWindowScale: 3, TCPOptionSACKPermitted: 2, 6: 6, 7: 6, TCPOptionTimestamps: 10, 11: 6, 12: 6, 13: 6,
	TCPOptionMD5: 18, tcpOptionSNACK: 6, tcpOptionBoundary: 2, tcpOptionCorruption: 2, tcpOptionQuickStart: 8, 28: 4, tcpOptionTransparency: 16,
}

// TCPOptionReads is how many bytes of an option of n bytes Wireshark reads; o
// are those that were captured. Where they are not there, it reads no more of
// the segment. An option of a size that is not its kind's is left after its
// length.
func TCPOptionReads(kind uint8, o []byte, n int) int {
	if size := tcpOptionSize[kind]; size > 0 && n != size {
		return 2
	}
	switch kind {
	case tcpOptionSNACK: // the acknowledgment is looked for within the option
		return 12
	case tcpOptionQuickStart:
		return 4
	case tcpOptionAccECN0, tcpOptionAccECN1:
		if !accECNSize(n - 2) {
			return 2
		}
	case tcpOptionSCPS:
		if n != 4 {
			return 2
		}
	case 29:
		if n < 4 {
			return 2
		}
	case TCPOptionMPTCP:
		return readsMultipath(o, n)
	case tcpOptionProbe:
		if n < 3 {
			return 2
		}
		if len(o) > 2 {
			return readsProbe(o[2])
		}
	}
	return n
}

// accECNSize says whether counters can have n bytes: none to three of them.
func accECNSize(n int) bool { return n >= 0 && n <= 9 && n%3 == 0 }

// readsMultipath goes by the subtype (RFC 8684 section 8) and by the sizes
// that each may have.
func readsMultipath(o []byte, n int) int {
	least := 3
	if len(o) < least {
		return least
	}
	switch o[2] >> 4 {
	case 0: // capable, section 3.1
		if n == 12 || n == 20 || n == 22 || n == 24 {
			return n
		}
		return 4
	case 1: // join, section 3.2
		if n == 12 || n == 16 || n == 24 {
			return n
		}
	case 2: // data sequence signal, section 3.3
		if len(o) < 4 {
			return 4
		}
		return readsSignal(o[3], n)
	case 3: // add an address, section 3.4.1
		switch n {
		case 8, 10, 16, 18, 20, 22, 28, 30:
			return n
		}
		least = 4
	case 4, 5: // remove an address, priority
		if o[2]>>4 == 4 || n == 4 {
			return n
		}
	case 6, 7: // fail, fast close
		least = 12
	case 8: // reset
		least = 4
	}
	return least
}

// readsSignal is how long a data sequence signal of these flags is.
func readsSignal(flags uint8, n int) int {
	size := 4
	if flags&1 != 0 {
		size += 4 + int(flags&2)<<1
	}
	if flags&4 != 0 {
		size += 10 + int(flags&8)>>1
		if n >= size+4 { // as Wireshark asks before it looks for a checksum
			size += 2
		}
	}
	return size
}

// readsProbe goes by the version and type of a probe.
func readsProbe(vt uint8) int {
	if vt&1 == 0 {
		switch vt >> 1 {
		case 8, 9:
			return 8
		case 6, 7, 10:
			return 4
		}
		return 3
	}
	switch kind := vt >> 4; kind {
	case 0, 3, 4:
		return 10
	case 1:
		return 14
	case 5:
		return 18
	case 6, 7, 8, 9, 10:
		return 8
	}
	return 3
}
