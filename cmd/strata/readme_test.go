package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"strata/testdata/golden"
	"strata/tui/keys"
)

const readmePath = "../../README.md"

func readme(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(readmePath)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// inReadme wants a part of the README, which marks say is written here, to be
// what is made of the program.
func inReadme(t *testing.T, part, want string) {
	t.Helper()
	begin, end := "<!-- "+part+": written by go test ./cmd/strata -update -->\n", "<!-- /"+part+" -->"
	before, rest, ok1 := strings.Cut(readme(t), begin)
	got, after, ok2 := strings.Cut(rest, end)
	switch {
	case !ok1 || !ok2:
		t.Fatalf("the README has no place for the %s", part)
	case *golden.Update:
		write(t, readmePath, before+begin+want+end+after)
	case got != want:
		t.Errorf("the README's %s are not the program's; run go test ./cmd/strata -update", part)
	}
}

// blocks are the README's fenced blocks of a language.
func blocks(text, language string) []string {
	var out []string
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	return out
}

// commandLines are the README's commands of ours, as arguments.
func commandLines(text string) [][]string {
	var out [][]string
	for _, block := range blocks(text, "sh") {
		for line := range strings.Lines(block) {
			line, _, _ = strings.Cut(line, "#")
			line = strings.Replace(strings.TrimSpace(line), "go run ./cmd/strata", "strata", 1)
			if args := strings.Fields(line); len(args) > 0 && args[0] == "strata" {
				out = append(out, args[1:])
			}
		}
	}
	return out
}

// Every command that the README shows is one that the program takes, and the
// README shows every command.
func TestReadmeCommands(t *testing.T) {
	shown := map[string]bool{}
	for _, args := range commandLines(readme(t)) {
		root := newRoot(&app{})
		c, rest, err := root.Find(args)
		if err == nil {
			err = c.ParseFlags(rest)
		}
		if err == nil {
			err = c.Args(c, c.Flags().Args())
		}
		if err != nil {
			t.Errorf("strata %s: %v", strings.Join(args, " "), err)
		}
		for _, arg := range args {
			if !strings.HasPrefix(arg, "'") && strings.ContainsAny(arg, "<>&;*?(") {
				t.Errorf("strata %s: to a shell %s is more than a word", strings.Join(args, " "), arg)
			}
		}
		shown[c.Name()] = true
	}
	for _, c := range newRoot(&app{}).Commands() {
		if !shown[c.Name()] && !c.Hidden {
			t.Errorf("the README does not show %s", c.Name())
		}
	}
}

// Every flag is in the README: what is not shown is not found.
func TestReadmeFlags(t *testing.T) {
	text := readme(t)
	for _, c := range append(newRoot(&app{}).Commands(), newRoot(&app{})) {
		for _, word := range flagsOf(c) {
			if !strings.Contains(text, word) {
				t.Errorf("the README does not show %s of %s", word, c.Name())
			}
		}
	}
}

func flagsOf(c *cobra.Command) []string {
	return regexp.MustCompile(`--[a-z][a-z-]+`).FindAllString(strings.NewReplacer("--output", "", "--interface", "", "--help", "").Replace(c.LocalFlags().FlagUsages()), -1)
}

// The README's table of keys is the program's.
func TestReadmeKeys(t *testing.T) {
	var table strings.Builder
	table.WriteString("| key | what it does |\n|---|---|\n")
	for _, k := range keys.List() {
		fmt.Fprintf(&table, "| `%s` | %s |\n", strings.ReplaceAll(k.Keys, "|", `\|`), strings.ReplaceAll(k.Does, "|", `\|`))
	}
	inReadme(t, "keys", table.String())
}

// The README's scenario is good, and keeps what it promises.
func TestReadmeScenario(t *testing.T) {
	found := blocks(readme(t), "yaml")
	if len(found) != 1 {
		t.Fatalf("%d scenarios", len(found))
	}
	path := write(t, filepath.Join(t.TempDir(), "lost-hello.yaml"), found[0])
	if out := good(t, "", "test", path); !strings.HasSuffix(out, "1 passed, 0 failed\n") {
		t.Error(out)
	}
}

// The README's screen is what its command makes.
func TestReadmeScreen(t *testing.T) {
	const screen = "testdata/screen.svg"
	var command []string
	for _, args := range commandLines(readme(t)) {
		if strings.Contains(strings.Join(args, " "), "-o "+screen) {
			command = args
		}
	}
	if command == nil {
		t.Fatal("the README does not say how its screen is made")
	}
	path := filepath.Join(t.TempDir(), "screen.svg")
	for i, arg := range command {
		if arg == screen {
			command[i] = path
		}
	}
	good(t, "", command...)
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(got), "retransmission") {
		t.Error("the README's screen does not show why a packet is sent again; choose another --step")
	}
	kept := filepath.Join("../..", screen)
	if *golden.Update {
		write(t, kept, string(got))
	}
	want, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s is not what its command makes; run go test ./cmd/strata -update, and look at it", screen)
	}
}
