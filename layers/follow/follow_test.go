package follow

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"strata/testdata/need"
)

// line is a piece as tshark's raw output has it: a tab before what went back.
func line(p Piece) string {
	tab := ""
	if p.Back {
		tab = "\t"
	}
	return tab + hex.EncodeToString(p.Data)
}

// followed is what tshark follows of a stream.
func followed(t testing.TB, path string, stream int) []string {
	t.Helper()
	out, _ := exec.Command(need.Tool(t, "tshark"), "-r", path, "-q", "-z", fmt.Sprintf("follow,tcp,raw,%d", stream)).Output()
	_, body, ok := strings.Cut(string(out), "Node 1: ")
	if !ok {
		t.Fatalf("tshark follows nothing: %s", out)
	}
	_, body, _ = strings.Cut(body, "\n")
	body, _, _ = strings.Cut(body, "=====")
	var lines []string
	for l := range strings.Lines(body) {
		lines = append(lines, strings.TrimSuffix(l, "\n"))
	}
	return lines
}

// segments are a capture's segments by stream, as tshark's fields give them.
func segments(t testing.TB, path string) map[int][]Segment {
	t.Helper()
	out, err := exec.Command(need.Tool(t, "tshark"), "-r", path, "-o", "tcp.desegment_tcp_streams:FALSE", // or a last payload is not among the fields
		"-T", "fields", "-E", "separator=;", "-Y", "tcp",
		"-e", "frame.number", "-e", "tcp.stream", "-e", "ip.src", "-e", "ipv6.src", "-e", "tcp.srcport", "-e", "tcp.seq_raw",
		"-e", "tcp.ack_raw", "-e", "tcp.flags", "-e", "tcp.len", "-e", "tcp.payload", "-e", "tcp.hdr_len", "-e", "tcp.reset_cause").Output()
	if err != nil && len(out) == 0 {
		return nil
	}
	streams, first := map[int][]Segment{}, map[int]string{}
	number := func(s string) uint32 { n, _ := strconv.ParseUint(s, 0, 32); return uint32(n) }
	for l := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimSuffix(l, "\n"), ";")
		// Without a length, or with two, it is quoted by an ICMP error or no
		// whole header.
		if len(f) < 12 || f[8] == "" || strings.Contains(f[8], ",") || strings.Contains(f[1], ",") || number(f[10]) < 20 {
			continue
		}
		stream, from := int(number(f[1])), f[2]+f[3]+" "+f[4]
		if first[stream] == "" {
			first[stream] = from
		}
		s := Segment{
			Back: from != first[stream], Frame: int(number(f[0])), Seq: number(f[5]), Ack: number(f[6]), Flags: uint16(number(f[7])), Len: int(number(f[8])),
		}
		if s.Data, _ = hex.DecodeString(f[9]); f[9] == "" { // a reset's data is called its cause
			s.Data = []byte(f[11])
		}
		streams[stream] = append(streams[stream], s)
	}
	return streams
}

func ours(all []Segment) (lines []string) {
	var c Conversation
	for i := range all {
		c.Segment(&all[i], func(p Piece) { lines = append(lines, line(p)) })
	}
	return lines
}

// same compares every stream of a capture with tshark.
func same(t *testing.T, path string) (streams int) {
	t.Helper()
	all := segments(t, path)
	for stream, segs := range all {
		got, want := ours(segs), followed(t, path, stream)
		for i := range max(len(got), len(want)) {
			if i >= len(got) || i >= len(want) || got[i] != want[i] {
				t.Errorf("%s, stream %d: %d pieces, tshark %d; they part at %d", path, stream, len(got), len(want), i)
				break
			}
		}
	}
	return len(all)
}

func TestTestdataAsTshark(t *testing.T) {
	files, _ := filepath.Glob("../../testdata/*.pcap*")
	for _, path := range files {
		if strings.Contains(path, "ping") {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			if same(t, path) == 0 {
				t.Error("no stream was followed")
			}
		})
	}
}

