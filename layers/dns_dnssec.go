package layers

const (
	rfcDNSKEY = "RFC 4034 sec. 2.1"
	rfcRRSIG  = "RFC 4034 sec. 3.1"
	rfcDS     = "RFC 4034 sec. 5.1"
)

// rdLayouts are the records whose data is a plain sequence of fields: of
// fixed size, names (TypeString), and last what is left (TypeBytes).
var rdLayouts = map[uint64][]*Field{
	48: table(DNS,
		&Field{Name: "dns.dnskey.flags", Label: "flags", Type: TypeHex, Size: 2, RFC: rfcDNSKEY, Help: "What the key is for.", Sub: []*Field{
			{Name: "dns.dnskey.flags.zone_key", Label: "zone key", Type: TypeBool, Size: 2, Mask: 0x0100, RFC: rfcDNSKEY, Help: "The key signs the zone's records."},
			{Name: "dns.dnskey.flags.key_revoked", Label: "revoked", Type: TypeBool, Size: 2, Mask: 0x0080, RFC: "RFC 5011 sec. 7", Help: "The key must not be trusted any more."},
			{Name: "dns.dnskey.flags.secure_entry_point", Label: "key-signing key", Type: TypeBool, Size: 2, Mask: 0x0001, RFC: rfcDNSKEY, Help: "The key signs the zone's other keys."},
			{Name: "dns.dnskey.flags.reserved", Label: "reserved", Type: TypeHex, Size: 2, Mask: 0xfe7e, RFC: rfcDNSKEY, Help: "Not used; zero."}}},
		&Field{Name: "dns.dnskey.protocol", Label: "protocol", Type: TypeUint, Size: 1, RFC: rfcDNSKEY, Help: "Always 3."},
		&Field{Name: "dns.dnskey.algorithm", Label: "algorithm", Type: TypeUint, Size: 1, RFC: rfcDNSKEY, Help: "How signatures are made."},
		&Field{Name: "dns.dnskey.public_key", Label: "public key", Type: TypeBytes, RFC: rfcDNSKEY, Help: "The key that signatures are checked with."}),
	46: table(DNS,
		&Field{Name: "dns.rrsig.type_covered", Label: "type covered", Type: TypeEnum, Size: 2, RFC: rfcRRSIG, Names: dnsTypes, Help: "Which records of the name are signed."},
		&Field{Name: "dns.rrsig.algorithm", Label: "algorithm", Type: TypeUint, Size: 1, RFC: rfcRRSIG, Help: "How the signature was made."},
		&Field{Name: "dns.rrsig.labels", Label: "labels", Type: TypeUint, Size: 1, RFC: rfcRRSIG, Help: "How many parts the signed name has; fewer than the name's, when it came from a wildcard."},
		&Field{Name: "dns.rrsig.original_ttl", Label: "original TTL", Type: TypeUint, Size: 4, RFC: rfcRRSIG, Help: "The time to live that was signed."},
		&Field{Name: "dns.rrsig.signature_expiration", Label: "expires", Type: TypeUint, Size: 4, RFC: rfcRRSIG, Help: "Until when the signature holds, in seconds since 1970."},
		&Field{Name: "dns.rrsig.signature_inception", Label: "valid from", Type: TypeUint, Size: 4, RFC: rfcRRSIG, Help: "From when on the signature holds, in seconds since 1970."},
		&Field{Name: "dns.rrsig.key_tag", Label: "key tag", Type: TypeUint, Size: 2, RFC: rfcRRSIG, Help: "Which of the zone's keys signed."},
		&Field{Name: "dns.rrsig.signers_name", Label: "signer", Type: TypeString, RFC: rfcRRSIG, Help: "The zone that signed."},
		&Field{Name: "dns.rrsig.signature", Label: "signature", Type: TypeBytes, RFC: rfcRRSIG, Help: "The signature."}),
	43: table(DNS,
		&Field{Name: "dns.ds.key_id", Label: "key tag", Type: TypeHex, Size: 2, RFC: rfcDS, Help: "Which of the zone's keys is meant."},
		&Field{Name: "dns.ds.algorithm", Label: "algorithm", Type: TypeUint, Size: 1, RFC: rfcDS, Help: "How that key signs."},
		&Field{Name: "dns.ds.digest_type", Label: "digest type", Type: TypeUint, Size: 1, RFC: rfcDS, Help: "How the digest was made."},
		&Field{Name: "dns.ds.digest", Label: "digest", Type: TypeBytes, RFC: rfcDS, Help: "A digest of the key: by it the parent zone vouches for the key."}),
}

// layout reads fields one after the other.
func (m *dnsMessage) layout(dst []Node, rows []*Field, s span) ([]Node, bool) {
	for _, f := range rows {
		switch {
		case f.Size > 0:
			if s.pos+f.Size > s.end {
				return dst, false
			}
			n := m.node(f, s.pos, f.Size)
			if len(f.Sub) > 0 {
				n.Children, _ = m.fixed(nil, f.Sub, s.pos, s)
			}
			dst = append(dst, n)
			s = s.from(f.Size)
		case f.Type == TypeString:
			var ok bool
			if dst, ok = m.nameIn(dst, f, &s); !ok {
				return dst, false
			}
		case s.pos < s.end:
			dst = append(dst, m.node(f, s.pos, s.end-s.pos))
		}
	}
	return dst, true
}
