package compare

import (
	"bufio"
	"encoding/json"
	"io"

	"strata/layers"
)

// jsonHead is the report's first line.
type jsonHead struct {
	Compare int        `json:"compare"` // version of the format
	A       jsonSide   `json:"a"`
	B       jsonSide   `json:"b"`
	Same    bool       `json:"same"`
	Verdict string     `json:"verdict"`
	Parts   *jsonPart  `json:"parts,omitempty"` // the first difference
	Turns   *jsonPart  `json:"turns,omitempty"` // where they go other ways
	Rows    int        `json:"rows"`
	Counts  jsonCounts `json:"counts"`
}

type jsonSide struct {
	Name      string   `json:"name"`
	Captured  bool     `json:"captured"`
	From      []string `json:"seen_from,omitempty"`
	Duration  float64  `json:"duration"`
	LastFrame float64  `json:"last_frame"`
	Frames    int      `json:"frames"`
	Bytes     int64    `json:"bytes"`
	Drops     *int     `json:"drops"` // null: not known
	Resent    int      `json:"retransmissions"`
	Delivered int64    `json:"bytes_delivered"`
	Messages  *int     `json:"messages"` // null: not known
}

type jsonPart struct {
	Row     int      `json:"row,omitempty"` // from 1
	A       uint32   `json:"a,omitempty"`   // event
	B       uint32   `json:"b,omitempty"`
	Differs []string `json:"differs"`
	InA     string   `json:"in_a"`
	InB     string   `json:"in_b"`
	Led     []string `json:"led,omitempty"`
	LedOf   string   `json:"led_of,omitempty"`
}

type jsonCounts struct {
	Same   int            `json:"same"`
	Paired int            `json:"paired"`
	Differ map[string]int `json:"differ,omitempty"`
}

// jsonRow is a line of the report; frames and steps are numbered from 1.
type jsonRow struct {
	Row     int         `json:"row"`
	A       *jsonSeen   `json:"a,omitempty"`
	B       *jsonSeen   `json:"b,omitempty"`
	Differs []string    `json:"differs,omitempty"`
	Later   float64     `json:"later,omitempty"` // seconds that B's comes after A's
	Fields  []jsonField `json:"fields,omitempty"`
	Steps   []jsonStep  `json:"steps,omitempty"` // of two runs, those that differ
}

type jsonSeen struct {
	Frame int     `json:"frame"`
	Event uint32  `json:"event"`
	T     float64 `json:"t"`
}

type jsonField struct {
	Name string  `json:"name"`
	A    *string `json:"a"` // null: it has none
	B    *string `json:"b"`
}

type jsonStep struct {
	A       uint32   `json:"a,omitempty"`
	B       uint32   `json:"b,omitempty"`
	Differs []string `json:"differs"`
}

// WriteJSON writes the comparison for programs: what WriteText says first,
// then a line for every row.
func (c *Comparison) WriteJSON(to io.Writer) error {
	w := bufio.NewWriterSize(to, 1<<16)
	enc := json.NewEncoder(w)
	if err := enc.Encode(c.jsonHead()); err != nil {
		return err
	}
	for i := range c.Len() {
		if err := enc.Encode(c.jsonRow(i)); err != nil {
			return err
		}
	}
	return w.Flush()
}

func (c *Comparison) jsonHead() *jsonHead {
	n := c.counts
	h := &jsonHead{Compare: 1, Verdict: layers.Printable(c.Verdict()), Rows: n.Rows, Counts: jsonCounts{n.Same, n.Paired, map[string]int{}}}
	for bit, k := range n.Of {
		if k > 0 {
			h.Counts.Differ[Diff(1 << bit).Names()[0]] = k
		}
	}
	for s, to := range [2]*jsonSide{&h.A, &h.B} {
		x := &c.numbers[s]
		*to = jsonSide{
			Name: layers.Printable(c.names[s]), Captured: c.sides[s].captured, From: c.From(Side(s)),
			Duration: x.Duration.Seconds(), LastFrame: x.LastFrame.Seconds(), Frames: x.Frames, Bytes: x.Bytes,
			Drops: orNull(x.Drops), Resent: x.Resent, Delivered: x.Delivered, Messages: orNull(x.Messages),
		}
	}
	p, parts := c.Parts()
	if parts {
		h.Parts = c.jsonPart(p)
	}
	if p, ok := c.Turns(); ok {
		h.Turns = c.jsonPart(p)
	}
	h.Same = !parts && n.Same == n.Rows
	return h
}

func orNull(n int) *int {
	if n == Unknown {
		return nil
	}
	return &n
}

func (c *Comparison) jsonPart(p Parting) *jsonPart {
	out := &jsonPart{
		Row: p.Row + 1, A: uint32(p.Event[A]), B: uint32(p.Event[B]), Differs: p.Differ.Names(),
		InA: layers.Printable(c.Says(p, A)), InB: layers.Printable(c.Says(p, B)),
	}
	for _, id := range p.Led {
		out.Led, out.LedOf = append(out.Led, layers.Printable(because(c.sides[p.Of].t, id))), p.Of.String()
	}
	return out
}

func (c *Comparison) jsonRow(i int) *jsonRow {
	r := c.Row(i)
	out := &jsonRow{Row: i + 1, Later: r.Later.Seconds()}
	if r.Differ != 0 {
		out.Differs = r.Differ.Names()
	}
	for s, to := range [2]**jsonSeen{&out.A, &out.B} {
		if x := r.Seen[s]; x.Frame >= 0 {
			*to = &jsonSeen{x.Frame + 1, uint32(x.Event), x.Time.Seconds()}
		}
	}
	if r.Differ&Content != 0 {
		for _, f := range c.Fields(i) {
			out.Fields = append(out.Fields, jsonField{f.Name, shown(f, A), shown(f, B)})
		}
	}
	if c.Runs() && r.Differ != 0 && r.Differ&(OnlyA|OnlyB) == 0 {
		for _, x := range c.Steps(i) {
			if x.Differ != 0 {
				out.Steps = append(out.Steps, jsonStep{uint32(x.Event[A]), uint32(x.Event[B]), x.Differ.Names()})
			}
		}
	}
	return out
}

func shown(f Field, s Side) *string {
	if !f.Has[s] {
		return nil
	}
	show := layers.Printable(f.Show[s])
	return &show
}
