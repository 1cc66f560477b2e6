package travel

import (
	"cmp"
	"slices"
)

// merge puts a stretch among others, which are in order and do not overlap;
// where it meets one of another form, the nearer one stays. grew is false when
// it changes nothing.
func merge(all []Lit, l Lit) (out []Lit, grew bool) {
	rest := []Lit{l}
	for _, had := range all {
		var left []Lit
		for _, r := range rest {
			if had.Form > r.Form || had.To <= r.From || had.From >= r.To {
				left = append(left, r)
				continue
			}
			left = appendSome(left, Lit{r.From, had.From, r.Form})
			left = appendSome(left, Lit{had.To, r.To, r.Form})
		}
		rest = left
	}
	if len(rest) == 0 {
		return all, false
	}
	for _, had := range all {
		pieces := []Lit{had}
		for _, r := range rest {
			var left []Lit
			for _, p := range pieces {
				if r.To <= p.From || r.From >= p.To {
					left = append(left, p)
					continue
				}
				left = appendSome(left, Lit{p.From, r.From, p.Form})
				left = appendSome(left, Lit{r.To, p.To, p.Form})
			}
			pieces = left
		}
		out = append(out, pieces...)
	}
	out = append(out, rest...)
	slices.SortFunc(out, func(a, b Lit) int { return cmp.Compare(a.From, b.From) })
	return join(out), true
}

func appendSome(dst []Lit, l Lit) []Lit {
	if l.From < l.To {
		dst = append(dst, l)
	}
	return dst
}

// join makes one of stretches that touch and have the same form; of too many,
// one that reaches over all of them.
func join(all []Lit) []Lit {
	out := all[:1]
	for _, l := range all[1:] {
		if last := &out[len(out)-1]; last.To == l.From && last.Form == l.Form {
			last.To = l.To
			continue
		}
		out = append(out, l)
	}
	if len(out) > mostPieces {
		form := Within
		for _, l := range out {
			form = max(form, l.Form)
		}
		return []Lit{{out[0].From, out[len(out)-1].To, form}}
	}
	return out
}
