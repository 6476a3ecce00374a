package indicator

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"
)

// The county's own indicators: a condition written as an expression over Environment.
// An expression always ends: it has no loops but those over a household's few
// records, one inside the other is refused, and its length and memory are bounded.
const (
	MaxOwn        = 20 // own indicators of a county
	MaxExpression = 500
	maxNodes      = 100
	maxMemory     = 10_000 // values that one evaluation may make
	maxItems      = 100    // members, reports or lines that an expression sees
)

// Own is one indicator of the county's own making.
type Own struct {
	Code       string // "C" and a number
	Title      string
	Level      Level
	Reach      Reach
	Expression string
}

var ownCode = regexp.MustCompile(`^C[1-9][0-9]{0,3}$`)

// ErrExpression is the kind of error that an expression's author can mend.
var ErrExpression = errors.New("expression")

// row makes the indicator, or says what is wrong with it.
func (o Own) row() (Indicator, error) {
	if !ownCode.MatchString(o.Code) || o.Title == "" || len([]rune(o.Title)) > 40 || o.Level != Red && o.Level != Orange && o.Level != Yellow ||
		o.Reach != Both && o.Reach != Register && o.Reach != Outside {
		return Indicator{}, fmt.Errorf("indicator: own indicator %q is not whole", o.Code)
	}
	c, err := compile(o.Expression)
	if err != nil {
		return Indicator{}, err
	}
	return Indicator{Code: o.Code, Title: o.Title, Family: OwnFamily, Clause: "三(一)", Sources: []string{"system"}, Watches: c.watches,
		Reach: o.Reach, Level: o.Level, Disposition: []string{"verify"}, Own: true,
		find: func(s *search) []cause {
			e := environment(s)
			if !c.holds(e) {
				return nil
			}
			return []cause{{id: timed(o.Code, c.fingerprint(e)), text: say("own", o.Title), confirmed: false}}
		}}, nil
}

// CheckOwn says what is wrong with an own indicator; nil if nothing is.
func CheckOwn(o Own) error { _, err := o.row(); return err }

// compiled is an expression with what it looks at.
type compiled struct {
	program *vm.Program
	names   []string
	watches Watches
}

func compile(text string) (*compiled, error) {
	if len([]rune(text)) > MaxExpression {
		return nil, fmt.Errorf("%w: longer than %d characters", ErrExpression, MaxExpression)
	}
	options := []expr.Option{expr.Env(Environment{}), expr.AsBool(), expr.MaxNodes(maxNodes), expr.DisableAllBuiltins(), expr.Optimize(false)}
	for _, name := range Functions {
		options = append(options, expr.EnableBuiltin(name))
	}
	checked, err := expr.Compile(text, options...) // as it is written: its types and names
	if err == nil {
		err = refused(checked.Node())
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrExpression, err)
	}
	v := &reading{}
	program, err := expr.Compile(text, append(options, expr.MaxNodes(4*maxNodes), expr.Patch(v), expr.Function(mustKnow, answer))...)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrExpression, err)
	}
	return &compiled{program, v.names, watchesOf(v.names)}, nil
}

// Functions are those that an expression may call.
var Functions = []string{"any", "all", "none", "one", "count", "sum", "len", "filter", "map", "min", "max", "abs", "round", "floor", "ceil"}

// mustKnow is put around both sides of ==, != and in: without it an unknown grade were
// "not A", and what is unknown would raise a warning. Asking for nil itself is allowed.
const mustKnow = "known"

var errUnknown = errors.New("not known")

func answer(params ...any) (any, error) {
	v := reflect.ValueOf(params[0])
	switch v.Kind() {
	case reflect.Invalid:
		return nil, errUnknown
	case reflect.Pointer:
		if v.IsNil() {
			return nil, errUnknown
		}
		return v.Elem().Interface(), nil
	case reflect.Slice, reflect.Map:
		if v.IsNil() {
			return nil, errUnknown
		}
	}
	return params[0], nil
}

// reading notes which names of the environment an expression uses, and puts mustKnow
// where it belongs.
type reading struct{ names []string }

func (v *reading) guard(side *ast.Node) {
	switch n := (*side).(type) {
	case *ast.MemberNode, *ast.IdentifierNode:
		ast.Patch(side, &ast.CallNode{Callee: &ast.IdentifierNode{Value: mustKnow}, Arguments: []ast.Node{n}})
	}
}

func (v *reading) Visit(node *ast.Node) {
	name := ""
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		name = n.Value
	case *ast.MemberNode:
		if p, ok := n.Property.(*ast.StringNode); ok {
			name = p.Value
		}
	case *ast.BinaryNode:
		_, left := n.Left.(*ast.NilNode)
		_, right := n.Right.(*ast.NilNode)
		if !left && !right && (n.Operator == "==" || n.Operator == "!=" || n.Operator == "in") {
			v.guard(&n.Left)
			v.guard(&n.Right)
		}
	}
	if name != "" && !slices.Contains(v.names, name) {
		v.names = append(v.names, name)
	}
}

// refused are loops inside loops, and ranges, which make lists of any length.
func refused(root ast.Node) error {
	d := &depth{}
	d.walk(root, 0)
	return d.err
}

type depth struct{ err error }

func (d *depth) walk(node ast.Node, loops int) {
	switch n := node.(type) {
	case nil:
	case *ast.BuiltinNode:
		inner := loops
		for _, a := range n.Arguments {
			if _, ok := a.(*ast.PredicateNode); ok {
				inner = loops + 1
			}
		}
		if inner > 1 {
			d.err = errors.New("any, all, count and the like cannot stand inside one another")
		}
		for _, a := range n.Arguments {
			d.walk(a, inner)
		}
	case *ast.PredicateNode:
		d.walk(n.Node, loops)
	case *ast.BinaryNode:
		if n.Operator == ".." {
			d.err = errors.New("a range (..) is not allowed")
		}
		d.walk(n.Left, loops)
		d.walk(n.Right, loops)
	case *ast.UnaryNode:
		d.walk(n.Node, loops)
	case *ast.ConditionalNode:
		d.walk(n.Cond, loops)
		d.walk(n.Exp1, loops)
		d.walk(n.Exp2, loops)
	case *ast.MemberNode:
		d.walk(n.Node, loops)
		d.walk(n.Property, loops)
	case *ast.ChainNode:
		d.walk(n.Node, loops)
	case *ast.ArrayNode:
		for _, item := range n.Nodes {
			d.walk(item, loops)
		}
	case *ast.IdentifierNode, *ast.PointerNode, *ast.NilNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.StringNode, *ast.ConstantNode:
	default:
		d.err = fmt.Errorf("%T is not allowed", node)
	}
}

// holds: what cannot be answered because a fact is unknown does not hold.
func (c *compiled) holds(e Environment) bool {
	machine := vm.VM{MemoryBudget: maxMemory}
	out, err := machine.Run(c.program, e)
	yes, ok := out.(bool)
	return err == nil && ok && yes
}

// fingerprint names the facts that the expression looks at, those left out that time
// alone changes: while they stay, it is the same cause.
func (c *compiled) fingerprint(e Environment) string {
	var used []any
	for _, f := range environmentFields {
		if f.value != nil && slices.Contains(c.names, f.Name) && slices.Contains(c.names, f.In) {
			used = append(used, f.In+"."+f.Name, f.value(e))
		}
	}
	text, err := json.Marshal(used)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
