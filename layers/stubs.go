package layers

func (d *dissector) cdp(s span)  { d.payload(s) }
func (d *dissector) slow(s span) { d.payload(s) }
