package scenarios

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"strata/layers"
	"strata/scenarios/tree"
	"strata/sim/record"
	"strata/trace"
	"strata/trace/quiz"
)

// Failure is a claim that a run does not keep.
type Failure struct {
	Found tree.Problem // at the claim's place: what was expected, what was found
	That  string       // the claim in words
	Path  string       // of what makes it in the file: "expect.2"
}

// String is the failure in one line, with the claim's place.
func (f Failure) String() string {
	p := f.Found
	p.Text = f.That + ": " + p.Text
	return p.Error()
}

// claim is one kind of claim: it says what is wrong with the events found, or "".
type claim struct {
	given bool
	wrong func(v *verifier, x *Expectation, found []trace.EventID) string
}

// claimsOf are the claims that an expectation makes.
func claimsOf(x *Expectation) []claim {
	all := []claim{
		{x.Count != nil || x.AtLeast != nil || x.AtMost != nil, (*verifier).count},
		{x.At != nil, (*verifier).at},
		{x.Gaps != nil, (*verifier).gaps},
		{x.Nodes != nil, (*verifier).nodes},
		{x.Payload != nil, (*verifier).payloads},
		{x.Nested != nil, (*verifier).nested},
		{x.Text != nil, (*verifier).texts},
		{x.SHA256 != nil, (*verifier).hashes},
		{x.SameAs != nil, (*verifier).sameAs},
		{x.Values != nil, (*verifier).values},
		{x.Rises != nil, (*verifier).rises},
		{x.Same != nil || x.Differ != nil, (*verifier).compare},
		{x.Before != nil, (*verifier).before},
		{x.Share != nil, (*verifier).share},
		{x.State != nil, (*verifier).state},
		{x.Stats != nil, (*verifier).stat},
	}
	return slices.DeleteFunc(all, func(c claim) bool { return !c.given })
}

// verifier checks claims on one run.
type verifier struct {
	*finder
	stats record.Stats
}

// Verify checks what the scenario expects of a run, and that each narration
// and each prompt has its event.
func (s *Scenario) Verify(log *trace.Log, stats record.Stats) []Failure {
	v := &verifier{finder: newFinder(log), stats: stats}
	var failures []Failure
	fail := func(field any, list string, i int, that, text string) {
		found := tree.Problem{File: s.doc.File, Pos: s.doc.Pos(field), Text: text}
		failures = append(failures, Failure{found, oneLine(that), list + "." + strconv.Itoa(i)})
	}
	for i := range s.file.Narration {
		if n := &s.file.Narration[i]; len(v.find(&n.On)) == 0 {
			fail(n, "narration", i, "narration", "no event matches, so this is never said")
		}
	}
	asked := map[trace.EventID]bool{}
	for i := range s.file.Prompts {
		p := &s.file.Prompts[i]
		found := v.told(&p.On)
		if len(found) == 0 {
			fail(p, "prompts", i, "prompt", "no event matches, so this is never asked")
		}
		for _, id := range found {
			if _, err := quiz.Ask(log, id, v.prompt(p)); err != nil {
				fail(p, "prompts", i, "prompt", err.Error())
			}
			if asked[id] {
				fail(p, "prompts", i, "prompt", "another question waits at the same step, so one of them is never asked")
			}
			asked[id] = true
		}
	}
	for i := range s.file.Expect {
		x := &s.file.Expect[i]
		found := v.find(&x.Match)
		for _, c := range claimsOf(x) {
			if text := c.wrong(v, x, found); text != "" {
				fail(x, "expect", i, x.That, text)
			}
		}
	}
	return failures
}

func differs(expected, found any) string {
	e, f := fmt.Sprint(expected), fmt.Sprint(found)
	if e == f {
		return ""
	}
	return fmt.Sprintf("expected %s, found %s", tree.Plain(e), tree.Plain(f))
}

func (v *verifier) count(x *Expectation, found []trace.EventID) string {
	n := len(found)
	switch {
	case x.Count != nil && n != *x.Count:
		return fmt.Sprintf("expected %d events, found %d", *x.Count, n)
	case x.AtLeast != nil && n < *x.AtLeast:
		return fmt.Sprintf("expected at least %d events, found %d", *x.AtLeast, n)
	case x.AtMost != nil && n > *x.AtMost:
		return fmt.Sprintf("expected at most %d events, found %d", *x.AtMost, n)
	}
	return ""
}

