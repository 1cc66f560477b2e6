package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"strata/capture/capturetest"
	"strata/scenarios"
	"strata/scenarios/scenariotest"
	"strata/trace"
)

// TestEveryReasonIsReached holds the catalogue to what happens: every reason
// occurs in a built-in scenario, in a capture of testdata, or is asked for by
// name in a test of sim. Those of TCP and of captures are held to the tests of
// their own packages there.
func TestEveryReasonIsReached(t *testing.T) {
	reached := map[string]bool{}
	visit := func(tr trace.Trace) {
		for n := trace.EventID(1); int(n) <= tr.Events(); n++ {
			reached[tr.Event(n).Why.String()] = true
		}
	}
	for _, e := range scenarios.List() {
		if e.Hidden {
			continue
		}
		visit(scenariotest.Run(t, e.Name))
	}
	files, _ := filepath.Glob("../../testdata/*.pcap*")
	for _, name := range files {
		visit(capturetest.Open(t, name))
	}
	names := reasonNames(t)
	tests := testSources(t)
	for name, code := range names {
		if !reached[code] && !strings.Contains(tests, "trace."+name) {
			t.Errorf("nothing reaches %s (trace.%s)", code, name)
		}
	}
}

// reasonNames finds the variables of package trace that hold sim's reasons.
func reasonNames(t *testing.T) map[string]string {
	t.Helper()
	names := map[string]string{}
	for _, file := range []string{"why_sim.go", "why_upper.go"} {
		addReasons(t, names, file)
	}
	if len(names) < 90 {
		t.Fatalf("only %d reasons found", len(names))
	}
	return names
}

func addReasons(t *testing.T, names map[string]string, file string) {
	parsed, err := parser.ParseFile(token.NewFileSet(), "../../trace/"+file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || len(v.Values) == 0 {
			return true
		}
		call, ok := v.Values[0].(*ast.CallExpr)
		if ok && len(call.Args) > 0 {
			if lit, ok := call.Args[0].(*ast.BasicLit); ok {
				names[v.Names[0].Name], _ = strconv.Unquote(lit.Value)
			}
		}
		return true
	})
}

// testSources is the text of sim's tests.
func testSources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir("../../sim", func(path string, d os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		all.Write(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
