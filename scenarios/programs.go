package scenarios

import (
	"errors"
	"slices"

	"strata/scenarios/tree"
	"strata/sim"
	"strata/sim/host"
	"strata/sim/program"
)

// programs makes the file's programs, fresh. Problems go to the doc.
func (b *builder) programs(doc *tree.Doc) []sim.Program {
	var out []sim.Program
	for i := range b.file.Programs {
		p := &b.file.Programs[i]
		b.needNode(&p.Node)
		if n := b.nodes[p.Node]; n != nil && n.Kind != "" && n.Kind != string(sim.HostNode) {
			doc.Errorf(&p.Node, "%s is a %s; programs run on hosts", tree.Quote(p.Node), n.Kind)
		}
		k := slices.IndexFunc(program.Kinds, func(k program.Kind) bool { return k.Name == p.Run })
		if k < 0 {
			doc.Errorf(&p.Run, "%s", tree.Wrong("program", p.Run, programKinds()))
			continue
		}
		run := program.Kinds[k].New()
		with := p.With
		with.Texts(b.setting)
		formed := doc.DecodeRaw(&with, run, p.Run, &p.Run)
		var wrong *host.SettingError
		if err := host.Check(run); formed && errors.As(err, &wrong) {
			at := doc.Pos(wrong.Field)
			if at == (tree.Pos{}) {
				at = doc.Pos(&p.Run)
			}
			doc.ErrorAt(at, "%s", wrong.Error())
		}
		out = append(out, sim.Program{Node: p.Node, Name: p.Name, Start: p.Start, Run: run})
	}
	return out
}

// remote are the settings that name another host.
var remote = []string{"to", "dial", "server", "address", "router", "dns"}

// setting puts addresses for the names of hosts in settings that mean one.
func (b *builder) setting(key, s string) string {
	if slices.Contains(remote, key) {
		return b.hostPort(s)
	}
	return s
}

func programKinds() (names []string) {
	for _, k := range program.Kinds {
		names = append(names, k.Name)
	}
	return names
}
