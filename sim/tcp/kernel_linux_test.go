package tcp

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"strata/trace"
)

// TestKernel lets a Conn talk to the kernel of this machine, through a TUN
// device in a network namespace of its own, over a wire that loses packets.
// The kernel echoes, or is echoed; all must come back as it was.
func TestKernel(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds of real time")
	}
	for _, test := range []struct {
		name    string
		cfg     Config
		passive bool
		loss    float64
		bytes   int
	}{
		{"active", Config{}, false, 0, 2 << 20},
		{"passive", Config{}, true, 0, 2 << 20},
		{"options", Config{Timestamps: true, WindowScale: true, ReceiveBuffer: 500000, SendBuffer: 500000}, false, 0, 4 << 20},
		{"small", Config{MSS: 300, ReceiveBuffer: 1000, SendBuffer: 3000}, true, 0, 100 << 10},
		{"loss", Config{Timestamps: true, WindowScale: true}, false, 0.05, 200 << 10},
		{"loss-passive", Config{}, true, 0.05, 200 << 10},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.cfg.MSS == 0 {
				test.cfg.MSS = 1460
			}
			test.cfg.MSL = trace.Millisecond
			done := make(chan string)
			go func() {
				// The thread is never unlocked: it ends with the goroutine,
				// and the namespace with it.
				runtime.LockOSThread()
				done <- talk(test.cfg, test.passive, test.loss, test.bytes)
			}()
			if problem := <-done; problem == noKernel {
				t.Skip(problem)
			} else if problem != "" {
				t.Error(problem)
			}
		})
	}
}

const noKernel = "needs root, ip and /dev/net/tun"

var (
	ourAddr    = netip.MustParseAddrPort("10.99.0.2:5000")
	kernelAddr = netip.MustParseAddrPort("10.99.0.1:5001")
)

// openTUN makes a network namespace and a TUN device in it.
func openTUN() (*os.File, error) {
	if err := syscall.Unshare(syscall.CLONE_NEWNET); err != nil {
		return nil, err
	}
	fd, err := syscall.Open("/dev/net/tun", syscall.O_RDWR|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	var request [40]byte
	copy(request[:], "strata0")
	binary.NativeEndian.PutUint16(request[16:], syscall.IFF_TUN|syscall.IFF_NO_PI)
	if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), syscall.TUNSETIFF, uintptr(unsafe.Pointer(&request))); e != 0 {
		return nil, e
	}
	for _, args := range [][]string{{"addr", "add", "10.99.0.1/24", "dev", "strata0"}, {"link", "set", "strata0", "up"}} {
		if err := exec.Command("ip", args...).Run(); err != nil {
			return nil, err
		}
	}
	return os.NewFile(uintptr(fd), "tun"), nil
}

// talk is one conversation; "" when all is well.
func talk(cfg Config, passive bool, loss float64, n int) string {
	tun, err := openTUN()
	if err != nil {
		return noKernel
	}
	defer tun.Close()
	text := make([]byte, n)
	rng := rand.NewChaCha8([32]byte{1})
	rng.Read(text)
	u := &userland{tun: tun, text: text, rng: rand.New(rng), loss: loss, start: time.Now(), iss: 1<<32 - 5000}
	var kernel func() error
	if passive {
		u.c = NewPassive(cfg, u.iss)
		u.echo = true
		// The socket is made on this thread, hence in the namespace.
		dialer := make(chan net.Conn, 1)
		fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
		if err != nil {
			return err.Error()
		}
		go func() {
			syscall.Connect(fd, &syscall.SockaddrInet4{Port: int(ourAddr.Port()), Addr: ourAddr.Addr().As4()})
			f := os.NewFile(uintptr(fd), "socket")
			c, _ := net.FileConn(f)
			f.Close()
			dialer <- c
		}()
		kernel = func() error { return sendAll(<-dialer, text) }
	} else {
		u.c = New(cfg, u.iss)
		listener, err := net.Listen("tcp4", kernelAddr.String())
		if err != nil {
			return err.Error()
		}
		defer listener.Close()
		kernel = func() error { return echoAll(listener) }
	}
	failed := make(chan error, 1)
	go func() { failed <- kernel() }()
	if err := u.run(!passive); err != nil {
		return err.Error()
	}
	if err := <-failed; err != nil {
		return "kernel: " + err.Error()
	}
	return ""
}

func echoAll(l net.Listener) error {
	c, err := l.Accept()
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = io.Copy(c, c)
	return err
}

func sendAll(c net.Conn, text []byte) error {
	if c == nil {
		return fmt.Errorf("no connection")
	}
	defer c.Close()
	go func() {
		c.Write(text)
		c.(*net.TCPConn).CloseWrite()
	}()
	got, err := io.ReadAll(c)
	if err == nil && !bytes.Equal(got, text) {
		err = fmt.Errorf("%d bytes came back of %d, or others", len(got), len(text))
	}
	return err
}

// userland is a host of one connection: IP, the streams and a program.
type userland struct {
	tun    *os.File
	c      *Conn
	iss    Seq
	rng    *rand.Rand
	loss   float64
	start  time.Time
	text   []byte // to send; when echoing, what is expected
	got    []byte // the received stream, with gaps
	echo   bool
	wrote  int64
	read   int64
	closed bool
	remote uint16 // the kernel's port
	ready  Ready
}

