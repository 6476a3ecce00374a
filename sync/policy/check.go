package policy

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-playground/validator/v10"
)

// Defaults where the table gives no maximum.
const (
	defaultText = 200
	defaultList = 100
	entryText   = 2000 // runes of one remark or supplement
	maxReferred = 36
)

// checks are the table's own validator tags, by the name used in Field.Check.
var checks = validator.New()

var (
	regionShape = regexp.MustCompile(`^[1-9]\d{5}(\d{3}(\d{3})?)?$`)
	phoneShape  = regexp.MustCompile(`^[0-9+][0-9 ()-]{2,19}$`)
	shaShape    = regexp.MustCompile(`^[0-9a-f]{64}$`)
	// any document's number; a resident ID's check digit is asked in sync/engine,
	// which knows the kind beside it
	documentShape = regexp.MustCompile(`^[0-9A-Za-z()（）-]{1,24}$`)
	uuidShape     = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$`)
)

func init() {
	for tag, shape := range map[string]*regexp.Regexp{"region": regionShape, "phone": phoneShape, "sha256hex": shaShape, "recordid": uuidShape, "document": documentShape} {
		register(tag, shape.MatchString)
	}
	register("region12", func(s string) bool { return len(s) == 12 && regionShape.MatchString(s) })
}

func register(tag string, ok func(string) bool) {
	if err := checks.RegisterValidation(tag, func(f validator.FieldLevel) bool { return ok(f.Field().String()) }); err != nil {
		panic(err) // a tag's name is a constant of this program
	}
}

// Tag is the field's constraints as a validator tag for a non-null value.
func (f *Field) Tag() string {
	switch f.Kind {
	case Text:
		tag := "max=" + strconv.Itoa(f.limit(defaultText))
		if f.Options != nil {
			return tag + "," + oneOf(f.Options)
		}
		if f.Check != "" {
			tag += "," + f.Check
		}
		return tag
	case Number:
		return fmt.Sprintf("gte=%v,lte=%v", f.Low, f.High)
	case Date:
		return "datetime=2006-01-02"
	case Time:
		return "datetime=2006-01-02T15:04:05Z07:00"
	case Reference:
		return "recordid"
	case List:
		tag := "max=" + strconv.Itoa(f.limit(defaultList))
		switch f.Items {
		case "option":
			return tag + ",unique,dive," + oneOf(f.Options)
		case "photo":
			return tag + ",dive,recordid"
		default:
			return tag + ",dive,min=1,max=" + strconv.Itoa(defaultText)
		}
	default:
		return ""
	}
}

// Capacity is how many entries a list can hold.
func (f *Field) Capacity() int { return f.limit(defaultList) }

func (f *Field) limit(otherwise int) int {
	if f.Max > 0 {
		return f.Max
	}
	return otherwise
}

func oneOf(options []Option) string {
	values := make([]string, len(options))
	for i, o := range options {
		values[i] = o.Value
	}
	return "oneof=" + strings.Join(values, " ")
}

// CheckValue says whether v (a JSON value, not null) is one that the field can
// hold; the error is for people's logs, the wire says `invalid` and the field.
func (f *Field) CheckValue(v any) error {
	switch f.Kind {
	case Text, Date, Time, Reference:
		s, ok := v.(string)
		if !ok {
			return fmt.Errorf("%s: not a text", f.Name)
		}
		if f.Masked && strings.Contains(s, "*") {
			return fmt.Errorf("%s: a masked value", f.Name)
		}
		if f.Kind == Time && len(s) > 40 {
			return fmt.Errorf("%s: too long", f.Name)
		}
		return checks.Var(strings.TrimSpace(s), "omitempty,"+f.Tag())
	case Number:
		n, ok := v.(float64)
		if !ok || math.IsNaN(n) || math.IsInf(n, 0) {
			return fmt.Errorf("%s: not a number", f.Name)
		}
		return checks.Var(n, f.Tag())
	case Bool:
		if _, ok := v.(bool); !ok {
			return fmt.Errorf("%s: not true or false", f.Name)
		}
		return nil
	case List:
		return f.checkList(v)
	case Object:
		if f.Check == "place" {
			return checkPlace(v)
		}
		if _, ok := v.(map[string]any); !ok {
			return fmt.Errorf("%s: not an object", f.Name)
		}
		return nil
	}
	return fmt.Errorf("%s: kind %s", f.Name, f.Kind)
}

func (f *Field) checkList(v any) error {
	items, ok := v.([]any)
	if !ok {
		return fmt.Errorf("%s: not a list", f.Name)
	}
	if f.Items == "entry" {
		if len(items) > f.limit(defaultList) {
			return fmt.Errorf("%s: too many", f.Name)
		}
		for _, it := range items {
			if err := checkEntry(it); err != nil {
				return fmt.Errorf("%s: %w", f.Name, err)
			}
		}
		return nil
	}
	texts := make([]string, len(items))
	for i, it := range items {
		if texts[i], ok = it.(string); !ok {
			return fmt.Errorf("%s: an item is not a text", f.Name)
		}
	}
	return checks.Var(texts, f.Tag())
}

// checkEntry: {id, at, by, text}, the item of remarks and supplements.
func checkEntry(v any) error {
	m, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("an entry is not an object")
	}
	for k, x := range m {
		s, ok := x.(string)
		limit := map[string]int{"id": maxReferred, "at": 40, "by": 60, "text": entryText}[k]
		if !ok || limit == 0 || len([]rune(s)) > limit {
			return fmt.Errorf("an entry's %s", k)
		}
	}
	if id, _ := m["id"].(string); id == "" {
		return fmt.Errorf("an entry without an id")
	}
	return nil
}

// checkPlace: {lat, lng, accuracy} in degrees (WGS 84) and metres.
func checkPlace(v any) error {
	m, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("not a place")
	}
	bounds := map[string]float64{"lat": 90, "lng": 180, "accuracy": 1e7}
	for k, x := range m {
		n, ok := x.(float64)
		limit, known := bounds[k]
		if !ok || !known || math.Abs(n) > limit {
			return fmt.Errorf("a place's %s", k)
		}
	}
	if m["lat"] == nil || m["lng"] == nil {
		return fmt.Errorf("a place needs lat and lng")
	}
	return nil
}
