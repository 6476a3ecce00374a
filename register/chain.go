package register

import (
	"strings"

	"doorstep/domain/assistance"
	"doorstep/sync/engine"
)

// gatherAssistance reads what the matrix needs of a household, and its chain of
// help; nil if it is not there, or waits with its author.
func gatherAssistance(r engine.Reader, id string) (*assistance.Facts, []assistance.Given, error) {
	if strings.HasPrefix(id, "@") {
		return nil, nil, nil
	}
	h, ok, err := r.Record("households", id)
	if err != nil || !ok {
		return nil, nil, err
	}
	f := &assistance.Facts{Today: r.Today(), Household: assistance.Household{Urban: pointer[bool](h.Value("urban")),
		HousingKind: h.Text("housing_kind"), HousingGrade: h.Text("housing_grade"), Needs: words(h.List("needs"))}}
	var chain []assistance.Given
	for _, part := range []struct {
		typ  string
		take func(engine.Record)
	}{
		{"members", func(r engine.Record) { f.Members = append(f.Members, assisted(r)) }},
		{"categories", func(r engine.Record) {
			f.Categories = append(f.Categories, assistance.Category{Category: r.Text("category"), SupportForm: r.Text("support_form"),
				Member: r.Text("member"), From: r.Text("from"), To: r.Text("to")})
		}},
		{"status_changes", func(r engine.Record) {
			if !r.Returned() {
				f.Reports = append(f.Reports, assistance.Report{Kind: r.Text("kind"), HappenedOn: r.Text("happened_on"), Confirmed: r.Confirmed("kind") != nil})
			}
		}},
		{"assistance", func(r engine.Record) {
			chain = append(chain, assistance.Given{Item: r.Text("item"), Member: r.Text("member"), State: r.Text("state"), GivenOn: r.Text("given_on")})
		}},
	} {
		records, err := r.Records(part.typ, id)
		if err != nil {
			return nil, nil, err
		}
		for _, rec := range records {
			part.take(rec)
		}
	}
	return f, chain, nil
}

func assisted(r engine.Record) assistance.Member {
	return assistance.Member{ID: r.ID(), Name: r.Text("name"), Sex: r.Text("sex"), BirthDate: r.Text("birth_date"),
		Alive: pointer[bool](r.Value("alive")), DeathDate: r.Text("death_date"), Health: r.Text("health"),
		DisabilityKind: r.Text("disability_kind"), DisabilityGrade: r.Text("disability_grade"), Capacity: r.Text("capacity_to_work"),
		SelfCareFailed: len(r.List("self_care_failed")), WorkState: r.Text("work_state"), SchoolStage: r.Text("school_stage"),
		Insured: pointer[bool](r.Value("insured"))}
}

func words(list []any) []string {
	out := make([]string, 0, len(list))
	for _, v := range list {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
