package layers

const rfcX509Ext = "RFC 5280 sec. 4.2"

func extRow(name, label string, t Type, help string) *Field {
	return tlsText(name, label, t, rfcX509Ext, help)
}

// bitsRow is a row of bits that have names, from the first one on.
func bitsRow(name, label, help, prefix string, bits ...[2]string) *Field {
	f := Field{Name: name, Label: label, Type: TypeBytes, RFC: rfcX509Ext, Help: help}
	for _, b := range bits {
		f.Sub = append(f.Sub, &Field{Name: prefix + b[0], Label: b[0], Type: TypeBool, RFC: rfcX509Ext, Help: b[1]})
	}
	return row(TLS, f)
}

// Names beyond that of the subject (RFC 5280 section 4.2.1.6).
var (
	x509GeneralName  = extRow("x509ce.GeneralName", "name", TypeNone, "One of the names that the certificate is good for.")
	x509GeneralNames = extRow("x509ce.GeneralNames", "names", TypeNone, "All names that the certificate is good for: browsers look only here.")
	x509Addresses    = map[int]*Field{
		4:  extRow("x509ce.IPAddress.ipv4", "IPv4 address", TypeIPv4, "An address that the certificate is good for."),
		16: extRow("x509ce.IPAddress.ipv6", "IPv6 address", TypeIPv6, "An address that the certificate is good for."),
	}

	asn1GeneralChoices = []*asn1{
		asn1Tagged(0xa0, asn1Seq(extRow("x509ce.otherName_element", "other name", TypeNone, "A name of a kind of its own."),
			asn1TypeID(extRow("x509ce.type_id", "kind", TypeBytes, "What kind of name it is.")), asn1Within(0xa0, asn1AnyType))),
		asn1Plain(0x81, extRow("x509ce.rfc822Name", "mail address", TypeString, "A mail address that the certificate is good for.")),
		asn1Plain(0x82, extRow("x509ce.dNSName", "DNS name", TypeString, "A host that the certificate is good for; a star stands for one part of the name.")),
		asn1Within(0xa4, asn1One(extRow("x509ce.directoryName", "directory name", TypeNone, "A name as in the subject."), asn1Name)),
		asn1Plain(0x86, extRow("x509ce.uniformResourceIdentifier", "URI", TypeString, "An address on the web.")),
		{kind: asn1Address, tag: 0x87},
		asn1Tagged(0x88, asn1Ident(extRow("x509ce.registeredID", "registered identifier", TypeBytes, "A number that is the same all over the world."))),
	}
	asn1General      = asn1One(x509GeneralName, asn1GeneralChoices...)
	asn1GeneralNames = asn1ListOf(x509GeneralNames, asn1General)
)

// generalNames is a list of names under another heading.
func generalNames(tag byte, f *Field) *asn1 { return asn1Tagged(tag, asn1ListOf(f, asn1General)) }

