package layers

import "strings"

// Control messages, mode 6 (RFC 9327).
const rfcControl = "RFC 9327 sec. 2"

func controlRow(typ Type, size int, name, label, help string) *Field {
	f := ntpRow(typ, size, "ctrl."+name, label, help)
	f.RFC = rfcControl
	return f
}

func controlPart(size int, typ Type, mask uint64, name, label, help string, names map[uint64]string) *Field {
	f := ntpPart(size, typ, mask, "ctrl."+name, label, help, names)
	f.RFC = rfcControl
	return f
}

var (
	controlFlags = controlRow(TypeHex, 1, "flags2", "operation", "What is done.")
	controlSeq   = controlRow(TypeUint, 2, "sequence", "sequence", "Joins answers to questions.")
	controlState = controlRow(TypeHex, 2, "status", "status", "How the system, a peer or a clock is doing.")
	controlRest  = []*Field{
		controlRow(TypeUint, 2, "associd", "association", "Which peer is meant; 0: the system."),
		controlRow(TypeUint, 2, "offset", "offset", "Where the data lie in a message of several pieces."),
		controlRow(TypeUint, 2, "count", "count", "How many bytes of data follow.")}
	controlData = controlRow(TypeNone, 0, "data", "data", "What is asked or answered.")
	controlItem = controlRow(TypeNone, 4, "item", "item", "A peer and its status.")
	controlVar  = row(NTP, Field{Label: "variable", Type: TypeString, RFC: rfcControl, Help: "A name, and its value."})
	controlText = map[uint64]*Field{
		7:  controlRow(TypeString, 0, "trapmsg", "trap message", "What happened."),
		8:  controlRow(TypeString, 0, "configuration", "configuration", "A line of configuration."),
		10: controlRow(TypeString, 0, "mru", "recent clients", "Who asked lately."),
		11: controlRow(TypeString, 0, "ordlist", "list", "A list in order."),
		12: controlRow(TypeString, 0, "nonce", "nonce", "A number that proves where later questions come from."),
	}
	controlKey    = row(NTP, Field{Label: "authenticator", Type: TypeNone, RFC: rfcControl, Help: "Proves where the message is from."})
	controlKeyID  = ntpRow(TypeHex, 4, "key_index", "key", "Which key the code was made with.")
	controlKeyMAC = ntpRow(TypeBytes, 0, "key_signature", "code", "The code that only who has the key can make.")
	ntpPadding    = ntpRow(TypeBytes, 0, "padding", "padding", "Fills up; it means nothing.")

	controlError  = []*Field{controlPart(2, TypeEnum, 0xff00, "err_status", "error", "What was wrong.", map[uint64]string{1: "authentication failed", 2: "bad length or format", 3: "bad operation", 4: "no such association", 5: "no such variable", 6: "bad value", 7: "forbidden"})}
	controlSystem = []*Field{
		controlPart(2, TypeEnum, 0xc000, "sys_status.li", "leap indicator", "Whether the month's last minute will have 61 or 59 seconds.", ntpLeaps),
		controlPart(2, TypeEnum, 0x3f00, "sys_status.clksrc", "clock source", "What the clock is set by.", map[uint64]string{0: "unknown", 1: "atomic clock", 2: "long-wave radio", 3: "short-wave radio", 4: "satellite", 5: "local net", 6: "NTP", 7: "time protocol", 8: "wristwatch", 9: "telephone"}),
		controlPart(2, TypeUint, 0x00f0, "sys_status.count", "events", "How many events there were since the last question.", nil),
		controlPart(2, TypeUint, 0x000f, "sys_status.code", "last event", "What happened last, by number.", nil)}
	controlPeer = []*Field{
		controlPart(2, TypeBool, 0x8000, "peer_status.config", "configured", "The peer stands in the configuration.", nil),
		controlPart(2, TypeBool, 0x4000, "peer_status.authenable", "authentication", "The peer should prove who it is.", nil),
		controlPart(2, TypeBool, 0x2000, "peer_status.authentic", "authentic", "It has.", nil),
		controlPart(2, TypeBool, 0x1000, "peer_status.reach", "reachable", "The peer answers.", nil),
		controlPart(2, TypeBool, 0x0800, "peer_status.bcast", "broadcast", "The peer sends to all.", nil),
		controlPart(2, TypeEnum, 0x0700, "peer_status.selection", "selection", "Whether the peer's time is used.", map[uint64]string{0: "rejected", 1: "sane", 2: "correct", 3: "candidate", 4: "no outlier", 5: "source, too far", 6: "source", 7: "reserved"}),
		controlPart(2, TypeUint, 0x00f0, "peer_status.count", "events", "How many events there were since the last question.", nil),
		controlPart(2, TypeUint, 0x000f, "peer_status.code", "last event", "What happened last, by number.", nil)}
	controlClock = []*Field{
		controlPart(2, TypeEnum, 0xff00, "clock_status.status", "clock status", "How the clock is doing.", map[uint64]string{0: "well", 1: "timeout", 2: "bad format", 3: "fault", 4: "propagation failure", 5: "bad date", 6: "bad time"}),
		controlPart(2, TypeUint, 0x00ff, "clock_status.code", "last event", "What happened last, by number.", nil)}
)

