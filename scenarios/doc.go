// Package scenarios loads scenario files, and holds the built-in course.
//
//	file.yaml ──tree──> File ──check──> Scenario ──Config──> sim ──> trace
//	                                        │                          │
//	                                        └──Annotate, Verify────────┘
//
// A scenario is a network, its programs and faults; what to tell the learner
// at which event; and what must be true of every run. Package edit changes
// scenarios, and writes them. A file's format is the tags of File and the types
// below it, in file.go; the JSON Schema is made from them. Events are chosen by a Match, and what is claimed of them is an
// Expectation: match and claim, nothing else.
package scenarios
