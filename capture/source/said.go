package source

import (
	"bytes"
	"net/netip"
	"slices"
	"sync"
)

// said is what the file says beside its frames. Read adds to it.
type said struct {
	mu       sync.RWMutex
	ifaces   []*Interface
	sections []*section
	names    []Name
	secrets  []Secret
	kept     int // bytes of names and secrets
}

// maxKept bounds the memory that names and secrets take; what is beyond it is
// left out.
const maxKept = 16 << 20

// Name is a name that a file gives to an address.
type Name struct {
	Addr netip.Addr
	Host string // without control characters
}

// Secret is what a decryption secrets block holds.
type Secret struct {
	Type uint32 // 0x544c534b: a TLS key log
	Data []byte
}

// Section is what a section of a pcapng file says of its making. The texts
// are without control characters.
type Section struct {
	Hardware, System, Application string
	Comments                      []string
}

// Interfaces are those that have been read of so far.
func (s *Source) Interfaces() []*Interface {
	s.said.mu.RLock()
	defer s.said.mu.RUnlock()
	return slices.Clone(s.said.ifaces)
}

// Names are those of the name resolution blocks so far, in the file's order.
func (s *Source) Names() []Name {
	s.said.mu.RLock()
	defer s.said.mu.RUnlock()
	return slices.Clone(s.said.names)
}

// Secrets are the decryption secrets so far, in the file's order.
func (s *Source) Secrets() []Secret {
	s.said.mu.RLock()
	defer s.said.mu.RUnlock()
	return slices.Clone(s.said.secrets)
}

// SecretsSoFar is how many decryption secrets there are.
func (s *Source) SecretsSoFar() int {
	s.said.mu.RLock()
	defer s.said.mu.RUnlock()
	return len(s.said.secrets)
}

// Sections are what the sections so far say; none for pcap.
func (s *Source) Sections() []Section {
	s.said.mu.RLock()
	defer s.said.mu.RUnlock()
	all := make([]Section, len(s.said.sections))
	for i, x := range s.said.sections {
		all[i] = x.Section
	}
	return all
}

// newIface adds an interface to the file's.
func (s *Source) newIface(i Interface) *Interface {
	s.said.mu.Lock()
	defer s.said.mu.Unlock()
	i.ID = len(s.said.ifaces)
	s.said.ifaces = append(s.said.ifaces, &i)
	return &i
}

func (p *pcapng) beginSection(body []byte, at int64, ord order) error {
	if len(body) < 24 {
		return faultf(at, "a section header of %d bytes is too short", len(body)+4)
	}
	x := &p.s.said
	if len(x.sections) == maxSections {
		return faultf(at, "more than %d sections", maxSections)
	}
	sec := &section{at: at, order: ord}
	eachOption(ord, body[24:], func(code uint16, v []byte) {
		switch code {
		case optComment:
			sec.Comments = append(sec.Comments, clean(v))
		case 2:
			sec.Hardware = clean(v)
		case 3:
			sec.System = clean(v)
		case 4:
			sec.Application = clean(v)
		}
	})
	x.mu.Lock()
	x.sections = append(x.sections, sec)
	x.mu.Unlock()
	p.cur = sec
	return nil
}

func (p *pcapng) addInterface(body []byte, at int64) error {
	if len(body) < 16 {
		return faultf(at, "an interface block of %d bytes is too short", len(body)+4)
	}
	if len(p.s.said.ifaces) == maxIfaces {
		return faultf(at, "more than %d interfaces", maxIfaces)
	}
	ord := p.cur.order
	i := Interface{Link: ord.u16(body[8:]), Snap: ord.u32(body[12:])}
	i.pseudo = pseudoHeader(i.Link)
	resol, offset := byte(6), int64(0)
	eachOption(ord, body[16:], func(code uint16, v []byte) {
		switch {
		case code == 2:
			i.Name = clean(v)
		case code == 3:
			i.Description = clean(v)
		case code == 9 && len(v) == 1:
			resol = v[0]
		case code == 11 && len(v) > 1 && v[0] == 0: // 0: in libpcap's language
			i.Filter = clean(v[1:])
		case code == 13 && len(v) == 1:
			i.FCSLen = fcsBytes(int(v[0]))
		case code == 14 && len(v) == 8:
			offset = int64(ord.u64(v))
		}
	})
	i.clock = newClock(resol, offset)
	added := p.s.newIface(i)
	p.s.said.mu.Lock()
	p.cur.ifaces = append(p.cur.ifaces, added)
	p.s.said.mu.Unlock()
	return nil
}

// fcsBytes reads if_fcslen: bytes, but some writers give bits.
func fcsBytes(n int) int {
	if n > 8 {
		return n / 8
	}
	return n
}

// addNames reads a name resolution block's records (draft-ietf-opsawg-pcapng
// sec. 4.5): an address and names that end with a zero each.
func (p *pcapng) addNames(body []byte) {
	x := &p.s.said
	x.mu.Lock()
	defer x.mu.Unlock()
	eachOption(p.cur.order, body[8:], func(code uint16, v []byte) {
		size := map[uint16]int{1: 4, 2: 16}[code]
		if size == 0 || len(v) < size {
			return
		}
		addr, _ := netip.AddrFromSlice(v[:size])
		for _, host := range bytes.Split(v[size:], []byte{0}) {
			// An entry's own memory counts too.
			if cost := len(host) + 64; len(host) > 0 && x.kept+cost <= maxKept {
				x.kept += cost
				x.names = append(x.names, Name{addr, clean(host)})
			}
		}
	})
}

func (p *pcapng) addSecret(body []byte) {
	if len(body) < 16 {
		return
	}
	ord, data := p.cur.order, body[16:]
	data = data[:min(int64(len(data)), int64(ord.u32(body[12:])))]
	x := &p.s.said
	x.mu.Lock()
	defer x.mu.Unlock()
	if cost := len(data) + 64; x.kept+cost <= maxKept {
		x.kept += cost
		x.secrets = append(x.secrets, Secret{ord.u32(body[8:]), bytes.Clone(data)})
	}
}
