package source

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"strata/testdata/need"
)

// survive reads hostile bytes and holds what must be true of any file.
func survive(t testing.TB, path string) {
	s, err := Open(path)
	if err != nil {
		return
	}
	defer s.Close()
	var b Batch
	var m Meta
	last := int64(-1)
	for {
		err := s.Read(&b)
		if err != nil {
			var f *Fault
			if err != io.EOF && !errors.As(err, &f) {
				t.Fatalf("an error without a place: %v", err)
			}
			break
		}
		if len(b.Records) == 0 {
			t.Fatal("a batch without a record")
		}
		for i, r := range b.Records {
			if r.At <= last || r.At >= maxPlace || len(r.Data) > maxFrame || r.Iface == nil {
				t.Fatalf("record at %d, after one at %d: %d bytes, interface %v", r.At, last, len(r.Data), r.Iface)
			}
			last = r.At
			if i%16 == 0 {
				data, err := s.Frame(r.At, len(r.Data), &m)
				if err != nil || string(data) != string(r.Data) {
					t.Fatalf("the record at %d is read again as %d bytes of %d: %v", r.At, len(data), len(r.Data), err)
				}
			}
		}
	}
	// Places and lengths that no record has must not hurt.
	s.Frame(last+1, 60, &m)
	s.Frame(last, maxFrame, &m)
	s.Describe(last+3, &m)
}

// mutate changes a file as chance and malice do.
func mutate(r *rand.Rand, b []byte) []byte {
	b = append([]byte(nil), b...)
	for range 1 + r.IntN(4) {
		if len(b) < 16 {
			return b
		}
		at := r.IntN(len(b) - 8)
		switch r.IntN(6) {
		case 0: // a bit flips
			b[at] ^= 1 << r.IntN(8)
		case 1: // cut
			b = b[:at]
		case 2: // an absurd length
			le.w.AppendUint32(b[:at&^3][:at&^3], []uint32{0, 1, 0x7fffffff, 0xffffffff, 262144, 262145, 12}[r.IntN(7)])
		case 3: // a piece goes missing
			n := min(r.IntN(200), len(b)-at)
			b = append(b[:at], b[at+n:]...)
		case 4: // pieces change places
			n := min(r.IntN(200), len(b)-at)
			piece := append([]byte(nil), b[at:at+n]...)
			b = append(b[:at], b[at+n:]...)
			to := r.IntN(len(b) + 1)
			b = append(b[:to], append(piece, b[to:]...)...)
		case 5: // the beginning, where the lengths are
			b[r.IntN(min(len(b), 64))] = byte(r.Uint32())
		}
	}
	return b
}

func TestMutations(t *testing.T) {
	var seeds [][]byte
	for name, b := range made() {
		if len(b) < 10000 && name != "empty" {
			seeds = append(seeds, b)
		}
	}
	for _, path := range testdata(t) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		seeds = append(seeds, b)
	}
	rounds := 3000
	if os.Getenv("STRATA_LONG") != "" {
		rounds = 100000
		for _, path := range need.Corpus(t) {
			if b, err := os.ReadFile(path); err == nil && len(b) < 200000 {
				seeds = append(seeds, b)
			}
		}
	}
	path := filepath.Join(t.TempDir(), "hostile")
	r := rand.New(rand.NewPCG(1, 2))
	var stats runtime.MemStats
	longest, most := time.Duration(0), uint64(0)
	for i := range rounds {
		b := mutate(r, seeds[i%len(seeds)])
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&stats)
		start, before := time.Now(), stats.TotalAlloc
		survive(t, path)
		longest = max(longest, time.Since(start))
		runtime.ReadMemStats(&stats)
		most = max(most, stats.TotalAlloc-before)
	}
	t.Logf("%d files, the slowest in %v, the most that one allocated %d kB", rounds, longest, most>>10)
	if longest > 10*time.Second || most > 20<<20 {
		t.Errorf("the slowest took %v, one allocated %d MB", longest, most>>20)
	}
}

// What says that it has a million interfaces, sections or names is cut off.
func TestBounds(t *testing.T) {
	many := func(b []byte, n int) (all []byte) {
		for range n {
			all = append(all, b...)
		}
		return all
	}
	name := append(le.u16(nil, 1, 8), 1, 2, 3, 4, 'a', 0, 'b', 0)
	for what, file := range map[string][]byte{
		"interfaces": join(le.section(), many(le.iface(1, 0), maxIfaces+1)),
		"sections":   many(le.section(), maxSections+1),
		"names":      join(le.section(), many(le.block(blockNames, many(name, 1000)), 300)),
		"secrets":    join(le.section(), many(le.block(blockSecrets, append(le.u32(nil, 1, 200000), make([]byte, 200000)...)), 100)),
	} {
		s, err := Open(write(t, file))
		if err != nil {
			t.Fatal(err)
		}
		_, damage := drain(t, s)
		if few := what == "interfaces" || what == "sections"; few != (damage != nil) {
			t.Errorf("%s: %v", what, damage)
		}
		if s.said.kept > maxKept || len(s.Secrets()) > 84 || len(s.Names()) > maxKept/64 {
			t.Errorf("%s: %d names and %d secrets are kept", what, len(s.Names()), len(s.Secrets()))
		}
		s.Close()
	}
}

