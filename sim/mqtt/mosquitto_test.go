package mqtt_test

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"strata/sim/host"
	"strata/sim/host/hosttest"
	"strata/sim/mqtt"
	"strata/testdata/need"
)

// log is what a program has written so far.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// subscriptions is how often mosquitto says that a client has subscribed so.
func (l *log) subscriptions(filter string) int { return strings.Count(l.String(), " "+filter+"\n") }

// mosquitto starts the broker of that name, and gives its address and its log.
func mosquitto(t *testing.T) (string, *log) {
	t.Helper()
	path := "/usr/sbin/mosquitto" // not in everybody's PATH
	if _, err := os.Stat(path); err != nil {
		path = need.Tool(t, "mosquitto")
	}
	address := hosttest.Free(t)
	_, port, _ := strings.Cut(address, ":")
	conf := filepath.Join(t.TempDir(), "conf")
	settings := "listener " + port + " 127.0.0.1\nallow_anonymous true\nuser root\nlog_type all\n"
	if err := os.WriteFile(conf, []byte(settings), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "-c", conf)
	said := &log{}
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("mosquitto: %s", said)
		}
	})
	reachable(t, address)
	return address, said
}

func reachable(t *testing.T, address string) {
	t.Helper()
	for range 3000 {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("nobody listens at " + address)
}

// tool is a program of mosquitto's clients at an address, which prints line by
// line.
func tool(t *testing.T, name, address string, args ...string) *exec.Cmd {
	t.Helper()
	at, port, _ := strings.Cut(address, ":")
	return exec.Command(need.Tool(t, "stdbuf"), append([]string{"-oL", need.Tool(t, name), "-h", at, "-p", port}, args...)...)
}

// must runs a program, and gives the lines that it prints.
func must(t *testing.T, cmd *exec.Cmd) []string {
	t.Helper()
	var wrong bytes.Buffer
	cmd.Stderr = &wrong
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v: %s%s", cmd.Args, err, out, wrong.Bytes())
	}
	return lines(out)
}

func lines(out []byte) []string { return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n") }

// subscriber starts a program that prints messages, and waits until it has
// subscribed. The result gives the lines when it has ended.
func subscriber(t *testing.T, cmd *exec.Cmd) (printed func() []string) {
	t.Helper()
	cmd.Args = append(cmd.Args, "-W", "120", "-d", "-F", "%t q%q r%r %p")
	var out bytes.Buffer
	ready := make(chan bool, 1)
	cmd.Stdout = &watched{&out, "received SUBACK", ready}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ready:
	case <-time.After(time.Minute):
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		t.Fatalf("%v does not subscribe: %s", cmd.Args, out.Bytes())
	}
	return func() []string {
		if err := cmd.Wait(); err != nil {
			t.Fatalf("%v: %v: %s", cmd.Args, err, out.Bytes())
		}
		return slices.DeleteFunc(lines(out.Bytes()), func(s string) bool {
			return strings.HasPrefix(s, "Client ") || strings.HasPrefix(s, "Subscribed ") || s == ""
		})
	}
}

// watched tells when a text has been written.
type watched struct {
	out   *bytes.Buffer
	text  string
	ready chan bool
}

func (w *watched) Write(b []byte) (int, error) {
	w.out.Write(b)
	if w.text != "" && strings.Contains(w.out.String(), w.text) {
		w.text = ""
		w.ready <- true
	}
	return len(b), nil
}

func client(address, version string) *mqtt.Client {
	c := mqtt.NewClient()
	c.To, c.Version = address, version
	return c
}

func publisher(address, version string, qos, count int) *mqtt.Client {
	c := client(address, version)
	c.Publish = []mqtt.Publish{{Topic: "a/{n}/x", Text: "message {n}", Count: count, QoS: qos}}
	return c
}

var versions = []string{"3.1.1", "5"}

func eachWay(t *testing.T, f func(t *testing.T, version string, qos int)) {
	for _, version := range versions {
		for qos := range 3 {
			t.Run(fmt.Sprintf("%s QoS %d", version, qos), func(t *testing.T) { f(t, version, qos) })
		}
	}
}

