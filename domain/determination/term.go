package determination

import "time"

// Term is how long a decision stands, and when it is looked at again.
type Term struct {
	From       string `json:"from"`
	To         string `json:"to"`          // "" no end
	NextReview string `json:"next_review"` // 下次复核
}

// TermOf is the term of a category from a day on: 刚性支出困难 ends after twelve months at
// most [N]; the others go on and are reviewed by the household's class (A, B, C).
func TermOf(category, reviewClass, from string, p Params) Term {
	months := func(name string) string { return addMonths(from, int(p.At(name, from).Value.Value)) }
	t := Term{From: from}
	switch category {
	case "rigid_expense":
		t.To = dayBefore(months("rigid_months"))
		t.NextReview = t.To
	case "marginal":
		t.NextReview = months("review_months_marginal")
	default:
		if reviewClass != "A" && reviewClass != "C" {
			reviewClass = "B"
		}
		t.NextReview = months("review_months_" + reviewClass)
	}
	return t
}

// addMonths is the same day of a later month, or that month's last.
func addMonths(day string, n int) string {
	from, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	out := from.AddDate(0, n, 0)
	if out.Day() != from.Day() {
		out = out.AddDate(0, 0, -out.Day())
	}
	return out.Format(time.DateOnly)
}

func dayBefore(day string) string {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return d.AddDate(0, 0, -1).Format(time.DateOnly)
}

// PublicityEnd is the last day of a publicity (公示) that begins on a day.
func PublicityEnd(from string, p Params) string {
	d, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return ""
	}
	return d.AddDate(0, 0, int(p.At("publicity_days", from).Value.Value)-1).Format(time.DateOnly)
}
