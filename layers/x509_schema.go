package layers

const rfcX509 = "RFC 5280 sec. 4.1"

func x509Row(name, label string, t Type, help string) *Field {
	return tlsText(name, label, t, rfcX509, help)
}

// Constructors of schema elements. Tags are those of X.690 section 8: 0x30 a
// sequence, 0x31 a set, 0xa0 and up a context tag around others, 0x80 and up
// one around bytes.
func asn1Seq(f *Field, sub ...*asn1) *asn1 {
	return &asn1{kind: asn1Sequence, tag: 0x30, field: f, sub: sub}
}
func asn1ListOf(f *Field, item *asn1) *asn1 {
	return &asn1{kind: asn1List, tag: 0x30, field: f, sub: []*asn1{item}}
}
func asn1One(f *Field, sub ...*asn1) *asn1 { return &asn1{kind: asn1Choice, field: f, sub: sub} }
func asn1Plain(tag byte, f *Field) *asn1   { return &asn1{tag: tag, field: f} }
func asn1Ident(f *Field) *asn1             { return &asn1{kind: asn1OID, tag: 0x06, field: f} }
func asn1TypeID(f *Field) *asn1            { return &asn1{kind: asn1Type, tag: 0x06, field: f} }
func asn1BitsOf(f *Field) *asn1            { return &asn1{kind: asn1Bits, tag: 0x03, field: f} }
func asn1Within(tag byte, t *asn1) *asn1 {
	return &asn1{kind: asn1Explicit, tag: tag, sub: []*asn1{t}}
}
func asn1Tagged(tag byte, t *asn1) *asn1 { c := *t; c.tag = tag; return &c }
func asn1Maybe(t *asn1) *asn1            { c := *t; c.optional = true; return &c }

var asn1AnyType = asn1Maybe(&asn1{kind: asn1Any})

// Rows of a certificate itself.
var (
	certBytes          = tlsText("tls.handshake.certificate", "certificate", TypeBytes, rfcX509, "Says whose a public key is, signed by somebody whom the other side trusts.")
	x509Body           = x509Row("x509af.signedCertificate_element", "signed part", TypeNone, "All that the signature below vouches for.")
	x509Version        = tlsEnum("x509af.version", "version", map[uint64]string{0: "v1", 1: "v2", 2: "v3"}, rfcX509, "The certificate's version; only the third has extensions.")
	x509Serial         = x509Row("x509af.serialNumber", "serial number", TypeBytes, "The issuer's number for the certificate.")
	x509Signature      = x509Row("x509af.signature_element", "signature algorithm", TypeNone, "How the issuer has signed; it must be the same as below.")
	x509OuterSignature = x509Row("x509af.algorithmIdentifier_element", "signature algorithm", TypeNone, "How the issuer has signed.")
	x509KeyAlgorithm   = x509Row("x509af.algorithm_element", "key algorithm", TypeNone, "What kind of key it is.")
	x509Algorithm      = x509Row("x509af.algorithm.id", "algorithm", TypeBytes, "Which algorithm it is: a number that is the same all over the world.")
	x509Issuer         = x509Row("x509af.issuer", "issuer", TypeNone, "Who vouches that the key belongs to the subject.")
	x509Subject        = x509Row("x509af.subject", "subject", TypeNone, "Whose key it is.")
	x509SubjectRDNs    = x509Row("x509af.rdnSequence", "name", TypeNone, "A name from the general to the special: the country, the organization, and so on.")
	x509RDNs           = x509Row("x509if.rdnSequence", "name", TypeNone, "A name from the general to the special: the country, the organization, and so on.")
	x509RDN            = x509Row("x509if.RDNSequence_item", "part of the name", TypeNone, "A step of the name.")
	x509Pair           = x509Row("x509if.RelativeDistinguishedName_item_element", "attribute", TypeNone, "What kind of name it is, and the name.")
	x509PairType       = x509Row("x509if.oid", "attribute type", TypeBytes, "What kind of name it is: a country, an organization, and so on.")
	x509Validity       = x509Row("x509af.validity_element", "validity", TypeNone, "When the certificate is good.")
	x509NotBefore      = x509Row("x509af.notBefore", "not before", TypeNone, "Before this moment it is not yet good.")
	x509NotAfter       = x509Row("x509af.notAfter", "not after", TypeNone, "After this moment it is no longer good.")
	x509UTCTime        = x509Row("x509af.utcTime", "time", TypeString, "A moment, with two digits for the year.")
	x509GeneralTime    = x509Row("x509af.generalizedTime", "time", TypeAbsTime, "A moment, with four digits for the year.")
	x509KeyInfo        = x509Row("x509af.subjectPublicKeyInfo_element", "public key", TypeNone, "The key that the certificate is about.")
	x509KeyBits        = x509Row("x509af.subjectPublicKey", "key", TypeBytes, "The public key: who has the private one can prove it.")
	x509Extensions     = x509Row("x509af.extensions", "extensions", TypeNone, "What else there is to say: other names, what the key may be used for, where to ask.")
	x509Extension      = x509Row("x509af.Extension_element", "extension", TypeNone, "One more thing to say.")
	x509ExtensionID    = x509Row("x509af.extension.id", "extension", TypeBytes, "Which extension it is.")
	x509Critical       = x509Row("x509af.critical", "critical", TypeBool, "Who does not understand the extension must not accept the certificate.")
	x509SignatureBits  = x509Row("x509af.encrypted", "signature", TypeBytes, "The issuer's signature over the signed part.")
	x509Padding        = x509Row("ber.bitstring.padding", "unused bits", TypeUint, "How many bits of the last byte do not count.")
	x509Unknown        = tlsText("", "not known", TypeBytes, rfcX509, "Content of a kind that is not known here.")
	x509UniqueID       = x509Row("x509af.issuerUniqueIdentifier", "issuer's unique identifier", TypeBytes, "Tells issuers of one name apart; never used.")
	x509SubjectUnique  = x509Row("x509af.subjectUniqueIdentifier", "subject's unique identifier", TypeBytes, "Tells subjects of one name apart; never used.")
	x509DNameField     = tlsText("tls.handshake.dname", "distinguished name", TypeNone, rfcCertReq, "An authority's name, part by part.")
)

