package node

import (
	"slices"
	"strconv"

	"strata/layers"
	"strata/trace"
)

// route leads packets for a network out of an interface.
type route struct {
	net  uint32
	bits int
	port int
	via  uint32 // next router; 0: the destination is on the link
}

// routes is a routing table, longest prefix first (RFC 1812 section 5.2.4.3).
type routes []route

func (r *routes) add(x route) {
	at, _ := slices.BinarySearchFunc(*r, x, func(a, b route) int { return b.bits - a.bits })
	*r = slices.Insert(*r, at, x)
}

// find is the first route that fits: the longest prefix.
func (r routes) find(dst uint32) (route, bool) {
	for _, x := range r {
		if dst&mask(x.bits) == x.net {
			return x, true
		}
	}
	return route{}, false
}

// AddRoute makes packets for a network go to a next router, which must be on
// one of the station's own networks; false when it is not.
func (s *Station) AddRoute(net uint32, bits int, via uint32) bool {
	own, ok := s.routes.find(via)
	if !ok || own.via != 0 {
		return false
	}
	s.routes.add(route{net: net & mask(bits), bits: bits, port: own.port, via: via})
	return true
}

// RecordRoutes writes the routing table to the trace, at its start.
func (s *Station) RecordRoutes() {
	if !s.Rec.On() {
		return
	}
	for _, r := range s.routes {
		s.noteRoute(r, 0)
	}
}

// noteRoute records a route in the table.
func (s *Station) noteRoute(r route, cause trace.EventID) {
	via := "on the link"
	if r.via != 0 {
		via = ipText(r.via)
	}
	s.setRoute(r, s.Rec.Text(via), trace.RouteSet, cause)
}

// noteRouteGone records that a route is no longer in the table.
func (s *Station) noteRouteGone(r route) { s.setRoute(r, trace.Absent, trace.RouteGone, s.cause()) }

func (s *Station) setRoute(r route, v int64, why trace.Why, cause trace.EventID) {
	if !s.Rec.On() || s.Sched.ended {
		return
	}
	slot := trace.Slot{Node: s.id, Table: "route", Key: ipText(r.net) + "/" + strconv.Itoa(r.bits), Field: "via", Type: trace.Text}
	e := trace.Event{Cause: cause, Layer: layers.Network, Proto: layers.IPv4, Why: why}
	s.Rec.Set(e, slot, v, int64(r.net), int64(r.bits))
}

// lookup finds the interface and the next hop for a destination.
func (s *Station) lookup(dst uint32) (out *port, next uint32, ok bool) {
	if isLoopback(dst) {
		return nil, 0, false
	}
	if dst == limitedBroadcast && len(s.ports) > 0 {
		return s.ports[0], dst, true
	}
	r, ok := s.routes.find(dst)
	if !ok {
		return nil, 0, false
	}
	if r.via != 0 {
		dst = r.via
	}
	return s.ports[r.port], dst, true
}