// TestDeletions follows captures that frames were taken from.
func TestDeletions(t *testing.T) {
	editcap := need.Tool(t, "editcap")
	rounds := 2
	if os.Getenv("STRATA_LONG") != "" {
		rounds = 60
	}
	for round := range rounds {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(uint64(round), 7))
			path := filepath.Join(t.TempDir(), "holes.pcap")
			args := []string{"../../testdata/http.pcap", path}
			for n := 1; n <= 59; n++ {
				if r.IntN(4) == 0 {
					args = append(args, strconv.Itoa(n))
				}
			}
			if say, err := exec.Command(editcap, args...).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, say)
			}
			same(t, path)
		})
	}
}

// random is a conversation of two sides in which everything happens: losses,
// resends, overlaps, reordering, a start in the middle, numbers that wrap,
// frames that were cut, and acknowledgements of what was never seen.
func random(r *rand.Rand) []Segment {
	var all []Segment
	var start, sent [2]uint32
	for i := range start {
		start[i] = r.Uint32()
		if r.IntN(3) == 0 {
			start[i] = -uint32(r.IntN(3000)) // wraps soon
		}
	}
	add := func(back int, at uint32, n int, flags uint16) {
		data := make([]byte, n)
		for i := range data {
			data[i] = byte(at+uint32(i)) ^ byte(back*0x80)
		}
		s := Segment{Back: back == 1, Seq: start[back] + at, Flags: flags, Len: n, Data: data}
		if flags&flagACK != 0 {
			s.Ack = start[1-back] + 1 + sent[1-back]
		} else if r.IntN(2) == 0 {
			s.Ack = r.Uint32()
		}
		if r.IntN(30) == 0 {
			s.Data = data[:r.IntN(n+1)]
		}
		all = append(all, s)
	}
	if r.IntN(3) > 0 {
		add(0, 0, 0, flagSYN)
		if r.IntN(3) > 0 {
			add(1, 0, 0, flagSYN|flagACK)
		}
	}
	for range 5 + r.IntN(60) {
		back, n := r.IntN(2), r.IntN(100)
		at := 1 + sent[back]
		switch r.IntN(8) {
		case 0: // again, or overlapping
			at -= min(sent[back], uint32(r.IntN(300)))
		case 1: // ahead
			at += uint32(r.IntN(300))
		case 2: // lost
			sent[back] += uint32(n)
			continue
		case 3:
			n = 0
		default:
			sent[back] += uint32(n)
		}
		flags := uint16(flagACK)
		if r.IntN(20) == 0 {
			flags = []uint16{0x04, 0x11, 0x14, 0x01, 0x00}[r.IntN(5)]
			n *= int(flags &^ 4 & 1) // resets without data: theirs is called a cause
		}
		add(back, at, n, flags)
	}
	for range r.IntN(10) { // reordered
		i := r.IntN(len(all))
		j := min(len(all)-1, i+r.IntN(5))
		if (all[i].Flags|all[j].Flags)&flagSYN == 0 {
			all[i], all[j] = all[j], all[i]
		}
	}
	if r.IntN(4) == 0 {
		all = all[r.IntN(len(all)):] // from its middle
	}
	return all
}

