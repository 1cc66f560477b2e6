package memory

import (
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

func at(second int) time.Time { return time.Date(2026, 1, 1, 0, 0, second, 0, time.UTC) }

func TestKeptAndFound(t *testing.T) {
	s := In(filepath.Join(t.TempDir(), "not", "there", "yet"))
	if k, err := s.Load(); err != nil || len(k.Lessons) != 0 {
		t.Fatalf("%+v, %v", k, err)
	}
	news := Kept{
		Lessons: map[string]Lesson{"who-has": {Stations: 9, Seen: []int{3, 0, 3}, Right: []int{4}, Wrong: []int{5}, When: at(1)}},
		Last:    Last{Open: "who-has", Frame: 17, Event: 40, When: at(1)}, Layout: []byte{0, 255, '"'}, LaidOut: at(1),
	}
	if err := s.Update(news); err != nil {
		t.Fatal(err)
	}
	k, err := s.Load()
	l := k.Lessons["who-has"]
	if err != nil || k.Last != news.Last || string(k.Layout) != string(news.Layout) || !reflect.DeepEqual(l.Seen, []int{0, 3}) || l.Done() != 3 {
		t.Fatalf("%+v, %v", k, err)
	}
	if err := s.Update(Kept{}); err != nil {
		t.Fatal(err)
	}
	if again, _ := s.Load(); !reflect.DeepEqual(again, k) {
		t.Errorf("no news made %+v of %+v", again, k)
	}
	left, _ := os.ReadDir(s.dir)
	if len(left) != 1 {
		t.Errorf("files are left behind: %v", left)
	}
}

func TestMerge(t *testing.T) {
	a := Kept{Version: 1, Lessons: map[string]Lesson{
		"both": {Stations: 6, Seen: []int{0, 1}, Wrong: []int{3, 4}, When: at(1)},
		"mine": {Stations: 2, Seen: []int{1}, When: at(1)},
		"new":  {Stations: 5, Seen: []int{0, 4}, When: at(1)},
	}, Last: Last{Open: "mine", Frame: 3, When: at(5)}, Layout: []byte("old"), LaidOut: at(1)}
	b := Kept{Version: 1, Lessons: map[string]Lesson{
		"both":   {Stations: 6, Seen: []int{2, 1}, Right: []int{3}, When: at(2)},
		"theirs": {Stations: 1, Seen: []int{0}, When: at(3)},
		"new":    {Stations: 6, Seen: []int{1}, When: at(2)},
	}, Last: Last{Open: "both", When: at(4)}, Layout: []byte("new"), LaidOut: at(2)}
	want := Kept{Version: 1, Lessons: map[string]Lesson{
		"both":   {Stations: 6, Seen: []int{0, 1, 2}, Right: []int{3}, Wrong: []int{4}, When: at(2)},
		"mine":   {Stations: 2, Seen: []int{1}, When: at(1)},
		"theirs": {Stations: 1, Seen: []int{0}, When: at(3)},
		"new":    {Stations: 6, Seen: []int{1}, When: at(2)},
	}, Last: a.Last, Layout: []byte("new"), LaidOut: at(2)}
	same := func(x, y Kept) bool {
		if len(x.Lessons) != len(y.Lessons) || x.Last != y.Last || string(x.Layout) != string(y.Layout) {
			return false
		}
		for name, l := range x.Lessons {
			m := y.Lessons[name]
			if l.Stations != m.Stations || !equal(l.Seen, m.Seen) || !equal(l.Right, m.Right) || !equal(l.Wrong, m.Wrong) || l.When != m.When {
				return false
			}
		}
		return true
	}
	ab := Merge(a, b)
	if !same(ab, want) {
		t.Errorf("got  %+v\nwant %+v", ab, want)
	}
	if ba := Merge(b, a); !same(ab, ba) {
		t.Errorf("the other way round it is %+v", ba)
	}
	if again := Merge(Merge(ab, a), b); !same(ab, again) {
		t.Errorf("merged again it is %+v", again)
	}
}

func equal(a, b []int) bool { return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b) }

