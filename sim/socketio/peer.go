package socketio

import "sync"

// peer is one side of a connection to a namespace.
type peer struct {
	namespace string
	sid       string // the server's name for the client here; it is not the session's

	mu     sync.Mutex
	nextID uint64
	asked  map[uint64]func(*Packet)
}

// maxAsked bounds the events of a connection that wait for an answer.
const maxAsked = 10_000

// ask lets an event be answered; answered is told of the answer.
func (p *peer) ask(event *Packet, answered func(*Packet)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asked == nil {
		p.asked = map[uint64]func(*Packet){}
	}
	event.HasID, event.ID = true, p.nextID
	p.asked[p.nextID] = answered
	if p.nextID++; p.nextID > maxAsked {
		delete(p.asked, p.nextID-maxAsked-1)
	}
}

// answer takes an answer. One that nobody waits for is none of ours: its event
// has been given up.
func (p *peer) answer(a *Packet) {
	p.mu.Lock()
	answered := p.asked[a.ID]
	delete(p.asked, a.ID)
	p.mu.Unlock()
	if answered != nil {
		answered(a)
	}
}
