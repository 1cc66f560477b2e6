package scene

import (
	"fmt"
	"net/netip"
	"time"

	"strata/layers"
	"strata/trace"
)

// Conversation finds the conversation of a frame: found is called on the loop,
// with -1 when there is none. It gives nil where nobody says anything in the
// frame.
func (s *Scene) Conversation(frame int, found func(talk int)) *Job {
	w, ok := wantedOf(s, frame)
	if !ok {
		return nil
	}
	return w.find(s, found)
}

// FilterFrame is the filter for the conversation of a frame, or for its two
// addresses.
func (s *Scene) FilterFrame(frame int) string {
	if w, ok := wantedOf(s, frame); ok {
		return w.filter()
	}
	var r Summary
	if tree := s.T.Tree(frame); tree != nil {
		r = RowOf(s.T, frame, tree)
	}
	if r.Src == "" || r.Dst == "" {
		return ""
	}
	return addrFilter(r.Src) + " && " + addrFilter(r.Dst)
}

// wanted says how the conversation of a frame is known: by its stream's
// number, or where there is none by its ends.
type wanted struct {
	proto  layers.Proto
	stream int // -1: by ends
	a, b   string
	frame  int
}

// wantedOf looks at a frame; ok is false when nobody says anything in it.
func wantedOf(s *Scene, frame int) (w wanted, ok bool) {
	tree := s.T.Tree(frame)
	if tree == nil {
		return w, false
	}
	for i := range tree.Parts {
		p := &tree.Parts[i]
		if p.Quoted || p.Proto != layers.TCP && p.Proto != layers.UDP {
			continue
		}
		w = wanted{proto: p.Proto, stream: -1, frame: frame}
		if n := NodeNamed(p.Fields, p.Proto.Filter()+".stream"); n != nil {
			w.stream = int(n.Uint)
		}
		ok = true
	}
	g := s.Glance(frame)
	w.a, w.b = g.Src.Peer(), g.Dst.Peer()
	return w, ok
}

func (w *wanted) is(c trace.Conversation) bool {
	switch {
	case c.Proto != w.proto:
		return false
	case w.stream >= 0:
		return c.Stream == w.stream
	}
	return c.First <= w.frame && (c.A == w.a && c.B == w.b || c.A == w.b && c.B == w.a)
}

// find looks for the conversation; found is called on the loop, with -1 when
// there is none.
func (w wanted) find(s *Scene, found func(talk int)) *Job {
	t := s.T.Trace
	i, n, best := 0, t.Conversations(), -1
	return &Job{Of: s.T, Work: func(d time.Duration) func() bool {
		for begin := time.Now(); i < n && time.Since(begin) < d; i++ {
			if w.is(t.Conversation(i)) {
				best = i
				if w.stream >= 0 {
					i = n
				}
			}
		}
		return func() bool {
			if i < n {
				return true
			}
			found(best)
			return false
		}
	}}
}

// FilterOf is the filter that a conversation's frames pass.
func FilterOf(c trace.Conversation) string {
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
		return FilterOf(trace.Conversation{Proto: w.proto, Stream: w.stream})
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
