package streams

import "strata/layers"

// Message is a unit of a protocol in a stream: an HTTP message, a TLS record,
// a WebSocket frame, an MQTT packet, a DNS message. Frames are numbered by who
// feeds the Talk.
type Message struct {
	Start, End  int64  // offsets in the stream; End: so far, while Last is NotYet
	First, Last uint32 // the frames in which it was seen to begin and to end
	Proto       layers.Proto
	StartsText  bool // its bytes in the first frame are text
	Text        bool // all of it is
	Sized       bool // its length was known before the frame that completes it
	Lost        bool // it will never be whole: Last is where that was found
	Closed      bool // it ended because its stream did
	Wraps       bool // of HTTP: by its head, its body is packed, or consists of packets
}

// NotYet is the Last of a message that goes on.
const NotYet = ^uint32(0)

// Turn says what a stream carries from an offset on.
type Turn struct {
	Off   int64
	Above layers.Above
	// Begun is what the TLS records before Off have brought of a handshake
	// message that goes on with the one there.
	Begun [][]byte
}

// Opening is a unit that cannot be read by itself and was opened.
type Opening struct {
	End   int64 // where the unit ends in its stream
	At    int64 // where what it holds begins: the keeper's own number
	Off   int64 // the offset in the stream inside at which what it holds begins
	Len   int32 // bytes that it holds; -1: it could not be opened
	Size  int32 // how many bytes the unit has
	Proto layers.Proto
	Frame uint32 // in which it was whole
	Type  uint8  // of a TLS record
	Plain bool   // of a WebSocket message: it is the frame's payload, the mask taken off
	// Carries is set when what it holds is a stretch of the stream inside.
	Carries bool
}

// Data says whether the unit is a TLS record that holds what programs say.
func (o Opening) Data() bool {
	return o.Proto == layers.TLS && o.Type == contentData && o.Len >= 0
}

// Sink takes what a Talk finds. Level 0 is the TCP stream, the next what TLS
// protects in it, or what WebSocket's messages make up; side is the direction.
type Sink interface {
	// Begin takes a message that begins. The Talk changes it through the
	// result until the next Begin of the same stream.
	Begin(level, side int, m Message) *Message
	// Whole says that the message begun last is whole.
	Whole(level, side int, m *Message)
	// Turn takes what a stream carries from here on.
	Turn(level, side int, t Turn)
	// Opened takes what a unit holds; data is good until it returns.
	Opened(level, side int, o Opening, data []byte)
	// Read appends the bytes [from, to) of a stream.
	Read(level, side int, dst []byte, from, to int64) []byte
}
