package scene

// Side is whose words are shown.
type Side uint8

const (
	BothSides Side = iota
	ClientSide
	ServerSide
	Sides
)

// SideNames are what is shown, in words.
var SideNames = [Sides]string{"both sides", "client only", "server only"}

// Has tells whether a side is shown: the one that was connected to, or the
// other.
func (s Side) Has(back bool) bool { return s == BothSides || (s == ServerSide) == back }
