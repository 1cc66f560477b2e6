package inspect

import "strata/layers"

// Choice is the part of the tree that the chosen row belongs to, and the
// chosen field; nil: the part as a whole. ok is false when there is no row.
func (v *View) Choice() (part int, n *layers.Node, ok bool) {
	if len(v.Rows) == 0 {
		return 0, nil, false
	}
	row := v.Rows[v.row()]
	for i := range v.Tree.Parts {
		if &v.Tree.Parts[i] == row.part {
			return i, row.Node, true
		}
	}
	return 0, nil, false
}

// Choose chooses a part's field, opening what it lies in, or the part itself
// where n is nil. It reports false, and does nothing, if it is not among the
// rows of the step.
func (v *View) Choose(part int, n *layers.Node) bool {
	if part < 0 || part >= len(v.Tree.Parts) {
		return false
	}
	p := &v.Tree.Parts[part]
	for _, row := range v.Rows {
		if row.part != p || row.Node != nil {
			continue
		}
		path, folds := row.Path, []string{row.Path}
		if n != nil {
			var ok bool
			if path, folds, ok = reach(p.Fields, n, row.Path, folds, 1); !ok {
				return false
			}
		}
		if v.Folds == nil {
			v.Folds = map[string]bool{}
		}
		for _, f := range folds {
			v.Folds[f] = true
		}
		v.Chosen = path
		v.list()
		v.side()
		return true
	}
	return false
}

// reach finds a field among nodes, whose paths begin with path, and what must
// be open for it to show.
func reach(nodes []layers.Node, n *layers.Node, path string, folds []string, depth int) (string, []string, bool) {
	seen := map[string]int{}
	for i := range nodes {
		if nodes[i].Hidden || depth > 8 {
			continue
		}
		at := path + "/" + once(seen, nodes[i].Field.Name)
		if &nodes[i] == n {
			return at, folds, true
		}
		if found, open, ok := reach(nodes[i].Children, n, at, append(folds[:len(folds):len(folds)], at), depth+1); ok {
			return found, open, true
		}
	}
	return "", nil, false
}