func (v *verifier) times(found []trace.EventID) []time.Duration {
	var out []time.Duration
	for _, n := range found {
		out = append(out, time.Duration(v.log.Event(n).Time))
	}
	return out
}

func near(expected, found []time.Duration, within time.Duration) string {
	if slices.EqualFunc(expected, found, func(a, b time.Duration) bool { return (a - b).Abs() <= within }) {
		return ""
	}
	return fmt.Sprintf("expected %v within %v, found %v", expected, within, found)
}

func (v *verifier) at(x *Expectation, found []trace.EventID) string {
	return near(x.At, v.times(found), x.Within)
}

func (v *verifier) gaps(x *Expectation, found []trace.EventID) string {
	t := v.times(found)
	for i := len(t) - 1; i > 0; i-- {
		t[i] -= t[i-1]
	}
	return near(x.Gaps, t[min(1, len(t)):], x.Within)
}

func (v *verifier) nodes(x *Expectation, found []trace.EventID) string {
	var names []string
	for _, n := range found {
		names = append(names, v.log.Info().Nodes[v.log.Event(n).Node].Name)
	}
	return differs(x.Nodes, names)
}

func (v *verifier) payloads(x *Expectation, found []trace.EventID) string {
	var sizes []int
	for _, n := range found {
		id := v.log.Event(n).PDU
		size := v.payload(id)
		if size < 0 { // no transport in it: what lies in the PDU itself
			size = 0
			for _, s := range v.log.Parents(id) {
				size += int(s.Len)
			}
		}
		sizes = append(sizes, size)
	}
	return differs(x.Payload, sizes)
}

// nested compares the sizes in each event's PDU, from the inside out. Of a
// frame come up to three: header and payload, with padding, with FCS.
func (v *verifier) nested(x *Expectation, found []trace.EventID) string {
	for _, n := range found {
		var sizes []int64
		for id := v.log.Event(n).PDU; id != 0; {
			p := v.log.PDU(id)
			size := v.log.Size(id)
			sizes = append(sizes, size)
			if p.Proto == layers.Ethernet && p.Tail >= layers.FCSSize {
				sizes = append(sizes, size-layers.FCSSize, int64(p.Head)+int64(p.Len))
			}
			parents := v.log.Parents(id)
			if len(parents) != 1 {
				break
			}
			id = parents[0].Of
		}
		slices.Reverse(sizes)
		if text := differs(x.Nested, slices.Compact(sizes)); text != "" {
			return text
		}
	}
	return ""
}

func (v *verifier) bytes(n trace.EventID) []byte {
	id := v.log.Event(n).PDU
	return v.log.Append(nil, id, 0, v.log.Size(id))
}

func (v *verifier) texts(x *Expectation, found []trace.EventID) string {
	if len(found) != len(x.Text) {
		return fmt.Sprintf("expected %d events, found %d", len(x.Text), len(found))
	}
	for i, n := range found {
		if text := differs(strconv.Quote(x.Text[i]), strconv.Quote(string(v.bytes(n)))); text != "" {
			return fmt.Sprintf("number %d: %s", i+1, text)
		}
	}
	return ""
}

func (v *verifier) digests(found []trace.EventID) []string {
	var out []string
	for _, n := range found {
		sum := sha256.Sum256(v.bytes(n))
		out = append(out, hex.EncodeToString(sum[:]))
	}
	return out
}

func (v *verifier) hashes(x *Expectation, found []trace.EventID) string {
	return differs(x.SHA256, v.digests(found))
}

func (v *verifier) sameAs(x *Expectation, found []trace.EventID) string {
	others := v.digests(v.find(x.SameAs))
	digests := v.digests(found)
	switch {
	case len(digests) == 0:
		return "no event matches"
	case len(digests) != len(others):
		return fmt.Sprintf("there are %d events here, and %d of the others", len(digests), len(others))
	}
	for i := range digests {
		if digests[i] != others[i] {
			return fmt.Sprintf("number %d has other bytes: sha256 %s, expected %s", i+1, digests[i], others[i])
		}
	}
	return ""
}

// fieldTexts is what a header field is in each event.
func (v *verifier) fieldTexts(name string, found []trace.EventID) []string {
	out := []string{}
	for _, n := range found {
		text := "absent"
		if nodes := v.fields(n, name); len(nodes) > 0 {
			text = nodes[0].Show
		}
		out = append(out, text)
	}
	return out
}

