package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"strata/tui/keys"
)

var update = flag.Bool("update", false, "write the README's keys and screen anew")

const readmePath = "../../README.md"

func readme(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(readmePath)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
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
	const begin, end = "<!-- keys: written by go test ./cmd/strata -update -->\n", "<!-- /keys -->"
	var table strings.Builder
	table.WriteString("| key | what it does |\n|---|---|\n")
	for _, k := range keys.List() {
		fmt.Fprintf(&table, "| `%s` | %s |\n", strings.ReplaceAll(k.Keys, "|", `\|`), strings.ReplaceAll(k.Does, "|", `\|`))
	}
	text := readme(t)
	before, rest, ok1 := strings.Cut(text, begin)
	got, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatal("the README has no place for the keys")
	}
	if *update {
		got = table.String()
		write(t, readmePath, before+begin+got+end+after)
	}
	if got != table.String() {
		t.Error("the README's keys are not the program's; run go test ./cmd/strata -update")
	}
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
	golden := filepath.Join("../..", screen)
	if *update {
		write(t, golden, string(got))
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s is not what its command makes; run go test ./cmd/strata -update, and look at it", screen)
	}
}
