// Package quiz asks about what is true in a trace, and says of an answer what
// was right, what is right, and why.
//
//	trace.Info.Prompts ──Prompt──┐
//	                             ├──> Question ──Check(Answer)──> Verdict
//	any event of any trace ─Here─┘        │                          │
//	                                      └──────────> Score <───────┘
//
// A question's answer is taken from the trace itself: from header fields, from
// the reason of an event, from the frame that came next. Until Check is called,
// a Question does not tell it. The choices that are wrong are wrong in this
// trace: what else is true there is never offered.
//
// Here works on a trace of any size: it looks no further than some hundred
// frames ahead and some thousand back. The same trace, event and place in the
// list give the same question, choices and their order included.
package quiz
