package layers_test

import "strata/layers"

func seeds() [][]byte { _ = layers.IPv4; return [][]byte{{0}} }
