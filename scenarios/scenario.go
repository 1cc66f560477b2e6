package scenarios

import (
	"errors"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"strata/scenarios/tree"
	"strata/sim"
	"strata/trace"
)

// Scenario is a checked scenario file.
type Scenario struct {
	src    []byte // as it was before the sets
	sets   []string
	doc    *tree.Doc
	file   File
	names  *names
	config sim.Config // without its programs
}

// Open loads a scenario: a built-in one by its name, or a file by its path,
// which ends in .yaml or .yml or names a folder. Each set is "PATH=VALUE", an
// override like "links.wan.loss=2%". An error about what the file says is
// tree.Problems or a tree.Problem: one line each, with file:line:column.
func Open(nameOrPath string, sets ...string) (*Scenario, error) {
	if src, ok := Source(nameOrPath); ok {
		return Parse(nameOrPath+".yaml", src, sets...)
	}
	ext := filepath.Ext(nameOrPath)
	if ext != ".yaml" && ext != ".yml" && !strings.ContainsRune(nameOrPath, filepath.Separator) {
		return nil, NotBuiltIn(nameOrPath)
	}
	src, err := readFile(nameOrPath)
	if err != nil {
		return nil, err
	}
	return Parse(nameOrPath, src, sets...)
}

// readFile reads no more than a scenario may have, plus one byte to notice.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, cannot(path, err)
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, tree.MaxBytes+1))
	if err != nil { // a folder, say
		return nil, cannot(path, err)
	}
	return src, nil
}

// cannot says what is the matter with which file, and no more.
func cannot(path string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return errors.New(tree.Plain(path) + ": " + err.Error())
}

// Parse loads a scenario from its text; file is its name for errors.
func Parse(file string, src []byte, sets ...string) (*Scenario, error) {
	doc, err := tree.Parse(tree.Plain(file), src)
	if err != nil {
		return nil, err
	}
	doc.Type = reflect.TypeFor[File]()
	for _, s := range sets {
		path, value, err := tree.SplitSet(s)
		if err != nil {
			return nil, err
		}
		if err := doc.Set(path, value); err != nil {
			return nil, err
		}
	}
	s := &Scenario{src: src, sets: sets, doc: doc}
	doc.Decode(&s.file)
	if err := doc.Err(); err != nil {
		return nil, err // names are looked up only in a file of the right form
	}
	s.names = collectNames(doc, &s.file)
	b := builder{names: s.names, file: &s.file, used: map[netip.Addr]string{}}
	s.config = b.config()
	b.programs(doc)
	b.lesson()
	if err := doc.Err(); err != nil {
		return nil, err
	}
	return s, nil
}

// File is what the scenario's file says, with its sets. It is not to be changed.
func (s *Scenario) File() *File { return &s.file }

// Value is what the file has at a path, as tree.Doc.Set goes along one, in one
// line of YAML; "" where it has nothing.
func (s *Scenario) Value(path string) string { return s.doc.Value(path) }

// Text is the scenario's file with its sets written into it.
func (s *Scenario) Text() ([]byte, error) {
	text := s.src
	for _, set := range s.sets {
		path, value, err := tree.SplitSet(set)
		if err != nil {
			return nil, err
		}
		if text, err = tree.Edit(s.doc.File, text, s.doc.Type, path, value); err != nil {
			return nil, err
		}
	}
	return text, nil
}

// Entry is what the list of scenarios says of one.
type Entry struct {
	Name      string `json:"name"`
	Title     string `json:"title"`
	Group     string `json:"group"`
	Teaches   string `json:"teaches"`
	Delivers  bool   `json:"delivers"`   // false where no message can arrive
	BadFrames []int  `json:"bad_frames"` // in the full pcapng, of which tshark will rightly complain
	Hidden    bool   `json:"hidden"`
}

// Entry describes the scenario.
func (s *Scenario) Entry() Entry {
	f := &s.file
	bad := f.BadFrames
	if bad == nil {
		bad = []int{}
	}
	return Entry{f.Name, f.Title, f.Group, f.Teaches, f.Delivers == nil || *f.Delivers, bad, f.Hidden}
}

// Config is what to run: a network with fresh programs each time.
func (s *Scenario) Config() sim.Config {
	c := s.config
	b := builder{names: s.names, file: &s.file}
	c.Programs = b.programs(s.doc)
	return c
}

// Annotate writes the scenario's narration and prompts to the events of a run.
func (s *Scenario) Annotate(log *trace.Log) {
	f := newFinder(log)
	info := log.Info()
	info.Narration = map[trace.EventID]string{}
	info.Prompts = map[trace.EventID]trace.Prompt{}
	for i := range s.file.Narration {
		n := &s.file.Narration[i]
		for _, id := range f.told(&n.On) {
			if before := info.Narration[id]; before != "" {
				info.Narration[id] = before + "\n" + oneLine(n.Say)
				continue
			}
			info.Narration[id] = oneLine(n.Say)
		}
	}
	for i := range s.file.Prompts {
		p := &s.file.Prompts[i]
		for _, id := range f.told(&p.On) {
			info.Prompts[id] = f.prompt(p)
		}
	}
	info.Before = s.file.Before
	for _, say := range s.file.After {
		info.After = append(info.After, oneLine(say))
	}
}

// told are the steps at which to tell what belongs to the events of a Match:
// to the first one, unless it says nth.
func (f *finder) told(m *Match) []trace.EventID {
	found := f.find(m)
	if m.Nth == nil && len(found) > 1 {
		found = found[:1]
	}
	for i := range found {
		found[i] = f.stepOf(found[i])
	}
	return found
}

// stepOf is the step that an event belongs to. A learner steps from one PDU to
// the next; states and timers change between: what changed belongs to the step
// before it, and what begins with a timer to the first step of its frame.
func (f *finder) stepOf(n trace.EventID) trace.EventID {
	var step trace.EventID
	for _, e := range f.log.Steps(f.log.FrameOf(n)) {
		switch f.log.Event(e).Kind {
		case trace.StateChange, trace.TimerSet, trace.TimerFired:
			continue
		}
		if step == 0 || e <= n {
			step = e
		}
	}
	if step == 0 {
		return n
	}
	return step
}

// prompt is a prompt for a trace.
func (f *finder) prompt(p *PromptOn) trace.Prompt {
	out := trace.Prompt{Question: oneLine(p.Ask), Fill: p.Fill, Answer: string(p.Answer), Why: oneLine(p.Why)}
	for _, c := range p.Choices {
		out.Choices = append(out.Choices, string(c))
	}
	if p.Order != nil {
		out.Order = []int{} // however few are found
	}
	for i := range p.Order {
		for _, id := range f.told(&p.Order[i]) {
			out.Order = append(out.Order, f.log.FrameOf(id))
		}
	}
	slices.Sort(out.Order)
	out.Order = slices.Compact(out.Order)
	return out
}

// oneLine undoes the line breaks of the file: who shows the text breaks it anew.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
