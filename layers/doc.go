// Package layers knows what the bytes mean: the OSI and TCP/IP models, and
// each protocol as a table of fields.
//
//	bytes ──Dissect──> Tree: protocols ─> fields ─> fields ─> …
//
// One protocol is one file. Its table states each field once: Wireshark's
// name, place, width, how to show it, what it means, which RFC section says
// so. The dissection tree, the lit bytes, the JSON and the glossary all come
// from these tables. Beside the table stands a zero-copy view of the header
// (IPv4Header, TCPHeader, …) for the hot paths of sim and capture.
package layers