// beside runs a program beside the test; the result waits for its end.
func beside(t *testing.T, m *hosttest.Machine, p host.Program) (wait func()) {
	t.Helper()
	hosttest.Check(t, p)
	done := make(chan error, 1)
	m.Go(func() { done <- p.Run(m) })
	return func() {
		t.Helper()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(time.Minute):
			t.Fatalf("%T does not end: %+v", p, p)
		}
	}
}

// until waits for something that another program does.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 2400 {
		if ok() {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("it does not happen: " + what)
}

// Our clients speak to mosquitto.
func TestClientWithMosquitto(t *testing.T) {
	address, said := mosquitto(t)
	eachWay(t, func(t *testing.T, version string, qos int) {
		m := hosttest.New(t)
		sub := client(address, version)
		sub.Subscribe, sub.Receive = []mqtt.Subscribe{{Filter: "a/+/x", QoS: qos}}, 20
		sub.Aliases = version == "5"
		before := said.subscriptions("a/+/x")
		wait := beside(t, m, sub)
		until(t, "the subscription", func() bool { return said.subscriptions("a/+/x") > before })
		pub := publisher(address, version, qos, 20)
		pub.Aliases = version == "5"
		hosttest.MustRun(t, m, pub)
		wait()
		if sub.Found.Handled != 20 || sub.Found.Duplicates != 0 || sub.Found.Worked[19] != "message 20" || qos > 0 && pub.Found.Acknowledged != 20 {
			t.Errorf("%+v\n%+v", sub.Found, pub.Found)
		}
		if sent, same := m.Count(); sent != 20 || same != 20 {
			t.Errorf("%d messages sent, %d delivered", sent, same)
		}
	})
}

// Mosquitto's clients get what ours publish to mosquitto, and the other way
// around.
func TestClientWithMosquittosClients(t *testing.T) {
	address, _ := mosquitto(t)
	eachWay(t, func(t *testing.T, version string, qos int) {
		m := hosttest.New(t)
		printed := subscriber(t, tool(t, "mosquitto_sub", address, "-V", mosquittos(version), "-t", "a/#", "-q", fmt.Sprint(qos), "-C", "5"))
		hosttest.MustRun(t, m, publisher(address, version, qos, 5))
		if got := printed(); len(got) != 5 || got[4] != fmt.Sprintf("a/5/x q%d r0 message 5", qos) {
			t.Errorf("%q", got)
		}
		sub := client(address, version)
		sub.Subscribe, sub.Receive = []mqtt.Subscribe{{Filter: "back/#", QoS: qos}}, 1
		must(t, tool(t, "mosquitto_pub", address, "-V", mosquittos(version), "-t", "back/a", "-m", "retained", "-r", "-q", fmt.Sprint(qos)))
		hosttest.MustRun(t, m, sub)
		if sub.Found.Worked[0] != "retained" {
			t.Errorf("%+v", sub.Found)
		}
	})
}

// mosquittos is what mosquitto's clients call a version.
func mosquittos(version string) string {
	if version == "5" {
		return "5"
	}
	return "311"
}

// ourBroker starts our broker, and gives its address.
func ourBroker(t *testing.T, m *hosttest.Machine) (*mqtt.Broker, string) {
	t.Helper()
	b := mqtt.NewBroker()
	b.Listen = hosttest.Free(t)
	end := m.Serve(t, b, 1)
	t.Cleanup(func() {
		if err := end(); err != nil {
			t.Error(err)
		}
	})
	return b, b.Listen
}

