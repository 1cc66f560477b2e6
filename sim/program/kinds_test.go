package program_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"strata/sim/dns"
	"strata/sim/host"
	"strata/sim/http"
	"strata/sim/program"
)

// Every setting can be named and is explained, and what else a program exports
// is what it found.
func TestKindsAreDescribed(t *testing.T) {
	names := map[string]bool{}
	for _, k := range program.Kinds {
		if names[k.Name] || !strings.HasSuffix(k.Doc, ".") {
			t.Errorf("kind %q: listed twice, or without a sentence: %q", k.Name, k.Doc)
		}
		names[k.Name] = true
		if k.New() == k.New() {
			t.Errorf("%s: New gives the same program twice", k.Name)
		}
		describe(t, k.Name, reflect.TypeOf(k.New()).Elem())
	}
}

func describe(t *testing.T, what string, typ reflect.Type) {
	settings := map[string]bool{}
	for i := range typ.NumField() {
		f := typ.Field(i)
		name, doc := f.Tag.Get("yaml"), f.Tag.Get("doc")
		if name == "" {
			continue
		}
		if settings[name] || strings.ToLower(name) != name || !strings.HasSuffix(doc, ".") {
			t.Errorf("%s: setting %q is named twice, not in lower case, or not explained: %q", what, name, doc)
		}
		settings[name] = true
		if f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct {
			describe(t, what+" "+name, f.Type.Elem())
		}
	}
	if len(settings) == 0 {
		t.Errorf("%s has no settings", what)
	}
}

// Each program names the setting that is wrong, and where it is.
func TestCheck(t *testing.T) {
	sender := &program.Sender{Network: "tcp", To: "server:80", Text: "x"}
	script := &program.Script{Steps: []program.Step{{Dial: "10.0.0.1:80"}, {Write: "x", Read: 1}}}
	http := &http.Server{Listen: ":80", Pages: []http.Page{{Path: "index.html"}}}
	zone := &dns.Server{Listen: ":53", Zone: "example", Records: []string{"www A 10.0.0.1", "www A ten"}}
	for _, c := range []struct {
		p     host.Program
		field any
		want  string
	}{
		{sender, &sender.To, `to: "server:80" is not an address`},
		{script, &script.Steps[1], "step 2: a step does exactly one thing"},
		{http, &http.Pages[0].Path, `pages[0]: path: "index.html" is not a path`},
		{zone, &zone.Records[1], "records[1]: \"www A ten\" is not a record"},
	} {
		err := host.Check(c.p)
		var wrong *host.SettingError
		if !errors.As(err, &wrong) || wrong.Field != c.field || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	const to = "10.0.0.1:80"
	zone := func(record string) host.Program {
		return &dns.Server{Listen: ":53", Zone: "example", Records: []string{record}}
	}
	script := func(steps ...program.Step) host.Program { return &program.Script{Steps: steps} }
	for _, p := range []host.Program{
		&program.Sender{Network: "tcp", To: to},
		&program.Sender{Network: "tcp", To: "[::1]:80", Text: "x"},
		&program.Sender{Network: "tcp", To: "10.0.0.1:0", Text: "x"},
		&program.Sender{Network: "udp", To: to, Size: 65508},
		&program.Receiver{Network: "tcp", Listen: "80"},
		&program.Receiver{Network: "tcp", Listen: ":65536"},
		&program.EchoServer{Network: "tcp", Listen: ":7"},
		&program.EchoClient{Network: "tcp", To: to},
		&program.EchoClient{Network: "udp", To: to, Size: 65508},
		&program.Ping{To: to},
		&program.Ping{To: "::1"},
		&dns.Client{Server: to, Name: "a..b"},
		zone("$INCLUDE /etc/passwd"), zone(" $GENERATE 1-9 a A 10.0.0.$"), zone(""), zone("; remark"),
		zone("www A 10.0.0.1\nftp A 10.0.0.2"), zone("www.example.org. A 10.0.0.1"), zone("www"),
		&http.Client{To: to, Host: "a\r\nX: y"},
		&http.Client{To: to, Requests: []http.Request{{Path: "/a b"}}},
		&http.Client{To: to, Requests: []http.Request{{Method: "GET /"}}},
		&http.Server{Listen: ":80", Pages: []http.Page{{Path: "/", Type: "a\r\nX: y"}}},
		script(program.Step{}), script(program.Step{Write: "x"}), script(program.Step{Accept: true}),
		script(program.Step{Dial: to}, program.Step{Dial: to}),
		script(program.Step{Dial: to}, program.Step{Close: true}, program.Step{Read: 1}),
		script(program.Step{Listen: ":80"}, program.Step{Listen: ":81"}),
	} {
		if err := host.Check(p); err == nil {
			t.Errorf("%+v is taken for good", p)
		}
	}
}
