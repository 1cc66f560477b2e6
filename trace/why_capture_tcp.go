package trace

// Reasons of captures for what the analysis of TCP finds, by Wireshark's
// tcp.analysis. A segment may be found several things; it tells what
// explains it best.
var (
	CaptureTimedOut    = resent("capture.retransmission", "Seen: these {n} {n?byte|bytes} passed here before, {d:time} ago. Inferred: no acknowledgment came in time, so the sender's retransmission timer ran out and TCP sends them again.", "RFC 6298 sec. 5", "TCP", "segment", "retransmission")
	CaptureFast        = resent("capture.fast-retransmission", "Seen: these {n} {n?byte|bytes} come again right after duplicate acknowledgments that asked for just them. Inferred: the sender takes three of these for a loss, and does not wait for its timer.", "RFC 5681 sec. 3.2", "TCP", "segment", "retransmission")
	CaptureSpurious    = resent("capture.spurious-retransmission", "Seen: these {n} {n?byte|bytes} had been acknowledged before they came again. Inferred: that acknowledgment was lost or late, so the sender sent them for nothing.", "RFC 5682 sec. 1", "TCP", "segment", "retransmission")
	CaptureOutOfOrder  = reason("capture.out-of-order", "Seen: these {n} {n?byte|bytes} come after others that follow them in the stream. Inferred: on the way a later segment overtook this one; TCP at {h:str} puts them in order.", "RFC 9293 sec. 3.10.7.4", "TCP", "segment")
	CaptureGap         = reason("capture.previous-not-captured", "Seen: this segment begins further on than the one before it ended. What lies between did not pass here: it was lost on its way, or the capture missed it.", "", "TCP", "segment")
	CaptureAckedUnseen = reason("capture.acked-unseen", "Seen: this acknowledges bytes that never passed here. Inferred: {h:str} has them, so it was the capture that missed them.", "RFC 9293 sec. 3.4", "TCP", "segment")
	CaptureDuplicate   = reason("capture.duplicate-ack", "Seen: this acknowledges the same byte as frame {f}, for the {k}. time again. Inferred: {h:str} got a segment out of its order, and TCP says once more what it waits for.", "RFC 5681 sec. 2", "TCP", "segment")
	CaptureFull        = reason("capture.window-full", "Seen: with these {n} {n?byte|bytes} the sender has used up the window that {h:str} announced last. Inferred: it must wait until there is room again.", "RFC 9293 sec. 3.8.6", "TCP", "segment")
	CaptureUpdate      = reason("capture.window-update", "Seen: the same acknowledgment as before, with another window: {w}. Inferred: a program at {h:str} has read from its socket, and TCP says how much room there is now.", "RFC 9293 sec. 3.8.6", "TCP", "segment")
	CaptureZero        = reason("capture.zero-window", "Seen: {h:str} announces a window of 0. Inferred: its receive buffer is full, since its program does not read; the other side must stop.", "RFC 9293 sec. 3.8.6.1", "TCP", "segment")
	CaptureProbe       = reason("capture.zero-window-probe", "Seen: one byte more than the closed window allows. Inferred: the sender asks whether {h:str} has room again, in case that news was lost.", "RFC 9293 sec. 3.8.6.1", "TCP", "segment")
	CaptureProbeAck    = reason("capture.zero-window-probe-ack", "Seen: the answer to a probe of the window: it is still 0, so {h:str} has no room yet.", "RFC 9293 sec. 3.8.6.1", "TCP", "segment")
	CaptureKeepAlive   = reason("capture.keep-alive", "Seen: a segment that begins one byte before what is to come. Inferred: nothing was said for long, and the sender asks whether {h:str} is still there.", "RFC 9293 sec. 3.8.4", "TCP", "segment")
	CaptureAlive       = reason("capture.keep-alive-ack", "Seen: the answer to a keep-alive. Inferred: {h:str} is still there, and the connection with it.", "RFC 9293 sec. 3.8.4", "TCP", "segment")
	CaptureReused      = reason("capture.port-reused", "Seen: a SYN between ports that had a connection before. Inferred: the old one is over, and {h:str} begins a new one with the same four numbers.", "RFC 9293 sec. 3.4.1", "TCP", "port")
)
