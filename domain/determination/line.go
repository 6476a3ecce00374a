package determination

// incomeLine is how the income line of a category is made: of which figure, how many
// times, for how many months.
type incomeLine struct {
	rural, urban string
	times        string // "" once
	months       float64
}

var incomeLines = map[string]incomeLine{
	"destitute":     {"standard_rural", "standard_urban", "livelihood_multiple", 1},
	"subsistence":   {"standard_rural", "standard_urban", "", 1},
	"marginal":      {"standard_rural", "standard_urban", "marginal_multiple", 1},
	"rigid_expense": {"disposable_income", "disposable_income", "", 12},
}

// IncomeLine is what a head may have in a month, at most, in a household that holds a
// category: the figure that the order's own conditions measure by. nil: the category has
// none, or the county has not set its figure, and an example is nobody's line.
func IncomeLine(p Params, category string, urban bool, day string) *float64 {
	line, ok := incomeLines[category]
	if !ok {
		return nil
	}
	name := line.rural
	if urban {
		name = line.urban
	}
	figure := p.At(name, day)
	if figure.Example {
		return nil
	}
	value := figure.Value.Value / line.months
	if line.times != "" {
		value *= p.At(line.times, day).Value.Value
	}
	return &value
}
