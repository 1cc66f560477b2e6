package tui

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"strata/layers"
	"strata/trace"
)

// filterOf is the filter that a conversation's frames pass.
func filterOf(c trace.Conversation) string {
	switch {
	case c.Stream >= 0 && (c.Proto == layers.TCP || c.Proto == layers.UDP):
		return fmt.Sprintf("%s.stream == %d", c.Proto.Filter(), c.Stream)
	case c.Proto == layers.Ethernet:
		return fmt.Sprintf("eth.addr == %s && eth.addr == %s", c.A, c.B)
	}
	return addrFilter(c.A) + " && " + addrFilter(c.B)
}

// filter is the filter that the frames of a wanted conversation pass.
func (w *wanted) filter() string {
	if w.stream >= 0 {
		return filterOf(trace.Conversation{Proto: w.proto, Stream: w.stream})
	}
	return endFilter(w.proto, w.a) + " && " + endFilter(w.proto, w.b)
}

// endFilter asks for an address with its port, "10.0.0.1:80".
func endFilter(p layers.Proto, end string) string {
	ap, err := netip.ParseAddrPort(end)
	if err != nil {
		return addrFilter(end)
	}
	return fmt.Sprintf("%s && %s.port == %d", addrFilter(ap.Addr().String()), p.Filter(), ap.Port())
}

// addrFilter asks for an address of any kind.
func addrFilter(addr string) string {
	a, err := netip.ParseAddr(addr)
	switch {
	case err != nil:
		return "eth.addr == " + addr
	case a.Is4():
		return "ip.addr == " + addr
	}
	return "ipv6.addr == " + addr
}

// filter is the filter for the chosen field's value; "" when there is none.
func (v *inspect) filter() string {
	if len(v.rows) == 0 {
		return ""
	}
	row := v.rows[v.row()]
	if row.node == nil {
		return row.part.Proto.Filter()
	}
	n, name := row.node, row.node.Field.Name
	if name == "" {
		return ""
	}
	if value := filterValue(n, v.tree.Buffer(n.In)); value != "" {
		return name + " == " + value
	}
	return name
}

// longestValue is how many bytes a filter compares at most.
const longestValue = 32

// filterValue writes a node's value as filters have it; "" when it can only be
// asked whether the field is there.
func filterValue(n *layers.Node, data []byte) string {
	switch n.Field.Type {
	case layers.TypeUint, layers.TypeEnum:
		return fmt.Sprint(n.Uint)
	case layers.TypeInt:
		return fmt.Sprint(int64(n.Uint))
	case layers.TypeHex:
		return fmt.Sprintf("%#x", n.Uint)
	case layers.TypeBool:
		return fmt.Sprint(min(n.Uint, 1))
	case layers.TypeMAC, layers.TypeIPv4, layers.TypeIPv6:
		return n.Show
	case layers.TypeString:
		if strings.ContainsAny(n.Show, "\\\"~") || n.Show != clean(n.Show) {
			return ""
		}
		return `"` + n.Show + `"`
	case layers.TypeRelTime:
		return fmt.Sprintf("%.9f", float64(int64(n.Uint))/1e9)
	case layers.TypeAbsTime:
		return `"` + time.Unix(0, int64(n.Uint)).UTC().Format("2006-01-02 15:04:05.000000000") + `"`
	case layers.TypeBytes:
		if n.Len == 0 || n.Len > longestValue || n.Pos < 0 || n.Pos+n.Len > len(data) {
			return ""
		}
		text := hex.EncodeToString(data[n.Pos : n.Pos+n.Len])
		var out []string
		for ; text != ""; text = text[2:] {
			out = append(out, text[:2])
		}
		return strings.Join(out, ":")
	}
	return ""
}
