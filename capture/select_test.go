package capture

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"strata/layers"
	"strata/layers/filter"
	"strata/layers/pdml"
	"strata/testdata/need"
)

// The filters of layers/filter are held to tshark there with each frame read
// alone; here with what the other frames of a file tell: streams, what they
// carry, what their secrets open.

// listeners is a script that makes tshark judge many filters in one pass: a
// line each for a frame and the number of a filter that it passes, or 0 and the
// frame's protocols; frame 0: the filter is none.
const listeners = `
local n, protos = 0, Field.new("frame.protocols")
local every = Listener.new("frame")
function every.packet(pinfo) io.write(pinfo.number, " 0 ", tostring(protos()), "\n") end
for line in io.lines(os.getenv("STRATA_FILTERS")) do
  n = n + 1
  local i = n
  local ok, tap = pcall(Listener.new, "frame", line)
  if ok then
    function tap.packet(pinfo) io.write(pinfo.number, " ", i, "\n") end
  else
    io.write("0 ", i, "\n")
  end
end
`

// checked makes tshark find wrong sums. What has one it does not put together
// then, so it is asked of frames alone.
var checked = []string{"-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"}

// manyTshark gives the numbers of frames that each filter selects, and the
// protocols of each frame.
func manyTshark(t *testing.T, path string, texts []string, args ...string) (selected [][]int, protos []string) {
	t.Helper()
	dir := t.TempDir()
	script, list := filepath.Join(dir, "many.lua"), filepath.Join(dir, "filters")
	for name, text := range map[string]string{script: listeners, list: strings.Join(texts, "\n") + "\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := runTshark(t, append([]string{"-q", "-X", "lua_script:" + script, "-r", path}, args...), "STRATA_FILTERS="+list)
	selected = make([][]int, len(texts))
	for line := range bytes.Lines(out) {
		var frame, i int
		var list string
		if n, _ := fmt.Sscan(string(line), &frame, &i, &list); n < 2 || i > len(texts) {
			t.Fatalf("%s: tshark says %q", path, line)
		}
		switch {
		case i == 0:
			protos = append(protos, list)
		case frame == 0:
			t.Fatalf("%s: tshark does not take it", texts[i-1])
		default:
			selected[i-1] = append(selected[i-1], frame)
		}
	}
	return selected, protos
}

// oneTshark is what tshark -Y itself selects.
func oneTshark(t *testing.T, path, text string, args ...string) (frames []int) {
	t.Helper()
	out := runTshark(t, append([]string{"-r", path, "-Y", text, "-T", "fields", "-e", "frame.number"}, args...))
	for _, word := range strings.Fields(string(out)) {
		n, err := strconv.Atoi(word)
		if err != nil {
			t.Fatalf("%s: tshark says %q", path, word)
		}
		frames = append(frames, n)
	}
	return frames
}

// runTshark gives what tshark prints, though it may complain of the file's end.
func runTshark(t *testing.T, args []string, env ...string) []byte {
	t.Helper()
	cmd := exec.Command(need.Tool(t, "tshark"), append(args, "-n")...)
	cmd.Env = slices.Concat(os.Environ(), []string{"TZ=UTC"}, env)
	out, err := cmd.Output()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	return out
}

// filterList are the filters of a file in layers/filter/testdata.
func filterList(t *testing.T, name string) (texts []string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../layers/filter/testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimRight(line, "\n"); line != "" && !strings.HasPrefix(line, "# ") {
			texts = append(texts, line)
		}
	}
	return texts
}

// unread are protocols that tshark finds in a frame and that are not read here:
// those with others in them, and those without.
func unread(protos string) (around, inside bool) {
	protos = strings.ReplaceAll(protos, "pim:ip", "ip")
	for name := range strings.SplitSeq(protos, ":") {
		switch {
		case known[name]:
			around = inside
		case !strings.HasPrefix(name, "x509") && !parts[name]:
			inside = true
		}
	}
	return around, inside
}

