package scenarios

import (
	"net/netip"
	"regexp"
	"strings"

	"strata/scenarios/tree"
)

// nameForm is what nodes, interfaces, links, programs and scenarios may be
// called: nothing that a terminal, a file system or "client:eth0" could trip over.
var nameForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$`)

// ValidName says whether a scenario, a node or a program may be called so.
func ValidName(s string) bool { return nameForm.MatchString(s) }

// names is what a file calls things, with their places.
type names struct {
	doc   *tree.Doc
	nodes map[string]*Node
	ends  map[string]*string // "client:eth0" -> where a link claims it
	ifs   map[string][]string
	links map[string]bool
}

func collectNames(doc *tree.Doc, f *File) *names {
	n := &names{doc: doc, nodes: map[string]*Node{}, ends: map[string]*string{}, ifs: map[string][]string{}, links: map[string]bool{}}
	n.checkName("a scenario", &f.Name)
	for i := range f.Nodes {
		node := &f.Nodes[i]
		if n.checkName("a node", &node.Name) && n.nodes[node.Name] != nil {
			doc.Errorf(&node.Name, "there are two nodes %s; rename one", tree.Quote(node.Name))
		}
		n.nodes[node.Name] = node
	}
	for i := range f.Links {
		link := &f.Links[i]
		if n.checkName("a link", &link.Name) && n.links[link.Name] {
			doc.Errorf(&link.Name, "there are two links %s; rename one", tree.Quote(link.Name))
		}
		n.links[link.Name] = true
		n.collectEnds(link)
	}
	programs := map[string]bool{}
	for i := range f.Programs {
		name := &f.Programs[i].Name
		if n.checkName("a program", name) && programs[*name] {
			doc.Errorf(name, "there are two programs %s; rename one", tree.Quote(*name))
		}
		programs[*name] = true
	}
	return n
}

func (n *names) checkName(what string, name *string) bool {
	if *name != "" && !nameForm.MatchString(*name) {
		n.doc.Errorf(name, "%s cannot be %s's name; use up to 32 letters, digits, - and _", tree.Quote(*name), what)
		return false
	}
	return true
}

// collectEnds notes which interfaces a link joins; each has one wire.
func (n *names) collectEnds(link *Link) {
	if len(link.Endpoints) != 2 {
		if link.Endpoints != nil {
			n.doc.Errorf(&link.Endpoints, "a link has two endpoints, this one has %d", len(link.Endpoints))
		}
		return
	}
	for i := range link.Endpoints {
		end := &link.Endpoints[i]
		node, port, ok := strings.Cut(*end, ":")
		switch {
		case !ok || !nameForm.MatchString(port):
			n.doc.Errorf(end, "%s is not an endpoint; write it like \"client:eth0\"", tree.Quote(*end))
		case n.nodes[node] == nil:
			n.doc.Errorf(end, "%s", tree.Wrong("node", node, n.nodeNames()))
		case n.ends[*end] != nil:
			n.doc.Errorf(end, "%s is used twice (first in line %d); one interface has one link", tree.Quote(*end), n.doc.Pos(n.ends[*end]).Line)
		default:
			n.ends[*end] = end
			n.ifs[node] = append(n.ifs[node], port)
		}
	}
	if a, _, _ := strings.Cut(link.Endpoints[0], ":"); strings.HasPrefix(link.Endpoints[1], a+":") {
		n.doc.Errorf(&link.Endpoints, "this link joins %s to itself", tree.Quote(a))
	}
}

func (n *names) nodeNames() []string { return sortedKeys(n.nodes) }

// needNode checks that a node is there.
func (n *names) needNode(name *string) {
	if n.nodes[*name] == nil {
		n.doc.Errorf(name, "%s", tree.Wrong("node", *name, n.nodeNames()))
	}
}

// addrOf is a node's own address: that of its first interface.
func (n *names) addrOf(node string) (netip.Addr, bool) {
	if n.nodes[node] == nil || len(n.nodes[node].Addresses) == 0 {
		return netip.Addr{}, false
	}
	p, err := netip.ParsePrefix(n.nodes[node].Addresses[0].Address)
	return p.Addr(), err == nil && p.Addr().Is4()
}

// address is what a host's name or an address means.
func (n *names) address(s *string) netip.Addr {
	if *s == "" {
		return netip.Addr{}
	}
	if a, ok := n.addrOf(*s); ok {
		return a
	}
	a, err := netip.ParseAddr(*s)
	if err != nil || !a.Is4() {
		n.doc.Errorf(s, "%s is neither an IPv4 address nor a node that has one", tree.Quote(*s))
	}
	return a
}

// nextHop is the address of a router that a node can reach directly: given
// itself, or as a name, whose address in one of the node's networks is meant.
func (n *names) nextHop(node *Node, s *string) netip.Addr {
	candidates := []netip.Addr{}
	if router := n.nodes[*s]; router != nil {
		for _, a := range router.Addresses {
			if p, err := netip.ParsePrefix(a.Address); err == nil {
				candidates = append(candidates, p.Addr())
			}
		}
	} else if a, err := netip.ParseAddr(*s); err == nil && a.Is4() {
		candidates = append(candidates, a)
	} else {
		n.doc.Errorf(s, "%s is neither an IPv4 address nor a node", tree.Quote(*s))
		return netip.Addr{}
	}
	for _, c := range candidates {
		for _, own := range node.Addresses {
			if p, err := netip.ParsePrefix(own.Address); err == nil && p.Contains(c) && p.Addr() != c {
				return c
			}
		}
	}
	n.doc.Errorf(s, "%s is in no network of %s, so it cannot be the next hop", tree.Quote(*s), tree.Quote(node.Name))
	return netip.Addr{}
}

// hostPort puts addresses for names: "server:80" becomes "10.0.2.2:80",
// "server" its address alone. Other texts stay as they are.
func (n *names) hostPort(s string) string {
	host, port, colon := strings.Cut(s, ":")
	a, ok := n.addrOf(host)
	switch {
	case !ok:
		return s
	case !colon:
		return a.String()
	}
	return a.String() + ":" + port
}
