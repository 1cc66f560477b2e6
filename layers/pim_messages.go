package layers

import "strconv"

// pimGroupSources is the record of a flooded message that tells who sends to
// a group (RFC 8364 section 4.1).
const pimGroupSources = 1

// pimReaders read messages by their type, behind the header that all have.
var pimReaders [16]func(*pimMessage, *[]Node)

func init() { // a packet within comes back to these readers
	pimReaders = [16]func(*pimMessage, *[]Node){
		pimTypeHello:    (*pimMessage).hello,
		pimTypeRegister: (*pimMessage).register,
		2:               (*pimMessage).registerStop,
		3:               (*pimMessage).joinPrune,
		4:               (*pimMessage).bootstrap,
		5:               (*pimMessage).assert,
		6:               (*pimMessage).joinPrune, // a graft, and its acknowledgment
		7:               (*pimMessage).joinPrune,
		8:               (*pimMessage).candidate,
		9:               (*pimMessage).stateRefresh,
		pimTypeElection: (*pimMessage).election,
		pimTypeFlood:    (*pimMessage).flood,
	}
}

// hello reads what a router says of itself (RFC 7761 section 4.9.2).
func (m *pimMessage) hello(dst *[]Node) {
	for m.size() >= 2 && !*m.broken {
		kind, size := m.peek(0, 2), m.peek(2, 2)
		if !m.ok(4 + size) {
			return
		}
		n := m.told(pimHello, m.pos, 4+size, showEnumName(pimHellos, uint64(kind)))
		whole := *m.cursor // values are as long as their option wants, whatever it says
		m.all(&n.Children, pimHelloHead...)
		switch kind {
		case 1:
			m.all(&n.Children, pimGoodbye)
		case 2:
			if m.ok(4) {
				n.Children, _ = m.fixed(n.Children, pimDelay, m.pos, m.span)
			}
		case 19:
			m.all(&n.Children, pimPriority)
		case 20:
			m.all(&n.Children, pimGeneration)
		case 21:
			m.all(&n.Children, pimRefresher...)
		case 24, 65001:
			list := m.told(pimHelloList, n.Pos, n.Len, "")
			for m.pos < n.Pos+n.Len {
				if _, ok := m.address(&list.Children, pimOne, pimListed); !ok {
					break
				}
			}
			n.Children = append(n.Children, list)
		default:
			m.take(&n.Children, pimHelloValue, size)
		}
		*dst = append(*dst, n)
		*m.cursor = whole
		m.skip(4 + size)
	}
}

// registerStop reads the answer to a register: no more of them (RFC 7761
// section 4.9.4).
func (m *pimMessage) registerStop(dst *[]Node) { m.groupAndSource(dst) }

// groupAndSource reads what many messages begin with.
func (m *pimMessage) groupAndSource(dst *[]Node) bool {
	group, ok := m.address(dst, pimRange, pimGroup)
	if !ok {
		return false
	}
	m.note = ", " + group.Show
	source, ok := m.address(dst, pimOne, pimSource)
	if ok {
		m.note += " from " + source.Show
	}
	return ok
}

// joinPrune reads which packets a router wants from the next one towards
// their source, and which no more (RFC 7761 section 4.9.5).
func (m *pimMessage) joinPrune(dst *[]Node) {
	if _, ok := m.address(dst, pimOne, pimUpstream); !ok {
		return
	}
	groups := m.peek(1, 1)
	m.all(dst, pimJoinStart...)
	m.note = ", " + count(groups, "group")
	for i := 0; i < groups && !*m.broken; i++ {
		n := m.told(pimSet, m.pos, m.end-m.pos, strconv.Itoa(i))
		ok := m.wanted(&n.Children)
		*dst = append(*dst, n)
		if !ok {
			return
		}
	}
}

// wanted reads what is wanted of one group.
func (m *pimMessage) wanted(dst *[]Node) bool {
	if _, ok := m.address(dst, pimRange, pimGroup); !ok {
		return false
	}
	joins, prunes := m.peek(0, 2), m.peek(2, 2)
	if *m.broken {
		return false
	}
	counts := m.cut(4)
	ok := m.sources(counts.take(dst, pimJoins, 2), joins, pimJoined)
	return ok && m.sources(counts.take(dst, pimPrunes, 2), prunes, pimPruned)
}

// sources reads addresses under their number.
func (m *pimMessage) sources(n *Node, many int, who pimWho) bool {
	for range many {
		if _, ok := m.address(&n.Children, pimTree4, who); !ok {
			return false
		}
	}
	return true
}