var (
	known = func() map[string]bool {
		names := map[string]bool{}
		for _, p := range layers.Protos() {
			names[p.Filter()] = p != layers.Data
		}
		return names
	}()
	// parts are dissectors of tshark's that are parts of protocols, and what any
	// protocol may carry.
	parts = map[string]bool{"ethertype": true, "data": true, "pkcs-1": true, "data-text-lines": true, "urlencoded-form": true}
	// within is what filters ask for that changes with what is read in a frame's
	// last protocol.
	within = regexp.MustCompile(`\b(data|http|dns|tls)\b|_ws\.|frame\.protocols`)
)

// judge says whether a filter is to select a frame, with these protocols, as
// tshark does: not where it tells of what tshark reads and we do not, or we and
// tshark 4.0 does not.
func judge(text, protos string) bool {
	around, inside := unread(protos)
	switch {
	case around, inside && within.MatchString(text):
		return false
	case strings.Contains(protos, "websocket"), strings.Contains(text, "json") && strings.Contains(protos, "http"):
		// It hands on nothing of a WebSocket's messages, nor of Engine.IO's
		// packets in HTTP's bodies, and unpacks no message of several frames.
		return !strings.Contains(text, "json") && !strings.Contains(text, "mqtt") && !strings.Contains(text, "websocket.payload.text contains")
	}
	return true
}

// compareSelections tells which filters select other frames of a file than
// tshark's do.
func compareSelections(t *testing.T, f *File, path string, texts []string, alone bool, args ...string) (differ []string) {
	t.Helper()
	if alone {
		args = slices.Concat(args, pdml.Alone, checked)
	} else {
		texts = slices.DeleteFunc(slices.Clone(texts), func(text string) bool {
			return strings.Contains(text, "checksum") || strings.Contains(text, "_ws.expert")
		})
	}
	wants, protos := manyTshark(t, path, texts, args...)
	if len(protos) == 0 { // it cannot read the file
		return nil
	}
	selected, waited := manyOurs(t, f, texts, alone)
	for i, got := range selected {
		no := func(n int) bool { return n > len(protos) || waited[n-1] || !judge(texts[i], protos[n-1]) }
		got = slices.DeleteFunc(got, no)
		if slices.Equal(got, slices.DeleteFunc(wants[i], no)) {
			continue
		}
		want := slices.DeleteFunc(oneTshark(t, path, texts[i], args...), no)
		if slices.Equal(got, want) {
			continue
		}
		differ = append(differ, texts[i])
		t.Logf("%s: %s: only here %s, only tshark %s", filepath.Base(path), texts[i], without(got, want), without(want, got))
	}
	return differ
}

// waits says whether a frame has an answer within TLS that ends with the
// connection: tshark waits for the rest of it, and never shows it.
func waits(tree *layers.Tree) bool {
	for _, p := range tree.Parts {
		if p.Proto != layers.HTTP || !tree.Decrypted(p.In) {
			continue
		}
		named := func(name string) bool {
			return slices.ContainsFunc(p.Fields, func(n layers.Node) bool { return n.Field.Name == name })
		}
		if named("http.response") && !named("http.content_length_header") && !named("http.transfer_encoding") {
			return true
		}
	}
	return false
}

