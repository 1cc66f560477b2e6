package tui

import (
	"context"
	"os"
	"testing"

	"strata/tui/draw"
)

func TestTry(t *testing.T) {
	if os.Getenv("TRY") == "" {
		t.Skip()
	}
	o := Options{Screen: Screen{Theme: draw.Auto}.FromEnvironment(nil)}
	if err := Run(context.Background(), nil, house(), o); err != nil {
		t.Fatal(err)
	}
}
