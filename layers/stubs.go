package layers

func (d *dissector) cdp(s span)                   { d.payload(s) }
func (d *dissector) lldp(s span)                  { d.payload(s) }
func (d *dissector) slow(s span)                  { d.payload(s) }
func (d *dissector) radiotap(s span)              { d.payload(s) }
func (d *dissector) wlan(s span, fcs bool)        { d.payload(s) }
