package layers

// oidNames are the object identifiers that certificates are made of, by what
// people call them.
var oidNames = map[string]string{
	"2.5.4.3": "CN", "2.5.4.4": "SN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.9": "street", "2.5.4.10": "O",
	"2.5.4.11": "OU", "2.5.4.12": "title", "2.5.4.13": "description", "2.5.4.15": "businessCategory", "2.5.4.17": "postalCode", "2.5.4.20": "telephoneNumber",
	"2.5.4.41": "name", "2.5.4.42": "givenName", "2.5.4.43": "initials", "2.5.4.44": "generationQualifier", "2.5.4.45": "uniqueIdentifier",
	"2.5.4.46": "dnQualifier", "2.5.4.65": "pseudonym", "2.5.4.97": "organizationIdentifier",
	"0.9.2342.19200300.100.1.25": "DC", "0.9.2342.19200300.100.1.1": "UID", "1.2.840.113549.1.9.1": "emailAddress",
	"1.3.6.1.4.1.311.60.2.1.1": "jurisdictionL", "1.3.6.1.4.1.311.60.2.1.2": "jurisdictionST", "1.3.6.1.4.1.311.60.2.1.3": "jurisdictionC",

	oidRSA: "rsaEncryption", "1.2.840.113549.1.1.4": "md5WithRSA", "1.2.840.113549.1.1.5": "sha1WithRSA", "1.2.840.113549.1.1.8": "mgf1",
	"1.2.840.113549.1.1.10": "RSASSA-PSS", "1.2.840.113549.1.1.11": "sha256WithRSA", "1.2.840.113549.1.1.12": "sha384WithRSA",
	"1.2.840.113549.1.1.13": "sha512WithRSA", "1.2.840.113549.1.1.14": "sha224WithRSA", "1.2.840.10045.2.1": "EC public key",
	"1.2.840.10045.4.1": "ecdsa-with-SHA1", "1.2.840.10045.4.3.2": "ecdsa-with-SHA256", "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
	"1.2.840.10045.4.3.4": "ecdsa-with-SHA512", "1.2.840.10045.3.1.7": "secp256r1", "1.3.132.0.34": "secp384r1", "1.3.132.0.35": "secp521r1",
	"1.2.840.10040.4.1": "DSA", "1.2.840.10040.4.3": "dsa-with-SHA1", "2.16.840.1.101.3.4.3.2": "dsa-with-SHA256",
	"1.3.101.110": "X25519", "1.3.101.111": "X448", "1.3.101.112": "Ed25519", "1.3.101.113": "Ed448", "1.3.14.3.2.26": "SHA1",
	"2.16.840.1.101.3.4.2.1": "SHA256", "2.16.840.1.101.3.4.2.2": "SHA384", "2.16.840.1.101.3.4.2.3": "SHA512", "2.16.840.1.101.3.4.2.4": "SHA224",
	"2.16.840.1.101.3.4.3.17": "ML-DSA-44", "2.16.840.1.101.3.4.3.18": "ML-DSA-65", "2.16.840.1.101.3.4.3.19": "ML-DSA-87",

	"2.5.29.9": "subject directory attributes", "2.5.29.14": "subject key identifier", "2.5.29.15": "key usage", "2.5.29.16": "private key usage period",
	"2.5.29.17": "subject alternative name", "2.5.29.18": "issuer alternative name", "2.5.29.19": "basic constraints", "2.5.29.30": "name constraints",
	"2.5.29.31": "CRL distribution points", "2.5.29.32": "certificate policies", "2.5.29.32.0": "any policy", "2.5.29.33": "policy mappings",
	"2.5.29.35": "authority key identifier", "2.5.29.36": "policy constraints", "2.5.29.37": "extended key usage", "2.5.29.37.0": "any purpose",
	"2.5.29.46": "freshest CRL", "2.5.29.54": "inhibit any policy", "1.3.6.1.5.5.7.1.1": "authority information access",
	"1.3.6.1.5.5.7.1.3": "qualified certificate statements", "1.3.6.1.5.5.7.1.11": "subject information access", "1.3.6.1.5.5.7.1.24": "TLS feature",
	"1.3.6.1.5.5.7.2.1": "practice statement", "1.3.6.1.5.5.7.2.2": "user notice", "1.3.6.1.5.5.7.3.1": "server authentication",
	"1.3.6.1.5.5.7.3.2": "client authentication", "1.3.6.1.5.5.7.3.3": "code signing", "1.3.6.1.5.5.7.3.4": "mail protection",
	"1.3.6.1.5.5.7.3.8": "time stamping", "1.3.6.1.5.5.7.3.9": "OCSP signing", "1.3.6.1.5.5.7.48.1": "OCSP", "1.3.6.1.5.5.7.48.2": "CA issuers",
	"1.3.6.1.5.5.7.48.1.5": "OCSP no check", "1.3.6.1.4.1.11129.2.4.2": "signed certificate timestamps", "1.3.6.1.4.1.11129.2.4.3": "precertificate poison",
	"1.3.6.1.4.1.311.20.2": "template name", "1.3.6.1.4.1.311.20.2.3": "user principal name", "1.3.6.1.4.1.311.21.1": "CA version",
	"1.3.6.1.4.1.311.21.2": "previous certificate hash", "1.3.6.1.4.1.311.21.7": "certificate template", "1.3.6.1.4.1.311.21.10": "application policies",
	"2.16.840.1.113730.1.1": "Netscape certificate type", "2.16.840.1.113730.1.13": "Netscape comment", "1.2.840.113533.7.65.0": "Entrust version",
	"1.2.840.113549.1.9.15": "S/MIME capabilities", "2.23.140.1.1": "extended validation", "2.23.140.1.2.1": "domain validated",
	"2.23.140.1.2.2": "organization validated", "2.23.140.1.2.3": "individual validated",
}