func init() {
	controlFlags.Sub = []*Field{
		controlPart(1, TypeBool, 0x80, "flags2.r", "response", "Set in answers.", nil),
		controlPart(1, TypeBool, 0x40, "flags2.error", "error", "The question was wrong.", nil),
		controlPart(1, TypeBool, 0x20, "flags2.more", "more", "The answer goes on in another message.", nil),
		controlPart(1, TypeEnum, 0x1f, "flags2.opcode", "operation", "What is done.", map[uint64]string{1: "read status", 2: "read variables", 3: "write variables", 4: "read clock", 5: "write clock",
			6: "set trap", 7: "event", 8: "configure", 9: "save configuration", 10: "recent clients", 11: "ordered list", 12: "nonce", 31: "unset trap"})}
}

// ntpControl reads a control message.
func (c *cursor) ntpControl(dst *[]Node) {
	start := c.pos
	c.take(dst, ntpFlags, 1)
	flags := c.take(dst, controlFlags, 1).Uint
	op := flags & 0x1f
	response := flags&0x80 != 0
	c.take(dst, controlSeq, 2)
	association := c.peek(2, 2)
	status := c.take(dst, controlState, 2)
	if response && status.Field != nil {
		status.Children, _ = c.fixed(nil, controlStatus(flags, association), c.pos-2, c.span)
	}
	c.all(dst, controlRest...)
	if *c.broken {
		return
	}
	n := int((*dst)[len(*dst)-1].Uint)
	if n > 0 {
		data := c.over(dst, controlData, n)
		c.controlData(dst, data, op, association, n)
	}
	if op == 1 && association == 0 {
		n = 0 // read as a list, item by item
	}
	signed := n > 0 && (op >= 8 && op <= 12)
	c.pos = min(start+12+n, c.end)
	if !response || signed {
		c.controlKey(dst, start)
	}
}

// controlStatus are the parts of the status word.
func controlStatus(flags uint64, association int) []*Field {
	switch op := flags & 0x1f; {
	case flags&0x40 != 0:
		return controlError
	case op == 1 || op == 2 || op == 3 || op == 7:
		if association != 0 {
			return controlPeer
		}
		return controlSystem
	case op == 4 || op == 5:
		return controlClock
	}
	return nil
}

func (c *cursor) controlData(dst *[]Node, data *Node, op uint64, association, n int) {
	inner := *c
	inner.span = c.first(n)
	switch {
	case op == 1 && association == 0:
		var status []Node
		for inner.left() >= 4 {
			item := inner.over(&data.Children, controlItem, 4)
			inner.take(&item.Children, controlRest[0], 2)
			word := inner.take(&status, controlState, 2)
			if word.Field != nil {
				word.Children, _ = inner.fixed(nil, controlPeer, inner.pos-2, inner.span)
			}
		}
		*dst = append(*dst, status...) // Wireshark has these beside the data
	case op >= 1 && op <= 5:
		inner.controlVariables(&data.Children)
	case op == 9:
		inner.rest(&data.Children, controlText[8])
	case controlText[op] != nil:
		inner.rest(&data.Children, controlText[op])
	}
}

