package layers

// carried are the readers of what a stream carries when other frames tell it,
// on whatever port; each protocol's file enters its own.
var carried [protoCount]func(*dissector, span)

// nextOpened takes what the next unit of a protocol holds that cannot be read
// in this frame alone; nothing: it is not known.
func (d *dissector) nextOpened(p Proto) (o Opened) {
	if len(d.opened) > 0 && d.opened[0].Proto == p {
		o, d.opened = d.opened[0], d.opened[1:]
	}
	return o
}

// stretch reads data that are a stretch of a stream, which are s in the buffer
// in hand: what they complete, and what they have whole.
func (d *dissector) stretch(o *Opened, s span, read func(*dissector, span)) {
	outer := d.above
	defer func() { d.above = outer }()
	d.above = o.Above
	if o.Reassembled != nil {
		d.body(o.Reassembled, func(whole span) { read(d, whole) })
	}
	taken, kept := o.shares()
	if n := s.end - s.pos - taken - kept; n > 0 {
		read(d, s.from(taken).first(n))
	}
}

// body reads data that do not stand in the frame as they are, by f, in a
// buffer of their own. There is a limit to how many a frame has: what is
// beyond it is not read.
func (d *dissector) body(data []byte, f func(span)) {
	if len(d.tree.Bodies) >= maxBodies {
		return
	}
	outer, in := d.data, d.in
	d.data, d.in = data, InBody+Source(len(d.tree.Bodies))
	d.tree.Bodies = append(d.tree.Bodies, data)
	f(span{0, len(data), len(data)})
	d.data, d.in = outer, in
}
