package register

import (
	"slices"
	"time"

	"doorstep/domain/indicator"
	"doorstep/sync/engine"
)

// gather reads what these indicators need of a household; nil if it is not there.
func (w *Warnings) gather(r engine.Reader, id string, rows []indicator.Indicator) (*indicator.Facts, error) {
	h, ok, err := r.Record("households", id)
	if err != nil || !ok {
		return nil, err
	}
	today, err := time.Parse(time.DateOnly, r.Today()) // deadlines count from China's day, not from UTC's
	if err != nil {
		return nil, err
	}
	f := &indicator.Facts{Today: today, Household: household(h)}
	for _, part := range parts {
		if !part.asked(rows) {
			continue
		}
		records, err := r.Records(part.typ, id)
		if err != nil {
			return nil, err
		}
		part.begin(f)
		for _, rec := range records {
			part.add(f, rec)
		}
	}
	if w.Lines != nil && f.Categories != nil {
		f.Household.IncomeLine = w.line(h, f.Categories, r.Today())
	}
	if w.Lists != nil && indicator.LookAt(rows, indicator.ReportedType) {
		lines, err := w.Lists.Of(r, []string{id})
		if err != nil {
			return nil, err
		}
		f.Reported = lines[id]
	}
	return f, nil
}

// part is one type of record with what the indicators take of it.
type part struct {
	typ   string
	begin func(*indicator.Facts)
	add   func(*indicator.Facts, engine.Record)
}

// asked: categories say, too, whether a household is in the register, and how high its
// lines are.
func (p part) asked(rows []indicator.Indicator) bool {
	if indicator.LookAt(rows, p.typ) {
		return true
	}
	return p.typ == "categories" && slices.ContainsFunc(rows, func(row indicator.Indicator) bool { return row.Reach != indicator.Both })
}

// partTypes are the types of record that indicators look at beside the household's own.
func partTypes() []string {
	types := make([]string, len(parts))
	for i, p := range parts {
		types[i] = p.typ
	}
	return types
}

func nothingYet(*indicator.Facts) {}

var parts = []part{
	{"members", nothingYet, func(f *indicator.Facts, r engine.Record) { f.Members = append(f.Members, member(r)) }},
	{"status_changes", nothingYet, func(f *indicator.Facts, r engine.Record) {
		if !r.Returned() {
			f.Changes = append(f.Changes, change(r))
		}
	}},
	{"categories", func(f *indicator.Facts) { f.Categories = []indicator.Category{} }, func(f *indicator.Facts, r engine.Record) {
		f.Categories = append(f.Categories, indicator.Category{ID: r.ID(), Category: r.Text("category"), SupportForm: r.Text("support_form"), Member: r.Text("member"),
			From: r.Text("from"), To: r.Text("to")})
	}},
	{"entitlements", nothingYet, func(f *indicator.Facts, r engine.Record) {
		f.Entitlements = append(f.Entitlements, indicator.Entitlement{Item: r.Text("item"), Member: r.Text("member"), State: r.Text("state"), Cause: r.Cause("state")})
	}},
	{"assistance", nothingYet, func(f *indicator.Facts, r engine.Record) {
		f.Given = append(f.Given, indicator.Given{ID: r.ID(), Item: r.Text("item"), Member: r.Text("member"), State: r.Text("state"), Period: r.Text("period"),
			GivenOn: r.Text("given_on"), Amount: pointer[float64](r.Value("amount"))})
	}},
}

func household(h engine.Record) indicator.Household {
	return indicator.Household{State: h.Text("state"), MonthlyIncome: fact[float64](h, "monthly_income"), Property: items(h, "property"),
		LivesAlone: pointer[bool](h.Value("lives_alone")), ReviewClass: h.Text("review_class"), LastVisited: h.Text("last_visited"),
		MedicalCost: pointer[float64](h.Value("medical_cost_12m")), RigidCost: pointer[float64](h.Value("rigid_cost_12m")), Urban: pointer[bool](h.Value("urban")),
		HousingKind: h.Text("housing_kind"), HousingGrade: h.Text("housing_grade"), Tags: known(h, "tags"), Needs: known(h, "needs")}
}

// line is the highest of what the categories held allow: over it none of them stands.
func (w *Warnings) line(h engine.Record, categories []indicator.Category, today string) *float64 {
	urban, known := h.Value("urban").(bool)
	if !known {
		return nil
	}
	var highest *float64
	for _, c := range categories {
		if c.Member != "" || c.From > today || c.To != "" && c.To < today {
			continue
		}
		line := w.Lines.Of(c.Category, urban, today)
		if line == nil {
			return nil // one of them has no line: the income may be lawful
		}
		if highest == nil || *line > *highest {
			highest = line
		}
	}
	return highest
}

func member(m engine.Record) indicator.Member {
	out := indicator.Member{ID: m.ID(), Name: m.Text("name"), BirthDate: m.Text("birth_date"), Earner: pointer[bool](m.Value("earner")),
		Alive: fact[bool](m, "alive"), DeathDate: m.Text("death_date"), Health: fact[string](m, "health"), Illness: m.Text("illness"),
		Guardian: fact[string](m, "guardian"), SelfCareFailed: items(m, "self_care_failed"),
		DisabilityKind: fact[string](m, "disability_kind"), DisabilityGrade: fact[string](m, "disability_grade"), SchoolStage: m.Text("school_stage"),
		WorkState: m.Text("work_state"), Insured: pointer[bool](m.Value("insured"))}
	if m.Confirmed("name") == nil {
		out.Joined = m.Cause("name")
	}
	return out
}

func change(c engine.Record) indicator.StatusChange {
	return indicator.StatusChange{ID: c.ID(), Kind: c.Text("kind"), Member: c.Text("member"), HappenedOn: c.Text("happened_on"),
		Amount: pointer[float64](c.Value("amount")), Confirmed: c.Confirmed("kind") != nil}
}

// fact is a field with the value that was confirmed before it.
func fact[T any](r engine.Record, field string) indicator.Fact[T] {
	return indicator.Fact[T]{Now: pointer[T](r.Value(field)), Confirmed: pointer[T](r.Confirmed(field)), Cause: r.Cause(field)}
}

func items(r engine.Record, field string) indicator.Fact[[]string] {
	return indicator.Fact[[]string]{Now: texts(r.Value(field)), Confirmed: texts(r.Confirmed(field)), Cause: r.Cause(field)}
}

// known is a list of texts; nil where nobody ever said one.
func known(r engine.Record, field string) []string {
	if list := r.List(field); list != nil {
		return words(list)
	}
	return nil
}

func pointer[T any](v any) *T {
	x, ok := v.(T)
	if !ok {
		return nil
	}
	return &x
}

func texts(v any) *[]string {
	list, ok := v.([]any)
	if !ok {
		return nil
	}
	out := words(list)
	return &out
}
