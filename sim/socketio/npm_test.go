package socketio_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"strata/testdata/need"
)

const npmVersion = "4.8.4"

var install = sync.OnceValues(func() (dir string, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	dir = filepath.Join(cache, "strata-test-npm", "socket.io-"+npmVersion)
	if _, err := os.Stat(filepath.Join(dir, "whole")); err == nil {
		return dir, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "npm", "install", "--prefix", dir, "--no-audit", "--no-fund", "--ignore-scripts", "socket.io@"+npmVersion, "socket.io-client@"+npmVersion)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm install: %v\n%s", err, out)
	}
	return dir, os.WriteFile(filepath.Join(dir, "whole"), nil, 0o644)
})

// script is one of the programs that speak through npm's packages.
type script struct {
	t     *testing.T
	cmd   *exec.Cmd
	lines chan string // closed when all has been read
	all   []string
}

// node runs a script of testdata with socket.io's own packages.
func node(t *testing.T, name string, args ...string) *script {
	t.Helper()
	path := need.Tool(t, "node")
	need.Tool(t, "npm")
	dir, err := install()
	if err != nil {
		need.Missing(t, err.Error())
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	s := &script{t: t, cmd: exec.CommandContext(ctx, path, append([]string{filepath.Join("testdata", name)}, args...)...), lines: make(chan string, 10_000)}
	s.cmd.Env = append(os.Environ(), "NODE_PATH="+filepath.Join(dir, "node_modules"))
	s.cmd.Stderr = os.Stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(s.lines)
		r := bufio.NewReader(out)
		for {
			line, err := r.ReadString('\n')
			if line != "" {
				s.lines <- strings.TrimSuffix(line, "\n")
			}
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		s.stop()
		cancel()
	})
	return s
}

// stop ends the script at once; rest still gives all it said.
func (s *script) stop() {
	s.cmd.Process.Kill()
	for line := range s.lines { // before Wait, which closes the pipe
		s.all = append(s.all, line)
	}
	s.cmd.Wait()
}

// next waits for a line that begins so, and passes over others.
func (s *script) next(prefix string) string {
	s.t.Helper()
	for line := range s.lines {
		s.all = append(s.all, line)
		if strings.HasPrefix(line, prefix) {
			return line
		}
	}
	s.t.Fatalf("the script ended without %s; it said\n%.5000s", prefix, strings.Join(s.all, "\n"))
	return ""
}

// upgraded waits until the script's session is over WebSocket, if it is to be.
func (s *script) upgraded(transport string) {
	s.t.Helper()
	const line = `{"upgrade":"websocket"}`
	if transport == "upgrade" && !slices.Contains(s.all, line) {
		s.next(line)
	}
}

// rest waits for the script's end and gives all it said.
func (s *script) rest() []string {
	for line := range s.lines {
		s.all = append(s.all, line)
	}
	return s.all
}

// want wants lines in this order, among others.
func want(t *testing.T, all []string, lines ...string) {
	t.Helper()
	at := 0
	for _, line := range lines {
		i := slices.Index(all[at:], line)
		if i < 0 {
			t.Errorf("missing: %s\nafter line %d of\n%.5000s", line, at, strings.Join(all, "\n"))
			return
		}
		at += i + 1
	}
}

// server starts npm's server; it gives its address.
func npmServer(t *testing.T, options string) (s *script, addr string) {
	t.Helper()
	s = node(t, "server.js", options)
	var port int
	if _, err := fmt.Sscanf(s.next(`{"port":`), `{"port":%d}`, &port); err != nil {
		t.Fatal(err)
	}
	return s, fmt.Sprintf("127.0.0.1:%d", port)
}
