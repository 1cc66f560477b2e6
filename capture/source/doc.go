// Package source reads capture files of every kind as records in batches:
//
//	plain file ───────────────────┐
//	gzip, zstd ──unpack──> spool ─┼─> window ──> pcap, pcapng ──> Batch of Records
//	pipe ─────────────────> spool ┘                 └───────────> Frame, Describe: one again
//
// pcap is read in all the forms that are known of it (microseconds and
// nanoseconds, both byte orders, and those that others made of it), pcapng
// with sections, interfaces, names, secrets and comments. Link types are
// numbers here; what a frame holds is for others to say.
//
// Files are hostile: every length is checked before it is used, memory is a
// few windows of half a megabyte whatever the file says, and what is spooled
// is bounded. Where a file is damaged the frames before it have been given,
// and a Fault says where and why.
package source
