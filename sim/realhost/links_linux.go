package realhost

import (
	"net"
	"syscall"

	"strata/sim/host"
)

var _ host.Links = (*Host)(nil)

// HardwareAddr is the MAC address of one of this machine's interfaces.
func (h *Host) HardwareAddr(iface string) (net.HardwareAddr, error) {
	i, err := net.InterfaceByName(iface)
	if err != nil {
		return nil, err
	}
	return i.HardwareAddr, nil
}

// ListenOn opens a datagram socket for one interface; it needs privileges.
func (h *Host) ListenOn(iface, address string) (net.PacketConn, error) {
	bind := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) (err error) {
		if ctlErr := c.Control(func(fd uintptr) {
			if err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err == nil {
				err = syscall.BindToDevice(int(fd), iface)
			}
		}); ctlErr != nil {
			return ctlErr
		}
		return err
	}}
	// "udp4": a socket for IPv6, too, could not be sent broadcasts from.
	pc, err := bind.ListenPacket(h.ctx, "udp4", address)
	if err != nil {
		return nil, h.orEnded(err)
	}
	if err := h.keep(pc); err != nil {
		return nil, err
	}
	return &packetConn{pc, h}, nil
}
