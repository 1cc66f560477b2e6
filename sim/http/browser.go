package http

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"time"

	"strata/sim/dns"
	"strata/sim/host"
	"strata/sim/tls"
)

// Browser opens pages by their URLs, as if somebody clicked on them: it finds
// the address that a site's name stands for, connects, and asks for the page.
// It keeps its connections, and what it learned of names.
type Browser struct {
	URL      []string      `yaml:"url" need:"true" single:"true" max:"1000" doc:"What to open, like http://www.example/index.html or https://www.example; several are opened one after the other."`
	Server   string        `yaml:"server" doc:"Address and port of the DNS server (default: as DHCP says)."`
	Interval time.Duration `yaml:"interval" doc:"Time to wait between a page and the next click."`

	// Pages are what came back, in the order of the URLs.
	Pages []Response
}

func (p *Browser) Check() error {
	for i := range p.URL {
		if _, err := target(p.URL[i]); err != nil {
			return host.Wrong(&p.URL[i], "url", err.Error())
		}
	}
	if p.Server != "" {
		return host.CheckRemote(&p.Server, "server")
	}
	return nil
}

// target reads a URL.
func target(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || !isLine(s) {
		return nil, fmt.Errorf("%q is not a URL to open; write http://www.example/index.html", s)
	}
	return u, nil
}

// Run opens the pages. A status that says no is no error of the browser.
func (p *Browser) Run(h host.Host) error {
	p.Pages = nil
	b := &browsing{host: h, names: dns.NewResolver(h, p.servers(h)...), sites: map[string]*session{}}
	defer b.end()
	for i, s := range p.URL {
		if i > 0 && p.Interval > 0 {
			if err := h.Sleep(p.Interval); err != nil {
				return fmt.Errorf("browser: before %s: %w", s, err)
			}
		}
		page, err := b.open(s)
		if err != nil {
			return fmt.Errorf("browser: %s: %w", s, err)
		}
		p.Pages = append(p.Pages, page)
	}
	return nil
}

// servers are the DNS servers to ask.
func (p *Browser) servers(h host.Host) (all []string) {
	if p.Server != "" {
		return []string{p.Server}
	}
	if c, ok := h.(host.Configurer); ok {
		for _, a := range c.Nameservers() {
			all = append(all, netip.AddrPortFrom(a, 53).String())
		}
	}
	return all
}

// browsing is what a browser knows and holds open.
type browsing struct {
	host  host.Host
	names *dns.Resolver
	sites map[string]*session // by scheme and authority
	order []*session
}

func (b *browsing) end() {
	for _, s := range b.order {
		s.end()
	}
}

func (b *browsing) open(s string) (Response, error) {
	u, err := target(s)
	if err != nil {
		return Response{}, err
	}
	site := b.sites[u.Scheme+u.Host]
	if site == nil {
		site = &session{host: b.host, dial: func() (net.Conn, error) { return b.dial(u) }}
		b.sites[u.Scheme+u.Host] = site
		b.order = append(b.order, site)
	}
	resp, err := site.do("GET", &Message{Start: "GET " + u.RequestURI() + " HTTP/1.1", Fields: []string{
		"Host: " + u.Host, "User-Agent: strata", "Accept: text/html, */*", "Accept-Encoding: gzip",
	}})
	if err != nil {
		return Response{}, err
	}
	content, err := Content(resp)
	return Response{resp.StatusCode, int64(len(content))}, err
}

// dial connects to the first of a site's addresses that takes the connection.
func (b *browsing) dial(u *url.URL) (net.Conn, error) {
	addrs, err := b.names.Lookup(u.Hostname())
	if err != nil {
		return nil, err
	}
	port, secure := "80", (*tls.Setting)(nil)
	if u.Scheme == "https" {
		port, secure = "443", &tls.Setting{ALPN: []string{"http/1.1"}}
		if _, err := netip.ParseAddr(u.Hostname()); err != nil {
			secure.ServerName = u.Hostname()
		}
	}
	if u.Port() != "" {
		port = u.Port()
	}
	for _, a := range addrs {
		var c net.Conn
		c, err = dial(b.host, net.JoinHostPort(a.String(), port), secure)
		if err == nil || errors.Is(err, net.ErrClosed) {
			return c, err
		}
	}
	return nil, err
}
