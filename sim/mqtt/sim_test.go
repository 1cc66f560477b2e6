package mqtt_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"strata/sim"
	"strata/sim/host"
	"strata/sim/host/hosttest"
	"strata/sim/mqtt"
	"strata/sim/tls"
	"strata/testdata/need"
	"strata/trace"
	"strata/trace/export"
)

// record runs programs, each on a host of its own, and gives the trace.
func record(t *testing.T, seed uint64, change func(*sim.Config), programs ...host.Program) *trace.Log {
	t.Helper()
	for _, p := range programs {
		hosttest.Check(t, p)
	}
	cfg := network(seed, programs...)
	if change != nil {
		change(&cfg)
	}
	n, err := sim.New(cfg, true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return n.Trace()
}

// messages counts what was sent and what was delivered, by content.
func messages(l *trace.Log, kind trace.Kind) map[string]int {
	all := map[string]int{}
	for i := 1; i <= l.Events(); i++ {
		if e := l.Event(trace.EventID(i)); e.Kind == kind {
			all[fmt.Sprintf("%x", sha256.Sum256(l.Append(nil, e.PDU, 0, l.Size(e.PDU))))]++
		}
	}
	return all
}

func total(all map[string]int) (n int) {
	for _, v := range all {
		n += v
	}
	return n
}

func subscribing(version, filter string, qos int) *mqtt.Client {
	c := client(brokerAt, version)
	c.Subscribe = []mqtt.Subscribe{{Filter: filter, QoS: qos}}
	return c
}

// Every hop's messages are told, and arrive as they were sent; tshark finds
// nothing wrong with the packets; the same seed makes the same bytes.
func TestSimulatedBytes(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			var files [2][]byte
			for i := range files {
				pub := client(brokerAt, version)
				for qos := range 3 {
					pub.Publish = append(pub.Publish, mqtt.Publish{Topic: "a/{n}", Text: fmt.Sprintf("QoS %d, {n} ", qos), Size: 700 * qos, Count: 5, QoS: qos, After: time.Second, Interval: 100 * time.Millisecond, Retain: qos == 1})
				}
				pub.WillTopic, pub.WillText, pub.Aliases = "gone", "bye", version == "5"
				sub := subscribing(version, "a/+", 2)
				sub.Receive, sub.Aliases = 15, version == "5"
				l := record(t, 1, nil, mqtt.NewBroker(), sub, pub)
				if sent, got := messages(l, trace.Send), messages(l, trace.Deliver); total(sent) != 30 || fmt.Sprint(sent) != fmt.Sprint(got) {
					t.Errorf("%d sent, %d delivered", total(sent), total(got))
				}
				f, err := export.FormatNamed("pcapng")
				if err != nil {
					t.Fatal(err)
				}
				var file bytes.Buffer
				if err := export.Write(&file, l, f, export.Part{}); err != nil {
					t.Fatal(err)
				}
				files[i] = file.Bytes()
			}
			if !bytes.Equal(files[0], files[1]) {
				t.Error("the same seed makes other bytes")
			}
			judgeFile(t, files[0])
		})
	}
}

// Within TLS nothing is different for broker and clients, and the trace still
// tells of the messages.
func TestSimulatedTLS(t *testing.T) {
	broker, pub, sub := mqtt.NewBroker(), client(brokerAt, "5"), subscribing("5", "a/+", 1)
	broker.TLS, pub.TLS, sub.TLS = &tls.Setting{}, &tls.Setting{}, &tls.Setting{}
	pub.Publish = []mqtt.Publish{{Topic: "a/{n}", Text: "no. {n}", Size: 20_000, Count: 5, QoS: 1, After: time.Second}}
	sub.Receive = 5
	l := record(t, 1, nil, broker, sub, pub)
	if sent, got := messages(l, trace.Send), messages(l, trace.Deliver); total(sent) != 10 || fmt.Sprint(sent) != fmt.Sprint(got) {
		t.Errorf("%d sent, %d delivered", total(sent), total(got))
	}
	wrapped := 0
	for i := 1; i <= l.Events(); i++ {
		if l.Event(trace.EventID(i)).Why == trace.MQTTWrap {
			wrapped++
		}
	}
	if wrapped != 10 {
		t.Errorf("%d messages were seen to be wrapped by MQTT, want 10", wrapped)
	}
}

// judgeFile has tshark look for what is wrong with MQTT's packets.
func judgeFile(t *testing.T, file []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.pcapng")
	if err := os.WriteFile(path, file, 0o644); err != nil {
		t.Fatal(err)
	}
	tshark := need.Tool(t, "tshark")
	out, err := exec.Command(tshark, "-n", "-r", path, "-Y", "_ws.malformed || mqtt.illegal_topic_length || mqtt.unknown_version || mqtt.unknown_topic_alias").Output()
	if err != nil || len(out) > 0 {
		t.Errorf("%v: %s", err, out)
	}
	if out, err = exec.Command(tshark, "-n", "-r", path, "-Y", "mqtt", "-T", "fields", "-e", "mqtt.msgtype").Output(); err != nil || bytes.Count(out, []byte("\n")) < 30 {
		t.Errorf("%v: %d packets of MQTT", err, bytes.Count(out, []byte("\n")))
	}
}

