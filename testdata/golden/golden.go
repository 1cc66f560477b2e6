// Package golden compares what a test gets with the files of its testdata.
// With the flag -update they are written anew instead: what git shows then is
// what a change has changed.
package golden

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Update tells whether files are written anew.
var Update = flag.Bool("update", false, "write the golden files anew")

// Check compares a text with the file of a name in the package's testdata.
func Check(t testing.TB, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *Update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s differs (-update writes it anew) %s", path, difference(string(want), got))
	}
}

// difference shows both texts around the first line that differs.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	at := 0
	for at < min(len(w), len(g)) && w[at] == g[at] {
		at++
	}
	around := func(lines []string) string {
		return strings.Join(lines[min(max(0, at-6), len(lines)):min(at+6, len(lines))], "\n")
	}
	return fmt.Sprintf("at line %d\nwant:\n%s\ngot:\n%s", at+1, around(w), around(g))
}
