package socketio

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"strata/layers"
	"strata/sim/host"
)

// Emit is an event that a program emits by itself.
type Emit struct {
	Event     string        `yaml:"event" need:"true" doc:"The event's name."`
	Namespace string        `yaml:"namespace" doc:"The namespace, like /chat (default /)."`
	Data      string        `yaml:"data" doc:"The event's values, as a JSON array like '[\"hello\", 1]'; {n} becomes the number of the emission."`
	Size      int           `yaml:"size" range:"0..1000000" doc:"Another value after those: a text of that many bytes, a pattern that counts its bytes."`
	Attach    []int         `yaml:"attach" max:"10" range:"0..1000000" doc:"Binary attachments after those, by their sizes in bytes, like [100, 5000]."`
	Ack       bool          `yaml:"ack" doc:"Ask for an answer."`
	At        time.Duration `yaml:"at" doc:"When to emit it: the time since the client connected, or since the server started."`
	Every     time.Duration `yaml:"every" doc:"With count: the time between emissions."`
	Count     int           `yaml:"count" range:"0..10000" doc:"How often to emit it (default 1)."`
	Room      string        `yaml:"room" doc:"Server: only to the clients in this room."`
}

// Reaction is what a program does when an event comes.
type Reaction struct {
	Event     string        `yaml:"event" need:"true" doc:"The event's name; * for any, connect at the server for a client that connects."`
	Namespace string        `yaml:"namespace" doc:"Only in this namespace (default any)."`
	Ack       string        `yaml:"ack" doc:"Answer with these values, a JSON array like '[\"ok\"]', if an answer is wanted; the word same: with the event's own."`
	Emit      string        `yaml:"emit" doc:"Emit this event."`
	Data      string        `yaml:"data" doc:"The values of what is emitted, as a JSON array (default those of the event)."`
	After     time.Duration `yaml:"after" doc:"Time to wait before the answer and the emission."`
	Whom      string        `yaml:"whom" oneof:"sender all others" doc:"Server: who gets what is emitted: sender (default), all or others."`
	Room      string        `yaml:"room" doc:"Server, with whom all or others: only those in this room."`
	Join      string        `yaml:"join" doc:"Server: put the sender in this room; {0} stands for the event's first value."`
	Leave     string        `yaml:"leave" doc:"Server: take the sender out of this room."`
}

// same is the setting that answers an event with its own values.
const same = "same"

// Received is an event that came, or an answer, whose Event is empty.
type Received struct {
	Namespace string
	Event     string
	Data      string // JSON
	Attached  int    // bytes
}

func received(p *Packet) Received {
	r := Received{Namespace: p.Namespace, Data: string(p.Data)}
	r.Event, _ = p.event()
	for _, b := range p.Attached {
		r.Attached += len(b)
	}
	return r
}

// maxReceived bounds what a program remembers of what came.
const maxReceived = 10_000

// isNamespace says whether s can name a namespace.
func isNamespace(s string) bool {
	return strings.HasPrefix(s, "/") && !strings.ContainsAny(s, ",? ") && strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) < 0
}

func checkNamespace(field *string, name string) error {
	if *field != "" && !isNamespace(*field) {
		return host.Wrong(field, name, fmt.Sprintf("%q is not a namespace; write /chat", *field))
	}
	return nil
}

// checkEvent wants a name that an event may have.
func checkEvent(field *string, name string, others ...string) error {
	switch {
	case *field == "":
		return host.Wrong(field, name, "an event needs a name; write hello")
	case layers.SocketIOReserved(*field) && !slices.Contains(others, *field):
		return host.Wrong(field, name, fmt.Sprintf("%q is a name that Socket.IO keeps for itself; write hello", *field))
	}
	return nil
}

// checkValues wants a JSON array, or one of other words.
func checkValues(field *string, name string, others ...string) error {
	if *field == "" || slices.Contains(others, *field) {
		return nil
	}
	if _, err := values(*field, 1); err != nil {
		return host.Wrong(field, name, fmt.Sprintf("%q is not a JSON array; write '[\"hello\", 1]'", *field))
	}
	return nil
}

