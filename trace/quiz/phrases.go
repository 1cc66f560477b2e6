package quiz

import "strata/trace"

// phrase is a reason in a few words that stand after "it": a choice.
type phrase struct {
	why  trace.Why
	text string
	// also are reasons that may be true at the same time, or read the same:
	// where this one is right, they are not offered.
	also []trace.Why
}

// A family holds what excludes each other: of one decision, one of them comes
// out.

// onSwitch is what a switch does with a frame.
var onSwitch = []phrase{
	{trace.SwitchKnown, "sends it out of the one port that leads to its destination", nil},
	{trace.SwitchFlood, "does not know its destination, and sends it out of every other port", nil},
	{trace.SwitchAll, "sends it out of every other port, for it is for everybody", nil},
	{trace.SwitchSame, "does nothing: its destination is where it came from", nil},
	{trace.EthBadFCS, "drops it: its check sequence does not fit", nil},
}

// onRouter is what a router does with a packet.
var onRouter = []phrase{
	{trace.IPForward, "passes it on to the next station", nil},
	{trace.IPExpired, "drops it: its TTL has run out", nil},
	{trace.IPNoRoute, "drops it: there is no route to its destination", nil},
	{trace.IPForMe, "keeps it: it is for this very station", nil},
	{trace.IPChecksum, "drops it: the IP header's checksum does not fit", nil},
	{trace.IPDontFrag, "drops it: it is too long for the next link, and may not be cut", nil},
	{trace.IPFiltered, "drops it without a word: a filter says so", nil},
	{trace.NATUnknown, "drops it: nobody inside is known for its port", nil},
	{trace.NATFiltered, "drops it: nothing has gone out to where it comes from", []trace.Why{trace.NATUnknown}},
	{trace.EthBadFCS, "drops it: its check sequence does not fit", nil},
	{trace.EthNotMine, "ignores it: the frame is for another station", nil},
}

// onHostTCP is what a host does with a segment.
var onHostTCP = []phrase{
	{trace.TCPToSocket, "takes it for the connection with these addresses and ports", []trace.Why{trace.TCPToListen}},
	{trace.TCPToListen, "takes it for the program that listens on its port", []trace.Why{trace.TCPToSocket}},
	{trace.TCPNobody, "finds nobody for its port", nil},
	{trace.TCPRefuse, "finds nobody for its port", nil},
	{trace.TCPChecksum, "drops it: TCP's checksum does not fit", nil},
	{trace.TCPBacklog, "drops it: too many connections wait to be accepted", nil},
	{trace.TCPDropDuplicate, "drops it: it has all of these bytes already", []trace.Why{trace.TCPToSocket, trace.TCPDropOutside}},
	{trace.TCPDropOutside, "drops it: it lies outside the receive window", []trace.Why{trace.TCPToSocket, trace.TCPDropDuplicate}},
	{trace.IPFiltered, "drops it without a word: a filter says so", nil},
	{trace.IPNotMine, "drops it: its IP address is another host's", nil},
	{trace.EthBadFCS, "drops it: its check sequence does not fit", nil},
	{trace.EthNotMine, "ignores it: the frame is for another station", nil},
}

// onHostUDP is what a host does with a datagram.
var onHostUDP = []phrase{
	{trace.UDPDeliver, "gives it to the program that has opened its port", nil},
	{trace.UDPToPeer, "gives it to the program that is connected to its sender", []trace.Why{trace.UDPDeliver}},
	{trace.UDPNoSocket, "finds no program for its port", nil},
	{trace.UDPChecksum, "drops it: UDP's checksum does not fit", nil},
	{trace.UDPFull, "drops it: the program reads too slowly, and its buffer is full", nil},
	{trace.IPFiltered, "drops it without a word: a filter says so", nil},
	{trace.IPPiece, "keeps it, and waits for the packet's other fragments", nil},
	{trace.EthBadFCS, "drops it: its check sequence does not fit", nil},
	{trace.EthNotMine, "ignores it: the frame is for another station", nil},
}

// onHostPiece is what a host does with a fragment.
var onHostPiece = []phrase{
	{trace.IPPiece, "keeps it, and waits for the packet's other fragments", nil},
	{trace.IPWhole, "has all fragments now, and makes the packet whole", nil},
	{trace.IPNoMemory, "drops it: too many packets are unfinished", nil},
	{trace.IPBadFragment, "drops it: it cannot be a part of any packet", nil},
	{trace.IPFiltered, "drops it without a word: a filter says so", nil},
	{trace.EthBadFCS, "drops it: its check sequence does not fit", nil},
}

// onHostARP is what a host does with an ARP packet.
var onHostARP = []phrase{
	{trace.ARPNotMine, "stays silent: the question is about another address", nil},
	{trace.ARPAnswer, "answers it: the address is its own", nil},
	{trace.ARPLearn, "remembers the sender's MAC address", []trace.Why{trace.ARPAnswer}},
	{trace.EthBadFCS, "drops it: its check sequence does not fit", nil},
	{trace.EthNotMine, "ignores it: the frame is for another station", nil},
}

// Why TCP sent a segment now.