var (
	asn1Pair = asn1Seq(x509Pair, asn1TypeID(x509PairType), asn1AnyType)
	asn1RDN  = asn1Tagged(0x31, asn1ListOf(x509RDN, asn1Pair))
	asn1Name = asn1ListOf(x509RDNs, asn1RDN)

	x509DName = asn1ListOf(x509DNameField, asn1RDN)

	asn1Time = []*asn1{asn1Plain(0x17, x509UTCTime), asn1Plain(0x18, x509GeneralTime)}

	x509RawKey = asn1KeyInfo(certBytes)

	x509Certificate = asn1Seq(certBytes,
		asn1Seq(x509Body,
			asn1Maybe(asn1Within(0xa0, asn1Plain(0x02, x509Version))),
			asn1Plain(0x02, x509Serial),
			asn1Algorithm(x509Signature),
			asn1One(x509Issuer, asn1Name),
			asn1Seq(x509Validity, asn1One(x509NotBefore, asn1Time...), asn1One(x509NotAfter, asn1Time...)),
			asn1One(x509Subject, asn1ListOf(x509SubjectRDNs, asn1RDN)),
			asn1KeyInfo(x509KeyInfo),
			asn1Maybe(asn1Tagged(0x81, asn1BitsOf(x509UniqueID))),
			asn1Maybe(asn1Tagged(0x82, asn1BitsOf(x509SubjectUnique))),
			asn1Maybe(asn1Within(0xa3, asn1ListOf(x509Extensions, asn1Seq(x509Extension,
				asn1TypeID(x509ExtensionID), asn1Maybe(asn1Plain(0x01, x509Critical)), asn1Within(0x04, asn1AnyType)))))),
		asn1Algorithm(x509OuterSignature),
		asn1BitsOf(x509SignatureBits))
)

// asn1Algorithm is an algorithm with its parameters.
func asn1Algorithm(f *Field) *asn1 { return asn1Seq(f, asn1TypeID(x509Algorithm), asn1AnyType) }

// asn1KeyInfo is a public key with its algorithm.
func asn1KeyInfo(f *Field) *asn1 {
	return asn1Seq(f, asn1Algorithm(x509KeyAlgorithm), &asn1{kind: asn1Key, tag: 0x03, field: x509KeyBits})
}

