package tables

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"strata/layers"
	"strata/layers/walk"
	"strata/trace"
	"strata/tui/draw"
	"strata/tui/scene"
)

// The socket table: per socket the protocol, both ends, the state, what is on
// its way and whose it is. While the cursor is where a segment or datagram is
// read, it shows how the socket is found: by all four of addresses and ports,
// else by the port that somebody listens on.

// The columns of the socket table.
const (
	socketProto  = scene.Margin + 2
	socketLocal  = socketProto + 5
	socketRemote = socketLocal + 22
	socketState  = socketRemote + 22
	socketOwner  = socketState + 13
	socketWaits  = socketOwner + 16
	wideSockets  = socketOwner + 4  // less: two lines for a socket
	roomyWaits   = socketWaits + 26 // less: what waits has a line of its own
)

// sockets lists a node's sockets.
func (x *tables) sockets(n trace.NodeID, rows, tcp []tableRow) {
	l := draw.LayerLook(layers.Session)
	find, finding := x.demux(n)
	var line tableLine
	line.add(scene.Margin, scene.Margin+2, layers.Session.Tag(), l|draw.Bold)
	if x.w < wideSockets {
		line.add(scene.Margin+3, x.w, "sockets", l)
	} else {
		line.add(scene.Margin+3, socketRemote-1, "sockets: local end", l)
		line.add(socketRemote, socketState-1, "remote end", draw.Quiet)
		line.add(socketState, socketOwner-1, "state", draw.Quiet)
		switch {
		case finding:
			line.add(socketOwner, x.w, "does it fit?", draw.Quiet)
		case x.w >= roomyWaits:
			line.add(socketWaits, x.w, "what waits", draw.Quiet)
			fallthrough
		default:
			line.add(socketOwner, socketWaits-1, "program", draw.Quiet)
		}
	}
	x.put(line)
	if finding {
		x.put(say(socketProto, x.w, "whose is what came? "+find.words(), draw.Accent))
	}
	best := -1
	if finding {
		best = find.best(rows, x)
	} else if used, ok := x.used(n); ok {
		best = used.best(rows, x)
	}
	for i := range rows {
		x.row(n, "socket", &rows[i])
		x.socket(&rows[i], rowOfKey(tcp, rows[i].key), find, finding, i == best, best >= 0)
	}
}

func rowOfKey(rows []tableRow, key string) *tableRow {
	i := slices.IndexFunc(rows, func(r tableRow) bool { return r.key == key })
	if i < 0 {
		return nil
	}
	return &rows[i]
}

// ends divides a socket's key, "tcp 10.0.0.1:49152 10.0.0.2:80".
func ends(key string) (proto, local, remote string) {
	f := strings.Fields(key)
	switch {
	case len(f) >= 3:
		return f[0], f[1], f[2]
	case len(f) == 2:
		return f[0], f[1], "*"
	}
	return "", key, ""
}

func (x *tables) socket(row, tcp *tableRow, find wantedSocket, finding, found, some bool) {
	proto, local, remote := ends(row.key)
	stateIs, _ := row.entry("state")
	owner, _ := row.entry("program")
	err, failed := row.entry("error")
	look := draw.Plain
	sign := " "
	verdict, verdictLook := "", draw.Quiet
	if finding {
		verdict = find.verdict(row, x, found, some)
	}
	if found {
		look, sign, verdictLook = draw.Bold, "►", draw.Accent
	}
	var line tableLine
	line.add(scene.Margin, scene.Margin+1, sign, draw.Accent)
	switch {
	case x.gone(row):
		look = draw.Bad
		line.add(scene.Margin, scene.Margin+1, "✗", draw.Bad|draw.Bold)
	case x.born(row):
		look |= draw.Reverse
	}
	line.add(socketProto, socketLocal-1, proto, look)
	right, text, textLook := socketOwner, owner.Show, x.look(owner)
	if finding {
		text, textLook = verdict, verdictLook
	}
	if x.w < wideSockets {
		line.add(socketLocal, x.w, local+" ⇄ "+remote, look)
		x.own(line)
		line = tableLine{}
		line.add(socketLocal, socketLocal+12, stateIs.Show, x.look(stateIs))
		right = socketLocal + 13
	} else {
		line.add(socketLocal, socketRemote-1, local, look)
		line.add(socketRemote, socketState-1, remote, look)
		line.add(socketState, socketOwner-1, stateIs.Show, x.look(stateIs))
	}
	waits, waitsLook := x.waits(row, tcp)
	if failed {
		waits, waitsLook = "✗ "+err.Show, draw.Bad
	}
	if x.w >= roomyWaits && !finding {
		line.add(right, socketWaits-1, text, textLook)
		line.add(socketWaits, x.w, waits, waitsLook)
		waits = ""
	} else {
		line.add(right, x.w, text, textLook)
	}
	x.own(line)
	if waits != "" && !finding {
		x.own(say(socketLocal, x.w, waits, waitsLook))
	}
}

// waits says what waits at a socket: bytes that were not read, not sent or not
// acknowledged yet, connections that the program did not take yet.
func (x *tables) waits(row, tcp *tableRow) (text string, l draw.Look) {
	var parts []string
	l = draw.Plain
	if e, ok := row.entry("state"); ok && x.was(e) != "" {
		parts = append(parts, x.was(e))
	}
	for _, w := range []struct{ field, words string }{{"unread", " B unread"}, {"unsent", " B unsent"}, {"backlog", " to accept"}} {
		if e, ok := row.entry(w.field); ok && e.Value != 0 && e.Value != trace.Absent {
			part := e.Show + w.words
			if was := x.was(e); was != "" {
				part += " (" + was + ")"
			}
			parts = append(parts, part)
			if x.look(e) == draw.Reverse {
				l |= draw.Reverse
			}
		}
	}
	if n := onTheWay(tcp); n > 0 {
		parts = append(parts, wayWords(row, n)+" on the way")
	}
	return strings.Join(parts, ", "), l
}

