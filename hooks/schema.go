package hooks

import (
	"time"

	"doorstep/domain/access"
	"doorstep/domain/assistance"
	"doorstep/domain/indicator"
	"doorstep/domain/zone"
	"doorstep/sync/policy"
	"doorstep/sync/sealing"
	"doorstep/sync/wire"
)

// schemaAnswer is the table with the titles of what a change will trigger, and the
// cards of the assistance matrix, which a tablet shows without a network.
type schemaAnswer struct {
	policy.Schema
	Options    []string          `json:"options"` // of the wire, that this server knows
	Indicators []schemaIndicator `json:"indicators"`
	Assistance []schemaItem      `json:"assistance"`
	Visits     []schemaVisitTerm `json:"visit_terms"`
	Hotline    string            `json:"hotline"`
	Roles      map[string]string `json:"roles"`
	Seal       sealing.Public    `json:"seal"` // what tablets seal to
}

type schemaIndicator struct {
	Code     string   `json:"code"`
	Title    string   `json:"title"`
	Level    string   `json:"level"`
	Triggers []string `json:"triggers"`
}

// schemaVisitTerm is after how many days without a visit a household is overdue (V1), and
// whom that is said of.
type schemaVisitTerm struct {
	Days        int    `json:"days"`
	Category    string `json:"category,omitzero"`
	SupportForm string `json:"support_form,omitzero"`
	ReviewClass string `json:"review_class,omitzero"`
	LivesAlone  bool   `json:"lives_alone,omitzero"`
}

// schemaItem is one card; codes of departments and categories have their labels in
// the types.
type schemaItem struct {
	Code        string   `json:"code"`
	Title       string   `json:"title"`
	Clause      string   `json:"clause"`
	Departments []string `json:"departments"`
	Categories  []string `json:"categories"` // for whom the policy names it, conditions beside
	Plain       string   `json:"plain"`
	Who         string   `json:"who"`
	How         string   `json:"how"`
	Phone       string   `json:"phone,omitempty"`
}

func (s *Server) schema(c *call) error {
	writer := policy.Tablet
	if c.by.Reviewer() {
		writer = policy.Town
	}
	schemas := s.Engine.Schemas()
	out := schemaAnswer{Schema: policy.SchemaFor(writer, schemas.Current, schemas.Oldest), Options: wire.Options, Roles: map[string]string{}, Seal: s.Sealing.Public()}
	for _, i := range indicator.All() {
		out.Indicators = append(out.Indicators, schemaIndicator{i.Code, i.Title, string(i.Level), i.Triggers})
	}
	now := s.Engine.Now().In(zone.China)
	for _, t := range s.Monitor.Warnings.InForce().VisitTerms(now) {
		out.Visits = append(out.Visits, schemaVisitTerm{t.Days, t.Category, t.SupportForm, t.ReviewClass, t.LivesAlone})
	}
	day, numbers := now.Format(time.DateOnly), assistance.Defaults()
	for _, it := range assistance.All() {
		out.Assistance = append(out.Assistance, schemaItem{it.Code, it.Title, it.Clause, it.Departments, it.NamedFor(),
			it.Plain, it.Who, it.How, numbers.Phone(&it, c.by.Office, day)})
	}
	out.Hotline = numbers.Hotline(c.by.Office, day)
	for _, r := range access.Roles() {
		out.Roles[string(r)] = r.Label()
	}
	return c.answer(out)
}
