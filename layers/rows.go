package layers

// word is a field of size bytes (0: as many as the message says), with the
// parts that it is made of.
func word(name, label string, t Type, size int, help string, parts ...*Field) *Field {
	for _, p := range parts {
		p.Size = size
	}
	return &Field{Name: name, Label: label, Type: t, Size: size, Help: help, Sub: parts}
}

// bit is a part of a word: one bit, or several.
func bit(name, label string, t Type, mask uint64, help string) *Field {
	return &Field{Name: name, Label: label, Type: t, Mask: mask, Help: help}
}

// choice is a field whose values have names.
func choice(name, label string, size int, names map[uint64]string, help string) *Field {
	return &Field{Name: name, Label: label, Type: TypeEnum, Size: size, Names: names, Help: help}
}

// rows enters fields that follow each other in a message, which one RFC
// section lays out.
func rows(p Proto, rfc string, fields ...*Field) []*Field {
	for _, f := range fields {
		f.RFC = rfc
		for _, part := range f.Sub {
			part.RFC = rfc
		}
	}
	return table(p, fields...)
}

// one is rows for a single field.
func one(p Proto, rfc string, f *Field) *Field { return rows(p, rfc, f)[0] }
