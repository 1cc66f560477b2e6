package main

import (
	"cmp"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"strata/scenarios"
	"strata/trace"
	"strata/tui"
)

var (
	scenarioEndings = []string{".yaml", ".yml"}
	captureEndings  = []string{".pcap", ".pcapng", ".cap", ".gz", ".zst"}
)

// Bounds of a folder's list: whoever looks for something among more names
// than that types its path.
const (
	mostListed = 2000
	mostRead   = 20_000
)

// filesHere lists the scenarios and captures in the current folder.
func filesHere() []tui.File {
	here, err := folder("")
	if err != nil {
		return nil // the start screen shows the course alone
	}
	var out []tui.File
	for _, f := range here.Files {
		if f.What != isFolder {
			f.Path = f.Name
			out = append(out, f)
		}
	}
	return out
}

const isFolder = "folder"

// folder lists what can be opened in a folder, other folders first. What is
// hidden, and what can be neither opened nor entered, is left out; links are
// what they lead to, so that one that leads in circles is nothing.
func folder(path string) (tui.Folder, error) {
	path, err := inFull(path)
	if err != nil {
		return tui.Folder{}, err
	}
	at, err := os.Open(path)
	if err != nil {
		return tui.Folder{}, pathError(path, err)
	}
	defer at.Close()
	names, err := at.Readdirnames(mostRead)
	if err != nil && !errors.Is(err, io.EOF) {
		return tui.Folder{}, pathError(path, err)
	}
	out := tui.Folder{Path: path, Parent: filepath.Dir(path), Cut: len(names) == mostRead}
	if out.Parent == path {
		out.Parent = ""
	}
	slices.Sort(names)
	for _, name := range names {
		f, ok := entry(path, name)
		if !ok {
			continue
		}
		if out.Cut = out.Cut || len(out.Files) == mostListed; len(out.Files) < mostListed {
			out.Files = append(out.Files, f)
		}
	}
	slices.SortStableFunc(out.Files, func(a, b tui.File) int {
		switch {
		case a.What == isFolder && b.What != isFolder:
			return -1
		case a.What != isFolder && b.What == isFolder:
			return 1
		}
		return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return out, nil
}

// inFull is a folder's one path, without links on the way: going round in a
// circle of them leads to the same place, and not to an ever longer path.
func inFull(path string) (string, error) {
	if rest, ok := strings.CutPrefix(path, "~"); ok && (rest == "" || rest[0] == filepath.Separator) {
		if home, err := os.UserHomeDir(); err == nil {
			path = home + rest
		}
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(full)
	return real, pathError(path, err)
}

// entry is what the screen shows of a name in a folder, if it does.
func entry(dir, name string) (f tui.File, ok bool) {
	if strings.HasPrefix(name, ".") {
		return f, false
	}
	f = tui.File{Name: name, Path: filepath.Join(dir, name), What: kindOf(name)}
	at, err := os.Stat(f.Path)
	switch {
	case err != nil:
		return f, false
	case at.IsDir():
		f.What = isFolder
		return f, true
	}
	f.Size = at.Size()
	return f, f.What != "" && at.Mode().IsRegular()
}

// kindOf tells by its ending what a file is; "": neither.
func kindOf(name string) string {
	switch ending := strings.ToLower(filepath.Ext(name)); {
	case slices.Contains(scenarioEndings, ending):
		return "scenario"
	case slices.Contains(captureEndings, ending):
		return "capture"
	}
	return ""
}

// openAny opens a built-in scenario by its name, or a file by its path. What is
// there and does not say by its ending what it is, is taken for a capture.
func (a *app) openAny(name string) (trace.Trace, error) {
	if _, builtIn := scenarios.Source(name); builtIn {
		return runFlags{}.record(name)
	}
	path := name
	if real, err := inFull(name); err == nil {
		path = real
	}
	at, err := os.Stat(path)
	if kind := kindOf(path); kind == "capture" || kind == "" && err == nil && at.Mode().IsRegular() {
		return a.openCapture(path)
	}
	return runFlags{}.record(name)
}
