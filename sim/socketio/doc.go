// Package socketio speaks Engine.IO, revision 4, and Socket.IO, revision 5,
// which is made of it: named events in both directions, over HTTP long polling
// or WebSocket, or first the one and then the other.
//
//	Client ── emit ──> Packet ──> packets ──> session ══ GET, POST ══> engine ──> hub ──> Server
//	                   "2[…]"     "42[…]"        └══════ WebSocket ══════┘         └─> rooms
//
// A session is a queue of packets that outlives what carries them: changing from
// polling to WebSocket, it lets nothing be sent until the last request has its
// answer, so that nothing is lost or overtaken. The server pings, the client
// answers; who hears nothing for too long gives the session up. A broadcast is
// an emission to each client, one after the other: nothing on the way multiplies
// it.
//
// HTTP comes from sim/http and WebSocket from sim/websocket. The messages that
// the host is told of are neither's: they are the events, each as its JSON and
// what is attached.
package socketio
