package indicator

import "time"

// VisitTerm says after how many days without a visit V1 calls a household of a kind
// overdue. What is empty is not asked; of the terms that fit the shortest counts.
// Tablets sort their day by the same terms.
type VisitTerm struct {
	Param       string // of V1
	Category    string // one that it is held in
	SupportForm string // of that category
	ReviewClass string
	LivesAlone  bool
}

var visitTerms = []VisitTerm{
	{Param: "alone", Category: "destitute", SupportForm: "home", LivesAlone: true},
	{Param: "class_a", Category: "subsistence", ReviewClass: "A"},
	{Param: "class_b", Category: "subsistence", ReviewClass: "B"},
	{Param: "class_c", Category: "subsistence", ReviewClass: "C"},
	{Param: "others"},
}

func (t VisitTerm) fits(s *search) bool {
	if t.LivesAlone && !value(s.Household.LivesAlone) || t.ReviewClass != "" && s.Household.ReviewClass != t.ReviewClass {
		return false
	}
	if t.Category == "" {
		return true
	}
	for _, c := range s.held() {
		if c.Category == t.Category && (t.SupportForm == "" || c.SupportForm == t.SupportForm) {
			return true
		}
	}
	return false
}

// TermDays is a term with the county's days for it.
type TermDays struct {
	VisitTerm
	Days int
}

// VisitTerms are V1's terms on a day; none while the county has switched V1 off.
func (p Params) VisitTerms(day time.Time) []TermDays {
	if row := Lookup("V1"); !p.On(*row, day) {
		return nil
	}
	var out []TermDays
	for _, t := range visitTerms {
		out = append(out, TermDays{t, int(p.Number("V1."+t.Param, day))})
	}
	return out
}
