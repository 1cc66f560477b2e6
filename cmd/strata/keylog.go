package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"strata/layers/tlskeys"
)

// keylogFlag is --keylog: a file with the secrets of TLS sessions.
type keylogFlag struct{ path string }

func (k *keylogFlag) add(c *cobra.Command) {
	c.Flags().StringVar(&k.path, "keylog", "", "read what TLS protects with the secrets of `FILE`, a key log as SSLKEYLOGFILE names it")
}

// load gives the app the secrets, if there are any.
func (k *keylogFlag) load(a *app) error {
	if k.path == "" {
		return nil
	}
	f, err := os.Open(k.path)
	if err != nil {
		return pathError(k.path, err)
	}
	defer f.Close()
	a.secrets = &tlskeys.Log{}
	err = a.secrets.Read(f)
	if line := (*tlskeys.LineError)(nil); errors.As(err, &line) {
		return fmt.Errorf("%s:%d: %s", k.path, line.Line, line.Text)
	}
	return pathError(k.path, err)
}
