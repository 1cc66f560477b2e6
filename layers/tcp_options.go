package layers

// Kinds of TCP options (IANA).
const (
	TCPOptionEnd           = 0
	TCPOptionNop           = 1
	TCPOptionMSS           = 2  // RFC 9293 section 3.7.1
	TCPOptionWindowScale   = 3  // RFC 7323 section 2
	TCPOptionSACKPermitted = 4  // RFC 2018 section 2
	TCPOptionSACK          = 5  // RFC 2018 section 3
	TCPOptionTimestamps    = 8  // RFC 7323 section 3
	TCPOptionMD5           = 19 // RFC 2385
	TCPOptionMPTCP         = 30 // RFC 8684
	TCPOptionFastOpen      = 34 // RFC 7413
)

// NextTCPOption takes the first option from b. Data is what follows kind and
// length. It reports false at the end of the list, and where the list is
// broken; TCPOptionNop comes as an option without data.
func NextTCPOption(b []byte) (kind uint8, data, rest []byte, ok bool) {
	switch {
	case len(b) == 0 || b[0] == TCPOptionEnd:
		return 0, nil, nil, false
	case b[0] == TCPOptionNop:
		return TCPOptionNop, nil, b[1:], true
	case len(b) < 2 || b[1] < 2 || int(b[1]) > len(b):
		return b[0], nil, nil, false
	}
	n := int(b[1])
	return b[0], b[2:n], b[n:], true
}
