package charts

import (
	"strata/layers"
	"strata/trace/connection"
	"strata/tui/draw"
)

// line is a quantity that holds until it changes.
type line struct {
	kind   connection.Kind
	letter rune
	look   draw.Look
	free   bool // it does not decide the scale: what is too high is drawn at the top
}

// marks are what happens at a moment.
type marks struct {
	kind  connection.Kind
	sign  rune
	look  draw.Look
	spans bool // it takes a stretch of values: a bar
	free  bool
}

// chart is what one chart shows.
type chart struct {
	title string
	unit  connection.Unit
	lines []line  // the first is drawn over the others
	marks []marks // the first is drawn over the others
}

// seg is the look of what TCP sends.
var seg = draw.LayerLook(layers.Transport)

// kinds are the charts, in the order in which one turns through them.
var kinds = [...]chart{
	{
		title: "cwnd, ssthresh and in flight", unit: connection.Bytes,
		lines: []line{
			{connection.Cwnd, 'c', seg, false},
			{connection.InFlight, 'f', draw.Asker, false},
			{connection.Ssthresh, 's', draw.Quiet, true},
			{connection.Window, 'w', draw.Giver, true},
		},
	},
	{
		title: "round trips and timeout", unit: connection.Nanos,
		lines: []line{
			{connection.SRTT, 's', seg, false},
			{connection.RTO, 't', draw.Giver, false},
		},
		marks: []marks{
			{connection.Waited, '↻', draw.Accent, false, false},
			{connection.RTT, '×', draw.Asker, false, false},
		},
	},
	{
		title: "time and sequence", unit: connection.Sequence,
		lines: []line{
			{connection.Acked, 'a', draw.Giver, false},
			{connection.Edge, 'w', draw.Quiet, true},
		},
		marks: []marks{
			{connection.Lost, '✗', draw.Bad, true, false},
			{connection.Resent, '↻', draw.Accent, true, false},
			{connection.Missing, '?', draw.Bad, true, false},
			{connection.ZeroWindow, '0', draw.Bad, false, false},
			{connection.DupAck, 'd', draw.Accent, false, false},
			{connection.Reordered, 'o', draw.Accent, false, false},
			{connection.SACKed, 'k', draw.Good, true, false},
			{connection.Data, '│', seg, true, false},
		},
	},
}
