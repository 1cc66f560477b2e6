package layers

const (
	rfcDNSKEY = "RFC 4034 sec. 2.1"
	rfcRRSIG  = "RFC 4034 sec. 3.1"
	rfcDS     = "RFC 4034 sec. 5.1"
	rfcNSEC3  = "RFC 5155 sec. 3.1"
	rfcTSIG   = "RFC 8945 sec. 4.2"
	rfcTLSA   = "RFC 6698 sec. 2.1"
)

var (
	dnskeyRows = table(DNS,
		&Field{Name: "dns.dnskey.flags", Label: "flags", Type: TypeHex, Size: 2, RFC: rfcDNSKEY, Help: "What the key is for.", Sub: []*Field{
			{Name: "dns.dnskey.flags.zone_key", Label: "zone key", Type: TypeBool, Size: 2, Mask: 0x0100, RFC: rfcDNSKEY, Help: "The key signs the zone's records."},
			{Name: "dns.dnskey.flags.key_revoked", Label: "revoked", Type: TypeBool, Size: 2, Mask: 0x0080, RFC: "RFC 5011 sec. 7", Help: "The key must not be trusted any more."},
			{Name: "dns.dnskey.flags.secure_entry_point", Label: "key-signing key", Type: TypeBool, Size: 2, Mask: 0x0001, RFC: rfcDNSKEY, Help: "The key signs the zone's other keys."},
			{Name: "dns.dnskey.flags.reserved", Label: "reserved", Type: TypeHex, Size: 2, Mask: 0xfe7e, RFC: rfcDNSKEY, Help: "Not used; zero."}}},
		&Field{Name: "dns.dnskey.protocol", Label: "protocol", Type: TypeUint, Size: 1, RFC: rfcDNSKEY, Help: "Always 3."},
		&Field{Name: "dns.dnskey.algorithm", Label: "algorithm", Type: TypeUint, Size: 1, RFC: rfcDNSKEY, Help: "How signatures are made."},
		&Field{Name: "dns.dnskey.public_key", Label: "public key", Type: TypeBytes, RFC: rfcDNSKEY, Help: "The key that signatures are checked with."})
	rrsigRows = table(DNS,
		&Field{Name: "dns.rrsig.type_covered", Label: "type covered", Type: TypeEnum, Size: 2, RFC: rfcRRSIG, Names: dnsTypes, Help: "Which records of the name are signed."},
		&Field{Name: "dns.rrsig.algorithm", Label: "algorithm", Type: TypeUint, Size: 1, RFC: rfcRRSIG, Help: "How the signature was made."},
		&Field{Name: "dns.rrsig.labels", Label: "labels", Type: TypeUint, Size: 1, RFC: rfcRRSIG, Help: "How many parts the signed name has; fewer than the name's, when it came from a wildcard."},
		&Field{Name: "dns.rrsig.original_ttl", Label: "original TTL", Type: TypeUint, Size: 4, RFC: rfcRRSIG, Help: "The time to live that was signed."},
		&Field{Name: "dns.rrsig.signature_expiration", Label: "expires", Type: TypeAbsTime, Size: 4, RFC: rfcRRSIG, Help: "Until when the signature holds."},
		&Field{Name: "dns.rrsig.signature_inception", Label: "valid from", Type: TypeAbsTime, Size: 4, RFC: rfcRRSIG, Help: "From when on the signature holds."},
		&Field{Name: "dns.rrsig.key_tag", Label: "key tag", Type: TypeUint, Size: 2, RFC: rfcRRSIG, Help: "Which of the zone's keys signed."},
		&Field{Name: "dns.rrsig.signers_name", Label: "signer", Type: TypeString, RFC: rfcRRSIG, Help: "The zone that signed."},
		&Field{Name: "dns.rrsig.signature", Label: "signature", Type: TypeBytes, RFC: rfcRRSIG, Help: "The signature."})
	dsRows = table(DNS,
		&Field{Name: "dns.ds.key_id", Label: "key tag", Type: TypeHex, Size: 2, RFC: rfcDS, Help: "Which of the zone's keys is meant."},
		&Field{Name: "dns.ds.algorithm", Label: "algorithm", Type: TypeUint, Size: 1, RFC: rfcDS, Help: "How that key signs."},
		&Field{Name: "dns.ds.digest_type", Label: "digest type", Type: TypeUint, Size: 1, RFC: rfcDS, Help: "How the digest was made."},
		&Field{Name: "dns.ds.digest", Label: "digest", Type: TypeBytes, RFC: rfcDS, Help: "A digest of the key: by it the parent zone vouches for the key."})
	nsecRows = table(DNS,
		&Field{Name: "dns.nsec.next_domain_name", Label: "next name", Type: TypeString, RFC: "RFC 4034 sec. 4.1", Help: "The name that comes next in the zone: between the two there is none."})
	nsec3Rows = table(DNS,
		&Field{Name: "dns.nsec3.algo", Label: "hash algorithm", Type: TypeUint, Size: 1, RFC: rfcNSEC3, Help: "How names are hashed, so that nobody can list the zone; 1 is SHA-1."},
		&Field{Name: "dns.nsec3.flags", Label: "flags", Type: TypeHex, Size: 1, RFC: rfcNSEC3, Help: "Which names the chain has.", Sub: []*Field{
			{Name: "dns.nsec3.flags.opt_out", Label: "opt-out", Type: TypeBool, Size: 1, Mask: 0x01, RFC: rfcNSEC3, Help: "Delegations that are not signed may be left out."}}},
		&Field{Name: "dns.nsec3.iterations", Label: "iterations", Type: TypeUint, Size: 2, RFC: rfcNSEC3, Help: "How many times more the name is hashed."},
		&Field{Name: "dns.nsec3.salt_length", Label: "salt length", Type: TypeUint, Size: 1, RFC: rfcNSEC3, Help: "How many bytes of salt follow."},
		counted(Field{Name: "dns.nsec3.salt_value", Label: "salt", Type: TypeBytes, RFC: rfcNSEC3, Help: "What is hashed with each name."}),
		&Field{Name: "dns.nsec3.hash_length", Label: "hash length", Type: TypeUint, Size: 1, RFC: rfcNSEC3, Help: "How many bytes the hash has."},
		counted(Field{Name: "dns.nsec3.hash_value", Label: "next hash", Type: TypeBytes, RFC: rfcNSEC3, Help: "The hash that comes next in the zone: between the two there is no name."}))
	nsec3paramRows = append(table(DNS, nsec3Rows[0],
		&Field{Name: "dns.nsec3.flags", Label: "flags", Type: TypeHex, Size: 1, RFC: rfcNSEC3, Help: "Not used here; zero."}), nsec3Rows[2:5]...)
	tsigRows = table(DNS,
		&Field{Name: "dns.tsig.algorithm_name", Label: "algorithm", Type: TypeString, RFC: rfcTSIG, Help: "How the message is authenticated."},
		&Field{Name: "dns.tsig.time_signed", Label: "time signed", Type: TypeAbsTime, Size: 6, RFC: rfcTSIG, Help: "When."},
		&Field{Name: "dns.tsig.fudge", Label: "fudge", Type: TypeUint, Size: 2, RFC: rfcTSIG, Help: "By how many seconds the clocks may differ."},
		&Field{Name: "dns.tsig.mac_size", Label: "MAC size", Type: TypeUint, Size: 2, RFC: rfcTSIG, Help: "How many bytes the code has."},
		counted(Field{Name: "dns.tsig.mac", Label: "MAC", Type: TypeBytes, RFC: rfcTSIG, Help: "The code that only who has the key can make."}),
		&Field{Name: "dns.tsig.original_id", Label: "original ID", Type: TypeHex, Size: 2, RFC: rfcTSIG, Help: "The message's ID when it was signed."},
		&Field{Name: "dns.tsig.error", Label: "error", Type: TypeUint, Size: 2, RFC: rfcTSIG, Help: "What was wrong with the code; 0: nothing."},
		&Field{Name: "dns.tsig.other_len", Label: "other length", Type: TypeUint, Size: 2, RFC: rfcTSIG, Help: "How many bytes follow."},
		counted(Field{Name: "dns.tsig.other_data", Label: "other data", Type: TypeBytes, RFC: rfcTSIG, Help: "The server's time, if the clocks differ too much."}))
	tlsaRows = table(DNS,
		&Field{Name: "dns.tlsa.certificate_usage", Label: "usage", Type: TypeUint, Size: 1, RFC: rfcTLSA, Help: "What the certificate is for: 3 is the server's own."},
		&Field{Name: "dns.tlsa.selector", Label: "selector", Type: TypeUint, Size: 1, RFC: rfcTLSA, Help: "Whether the whole certificate counts, or its key."},
		&Field{Name: "dns.tlsa.matching_type", Label: "matching type", Type: TypeUint, Size: 1, RFC: rfcTLSA, Help: "Whether the data is hashed."},
		&Field{Name: "dns.tlsa.certificate_association_data", Label: "certificate data", Type: TypeBytes, RFC: rfcTLSA, Help: "What the server's certificate must fit."})
	sshfpRows = table(DNS,
		&Field{Name: "dns.sshfp.algorithm", Label: "algorithm", Type: TypeUint, Size: 1, RFC: "RFC 4255 sec. 3.1", Help: "Which kind of key the host has."},
		&Field{Name: "dns.sshfp.fingerprint.type", Label: "fingerprint type", Type: TypeUint, Size: 1, RFC: "RFC 4255 sec. 3.1", Help: "How the key is hashed."},
		&Field{Name: "dns.sshfp.fingerprint", Label: "fingerprint", Type: TypeBytes, RFC: "RFC 4255 sec. 3.1", Help: "The hash of the host's key, for SSH clients to check."})
	certRows = table(DNS,
		&Field{Name: "dns.cert.type", Label: "type", Type: TypeUint, Size: 2, RFC: "RFC 4398 sec. 2", Help: "Which kind of certificate it is."},
		&Field{Name: "dns.cert.key_tag", Label: "key tag", Type: TypeHex, Size: 2, RFC: "RFC 4398 sec. 2", Help: "A short sum of its key, to find it quickly."},
		&Field{Name: "dns.cert.algorithm", Label: "algorithm", Type: TypeUint, Size: 1, RFC: "RFC 4398 sec. 2", Help: "How its key signs."},
		&Field{Name: "dns.cert.certificate", Label: "certificate", Type: TypeBytes, RFC: "RFC 4398 sec. 2", Help: "The certificate."})
)

