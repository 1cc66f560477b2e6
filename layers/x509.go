package layers

import (
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// asn1Kind says how an element of ASN.1's encoding (X.690) is read, and which
// of its bytes its field has, as Wireshark places it.
type asn1Kind uint8

const (
	asn1Value    asn1Kind = iota // the content; no sub
	asn1OID                      // the content: an object identifier
	asn1Type                     // the same; it says what an asn1Any after it is
	asn1Sequence                 // all; if a context tag stands for its own, the content
	asn1List                     // the content: sub[0] any number of times
	asn1Choice                   // what the one of sub that is there has: all, or under a context tag the content
	asn1Explicit                 // none: a tag around sub[0]
	asn1Bits                     // the content without its first byte, which is a field by itself
	asn1Key                      // the same for a public key; one of RSA has parts instead
	asn1Any                      // what the last asn1Type says
	asn1Address                  // an IP address
	asn1SCT                      // a list of signed certificate timestamps, as TLS writes it
)

// An asn1 describes an element: a part of a schema.
type asn1 struct {
	kind     asn1Kind
	tag      byte // the identifier that it begins with; 0: any, or what sub has
	field    *Field
	sub      []*asn1
	optional bool
}

// takes says whether an element with this identifier can be a t.
func (t *asn1) takes(tag byte) bool {
	if t.kind == asn1Choice {
		for _, s := range t.sub {
			if s.takes(tag) {
				return true
			}
		}
		return false
	}
	return t.tag == 0 || t.tag == tag
}

// maxASN1 bounds how deep elements may lie in one another.
const maxASN1 = 24

// derReader reads ASN.1 within a message of TLS.
type derReader struct {
	*tlsReader
	oid   string // what the last asn1Type said
	depth int
}

// header reads the identifier and length of the element before end, without
// passing over them: n bytes of header, then size of content. Only lengths
// that are given, in at most four bytes, are known.
func (r *derReader) header(end int) (tag byte, n, size int, ok bool) {
	end = min(end, r.end)
	if r.pos+2 > end || r.data[r.pos]&0x1f == 0x1f {
		return 0, 0, 0, false
	}
	tag, n, size = r.data[r.pos], 2, int(r.data[r.pos+1])
	if size >= 0x80 {
		more := size & 0x7f
		if more == 0 || more > 4 || r.pos+2+more > end {
			return 0, 0, 0, false
		}
		n, size = 2+more, int(number(r.data[r.pos+2:r.pos+2+more]))
	}
	if size > r.end-r.pos-n {
		*r.broken = true // Wireshark reads no further, either
	}
	return tag, n, size, size <= end-r.pos-n
}

// read reads an element before end; false when it is not a t, or broken.
func (r *derReader) read(t *asn1, end int) bool {
	tag, n, size, ok := r.header(end)
	if !ok || *r.broken || r.depth >= maxASN1 || !t.takes(tag) {
		return false
	}
	if t.kind == asn1Explicit && (size == 0 || !t.sub[0].takes(r.data[r.pos+n])) {
		return false
	}
	r.depth++
	stop := r.pos + n + size
	switch t.kind {
	case asn1Value, asn1OID, asn1Type:
		r.skip(n)
		r.value(t, size)
	case asn1Sequence:
		at := r.pos
		if tag != 0x30 {
			at += n
		}
		r.skip(n)
		r.node(t.field, at, stop, func() { r.parts(t.sub, stop) })
	case asn1List:
		r.skip(n)
		r.node(t.field, r.pos, stop, func() {
			for r.pos < stop && r.read(t.sub[0], stop) {
			}
		})
	case asn1Choice:
		r.choice(t, tag, n, stop)
	case asn1Explicit:
		r.skip(n)
		r.read(t.sub[0], stop)
	case asn1Bits, asn1Key:
		r.skip(n)
		r.bits(t, size)
	case asn1Any:
		r.any(tag, stop)
	case asn1Address:
		r.skip(n)
		if f := x509Addresses[size]; f != nil {
			r.add(f, size)
		}
	case asn1SCT:
		r.skip(n)
		saved := r.end
		r.end = min(saved, stop)
		r.scts(stop, verTLS12) // as TLS 1.2 would sign
		r.end = saved
	}
	r.depth--
	r.seek(stop)
	return true
}

// node adds a field from at to stop, whose parts body reads; without a field
// they have no heading.
func (r *derReader) node(f *Field, at, stop int, body func()) {
	if f == nil {
		body()
		return
	}
	start := r.pos
	r.seek(at)
	n := r.open(f, stop-at, func() {
		r.seek(start)
		body()
	})
	if n.Field != nil {
		x509Show(n)
	}
}

// parts reads the parts of a sequence; those that are optional may be missing.
// What is not what it should be, and what is too much, is passed over.
func (r *derReader) parts(sub []*asn1, stop int) {
	for _, t := range sub {
		if r.pos >= stop {
			return
		}
		if !r.read(t, stop) && !t.optional {
			r.odd(stop)
			r.pass(stop, func(int) {})
		}
	}
	for r.pos < stop && !*r.broken {
		r.pass(stop, func(n int) { r.add(tlsOddity, n) })
	}
}

// pass passes over an element, whose n bytes of content f is shown. One that
// is not all there breaks the reader.
func (r *derReader) pass(stop int, f func(n int)) {
	_, n, size, ok := r.header(stop)
	if !ok {
		*r.broken = true
		return
	}
	r.seek(r.pos + n)
	end := r.pos + size
	f(size)
	r.seek(end)
}

// odd shows what does not fit as Wireshark does: one byte of it.
func (r *derReader) odd(stop int) {
	if r.pos < stop && !*r.broken {
		r.expert(Warning, "ber.error.unexpected", "The certificate does not follow its rules here.", r.pos, 1)
		r.over(r.out, tlsOddity, 1)
	}
}

func (r *derReader) choice(t *asn1, tag byte, n, stop int) {
	at := r.pos
	if tag&0xc0 != 0 {
		at += n
	}
	r.node(t.field, at, stop, func() {
		for _, s := range t.sub {
			if s.takes(tag) {
				r.read(s, stop)
				return
			}
		}
	})
}

// value adds a plain value of n bytes.
func (r *derReader) value(t *asn1, n int) {
	b := r.data[r.pos : r.pos+n]
	if t.kind == asn1Type {
		r.oid = oidText(b)
	}
	node := r.add(t.field, n)
	if node.Field == nil {
		return
	}
	switch {
	case t.kind != asn1Value:
		node.Show = oidShow(oidText(b))
	case t.field.Type == TypeAbsTime:
		node.Uint, node.Show = 0, Printable(string(b))
		if at, err := time.Parse("20060102150405Z", string(b)); err == nil {
			node.Uint = uint64(at.UnixNano())
			node.Show = show(t.field, node.Uint, nil)
		}
	case t.field == x509UTCTime:
		if at, err := time.Parse("060102150405Z", string(b)); err == nil {
			node.Show = at.Format("2006-01-02 15:04:05 MST")
		}
	case t.field == x509BMPString:
		node.Show = Printable(strings.ToValidUTF8(strings.ReplaceAll(string(b), "\x00", ""), "?"))
	}
}

// bits reads a string of bits: how many of the last byte do not count, and
// the bits, which may have names.
func (r *derReader) bits(t *asn1, n int) {
	if n < 1 {
		return
	}
	if t.kind == asn1Key && r.oid == oidRSA {
		r.skip(1)
		r.node(t.field, r.pos, r.pos+n-1, func() { r.read(x509RSAKey, r.pos+n-1) })
		return
	}
	r.add(x509Padding, 1)
	if n == 1 {
		return
	}
	start := r.pos
	r.open(t.field, n-1, func() {
		for i, f := range t.field.Sub {
			r.seek(start + min(i/8, n-2))
			bit := r.over(r.out, f, 1)
			if bit.Field == nil {
				return
			}
			bit.Bit, bit.Bits = i%8, 1
			bit.Uint = bit.Uint >> (7 - i%8) & 1
			if i/8 > n-2 { // bits that are not sent are zero
				bit.Uint = 0
			}
			bit.Show = show(f, bit.Uint, nil)
		}
	})
}

// any reads what the type before it says; what nobody knows is shown whole.
func (r *derReader) any(tag byte, stop int) {
	t, known := x509Types[r.oid]
	switch {
	case known && t == nil: // no parameters
	case known:
		if !r.read(t, stop) {
			r.odd(stop)
		}
	case tag == 0x05 && x509Plain[r.oid]:
	default:
		r.node(x509Unknown, r.pos, stop, func() {})
	}
}

// certificate reads a certificate or a bare public key of n bytes.
func (m *tlsReader) certificate(n int, raw bool) {
	t := x509Certificate
	if raw {
		t = x509RawKey
	}
	m.der(t, n)
}

// name reads a distinguished name of n bytes.
func (m *tlsReader) name(n int) { m.der(x509DName, n) }

// der reads an element of n bytes; what is left of them is passed over.
func (m *tlsReader) der(t *asn1, n int) {
	if !m.ok(n) {
		return
	}
	stop := m.pos + n
	r := derReader{tlsReader: m}
	if !r.read(t, stop) {
		r.odd(stop)
	}
	m.seek(stop)
}

// oidText is an object identifier with dots; what does not fit 32 bits is
// left out.
func oidText(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	text := make([]byte, 0, 4*len(b))
	var v uint64
	first := true
	for _, c := range b {
		if bits.Len64(v) > 32 {
			return string(text) + "…"
		}
		if v = v<<7 | uint64(c&0x7f); c&0x80 != 0 {
			continue
		}
		if first {
			top := min(v/40, 2)
			text = strconv.AppendUint(text, top, 10)
			v -= top * 40
			first = false
		}
		text = strconv.AppendUint(append(text, '.'), v, 10)
		v = 0
	}
	return string(text)
}

// oidShow is an object identifier with its name.
func oidShow(oid string) string {
	if name := oidNames[oid]; name != "" {
		return name + " (" + oid + ")"
	}
	return oid
}

// x509Show writes on a heading what its parts say: names in one line,
// extensions and algorithms by their identifiers.
func x509Show(n *Node) {
	switch n.Field {
	case x509Pair:
		if len(n.Children) > 1 {
			name, _, _ := strings.Cut(n.Children[0].Show, " (")
			value := &n.Children[1]
			if len(value.Children) > 0 {
				value = &value.Children[0]
			}
			n.Show = name + "=" + value.Show
		}
	case x509RDN, x509RDNs, x509SubjectRDNs, x509Issuer, x509Subject, x509DNameField:
		for i := range n.Children {
			if i > 0 {
				n.Show += ", "
			}
			if n.Show += n.Children[i].Show; len(n.Show) > maxShow {
				break
			}
		}
	case x509Extension, x509Signature, x509OuterSignature, x509KeyAlgorithm:
		if len(n.Children) > 0 {
			n.Show, _, _ = strings.Cut(n.Children[0].Show, " (")
		}
	case certBytes:
		x509Title(n)
	}
}

// x509Title writes on a certificate whose it is, and who vouches for it.
func x509Title(n *Node) {
	if len(n.Children) == 0 {
		return
	}
	n.Show = ""
	for i := range n.Children[0].Children {
		switch c := &n.Children[0].Children[i]; c.Field {
		case x509Subject:
			n.Show = c.Show + n.Show
		case x509Issuer:
			n.Show = ", issued by " + c.Show
		}
	}
	n.Show = Printable(n.Show)
}