// bootstrap reads which meeting points there are (RFC 5059 section 4.1).
func (m *pimMessage) bootstrap(dst *[]Node) {
	m.all(dst, pimBootStart...)
	if _, ok := m.address(dst, pimOne, pimBSR); !ok {
		return
	}
	for m.size() > 0 && !*m.broken {
		group, ok := m.address(dst, pimRange, pimGroup)
		if !ok {
			return
		}
		here := m.peek(1, 1)
		at := len(*dst) - 1
		m.all(&group.Children, pimCounts...)
		m.skip(2)
		for range here {
			if _, ok := m.address(dst, pimOne, pimRP); !ok {
				return
			}
			m.all(dst, pimHold)
			m.all(&(*dst)[at].Children, pimRank)
			m.all(&m.beside, pimReserved[0])
		}
	}
}

// assert reads the quarrel of two routers about who forwards (RFC 7761
// section 4.9.6).
func (m *pimMessage) assert(dst *[]Node) {
	if m.groupAndSource(dst) {
		m.way(dst, pimTree, 8)
	}
}

// way reads rows that have places, in the next n bytes. The first that is not
// all there breaks the message.
func (m *pimMessage) way(dst *[]Node, rows []*Field, n int) {
	var ok bool
	if *dst, ok = m.fixed(*dst, rows, m.pos, m.span); !ok {
		*m.broken = true
	}
	m.skip(n)
}

// candidate reads for which groups a router would be the meeting point (RFC
// 5059 section 4.2).
func (m *pimMessage) candidate(dst *[]Node) {
	groups := m.peek(0, 1)
	m.all(dst, pimCandidate...)
	rp, ok := m.address(dst, pimOne, pimRP)
	if !ok {
		return
	}
	m.note = ", " + rp.Show + " for " + count(groups, "range") + " of groups"
	for range groups {
		if _, ok := m.address(dst, pimRange, pimGroup); !ok {
			return
		}
	}
}

// stateRefresh reads what keeps a pruned tree pruned (RFC 3973 section
// 4.7.10).
func (m *pimMessage) stateRefresh(dst *[]Node) {
	if !m.groupAndSource(dst) {
		return
	}
	if _, ok := m.address(dst, pimOne, pimOriginator); !ok {
		return
	}
	m.way(dst, pimTree, 8)
	if !*m.broken {
		m.way(dst, pimRefresh, 4)
	}
}

// election reads who is to forward packets towards a meeting point (RFC 5015
// section 3.7). Wireshark 4.0 does not find the end of a backoff and a pass:
// it looks for their kind in the wrong byte.
func (m *pimMessage) election(dst *[]Node) {
	const backoff, pass = 3, 4
	rp, ok := m.address(dst, pimOne, pimRP)
	if !ok {
		return
	}
	m.note = ", " + showEnumName(pimElections, uint64(m.step)) + " for " + rp.Show
	m.all(dst, pimElect...)
	switch {
	case *m.broken, m.left() == 0:
	case m.step == backoff:
		if _, ok := m.address(dst, pimOne, pimOffering); ok {
			m.all(dst, pimBackoff...)
		}
	case m.step == pass:
		if _, ok := m.address(dst, pimOne, pimWinner); ok {
			m.all(dst, pimPass...)
		}
	}
}

// flood reads what all routers of a domain are to know (RFC 8364 section
// 3.1).
func (m *pimMessage) flood(dst *[]Node) {
	if _, ok := m.address(dst, pimOne, pimOriginator); !ok {
		return
	}
	for m.size() >= 2 && !*m.broken {
		kind, size := m.peek(0, 2)&0x7fff, m.peek(2, 2)
		if !m.ok(4 + size) {
			return
		}
		n := m.told(pimHello, m.pos, 4+size, showEnumName(pimFlood[1].Names, uint64(kind)))
		n.Children, _ = m.fixed(n.Children, pimFlood, m.pos, m.span)
		m.skip(4)
		if kind != pimGroupSources {
			m.take(&n.Children, pimHelloValue, size)
		}
		*dst = append(*dst, n)
		if kind == pimGroupSources {
			m.groupSources(dst)
		}
	}
}

// groupSources reads who sends to a group.
func (m *pimMessage) groupSources(dst *[]Node) {
	group, ok := m.address(dst, pimRange, pimGroup)
	if !ok {
		return
	}
	sources := m.peek(0, 2)
	m.note = ", " + count(sources, "source") + " of " + group.Show
	m.all(dst, pimSources...)
	for range sources {
		if _, ok := m.address(dst, pimOne, pimSource); !ok {
			return
		}
	}
}
