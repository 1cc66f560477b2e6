package host

import (
	"fmt"
	"net/netip"
	"strings"
)

// SettingError says what is wrong with a setting.
type SettingError struct {
	Field any    // the setting's address: a *string, *Step …
	Name  string // as scenarios call it
	Text  string // what is wrong and what to write
}

func (e *SettingError) Error() string { return e.Name + ": " + e.Text }

// Wrong is a SettingError about a field, by its address.
func Wrong(field any, name, text string) error { return &SettingError{field, name, text} }

// Check finds what is wrong with a program's settings that their types, and
// the bounds in their tags, allow. The error is a *SettingError.
func Check(p Program) error {
	if c, ok := p.(interface{ Check() error }); ok {
		return c.Check()
	}
	return nil
}

// CheckRemote wants an address to send to.
func CheckRemote(field *string, name string) error {
	a, err := netip.ParseAddrPort(*field)
	if err != nil || !a.Addr().Is4() || a.Port() == 0 {
		return &SettingError{field, name, fmt.Sprintf("%q is not an address and a port; write 10.0.2.2:80, or with a host's name server:80", *field)}
	}
	return nil
}

// CheckLocal wants an address to listen at.
func CheckLocal(field *string, name string) error {
	full := *field
	if strings.HasPrefix(full, ":") {
		full = "0.0.0.0" + full
	}
	a, err := netip.ParseAddrPort(full)
	if err != nil || !a.Addr().Is4() || a.Port() == 0 {
		return &SettingError{field, name, fmt.Sprintf("%q is not a port to listen at; write :80", *field)}
	}
	return nil
}