func (v *verifier) values(x *Expectation, found []trace.EventID) string {
	for _, f := range x.Values {
		if len(f.Are) != len(found) {
			return fmt.Sprintf("expected %d events, found %d", len(f.Are), len(found))
		}
		for i, n := range found {
			if !v.hasField(n, f.Name, f.Are[i]) {
				return fmt.Sprintf("%s: expected %v, found %v", f.Name, f.Are, v.fieldTexts(f.Name, found))
			}
		}
	}
	return ""
}

// rises compares 32-bit numbers, as sequence numbers are: they wrap.
func (v *verifier) rises(x *Expectation, found []trace.EventID) string {
	for _, f := range x.Rises {
		by := []int{}
		for i := 1; i < len(found); i++ {
			a := v.fields(found[i-1], f.Name)
			b := v.fields(found[i], f.Name)
			if len(a) == 0 || len(b) == 0 {
				return fmt.Sprintf("there is no %s in number %d or %d", f.Name, i, i+1)
			}
			by = append(by, int(int32(b[0].Uint-a[0].Uint)))
		}
		if text := differs(f.By, by); text != "" {
			return f.Name + ": " + text
		}
	}
	return ""
}

func (v *verifier) compare(x *Expectation, found []trace.EventID) string {
	if len(found) < 2 {
		return fmt.Sprintf("expected at least 2 events to compare, found %d", len(found))
	}
	for _, name := range x.Same {
		texts := v.fieldTexts(name, found)
		if texts[0] == "absent" || len(slices.Compact(slices.Clone(texts))) != 1 {
			return fmt.Sprintf("expected %s to stay the same, found %v", name, texts)
		}
	}
	for _, name := range x.Differ {
		texts := v.fieldTexts(name, found)
		if texts[0] == "absent" || len(slices.Compact(slices.Clone(texts))) != len(texts) {
			return fmt.Sprintf("expected %s to change each time, found %v", name, texts)
		}
	}
	return ""
}

func (v *verifier) before(x *Expectation, found []trace.EventID) string {
	after := v.find(x.Before)
	switch {
	case len(found) == 0:
		return "no event matches"
	case len(after) == 0:
		return "no event matches what it is to be before"
	case found[len(found)-1] >= after[0]:
		return fmt.Sprintf("expected event %d before event %d", found[len(found)-1], after[0])
	}
	return ""
}

func (v *verifier) share(x *Expectation, found []trace.EventID) string {
	of := len(v.find(&x.Share.Of))
	if of == 0 {
		return "there is nothing to be a share of"
	}
	share := float64(len(found)) / float64(of)
	if off := share - float64(x.Share.Is); max(off, -off) <= float64(x.Share.Within) {
		return ""
	}
	return fmt.Sprintf("expected %.4g %% within %.4g %%, found %d of %d, which is %.4g %%",
		100*float64(x.Share.Is), 100*float64(x.Share.Within), len(found), of, 100*share)
}

// state looks at the tables after the last event found; at the end when no
// match was asked for.
func (v *verifier) state(x *Expectation, found []trace.EventID) string {
	if len(found) == 0 {
		return "no event matches"
	}
	state := v.log.State(found[len(found)-1])
	for _, want := range x.State {
		values := []string{}
		for _, e := range state.Table(v.finder.nodes[want.Node], want.Table) {
			if e.Slot.Field == want.Field && (want.Key == "" || glob(want.Key, e.Slot.Key)) {
				values = append(values, e.Show)
			}
		}
		if len(values) == 0 && want.Value == "none" {
			continue
		}
		if !slices.Contains(values, string(want.Value)) {
			return fmt.Sprintf("expected %s's %s %s %s to be %s, found %s", want.Node, want.Table, want.Key, want.Field,
				tree.Plain(string(want.Value)), tree.Plain("["+strings.Join(values, " ")+"]"))
		}
	}
	return ""
}

func (v *verifier) stat(x *Expectation, _ []trace.EventID) string {
	for _, s := range x.Stats {
		got := map[string]int64{
			"packet_hops": v.stats.PacketHops, "bytes_sent": v.stats.BytesSent, "bytes_delivered": v.stats.BytesDelivered,
			"retransmissions": v.stats.Retransmissions, "drops": v.stats.Drops,
		}[s.Name]
		if got != s.Value {
			return fmt.Sprintf("%s: expected %d, found %d", s.Name, s.Value, got)
		}
	}
	return ""
}
