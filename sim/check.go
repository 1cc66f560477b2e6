package sim

import (
	"errors"
	"fmt"
	"math"
	"time"

	"strata/sim/link"
)

// What numbers can hold: nodes and link ends are numbered in 16 bits, a packet
// has at most 65535 bytes (RFC 791 section 3.1), and times are nanoseconds in
// 63 bits, of which a run may use half before it ends.
const (
	minMTU   = 68 // RFC 791 section 3.1
	maxMTU   = math.MaxUint16
	maxNodes = math.MaxUint16
	maxLinks = math.MaxUint16 / 2
	maxDelay = 365 * 24 * time.Hour
	horizon  = math.MaxInt64 / 2
)

// check says what in a Config cannot be.
func (c *Config) check() error {
	if len(c.Nodes) > maxNodes || len(c.Links) > maxLinks {
		return fmt.Errorf("%d nodes and %d links are too many: at most %d and %d", len(c.Nodes), len(c.Links), maxNodes, maxLinks)
	}
	for i := range c.Nodes {
		if err := c.Nodes[i].check(); err != nil {
			return fmt.Errorf("node %q: %w", c.Nodes[i].Name, err)
		}
	}
	for i := range c.Links {
		if err := c.Links[i].check(); err != nil {
			return fmt.Errorf("link %q: %w", c.Links[i].Name, err)
		}
	}
	for _, p := range c.Programs {
		if p.Run == nil {
			return fmt.Errorf("program %q: nothing to run", p.Name)
		}
	}
	return nil
}

func (n *Node) check() error {
	switch n.Kind {
	case HostNode, RouterNode:
		for _, x := range n.Interfaces {
			if x.DHCP && n.Kind == HostNode && !x.Addr.IsValid() {
				continue
			}
			if !x.Addr.IsValid() || !x.Addr.Addr().Is4() {
				return fmt.Errorf("interface %q needs an IPv4 address with its prefix, not %q", x.Name, x.Addr)
			}
		}
	case SwitchNode:
		if n.MACAge < 0 {
			return fmt.Errorf("a MAC age of %s is negative", n.MACAge)
		}
	default:
		return fmt.Errorf("no kind of node is called %q", n.Kind)
	}
	for _, r := range n.Routes {
		if !r.To.IsValid() || !r.To.Addr().Is4() {
			return fmt.Errorf("the route to %q: no IPv4 network", r.To)
		}
	}
	return nil
}

func (l *Link) check() error {
	switch mtu := mtuOf(*l); {
	case mtu < minMTU:
		return fmt.Errorf("an MTU of %d is less than IPv4's minimum of %d", mtu, minMTU)
	case mtu > maxMTU:
		return fmt.Errorf("an MTU of %d is more than the longest packet, %d", mtu, maxMTU)
	case l.Rate < 0:
		return fmt.Errorf("a rate of %d bit/s is negative", l.Rate)
	case l.Queue < 0:
		return fmt.Errorf("a queue of %d frames is negative", l.Queue)
	}
	if err := checkDelay(l.Delay); err != nil {
		return err
	}
	for _, f := range l.Faults {
		if err := checkFault(f); err != nil {
			return fmt.Errorf("fault %q: %w", f.Kind, err)
		}
	}
	return nil
}

func checkFault(f Fault) error {
	switch f.Kind {
	case link.Lose, link.Corrupt, link.Duplicate, link.Reorder, link.Jitter:
	default:
		return errors.New("no fault is called so")
	}
	if !(f.Rate >= 0 && f.Rate <= 1) {
		return fmt.Errorf("a rate of %v is not from 0 to 1", f.Rate)
	}
	return checkDelay(f.Delay)
}

func checkDelay(d time.Duration) error {
	if d < 0 || d > maxDelay {
		return fmt.Errorf("a delay of %s is not from 0 to %s", d, maxDelay)
	}
	return nil
}
