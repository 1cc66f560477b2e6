package layers

import "strings"

// content takes a body apart whose kind is known. It is the last that is read
// of a message: the parts that it adds come after the message's own.
func (m *httpMessage) content(s span) {
	header := find(m.p.Fields, "http.content_type")
	if header == nil || m.p.Proto != HTTP {
		return
	}
	kind, _, _ := strings.Cut(header.Show, ";")
	switch kind = strings.ToLower(strings.TrimSpace(kind)); {
	case kind == "application/json" || strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json"):
		m.json(s)
	case kind == "text/plain" && (m.above.Carries == EngineIO || engineVersion([]byte(m.uri)) == 4):
		m.engineIOPayload(s)
	}
}
