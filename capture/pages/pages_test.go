package pages

import (
	"math/rand/v2"
	"testing"
)

type record struct{ a, b uint64 }

func TestListKeepsEveryRecord(t *testing.T) {
	const n = 3 * keptPages * pageBytes / 16
	var l List[record]
	defer l.Close()
	for i := range n {
		if got := l.Append(record{uint64(i), ^uint64(i)}); got != i {
			t.Fatalf("record %d got number %d", i, got)
		}
	}
	if l.first == 0 {
		t.Fatal("nothing went to the file: the test is too small")
	}
	if held := len(l.recent) * pageBytes; held > keptPages*pageBytes {
		t.Errorf("%d bytes stay in memory", held)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		i := r.IntN(n)
		if got := l.At(i); got != (record{uint64(i), ^uint64(i)}) {
			t.Fatalf("record %d is %v", i, got)
		}
	}
}

func TestListStaysInMemoryWithoutRoomForAFile(t *testing.T) {
	t.Setenv("TMPDIR", "/nowhere/at/all")
	var l List[record]
	const n = 2 * keptPages * pageBytes / 16
	for i := range n {
		l.Append(record{a: uint64(i)})
	}
	for i := 0; i < n; i += 1000 {
		if l.At(i).a != uint64(i) {
			t.Fatalf("record %d is lost", i)
		}
	}
}

func TestChainsShareAList(t *testing.T) {
	var shared List[uint32]
	defer shared.Close()
	chains := make([]Chain[uint32], 100)
	for i := range 300 * len(chains) {
		chains[i%len(chains)].Append(uint32(i), &shared)
	}
	for c := range chains {
		if chains[c].Len() != 300 {
			t.Fatalf("chain %d has %d records", c, chains[c].Len())
		}
		for i := range 300 {
			if got := chains[c].At(i, &shared); got != uint32(i*len(chains)+c) {
				t.Fatalf("chain %d, record %d: %d", c, i, got)
			}
		}
		if *chains[c].Last() != uint32(299*len(chains)+c) {
			t.Fatalf("chain %d ends wrongly", c)
		}
	}
}