// The producer sends while no consumer exists: the broker keeps it all, in
// order, for a session that was there before.
func TestQueueDecouples(t *testing.T) {
	worker := subscribing("3.1.1", "orders", 1)
	worker.ID, worker.Clean, worker.Work = "worker", false, 200*time.Millisecond
	worker.Restart, worker.Back = []time.Duration{time.Second}, 10*time.Second
	shop := client(brokerAt, "3.1.1")
	shop.Publish = []mqtt.Publish{{Topic: "orders", Text: "order {n}", Count: 20, QoS: 1, After: 2 * time.Second}}
	l := record(t, 1, nil, mqtt.NewBroker(), worker, shop)
	if shop.Found.Acknowledged != 20 || worker.Found.Handled != 20 || worker.Found.Worked[0] != "order 1" || worker.Found.Worked[19] != "order 20" || worker.Found.Duplicates != 0 {
		t.Errorf("%+v\n%+v", shop.Found, worker.Found)
	}
	if total(messages(l, trace.Deliver)) != 40 {
		t.Errorf("%d messages", total(messages(l, trace.Deliver)))
	}
}

// A queue that is full loses what comes.
func TestQueueIsBounded(t *testing.T) {
	broker := mqtt.NewBroker()
	broker.MaxQueue = 5
	worker := subscribing("3.1.1", "orders", 1)
	worker.ID, worker.Clean = "worker", false
	worker.Restart, worker.Back = []time.Duration{time.Second}, 10*time.Second
	shop := client(brokerAt, "3.1.1")
	shop.Publish = []mqtt.Publish{{Topic: "orders", Text: "order {n}", Count: 20, QoS: 1, After: 2 * time.Second}}
	record(t, 1, nil, broker, worker, shop)
	if worker.Found.Handled != 5 || broker.Found.Dropped != 15 || worker.Found.Worked[4] != "order 5" {
		t.Errorf("%+v\n%+v", worker.Found, broker.Found)
	}
}

// A worker dies after the work, before its acknowledgment: the work is done
// twice, and DUP is set; an idempotent worker does it once.
func TestRedelivery(t *testing.T) {
	for _, version := range versions {
		for _, idempotent := range []bool{false, true} {
			worker := subscribing(version, "orders", 1)
			worker.ID, worker.Clean, worker.Work, worker.CrashAfter, worker.Idempotent = "worker", false, 200*time.Millisecond, 3, idempotent
			shop := client(brokerAt, version)
			shop.Publish = []mqtt.Publish{{Topic: "orders", Text: "order {n}", Count: 5, QoS: 1, After: time.Second, Interval: 500 * time.Millisecond}}
			record(t, 1, nil, mqtt.NewBroker(), worker, shop)
			want := mqtt.ClientFound{Connections: 2, Received: 6, Duplicates: 1, Redelivered: 1, Handled: 6, HandledTwice: 1}
			if idempotent {
				want.Handled, want.HandledTwice, want.Skipped = 5, 0, 1
			}
			got := worker.Found
			got.Worked = nil
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("version %s, idempotent %v: %+v, want %+v", version, idempotent, got, want)
			}
			if !idempotent && !slices.Equal(worker.Found.Worked[2:4], []string{"order 3", "order 3"}) {
				t.Errorf("%q", worker.Found.Worked)
			}
		}
	}
}

// The connection breaks in the midst of publishing: QoS 0 loses, 1 may
// duplicate, 2 delivers once. A lost packet alone harms none.
func TestQoSWhenTheConnectionBreaks(t *testing.T) {
	for _, broken := range []bool{false, true} {
		for qos := range 3 {
			sub := subscribing("3.1.1", "t", qos)
			sub.Receive = 0
			pub := client(brokerAt, "3.1.1")
			pub.ID, pub.Clean, pub.KeepAlive, pub.Retry = "pub", false, 2*time.Second, time.Second
			pub.Publish = []mqtt.Publish{{Topic: "t", Text: "{n}", Count: 40, QoS: qos, Interval: 100 * time.Millisecond}}
			broker := mqtt.NewBroker()
			record(t, 1, func(c *sim.Config) {
				faults := []sim.Fault{{Kind: sim.Lose, Rate: 0.2, Match: sim.Match{After: time.Second, Before: 3 * time.Second}}}
				if broken { // for so long that the publisher gives up
					faults = []sim.Fault{{Kind: sim.Lose, Rate: 1, Match: sim.Match{After: time.Second, Before: 10 * time.Second}}}
				}
				if broken && qos > 0 { // only what the broker sends, so that it has what is sent again
					faults[0].Out = "sw"
				}
				c.Links[2].Faults = faults
			}, broker, sub, pub)
			got := sub.Found
			distinct := got.Received - got.Duplicates
			switch {
			case !broken && (got.Received != 40 || got.Duplicates != 0), broken && qos == 0 && distinct >= 40, broken && qos == 1 && (distinct != 40 || got.Duplicates == 0), broken && qos == 2 && (distinct != 40 || got.Duplicates > 0):
				t.Errorf("QoS %d, broken %v: %+v\n%+v", qos, broken, got, pub.Found)
			}
		}
	}
}

