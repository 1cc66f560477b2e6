package tree

import "testing"

// TestShortTexts: every short text of signs that may mean something to YAML is
// read as it was written, as a key and a value, in blocks and in brackets; "<<<"
// is none of its own, but the library takes it for a merge.
func TestShortTexts(t *testing.T) {
	const signs = "<~%.-=+?: 0en"
	texts := []string{""}
	for from := 0; len(texts[from]) < 3; from++ {
		for _, sign := range signs {
			texts = append(texts, texts[from]+string(sign))
		}
	}
	for _, s := range texts {
		word := func(s string) *Value { return &Value{kind: text, text: s} }
		pairs := func(v *Value) *Value {
			return &Value{kind: mapping, keys: []Key{{Name: s}, {Name: "next"}}, items: []*Value{v, word(s)}}
		}
		list := &Value{kind: sequence, items: []*Value{word(s), word("next"), word(s)}}
		for _, v := range []*Value{pairs(word(s)), pairs(&Value{kind: null}), pairs(pairs(word(s))), pairs(list)} {
			for _, written := range []string{v.document(), v.inline()} {
				if d, err := Parse("f", []byte(written)); err != nil || !d.root.equal(v) {
					t.Fatalf("%q: %v\n%s", s, err, written)
				}
			}
		}
	}
}
