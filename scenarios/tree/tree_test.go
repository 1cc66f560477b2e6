package tree

import (
	"strings"
	"testing"
	"time"
)

type leaf struct {
	Name  string        `yaml:"name" need:"true"`
	Kind  string        `yaml:"kind" oneof:"host router"`
	Delay time.Duration `yaml:"delay"`
	Nth   []int         `yaml:"nth" range:"1..9" single:"true"`
}

type address struct {
	If   string `yaml:"interface" need:"true"`
	Addr string `yaml:"address" need:"true"`
}

type file struct {
	Nodes []leaf    `yaml:"nodes" keyed:"name" max:"3"`
	Addrs []address `yaml:"addrs" keyed:"interface"`
	On    bool      `yaml:"on"`
	Seed  uint64    `yaml:"seed"`
	Ratio float64   `yaml:"ratio"`
}

func decode(t *testing.T, src string, sets ...string) (*file, error) {
	t.Helper()
	d, err := Parse("f.yaml", []byte(src))
	if err != nil {
		return nil, err
	}
	for _, s := range sets {
		path, value, err := SplitSet(s)
		if err == nil {
			err = d.Set(path, value)
		}
		if err != nil {
			return nil, err
		}
	}
	f := new(file)
	d.Decode(f)
	return f, d.Err()
}

func TestDecode(t *testing.T) {
	f, err := decode(t, `
nodes:
  a: {kind: router, nth: 3}
  b: {delay: 20ms, nth: [1, 2]}
addrs: {eth0: 10.0.0.1/24}
on: true
seed: 7
ratio: 1.5
`)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Nodes) != 2 || f.Nodes[0].Name != "a" || f.Nodes[0].Nth[0] != 3 || f.Nodes[1].Nth[1] != 2 ||
		f.Nodes[1].Delay != 20*time.Millisecond {
		t.Errorf("nodes: %+v", f.Nodes)
	}
	if f.Addrs[0] != (address{"eth0", "10.0.0.1/24"}) || !f.On || f.Seed != 7 || f.Ratio != 1.5 {
		t.Errorf("%+v", f)
	}
}

func TestAliasesAndLists(t *testing.T) {
	f, err := decode(t, "nodes:\n- &x {name: a, delay: 1s}\n- *x\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Nodes) != 2 || f.Nodes[1].Name != "a" {
		t.Errorf("%+v", f.Nodes)
	}
}

func TestSet(t *testing.T) {
	src := "nodes:\n- {name: a, kind: host}\n- {name: b}\n"
	f, err := decode(t, src, "nodes.b.kind=router", "nodes.0.delay=3ms", "seed=9")
	if err != nil {
		t.Fatal(err)
	}
	if f.Nodes[1].Kind != "router" || f.Nodes[0].Delay != 3*time.Millisecond || f.Seed != 9 {
		t.Errorf("%+v", f)
	}
	for set, want := range map[string]string{
		"nodes.c.kind=host":    `there is no key "c"; there are: a, b`,
		"nodes.a.kind=hots":    `--set nodes.a.kind=hots: there is no kind "hots"; did you mean "host"?`,
		"nodes.a.delay=\x1b[m": `--set nodes.a.delay=?[m: delay: "?[m" is not a time`,
		"nodes.a.knid=host":    `--set nodes.a.knid=host: there is no key "knid"; did you mean "kind"?`,
		"seed":                 "write it as PATH=VALUE",
	} {
		_, err := decode(t, src, set)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", set, err, want)
		}
	}
}

func TestProblems(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"", "f.yaml:1:1: the file is empty"},
		{"nodes:\n  a: {knid: host}", `f.yaml:2:7: there is no key "knid"; did you mean "kind"?`},
		{"nodes:\n  a: {kind: [x]}", `f.yaml:2:13: kind must be text, not a list`},
		{"nodes:\n- {kind: host}", `f.yaml:2:4: nodes: "name" is missing`},
		{"on: yes", `f.yaml:1:5: on must be true or false, not "yes"`},
		{"seed: -1", `f.yaml:1:7: seed must be a whole number from 0, not "-1"`},
		{"nodes:\n  a:\n    delay: 20", `f.yaml:3:12: delay: "20" is not a time; write 20ms, 1.5s or 2m`},
		{"nodes:\n  a: {nth: 10}", `f.yaml:2:12: nth 10 is out of bounds; 1 to 9`},
		{"nodes: {a: {}, b: {}, c: {}, d: {}}", "f.yaml:1:9: nodes has 4 elements; at most 3 are allowed"},
		{"on: true\non: true", `f.yaml:2:1: "on" is here twice (first in line 1); keep one`},
		{"on:", `f.yaml:1:1: on has no value; give it one, or delete the line`},
		{"on: true\n---\non: true", "a second document begins here"},
		{"on: \"a\x00\"", "f.yaml:1:7: a zero byte"},
		{"on: true\nx: \xff", "f.yaml:2:4: this is not UTF-8 text"},
		{"nodes: *a", "f.yaml:1:8: there is no anchor &a before this"},
		{"nodes: &a [*a]", "*a contains itself"},
		{"on: [", "f.yaml:1:5: not valid YAML"},
		{"on: !!bool true", "f.yaml:1:5: tags like !!bool are not used in scenarios"},
		{strings.Repeat("[", 200), "f.yaml:1:49: this nests deeper than 48 levels"},
		{strings.Repeat("- ", 200), "f.yaml:1:97: this nests deeper than 48 levels"},
		{strings.Repeat("#", MaxBytes+1), "f.yaml: the file has more than 65536 bytes; a scenario may not"},
	} {
		_, err := decode(t, c.src)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40q: got\n%v, want\n%s", c.src, err, c.want)
		}
	}
}

func TestAliasBomb(t *testing.T) {
	src := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 10; i++ {
		a := string(rune('0' + i - 1))
		src += "a" + string(rune('0'+i)) + ": &a" + string(rune('0'+i)) + " [" + strings.Repeat("*a"+a+", ", 9) + "*a" + a + "]\n"
	}
	start := time.Now()
	_, err := decode(t, src)
	if err == nil || !strings.Contains(err.Error(), "use fewer aliases") {
		t.Errorf("got %v", err)
	}
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("took %v", d)
	}
}

func TestEveryProblemIsReported(t *testing.T) {
	_, err := decode(t, "on: 1\nseed: x\nnodes:\n  a: {kind: cat}\n")
	if n := strings.Count(err.Error(), "\n") + 1; n != 3 {
		t.Errorf("%d problems:\n%v", n, err)
	}
}
