package layers

import (
	"fmt"

	"strata/layers/quickeys"
)

var (
	quicForms   = map[uint64]string{0: "short header", 1: "long header"}
	quicTypes   = map[uint64]string{0: "Initial", 1: "0-RTT", 2: "Handshake", 3: "Retry"}
	quicTypesV2 = map[uint64]string{0: "Retry", 1: "Initial", 2: "0-RTT", 3: "Handshake"}
	quicLengths = map[uint64]string{0: "1 byte", 1: "2 bytes", 2: "3 bytes", 3: "4 bytes"}
	quicKinds   = [...]string{quicInitial: "Initial", quicZeroRTT: "0-RTT", quicHandshake: "Handshake", quicRetry: "Retry", quicShort: "protected", quicNegotiation: "Version Negotiation"}

	// quicErrors are the transport's error codes (RFC 9000 section 20.1, RFC 9368 section 10.2).
	quicErrors = map[uint64]string{
		0x00: "no error", 0x01: "internal error", 0x02: "connection refused", 0x03: "flow control error", 0x04: "stream limit error",
		0x05: "stream state error", 0x06: "final size error", 0x07: "frame encoding error", 0x08: "transport parameter error",
		0x09: "connection ID limit error", 0x0a: "protocol violation", 0x0b: "invalid token", 0x0c: "application error",
		0x0d: "crypto buffer exceeded", 0x0e: "key update error", 0x0f: "AEAD limit reached", 0x10: "no viable path",
		0x11: "version negotiation error",
	}

	quicVersions = quicVersionNames()
)

func quicVersionNames() map[uint64]string {
	names := map[uint64]string{
		0: "version negotiation", 1: "1", 0x6b3343cf: "2", 0x709a50c4: "2 (draft)", 0x51303433: "Google Q043", 0x51303436: "Google Q046", 0x51303530: "Google Q050",
		0x54303530: "Google T050", 0x54303531: "Google T051", 0xfaceb001: "mvfst, draft 22", 0xfaceb002: "mvfst, draft 27", 0xfaceb00e: "mvfst, experiment",
	}
	for draft := uint64(4); draft <= quickeys.Version1; draft++ {
		names[0xff000000+draft] = fmt.Sprint("draft ", draft)
	}
	return names
}