// sentOpening is why a SYN went out.
var sentOpening = []phrase{
	{trace.TCPSyn, "its program wants a connection", []trace.Why{trace.TCPSynAck}},
	{trace.TCPSynAck, "a SYN has come, and it opens its own direction, too", []trace.Why{trace.TCPSyn}},
	{trace.TCPSynResend, "no answer to its SYN has come in time", []trace.Why{trace.TCPSyn, trace.TCPSynAckResend}},
	{trace.TCPSynAckResend, "nobody has acknowledged its SYN-ACK in time", []trace.Why{trace.TCPSynAck, trace.TCPSynResend}},
	{trace.TCPSimultaneousOpen, "both sides have sent a SYN at the same time", []trace.Why{trace.TCPSynAck, trace.TCPSyn}},
	{trace.TCPFastRetransmit, "three duplicate acknowledgments have come", nil},
	{trace.TCPDelayedAck, "its timer for acknowledgments has run out", nil},
	{trace.TCPProbe, "the window is closed, and it asks whether it has opened", nil},
}

// sentData is why data went out.
var sentData = []phrase{
	{trace.TCPMSS, "there is enough data for a full segment", nil},
	{trace.TCPPush, "it is little, but nothing is on its way unacknowledged", []trace.Why{trace.TCPNoDelay, trace.TCPNagleOver}},
	{trace.TCPNagleOver, "it had to wait, and now all before it is acknowledged", []trace.Why{trace.TCPPush}},
	{trace.TCPNoDelay, "it is little, but Nagle's algorithm is off here", []trace.Why{trace.TCPPush}},
	{trace.TCPFastRetransmit, "three duplicate acknowledgments say that it is lost", []trace.Why{trace.TCPMSS}},
	{trace.TCPPartialAck, "an acknowledgment within recovery shows that this is lost, too", []trace.Why{trace.TCPMSS}},
	{trace.TCPRTOResend, "no acknowledgment has come before the timer ran out", []trace.Why{trace.TCPMSS, trace.TCPGoBack, trace.TCPPush}},
	{trace.TCPGoBack, "after a timeout, all that was on its way counts as lost", []trace.Why{trace.TCPMSS, trace.TCPRTOResend, trace.TCPPush}},
	{trace.TCPProbe, "the window is closed, and a byte asks whether it has opened", []trace.Why{trace.TCPProbeAgain}},
	{trace.TCPProbeAgain, "the window is still closed, and a byte asks again", []trace.Why{trace.TCPProbe, trace.TCPRTOResend}},
	{trace.TCPLimitedTransmit, "a duplicate acknowledgment has come, and new bytes may follow it", []trace.Why{trace.TCPMSS}},
	{trace.TCPRecoveryNew, "while a hole is being mended, there is room for new bytes", []trace.Why{trace.TCPMSS}},
	{trace.TCPFinData, "these are its last bytes, and FIN goes with them", []trace.Why{trace.TCPMSS, trace.TCPPush, trace.TCPNagleOver, trace.TCPNoDelay}},
}

// sentAck is why a segment without data went out.
var sentAck = []phrase{
	{trace.TCPHandshakeAck, "the answer to its SYN has come", nil},
	{trace.TCPAckSecond, "a second segment has come without an acknowledgment", []trace.Why{trace.TCPAckGapFilled, trace.TCPAckNow}},
	{trace.TCPAckNow, "it acknowledges everything at once: delays are off here", []trace.Why{trace.TCPAckSecond}},
	{trace.TCPDelayedAck, "no data of its own came up in time to carry the acknowledgment", nil},
	{trace.TCPAckOutOfOrder, "bytes are missing before what has come", []trace.Why{trace.TCPAckNow, trace.TCPAckDuplicate, trace.TCPAckSecond}},
	{trace.TCPAckGapFilled, "what was missing has come", []trace.Why{trace.TCPAckNow, trace.TCPAckSecond}},
	{trace.TCPAckFin, "the other side's FIN has come", []trace.Why{trace.TCPAckNow, trace.TCPAckSecond}},
	{trace.TCPAckFinAgain, "the other side's FIN has come again", []trace.Why{trace.TCPAckNow, trace.TCPAckFin, trace.TCPAckDuplicate}},
	{trace.TCPAckDuplicate, "what has come was here already", []trace.Why{trace.TCPAckNow, trace.TCPAckOutOfOrder, trace.TCPAckSecond, trace.TCPAckFinAgain}},
	{trace.TCPAckWindowClosed, "there is no room for what has come", []trace.Why{trace.TCPAckNow, trace.TCPAckSecond}},
	{trace.TCPWindowUpdate, "its program has read, and there is room again", []trace.Why{trace.TCPAckSecond, trace.TCPAckNow}},
}

// sentEnd is why a FIN or an RST went out.
var sentEnd = []phrase{
	{trace.TCPFin, "its program has closed: nothing more will come", []trace.Why{trace.TCPFinData, trace.TCPFinResend}},
	{trace.TCPFinData, "its program has closed, and FIN goes with its last bytes", []trace.Why{trace.TCPFin}},
	{trace.TCPFinResend, "nobody has acknowledged its FIN in time", []trace.Why{trace.TCPFin}},
	{trace.TCPRefuse, "there is nobody here for what has come", []trace.Why{trace.TCPResetHalfOpen}},
	{trace.TCPAbort, "its program breaks the connection off", nil},
	{trace.TCPCloseUnread, "its program has closed, and left bytes unread", []trace.Why{trace.TCPFin, trace.TCPDataAfterClose}},
	{trace.TCPDataAfterClose, "more data has come, but its program is gone", []trace.Why{trace.TCPCloseUnread, trace.TCPRefuse, trace.TCPFin}},
	{trace.TCPResetHalfOpen, "what has come acknowledges something that was never sent", []trace.Why{trace.TCPRefuse}},
	{trace.TCPTimedOut, "it has sent in vain for too long", nil},
}

// find is the phrase of a reason; nil: the family has none.
func find(family []phrase, w trace.Why) *phrase {
	for i := range family {
		if family[i].why == w {
			return &family[i]
		}
	}
	return nil
}
