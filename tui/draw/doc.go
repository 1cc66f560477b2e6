// Package draw is what everything on the screen is drawn with: a grid of clean
// cells, the looks that a theme gives colours, and the two ways out of it.
//
//	string ──> Clean ──> Canvas (cells: a rune and a Look) ──> Inks.ANSI   terminal
//	                                                      └──> Canvas.SVG  picture
//
// It knows layers by their colours, and nothing of traces. Every character
// passes Canvas.Text, which lets nothing through that a terminal could take for
// a command; what does not fit its rectangle ends in '~'.
package draw
