package source

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"strata/capture/scratch"
)

// store is the bytes of a capture: a plain file, or a temporary one that grows
// while something is unpacked or a pipe speaks.
type store struct {
	file  *scratch.File
	spool bool

	mu    sync.Mutex
	grown sync.Cond // size, over or closed has changed
	size  int64
	over  bool  // it grows no further
	err   error // why, when it is not the end
	shut  bool
}

func newStore(f *scratch.File, size int64) *store {
	st := &store{file: f, size: size, over: true}
	st.grown.L = &st.mu
	return st
}

// newSpool makes an empty store.
func newSpool() (*store, error) {
	f, err := scratch.New()
	if err != nil {
		return nil, fmt.Errorf("no room to unpack: %w", err)
	}
	st := newStore(f, 0)
	st.spool, st.over = true, false
	return st, nil
}

// wait waits until the store has n bytes or grows no further.
func (st *store) wait(n int64) (size int64, err error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	for st.size < n && !st.over && !st.shut {
		st.grown.Wait()
	}
	if st.shut {
		return 0, os.ErrClosed
	}
	return st.size, nil
}

// ending tells whether the store grows no further, and why it ended early.
func (st *store) ending() (over bool, early error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.over, st.err
}

// left is how many bytes there are from a place on; -1 while nobody knows.
func (st *store) left(at int64) int64 {
	st.mu.Lock()
	defer st.mu.Unlock()
	if !st.over {
		return -1
	}
	return max(0, st.size-at)
}

// fill spools r until its end, an error, or limit bytes.
func (st *store) fill(r io.Reader, limit int64) {
	err := st.copy(r, limit)
	st.mu.Lock()
	st.over = true
	if !errors.Is(err, io.EOF) {
		st.err = err
	}
	st.grown.Broadcast()
	st.mu.Unlock()
}

func (st *store) copy(r io.Reader, limit int64) error {
	buf := make([]byte, 256<<10)
	for at := int64(0); ; {
		n, err := r.Read(buf[:min(int64(len(buf)), limit-at)])
		if n > 0 {
			if _, err := st.file.WriteAt(buf[:n], at); err != nil {
				return fmt.Errorf("cannot be kept in a temporary file: %w", err)
			}
			at += int64(n)
			if !st.grow(at) {
				return os.ErrClosed
			}
		}
		switch {
		case err != nil:
			return err
		case at == limit:
			return fmt.Errorf("more than %s would be needed in %s to keep it; what came before is kept", amount(limit), os.TempDir())
		}
	}
}

func (st *store) grow(size int64) (open bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.size = size
	st.grown.Broadcast()
	return !st.shut
}

// at reads len(b) bytes, or fewer at the end of the file.
func (st *store) at(b []byte, off int64) (int, error) {
	n, err := st.file.ReadAt(b, off)
	if err == io.EOF {
		err = nil
	}
	return n, err
}

func (st *store) close() error {
	st.mu.Lock()
	st.shut = true
	st.grown.Broadcast()
	st.mu.Unlock()
	return st.file.Close()
}

// spoolMost is how much a temporary file may take, whatever room there is.
const spoolMost = 8 << 30

// spoolLimit leaves a fifth of the temporary folder's room to others.
func spoolLimit() int64 {
	if free, ok := freeBytes(os.TempDir()); ok {
		return min(spoolMost, int64(free/5*4))
	}
	return spoolMost
}

func amount(n int64) string {
	if n >= 1<<30 {
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}