// Any goroutine may read frames again while another one reads on.
func TestFramesWhileReading(t *testing.T) {
	b := join(le.section(), le.iface(1, 0))
	note := le.option(optComment, []byte("note"))
	for i := range 30000 {
		if i%1000 == 0 {
			b = append(b, le.iface(1, 0)...)
		}
		b = append(b, le.enhanced(uint32(i/1000), uint64(i), 100, sample(100), note)...)
	}
	s, err := Open(write(t, b))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	places := make(chan int64, 1000)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			var m Meta
			for at := range places {
				data, err := s.Frame(at, 100, &m)
				if err != nil || len(data) != 100 || len(m.Comments) != 1 {
					t.Errorf("at %d: %d bytes, %v", at, len(data), err)
				}
				s.Interfaces()
				s.Progress()
			}
		})
	}
	batches := [2]Batch{}
	n := 0
	for i := 0; s.Read(&batches[i&1]) == nil; i++ {
		for _, r := range batches[i&1].Records {
			if n++; n%7 == 0 {
				places <- r.At
			}
		}
	}
	close(places)
	wg.Wait()
	if n != 30000 {
		t.Errorf("%d frames", n)
	}
}

// A live pipe gives what it has, and waits for whole records.
func TestPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	s, err := Pipe(r, "standard input")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	rec := le.record(nil, 1, 2, 60, 60, nil, sample(60))
	w.Write(le.pcap(magicMicro, 2, 4, 65535, 1))
	w.Write(rec)
	var b Batch
	if err := s.Read(&b); err != nil || len(b.Records) != 1 || !s.Live() {
		t.Fatalf("%d records, %v", len(b.Records), err)
	}
	go func() {
		for _, c := range rec {
			w.Write([]byte{c})
			time.Sleep(100 * time.Microsecond)
		}
		w.Write(rec[:20])
		w.Close()
	}()
	if err := s.Read(&b); err != nil || len(b.Records) != 1 {
		t.Fatalf("%d records, %v", len(b.Records), err)
	}
	err = s.Read(&b)
	if want := "standard input: packet 3 at byte 176: the file ends inside a packet: 76 bytes are needed, 20 are left"; err == nil || err.Error() != want {
		t.Errorf("%v; want %s", err, want)
	}
	if s.Live() {
		t.Error("the pipe is closed, but live")
	}
	if _, total := s.Progress(); total != 0 {
		t.Errorf("a pipe of %d bytes", total)
	}
}

// Closing ends a Read that waits, and the goroutine that spools.
func TestCloseWhileReading(t *testing.T) {
	before := runtime.NumGoroutine()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	s, _ := Pipe(r, "pipe")
	w.Write(le.pcap(magicMicro, 2, 4, 65535, 1))
	done := make(chan error)
	go func() { done <- s.Read(&Batch{}) }()
	time.Sleep(20 * time.Millisecond)
	s.Close()
	select {
	case err := <-done:
		if err != os.ErrClosed {
			t.Errorf("Read says %v", err)
		}
	case <-time.After(time.Minute):
		t.Fatal("Read waits on")
	}
	for range 6000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the spooling goes on")
}

// What is no capture is told apart by what a pipe says first.
func TestPipeThatIsNone(t *testing.T) {
	for _, c := range []struct{ say, want string }{
		{"hello, this is no capture at all", "p: is neither a pcap nor a pcapng file"},
		{"", "EOF"},
		{"\x1f\x8b", "p: the gzip header is damaged: unexpected EOF"},
	} {
		r, w := io.Pipe()
		s, _ := Pipe(r, "p")
		go func() { io.WriteString(w, c.say); w.Close() }()
		if err := s.Read(&Batch{}); fmt.Sprint(err) != c.want {
			t.Errorf("%q: %v; want %s", c.say, err, c.want)
		}
		s.Close()
	}
}

func fuzzSeeds(f *testing.F, files map[string][]byte) {
	for _, b := range files {
		if len(b) < 4096 {
			f.Add(b)
		}
	}
}

func fuzz(f *testing.F, pack func(io.Writer) io.WriteCloser) {
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(dir, strconv.Itoa(os.Getpid()))
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		survive(t, path)
		if pack == nil {
			return
		}
		out, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		z := pack(out)
		z.Write(b)
		z.Close()
		out.Close()
		survive(t, path)
	})
}

func FuzzPcap(f *testing.F) {
	fuzzSeeds(f, pcapFiles())
	fuzz(f, nil)
}

func FuzzPcapNG(f *testing.F) {
	fuzzSeeds(f, pcapngFiles())
	fuzz(f, nil)
}

// The packed fuzzers take their input as packed data, and pack it too.
func FuzzGzip(f *testing.F) {
	fuzzSeeds(f, pcapFiles())
	f.Add([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"))
	fuzz(f, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
}

func FuzzZstd(f *testing.F) {
	fuzzSeeds(f, pcapngFiles())
	f.Add([]byte("\x28\xb5\x2f\xfd\x24\x00\x01\x00\x00"))
	fuzz(f, func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z })
}