// manyOurs gives the numbers of frames that each filter selects, with every
// frame taken apart once, and which frames tshark waits with.
func manyOurs(t *testing.T, f *File, texts []string, alone bool) (selected [][]int, waited []bool) {
	t.Helper()
	selected = make([][]int, len(texts))
	by := make([]*filter.Filter, len(texts))
	for i, text := range texts {
		var err error
		if by[i], err = filter.Parse(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	for n := range f.Frames() {
		tree, _, err := f.Dissect(n, alone)
		if err != nil {
			t.Fatal(err)
		}
		facts := f.Facts(n)
		waited = append(waited, waits(tree))
		for i := range by {
			if by[i].Match(tree, facts) {
				selected[i] = append(selected[i], n+1)
			}
		}
	}
	for i := 0; i < len(by); i += 50 { // what Select finds is what Match says
		got := f.pick(nil, by[i], 0, f.Frames(), alone)
		for k := range got {
			got[k]++
		}
		if !slices.Equal(got, selected[i]) {
			t.Errorf("%s: Select finds %d frames, Match %d", texts[i], len(got), len(selected[i]))
		}
	}
	return selected, waited
}

// without tells the first numbers of a that b has not.
func without(a, b []int) string {
	has := map[int]bool{}
	for _, n := range b {
		has[n] = true
	}
	only := slices.DeleteFunc(slices.Clone(a), func(n int) bool { return has[n] })
	return fmt.Sprint(len(only), only[:min(len(only), 6)])
}

// TestSelectsLikeTshark: in our own captures every filter selects what tshark -Y
// selects, with reassembly and without.
func TestSelectsLikeTshark(t *testing.T) {
	time.Local = time.UTC
	texts := append(filterList(t, "filters.txt"), filterList(t, "upper.txt")...)
	for _, name := range ownCaptures {
		f, path := openOwn(t, name), filepath.Join("../testdata", name)
		for _, alone := range []bool{false, true} {
			held(t, compareSelections(t, f, path, texts, alone), path, len(texts))
		}
	}
	for _, p := range programs {
		var args []string
		if p.keys != "" {
			args = []string{"-o", "tls.keylog_file:../testdata/" + p.keys}
		}
		held(t, compareSelections(t, p.open(t), p.path(), texts, false, args...), p.path(), len(texts))
	}
}

func held(t *testing.T, differ []string, path string, of int) {
	t.Helper()
	if len(differ) > 0 {
		t.Errorf("%s: %d filters of %d differ", path, len(differ), of)
	}
}

// reasons are the captures of others in which filters select other frames than
// tshark 4.0's, which filters, and why.
var reasons = []struct{ file, filters, why string }{
	{"postgresql__http-on-port-5432", `http`, "tshark waits for a message of PostgreSQL, by the port; it is HTTP"},
	{"http__connect-with-header", `http`, "tshark repeats an HTTP header without bytes over each segment of a tunnel that HTTP opened"},
	{"http__byteranges", `^tcp\.payload`, "tshark has no payload of the segment that completes a body of several parts"},
	{"redis__oss-fuzz-473580107", `http`, "tshark takes a head that a FIN cuts for a message"},
	{"tcp__reassembly", `http`, "tshark takes a head that a FIN cuts for a message"},
	{"erspan", `http`, "the segments lie in packets that came in fragments, and streams of those are not followed here"},
	{"pbb-recursive-frames", `dns`, "tshark gives up after some hundred headers in one frame"},
	{"tunnels__gtp__", `data\.len`, "of GTP only what carries packets is read here; tshark reads its control messages, too"},
	{"trunc__ip4-trunc", `len\(ip\)`, "tshark takes the cut bytes for the header"},
	{"", `^_ws\.(malformed|short)$`, "what is cut and malformed as well: which tshark says depends on what it looks for first"},
}

// reasoned gives the reason why a filter selects other frames of a file.
func reasoned(path, text string) string {
	for _, r := range reasons {
		if strings.HasPrefix(filepath.Base(path), r.file) && regexp.MustCompile(r.filters).MatchString(text) {
			return r.why
		}
	}
	return ""
}

// TestCorpusSelectsLikeTshark is the same for captures of others, of which many
// are broken on purpose. Some minutes.
func TestCorpusSelectsLikeTshark(t *testing.T) {
	some := os.Getenv("STRATA_LONG") // a part of the names, or 1 for all
	if some == "" {
		t.Skip("set STRATA_LONG to hold all filters to tshark over the corpus")
	}
	time.Local = time.UTC
	texts := filterList(t, "filters.txt")
	for _, alone := range []bool{false, true} {
		all, files := map[string]int{}, 0
		for _, path := range need.Corpus(t) {
			if some != "1" && !strings.Contains(path, some) {
				continue
			}
			f, err := Open(path, nil)
			if err != nil {
				continue
			}
			f.Wait(math.MaxInt)
			for _, text := range compareSelections(t, f, path, texts, alone) {
				all[text]++
				if reasoned(path, text) == "" {
					t.Errorf("%s, alone %v: %s selects other frames, for no known reason", filepath.Base(path), alone, text)
				}
			}
			files++
			f.Close()
		}
		differ := 0
		for _, n := range all {
			differ += n
		}
		t.Logf("alone %v: %d filters of %d differ in some of %d files, %d times: %v", alone, len(all), len(texts), files, differ, all)
		if some == "1" && differ*1000 > files*len(texts) {
			t.Errorf("alone %v: more than 0.1 %% of all selections differ", alone)
		}
	}
}
