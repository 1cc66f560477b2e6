// Package edit changes scenarios: what would happen if this frame were lost,
// that link slower, this setting another?
//
//	trace, event ──Offers──> Offer ──answer──> Change ──┐
//	scenario, path=value ─────────────────────> Change ──┼──Apply──> Scenario ──run──> trace
//	                                                     └──Says───> "link lan loses the 3rd frame from client"
//	                              Scenario ──Keep──> the text of a file, comments kept
//
// A Change is data: the path and the value of an override, the same that
// `strata run --set` takes. So what was tried on the screen can be typed, and
// several changes are a list, of which the last one is taken back by leaving it
// out. A run is always from the start; what comes before a change's first
// effect is the same as without it, event for event.
//
// A change that strikes one frame says which: the n-th that a node puts on a
// link, whatever the frame is and whatever else befalls those before it. In
// another run, with other changes before it, the n-th may be another frame.
package edit
