// Package golden compares what a test gets with the files of its testdata.
// With the flag -update they are written anew instead: what git shows then is
// what a change has changed.
package golden

import (
	"flag"
	"os"
	"path/filepath"
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
		t.Errorf("%s differs (write it anew with -update):\n%s", path, got)
	}
}
