package quiz

import (
	"errors"
	"fmt"
)

// ErrIncomplete says that an answer does not say anything about a part of the
// question, or something that is not among what is offered.
var ErrIncomplete = errors.New("the answer is not complete")

// FieldError is that of a blank that cannot be read.
type FieldError struct {
	Blank int // counted from 0
	Err   error
}

func (e *FieldError) Error() string { return e.Err.Error() }

// Check compares an answer with what is true. An answer that cannot be read is
// an error, which says how to write it; it does not count as wrong.
func (q *Question) Check(a Answer) (Verdict, error) {
	v := Verdict{Why: q.key.why, RFC: q.key.rfc, Words: q.key.words}
	var err error
	switch q.Kind {
	case Choose:
		err = q.checkChoice(&v, a.Choice)
	case Number:
		err = q.checkNumber(&v, a.Text)
	case Fill:
		err = q.checkFields(&v, a.Text)
	case Order:
		err = q.checkOrder(&v, a.Order)
	}
	if err != nil {
		return Verdict{}, err
	}
	v.Right = true
	for i := range v.Parts {
		v.Right = v.Right && v.Parts[i].Right
	}
	return v, nil
}

// Solution is the answer to show to one who leaves the question out.
func (q *Question) Solution() Verdict {
	v := Verdict{Why: q.key.why, RFC: q.key.rfc, Words: q.key.words}
	switch q.Kind {
	case Choose:
		v.Parts = []Part{{Is: q.Choices[q.key.choice]}}
	case Number:
		v.Parts = []Part{{Is: q.key.number.String()}}
	case Fill:
		for i := range q.key.fields {
			v.Parts = append(v.Parts, q.key.fields[i].part(""))
		}
	case Order:
		for i, item := range q.key.order {
			v.Parts = append(v.Parts, Part{Label: fmt.Sprint(i + 1), Is: q.Items[item]})
		}
	}
	return v
}

func (q *Question) checkChoice(v *Verdict, choice int) error {
	if choice < 0 || choice >= len(q.Choices) {
		return ErrIncomplete
	}
	v.Parts = []Part{{Given: q.Choices[choice], Is: q.Choices[q.key.choice], Right: choice == q.key.choice}}
	return nil
}

func (q *Question) checkNumber(v *Verdict, text []string) error {
	if len(text) == 0 {
		return ErrIncomplete
	}
	right, note, err := q.key.number.fits(text[0])
	if err != nil {
		return err
	}
	v.Parts = []Part{{Given: text[0], Is: q.key.number.String(), Right: right, Note: note}}
	return nil
}

func (q *Question) checkFields(v *Verdict, text []string) error {
	if len(text) != len(q.key.fields) {
		return ErrIncomplete
	}
	for i := range q.key.fields {
		b := &q.key.fields[i]
		p := b.part(text[i])
		var err error
		if p.Right, err = b.fits(text[i]); err != nil {
			return &FieldError{Blank: i, Err: err}
		}
		v.Parts = append(v.Parts, p)
	}
	return nil
}

// checkOrder compares what the items say, not which they are: of two that read
// the same, either may come first.
func (q *Question) checkOrder(v *Verdict, order []int) error {
	if len(order) != len(q.key.order) {
		return ErrIncomplete
	}
	seen := make([]bool, len(order))
	for i, item := range order {
		if item < 0 || item >= len(seen) || seen[item] {
			return ErrIncomplete
		}
		seen[item] = true
		given, is := q.Items[item], q.Items[q.key.order[i]]
		v.Parts = append(v.Parts, Part{Label: fmt.Sprint(i + 1), Given: given, Is: is, Right: given == is})
	}
	return nil
}
