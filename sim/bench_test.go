package sim

import (
	"context"
	"runtime"
	"strata/sim/host"
	"testing"
	"time"
)

// chain is two hosts with two routers between, three links of 1 Gbit/s.
func chain(programs ...Program) Config {
	link := func(a, ai, b, bi string) Link {
		return Link{Name: a, Ends: [2]Endpoint{{a, ai}, {b, bi}}, Rate: 1e9, Delay: time.Millisecond}
	}
	return Config{
		Nodes: []Node{
			{Name: "client", Kind: HostNode, Interfaces: ifaces("10.0.1.2/24"), Routes: defaultVia("10.0.1.1")},
			{Name: "r1", Kind: RouterNode, Interfaces: ifaces("10.0.1.1/24", "10.0.2.1/24"), Routes: defaultVia("10.0.2.2")},
			{Name: "r2", Kind: RouterNode, Interfaces: ifaces("10.0.2.2/24", "10.0.3.1/24"), Routes: defaultVia("10.0.2.1")},
			{Name: "server", Kind: HostNode, Interfaces: ifaces("10.0.3.2/24"), Routes: defaultVia("10.0.3.1")},
		},
		Links: []Link{
			link("client", "eth0", "r1", "eth0"), link("r1", "eth1", "r2", "eth0"), link("r2", "eth1", "server", "eth0"),
		},
		Programs: programs,
	}
}

func benchmark(b *testing.B, record bool, programs func() []Program) {
	b.ReportAllocs()
	var hops, memory, seconds float64
	for b.Loop() {
		n, err := New(chain(programs()...), record)
		if err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		res, err := n.Run(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		seconds += time.Since(start).Seconds()
		hops += float64(res.PacketHops)
		if record {
			total, payload := n.Trace().Footprint()
			memory += float64(total - payload)
		}
	}
	b.ReportMetric(hops/seconds, "hops/s")
	if record {
		b.ReportMetric(memory/hops, "traceB/hop")
	}
}

func datagrams(h host.Host) error {
	c, err := h.Dial("udp", "10.0.3.2:9")
	if err != nil {
		return err
	}
	b := make([]byte, 1400)
	for range 20000 {
		c.Write(b)
		h.Sleep(12 * time.Microsecond)
	}
	return c.Close()
}

func take(h host.Host) error {
	c, err := h.ListenPacket("udp", ":9")
	b := make([]byte, 2000)
	for err == nil {
		_, _, err = c.ReadFrom(b)
	}
	return err
}

func udpPrograms() []Program {
	return []Program{{Node: "server", Name: "take", Run: run(take)}, {Node: "client", Name: "give", Run: run(datagrams)}}
}

func BenchmarkDatagrams(b *testing.B)         { benchmark(b, false, udpPrograms) }
func BenchmarkDatagramsRecorded(b *testing.B) { benchmark(b, true, udpPrograms) }

const bulkBytes = 20 << 20

func give(h host.Host) error {
	c, err := h.Dial("tcp", "10.0.3.2:9")
	if err != nil {
		return err
	}
	b := make([]byte, 64<<10)
	h.Sending(c, bulkBytes, nil)
	for n := 0; n < bulkBytes; n += len(b) {
		if _, err := c.Write(b); err != nil {
			return err
		}
	}
	return c.Close()
}

func drain(h host.Host) error {
	l, err := h.Listen("tcp", ":9")
	if err != nil {
		return err
	}
	c, err := l.Accept()
	b := make([]byte, 64<<10)
	for err == nil {
		_, err = c.Read(b)
	}
	return err
}

func bulkPrograms() []Program {
	return []Program{{Node: "server", Name: "drain", Run: run(drain)}, {Node: "client", Name: "give", Run: run(give)}}
}

// TestPacketsCostNoAllocation: what a transfer allocates are its buffers, and
// nothing for each packet or hop.
func TestPacketsCostNoAllocation(t *testing.T) {
	n, err := New(chain(bulkPrograms()...), false)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	res, err := n.Run(context.Background())
	runtime.ReadMemStats(&after)
	if allocs := int64(after.Mallocs - before.Mallocs); err != nil || allocs > res.PacketHops/20 {
		t.Errorf("%d allocations for %d hops; %v", allocs, res.PacketHops, err)
	}
}

func BenchmarkBulk(b *testing.B)         { benchmark(b, false, bulkPrograms) }
func BenchmarkBulkRecorded(b *testing.B) { benchmark(b, true, bulkPrograms) }