func (u *userland) now() trace.Time { return trace.Time(time.Since(u.start)) }

func (u *userland) run(open bool) error {
	packets := make(chan []byte, 1000)
	go func() {
		for {
			b := make([]byte, 2000)
			n, err := u.tun.Read(b)
			if err != nil {
				close(packets)
				return
			}
			packets <- b[:n]
		}
	}()
	if open {
		u.remote = kernelAddr.Port()
		u.step(Input{Kind: Open}, nil)
	}
	limit := time.After(5 * time.Minute)
	for !u.ready.Done {
		var wake <-chan time.Time
		if u.ready.Wake != 0 {
			wake = time.After(time.Duration(u.ready.Wake - u.now()))
		}
		select {
		case b, ok := <-packets:
			if !ok {
				return fmt.Errorf("the device is gone")
			}
			u.arrive(b)
		case <-wake:
			u.step(Input{Kind: Tick}, nil)
		case <-limit:
			return fmt.Errorf("no end: %v, %d of %d read", u.c.State(), u.read, len(u.text))
		}
		u.program()
	}
	if u.ready.Err != nil {
		return u.ready.Err
	}
	if !bytes.Equal(u.got, u.text) {
		return fmt.Errorf("%d bytes came of %d, or others", len(u.got), len(u.text))
	}
	return nil
}

// program writes all it can, reads all it can and closes.
func (u *userland) program() {
	if u.ready.Done || !u.c.State().synchronized() {
		return
	}
	available := int64(len(u.text))
	if u.echo {
		available = u.ready.Readable
	}
	if n := min(int64(u.ready.Space), available-u.wrote); n > 0 {
		u.wrote += n
		u.step(Input{Kind: Write, N: int(n)}, nil)
	}
	if n := u.ready.Readable - u.read; n > 0 && !u.ready.Done {
		u.read += n
		u.step(Input{Kind: Consume, N: int(n)}, nil)
	}
	if ended := !u.echo || u.ready.PeerDone; ended && u.wrote == available && !u.closed && !u.ready.Done {
		u.closed = true
		u.step(Input{Kind: CloseWrite}, nil)
	}
}

// step does a step, and lets the segments leave.
func (u *userland) step(in Input, payload []byte) {
	r := u.c.Step(u.now(), in)
	for _, a := range r.Accepted {
		if end := a.Off + int64(a.Len); end > int64(len(u.got)) {
			u.got = append(u.got, make([]byte, end-int64(len(u.got)))...)
		}
		copy(u.got[a.Off:], payload[a.Skip:a.Skip+a.Len])
	}
	u.ready = *r
	for i := range r.Segments {
		u.send(&r.Segments[i])
	}
}

func (u *userland) arrive(b []byte) {
	p := gopacket.NewPacket(b, layers.LayerTypeIPv4, gopacket.Default)
	l, ok := p.Layer(layers.LayerTypeTCP).(*layers.TCP)
	if !ok || u.rng.Float64() < u.loss {
		return
	}
	tcpHeader := p.NetworkLayer().LayerPayload()
	options, _ := ParseOptions(tcpHeader[20 : int(l.DataOffset)*4])
	seg := Segment{Seq: Seq(l.Seq), Ack: Seq(l.Ack), Flags: Flags(tcpHeader[13]), Window: l.Window, Options: options, Len: len(l.Payload)}
	u.remote = uint16(l.SrcPort)
	if u.c.State() == Listen && !Opens(&seg) {
		return
	}
	u.step(Input{Kind: Arrive, Segment: &seg}, l.Payload)
}

func (u *userland) send(seg *Segment) {
	if u.rng.Float64() < u.loss {
		return
	}
	var payload []byte
	if seg.Len > 0 {
		from := u.text
		if u.echo {
			from = u.got
		}
		payload = from[seg.Off : seg.Off+int64(seg.Len)]
	}
	// The header by hand, the checksum by gopacket.
	var options [40]byte
	n := PutOptions(options[:], seg.Options)
	header := make([]byte, 20+n)
	binary.BigEndian.PutUint16(header, ourAddr.Port())
	binary.BigEndian.PutUint16(header[2:], u.remote)
	binary.BigEndian.PutUint32(header[4:], uint32(seg.Seq))
	binary.BigEndian.PutUint32(header[8:], uint32(seg.Ack))
	header[12], header[13] = byte(5+n/4)<<4, byte(seg.Flags)
	binary.BigEndian.PutUint16(header[14:], seg.Window)
	copy(header[20:], options[:n])
	ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolTCP, SrcIP: ourAddr.Addr().AsSlice(), DstIP: kernelAddr.Addr().AsSlice()}
	var l layers.TCP
	l.DecodeFromBytes(header, gopacket.NilDecodeFeedback)
	l.SetNetworkLayerForChecksum(ip)
	out := gopacket.NewSerializeBuffer()
	opts := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	if err := gopacket.SerializeLayers(out, opts, ip, &l, gopacket.Payload(payload)); err == nil {
		u.tun.Write(out.Bytes())
	}
}
