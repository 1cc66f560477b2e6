package pages

import "strata/capture/scratch"

// Bytes is a long run of bytes: what was added last in memory, the rest in a
// file that has no name. The zero value is ready.
type Bytes struct {
	file  *scratch.File
	kept  int64  // how many are in the file
	last  []byte // those after them
	stuck bool   // there is no room for a file
}

// maxLast is how many bytes stay in memory at least, before they go to the file.
const maxLast = 1 << 20

// Append adds bytes and gives where they begin.
func (b *Bytes) Append(data []byte) (at int64) {
	at = b.kept + int64(len(b.last))
	b.last = append(b.last, data...)
	if len(b.last) > maxLast && !b.stuck {
		b.flush()
	}
	return at
}

func (b *Bytes) flush() {
	if b.file == nil {
		f, err := scratch.New()
		if err != nil {
			b.stuck = true
			return
		}
		b.file = f
	}
	if _, err := b.file.WriteAt(b.last, b.kept); err != nil {
		b.stuck = true
		return
	}
	b.kept += int64(len(b.last))
	b.last = b.last[:0]
}

// Read appends n bytes from at on to dst; zeros if they cannot be read again.
func (b *Bytes) Read(dst []byte, at int64, n int) []byte {
	from := len(dst)
	dst = append(dst, make([]byte, n)...)
	out := dst[from:]
	if at < b.kept {
		k := min(int64(n), b.kept-at)
		_, _ = b.file.ReadAt(out[:k], at)
		out, at = out[k:], at+k
	}
	if len(out) > 0 && at-b.kept < int64(len(b.last)) {
		copy(out, b.last[at-b.kept:])
	}
	return dst
}

// Close gives the file back.
func (b *Bytes) Close() {
	if b.file != nil {
		b.file.Close()
	}
}
