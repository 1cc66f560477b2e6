package source

import (
	"bufio"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// bulk writes a file of n frames of a size, as pcap or pcapng.
func bulk(b *testing.B, n, size int, ng bool) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "bulk")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	rec, time := le.record(nil, 0, 0, uint32(size), uint32(size), nil, sample(size)), 0
	if ng {
		w.Write(join(le.section(), le.iface(1, 0)))
		rec, time = le.enhanced(0, 0, size, sample(size)), 16
	} else {
		w.Write(le.pcap(magicMicro, 2, 4, 65535, 1))
	}
	for i := range n {
		binary.LittleEndian.PutUint32(rec[time:], uint32(i))
		w.Write(rec)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	return path
}

func benchRead(b *testing.B, path string) {
	st, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(st.Size())
	b.ReportAllocs()
	frames := 0
	for b.Loop() {
		s, err := Open(path)
		if err != nil {
			b.Fatal(err)
		}
		var batch Batch
		frames = 0
		for {
			if err := s.Read(&batch); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
			frames += len(batch.Records)
		}
		s.Close()
	}
	b.ReportMetric(float64(frames)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mframes/s")
}

func BenchmarkReadPcap1K(b *testing.B)   { benchRead(b, bulk(b, 500000, 1024, false)) }
func BenchmarkReadPcap60(b *testing.B)   { benchRead(b, bulk(b, 2000000, 60, false)) }
func BenchmarkReadPcapng1K(b *testing.B) { benchRead(b, bulk(b, 500000, 1024, true)) }
func BenchmarkReadPcapng60(b *testing.B) { benchRead(b, bulk(b, 2000000, 60, true)) }

// BenchmarkReadAt is what there is to come near to.
func BenchmarkReadAt(b *testing.B) {
	f, err := os.Open(bulk(b, 500000, 1024, false))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	st, _ := f.Stat()
	b.SetBytes(st.Size())
	buf := make([]byte, windowSize)
	for b.Loop() {
		for at := int64(0); at < st.Size(); at += windowSize {
			if _, err := f.ReadAt(buf, at); err != nil && err != io.EOF {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkReadZstd1K(b *testing.B) {
	plain := bulk(b, 100000, 1024, false)
	in, _ := os.Open(plain)
	defer in.Close()
	out, _ := os.Create(plain + ".zst")
	z, _ := zstd.NewWriter(out)
	io.Copy(z, in)
	z.Close()
	out.Close()
	benchRead(b, plain+".zst")
}

// BenchmarkParse is the parsing alone.
func BenchmarkParse(b *testing.B) {
	s, err := Open(bulk(b, 8000, 60, false))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	w, err := s.load(24, 8000*76)
	if err != nil {
		b.Fatal(err)
	}
	var batch Batch
	for b.Loop() {
		batch.Records = batch.Records[:0]
		s.kind.parse(&batch, w, 24)
	}
	b.ReportMetric(8000*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mframes/s")
}

func benchFrame(b *testing.B, ng bool) {
	s, err := Open(bulk(b, 10000, 1024, ng))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	var batch Batch
	if err := s.Read(&batch); err != nil {
		b.Fatal(err)
	}
	var m Meta
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r := &batch.Records[i%len(batch.Records)]
		if _, err := s.Frame(r.At, len(r.Data), &m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFramePcap(b *testing.B)   { benchFrame(b, false) }
func BenchmarkFramePcapng(b *testing.B) { benchFrame(b, true) }
