package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"strata/tui"
)

func namesIn(f tui.Folder) string {
	var out []string
	for _, x := range f.Files {
		out = append(out, x.What+" "+x.Name)
	}
	return strings.Join(out, ", ")
}

func TestFolder(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"b.yaml", "A.pcapng", "c.pcap.gz", "notes.txt", ".hidden.yaml", "sub/deep.yml"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("12345"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for to, from := range map[string]string{dir: "sub/up", "self.yaml": "self.yaml", "b.yaml": "link.yaml", "gone": "gone.yaml"} {
		if err := os.Symlink(to, filepath.Join(dir, from)); err != nil {
			t.Fatal(err)
		}
	}
	f, err := folder(dir)
	want := "folder sub, capture A.pcapng, scenario b.yaml, capture c.pcap.gz, scenario link.yaml"
	if err != nil || namesIn(f) != want || f.Path != dir || f.Parent != filepath.Dir(dir) || f.Cut {
		t.Errorf("%s: %s, %v", f.Path, namesIn(f), err)
	}
	if f.Files[1].Size != 5 || f.Files[1].Path != filepath.Join(dir, "A.pcapng") {
		t.Errorf("%+v", f.Files[1])
	}
	// Round in a circle of links one comes to where one was.
	round, err := folder(filepath.Join(dir, "sub", "up", "sub", "up"))
	if err != nil || round.Path != dir {
		t.Errorf("%s, %v", round.Path, err)
	}
	if top, err := folder("/"); err != nil || top.Parent != "" {
		t.Errorf("above / is %q, %v", top.Parent, err)
	}
	for _, path := range []string{filepath.Join(dir, "none"), filepath.Join(dir, "b.yaml"), filepath.Join(dir, "self.yaml")} {
		if f, err := folder(path); err == nil {
			t.Errorf("%s is a folder: %s", path, namesIn(f))
		}
	}
}

func TestFolderIsBounded(t *testing.T) {
	dir := t.TempDir()
	for i := range mostListed + 50 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%05d.yaml", i)), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	f, err := folder(dir)
	if err != nil || len(f.Files) != mostListed || !f.Cut || f.Files[0].Name != "00000.yaml" {
		t.Errorf("%d files, cut %v, %v", len(f.Files), f.Cut, err)
	}
}
