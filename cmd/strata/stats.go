package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// runStats is what --stats prints.
type runStats struct {
	SimSeconds      float64 `json:"sim_seconds"`
	WallSeconds     float64 `json:"wall_seconds"` // of the event loop alone
	Events          uint64  `json:"events"`
	PacketHops      int64   `json:"packet_hops"`
	BytesSent       int64   `json:"bytes_sent"`
	BytesDelivered  int64   `json:"bytes_delivered"`
	Retransmissions int64   `json:"retransmissions"`
	Drops           int64   `json:"drops"`
	TraceBytes      *int64  `json:"trace_bytes,omitempty"` // with --record
}

// stats runs a scenario and prints its counts.
func (a *app) stats(name string, r runFlags, record bool) error {
	_, n, err := r.network(name, record)
	if err != nil {
		return err
	}
	begun := time.Now()
	res, err := n.Run(context.Background())
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	s := runStats{
		SimSeconds: res.Ended.Seconds(), WallSeconds: time.Since(begun).Seconds(), Events: res.Events,
		PacketHops: res.PacketHops, BytesSent: res.BytesSent, BytesDelivered: res.BytesDelivered,
		Retransmissions: res.Retransmissions, Drops: res.Drops,
	}
	if record {
		total, _ := n.Trace().Footprint()
		s.TraceBytes = &total
	}
	return json.NewEncoder(a.stdout).Encode(s)
}
