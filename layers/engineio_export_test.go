package layers

// How an Engine.IO packet travels.
const (
	AsText = iota
	AsBinary
	AsPayload
)

// DissectEngineIO takes apart what Engine.IO sends, without what it is sent in.
func DissectEngineIO(data []byte, how int) *Tree {
	d := &dissector{tree: &Tree{Data: data}, data: data, frameLen: len(data)}
	f := [...]func(span){d.engineIO, d.engineIOBinary, d.engineIOPayload}[how]
	f(span{0, len(data), len(data)})
	d.coverAll()
	return d.tree
}
