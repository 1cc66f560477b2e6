// Package need says what a test needs of the machine that it runs on. Where
// that is missing the test is skipped; where everything must be there, as in
// CI, the variable STRATA_REQUIRE_TOOLS makes it fail instead, so that no
// judge is ever absent unnoticed.
package need

import (
	"os"
	"os/exec"
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
