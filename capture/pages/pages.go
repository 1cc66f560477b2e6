// Package pages keeps long lists of small records: what was added last in
// memory, the rest in a file that has no name, so that the index of a capture
// of any size takes little memory.
//
//	Append ──> the last pages ──(when they are many)──> unlinked file
//	At     <── a few pages that were read again  <───────────┘
package pages

import (
	"math/bits"
	"unsafe"

	"strata/capture/scratch"
)

// pageBytes is how much is moved at once, at most; keptPages how many pages of
// a list stay in memory before the oldest go to the file, and cachedPages how
// many come back at most.
const (
	pageBytes   = 128 << 10
	keptPages   = 8
	cachedPages = 16
)

// List is a list of records of one type, which must hold no pointers and have
// at most 64 KB. The zero value is ready. It is not safe for use by several goroutines at once.
type List[T any] struct {
	n     int
	shift uint8 // a page has 1<<shift records
	first int   // number of the first page in recent; those before it are in the file
	// recent are the pages in memory, all full but the last.
	recent [][]T
	file   *scratch.File
	stuck  bool // there is no room for a file: all stays in memory
	cache  [cachedPages]cached[T]
}

// cached is a page that was read again.
type cached[T any] struct {
	number int // from 1; 0: none
	page   []T
}

// Len is how many records there are.
func (l *List[T]) Len() int { return l.n }

// Append adds a record and gives its number, from 0.
func (l *List[T]) Append(v T) int {
	if l.shift == 0 {
		l.shift = uint8(bits.Len(uint(pageBytes/unsafe.Sizeof(v))) - 1)
	}
	if l.n&(1<<l.shift-1) == 0 {
		l.turn()
	}
	last := &l.recent[len(l.recent)-1]
	*last = append(*last, v)
	l.n++
	return l.n - 1
}

// turn begins a page; it takes the place of the oldest in memory, if these are
// many.
func (l *List[T]) turn() {
	if full := len(l.recent); !l.stuck && full >= keptPages && l.write(l.recent[0]) {
		oldest := l.recent[0][:0]
		copy(l.recent, l.recent[1:])
		l.recent[full-1] = oldest
		l.first++
		return
	}
	var page []T // the first grows as it is needed: most lists are short
	if len(l.recent) > 0 {
		page = make([]T, 0, 1<<l.shift)
	}
	l.recent = append(l.recent, page)
}

// write puts page number l.first into the file.
func (l *List[T]) write(page []T) bool {
	if l.file == nil {
		f, err := scratch.New()
		if err != nil {
			l.stuck = true
			return false
		}
		l.file = f
	}
	b := raw(page)
	if _, err := l.file.WriteAt(b, int64(l.first)*int64(len(b))); err != nil {
		l.stuck = true
		return false
	}
	return true
}

// At is record i; the zero record if it cannot be read again.
func (l *List[T]) At(i int) T {
	number, at := i>>l.shift, i&(1<<l.shift-1)
	if number >= l.first {
		return l.recent[number-l.first][at]
	}
	c := &l.cache[number%cachedPages]
	if c.number != number+1 {
		if c.page == nil {
			c.page = make([]T, 1<<l.shift)
		}
		c.number = number + 1
		b := raw(c.page)
		if _, err := l.file.ReadAt(b, int64(number)*int64(len(b))); err != nil {
			clear(c.page)
			c.number = 0
		}
	}
	return c.page[at]
}

// Close gives the file back.
func (l *List[T]) Close() {
	if l.file != nil {
		l.file.Close()
	}
}

// raw is a page as bytes.
func raw[T any](page []T) []byte {
	var v T
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(page))), len(page)*int(unsafe.Sizeof(v)))
}
