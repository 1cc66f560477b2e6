package tui

import (
	"context"
	"os"
	"testing"
)

func TestTry(t *testing.T) {
	if os.Getenv("TRY") == "" {
		t.Skip()
	}
	o := Options{Screen: Screen{Theme: Auto}.FromEnvironment(nil)}
	if err := Run(context.Background(), nil, house(), o); err != nil {
		t.Fatal(err)
	}
}
