// Package tracetest walks through a trace's lineage byte by byte, so that tests
// can hold it to what each PDU really carries.
package tracetest

import "strata/trace"

// Everywhere is every place that a byte is ever at: from where it was first
// written to its segments, packets and frames on every hop, resends included,
// and on into the receiver's stream and message. Each PDU comes once, after the
// PDU that it was found through.
func Everywhere(t trace.Trace, p trace.Place) []trace.Place {
	origins := trace.Origins(t, p)
	out := origins[len(origins)-1:]
	seen := map[trace.PDUID]bool{out[0].PDU: true}
	for i := 0; i < len(out); i++ {
		at := out[i]
		for _, c := range t.Children(at.PDU) {
			if at.Off < c.Span.Off || at.Off >= c.Span.Off+c.Span.Extent() || seen[c.PDU] {
				continue
			}
			seen[c.PDU] = true
			out = append(out, trace.Place{PDU: c.PDU, Off: c.Span.At + min(at.Off-c.Span.Off, c.Span.Len-1)})
		}
	}
	return out
}
