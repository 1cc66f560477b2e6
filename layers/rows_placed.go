package layers

// Short forms of rows that have a place in a header, for protocols with many
// fields. A part without a size has the place of the word that it is in.

// describe enters rows of a protocol that one document defines.
func describe(p Proto, rfc string, rows ...*Field) []*Field {
	defined(rfc, rows)
	return table(p, rows...)
}

// describeOne is describe for one row.
func describeOne(p Proto, rfc string, row *Field) *Field { return describe(p, rfc, row)[0] }

func defined(rfc string, rows []*Field) {
	for _, f := range rows {
		if f.RFC == "" {
			f.RFC = rfc
		}
		defined(rfc, f.Sub)
	}
}

func uintRow(at, size int, name, label, help string) *Field {
	return &Field{Name: name, Label: label, Type: TypeUint, At: at, Size: size, Help: help}
}

func intRow(at, size int, name, label, help string) *Field {
	return &Field{Name: name, Label: label, Type: TypeInt, At: at, Size: size, Help: help}
}

func hexRow(at, size int, name, label, help string) *Field {
	return &Field{Name: name, Label: label, Type: TypeHex, At: at, Size: size, Help: help}
}

func enumRow(at, size int, name, label string, names map[uint64]string, help string) *Field {
	return &Field{Name: name, Label: label, Type: TypeEnum, At: at, Size: size, Names: names, Help: help}
}

func bytesRow(at, size int, name, label, help string) *Field {
	return &Field{Name: name, Label: label, Type: TypeBytes, At: at, Size: size, Help: help}
}

func textRow(at, size int, name, label, help string) *Field {
	return &Field{Name: name, Label: label, Type: TypeString, At: at, Size: size, Help: help}
}

func macRow(at int, name, label, help string) *Field {
	return &Field{Name: name, Label: label, Type: TypeMAC, At: at, Size: 6, Help: help}
}

func ipv4Row(at int, name, label, help string) *Field {
	return &Field{Name: name, Label: label, Type: TypeIPv4, At: at, Size: 4, Help: help}
}

func ipv6Row(at int, name, label, help string) *Field {
	return &Field{Name: name, Label: label, Type: TypeIPv6, At: at, Size: 16, Help: help}
}

// heading is a row whose parts carry the values.
func heading(name, label, help string) *Field {
	return &Field{Name: name, Label: label, Type: TypeNone, Help: help}
}

// flag is one bit of a word.
func flag(mask uint64, name, label, help string) *Field {
	return &Field{Name: name, Label: label, Type: TypeBool, Mask: mask, Help: help}
}

// part is some bits of a word that are a number.
func part(mask uint64, name, label, help string) *Field {
	return &Field{Name: name, Label: label, Type: TypeUint, Mask: mask, Help: help}
}

// named is some bits of a word whose values have names.
func named(mask uint64, name, label string, names map[uint64]string, help string) *Field {
	return &Field{Name: name, Label: label, Type: TypeEnum, Mask: mask, Names: names, Help: help}
}

// split puts parts under a word.
func split(f *Field, parts ...*Field) *Field {
	f.Sub = append(f.Sub, inWord(f.At, f.Size, parts...)...)
	return f
}

// inWord gives parts side by side the place of one word.
func inWord(at, size int, parts ...*Field) []*Field {
	for _, f := range parts {
		if f.Size == 0 {
			f.At, f.Size = at, size
		}
	}
	return parts
}

// little marks rows as sent with the least significant byte first.
func little(rows ...*Field) []*Field {
	for _, f := range rows {
		f.Little = true
		little(f.Sub...)
	}
	return rows
}

// hidden marks a row as another name for bytes that a visible one shows.
func hidden(f *Field) *Field {
	f.Hidden = true
	return f
}
