package layers

const rfcDSO = "RFC 8490 sec. 5.4"

var (
	dsoData = dnsRow(TypeNone, 0, "dso", "stateful operation", rfcDSO, "What is said about the connection itself.")
	dsoTLV  = dnsRow(TypeNone, 0, "dso.tlv", "item", rfcDSO, "One item.")
	dsoHead = []*Field{
		dhcpNamed(dnsRow(TypeEnum, 2, "dso.tlv.type", "type", rfcDSO, "Which item it is."), map[uint64]string{1: "keep-alive", 2: "retry delay", 3: "padding"}),
		dnsRow(TypeUint, 2, "dso.tlv.length", "length", rfcDSO, "How many bytes of data follow.")}
	dsoKeepalive = []*Field{
		dnsRow(TypeUint, 4, "dso.tlv.keepalive.inactivity", "inactivity timeout", "RFC 8490 sec. 7.1", "After how many idle milliseconds the client should hang up."),
		dnsRow(TypeUint, 4, "dso.tlv.keepalive.interval", "keep-alive interval", "RFC 8490 sec. 7.1", "After how many idle milliseconds a sign of life is due.")}
	dsoRetry   = dnsRow(TypeUint, 4, "dso.tlv.retrydelay.retrydelay", "retry delay", "RFC 8490 sec. 7.2", "For how many milliseconds the client should stay away.")
	dsoPadding = dnsRow(TypeBytes, 0, "dso.tlv.encpad.padding", "padding", "RFC 8490 sec. 7.3", "Hides the message's true length from who listens.")
	dsoOther   = dnsRow(TypeBytes, 0, "dso.tlv.data", "data", rfcDSO, "The data of an item that is not known here.")
)

// stateful reads the items of a message about its connection (RFC 8490).
func (m *dnsMessage) stateful(dst *[]Node) {
	all := m.over(dst, dsoData, m.left())
	start := m.pos
	for m.left() >= 4 {
		n := m.peek(2, 2)
		item := m.over(&all.Children, dsoTLV, min(4+n, m.left()))
		m.all(&item.Children, dsoHead...)
		if *m.broken {
			return
		}
		item.Show = item.Children[0].Show
		switch item.Children[0].Uint {
		case 1:
			m.all(&item.Children, dsoKeepalive...)
		case 2:
			m.all(&item.Children, dsoRetry)
		case 3:
			m.take(&item.Children, dsoPadding, n)
		default:
			m.take(&item.Children, dsoOther, n)
		}
	}
	if !*m.broken {
		all.Len = m.pos - start
	}
}
