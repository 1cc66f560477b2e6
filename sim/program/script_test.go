package program_test

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"strata/sim/host/hosttest"
	"strata/sim/program"
)

// converse runs two scripts against each other and gives their errors.
func converse(t *testing.T, m *hosttest.Machine, client, server []program.Step) (clientErr, serverErr error) {
	t.Helper()
	s := &program.Script{Steps: server}
	hosttest.Check(t, s)
	result := make(chan error, 1)
	m.Go(func() { result <- s.Run(m) })
	<-m.Ready
	c := &program.Script{Steps: client}
	hosttest.Check(t, c)
	clientErr = c.Run(m)
	return clientErr, <-result
}

func TestStreamNotMessages(t *testing.T) {
	m, addr := hosttest.New(t), hosttest.Free(t)
	a, b := converse(t, m,
		[]program.Step{{Dial: addr}, {Write: "hello"}, {Write: "world"}, {CloseWrite: true}, {ReadEnd: true}},
		[]program.Step{{Listen: addr}, {Accept: true}, {Sleep: 300 * time.Millisecond}, {Read: 100}, {Got: 5}, {Got: 5}, {ReadEnd: true}})
	if a != nil || b != nil {
		t.Fatal(a, b)
	}
	hosttest.WantMessages(t, m, 2)
}

func TestHalfClose(t *testing.T) {
	m, addr := hosttest.New(t), hosttest.Free(t)
	a, b := converse(t, m,
		[]program.Step{{Dial: addr}, {Write: "how much?"}, {CloseWrite: true}, {Receive: 3000}, {ReadEnd: true}},
		[]program.Step{{Listen: addr}, {Accept: true}, {Receive: 9}, {ReadEnd: true}, {Sleep: time.Millisecond}, {WriteSize: 3000}, {Close: true}})
	if a != nil || b != nil {
		t.Fatal(a, b)
	}
	hosttest.WantMessages(t, m, 2)
}

func TestAbort(t *testing.T) {
	m, addr := hosttest.New(t), hosttest.Free(t)
	a, b := converse(t, m,
		[]program.Step{{Dial: addr}, {Receive: 4}, {Abort: true}},
		[]program.Step{{Listen: addr}, {Accept: true}, {Write: "over"}, {ReadEnd: true}})
	if a != nil {
		t.Fatal(a)
	}
	hosttest.WantError(t, b, syscall.ECONNRESET)
	if !strings.Contains(b.Error(), "step 4, read_end") {
		t.Fatal(b)
	}
}

func TestScriptSaysWhatFailed(t *testing.T) {
	m, addr := hosttest.New(t), hosttest.Free(t)
	a, b := converse(t, m,
		[]program.Step{{Dial: addr}, {Write: "x"}, {Receive: 1}},
		[]program.Step{{Listen: addr}, {Accept: true}, {ReadEnd: true}})
	if b == nil || !strings.Contains(b.Error(), "step 3, read_end: there is still something to read") {
		t.Errorf("server: %v", b)
	}
	if a == nil || !strings.Contains(a.Error(), "step 3, receive") {
		t.Errorf("client: %v", a)
	}
}
