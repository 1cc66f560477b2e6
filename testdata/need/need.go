// Package need says what a test needs of the machine that it runs on. Where
// that is missing the test is skipped; where everything must be there, as in
// CI, the variable STRATA_REQUIRE_TOOLS makes it fail instead, so that no
// judge is ever absent unnoticed.
package need

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Tool finds a program, as "tshark".
func Tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Missing(t, name+" is not installed")
	}
	return path
}

// Missing skips the test, or fails it where nothing may be missing.
func Missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("STRATA_REQUIRE_TOOLS") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// Captures lists what others captured: the files in the folders of the folder
// that STRATA_CORPUS names, or of shared/captures beside this module. There may
// be none.
func Captures() []string {
	dir := os.Getenv("STRATA_CORPUS")
	if dir == "" {
		root := "."
		for depth := 0; depth < 5; depth++ {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				break
			}
			root = filepath.Join("..", root)
		}
		dir = filepath.Join(root, "..", "shared", "captures")
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*", "*.pcap*"))
	return files
}

// Corpus is Captures for a test that has nothing to do without them: it is
// skipped, for they are no part of the project.
func Corpus(t testing.TB) []string {
	t.Helper()
	files := Captures()
	if len(files) == 0 {
		t.Skip("no captures of others: STRATA_CORPUS names their folder")
	}
	return files
}
