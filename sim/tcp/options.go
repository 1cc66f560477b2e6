package tcp

// ParseOptions reads the option bytes of a header (RFC 9293 section 3.1).
// Unknown options are skipped; a malformed one gives an error, with what
// came before it.
func ParseOptions(b []byte) (Options, error) { return Options{}, nil }

// PutOptions writes options to dst, padded to a multiple of 4, and says how
// many bytes it wrote: at most 40.
func PutOptions(dst []byte, o Options) int { return 0 }
