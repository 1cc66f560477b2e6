// Package tree reads a YAML file into Go structs, strictly, and says where
// everything stood.
//
//	bytes ──Parse──> Doc (values with positions) ──Set──> overridden
//	                  │
//	                  └──Decode──> structs, by their tags ──Schema──> JSON Schema
//
// The library's own decoder stops at the first mistake and forgets positions;
// a learner who edits a scenario wants all mistakes at once, each with its line
// and column, also those found later, when names are looked up: the Doc
// remembers the place of every decoded field by its address.
//
// A struct's tags say what a file may hold, for Decode and Schema alike:
//
//	yaml:"mtu"            the key; a field without this tag is not in files
//	need:"true"           the key must be there
//	range:"68..65535"     a number's bounds
//	oneof:"host switch"   a string's possible values
//	max:"100"             how many elements a list may have, at most
//	single:"true"         a list of one may be written without brackets
//	keyed:"name"          a list of structs may be written as a map by that field
//	doc:"…"               one sentence for the schema
package tree
