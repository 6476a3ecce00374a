// Package priority says whom to see first (智能研判): a transparent score that adds up
// points from a household's facts and trends, each point with its label, its clause and
// what it was given for, from one table.
//
// It orders visits and decides nothing: no category, no aid and no warning follows from
// it, and nobody is left out for a low score, for V1 asks for every visit in time. It
// reads the facts that the indicators read (domain/indicator); what is unknown gives no
// point. It learns from no data: the points are set by hand, so that anybody can check
// them.
package priority

import (
	"cmp"
	"slices"

	"doorstep/domain/indicator"
)

// Score is what a household's facts add up to.
type Score struct {
	Points  int
	Reasons []Reason // of those that gave points, the most first
}

// Reason is one row of the table as it was met.
type Reason struct {
	Code   string
	Label  string
	Clause string // of 胶民政发〔2024〕61号
	Points int
	Times  int // how often it was met: members, reports, warnings
}

// Facts are a household's, with what waits to be done about it.
type Facts struct {
	indicator.Facts
	OpenWarnings int // that ask for something
	VisitDays    int // after so many days without a visit it is overdue; 0: not known
}

// Row is one row: so many points for each time, up to so many.
type Row struct {
	Code   string
	Label  string
	Clause string
	Each   int
	Most   int
	times  func(*Facts) int
}

// Table lists the rows, as they are told to whoever asks what a score is made of.
func Table() []Row { return table }

// Of adds up a household's points. The same facts give the same score.
func Of(f Facts) Score {
	out := Score{Reasons: []Reason{}}
	for _, row := range table {
		times := row.times(&f)
		points := min(times*row.Each, row.Most)
		if points <= 0 {
			continue
		}
		out.Points += points
		out.Reasons = append(out.Reasons, Reason{row.Code, row.Label, row.Clause, points, times})
	}
	slices.SortStableFunc(out.Reasons, func(a, b Reason) int { return cmp.Compare(b.Points, a.Points) })
	return out
}
