package tls

import (
	"fmt"
	"net"
	"strings"

	"strata/layers"
	"strata/sim/host"
)

// Setting is what a program's settings say of TLS; programs that can use it
// have a *Setting, nil where it is not used.
type Setting struct {
	ServerName string   `yaml:"server_name" doc:"The server's name, like www.example: a client asks for it and checks that the certificate is the name's; a server's certificate is for it. Without it, the server's address takes its place."`
	ALPN       []string `yaml:"alpn" max:"10" doc:"Protocols that may be spoken within the session, the favourite first, like http/1.1 or mqtt."`
}

// Check finds what is wrong with a setting; name is what the program calls it.
func (s *Setting) Check(name string) error {
	if s.ServerName != "" && !isName(s.ServerName) {
		return host.Wrong(&s.ServerName, name+": server_name", fmt.Sprintf("%q is not a server's name; write www.example", s.ServerName))
	}
	for i := range s.ALPN {
		if n := len(s.ALPN[i]); n == 0 || n > 255 {
			return host.Wrong(&s.ALPN[i], fmt.Sprintf("%s: alpn[%d]", name, i), "a protocol's name has 1 to 255 bytes; write http/1.1")
		}
	}
	return nil
}

// isName says whether a name of a host is one (RFC 1123 section 2.1), and no
// address.
func isName(s string) bool {
	if len(s) > 253 || net.ParseIP(s) != nil {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, c := range label {
			if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' {
				return false
			}
		}
	}
	return true
}

// Wrap begins a TLS session over a connection of a program's, and returns when
// the handshake is done. A server makes a certificate for its name and its
// address, which clients trust that were wrapped as well. No setting leaves the
// connection as it is. After an error, the connection is still to be closed.
func Wrap(h host.Host, c net.Conn, s *Setting, server bool) (net.Conn, error) {
	if s == nil {
		return c, nil
	}
	cfg := &Config{Rand: h.Rand(), Time: h.Now, ServerName: s.ServerName, Protocols: s.ALPN, Secret: h.Secret}
	session := Client(c, cfg)
	if server {
		names := []string{address(c.LocalAddr())}
		if s.ServerName != "" {
			names = []string{s.ServerName, names[0]}
		}
		certificate, err := Issue(cfg.Rand, names...)
		if err != nil {
			return nil, err
		}
		cfg.Certificates = []Certificate{certificate}
		session = Server(c, cfg)
	} else {
		cfg.Roots = Roots()
		if cfg.ServerName == "" {
			cfg.ServerName = address(c.RemoteAddr())
		}
	}
	if err := session.Handshake(); err != nil {
		return nil, err
	}
	note(h, session)
	// What follows the handshake must not wait for its acknowledgment (Nagle):
	// browsers and servers switch that off.
	return session, session.SetNoDelay(true)
}

// note tells of a session that has begun, for a table of sessions.
func note(h host.Host, c *Conn) {
	key := c.LocalAddr().String() + " " + c.RemoteAddr().String()
	for _, field := range [][2]string{
		{"version", "TLS 1.3"}, {"cipher", layers.TLSSuiteName(c.Suite())}, {"server", c.ServerName()}, {"protocol", c.Protocol()},
	} {
		if field[1] != "" {
			h.Note("tls session", key, field[0], field[1])
		}
	}
}

// address is an address without its port.
func address(a net.Addr) string {
	text, _, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	return text
}