// Mosquitto's clients speak to our broker, in every version and QoS.
func TestBrokerWithMosquittosClients(t *testing.T) {
	eachWay(t, func(t *testing.T, version string, qos int) {
		m := hosttest.New(t)
		_, address := ourBroker(t, m)
		v, q := mosquittos(version), fmt.Sprint(qos)
		printed := subscriber(t, tool(t, "mosquitto_sub", address, "-V", v, "-t", "a/+", "-t", "b/#", "-q", q, "-C", "3"))
		must(t, tool(t, "mosquitto_pub", address, "-V", v, "-t", "a/x", "-m", "one", "-q", q))
		must(t, tool(t, "mosquitto_pub", address, "-V", v, "-t", "a/x/y", "-m", "for nobody", "-q", q))
		must(t, tool(t, "mosquitto_pub", address, "-V", v, "-t", "b", "-m", "two", "-q", q, "-r"))
		must(t, tool(t, "mosquitto_pub", address, "-V", v, "-t", "b/c/d", "-m", "three", "-q", q))
		if got, want := printed(), []string{"a/x q" + q + " r0 one", "b q" + q + " r0 two", "b/c/d q" + q + " r0 three"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		printed = subscriber(t, tool(t, "mosquitto_sub", address, "-V", v, "-t", "#", "-q", q, "-C", "1"))
		if got := printed(); !slices.Equal(got, []string{"b q" + q + " r1 two"}) {
			t.Errorf("retained: %q", got)
		}
		must(t, tool(t, "mosquitto_pub", address, "-V", v, "-t", "b", "-n", "-q", q, "-r"))
		printed = subscriber(t, tool(t, "mosquitto_sub", address, "-V", v, "-t", "#", "-q", q, "-C", "1"))
		must(t, tool(t, "mosquitto_pub", address, "-V", v, "-t", "b", "-m", "marker", "-q", q))
		if got := printed(); !slices.Equal(got, []string{"b q" + q + " r0 marker"}) {
			t.Errorf("it is still retained: %q", got)
		}
		big := strings.Repeat("x", 200000)
		printed = subscriber(t, tool(t, "mosquitto_sub", address, "-V", v, "-t", "big", "-q", q, "-C", "1"))
		must(t, tool(t, "mosquitto_pub", address, "-V", v, "-t", "big", "-m", big[:100000], "-q", q))
		if got := printed(); len(got) != 1 || !strings.HasSuffix(got[0], big[:100000]) {
			t.Errorf("a large message: %.100q", got)
		}
	})
}

// A session that is kept has what came while its client was away.
func TestPersistentSessionWithMosquittosClients(t *testing.T) {
	eachWay(t, func(t *testing.T, version string, qos int) {
		m := hosttest.New(t)
		_, address := ourBroker(t, m)
		keep := []string{"-c"}
		if version == "5" {
			keep = []string{"-c", "-x", "60"}
		}
		args := append(keep, "-V", mosquittos(version), "-i", "keeper", "-t", "k/#", "-q", fmt.Sprint(qos))
		must(t, tool(t, "mosquitto_sub", address, append(slices.Clone(args), "-E")...))
		hosttest.MustRun(t, m, publisherTo(address, version, "k/{n}", qos, 3))
		if qos == 0 {
			printed := subscriber(t, tool(t, "mosquitto_sub", address, append(args, "-C", "1")...))
			must(t, tool(t, "mosquitto_pub", address, "-t", "k/x", "-m", "marker"))
			if got := printed(); !slices.Equal(got, []string{"k/x q0 r0 marker"}) {
				t.Errorf("QoS 0 was kept: %q", got)
			}
			return
		}
		got := must(t, tool(t, "mosquitto_sub", address, append(args, "-C", "3", "-W", "60")...))
		if !slices.Equal(got, []string{"message 1", "message 2", "message 3"}) {
			t.Errorf("%q", got)
		}
	})
}

func publisherTo(address, version, topic string, qos, count int) *mqtt.Client {
	p := publisher(address, version, qos, count)
	p.Publish[0].Topic = topic
	return p
}

// A will is published when a client is killed, and not when it says goodbye.
func TestWillWithMosquittosClients(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			m := hosttest.New(t)
			_, address := ourBroker(t, m)
			v := mosquittos(version)
			printed := subscriber(t, tool(t, "mosquitto_sub", address, "-V", v, "-t", "gone/#", "-q", "1", "-C", "1"))
			will := []string{"-V", v, "-t", "x", "--will-topic", "gone/a", "--will-payload", "bye", "--will-qos", "1", "--will-retain"}
			must(t, tool(t, "mosquitto_pub", address, append(slices.Clone(will), "-m", "polite")...))
			cmd := tool(t, "mosquitto_sub", address, will...)
			var out bytes.Buffer
			ready := make(chan bool, 1)
			cmd.Args = append(cmd.Args, "-d")
			cmd.Stdout = &watched{&out, "received SUBACK", ready}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			<-ready
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			if got := printed(); !slices.Equal(got, []string{"gone/a q1 r0 bye"}) {
				t.Errorf("%q", got)
			}
			if got := must(t, tool(t, "mosquitto_sub", address, "-V", v, "-t", "gone/#", "-C", "1", "-W", "60")); !slices.Equal(got, []string{"bye"}) {
				t.Errorf("retained: %q", got)
			}
		})
	}
}

