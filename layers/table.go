package layers

import (
	"math/bits"
	"sync"
)

// entered are the rows of every protocol as its tables have them: some stand
// in several.
var entered [protoCount][]*Field

// table enters a protocol's rows, in order, with the rows below them.
func table(p Proto, rows ...*Field) []*Field {
	for _, f := range rows {
		entered[p] = append(entered[p], f)
		table(p, f.Sub...)
	}
	return rows
}

// row enters one row that has no fixed place.
func row(p Proto, f Field) *Field { return table(p, &f)[0] }

// registry is what was entered, each name once. It is made when it is first
// asked for: a program that only counts frames need not wait for it.
var registry = sync.OnceValue(func() (all [protoCount][]*Field) {
	for p, rows := range entered {
		seen := map[string]bool{}
		for _, f := range rows {
			if f.Name == "" || !seen[f.Name] {
				seen[f.Name] = true
				all[p] = append(all[p], f)
			}
		}
	}
	return all
})

// Fields lists the fields of a protocol in the order of its tables, parts
// after the field that they are parts of. No name comes twice.
func Fields(p Proto) []*Field {
	if p >= protoCount {
		return nil
	}
	return registry()[p]
}

// Protos lists every protocol.
func Protos() []Proto {
	all := make([]Proto, 0, protoCount)
	for p := None + 1; p < protoCount; p++ {
		all = append(all, p)
	}
	return all
}

// FieldNamed finds a field by Wireshark's name; nil when there is none.
func FieldNamed(name string) *Field {
	if name == "" {
		return nil
	}
	for _, fields := range registry() {
		for _, f := range fields {
			if f.Name == name {
				return f
			}
		}
	}
	return nil
}

// Place is the field's first bit, counted from the most significant one of
// its word, and its width in bits; 0, 0 when it is the whole word.
func (f *Field) Place() (bit, width int) {
	if f.Mask == 0 {
		return 0, 0
	}
	return f.Size*8 - bits.Len64(f.Mask), bits.OnesCount64(f.Mask)
}