// rdLayouts are the records whose data is a plain sequence of fields: of
// fixed size, counted, names (TypeString), and last what is left (TypeBytes).
var rdLayouts = map[uint64][]*Field{
	1: rdA, 2: {rdNS}, 3: {rdMD}, 4: {rdMF}, 5: {rdCNAME}, 6: append([]*Field{rdMname, rdRname}, rdSOA...), 7: {rdMB}, 8: {rdMG}, 9: {rdMR}, 10: {rdNull},
	12: {rdPTR}, 13: hinfoRows, 14: minfoRows, 15: append(rdMX, rdMXTo), 17: rpRows, 18: afsdbRows, 19: x25Rows, 21: rtRows, 22: {rdNSAP}, 23: {rdNSAPPtr},
	24: rrsigRows, 26: pxRows, 27: gposRows, 28: rdAAAA, 30: nxtRows, 33: append(rdSRV, rdSRVTo), 35: naptrRows, 36: kxRows, 37: certRows, 39: {rdDNAME},
	43: dsRows, 44: sshfpRows, 46: rrsigRows, 47: nsecRows, 48: dnskeyRows, 49: {rdDHCID}, 50: nsec3Rows, 51: nsec3paramRows, 52: tlsaRows, 59: dsRows,
	60: dnskeyRows, 61: {rdPGP}, 62: csyncRows, 63: zonemdRows, 104: nidRows, 105: l32Rows, 106: l64Rows, 107: lpRows, 108: {rdEUI48}, 109: {rdEUI64},
	249: tkeyRows, 250: tsigRows, 32769: dsRows, 65282: winsrRows,
}

