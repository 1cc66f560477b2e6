package quiz

import "testing"

func TestScore(t *testing.T) {
	a, b, c := Question{Event: 1, Name: "a"}, Question{Event: 2, Name: "b"}, Question{Event: 2, Name: "c"}
	var s Score
	check := func(what string, asked, first, later, skipped, again int) {
		t.Helper()
		if s.Asked != asked || s.First != first || s.Later != later || s.Skipped != skipped || len(s.Again()) != again {
			t.Errorf("%s: %d asked, %d at first, %d later, %d skipped, %d again", what, s.Asked, s.First, s.Later, s.Skipped, len(s.Again()))
		}
	}
	s.Answered(a, true)
	check("right", 1, 1, 0, 0, 0)
	s.Answered(b, false)
	s.Answered(b, false)
	check("wrong twice", 2, 1, 0, 0, 1)
	s.Skip(c)
	s.Skip(c)
	check("left out", 3, 1, 0, 1, 2)
	s.Answered(b, true)
	check("right at last", 3, 1, 1, 1, 1)
	s.Answered(c, true)
	check("answered after all", 3, 2, 1, 0, 0)
	s.Answered(a, false)
	check("once more, for practice", 3, 2, 1, 0, 0)
	if !s.Done(a) || !s.Met(c) || s.Met(Question{Event: 9}) {
		t.Error("what was asked is forgotten")
	}
	s.Skip(a)
	check("left out after it was right", 3, 2, 1, 0, 0)
}
