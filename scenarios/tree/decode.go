package tree

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Decode fills the struct that dst points to from the whole file, noting every
// problem. The struct must not be copied or its slices grown while Errorf is
// called with addresses of its fields.
func (d *Doc) Decode(dst any) {
	d.decode(d.root, reflect.ValueOf(dst).Elem(), rules{}, "the file")
}

// DecodeRaw fills the struct that dst points to from a Raw field of a decoded
// struct, and says whether it found no problem. Without a value, what is
// missing is said to be missing at the place of owner, a field's address.
func (d *Doc) DecodeRaw(raw *Raw, dst any, what string, owner any) bool {
	v := raw.value
	if v == nil {
		v = &Value{kind: mapping, pos: d.Pos(owner)}
	}
	before := len(d.problems)
	d.decode(v, reflect.ValueOf(dst).Elem(), rules{}, what)
	return len(d.problems) == before
}

// Raw is a field whose type is known only when the rest has been read: a
// program's settings.
type Raw struct{ value *Value }

// Texts replaces every text in it by what f makes of it and its key.
func (r *Raw) Texts(f func(key, text string) string) {
	if r.value != nil {
		r.value = r.value.mapTexts("", f)
	}
}

func (v *Value) mapTexts(key string, f func(key, text string) string) *Value {
	out := *v
	if v.kind == text {
		out.text = f(key, v.text)
	}
	out.items = slices.Clone(v.items)
	for i, item := range out.items {
		if v.kind == mapping {
			key = v.keys[i].Name
		}
		out.items[i] = item.mapTexts(key, f)
	}
	return &out
}

// rules are what a field's tags demand of its value.
type rules struct {
	oneof    []string
	low, top float64
	bounded  bool
	most     int
	single   bool
	keyed    string
}

func rulesOf(f reflect.StructField) rules {
	r := rules{keyed: f.Tag.Get("keyed"), single: f.Tag.Get("single") == "true", most: 100_000}
	if s := f.Tag.Get("oneof"); s != "" {
		r.oneof = strings.Fields(s)
	}
	if s := f.Tag.Get("range"); s != "" {
		low, top, _ := strings.Cut(s, "..")
		r.bounded = true
		r.low, _ = strconv.ParseFloat(low, 64)
		r.top, _ = strconv.ParseFloat(top, 64)
	}
	if s := f.Tag.Get("max"); s != "" {
		r.most, _ = strconv.Atoi(s)
	}
	return r
}

// isScalar says whether a type reads itself from text.
func isScalar(t reflect.Type) bool { return reflect.PointerTo(t).Implements(scalarType) }

var (
	scalarType   = reflect.TypeFor[Scalar]()
	durationType = reflect.TypeFor[time.Duration]()
	rawType      = reflect.TypeFor[Raw]()
)

func (d *Doc) decode(v *Value, dst reflect.Value, r rules, what string) {
	d.places[dst.Addr().Interface()] = v.pos
	t := dst.Type()
	switch {
	case v.kind == null:
		d.ErrorAt(v.pos, "%s has no value; give it one, or delete the line", what)
	case t == rawType:
		dst.Addr().Interface().(*Raw).value = v
	case t == durationType || isScalar(t):
		d.decodeUnit(v, dst, what)
	case t.Kind() == reflect.Pointer:
		dst.Set(reflect.New(t.Elem()))
		d.decode(v, dst.Elem(), r, what)
	case t.Kind() == reflect.Struct:
		d.decodeStruct(v, dst, what, "")
	case t.Kind() == reflect.Slice:
		d.decodeSlice(v, dst, r, what)
	default:
		d.decodeBasic(v, dst, r, what)
	}
}

// wrongKind notes that a value has another form than wanted.
func (d *Doc) wrongKind(v *Value, what, wanted string) {
	got := kindNames[v.kind]
	switch v.kind {
	case boolean, integer, float, text:
		got = Quote(v.text)
	}
	d.ErrorAt(v.pos, "%s must be %s, not %s", what, wanted, got)
}

func (d *Doc) decodeUnit(v *Value, dst reflect.Value, what string) {
	if v.kind == mapping || v.kind == sequence {
		d.wrongKind(v, what, "one value")
		return
	}
	var err error
	switch field := dst.Addr().Interface().(type) {
	case *time.Duration:
		*field, err = parseDuration(v.text)
	case Scalar:
		err = field.Parse(v.text)
	}
	if err != nil {
		d.ErrorAt(v.pos, "%s: %v", what, err)
	}
}

