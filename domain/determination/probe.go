package determination

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
)

// probe is what a condition looks at. Whatever it reads, it notes: the trace is what
// was read, not what somebody thought to write down.
type probe struct {
	facts  *Facts
	params Params
	day    string
	who    *Member // asked about; nil: the household
	check  *Check
}

// read notes a fact as a figure of the check; without a value it is asked for.
func read[T any](p *probe, code string, f Fact[T]) (T, bool) {
	row := factRow(code)
	fig := Figure{Fact: code, Label: row.Label, Unit: row.Unit, Confirmed: f.Confirmed, Note: f.Note}
	if row.Member {
		fig.Member, fig.Name = p.who.ID, p.who.Name
	}
	var value T
	if f.Value != nil {
		value = *f.Value
		fig.Value = value
	} else {
		p.ask(code)
	}
	if !slices.ContainsFunc(p.check.Figures, func(x Figure) bool { return x.Fact == code && x.Member == fig.Member }) {
		p.check.Figures = append(p.check.Figures, fig)
	}
	return value, f.Value != nil
}

func (p *probe) ask(code string) {
	row := factRow(code)
	q := Question{Fact: code, Text: row.Ask}
	if row.Member {
		q.Member, q.Name = p.who.ID, p.who.Name
	}
	if !slices.Contains(p.check.asks, q) {
		p.check.asks = append(p.check.asks, q)
	}
}

// param notes the parameter that was measured by.
func (p *probe) param(name string) float64 {
	m := p.params.At(name, p.day)
	if !slices.Contains(p.check.Params, m) {
		p.check.Params = append(p.check.Params, m)
	}
	return m.Value.Value
}

// say is the reason in words.
func (p *probe) say(key string, args ...any) {
	p.check.Why = fmt.Sprintf(texts[key], args...)
}

// aged: the member has reached an age of the parameters.
func (p *probe) aged(name string) Outcome {
	born, known := read(p, "birth_date", p.who.BirthDate)
	if !known {
		return Unknown
	}
	years := int(p.param(name))
	day, err := time.Parse(time.DateOnly, born)
	if err != nil {
		p.ask("birth_date")
		return Unknown
	}
	return when(day.AddDate(years, 0, 0).Format(time.DateOnly) <= p.day)
}

// disabled is the grade of the certificate; "" none. A known health that is not
// "disabled" says that there is no certificate.
func (p *probe) disabled() (grade string, known Outcome) {
	if p.who.Grade.Value != nil {
		g, _ := read(p, "disability_grade", p.who.Grade)
		return g, Yes
	}
	if health, ok := read(p, "health", p.who.Health); ok && health != "disabled" {
		return "", Yes
	}
	read(p, "disability_grade", p.who.Grade)
	return "", Unknown
}

// mind: an intellectual or mental disability; of a multiple one it must be asked.
func (p *probe) mind() Outcome {
	switch kind, known := read(p, "disability_kind", p.who.Disability); {
	case !known:
		return Unknown
	case kind == "7":
		p.ask("disability_kind")
		return Unknown
	default:
		return when(kind == "5" || kind == "6")
	}
}

func (p *probe) heads() int {
	n, sure := 0, true
	for i := range p.facts.Members {
		m := &p.facts.Members[i]
		if m.living() {
			n++
		}
		sure = sure && (m.Alive.Value == nil || m.Alive.Confirmed)
	}
	if !slices.ContainsFunc(p.check.Figures, func(f Figure) bool { return f.Fact == "headcount" }) {
		p.check.Figures = append(p.check.Figures, Figure{Fact: "headcount", Label: texts["headcount"], Unit: texts["people"], Value: float64(n), Confirmed: sure})
	}
	return n
}

// fen is an amount in hundredths, so that a limit is met exactly.
func fen(yuan float64) float64 { return math.Round(yuan * 100) }

// below compares an amount with a limit that may lie between two: where the standard
// is that of a town or of a village and nobody knows which.
func below(amount, low, high float64) Outcome {
	switch {
	case fen(amount) < fen(low):
		return Yes
	case fen(amount) >= fen(high):
		return No
	}
	return Unknown
}

// standard is the subsistence standard of the household; two where it is not known
// whether it is a town's or a village's.
func (p *probe) standard() (low, high float64) {
	if urban, known := read(p, "urban", p.facts.Urban); known {
		name := "standard_rural"
		if urban {
			name = "standard_urban"
		}
		v := p.param(name)
		return v, v
	}
	a, b := p.param("standard_rural"), p.param("standard_urban")
	return min(a, b), max(a, b)
}

// yuan is an amount as people write it.
func yuan(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) }

// between is one amount, or two where it is not known which.
func between(low, high float64) string {
	if low == high {
		return yuan(low)
	}
	return yuan(low) + "～" + yuan(high)
}
