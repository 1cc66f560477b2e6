package edit

import (
	_ "embed"
	"path/filepath"
	"slices"
	"strings"

	"strata/scenarios"
	"strata/scenarios/tree"
	"strata/sim/record"
	"strata/trace"
)

//go:embed template.yaml
var template []byte

// Template is a small scenario from which one learns how files are written,
// to be saved in a file of a name.
func Template(file string) []byte {
	text, err := rename(file, template)
	if err != nil {
		return template
	}
	return text
}

// rename calls a scenario as its file is called, where that can be a name.
func rename(file string, text []byte) ([]byte, error) {
	base := filepath.Base(file)
	name := strings.TrimSuffix(base, filepath.Ext(base))
	if !scenarios.ValidName(name) {
		return text, nil
	}
	return tree.Edit(file, text, nil, "name", name)
}

// Keep is the text of a file for a changed scenario, of which log and stats are
// a run. On top it says from what it was made, and how. What the original told
// and expected is kept as far as it is still true; what is not is left out, and
// listed there.
func Keep(file string, s *scenarios.Scenario, says []string, log *trace.Log, stats record.Stats) ([]byte, error) {
	text, err := s.Text()
	if err != nil {
		return nil, err
	}
	head := "# Made from " + s.File().Name
	for i, say := range says {
		head += []string{": ", "\n#   and: "}[min(i, 1)] + say
	}
	head += ".\n"
	var gone []string
	for _, f := range s.Verify(log, stats) {
		if !slices.Contains(gone, f.Path) {
			gone = append(gone, f.Path)
			head += "# Left out, as it is so no longer: " + whatFailed(f) + "\n"
		}
	}
	if text, err = without(file, text, gone, s.File()); err != nil {
		return nil, err
	}
	if s.File().BadFrames != nil {
		if text, err = tree.Remove(file, text, "bad_frames"); err != nil {
			return nil, err
		}
	}
	if text, err = rename(file, text); err != nil {
		return nil, err
	}
	if text, err = tree.Edit(file, text, nil, "group", "Own"); err != nil {
		return nil, err
	}
	return append([]byte(head+"\n"), text...), nil
}

// whatFailed says in a line what a failure is about.
func whatFailed(f scenarios.Failure) string {
	list, _, _ := strings.Cut(f.Path, ".")
	if list == "expect" {
		return "that " + tree.Clean(f.That)
	}
	return "a " + strings.TrimSuffix(list, "s") + ", whose event does not come"
}

// without takes elements out of the lists of a file, the last ones first, and
// a list of which nothing is left.
func without(file string, text []byte, gone []string, f *scenarios.File) (_ []byte, err error) {
	whole := map[string]int{"narration": len(f.Narration), "prompts": len(f.Prompts), "expect": len(f.Expect)}
	for list, n := range whole {
		leaving := 0
		for _, path := range gone {
			if strings.HasPrefix(path, list+".") {
				leaving++
			}
		}
		if leaving == n && n > 0 {
			gone = slices.DeleteFunc(gone, func(path string) bool { return strings.HasPrefix(path, list+".") })
			gone = append([]string{list}, gone...)
		}
	}
	for _, path := range slices.Backward(gone) {
		if text, err = tree.Remove(file, text, path); err != nil {
			return nil, err
		}
	}
	return text, nil
}
