package layers

// Coat is one wrapping of a message on its way through layers 5 to 7: a
// protocol's header before it, or another form of the same bytes.
type Coat struct {
	Proto      Proto
	Head, Tail int    // bytes before and after what it wraps, in its own bytes
	Inner      []byte // what it wraps
	Changed    bool   // Inner does not stand in its bytes as it is: it was masked, encrypted, packed or encoded
}