// Texts of names, and values that stand alone (X.520).
var (
	x509DirString = x509Row("x509sat.DirectoryString", "text", TypeNone, "A text in one of several encodings.")
	x509BMPString = x509Row("x509sat.BMPString", "text", TypeString, "A text of two bytes for each letter.")

	asn1Directory = asn1One(x509DirString,
		asn1Plain(0x14, x509Row("x509sat.teletexString", "teletex text", TypeString, "A text as teletex had it.")),
		asn1Plain(0x13, x509Row("x509sat.printableString", "plain text", TypeString, "A text of letters, digits and a few signs.")),
		asn1Plain(0x1c, x509Row("x509sat.universalString", "universal text", TypeBytes, "A text of four bytes for each letter.")),
		asn1Plain(0x1e, x509Row("x509sat.bmpString", "text of two-byte letters", TypeBytes, "A text of two bytes for each letter.")),
		asn1Plain(0x0c, x509Row("x509sat.uTF8String", "UTF-8 text", TypeString, "A text in UTF-8.")))
	asn1Country   = asn1Plain(0x13, x509Row("x509sat.CountryName", "country", TypeString, "A country in two letters."))
	asn1Printable = asn1Plain(0x13, x509Row("x509sat.PrintableString", "plain text", TypeString, "A text of letters, digits and a few signs."))
	asn1IA5       = asn1Plain(0x16, x509Row("x509sat.IA5String", "ASCII text", TypeString, "A text of ASCII."))
	asn1UTF8      = asn1Plain(0x0c, x509Row("x509sat.UTF8String", "UTF-8 text", TypeString, "A text in UTF-8."))
	asn1BMP       = asn1Plain(0x1e, x509BMPString)
	asn1Phone     = asn1Plain(0x13, x509Row("x509sat.TelephoneNumber", "telephone number", TypeString, "A telephone number."))
	asn1Int       = asn1Plain(0x02, x509Row("x509sat.Integer", "number", TypeUint, "A number."))
	asn1Octets    = asn1Plain(0x04, x509Row("x509sat.OctetString", "bytes", TypeBytes, "Bytes without a meaning of their own."))
	asn1GenTime   = asn1Plain(0x18, x509Row("x509sat.GeneralizedTime", "time", TypeAbsTime, "A moment."))
	asn1Unique    = asn1BitsOf(x509Row("x509sat.UniqueIdentifier", "unique identifier", TypeBytes, "Bits that tell things of one name apart."))
	asn1ObjectID  = asn1Ident(x509Row("x509sat.ObjectIdentifier", "object identifier", TypeBytes, "A number that is the same all over the world."))
)

// Keys and signatures (RFC 8017, RFC 5480, RFC 3279).
var (
	x509RSAKey = asn1Seq(nil,
		asn1Plain(0x02, x509Row("pkcs1.modulus", "modulus", TypeBytes, "The product of two primes that is the key's main part.")),
		asn1Plain(0x02, x509Row("pkcs1.publicExponent", "public exponent", TypeUint, "The power that a message is raised to; mostly 65537.")))
	asn1Curve = asn1One(x509Row("pkcs1.ECParameters", "curve parameters", TypeNone, "Which curve the key is on."),
		asn1Ident(x509Row("pkcs1.namedCurve", "curve", TypeBytes, "The curve that the key is on.")))
	asn1DSS = asn1Seq(x509Row("x509af.DSS_Params_element", "DSA parameters", TypeNone, "The numbers that the key is computed with."),
		asn1Plain(0x02, x509Row("x509af.p", "p", TypeBytes, "The prime.")),
		asn1Plain(0x02, x509Row("x509af.q", "q", TypeBytes, "A prime that divides p-1.")),
		asn1Plain(0x02, x509Row("x509af.g", "g", TypeBytes, "The generator.")))
	asn1MaskHash = asn1Algorithm(x509Row("pkcs1.HashAlgorithm_element", "hash", TypeNone, "The hash that the mask is made with."))
	asn1PSS      = asn1Seq(x509Row("pkcs1.RSASSA_PSS_params_element", "PSS parameters", TypeNone, "How the signature is padded."),
		asn1Maybe(asn1Within(0xa0, asn1Algorithm(x509Row("pkcs1.hashAlgorithm_element", "hash", TypeNone, "The hash of what is signed.")))),
		asn1Maybe(asn1Within(0xa1, asn1Algorithm(x509Row("pkcs1.maskGenAlgorithm_element", "mask generation", TypeNone, "How the mask is made.")))),
		asn1Maybe(asn1Within(0xa2, asn1Plain(0x02, x509Row("pkcs1.saltLength", "salt length", TypeUint, "How many bytes of chance are mixed in.")))),
		asn1Maybe(asn1Within(0xa3, asn1Plain(0x02, x509Row("pkcs1.trailerField", "trailer", TypeUint, "Always 1.")))))
)