var (
	x509Reasons = bitsRow("x509ce.reasons", "reasons", "For which reasons for a revocation the list is.", "x509ce.ReasonFlags.",
		[2]string{"unused", "Not used."}, [2]string{"keyCompromise", "Somebody else has the key."}, [2]string{"cACompromise", "Somebody else has the issuer's key."},
		[2]string{"affiliationChanged", "The subject is not what it was."}, [2]string{"superseded", "There is a newer certificate."},
		[2]string{"cessationOfOperation", "The certificate is not needed any more."}, [2]string{"certificateHold", "It is only put on hold."},
		[2]string{"privilegeWithdrawn", "The subject must not do any more what it could."}, [2]string{"aACompromise", "Somebody else has the key of who grants rights."})
	x509KeyUsage = bitsRow("x509ce.KeyUsage", "key usage", "What the key may be used for.", "x509ce.KeyUsage.",
		[2]string{"digitalSignature", "It may sign, as handshakes with fresh keys need it."}, [2]string{"contentCommitment", "It may sign so that the signer cannot deny it."},
		[2]string{"keyEncipherment", "Others may encrypt keys for it, as RSA key exchange does."}, [2]string{"dataEncipherment", "Others may encrypt data for it."},
		[2]string{"keyAgreement", "It may take part in an agreement on keys."}, [2]string{"keyCertSign", "It may sign certificates: it is an authority's."},
		[2]string{"cRLSign", "It may sign lists of revoked certificates."}, [2]string{"encipherOnly", "What was agreed on may only encrypt."},
		[2]string{"decipherOnly", "What was agreed on may only decrypt."})
	x509NetscapeType = bitsRow("ns_cert_exts.CertType", "Netscape certificate type", "What the certificate may be used for, as Netscape had it.", "ns.cert.exts.CertType.",
		[2]string{"ssl.client", "A client's."}, [2]string{"ssl.server", "A server's."}, [2]string{"smime", "For mail."}, [2]string{"object.signing", "For programs."},
		[2]string{"reserved.for.future.use", "Not used."}, [2]string{"ssl.ca", "An authority's for servers."}, [2]string{"smime.ca", "An authority's for mail."},
		[2]string{"object.signing.ca", "An authority's for programs."})
	x509EntrustFlags = bitsRow("x509ce.entrustVersInfoFlags", "flags", "What the issuer's program can do.", "x509ce.EntrustInfoFlags.",
		[2]string{"keyUpdateAllowed", "Keys may be renewed."}, [2]string{"newExtensions", "It knows newer extensions."}, [2]string{"pKIXCertificate", "It follows the common profile."},
		[2]string{"enterpriseCategory", "For enterprises."}, [2]string{"webCategory", "For the web."}, [2]string{"sETCategory", "For payments."})

	asn1CRLPoints = asn1ListOf(extRow("x509ce.CRLDistPointsSyntax", "revocation lists", TypeNone, "Where to ask whether the certificate was revoked."),
		asn1Seq(extRow("x509ce.DistributionPoint_element", "revocation list", TypeNone, "A place with a list of revoked certificates."),
			asn1Maybe(asn1Within(0xa0, asn1One(extRow("x509ce.distributionPoint", "place", TypeNone, "Where the list is."),
				generalNames(0xa0, extRow("x509ce.fullName", "full name", TypeNone, "Where the list is.")),
				asn1Tagged(0xa1, asn1ListOf(extRow("x509ce.nameRelativeToCRLIssuer", "relative name", TypeNone, "Where the list is, below its issuer."), asn1Pair))))),
			asn1Maybe(asn1Tagged(0x81, asn1BitsOf(x509Reasons))),
			asn1Maybe(generalNames(0xa2, extRow("x509ce.cRLIssuer", "issuer", TypeNone, "Who signs the list.")))))

	asn1Policies = asn1ListOf(extRow("x509ce.CertificatePoliciesSyntax", "policies", TypeNone, "By which rules the issuer works."),
		asn1Seq(extRow("x509ce.PolicyInformation_element", "policy", TypeNone, "A set of rules."),
			asn1Ident(extRow("x509ce.policyIdentifier", "policy identifier", TypeBytes, "Which rules they are.")),
			asn1Maybe(asn1ListOf(extRow("x509ce.policyQualifiers", "qualifiers", TypeNone, "More about the rules."),
				asn1Seq(extRow("x509ce.PolicyQualifierInfo_element", "qualifier", TypeNone, "Something about the rules."),
					asn1TypeID(extRow("x509ce.id", "kind", TypeBytes, "What is said about them.")), asn1AnyType)))))
	asn1CPS = asn1Plain(0x16, extRow("pkix1explicit.DirectoryString", "statement", TypeString, "Where to read the rules."))

	asn1NoticeTexts = []*asn1{
		asn1Plain(0x16, extRow("pkix1implicit.ia5String", "ASCII text", TypeString, "The text.")),
		asn1Plain(0x1a, extRow("pkix1implicit.visibleString", "visible text", TypeString, "The text.")),
		asn1Plain(0x1e, extRow("pkix1implicit.bmpString", "text of two-byte letters", TypeBytes, "The text.")),
		asn1Plain(0x0c, extRow("pkix1implicit.utf8String", "UTF-8 text", TypeString, "The text.")),
	}
	asn1Notice = asn1Seq(extRow("pkix1implicit.UserNotice_element", "notice", TypeNone, "What people should be told."),
		asn1Maybe(asn1Seq(extRow("pkix1implicit.noticeRef_element", "reference", TypeNone, "Where the text is from."),
			asn1One(extRow("pkix1implicit.organization", "organization", TypeNone, "Whose text it is."), asn1NoticeTexts...),
			asn1ListOf(extRow("pkix1implicit.noticeNumbers", "numbers", TypeNone, "Which of its texts."),
				asn1Plain(0x02, extRow("pkix1implicit.noticeNumbers_item", "number", TypeUint, "The text's number."))))),
		asn1Maybe(asn1One(extRow("pkix1implicit.explicitText", "text", TypeNone, "What people should be told."), asn1NoticeTexts...)))

	asn1Subtree = asn1Seq(extRow("x509ce.GeneralSubtree_element", "subtree", TypeNone, "All names below one."),
		asn1One(extRow("x509ce.base", "base", TypeNone, "The name that the others are below."), asn1GeneralChoices...),
		asn1Maybe(asn1Plain(0x80, extRow("x509ce.minimum", "minimum", TypeUint, "How far below at least."))),
		asn1Maybe(asn1Plain(0x81, extRow("x509ce.maximum", "maximum", TypeUint, "How far below at most."))))
)