// wholeRows begin layouts that show nothing when they are not all there.
var wholeRows = map[*Field]bool{rdMX[0]: true, hinfoRows[0]: true, afsdbRows[0]: true, rtRows[0]: true, kxRows[0]: true}

// countedRows are as long as the number in the row before them says.
var countedRows = map[*Field]bool{}

func counted(f Field) *Field {
	countedRows[&f] = true
	return &f
}

// bitmap reads a list of types (RFC 4034 section 4.1.2): for each block of 256
// its number, how many bytes follow, and a bit for each type.
func (c *cursor) bitmap(dst *[]Node, end int) {
	for c.pos != end && !*c.broken {
		block, n := uint64(c.peek(0, 1))<<8, c.peek(1, 1)
		c.skip(2)
		c.bits8(dst, block, n)
	}
}

// bits8 reads n bytes with a bit for each type, from a first one on.
func (c *cursor) bits8(dst *[]Node, first uint64, n int) {
	for i := 0; i != n && c.ok(1); i++ {
		for bit := range 8 {
			if c.data[c.pos]&(0x80>>bit) != 0 {
				t := c.over(dst, rrType, 1)
				t.Uint = first + uint64(i*8+bit)
				t.Show = showEnum(dnsTypes, t.Uint)
			}
		}
		c.skip(1)
	}
}
