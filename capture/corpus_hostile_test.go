package capture

import (
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"strata/testdata/need"
	"strata/trace"
)

// TestMutatedCorpus damages captures that others made, 100,000 times with
// STRATA_LONG set: whatever they hold, every question about them is answered,
// in little time.
func TestMutatedCorpus(t *testing.T) {
	rounds := 300
	if os.Getenv("STRATA_LONG") != "" {
		rounds = 100_000
	}
	files := need.Corpus(t)
	rng := rand.New(rand.NewPCG(11, uint64(rounds)))
	path := filepath.Join(t.TempDir(), "mutant")
	for n := range rounds {
		name := files[rng.IntN(len(files))]
		whole, err := os.ReadFile(name)
		if err != nil || len(whole) < 30 {
			continue
		}
		if err := os.WriteFile(path, mutate(rng, whole[:min(len(whole), 24<<10)]), 0o600); err != nil {
			t.Fatal(err)
		}
		began := cpu()
		askEverything(t, path, n%2 == 0)
		if d := cpu() - began; d > slower*2*time.Second {
			t.Fatalf("%s, round %d: took %v", filepath.Base(name), n, d)
		}
	}
}

// askEverything asks a file all that a Trace can be asked.
func askEverything(t *testing.T, path string, alone bool) {
	f, err := Open(path, nil)
	if err != nil {
		return
	}
	defer f.Close()
	f.Wait(math.MaxInt)
	for n := range min(f.Frames(), 40) {
		for _, e := range f.Steps(n) {
			f.Text(e)
		}
	}
	if err := f.WriteJSON(io.Discard, alone, nil, func(trace.Progress) {}); err != nil {
		t.Fatal(err)
	}
	for i := range min(f.Conversations(), 50) {
		f.Conversation(i)
		f.Follow(i, func(trace.Said) bool { return true })
	}
}
