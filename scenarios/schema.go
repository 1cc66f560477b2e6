package scenarios

import (
	"encoding/json"
	"reflect"

	"strata/scenarios/tree"
	"strata/sim/program"
)

// Schema is the JSON Schema of scenario files, made from the same tags that
// the loader goes by.
func Schema() []byte {
	defs := tree.Schema{}
	top := tree.SchemaOf(reflect.TypeFor[File](), defs)
	file := defs["scenarios.File"].(tree.Schema)
	for k, v := range file {
		top[k] = v
	}
	delete(defs, "scenarios.File")
	delete(top, "$ref")
	top["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	top["title"] = "Strata scenario"
	programs := top["properties"].(tree.Schema)["programs"].(tree.Schema)["oneOf"].([]tree.Schema)
	byRun(defs["scenarios.Program"].(tree.Schema), defs)
	byRun(programs[1]["additionalProperties"].(tree.Schema), defs)
	top["$defs"] = defs
	out, err := json.MarshalIndent(top, "", "  ")
	if err != nil {
		panic(err) // maps of strings and numbers: cannot be
	}
	return append(out, '\n')
}

// byRun lets "run" decide what "with" holds.
func byRun(s, defs tree.Schema) {
	var cases []tree.Schema
	for _, k := range program.Kinds {
		t := reflect.TypeOf(k.New()).Elem()
		settings := tree.SchemaOf(t, defs)
		cases = append(cases, tree.Schema{
			"if":   tree.Schema{"properties": tree.Schema{"run": tree.Schema{"const": k.Name}}},
			"then": tree.Schema{"properties": tree.Schema{"with": settings}},
		})
	}
	s["properties"].(tree.Schema)["run"] = tree.Schema{"type": "string", "enum": programKinds(), "description": "What it is."}
	s["allOf"] = cases
}