// What a member of a share had not acknowledged when its session ended goes to
// another member.
func TestShareGoesOn(t *testing.T) {
	for _, version := range versions {
		var members []host.Program
		for i := range 2 {
			c := subscribing(version, "jobs", 1)
			c.Subscribe[0].Share, c.Work = "team", 300*time.Millisecond
			if i == 0 {
				c.CrashAfter, c.Retry = 2, 0 // it never comes back
			}
			members = append(members, c)
		}
		shop := client(brokerAt, version)
		shop.Publish = []mqtt.Publish{{Topic: "jobs", Text: "job {n}", Count: 10, QoS: 1, After: time.Second, Interval: 10 * time.Millisecond}}
		record(t, 1, nil, append([]host.Program{mqtt.NewBroker()}, append(members, shop)...)...)
		a, b := members[0].(*mqtt.Client).Found, members[1].(*mqtt.Client).Found
		all := append(slices.Clone(a.Worked), b.Worked...)
		slices.Sort(all)
		if a.Handled != 2 || b.Handled != 9 || len(slices.Compact(all)) != 10 {
			t.Errorf("%q\n%q", a.Worked, b.Worked)
		}
	}
}

// A broker that restarts keeps what is on its disk, or nothing.
func TestBrokerRestarts(t *testing.T) {
	for _, forget := range []bool{false, true} {
		broker := mqtt.NewBroker()
		broker.Restart, broker.Down, broker.Forget = []time.Duration{3 * time.Second}, 2*time.Second, forget
		worker := subscribing("5", "#", 1)
		worker.ID, worker.Clean = "worker", false
		worker.Restart, worker.Back = []time.Duration{time.Second}, 10*time.Second
		shop := client(brokerAt, "5")
		shop.Publish = []mqtt.Publish{{Topic: "a", Text: "{n}", Count: 5, QoS: 1, After: 1500 * time.Millisecond, Retain: true}}
		record(t, 1, nil, broker, worker, shop)
		if want := map[bool]int{false: 5, true: 0}[forget]; worker.Found.Handled != want || broker.Found.Connections != 3 {
			t.Errorf("forget %v: %+v, %+v", forget, worker.Found, broker.Found)
		}
	}
}

// A will waits for its delay, and is dropped when its client comes back before
// that; messages expire in a queue; a session ends after its expiry.
func TestTimesOfMQTT5(t *testing.T) {
	watcher := subscribing("5", "#", 1)
	steady := func(id string, back time.Duration) *mqtt.Client {
		c := client(brokerAt, "5")
		c.ID, c.Clean, c.Expiry, c.WillTopic, c.WillText, c.WillDelay = id, false, 20*time.Second, "gone", id, 5*time.Second
		c.Restart, c.Back = []time.Duration{time.Second}, back
		return c
	}
	sleeper := subscribing("5", "late/#", 1)
	sleeper.ID, sleeper.Clean, sleeper.Restart, sleeper.Back = "sleeper", false, []time.Duration{time.Second}, 15*time.Second
	shop := client(brokerAt, "5")
	for _, expiry := range []time.Duration{0, 5 * time.Second, time.Minute} {
		shop.Publish = append(shop.Publish, mqtt.Publish{Topic: "late/a", Text: "after " + expiry.String(), QoS: 1, After: 2 * time.Second, Expiry: expiry})
	}
	short := subscribing("5", "late/#", 1)
	short.ID, short.Clean, short.Expiry, short.Restart, short.Back = "short", false, 5*time.Second, []time.Duration{time.Second}, 15*time.Second
	record(t, 1, nil, mqtt.NewBroker(), watcher, steady("quick", 2*time.Second), steady("slow", 30*time.Second), sleeper, short, shop)
	if got := slices.DeleteFunc(slices.Clone(watcher.Found.Worked), func(s string) bool { return strings.HasPrefix(s, "after") }); !slices.Equal(got, []string{"slow"}) {
		t.Errorf("wills: %q", got)
	}
	slices.Sort(sleeper.Found.Worked)
	if got := sleeper.Found.Worked; !slices.Equal(got, []string{"after 0s", "after 1m0s"}) {
		t.Errorf("late: %q", got)
	}
	if short.Found.Handled != 0 || short.Found.Connections != 2 {
		t.Errorf("%+v", short.Found)
	}
}