// values are those of a setting, for the n-th emission.
func values(text string, n int) (all []json.RawMessage, err error) {
	if text != "" {
		err = json.Unmarshal([]byte(strings.ReplaceAll(text, "{n}", strconv.Itoa(n))), &all)
	}
	return all, err
}

func (e *Emit) check(name string, server bool) error {
	for _, err := range []error{
		checkEvent(&e.Event, name+": event"), checkNamespace(&e.Namespace, name+": namespace"), checkValues(&e.Data, name+": data"),
	} {
		if err != nil {
			return err
		}
	}
	if e.Room != "" && !server {
		return host.Wrong(&e.Room, name+": room", "rooms are the server's; a client knows nothing of them")
	}
	if e.Every < 0 || e.At < 0 || e.Count > 1 && e.Every == 0 {
		return host.Wrong(&e.Every, name+": every", "an event that is emitted several times needs the time between; write 1s")
	}
	return nil
}

// namespace is the setting's, or the default.
func namespace(s string) string {
	if s == "" {
		return "/"
	}
	return s
}

// packet is the n-th emission, counted from 1.
func (e *Emit) packet(n int) *Packet {
	all, _ := values(e.Data, n) // it has been checked
	if e.Size > 0 {
		text, _ := json.Marshal(string(host.Payload{Size: e.Size}.Part(0, e.Size)))
		all = append(all, text)
	}
	var attached [][]byte
	for i, size := range e.Attach {
		all = append(all, placeholder(i))
		attached = append(attached, host.Payload{Size: size}.Part(0, size))
	}
	return newEvent(namespace(e.Namespace), e.Event, all, attached)
}

func (r *Reaction) check(name string, server bool) error {
	also := []string{"*"}
	if server {
		also = append(also, "connect")
	}
	for _, err := range []error{
		checkEvent(&r.Event, name+": event", also...), checkNamespace(&r.Namespace, name+": namespace"),
		checkValues(&r.Ack, name+": ack", same), checkValues(&r.Data, name+": data"),
	} {
		if err != nil {
			return err
		}
	}
	if r.Emit != "" {
		if err := checkEvent(&r.Emit, name+": emit"); err != nil {
			return err
		}
	}
	if !server && (r.Whom != "" || r.Room != "" || r.Join != "" || r.Leave != "") {
		return host.Wrong(&r.Event, name, "whom, room, join and leave are the server's")
	}
	return nil
}

// meets says whether the reaction is one to an event.
func (r *Reaction) meets(namespace, event string) bool {
	return (r.Event == event || r.Event == "*" && event != "connect") && (r.Namespace == "" || r.Namespace == namespace)
}

// answer is the answer to an event; nil: none.
func (r *Reaction) answer(to *Packet) *Packet {
	if r.Ack == "" || !to.HasID {
		return nil
	}
	if r.Ack == same {
		_, all := to.event()
		return newAnswer(to, all, to.Attached)
	}
	all, _ := values(r.Ack, 1) // it has been checked
	return newAnswer(to, all, nil)
}

// emission is the event that the reaction emits; nil: none.
func (r *Reaction) emission(to *Packet) *Packet {
	if r.Emit == "" {
		return nil
	}
	if r.Data != "" {
		all, _ := values(r.Data, 1) // it has been checked
		return newEvent(to.Namespace, r.Emit, all, nil)
	}
	_, all := to.event()
	return newEvent(to.Namespace, r.Emit, all, to.Attached)
}

// schedule goes through emissions in the order of their times since a moment,
// and waits for each. False of emit ends it.
func schedule(emits []Emit, pause func(at time.Duration) bool, emit func(e *Emit, n int) bool) {
	done := make([]int, len(emits))
	for {
		next, at := -1, time.Duration(0)
		for i := range emits {
			e := &emits[i]
			t := e.At + time.Duration(done[i])*e.Every
			if done[i] < max(e.Count, 1) && (next < 0 || t < at) {
				next, at = i, t
			}
		}
		if next < 0 || !pause(at) {
			return
		}
		if done[next]++; !emit(&emits[next], done[next]) {
			return
		}
	}
}
