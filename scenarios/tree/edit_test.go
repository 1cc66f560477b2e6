package tree

import (
	"reflect"
	"strings"
	"testing"
)

const original = `# A file.
nodes:
  a: {kind: host, delay: 1s} # the first
  b:   # the second
    kind: router   # routes

    delay: 20ms
  # the third
  c:
    kind: host
    nth:
      - 1 # one
      - 2

# Places.
addrs: {eth0: 10.0.0.1/24}
seed: 7
`

func TestEdit(t *testing.T) {
	for _, c := range []struct{ path, value, before, after string }{
		{"seed", "9", "seed: 7", "seed: 9"},
		{"nodes.a.delay", "3ms", "delay: 1s}", "delay: 3ms}"},
		{"nodes.b.kind", "host", "kind: router   # routes", "kind: host   # routes"},
		{"nodes.b.nth", "[3, 4]", "delay: 20ms\n", "delay: 20ms\n    nth: [3, 4]\n"},
		{"nodes.a.nth", "4", "delay: 1s}", "delay: 1s, nth: 4}"},
		{"nodes.c.nth.+", "3", "- 2\n", "- 2\n      - 3\n"},
		{"nodes.b.nth.+", "3", "delay: 20ms\n", "delay: 20ms\n    nth: [3]\n"},
		{"nodes.b.nth.+", "{x: 3}", "delay: 20ms\n", "delay: 20ms\n    nth:\n      - {x: 3}\n"},
		{"nodes.a.nth.+", "3", "delay: 1s}", "delay: 1s, nth: [3]}"},
		{"nodes.c.nth.0", "8", "- 1 # one", "- 8 # one"},
		{"on", "true", "seed: 7\n", "seed: 7\non: true\n"},
		{"addrs.eth0", "a b", "10.0.0.1/24", "a b"},
		{"addrs.eth1", `"x: y"`, "10.0.0.1/24", `10.0.0.1/24, eth1: "x: y"`},
		{"nodes.b", "{kind: host}", "kind: router   # routes\n\n    delay: 20ms", "{kind: host}"},
	} {
		got, err := Edit("f", []byte(original), reflect.TypeFor[file](), c.path, c.value)
		if want := strings.Replace(original, c.before, c.after, 1); err != nil || string(got) != want {
			t.Errorf("%s=%s: %v\n%s", c.path, c.value, err, got)
		}
	}
}

func TestRemove(t *testing.T) {
	for _, c := range []struct{ path, before, after string }{
		{"seed", "seed: 7\n", ""},
		{"nodes.c.nth.0", "      - 1 # one\n", ""},
		{"nodes.c.nth.1", "      - 2\n", ""},
		{"nodes.a.kind", "kind: host, delay", "delay"},
		{"nodes.a.delay", ", delay: 1s", ""},
		{"nodes.b.kind", "    kind: router   # routes\n", ""},
	} {
		got, err := Remove("f", []byte(original), c.path)
		if want := strings.Replace(original, c.before, c.after, 1); err != nil || string(got) != want {
			t.Errorf("%s: %v\n%s", c.path, err, got)
		}
	}
}

// What is written in one place and used in two is written anew.
func TestEditOfShared(t *testing.T) {
	src := "# Kept.\n\nnodes:\n  a: &x {kind: host} # lost\n  b: *x\n"
	for _, path := range []string{"nodes.a.delay", "nodes.b.delay"} {
		got, err := Edit("f", []byte(src), reflect.TypeFor[file](), path, "1s")
		if err != nil {
			t.Fatal(err)
		}
		want := "# Kept.\n\nnodes:\n  a: {kind: host}\n  b: {kind: host}\n"
		name := strings.Split(path, ".")[1]
		want = strings.Replace(want, name+": {kind: host", name+": {kind: host, delay: 1s", 1)
		if string(got) != want {
			t.Errorf("%s:\n%s", path, got)
		}
	}
}

// FuzzEdit: whatever the text, an edit means what Set means.
func FuzzEdit(f *testing.F) {
	for _, s := range []string{
		original, "a: b", "a: {b: c}\n", "a:\n- b\n- c: d\n", "a: |\n  x\n  y\n\nb: >-\n  z\n", "a: &x [1]\nb: *x", "a: 'x\n  y'\n", "{a: [b]}",
		"a: \"\\x07\\u2028\"\n", "é: {ü: ö}", "a:\r\n  b: c\r\n  d: e # f\r\n", "a: {}", "a: []\n# end", "? a\n: b\n", "- a\n- b: c",
	} {
		for _, at := range []string{"a", "a.b", "a.+", "b.c", "0", "seed", "nodes.a.delay", "é.ü"} {
			f.Add([]byte(s), at, "[x, {y: 1.5}]")
		}
	}
	f.Fuzz(func(t *testing.T, src []byte, path, value string) {
		d, err := Parse("f", src)
		if err != nil || len(src) > 4096 {
			return
		}
		d.Type = reflect.TypeFor[file]()
		wanted := d.Set(path, value)
		got, err := Edit("f", src, d.Type, path, value)
		if (err == nil) != (wanted == nil) {
			t.Fatalf("Set: %v, Edit: %v", wanted, err)
		}
		if err != nil {
			return
		}
		now, err := Parse("f", got)
		if err != nil {
			t.Fatalf("%v\n%s", err, got)
		}
		if !now.root.equal(d.root) {
			t.Fatalf("became\n%s", got)
		}
	})
}