const (
	controlName  = "abcdefghijklmnopqrstuvwxyz-_ABCDEFGHIJKLMNOPQRSTUVWXYZ.0123456789"
	controlSpace = " \t\r\n"
)

// controlVariables reads NAME=VALUE or NAME, with commas between them.
func (c *cursor) controlVariables(dst *[]Node) {
	for c.left() > 0 {
		text := string(c.data[c.pos:c.end])
		skipped := controlSkip(text, 0, controlSpace)
		v := controlVariable(text[skipped:])
		if v.size == 0 {
			return
		}
		c.skip(skipped)
		c.controlTree(dst, v)
		c.skip(v.whole)
	}
}

// variable is where the parts of a variable lie, from its start on.
type variable struct {
	name         int // the name's end
	equal        int // where the equals sign is; 0: there is none
	value, after int // the value; equal when there is none
	quoted       bool
	rest, end    int // what else comes before the comma
	size, whole  int // without and with the comma
}

// controlSkip is the first place from at on that has none of the characters.
func controlSkip(text string, at int, chars string) int {
	for at < len(text) && strings.IndexByte(chars, text[at]) >= 0 {
		at++
	}
	return at
}

// controlVariable finds the variable at the start of a text; there is none
// when its size is 0.
func controlVariable(text string) (v variable) {
	if v.name = controlSkip(text, 0, controlName); v.name == 0 {
		return v
	}
	v.size = v.name
	at := controlSkip(text, v.name, controlSpace)
	if strings.HasPrefix(text[at:], "=") {
		v.equal, v.size = at, at+1
		at = controlSkip(text, at+1, controlSpace)
		v.value, v.after = at, controlSkip(text, at, controlName+" ")
		if v.after == at && at < len(text) && (text[at] == '"' || text[at] == '\'') {
			if i := strings.IndexByte(text[at+1:], text[at]); i >= 0 {
				v.after, v.quoted = at+i+2, true
			}
		}
		if v.after > v.value {
			v.size = v.after
		}
		at = controlSkip(text, v.after, controlSpace)
	}
	v.rest, v.end, v.whole = at, at, v.size
	if i := strings.IndexByte(text[at:], ','); i >= 0 {
		v.end, v.whole = at+i, at+i+1
		if i > 0 {
			v.size = v.end
		}
	}
	return v
}

// controlTree adds a variable, and under it, hidden, the parts that
// Wireshark's parser makes of it: each word once for every rule that takes it.
func (c *cursor) controlTree(dst *[]Node, v variable) {
	add := func(dst *[]Node, from, to int) *Node {
		at := *c
		at.pos += from
		n := at.over(dst, controlVar, to-from)
		n.Hidden = true
		return n
	}
	top := c.over(dst, controlVar, v.size)
	all := &add(&top.Children, 0, v.size).Children
	add(all, 0, v.name)
	if v.equal > 0 {
		add(all, v.equal, v.equal+1)
		value := &add(&add(all, v.value, v.after).Children, v.value, v.after).Children
		if !v.quoted {
			add(value, v.value, v.after)
		} else {
			inner := add(value, v.value+1, v.after-1)
			parts := &add(&inner.Children, v.value, v.after).Children
			add(parts, v.value, v.value+1)
			text := add(parts, v.value+1, v.after-1)
			text = add(&text.Children, v.value+1, v.after-1)
			add(&text.Children, v.value+1, v.after-1)
			add(parts, v.after-1, v.after)
		}
	}
	add(&add(all, v.rest, v.end).Children, v.rest, v.end)
}

// controlKey reads what proves where the message is from, after padding to
// eight bytes.
func (c *cursor) controlKey(dst *[]Node, start int) {
	padding := -(c.pos - start) & 7
	if c.left() <= padding {
		return
	}
	c.take(dst, ntpPadding, padding)
	key := c.over(dst, controlKey, c.left())
	if n := c.left(); n == 20 || n == 24 { // with MD5 or SHA-1
		c.take(&key.Children, controlKeyID, 4)
		c.rest(&key.Children, controlKeyMAC)
	}
}
