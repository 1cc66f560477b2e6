package analysis

// Reuses says whether a segment begins another stream than this one.
func (c *Conn) Reuses(s *Segment) bool { return c.sides[s.side()].start.Reuses(s.Flags, s.Seq) }
