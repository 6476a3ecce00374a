package demo

import (
	"time"

	"doorstep/domain/assistance"
)

// facts reads the household that was built as the register will read it: from the
// operations, not from what they were made of.
func (m *maker) facts() assistance.Facts {
	f := assistance.Facts{Today: m.today.Format(time.DateOnly)}
	for _, op := range m.out.Operations {
		switch op.Type {
		case "households":
			f.Household = assistance.Household{Urban: truth(op, "urban"), HousingKind: said(op, "housing_kind"), HousingGrade: said(op, "housing_grade"), Needs: saidAll(op, "needs")}
		case "members":
			f.Members = append(f.Members, assistance.Member{ID: op.Record, Name: said(op, "name"), Sex: said(op, "sex"), BirthDate: said(op, "birth_date"),
				Alive: truth(op, "alive"), DeathDate: said(op, "death_date"), Health: said(op, "health"), DisabilityKind: said(op, "disability_kind"),
				DisabilityGrade: said(op, "disability_grade"), Capacity: said(op, "capacity_to_work"), SelfCareFailed: len(saidAll(op, "self_care_failed")),
				WorkState: said(op, "work_state"), SchoolStage: said(op, "school_stage"), Insured: truth(op, "insured")})
		case "categories":
			f.Categories = append(f.Categories, assistance.Category{Category: said(op, "category"), SupportForm: said(op, "support_form"),
				Member: said(op, "member"), From: said(op, "from"), To: said(op, "to")})
		case "status_changes": // what the server wrote is confirmed at once
			f.Reports = append(f.Reports, assistance.Report{Kind: said(op, "kind"), HappenedOn: said(op, "happened_on"), Confirmed: true})
		}
	}
	return f
}

func said(op Operation, field string) string { s, _ := op.Set[field].(string); return s }

func truth(op Operation, field string) *bool {
	if b, ok := op.Set[field].(bool); ok {
		return &b
	}
	return nil
}

func saidAll(op Operation, field string) []string {
	list, _ := op.Set[field].([]any)
	var out []string
	for _, v := range list {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