const oidRSA = "1.2.840.113549.1.1.1"

// x509Types are what can follow a type: attributes of names, extensions, and
// parameters of algorithms; nil: nothing.
var x509Types map[string]*asn1

// init fills the table: extensions have names in them, whose attributes are
// in the table.
func init() {
	x509Types = map[string]*asn1{
		"1.2.840.10045.2.1": asn1Curve, "1.3.132.1.12": asn1Curve, "1.2.840.10045.2.13": asn1Curve, "1.2.840.10040.4.1": asn1DSS,
		"1.2.840.113549.1.1.10": asn1PSS, "1.2.840.113549.1.1.8": asn1MaskHash,

		"2.5.4.5": asn1Printable, "2.5.4.46": asn1Printable, "2.5.4.6": asn1Country, "1.3.6.1.4.1.311.60.2.1.3": asn1Country,
		"2.5.4.20": asn1Phone, "2.5.4.45": asn1Unique, "2.5.4.35": asn1Octets, "2.5.4.0": asn1ObjectID,
		"1.2.840.113549.1.9.1": asn1IA5, "0.9.2342.19200300.100.1.25": asn1IA5, "0.9.2342.19200300.100.1.1": asn1UTF8,
		"1.2.840.113549.1.9.20": asn1BMP, "1.2.840.113549.1.9.21": asn1Octets,
		"1.3.6.1.5.5.7.9.1": asn1GenTime, "1.3.6.1.5.5.7.9.3": asn1Printable, "1.3.6.1.5.5.7.9.4": asn1Printable, "1.3.6.1.5.5.7.9.5": asn1Printable,
		"1.3.6.1.4.1.311.20.2.3": asn1UTF8,
	}
	for _, oid := range x509Directory {
		x509Types[oid] = asn1Directory
	}
	for oid, t := range x509ExtensionTypes {
		x509Types[oid] = t
	}
}

// x509Directory are the attributes whose values are texts.
var x509Directory = []string{
	"2.5.4.2", "2.5.4.3", "2.5.4.4", "2.5.4.7", "2.5.4.8", "2.5.4.9", "2.5.4.10", "2.5.4.11", "2.5.4.12", "2.5.4.13", "2.5.4.15", "2.5.4.17",
	"2.5.4.18", "2.5.4.19", "2.5.4.41", "2.5.4.42", "2.5.4.43", "2.5.4.44", "2.5.4.51", "2.5.4.54", "2.5.4.65",
	"1.2.840.113549.1.9.7", "1.2.840.113549.1.9.8", "1.2.840.113549.1.9.13", "1.3.6.1.5.5.7.9.2",
	"1.3.6.1.4.1.311.60.2.1.1", "1.3.6.1.4.1.311.60.2.1.2",
	"2.16.840.1.113730.3.1.1", "2.16.840.1.113730.3.1.2", "2.16.840.1.113730.3.1.3", "2.16.840.1.113730.3.1.4",
}

// x509Plain are algorithms that have no parameters, or an empty one.
var x509Plain = map[string]bool{
	oidRSA: true, "1.2.840.113549.1.1.2": true, "1.2.840.113549.1.1.3": true, "1.2.840.113549.1.1.4": true, "1.2.840.113549.1.1.5": true,
	"1.2.840.113549.1.1.11": true, "1.2.840.113549.1.1.12": true, "1.2.840.113549.1.1.13": true, "1.2.840.113549.1.1.14": true,
	"1.2.840.113549.2.2": true, "1.2.840.113549.2.4": true, "1.2.840.113549.2.5": true, "1.3.14.3.2.26": true,
	"2.16.840.1.101.3.4.2.1": true, "2.16.840.1.101.3.4.2.2": true, "2.16.840.1.101.3.4.2.3": true, "2.16.840.1.101.3.4.2.4": true,
	"1.2.840.10045.4.1": true, "1.2.840.10045.4.3.1": true, "1.2.840.10045.4.3.2": true, "1.2.840.10045.4.3.3": true, "1.2.840.10045.4.3.4": true,
	"1.3.6.1.5.5.7.48.1.5": true, "1.3.6.1.4.1.11129.2.4.3": true, "1.2.840.10040.4.3": true, "2.16.840.1.101.3.4.3.2": true,
}