func (d *Doc) decodeBasic(v *Value, dst reflect.Value, r rules, what string) {
	switch dst.Kind() {
	case reflect.String:
		d.decodeText(v, dst, r, what)
	case reflect.Bool:
		if v.kind != boolean {
			d.wrongKind(v, what, "true or false")
			return
		}
		dst.SetBool(v.text == "true")
	case reflect.Float64:
		f, err := strconv.ParseFloat(v.text, 64)
		if v.kind != integer && v.kind != float || err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
			d.wrongKind(v, what, "a number")
			return
		}
		d.inRange(v, f, r, what)
		dst.SetFloat(f)
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(v.text, 10, 64)
		if v.kind != integer || err != nil {
			d.wrongKind(v, what, "a whole number")
			return
		}
		d.inRange(v, float64(n), r, what)
		dst.SetInt(n)
	case reflect.Uint64:
		n, err := strconv.ParseUint(v.text, 10, 64)
		if v.kind != integer || err != nil {
			d.wrongKind(v, what, "a whole number from 0")
			return
		}
		d.inRange(v, float64(n), r, what)
		dst.SetUint(n)
	default:
		panic("tree: cannot decode into " + dst.Type().String())
	}
}

func (d *Doc) decodeText(v *Value, dst reflect.Value, r rules, what string) {
	switch {
	case v.kind == mapping || v.kind == sequence:
		d.wrongKind(v, what, "text")
	case v.kind != text:
		d.ErrorAt(v.pos, "%s must be text; write it in quotes: %s", what, Quote(v.text))
	case r.oneof != nil && !slices.Contains(r.oneof, v.text):
		d.ErrorAt(v.pos, "%s", Wrong(what, v.text, r.oneof))
	}
	dst.SetString(v.text)
}

func (d *Doc) inRange(v *Value, f float64, r rules, what string) {
	if r.bounded && (f < r.low || f > r.top) {
		d.ErrorAt(v.pos, "%s %s is out of bounds; %s to %s", what, Plain(v.text), plainNumber(r.low), plainNumber(r.top))
	}
}

func plainNumber(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func (d *Doc) decodeSlice(v *Value, dst reflect.Value, r rules, what string) {
	items := v.items
	switch {
	case v.kind == sequence:
	case v.kind == mapping && r.keyed != "":
	case r.single && v.kind != mapping || r.single && dst.Type().Elem().Kind() == reflect.Struct:
		items = []*Value{v}
	case r.keyed != "":
		d.wrongKind(v, what, "a map by "+r.keyed+", or a list")
		return
	default:
		d.wrongKind(v, what, "a list")
		return
	}
	if len(items) > r.most {
		d.ErrorAt(v.pos, "%s has %d elements; at most %d are allowed", what, len(items), r.most)
		return
	}
	// The elements' addresses are remembered: the slice never grows again.
	dst.Set(reflect.MakeSlice(dst.Type(), len(items), len(items)))
	for i, item := range items {
		if v.kind == mapping {
			d.decodeKeyed(v.keys[i], item, dst.Index(i), r.keyed)
			continue
		}
		d.decode(item, dst.Index(i), rules{oneof: r.oneof, low: r.low, top: r.top, bounded: r.bounded}, what)
	}
}

// decodeKeyed fills a struct that is a map's value: the key is one of its
// fields. A value that is no map fills the only other field.
func (d *Doc) decodeKeyed(key Key, v *Value, dst reflect.Value, by string) {
	what := Quote(key.Name)
	var rest []int
	for i := range dst.NumField() {
		switch dst.Type().Field(i).Tag.Get("yaml") {
		case by:
			dst.Field(i).SetString(key.Name)
			d.places[dst.Field(i).Addr().Interface()] = key.pos
		case "":
		default:
			rest = append(rest, i)
		}
	}
	if len(rest) == 1 {
		d.places[dst.Addr().Interface()] = key.pos
		f := dst.Type().Field(rest[0])
		d.decode(v, dst.Field(rest[0]), rulesOf(f), what)
		return
	}
	d.places[dst.Addr().Interface()] = key.pos
	d.decodeStruct(v, dst, what, by)
}

// decodeStruct fills a struct's fields from a map; done is the field that has
// a value already.
func (d *Doc) decodeStruct(v *Value, dst reflect.Value, what, done string) {
	if v.kind != mapping {
		d.wrongKind(v, what, "a map")
		return
	}
	fields, names := map[string]int{}, []string{}
	for _, f := range fieldsOf(dst.Type()) {
		name := f.Tag.Get("yaml")
		fields[name] = len(names)
		names = append(names, name)
	}
	all := fieldsOf(dst.Type())
	for i, k := range v.keys {
		at, known := fields[k.Name]
		if !known {
			d.ErrorAt(k.pos, "%s", Wrong("key", k.Name, names))
			continue
		}
		f := all[at]
		d.decode(v.items[i], dst.FieldByIndex(f.Index), rulesOf(f), k.Name)
	}
	for _, f := range all {
		name := f.Tag.Get("yaml")
		if f.Tag.Get("need") == "true" && name != done && v.find(name) == nil {
			d.ErrorAt(v.pos, "%s: %s is missing", what, Quote(name))
		}
	}
}

// fieldsOf are a struct's fields that a file may hold, those of embedded
// structs included.
func fieldsOf(t reflect.Type) []reflect.StructField {
	var out []reflect.StructField
	for _, f := range reflect.VisibleFields(t) {
		if f.Tag.Get("yaml") != "" {
			out = append(out, f)
		}
	}
	return out
}
