package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// rooms from the top of the house to its ground. Imports point down.
var rooms = []string{"cmd", "tui", "scenarios", "sim", "capture", "trace", "layers", "testdata"}

// strangers do not know each other, though one stands above the other.
var strangers = [][2]string{{"sim", "capture"}, {"tui", "scenarios"}, {"tui", "sim"}, {"tui", "capture"}, {"scenarios", "capture"}}

func TestImportsPointDown(t *testing.T) {
	cmd := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "strata/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		from := room(words[0])
		seen[from] = true
		if !slices.Contains(rooms, from) {
			t.Errorf("%s is in no room of the house", words[0])
		}
		for _, path := range words[1:] {
			to := room(path)
			if to == "" || to == from {
				continue
			}
			if slices.Index(rooms, to) < slices.Index(rooms, from) || slices.Contains(strangers, [2]string{from, to}) {
				t.Errorf("%s must not import %s", words[0], path)
			}
		}
	}
	if len(seen) < len(rooms)-1 { // testdata has no package that ... lists
		t.Errorf("only the rooms %v were found", seen)
	}
}

// room is the room of one of our packages; "" for others.
func room(path string) string {
	rest, ok := strings.CutPrefix(path, "strata/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}
