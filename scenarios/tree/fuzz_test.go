package tree

import (
	"strings"
	"testing"
	"time"
)

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"nodes: &a [*a]", "a: |\n  b\n c: >-\n", "- &x {name: a, delay: 1s}\n- *x\n", "? a\n: b", "a: \"\\e\\u0007\"",
		"%YAML 1.2\n---\na: b\n...\n", "a: !!str b", "<<: {a: b}", "a: 'b\n c'", "\t", "- - - a", "{a: [b, {c: d}]}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		start := time.Now()
		d, err := Parse("f", src)
		if err == nil {
			d.Decode(new(file))
			err = d.Err()
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("took %v for %d bytes", took, len(src))
		}
		if err == nil {
			return
		}
		for line := range strings.Lines(err.Error()) {
			if strings.ContainsFunc(strings.TrimSuffix(line, "\n"), Unsafe) {
				t.Errorf("the error holds control characters: %q", line)
			}
		}
	})
}
