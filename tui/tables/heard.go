package tables

import (
	"fmt"

	"strata/layers"
	"strata/trace"
	"strata/trace/heard"
	"strata/tui/draw"
	"strata/tui/scene"
)

// mostHeard is how many rows of each kind are listed of a capture.
const mostHeard = 64

// heard lists what a capture tells of the hosts' tables up to the cursor's
// frame.
func (x *tables) heard(b *heard.Book) {
	t, frame := x.cur.T, x.cur.Frame
	if t.Frames() == 0 {
		return
	}
	x.put(say(scene.Margin, x.w, "A capture has no tables in it. Inferred from the frames up to this one:", draw.Quiet))
	if !b.Knows(frame) {
		x.put(say(scene.Margin, x.w, "the frames before this one are still read", draw.Accent))
	}
	x.talks(b, frame)
	x.claims(b, frame)
	x.names(b, frame)
	if full, ok := b.Full(); ok && full <= frame {
		x.put(say(scene.Margin, x.w, fmt.Sprintf("from frame %d on there was more than has room here", full+1), draw.Bad))
	}
	x.put(tableLine{})
	for _, line := range draw.Wrap("Cannot be known from here: routes, sockets nobody spoke to, a router's NAT, queues, what a host has in its ARP cache. "+
		"They stay inside the hosts, and no frame tells of them.", max(x.w-scene.Margin, 10)) {
		x.put(say(scene.Margin, x.w, line, draw.Quiet))
	}
}

// section begins a table of what was heard; none: nothing was.
func (x *tables) section(l layers.Layer, title string, n int, more bool) {
	switch {
	case n == 0:
		title += ": none was heard"
	case more:
		title += ", the last of them"
	}
	look := draw.LayerLook(l)
	head := say(scene.Margin, scene.Margin+2, l.Tag(), look|draw.Bold)
	head.add(scene.Margin+3, x.w, title, look)
	x.put(head)
}

// heardRow is a row of what was heard.
type heardRow struct {
	id    string
	cells []string
	was   string // what the last cell was before
	frame int    // that told it
}

// list draws rows in columns, and which frame told each.
func (x *tables) list(heads []string, rows []heardRow) {
	if len(rows) == 0 {
		return
	}
	heads = append(heads, "told by")
	widths := make([]int, len(heads))
	for i, h := range heads {
		widths[i] = draw.Width(h)
	}
	now := x.s.Now()
	for i := range rows {
		r := &rows[i]
		r.cells = append(r.cells, fmt.Sprintf("frame %d, %s ago", r.frame+1, trace.FormatDuration(now-x.cur.T.Frame(r.frame).Sent)))
		if r.frame == x.cur.Frame {
			r.cells[len(r.cells)-1] = "this frame"
		}
		for j, c := range r.cells {
			w := draw.Width(draw.Clean(c))
			if j == len(r.cells)-2 && r.was != "" {
				w += 5 + draw.Width(draw.Clean(r.was))
			}
			widths[j] = max(widths[j], w)
		}
	}
	at := []int{scene.Margin + indent}
	for _, w := range widths {
		at = append(at, at[len(at)-1]+w+between)
	}
	var head tableLine
	for i, h := range heads {
		head.add(at[i], at[i]+widths[i], h, draw.Quiet)
	}
	x.put(head)
	for _, r := range rows {
		x.refs = append(x.refs, ref{id: r.id, event: x.cur.T.Frame(r.frame).Transmit, line: len(x.lines)})
		var line tableLine
		for j, c := range r.cells {
			l := draw.Plain
			switch {
			case j == len(r.cells)-1:
				l = draw.Quiet
			case r.frame == x.cur.Frame:
				l = draw.Reverse
			}
			line.add(at[j], at[j]+widths[j], c, l)
			if j == len(r.cells)-2 && r.was != "" {
				line.add(at[j]+draw.Width(draw.Clean(c))+1, at[j]+widths[j], "was "+r.was, draw.Quiet)
			}
		}
		x.own(line)
	}
}

func (x *tables) talks(b *heard.Book, frame int) {
	all, more := b.TCP(frame, mostHeard)
	var rows []heardRow
	mine := x.cur.T.ConversationOf(frame)
	there := false
	row := func(c heard.Connection) {
		talk := x.cur.T.Conversation(c.Talk)
		r := heardRow{id: fmt.Sprint("tcp ", c.Talk), cells: []string{talk.A + " ⇄ " + talk.B, became(c.Signs)}, frame: c.Frame}
		if was := became(c.Was); c.Frame == frame && c.Was != 0 && was != r.cells[1] {
			r.was = was
		}
		rows = append(rows, r)
	}
	for _, c := range all {
		there = there || c.Talk == mine
		row(c)
	}
	if mine >= 0 && !there {
		if talk := x.cur.T.Conversation(mine); talk.Proto == layers.TCP {
			row(heard.Connection{Talk: mine, Frame: talk.First})
		}
	}
	x.section(layers.Transport, "TCP connections, as their segments tell", len(rows), more)
	x.list([]string{"between", "is"}, rows)
}

// became says what a connection is after its signs. Who is first began it, as
// far as was heard.
func became(s heard.Sign) string {
	const ends = heard.FIN | heard.FINBack
	switch {
	case s&heard.RST != 0:
		return "broken off by the first"
	case s&heard.RSTBack != 0:
		return "broken off by the second"
	case s&ends == ends:
		return "ended by both"
	case s&heard.FIN != 0:
		return "ended by the first"
	case s&heard.FINBack != 0:
		return "ended by the second"
	case s&heard.SYN != 0 && s&heard.SYNBack != 0:
		return "open"
	case s&(heard.SYN|heard.SYNBack) != 0:
		return "asked for"
	}
	return "open since before the capture"
}

func (x *tables) claims(b *heard.Book, frame int) {
	all, more := b.ARP(frame, mostHeard)
	var rows []heardRow
	for _, c := range all {
		r := heardRow{id: "arp " + c[0].IP.String(), cells: []string{c[0].IP.String(), mac(c[0].MAC)}, frame: c[0].Frame}
		if c[1] != nil && c[1].MAC != c[0].MAC {
			r.was = mac(c[1].MAC)
		}
		rows = append(rows, r)
	}
	x.section(layers.DataLink, "ARP: who said which MAC address is theirs", len(rows), more)
	x.list([]string{"IP address", "MAC address"}, rows)
}

func mac(m [6]byte) string {
	n := int64(0)
	for _, b := range m {
		n = n<<8 | int64(b)
	}
	return trace.FormatValue(trace.MAC, n, nil)
}

func (x *tables) names(b *heard.Book, frame int) {
	all, more := b.Names(frame, mostHeard)
	var rows []heardRow
	for _, a := range all {
		left := a[0].TTL - (x.s.Now() - x.cur.T.Frame(a[0].Frame).Sent)
		holds := "no longer"
		if left > 0 {
			holds = trace.FormatDuration(left / trace.Second * trace.Second)
		}
		rows = append(rows, heardRow{id: "dns " + a[0].Name + " " + a[0].Addr, cells: []string{a[0].Name, a[0].Addr, holds}, frame: a[0].Frame})
	}
	x.section(layers.Application, "DNS: addresses of names, as servers told them", len(rows), more)
	x.list([]string{"name", "address", "holds for"}, rows)
}
