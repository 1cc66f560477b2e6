package tls

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"strata/layers/tlskeys"
)

// Content types of records (RFC 8446 section 5.1).
const (
	typeChangeCipherSpec = 20
	typeAlert            = 21
	typeHandshake        = 22
	typeAppData          = 23
)

const (
	headerSize = 5
	maxPlain   = 1 << 14
	maxSealed  = maxPlain + 256
	maxIdle    = 32      // records in a row that carry nothing
	maxMessage = 1 << 16 // bytes of a handshake message
)

// errTruncated says that a connection ended without the peer's goodbye: what
// it has sent may have been cut off by somebody else (RFC 8446 section 6.1).
var errTruncated = fmt.Errorf("tls: the connection ended without close_notify: %w", io.ErrUnexpectedEOF)

// input is what comes from the peer.
type input struct {
	r     io.Reader
	raw   []byte           // what was read and not used yet
	buf   []byte           // where raw lies
	keys  *tlskeys.Traffic // nil: records are not protected yet
	shake bool             // the handshake goes on: there may be records that only calm middleboxes
	early int              // bytes of early data that may still be passed over
	idle  int              // records in a row that carried nothing
}

// need waits until there are n bytes.
func (in *input) need(n int) error {
	if in.buf == nil {
		in.buf = make([]byte, headerSize+maxSealed)
	}
	if len(in.raw) == 0 || cap(in.raw) < n {
		in.raw = in.buf[:copy(in.buf, in.raw)]
	}
	for len(in.raw) < n {
		got, err := in.r.Read(in.raw[len(in.raw):cap(in.raw)])
		in.raw = in.raw[:len(in.raw)+got]
		switch {
		case len(in.raw) >= n:
		case errors.Is(err, io.EOF):
			return errTruncated
		case err != nil:
			return err
		}
	}
	return nil
}

// record reads the next record that means something: its type, and what it
// carries, which is valid until the next one is read.
func (in *input) record() (kind uint8, content []byte, err error) {
	for {
		b, err := in.next()
		if err != nil {
			return 0, nil, err
		}
		kind, content = b[0], b[headerSize:]
		switch {
		case kind == typeChangeCipherSpec && in.shake && len(content) == 1 && content[0] == 1: // RFC 8446 section 5: dropped
		case kind == typeChangeCipherSpec:
			return 0, nil, fail(UnexpectedMessage, "a change cipher spec that has no place here")
		case in.keys == nil && kind == typeAppData && in.early > 0: // RFC 8446 section 4.2.10
			in.early -= len(b)
		case in.keys == nil && kind == typeAppData:
			return 0, nil, fail(UnexpectedMessage, "application data before the handshake is done")
		case in.keys == nil, kind == typeAlert && in.shake: // the peer may have failed before it had keys
			in.idle = 0
			return kind, content, nil
		case kind != typeAppData:
			return 0, nil, fail(UnexpectedMessage, "a record that is not protected")
		default:
			kind, plain, err := in.keys.Open(b[headerSize:headerSize], b)
			if errors.Is(err, tlskeys.ErrMAC) && in.early > 0 {
				in.early -= len(b)
				break
			}
			in.early = 0
			if err != nil {
				return 0, nil, refused(err)
			}
			if len(plain) > 0 {
				in.idle = 0
				return kind, plain, nil
			}
			if kind != typeAppData { // RFC 8446 section 5.4
				return 0, nil, fail(UnexpectedMessage, "a protected record without content")
			}
		}
		if in.idle++; in.idle > maxIdle && in.early <= 0 {
			return 0, nil, fail(UnexpectedMessage, "%d records in a row that carry nothing", in.idle)
		}
	}
}

// next takes the next record from the connection.
func (in *input) next() ([]byte, error) {
	if err := in.need(headerSize); err != nil {
		return nil, err
	}
	kind, n := in.raw[0], int(binary.BigEndian.Uint16(in.raw[3:]))
	most := maxPlain
	if kind == typeAppData {
		most = maxSealed
	}
	switch {
	case kind < typeChangeCipherSpec || kind > typeAppData || in.raw[1] != 3:
		return nil, fail(UnexpectedMessage, "these are no records of TLS: %x", in.raw[:headerSize])
	case n > most:
		return nil, fail(RecordOverflow, "a record of %d bytes", n)
	case n == 0 && kind != typeAppData:
		return nil, fail(UnexpectedMessage, "a record without content")
	}
	if err := in.need(headerSize + n); err != nil {
		return nil, err
	}
	b := in.raw[: headerSize+n : headerSize+n]
	in.raw = in.raw[headerSize+n:]
	return b, nil
}

// refused is the error of a record that could not be opened.
func refused(err error) error {
	alert := BadRecordMAC
	switch {
	case errors.Is(err, tlskeys.ErrOverflow):
		alert = RecordOverflow
	case errors.Is(err, tlskeys.ErrUnexpected):
		alert = UnexpectedMessage
	}
	return &Error{Alert: alert, Cause: err}
}

// sealed appends records that carry b: protected by keys, unless they are nil.
func sealed(dst []byte, keys *tlskeys.Traffic, kind uint8, b []byte) []byte {
	for len(b) > 0 {
		n := min(len(b), maxPlain)
		if keys != nil {
			dst = keys.Seal(dst, kind, b[:n])
		} else {
			dst = append(dst, kind, 3, 3, byte(n>>8), byte(n))
			dst = append(dst, b[:n]...)
		}
		b = b[n:]
	}
	return dst
}
