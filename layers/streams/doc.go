// Package streams finds the messages in the two streams of a TCP connection:
// where each begins and ends, and what one has to know of those before it to
// read it.
//
//	bytes in order ──> Talk ──> Sink: messages, turns (layers.Above),
//	                    │             openings (layers.Opened)
//	                    ├─ TLS ─> tlskeys.Opener ──> the Talk inside
//	                    └─ WebSocket that carries MQTT ──> the Talk inside
//
//	Part ──> what other frames tell of a stretch of a stream: what layers.Dissect
//	         needs beside a segment's own bytes
//	Tale ──> what a unit that is whole wraps: its coats, the units within it,
//	         what a program says with it
//
// A Talk keeps no bytes but those of a WebSocket message in fragments: what it
// needs again it asks its Sink for. Simulation and capture use it alike.
package streams
