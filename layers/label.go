package layers

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Label says in a few words what a program meant with what a frame carries,
// and whose work it is that one sees: `WS "hello"`, `42["hey"]`, "PUBLISH
// news", "TLS 172 B". It is what somebody on the way sees: what TLS protects
// is not told. Of several messages it says the first, and how many more there
// are: "PUBACK 1 +2". It is empty where no protocol above TCP and UDP is known,
// or only a part of a message is there.
func (t *Tree) Label() (text string, layer Layer) {
	more := 0
	for i := 0; i < len(t.Parts); {
		p := &t.Parts[i]
		if p.Quoted || p.Proto.Layer() <= Transport {
			i++
			continue
		}
		end := t.unitEnd(i)
		word := t.unitLabel(t.Parts[i:end])
		switch {
		case word == "":
		case text == "":
			text, layer = word, Application
			if p.Proto == TLS {
				layer = Presentation
			}
		default:
			more++
		}
		i = end
	}
	if more > 0 {
		text += " +" + strconv.Itoa(more)
	}
	return text, layer
}

// unitEnd is where the parts end that belong to the unit that begins with
// part i: what it carries stands behind it.
func (t *Tree) unitEnd(i int) int {
	first := t.Parts[i].Proto
	for i++; i < len(t.Parts); i++ {
		switch p := &t.Parts[i]; {
		case first == TLS:
			// All that follows it was in its records, or is the next one's.
		case p.Proto == first, p.Proto.Layer() <= Transport:
			return i
		case p.Proto == WebSocket && first == HTTP, p.Proto == HTTP && first != TLS:
			return i
		}
	}
	return i
}

// unitLabel is the label of one unit. What goes on with no beginning known is
// none.
func (t *Tree) unitLabel(unit []Part) string {
	p := &unit[0]
	words := strings.Split(p.Summary, ", ")
	if words[0] == "continued" {
		return ""
	}
	switch p.Proto {
	case HTTP:
		return t.httpLabel(unit)
	case WebSocket:
		return t.webSocketLabel(unit)
	case EngineIO:
		return t.engineLabel(unit)
	case MQTT:
		return mqttLabel(p, words)
	case TLS:
		return t.tlsLabel(p)
	case DNS, MDNS, LLMNR:
		return dnsLabel(p.Proto, words)
	case DHCP, DHCPv6:
		return p.Proto.String() + " " + words[0]
	case Data, UTF8, JSON, Gzip, Base64:
		return ""
	}
	return p.Proto.String()
}

// httpLabel is a request's method, or a response's status, and how much it is;
// or what a polled body brings, where it brings packets of Engine.IO.
func (t *Tree) httpLabel(unit []Part) string {
	line, _, _ := strings.Cut(unit[0].Summary, "\r")
	word, rest, _ := strings.Cut(line, " ")
	if strings.HasPrefix(word, "HTTP/") {
		word = rest
	}
	for i := range unit[1:] {
		if unit[1+i].Proto != EngineIO {
			continue
		}
		code, _, _ := strings.Cut(word, " ")
		return code + " " + t.engineLabel(unit[1+i:])
	}
	size := unit[0].Len
	if body := find(unit[0].Fields, "http.file_data"); body != nil {
		size += body.Len
	}
	return word + " " + strconv.Itoa(size) + " B"
}

// webSocketLabel is what a frame brings, or which control frame it is.
func (t *Tree) webSocketLabel(unit []Part) string {
	p := &unit[0]
	kind, rest, _ := strings.Cut(p.Summary, ", ")
	if kind == "close" && strings.HasSuffix(rest, ")") {
		if i := strings.LastIndexByte(rest, '('); i >= 0 {
			kind += " " + strings.TrimSuffix(rest[i+1:], ")")
		}
	}
	size, _, _ := strings.Cut(rest, " byte")
	for i := range unit[1:] {
		switch q := &unit[1+i]; q.Proto {
		case EngineIO:
			return t.engineLabel(unit[1+i:])
		case MQTT:
			return mqttLabel(q, strings.Split(q.Summary, ", "))
		case UTF8:
			return `WS "` + t.words(q.In, q.Pos, q.Pos+q.Len) + `"`
		case JSON:
			return "WS " + t.words(q.In, q.Pos, q.Pos+q.Len)
		}
	}
	if kind == "text" || kind == "binary" || kind == "continuation" {
		return "WS " + kind + " " + size + " B"
	}
	return "WS " + kind
}

// engineIO's packets of one character, and those of Socket.IO, whose number
// says nothing to who does not know it.
var engineWords = map[string]string{
	"1": "close", "2": "ping", "3": "pong", "5": "upgrade", "6": "noop", "40": "connect", "41": "disconnect",
}

// engineLabel is the first packet of Engine.IO as it stands there, how it is
// known to who debugs one, and how many follow.
func (t *Tree) engineLabel(unit []Part) string {
	first, end, more := &unit[0], len(unit), 0
	for i := 1; i < len(unit); i++ {
		if unit[i].Proto == EngineIO {
			end = min(end, i)
			more++
		}
	}
	last := &unit[0]
	for i := 1; i < end && unit[i].In == first.In; i++ {
		last = &unit[i]
	}
	b := t.Buffer(first.In)[first.Pos:max(first.Pos+first.Len, last.Pos+last.Len)]
	b = bytes.TrimPrefix(b, []byte{EngineIOSeparator})
	text := printableStart(b)
	switch word := engineWords[text]; {
	case word != "":
		text += " " + word
	case strings.HasPrefix(first.Summary, "binary message, "): // bytes as they are
		text = "binary " + strconv.Itoa(len(b)) + " B"
	}
	if more > 0 {
		text += " +" + strconv.Itoa(more)
	}
	return text
}

// mqttLabel is a control packet's name, and of whom or what it is.
func mqttLabel(p *Part, words []string) string {
	text := words[0]
	for _, word := range words {
		if word == "DUP" {
			text += " DUP"
		}
	}
	for _, name := range [...]string{"mqtt.topic", "mqtt.clientid", "mqtt.msgid"} {
		if n := find(p.Fields, name); n != nil && n.Show != "" {
			return text + " " + n.Show
		}
	}
	return text
}

// tlsLabel is which records are in a segment: all data, how much of it there
// is; else the messages of the handshake.
func (t *Tree) tlsLabel(p *Part) string {
	_, kinds, found := strings.Cut(p.Summary, ", ")
	if !found {
		return ""
	}
	data := strings.ReplaceAll(strings.ReplaceAll(kinds, "Application Data", ""), ", ", "") == ""
	if data || strings.HasPrefix(kinds, "continued") {
		return "TLS " + strconv.Itoa(p.Len) + " B"
	}
	return "TLS " + strings.TrimPrefix(kinds, "Change Cipher Spec, ")
}

// dnsLabel is what a message asks for, or what the answer is.
func dnsLabel(p Proto, words []string) string {
	last := words[len(words)-1]
	switch {
	case words[0] == "question":
		return p.String() + "? " + last
	case len(words) > 1 && words[1] != "no error":
		return p.String() + " " + words[1]
	}
	return p.String() + " " + last
}

// words is the beginning of a text in a buffer.
func (t *Tree) words(in Source, from, to int) string { return printableStart(t.Buffer(in)[from:to]) }

// labelRunes is how many characters of a message a label says at most.
const labelRunes = 40

func printableStart(b []byte) string {
	end := 0
	for n := 0; end < len(b); n++ {
		if n == labelRunes {
			return Printable(string(b[:end])) + "~"
		}
		_, size := utf8.DecodeRune(b[end:])
		end += size
	}
	return Printable(string(b))
}
