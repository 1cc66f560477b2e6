package http

import (
	"fmt"
	"net"
	"time"

	"strata/sim/host"
	"strata/sim/tls"
)

// Server serves pages over HTTP/1.1.
type Server struct {
	Listen string        `yaml:"listen" doc:"Port to listen at (default :80)."`
	Pages  []Page        `yaml:"pages" need:"true" max:"10000" doc:"The pages; for any other path the answer is 404."`
	TLS    *tls.Setting  `yaml:"tls" doc:"Serve within TLS sessions (https); {} is enough, and a port like :443."`
	Idle   time.Duration `yaml:"idle" doc:"Close a connection that no request comes on for so long (default: keep it)."`
}

func (p *Server) Check() error {
	if err := CheckPages(p.Pages); err != nil {
		return err
	}
	if p.TLS != nil {
		if err := p.TLS.Check("tls"); err != nil {
			return err
		}
	}
	return host.CheckLocal(&p.Listen, "listen")
}

// CheckPages finds what is wrong with the setting pages.
func CheckPages(pages []Page) error {
	for i := range pages {
		if err := pages[i].check(fmt.Sprintf("pages[%d]", i)); err != nil {
			return err
		}
	}
	return nil
}

// Run serves until the host ends.
func (p *Server) Run(h host.Host) error {
	var f host.Failures
	site := NewSite(h, p.Pages)
	host.ServeStreams(h, p.Listen, &f, func(c net.Conn) error {
		session, err := tls.Wrap(h, c, p.TLS, true)
		if err != nil {
			return err
		}
		return Serve(h, session, p.Idle, site.Answer)
	})
	return f.Err("http server")
}
