package memory

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// version is that of the file's form.
const version = 1

// fileName is the file's, in its folder.
const fileName = "progress.json"

// Dir is the user's folder for what programs remember: $XDG_STATE_HOME/strata,
// or ~/.local/state/strata; on Windows and macOS, where there is no such
// custom, that for settings.
func Dir() (string, error) {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "strata"), nil
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		dir, err := os.UserConfigDir()
		return filepath.Join(dir, "strata"), err
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".local", "state", "strata"), err
}

// Store is what is kept in a folder.
type Store struct {
	dir string
}

// In is the store in a folder, which need not be there yet.
func In(dir string) *Store { return &Store{dir: dir} }

func (s *Store) path() string { return filepath.Join(s.dir, fileName) }

// Load reads what is kept. It is empty when there is nothing; the error says
// why that could not be read, and nothing needs to be done about it.
func (s *Store) Load() (Kept, error) {
	k, err := s.read()
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	return k, err
}

// errDamaged is that of a file that cannot be what this program has written.
var errDamaged = errors.New("it is damaged")

func (s *Store) read() (k Kept, err error) {
	f, err := os.Open(s.path())
	if err != nil {
		return k, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return k, fmt.Errorf("%s is no file", s.path())
	}
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		return k, err
	case len(b) > maxFile, json.Unmarshal(b, &k) != nil, k.Version < 1:
		return Kept{}, fmt.Errorf("%s: %w", s.path(), errDamaged)
	case k.Version > version:
		return Kept{hindered: true}, nil
	}
	k.bound()
	return k, nil
}

// Update adds news to what is kept. A damaged file is set aside as
// progress.json.damaged.
func (s *Store) Update(news Kept) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	unlock, err := s.lock()
	if err != nil {
		return err
	}
	defer unlock()
	k, err := s.read()
	switch {
	case errors.Is(err, errDamaged):
		if err := os.Rename(s.path(), s.path()+".damaged"); err != nil {
			return err
		}
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	case k.hindered:
		return fmt.Errorf("%s was written by a newer version of this program, and is left as it is", s.path())
	}
	return s.write(Merge(k, news))
}

// write puts a whole file in the place of the old one.
func (s *Store) write(k Kept) error {
	b, err := json.Marshal(k)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(s.dir, fileName+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), s.path())
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// How long to wait for another program, and after which time its lock is taken
// for one that it left behind. Nobody holds it for more than some milliseconds.
const (
	patience = 2 * time.Second
	stale    = 10 * time.Second
	pause    = 5 * time.Millisecond
)

// lock makes the others wait.
func (s *Store) lock() (unlock func(), err error) {
	path := s.path() + ".lock"
	for begun := time.Now(); ; time.Sleep(pause) {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err == nil {
			f.Close()
			return func() { os.Remove(path) }, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > stale {
			os.Remove(path)
			continue
		}
		if time.Since(begun) > patience {
			return nil, fmt.Errorf("%s is held by another program", path)
		}
	}
}
