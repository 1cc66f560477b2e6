package quiz

import "strata/trace"

// WhyOf are the reasons that a choice of what a node does with a frame stands
// for.
func WhyOf(text string) (all []trace.Why) {
	for _, family := range [][]phrase{onSwitch, onRouter, onHostTCP, onHostUDP, onHostPiece, onHostARP} {
		for _, p := range family {
			if p.text == text {
				all = append(all, p.why)
			}
		}
	}
	return all
}