func TestDamagedFileIsSetAside(t *testing.T) {
	for _, damage := range []string{"", "{", "null", "[]", `{"version":0}`, `{"version":1,"lessons":3}`, "\x00\xff", strings.Repeat(" ", maxFile+1)} {
		s := In(t.TempDir())
		if err := os.WriteFile(s.path(), []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		if k, err := s.Load(); err == nil || len(k.Lessons) != 0 {
			t.Errorf("%.20q: %+v, %v", damage, k, err)
		}
		if err := s.Update(Kept{Last: Last{Open: "x", When: at(1)}}); err != nil {
			t.Errorf("%.20q: %v", damage, err)
		}
		if k, err := s.Load(); err != nil || k.Last.Open != "x" {
			t.Errorf("%.20q: afterwards %+v, %v", damage, k, err)
		}
		if b, err := os.ReadFile(s.path() + ".damaged"); err != nil || string(b) != damage {
			t.Errorf("%.20q is not set aside: %v", damage, err)
		}
	}
}

func TestNewerFileIsLeft(t *testing.T) {
	s := In(t.TempDir())
	const newer = `{"version":2,"lessons":{"x":{"stations":1}}}`
	os.WriteFile(s.path(), []byte(newer), 0o600)
	if k, err := s.Load(); err != nil || len(k.Lessons) != 0 {
		t.Errorf("%+v, %v", k, err)
	}
	if err := s.Update(Kept{}); err == nil {
		t.Error("no error")
	}
	if b, _ := os.ReadFile(s.path()); string(b) != newer {
		t.Errorf("it is now %q", b)
	}
}

func TestNonsenseIsLeftOut(t *testing.T) {
	s := In(t.TempDir())
	os.WriteFile(s.path(), []byte(`{"version":1,"lessons":{"a":{"stations":-1},"b":{"stations":2,"seen":[-1,0,0,2,99999]},"":{"stations":1},
		"c":{"stations":1000000}},"last":{"open":"x","frame":-3}}`), 0o600)
	k, err := s.Load()
	if err != nil || len(k.Lessons) != 1 || !equal(k.Lessons["b"].Seen, []int{0}) || k.Last.Open != "" {
		t.Errorf("%+v, %v", k, err)
	}
}

func TestBounded(t *testing.T) {
	s := In(t.TempDir())
	many := Kept{Lessons: map[string]Lesson{}, Layout: make([]byte, maxLayout+1), LaidOut: at(1)}
	seen := make([]int, maxStations)
	for i := range seen {
		seen[i] = i
	}
	for i := range 3 * maxLessons {
		many.Lessons[strconv.Itoa(i)] = Lesson{Stations: maxStations, Seen: seen[:i%10], When: at(i)}
	}
	if err := s.Update(many); err != nil {
		t.Fatal(err)
	}
	k, err := s.Load()
	if _, newest := k.Lessons[strconv.Itoa(3*maxLessons-1)]; err != nil || len(k.Lessons) != maxLessons || !newest || k.Layout != nil {
		t.Errorf("%d lessons, %v", len(k.Lessons), err)
	}
}

// TestTogether has many programs keep at once, and wants everything of each.
func TestTogether(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	const programs, each = 8, 10
	for p := range programs {
		all.Go(func() {
			s := In(dir)
			for i := range each {
				if err := s.Update(Kept{Lessons: map[string]Lesson{
					"shared":        {Stations: programs * each, Seen: []int{p*each + i}, When: at(i)},
					strconv.Itoa(p): {Stations: each, Seen: []int{i}, When: at(i)},
				}}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	k, err := In(dir).Load()
	if err != nil || len(k.Lessons) != programs+1 || len(k.Lessons["shared"].Seen) != programs*each {
		t.Errorf("%d lessons, %d of %d stations, %v", len(k.Lessons), len(k.Lessons["shared"].Seen), programs*each, err)
	}
}

func TestForgottenLock(t *testing.T) {
	s := In(t.TempDir())
	lock := s.path() + ".lock"
	os.WriteFile(lock, nil, 0o600)
	old := time.Now().Add(-time.Minute)
	os.Chtimes(lock, old, old)
	if err := s.Update(Kept{}); err != nil {
		t.Error(err)
	}
}

func TestNowhereToKeep(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	os.WriteFile(file, nil, 0o600)
	if err := In(filepath.Join(file, "strata")).Update(Kept{}); err == nil {
		t.Error("no error")
	}
	folder := In(t.TempDir())
	os.Mkdir(folder.path(), 0o700)
	if _, err := folder.Load(); err == nil {
		t.Error("a folder was read")
	}
	if err := folder.Update(Kept{}); err == nil {
		t.Error("a folder was replaced")
	}
}

func TestDir(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", "/state")
	if dir, err := Dir(); dir != filepath.FromSlash("/state/strata") || err != nil {
		t.Error(dir, err)
	}
	t.Setenv("XDG_STATE_HOME", "relative")
	t.Setenv("HOME", "/home/x")
	if dir, err := Dir(); strings.Contains(dir, "relative") || err != nil {
		t.Error(dir, err)
	}
}

func FuzzMerge(f *testing.F) {
	f.Add([]byte(`{"version":1,"lessons":{"b":{"stations":2,"seen":[0]}}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := In(t.TempDir())
		os.WriteFile(s.path(), b, 0o600)
		if err := s.Update(Kept{Last: Last{Open: "x", When: at(1)}}); err != nil {
			return
		}
		if _, err := s.Load(); err != nil {
			t.Error(err)
		}
	})
}
