package filter

// form says what an operand is.
type form uint8

const (
	formField form = iota
	formConstant
	formSlice
	formCall
	formNegate
	formSum // of two operands, by operand.sign
)

// operand is something that has values: a field, a constant, what is worked
// out of them.
type operand struct {
	form   form
	kind   kind // of its values, once they are checked
	at, to int  // where it is in the text

	entry  *entry  // formField
	layers []piece // formField: the layers that it may be in; none: all

	token token // formConstant
	value value // formConstant, once its kind is known
	fixed bool  // its value is known

	of     []*operand // what it is made of: the sliced, the arguments, the two sides
	pieces []piece    // formSlice
	call   *function  // formCall
	sign   byte       // formSum: + - * / % &
}

// piece is a range of bytes, or of layers: from a place to another, or to the
// end. Places below zero count from the end.
type piece struct {
	from, size int // size 0: to the end, or by last
	last       int // the last place, where the text gives it
	hasLast    bool
}

// testOp says what a test does.
type testOp uint8

const (
	testAll    testOp = iota // of an empty filter: every frame passes
	testAnd                  // a, b
	testOr                   // a, b
	testNot                  // a
	testExists               // left has a value, which is not zero where it is worked out
	testCompare
	testContains
	testMatches
	testIn
)

// test is a condition of a filter.
type test struct {
	op          testOp
	a, b        *test
	left, right *operand
	relation    string // testCompare: == != > >= < <=
	every       bool   // all values must pass, not any
	set         []member
	pattern     *pattern
	quick       *quick // how headers alone decide it; nil: they do not
}

// member is a value of a set, or a range when there is a high one.
type member struct{ low, high *operand }
