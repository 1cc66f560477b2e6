package tree

import (
	"reflect"
)

// Schema is a JSON Schema, as encoding/json writes it.
type Schema map[string]any

// SchemaOf describes what Decode accepts for a type, from the same tags.
// Types with a name are put into defs and referred to.
func SchemaOf(t reflect.Type, defs Schema) Schema {
	return schemaOf(t, rules{most: 100_000}, defs)
}

func schemaOf(t reflect.Type, r rules, defs Schema) Schema {
	switch {
	case t == rawType:
		return Schema{"type": "object"}
	case t == durationType:
		return Schema{"type": "string", "pattern": durationForm}
	case isScalar(t):
		if p := reflect.New(t).Interface().(Scalar).Pattern(); p != "" {
			return Schema{"type": "string", "pattern": p}
		}
		return Schema{"type": []string{"string", "number", "boolean"}}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem(), r, defs)
	case reflect.Struct:
		return refTo(t, defs)
	case reflect.Slice:
		return listSchema(t.Elem(), r, defs)
	case reflect.String:
		s := Schema{"type": "string"}
		if r.oneof != nil {
			s["enum"] = r.oneof
		}
		return s
	case reflect.Bool:
		return Schema{"type": "boolean"}
	case reflect.Float64:
		return r.bound(Schema{"type": "number"})
	}
	return r.bound(Schema{"type": "integer"})
}

func (r rules) bound(s Schema) Schema {
	if r.bounded {
		s["minimum"], s["maximum"] = r.low, r.top
	}
	return s
}

func listSchema(elem reflect.Type, r rules, defs Schema) Schema {
	inner := r
	inner.single, inner.keyed = false, ""
	one := schemaOf(elem, inner, defs)
	list := Schema{"type": "array", "items": one, "maxItems": r.most}
	switch {
	case r.single:
		return Schema{"oneOf": []Schema{one, list}}
	case r.keyed != "":
		keyed := keyedSchema(elem, r.keyed, defs)
		return Schema{"oneOf": []Schema{list, {"type": "object", "additionalProperties": keyed, "maxProperties": r.most}}}
	}
	return list
}

// keyedSchema describes the values of a map that stands for a list: structs
// without the field that is the key, or the only other field's value.
func keyedSchema(t reflect.Type, by string, defs Schema) Schema {
	var rest []reflect.StructField
	for _, f := range fieldsOf(t) {
		if f.Tag.Get("yaml") != by {
			rest = append(rest, f)
		}
	}
	if len(rest) == 1 {
		return schemaOf(rest[0].Type, rulesOf(rest[0]), defs)
	}
	return objectSchema(rest, defs)
}

func refTo(t reflect.Type, defs Schema) Schema {
	name := t.String() // with its package: rooms have types of the same name
	if _, done := defs[name]; !done {
		defs[name] = nil // being made: a type may contain itself
		defs[name] = objectSchema(fieldsOf(t), defs)
	}
	return Schema{"$ref": "#/$defs/" + name}
}

func objectSchema(fields []reflect.StructField, defs Schema) Schema {
	properties, needed := Schema{}, []string{}
	for _, f := range fields {
		s := schemaOf(f.Type, rulesOf(f), defs)
		if doc := f.Tag.Get("doc"); doc != "" {
			s["description"] = doc
		}
		name := f.Tag.Get("yaml")
		properties[name] = s
		if f.Tag.Get("need") == "true" {
			needed = append(needed, name)
		}
	}
	s := Schema{"type": "object", "properties": properties, "additionalProperties": false}
	if len(needed) > 0 {
		s["required"] = needed
	}
	return s
}

// Setting is a field that a file may hold, as a menu shows it.
type Setting struct {
	Key   string
	Doc   string   // what it means, and often what it is when nothing is said
	OneOf []string // what it may be; nil: not a choice
	Bool  bool     // true or false
	Text  bool     // any text, which may need quotes
}

// SettingsOf lists the fields of a struct's type that hold one value each:
// what an override can change without knowing more than a word.
func SettingsOf(t reflect.Type) []Setting {
	var out []Setting
	for _, f := range fieldsOf(t) {
		kind := plainType(f.Type)
		list := kind.Kind() == reflect.Slice || kind.Kind() == reflect.Struct
		if list && !isScalar(kind) {
			continue
		}
		oneof := rulesOf(f).oneof
		out = append(out, Setting{f.Tag.Get("yaml"), f.Tag.Get("doc"), oneof, kind.Kind() == reflect.Bool,
			kind.Kind() == reflect.String && oneof == nil && !isScalar(kind)})
	}
	return out
}
