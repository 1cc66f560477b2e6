package source

// Batch is a run of frames, in the file's order. Its memory is its own and is
// used again by the next Read into it. The zero value is ready.
type Batch struct {
	Records []Record
	First   int    // which frame of the file its first is, from 0
	buf     []byte // the window that the records lie in
}

// Record is a frame as it lies in a file.
type Record struct {
	At      int64  // where its record or block begins, bytes from the (unpacked) file's start; below 1<<40
	Data    []byte // as captured; holds until the next Read into the batch
	Time    int64  // nanoseconds since 1970
	Iface   *Interface
	WireLen uint32 // length on the wire as the file says, which may be below len(Data)
	Head    uint16 // bytes from At to Data
	Untimed bool   // the file has no time for it; Time is that of the frame before
}

// next appends a record, which still holds what it held when it was used
// before; to fill it in its place is quicker than to copy one.
func (b *Batch) next() *Record {
	n := len(b.Records)
	if n == cap(b.Records) {
		b.Records = append(b.Records, Record{})
	}
	b.Records = b.Records[:n+1]
	return &b.Records[n]
}

// Interface is what a file says of a place that frames were captured at.
// It does not change any more once a record names it.
type Interface struct {
	ID          int    // from 0, over all sections of the file
	Name        string // "" when the file does not say, as with the next two
	Description string
	Filter      string // what was captured
	Link        uint16 // LINKTYPE_ number; 1 is Ethernet
	FCSLen      int    // bytes of frame check sequence at each frame's end; 0: not said
	Snap        uint32 // bytes captured of a frame at most; 0: not said

	clock
	pseudo int // bytes before each frame that are not of it
}

// Direction is which way a frame went at its interface.
type Direction uint8

// The directions of pcapng's packet flags.
const (
	DirectionUnknown Direction = iota
	Inbound
	Outbound
)

// Limits of what is believed.
const (
	maxFrame  = 262144  // captured bytes of a frame; the same as libpcap's and Wireshark's
	maxPlace  = 1 << 40 // of a record in a file
	maxRecord = maxFrame + 16<<10
	maxIfaces = 1 << 16
)

// pseudoHeader is how many bytes a link type has before its frames that are
// no part of them, as Wireshark counts.
func pseudoHeader(link uint16) int {
	switch link {
	case linkPPPDir:
		return 1
	case linkLLCP:
		return 2
	case linkSunATM, linkMTP2Phdr, linkBluetoothPhdr, linkBluetoothMonitor:
		return 4
	case linkSITA, linkI2C:
		return 5
	case linkIrDA, linkLAPD:
		return 16
	}
	return 0
}

// LINKTYPE_ numbers of www.tcpdump.org/linktypes.html.
const (
	linkNull             = 0
	linkEthernet         = 1
	linkTokenRing        = 6
	linkFDDI             = 10
	linkSunATM           = 123
	linkMTP2Phdr         = 139
	linkIrDA             = 144
	linkLAPD             = 177
	linkSITA             = 196
	linkBluetoothPhdr    = 201
	linkPPPDir           = 204
	linkI2C              = 209
	linkLLCP             = 245
	linkBluetoothMonitor = 254
)