// Messages for a share go to one of its members each.
func TestSharedSubscriptionWithMosquittosClients(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			m := hosttest.New(t)
			_, address := ourBroker(t, m)
			var members []func() []string
			for range 2 {
				members = append(members, subscriber(t, tool(t, "mosquitto_sub", address, "-V", mosquittos(version), "-t", "$share/team/jobs/#", "-q", "1", "-C", "3")))
			}
			hosttest.MustRun(t, m, publisherTo(address, version, "jobs/a", 1, 6))
			var all []string
			for _, printed := range members {
				all = append(all, printed()...)
			}
			slices.Sort(all)
			for i, line := range all {
				if line != fmt.Sprintf("jobs/a q1 r0 message %d", i+1) {
					t.Errorf("%q", all)
					break
				}
			}
		})
	}
}

// Our client shares a subscription at mosquitto, keeps a session there, and
// leaves a will.
func TestSessionsAtMosquitto(t *testing.T) {
	address, said := mosquitto(t)
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			m := hosttest.New(t)
			hosttest.MustRun(t, m, kept(address, version, "first", 1)) // it gets its own first message
			hosttest.MustRun(t, m, publisherTo(address, version, "kept/"+version, 2, 5))
			again := kept(address, version, "", 5)
			again.Publish = nil
			hosttest.MustRun(t, m, again)
			if again.Found.Handled != 5 || again.Found.Worked[4] != "message 5" {
				t.Errorf("%+v", again.Found)
			}
			var members []*mqtt.Client
			var waits []func()
			for range 2 {
				c := client(address, version)
				c.Subscribe, c.Receive = []mqtt.Subscribe{{Filter: "jobs/#", QoS: 1, Share: "team" + version}}, 3
				members = append(members, c)
				waits = append(waits, beside(t, m, c))
			}
			until(t, "the subscriptions", func() bool { return said.subscriptions("$share/team"+version+"/jobs/#") == 2 })
			hosttest.MustRun(t, m, publisherTo(address, version, "jobs/a", 1, 6))
			for i, wait := range waits {
				if wait(); members[i].Found.Handled != 3 {
					t.Errorf("member %d: %+v", i, members[i].Found)
				}
			}
			printed := subscriber(t, tool(t, "mosquitto_sub", address, "-t", "gone/"+version, "-C", "1"))
			dying := kept(address, version, "x", 1)
			dying.ID, dying.WillTopic, dying.WillText, dying.CrashAfter, dying.Retry = "dying"+version, "gone/"+version, "bye", 1, 0
			if err := dying.Run(m); err == nil {
				t.Error("it did not die")
			}
			if got := printed(); len(got) != 1 || !strings.HasSuffix(got[0], "bye") {
				t.Errorf("%q", got)
			}
		})
	}
}

// kept is a client whose session is kept; it may publish one message to
// itself.
func kept(address, version, text string, receive int) *mqtt.Client {
	c := client(address, version)
	c.ID, c.Clean, c.Receive = "keeper"+version, false, receive
	c.Subscribe = []mqtt.Subscribe{{Filter: "kept/" + version, QoS: 2}}
	c.Publish = []mqtt.Publish{{Topic: "kept/" + version, Text: text, QoS: 1, After: 100 * time.Millisecond}}
	return c
}
