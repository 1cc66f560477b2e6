package layers

import "slices"

// Type says how a field's value is read and shown.
type Type uint8

// The field types, after Wireshark's FT_ types.
const (
	TypeNone    Type = iota // a heading: its children carry the values
	TypeUint                // unsigned integer, decimal
	TypeHex                 // unsigned integer, hexadecimal
	TypeBool                // one bit
	TypeEnum                // unsigned integer whose values have names
	TypeMAC                 // 6 bytes
	TypeIPv4                // 4 bytes
	TypeIPv6                // 16 bytes
	TypeString              // text
	TypeBytes               // opaque bytes
	TypeInt                 // signed integer; Node.Uint is its two's complement
	TypeFloat               // real number; Node.Uint is its math.Float64bits
	TypeAbsTime             // a moment; Node.Uint is an int64, nanoseconds since 1970 in UTC
	TypeRelTime             // a stretch of time; Node.Uint is an int64, nanoseconds
)

// Field describes one field of a protocol: the row of its table. In an
// option or a record, places count from its own start.
type Field struct {
	Name   string            // Wireshark's display filter name: "tcp.seq"; empty for headings that have none
	Label  string            // in words: "sequence number"
	Type   Type              //
	At     int               // where its word begins, bytes from the header's start
	Size   int               // width of its word in bytes; 0: place or width varies
	Mask   uint64            // the bits of the word that it has; 0: all
	Help   string            // what it means, one plain sentence
	RFC    string            // which section says so: "RFC 9293 sec. 3.1"
	Names  map[uint64]string // names of values; TypeEnum only
	Hidden bool              // another name for bytes that a visible field shows
	Little bool              // the word is sent with its least significant byte first
	Sub    []*Field          // its parts, placed from the same header's start
}

// Node is one field found in a frame. Pos and Len are bytes from the start of
// the buffer that the node lies in, as tshark's PDML gives them: for a part of
// a word, the whole word that Wireshark masks.
type Node struct {
	Field    *Field
	Pos, Len int
	Bit      int    // first bit, from the word's most significant; meaningful when Bits > 0
	Bits     int    // width in bits; 0: the whole of Pos, Len
	Uint     uint64 // value of the numeric types, shifted down
	Show     string // for people; no control characters
	Hidden   bool   // Wireshark hides it (kept for filters)
	In       Source // which buffer Pos counts in
	Children []Node
}

// Source says which buffer a node's position counts in.
type Source uint8

// The buffers of a dissection; Tree.Buffer gives their bytes.
const (
	InFrame       Source = iota
	InReassembled        // Tree.Reassembled
	InBody               // Tree.Bodies[0]; those after it are InBody+1, …
)

// Part is one protocol's share of a frame.
type Part struct {
	Proto    Proto
	Pos, Len int    // header, or all that the protocol owns, as tshark's PDML has it
	Payload  int    // where the protocol's payload begins in the same buffer; Pos+Len when it has none
	Quoted   bool   // it lies in an ICMP error: it was sent earlier, in another frame
	Unread   bool   // Data that was or will be read with another frame, or came late: Wireshark does not count it
	In       Source //
	Summary  string // the info line: "49152 ► 80, seq 1, 78 bytes"
	Fields   []Node
}

// Severity grades an expert entry.
type Severity uint8

// Wireshark's severities.
const (
	Chat Severity = iota
	Note
	Warning
	Error
)

// String is Wireshark's word for the severity, in lower case.
func (s Severity) String() string { return [...]string{"chat", "note", "warning", "error"}[s&3] }

// Expert is a finding about a frame: a bad checksum, a malformed field.
type Expert struct {
	Severity Severity
	Name     string // Wireshark's name: "ip.checksum_bad.expert"
	Text     string
	Pos, Len int // the bytes that it is about; Len 0: the frame
}

// Tree is a frame taken apart. Every byte of Data lies in some Part; bytes
// that no table knows are a Part of Proto Data.
type Tree struct {
	Data        []byte   // the frame as captured
	Reassembled []byte   // payload put together from several frames; nil: none
	Bodies      [][]byte // put together from the chunks of an HTTP message, or the records of a TLS message, each
	Parts       []Part
	Expert      []Expert

	decrypted []Source // bodies that TLS records or QUIC packets held
}

// Decrypted says whether a buffer is what a TLS record or a QUIC packet held,
// or was put together from what several did.
func (t *Tree) Decrypted(s Source) bool { return slices.Contains(t.decrypted, s) }

// Buffer is what the positions of a source count in.
func (t *Tree) Buffer(s Source) []byte {
	switch {
	case s == InFrame:
		return t.Data
	case s == InReassembled:
		return t.Reassembled
	}
	return t.Bodies[s-InBody]
}

// Options change how Dissect reads a frame.
type Options struct {
	WireLen int   // the frame's length on the wire; 0 or less than len(data): len(data)
	FCSLen  int   // trailing bytes that are the frame check sequence: 0 unknown (guessed as Wireshark does), 4; -1: none
	First   Proto // outermost protocol; None: Ethernet
	Time    int64 // when the frame was captured, in nanoseconds since 1970; 0: not known

	// Reassembled, when set, is the whole payload above the transport layer
	// (or above IP, for fragments) that this frame completes. It ends with
	// the first Taken bytes of this frame's transport payload.
	Reassembled []byte
	Taken       int
	// Seen is what other frames tell of this one's TCP segments and UDP
	// datagrams, in the order in which they come in it (those that an ICMP
	// error quotes among them); nil: nothing is known.
	Seen []Seen
	// Overlaps says that the frame's IP fragment brings bytes that an earlier
	// one brought.
	Overlaps bool
	// Kept is how many bytes at the payload's end, or more than there are, are
	// a part of something that another frame completes: they show as data.
	Kept int
	// Passed is how many bytes at the payload's start belong to a message that
	// began in frame Continues, for one who puts nothing together: they are not
	// read.
	Passed    int
	Continues uint32
	// Again says that the payload was read when it came first: it is not read
	// again.
	Again bool
}
