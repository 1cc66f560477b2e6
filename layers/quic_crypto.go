package layers

import (
	"bytes"
	"slices"
)

var (
	quicPieces = quicText("quic.crypto.fragments", "CRYPTO frames", TypeNone, "RFC 9000 sec. 19.6", "The frames that the bytes came in, put in order.")
	quicPiece  = quicText("quic.crypto.fragment", "CRYPTO frame", TypeNone, "RFC 9000 sec. 19.6", "What one frame brought.")
	quicAgain  = quicText("", "sent before", TypeBytes, "RFC 9000 sec. 13.3", "Bytes that an earlier frame brought, in whole or in part: it was thought to be lost.")
)

// quicCrypto puts in order what the CRYPTO frames of one sender bring (RFC 9000
// section 19.6), as Wireshark does: what comes in its order is passed on at
// once; from a gap on all is held, until there is no gap any more.
type quicCrypto struct {
	next uint64 // the first byte that has not come
	from uint64 // where what is held begins
	held []quicHeld
}

// quicHeld is what a frame brought.
type quicHeld struct {
	at   uint64
	data []byte
}

func (h *quicHeld) end() uint64 { return h.at + uint64(len(h.data)) }

// maxQUICHeld is how far bytes may lie behind a gap.
const maxQUICHeld = 1 << 16

// add takes in data that begin at a place. Old are those at their start that
// came before. When with them a gap is filled, it gives all that was held.
func (q *quicCrypto) add(at uint64, data []byte) (old int, now bool, whole []quicHeld) {
	old = int(min(uint64(len(data)), q.next-min(q.next, at)))
	if at, data = at+uint64(old), data[old:]; len(data) == 0 && at <= q.next {
		return old, false, nil
	}
	piece := quicHeld{at, data}
	if len(q.held) == 0 {
		if at == q.next {
			q.next = piece.end()
			return old, true, nil
		}
		q.from = q.next
	}
	if at > q.next+maxQUICHeld {
		return old, false, nil
	}
	i, _ := slices.BinarySearchFunc(q.held, at, func(h quicHeld, at uint64) int {
		if h.at <= at {
			return -1
		}
		return 1
	})
	q.held = slices.Insert(q.held, i, piece)
	end := q.from
	for _, h := range q.held {
		if h.at > end {
			return old, false, nil
		}
		if end = max(end, h.end()); h.at <= q.next {
			q.next = max(q.next, h.end())
		}
	}
	whole, q.held = q.held, nil
	return old, false, whole
}

// joined are the bytes of pieces that follow each other.
func joined(pieces []quicHeld) []byte {
	var b bytes.Buffer
	from := pieces[0].at
	for _, p := range pieces {
		if have := from + uint64(b.Len()); p.end() > have {
			b.Write(p.data[have-p.at:])
		}
	}
	return b.Bytes()
}

// quicChunk is a stretch of the sender's TLS messages, in a buffer.
type quicChunk struct {
	span
	data []byte
	in   Source
}

// quicTalk is how far the sender's TLS messages have been read.
type quicTalk struct {
	sess  TLSSession
	begun []byte // a message that is not whole, and how much of it each chunk brought
	cuts  []int
}

// cryptoData takes what a CRYPTO frame brings, which is s in the buffer in
// hand.
func (r *quicReader) cryptoData(at uint64, s span, dst *[]Node) {
	old, now, whole := r.crypto.add(at, r.data[s.pos:s.end])
	if n := s.end - s.pos; n > 0 && old > 0 {
		name, text := "quic.overlap", "Some of these bytes of the handshake were sent before."
		if old == n {
			name, text = "quic.retransmission", "These bytes of the handshake were sent before."
		}
		r.expert(Note, name, text, 0, 0)
		*dst = append(*dst, r.node(quicAgain, s.pos, n))
	}
	switch {
	case now:
		r.chunks = append(r.chunks, quicChunk{s.from(old), r.data, r.in})
	case whole != nil:
		r.body(joined(whole), func(all span) {
			r.tree.decrypted = append(r.tree.decrypted, r.in)
			list := r.node(quicPieces, 0, all.end)
			for _, p := range whole {
				list.Children = append(list.Children, r.node(quicPiece, int(p.at-whole[0].at), len(p.data)))
			}
			*dst = append(*dst, list)
			r.chunks = append(r.chunks, quicChunk{all, r.data, r.in})
		})
	}
}

// read reads the TLS messages that a packet has brought.
func (r *quicReader) read() {
	for _, c := range r.chunks {
		r.aside(func() {
			r.data, r.in = c.data, c.in
			r.messages(c.span)
		})
	}
	r.chunks = nil
}

// messages reads a stretch of TLS messages, which QUIC carries without records
// (RFC 9001 section 4.1.3). It is always TLS 1.3.
func (r *quicReader) messages(s span) {
	m := tlsReader{cursor: r.cursor(s), start: s.pos, plain: true, sess: r.talk.sess, begun: r.talk.begun, cuts: r.talk.cuts, version: verTLS13}
	if m.sess.Version == 0 {
		m.sess.Version = verTLS13
	}
	if r.server {
		m.side = 1
	}
	p := r.part(TLS, s.pos, s.end-s.pos)
	m.out = &p.Fields
	m.handshake(s.end)
	if *m.broken {
		r.short(TLS, s)
	}
	p.Summary = m.summary()
	r.talk = quicTalk{m.sess, m.begun, m.cuts}
}