// capture writes conversations as one pcap file.
func capture(t *testing.T, talks [][]Segment) string {
	be := binary.BigEndian
	file := binary.LittleEndian.AppendUint32(nil, 0xa1b2c3d4)
	file = append(file, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 101, 0, 0, 0) // raw IP
	for n, talk := range talks {
		for _, s := range talk {
			p := make([]byte, 40, 40+len(s.Data))
			p[0], p[8], p[9] = 0x45, 64, 6
			be.PutUint16(p[2:], uint16(40+s.Len))
			from, to := 1, 2
			if s.Back {
				from, to = 2, 1
			}
			copy(p[12:], []byte{10, 0, byte(n), byte(from), 10, 0, byte(n), byte(to)})
			be.PutUint16(p[20:], uint16(40000+from))
			be.PutUint16(p[22:], uint16(40000+to))
			be.PutUint32(p[24:], s.Seq)
			be.PutUint32(p[28:], s.Ack)
			p[32], p[33] = 0x50, byte(s.Flags)
			be.PutUint16(p[34:], 1000)
			p = append(p, s.Data...)
			file = append(file, make([]byte, 8)...)
			file = binary.LittleEndian.AppendUint32(file, uint32(len(p)))
			file = binary.LittleEndian.AppendUint32(file, uint32(40+s.Len))
			file = append(file, p...)
		}
	}
	path := filepath.Join(t.TempDir(), "random.pcap")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRandomAsTshark(t *testing.T) {
	talks := 8
	if os.Getenv("STRATA_LONG") != "" {
		talks = 250
	}
	r := rand.New(rand.NewPCG(3, 4))
	var all [][]Segment
	for range talks {
		all = append(all, random(r))
	}
	path := capture(t, all)
	if n := same(t, path); n < talks {
		t.Errorf("%d streams of %d", n, talks)
	}
}

func TestCorpusAsTshark(t *testing.T) {
	if os.Getenv("STRATA_LONG") == "" {
		t.Skip("STRATA_LONG is not set")
	}
	n := 0
	for _, path := range need.Corpus(t) {
		n += same(t, path)
	}
	t.Logf("%d streams", n)
}

// A conversation, told as it goes.
func TestGap(t *testing.T) {
	var c Conversation
	var said []string
	tell := func(back bool, seq, ack uint32, flags uint16, data string) {
		s := Segment{Back: back, Seq: seq, Ack: ack, Flags: flags, Len: len(data), Data: []byte(data)}
		c.Segment(&s, func(p Piece) { said = append(said, fmt.Sprintf("%v %q %d", p.Back, p.Data, p.Missing)) })
	}
	tell(false, 99, 0, flagSYN, "")
	tell(true, 199, 100, flagSYN|flagACK, "")
	tell(false, 100, 200, flagACK, "one ")
	tell(false, 110, 200, flagACK, "four ") // "two " and "3 " are not captured
	tell(false, 108, 200, flagACK, "3 fo")  // part of it comes after all
	tell(true, 200, 104, flagACK, "")       // does not acknowledge the gap
	tell(true, 200, 115, flagACK, "ok")     // does
	want := []string{
		`false "one " 0`,
		`false "[4 bytes missing in capture file]\x00" 4`,
		`false "3 fo" 0`,
		`false "ur " 0`,
		`true "ok" 0`,
	}
	if strings.Join(said, "\n") != strings.Join(want, "\n") {
		t.Errorf("said:\n%s\nwant:\n%s", strings.Join(said, "\n"), strings.Join(want, "\n"))
	}
}

// What waits is bounded, and what was said stays in order.
func TestBounds(t *testing.T) {
	var c Conversation
	data := bytes.Repeat([]byte{1}, 1000)
	missing := 0
	for i := range uint32(200000) {
		s := Segment{Seq: 1 + i*2000, Flags: flagACK, Len: len(data), Data: data} // a hole behind each
		c.Segment(&s, func(p Piece) { missing += p.Missing })
		if c.sides[0].held > maxWaiting+len(data) || len(c.sides[0].waiting.all) > maxPieces+1 {
			t.Fatalf("%d bytes in %d pieces wait", c.sides[0].held, len(c.sides[0].waiting.all))
		}
	}
	if missing == 0 {
		t.Error("no gap was given up")
	}
}

func FuzzSegments(f *testing.F) {
	f.Add([]byte("\x02\x00\x00\x00\x63\x10\x00\x00\x00\x64\x10\x00\x00\x00\x65"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var c Conversation
		for ; len(b) >= 9; b = b[9:] {
			s := Segment{
				Back: b[0]&1 != 0, Flags: uint16(b[0] & 0x12), Seq: binary.BigEndian.Uint32(b[1:]) & 0x800003ff, Ack: uint32(b[5]) << (b[6] & 31),
				Len: int(b[7]), Data: bytes.Repeat(b[8:9], int(b[7])),
			}
			c.Segment(&s, func(p Piece) {
				if len(p.Data) == 0 {
					t.Fatal("nothing was said")
				}
			})
			if c.sides[0].held < 0 || c.sides[1].held < 0 {
				t.Fatal("less than nothing is held")
			}
		}
	})
}