// x509ExtensionTypes are the extensions that are known, and the qualifiers in
// them.
var x509ExtensionTypes = map[string]*asn1{
	"2.5.29.9": asn1ListOf(extRow("x509ce.AttributesSyntax", "attributes", TypeNone, "More about the subject."),
		asn1Seq(extRow("x509ce.Attribute_element", "attribute", TypeNone, "One thing about the subject."),
			asn1TypeID(x509PairType), asn1Tagged(0x31, asn1ListOf(extRow("x509if.values", "values", TypeNone, "What is said."), asn1AnyType)))),
	"2.5.29.14": asn1Plain(0x04, extRow("x509ce.SubjectKeyIdentifier", "key identifier", TypeBytes, "A short name for the key, to find what it has signed.")),
	"2.5.29.15": asn1BitsOf(x509KeyUsage),
	"2.5.29.16": asn1Seq(extRow("x509ce.PrivateKeyUsagePeriod_element", "private key's period", TypeNone, "When the private key may sign."),
		asn1Maybe(asn1Plain(0x80, extRow("x509ce.notBefore", "not before", TypeAbsTime, "Before this moment it must not sign."))),
		asn1Maybe(asn1Plain(0x81, extRow("x509ce.notAfter", "not after", TypeAbsTime, "After this moment it must not sign.")))),
	"2.5.29.17": asn1GeneralNames,
	"2.5.29.18": asn1GeneralNames,
	"2.5.29.19": asn1Seq(extRow("x509ce.BasicConstraintsSyntax_element", "basic constraints", TypeNone, "Whether the subject may issue certificates itself."),
		asn1Maybe(asn1Plain(0x01, extRow("x509ce.cA", "authority", TypeBool, "The subject may issue certificates: it is an authority."))),
		asn1Maybe(asn1Plain(0x02, extRow("x509ce.pathLenConstraint", "path length", TypeUint, "How many authorities there may be below this one.")))),
	"2.5.29.30": asn1Seq(extRow("x509ce.NameConstraintsSyntax_element", "name constraints", TypeNone, "For which names the subject may issue certificates."),
		asn1Maybe(asn1Tagged(0xa0, asn1ListOf(extRow("x509ce.permittedSubtrees", "permitted", TypeNone, "For names below these it may."), asn1Subtree))),
		asn1Maybe(asn1Tagged(0xa1, asn1ListOf(extRow("x509ce.excludedSubtrees", "excluded", TypeNone, "For names below these it must not."), asn1Subtree)))),
	"2.5.29.31": asn1CRLPoints,
	"2.5.29.46": asn1CRLPoints,
	"2.5.29.32": asn1Policies,
	"2.5.29.3":  asn1Policies,
	"2.5.29.33": asn1ListOf(extRow("x509ce.PolicyMappingsSyntax", "policy mappings", TypeNone, "Which rules of others are as good as whose."),
		asn1Seq(extRow("x509ce.PolicyMappingsSyntax_item_element", "mapping", TypeNone, "Two sets of rules that are as good."),
			asn1Ident(extRow("x509ce.issuerDomainPolicy", "issuer's policy", TypeBytes, "The issuer's rules.")),
			asn1Ident(extRow("x509ce.subjectDomainPolicy", "subject's policy", TypeBytes, "The subject's rules.")))),
	"2.5.29.35": asn1Seq(extRow("x509ce.AuthorityKeyIdentifier_element", "authority's key", TypeNone, "Which of the issuer's keys has signed."),
		asn1Maybe(asn1Plain(0x80, extRow("x509ce.keyIdentifier", "key identifier", TypeBytes, "The short name of the issuer's key."))),
		asn1Maybe(generalNames(0xa1, extRow("x509ce.authorityCertIssuer", "issuer of its certificate", TypeNone, "Who vouches for the issuer."))),
		asn1Maybe(asn1Plain(0x82, extRow("x509ce.authorityCertSerialNumber", "serial number of its certificate", TypeBytes, "Which certificate of the issuer's it is.")))),
	"2.5.29.36": asn1Seq(extRow("x509ce.PolicyConstraintsSyntax_element", "policy constraints", TypeNone, "How strict rules must be further down."),
		asn1Maybe(asn1Plain(0x80, extRow("x509ce.requireExplicitPolicy", "require policy", TypeUint, "After so many steps there must be rules."))),
		asn1Maybe(asn1Plain(0x81, extRow("x509ce.inhibitPolicyMapping", "inhibit mapping", TypeUint, "After so many steps other's rules are not as good any more.")))),
	"2.5.29.37": asn1ListOf(extRow("x509ce.KeyPurposeIDs", "key purposes", TypeNone, "What the certificate may be used for."),
		asn1Ident(extRow("x509ce.KeyPurposeId", "purpose", TypeBytes, "One thing that it may be used for: a server, a client, mail, and so on."))),
	"2.5.29.54": asn1Plain(0x02, extRow("x509ce.SkipCerts", "inhibit any policy", TypeUint, "After so many steps \"any rules\" is not good enough.")),

	"1.3.6.1.5.5.7.1.1": asn1ListOf(extRow("pkix1implicit.AuthorityInfoAccessSyntax", "authority information", TypeNone, "Where to learn more about the issuer."),
		asn1Seq(extRow("pkix1implicit.AccessDescription_element", "access", TypeNone, "Something to learn, and where."),
			asn1Ident(extRow("pkix1implicit.accessMethod", "method", TypeBytes, "What there is: OCSP tells whether the certificate was revoked.")),
			asn1One(extRow("pkix1implicit.accessLocation", "location", TypeNone, "Where it is."), asn1GeneralChoices...))),
	"1.3.6.1.5.5.7.1.3": asn1ListOf(extRow("pkixqualified.QCStatements", "qualified statements", TypeNone, "What the law of the European Union wants to be said."),
		asn1Seq(extRow("pkixqualified.QCStatement_element", "statement", TypeNone, "One such statement."),
			asn1TypeID(extRow("pkixqualified.statementId", "statement", TypeBytes, "Which statement it is.")), asn1AnyType)),
	"1.3.6.1.5.5.7.1.24": asn1ListOf(extRow("pkix1explicit.Features", "TLS features", TypeNone, "What the server promises always to send."),
		asn1Plain(0x02, tlsEnum("pkix1explicit.Features_item", "feature", tlsExtensionNames(), "RFC 7633 sec. 4", "An extension of TLS that must be there."))),
	"1.3.6.1.5.5.7.2.1": asn1CPS,
	"1.3.6.1.5.5.7.2.2": asn1Notice,

	"1.3.6.1.4.1.11129.2.4.2": {kind: asn1SCT, tag: 0x04},

	"2.16.840.1.113730.1.1":  asn1BitsOf(x509NetscapeType),
	"2.16.840.1.113730.1.2":  netscapeRow("BaseUrl", "base address"),
	"2.16.840.1.113730.1.3":  netscapeRow("RevocationUrl", "revocation address"),
	"2.16.840.1.113730.1.4":  netscapeRow("CaRevocationUrl", "authority's revocation address"),
	"2.16.840.1.113730.1.7":  netscapeRow("CertRenewalUrl", "renewal address"),
	"2.16.840.1.113730.1.8":  netscapeRow("CaPolicyUrl", "policy address"),
	"2.16.840.1.113730.1.12": netscapeRow("SslServerName", "server name"),
	"2.16.840.1.113730.1.13": netscapeRow("Comment", "comment"),

	"1.3.6.1.4.1.311.20.2":  asn1BMP,
	"1.3.6.1.4.1.311.21.1":  asn1Int,
	"1.3.6.1.4.1.311.21.2":  asn1Octets,
	"1.3.6.1.4.1.311.21.10": asn1Policies,
	"1.3.6.1.4.1.311.21.7": asn1Seq(extRow("x509ce.CertificateTemplate_element", "template", TypeNone, "The pattern that the issuer made the certificate by."),
		asn1Ident(extRow("x509ce.templateID", "template identifier", TypeBytes, "Which pattern it is.")),
		asn1Maybe(asn1Plain(0x02, extRow("x509ce.templateMajorVersion", "major version", TypeUint, "The pattern's version."))),
		asn1Maybe(asn1Plain(0x02, extRow("x509ce.templateMinorVersion", "minor version", TypeUint, "The pattern's version, after the dot.")))),
	"1.2.840.113533.7.65.0": asn1Seq(extRow("x509ce.EntrustVersionInfo_element", "Entrust version", TypeNone, "Which program of Entrust's made the certificate."),
		asn1Maybe(asn1Plain(0x1b, extRow("x509ce.entrustVers", "version", TypeString, "The program's version."))),
		asn1Maybe(asn1BitsOf(x509EntrustFlags))),
	"1.2.840.113549.1.9.15": asn1ListOf(extRow("cms.SMIMECapabilities", "mail capabilities", TypeNone, "Which ciphers the subject's mail program knows."),
		asn1Seq(extRow("cms.SMIMECapability_element", "capability", TypeNone, "A cipher that it knows."),
			asn1TypeID(extRow("cms.attrType", "cipher", TypeBytes, "Which cipher it is.")), asn1AnyType)),
	"1.2.840.113549.3.2": asn1One(extRow("cms.RC2CBCParameters", "RC2 parameters", TypeNone, "How RC2 is used."),
		asn1Plain(0x02, extRow("cms.rc2WrapParameter", "key size", TypeUint, "How many bits the key has."))),
}

func netscapeRow(name, label string) *asn1 {
	return asn1Plain(0x16, extRow("ns_cert_exts."+name, label, TypeString, "The "+label+", as Netscape had it."))
}
