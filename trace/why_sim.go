package trace

// Reasons of the program's side: sockets and messages.
var (
	ProgramSend = reason("program.send", "A program hands over one message of {n} {n?byte|bytes}. It does not know about packets: everything below is the stack's work.", "", "message", "client", "server")
)
