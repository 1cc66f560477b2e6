package layers

const (
	rfcNAPTR = "RFC 3403 sec. 4.1"
	rfcLOC   = "RFC 1876 sec. 2"
)

// Records that are seldom seen; see rdLayouts.
var (
	hinfoRows = table(DNS,
		&Field{Name: "dns.hinfo.cpu_length", Label: "CPU length", Type: TypeUint, Size: 1, RFC: "RFC 1035 sec. 3.3.2", Help: "How many bytes of text follow."},
		counted(Field{Name: "dns.hinfo.cpu", Label: "CPU", Type: TypeString, RFC: "RFC 1035 sec. 3.3.2", Help: "The host's processor."}),
		&Field{Name: "dns.hinfo.os_length", Label: "OS length", Type: TypeUint, Size: 1, RFC: "RFC 1035 sec. 3.3.2", Help: "How many bytes of text follow."},
		counted(Field{Name: "dns.hinfo.os", Label: "operating system", Type: TypeString, RFC: "RFC 1035 sec. 3.3.2", Help: "The host's operating system."}))
	rpRows = table(DNS,
		&Field{Name: "dns.rp.mailbox", Label: "mailbox", Type: TypeString, RFC: "RFC 1183 sec. 2.2", Help: "Who is responsible for the name."},
		&Field{Name: "dns.rp.txt_rr", Label: "text at", Type: TypeString, RFC: "RFC 1183 sec. 2.2", Help: "A name whose texts say more."})
	afsdbRows = table(DNS,
		&Field{Name: "dns.afsdb.subtype", Label: "subtype", Type: TypeUint, Size: 2, RFC: "RFC 1183 sec. 1", Help: "Which kind of server it is."},
		&Field{Name: "dns.afsdb.hostname", Label: "host", Type: TypeString, RFC: "RFC 1183 sec. 1", Help: "A host with a database of the AFS cell."})
	kxRows = table(DNS,
		&Field{Name: "dns.kx.preference", Label: "preference", Type: TypeUint, Size: 2, RFC: "RFC 2230 sec. 3", Help: "Smaller is tried first."},
		&Field{Name: "dns.kx.key_exchange", Label: "key exchanger", Type: TypeString, RFC: "RFC 2230 sec. 3", Help: "A host that exchanges keys for the name."})
	naptrRows = table(DNS,
		&Field{Name: "dns.naptr.order", Label: "order", Type: TypeUint, Size: 2, RFC: rfcNAPTR, Help: "Smaller must be tried first."},
		&Field{Name: "dns.naptr.preference", Label: "preference", Type: TypeUint, Size: 2, RFC: rfcNAPTR, Help: "Among equals, smaller should be tried first."},
		&Field{Name: "dns.naptr.flags_length", Label: "flags length", Type: TypeUint, Size: 1, RFC: rfcNAPTR, Help: "How many bytes of text follow."},
		counted(Field{Name: "dns.naptr.flags", Label: "flags", Type: TypeString, RFC: rfcNAPTR, Help: "What the result is: U an address of a resource, S a service to look for."}),
		&Field{Name: "dns.naptr.service_length", Label: "service length", Type: TypeUint, Size: 1, RFC: rfcNAPTR, Help: "How many bytes of text follow."},
		counted(Field{Name: "dns.naptr.service", Label: "service", Type: TypeString, RFC: rfcNAPTR, Help: "The service and protocol that the rule leads to."}),
		&Field{Name: "dns.naptr.regex_length", Label: "rule length", Type: TypeUint, Size: 1, RFC: rfcNAPTR, Help: "How many bytes of text follow."},
		counted(Field{Name: "dns.naptr.regex", Label: "rule", Type: TypeString, RFC: rfcNAPTR, Help: "How to rewrite what was asked for."}),
		&Field{Name: "dns.naptr.replacement", Label: "replacement", Type: TypeString, RFC: rfcNAPTR, Help: "The name to go on with, if there is no rule."})
	locRows = table(DNS,
		&Field{Name: "dns.loc.version", Label: "version", Type: TypeUint, Size: 1, RFC: rfcLOC, Help: "The record's version: 0."},
		&Field{Name: "dns.loc.size", Label: "size", Type: TypeHex, Size: 1, RFC: rfcLOC, Help: "How large the place is: a digit and a power of ten, in centimetres."},
		&Field{Name: "dns.loc.horizontal_precision", Label: "horizontal precision", Type: TypeHex, Size: 1, RFC: rfcLOC, Help: "How exact latitude and longitude are, written like the size."},
		&Field{Name: "dns.loc.vertical_precision", Label: "vertical precision", Type: TypeHex, Size: 1, RFC: rfcLOC, Help: "How exact the altitude is, written like the size."},
		&Field{Name: "dns.loc.latitude", Label: "latitude", Type: TypeUint, Size: 4, RFC: rfcLOC, Help: "In thousandths of a second of arc; the equator is at 2^31."},
		&Field{Name: "dns.loc.longitude", Label: "longitude", Type: TypeUint, Size: 4, RFC: rfcLOC, Help: "In thousandths of a second of arc; Greenwich is at 2^31."},
		&Field{Name: "dns.loc.altitude", Label: "altitude", Type: TypeUint, Size: 4, RFC: rfcLOC, Help: "In centimetres above a level 100 km under the sea's."})
)