// wantedSocket is what a segment or datagram that has come says of its socket.
type wantedSocket struct {
	proto    string
	src, dst walk.Endpoint
}

// demux tells whether the cursor is where a node finds the socket for what has
// come, and what it goes by.
func (x *tables) demux(n trace.NodeID) (w wantedSocket, ok bool) {
	e := x.cur.T.Event(x.cur.Event)
	if e.Node != n || e.Layer != layers.Transport || e.Kind != trace.Decapsulate && e.Kind != trace.Drop {
		return w, false
	}
	return x.carried()
}

// used tells whether bytes enter or leave a socket of the node in this step,
// and which one it is.
func (x *tables) used(n trace.NodeID) (w wantedSocket, ok bool) {
	e := x.cur.T.Event(x.cur.Event)
	if e.Node != n || e.Kind != trace.Write && e.Kind != trace.Read {
		return w, false
	}
	if w, ok = x.carried(); e.Kind == trace.Write {
		w.src, w.dst = w.dst, w.src
	}
	return w, ok
}

// carried is what the frame of the cursor carries.
func (x *tables) carried() (w wantedSocket, ok bool) {
	t := x.cur.T
	if x.cur.Frame >= t.Frames() {
		return w, false
	}
	f := t.Frame(x.cur.Frame)
	b := t.Append(nil, f.PDU, 0, min(t.Size(f.PDU), scene.GlanceBytes))
	var s walk.Shape
	walk.Walk(&s, b, int(t.Size(f.PDU)), walk.LinkEthernet, layers.FCSSize)
	if s.N == 0 || s.Inner().Proto != layers.TCP && s.Inner().Proto != layers.UDP {
		return w, false
	}
	return wantedSocket{s.Inner().Proto.Filter(), s.Src, s.Dst}, true
}

func (w wantedSocket) words() string {
	return w.proto + " from " + w.src.Peer() + " to " + w.dst.Peer()
}

// fit tells how well a socket fits: 0 not at all, 1 by its port, 2 by both ends.
func (w wantedSocket) fit(key string) (n int, why string) {
	proto, local, remote := ends(key)
	if proto != w.proto {
		return 0, "✗ protocol"
	}
	if !sameEnd(local, w.dst.Peer()) {
		return 0, "✗ local end"
	}
	switch remote {
	case w.src.Peer():
		return 2, "✓ all four fit"
	case "*", "":
		return 1, "✓ the port fits"
	}
	a, _ := netip.ParseAddrPort(remote)
	if b, _ := netip.ParseAddrPort(w.src.Peer()); a.Addr() == b.Addr() {
		return 0, "✗ remote port"
	}
	return 0, "✗ remote end"
}

// sameEnd tells whether a socket's local end takes what is for another one:
// 0.0.0.0 stands for every address of the host.
func sameEnd(local, end string) bool {
	a, err := netip.ParseAddrPort(local)
	b, fails := netip.ParseAddrPort(end)
	if err != nil || fails != nil {
		return local == end || strings.HasPrefix(local, "*:") && strings.HasSuffix(end, local[1:])
	}
	return a.Port() == b.Port() && (a.Addr() == b.Addr() || a.Addr().IsUnspecified())
}

// best is the row of the socket that gets it: of those that were there before
// the step.
func (w wantedSocket) best(rows []tableRow, x *tables) int {
	best, most := -1, 0
	for i := range rows {
		if n, _ := w.fit(rows[i].key); n > most && !x.isNew(&rows[i]) {
			best, most = i, n
		}
	}
	return best
}

func (x *tables) isNew(r *tableRow) bool {
	return slices.ContainsFunc(r.fields, func(e trace.Entry) bool {
		d, changed := x.did[e.ID]
		return e.Slot.Field == "state" && changed && d.was == ""
	})
}

func (w wantedSocket) verdict(row *tableRow, x *tables, found, some bool) string {
	n, why := w.fit(row.key)
	switch {
	case x.isNew(row):
		return "new: made now"
	case n == 1 && !found && some:
		return "fits less well"
	case n == 1 && found:
		return "✓ listens here"
	}
	return why
}

// wayWords say what n sequence numbers are that are on their way: SYN and FIN
// take one each (RFC 9293 sec. 3.4).
func wayWords(row *tableRow, n uint32) string {
	state, _ := row.entry("state")
	unsent, waits := row.entry("unsent")
	flag := ""
	switch state.Show {
	case "SYN-SENT", "SYN-RECEIVED":
		flag = "SYN"
	case "FIN-WAIT-1", "CLOSING", "LAST-ACK":
		if !waits || unsent.Value == 0 {
			flag = "FIN"
		}
	}
	switch {
	case flag == "":
		return fmt.Sprintf("%d B", n)
	case n == 1:
		return flag
	}
	return fmt.Sprintf("%d B and %s", n-1, flag)
}

// onTheWay is how many bytes a connection has sent that are not acknowledged
// yet.
func onTheWay(tcp *tableRow) uint32 {
	if tcp == nil {
		return 0
	}
	una, ok := tcp.entry("snd.una")
	nxt, there := tcp.entry("snd.nxt")
	if !ok || !there {
		return 0
	}
	return uint32(nxt.Value - una.Value)
}
