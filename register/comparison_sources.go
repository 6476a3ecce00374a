package register

import (
	"context"
	"slices"
	"strings"
	"time"

	"doorstep/domain/indicator"
	"doorstep/domain/matching"
	"doorstep/domain/zone"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// Source is one line of the register of sources (数据共享目录, 三(二)): which department
// sends what, how often that is agreed (共享频次), and when it came last.
type Source struct {
	Code         string           `json:"source"`
	Kind         string           `json:"kind"`
	Label        string           `json:"label"`
	Department   string           `json:"department"`
	Sender       string           `json:"department_label"`
	KindLabel    string           `json:"kind_label"`
	Days         int              `json:"days"` // the agreed frequency
	Mapping      matching.Mapping `json:"mapping"`
	Active       bool             `json:"active"`
	Columns      []SourceColumn   `json:"columns"`
	LastReceived string           `json:"last_received"`
	LastAsOf     string           `json:"last_as_of"`
	DueOn        string           `json:"due_on"` // "" while nothing ever came
	OverdueDays  int              `json:"overdue_days"`
}

// SourceColumn is one column that a list of this source may have.
type SourceColumn struct {
	Field string `json:"field"`
	Label string `json:"label"`
	Must  bool   `json:"must"` // a list cannot be read without it, or without what stands for it
}

// Sources lists them: the table's, with what the county has agreed otherwise, and the
// county's own.
func (c *Comparisons) Sources(ctx context.Context) ([]Source, error) {
	known := map[string]Source{}
	for _, k := range matching.Kinds() {
		known[k.Code] = Source{Code: k.Code, Kind: k.Code, Label: k.Label, Department: k.Department, Days: k.Days, Mapping: matching.Mapping{}, Active: true}
	}
	if err := c.agreed(ctx, known); err != nil {
		return nil, err
	}
	if err := c.received(ctx, known); err != nil {
		return nil, err
	}
	out := make([]Source, 0, len(known))
	for _, s := range known {
		kind := matching.Lookup(s.Kind)
		s.KindLabel, s.Sender = kind.Label, indicator.SourceLabel(s.Department)
		for _, col := range kind.Wanted() {
			s.Columns = append(s.Columns, SourceColumn{col.Field, col.Label, matching.Needed(col.Field)})
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b Source) int {
		if a.OverdueDays != b.OverdueDays {
			return b.OverdueDays - a.OverdueDays
		}
		return strings.Compare(a.Code, b.Code)
	})
	return out, nil
}

func (c *Comparisons) agreed(ctx context.Context, known map[string]Source) error {
	rows, err := c.Engine.Query(ctx, `SELECT code, kind, label, department, days, mapping, active FROM comparison_sources`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var s Source
		var mapping string
		if err := rows.Scan(&s.Code, &s.Kind, &s.Label, &s.Department, &s.Days, &mapping, &s.Active); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(mapping), &s.Mapping); err != nil {
			return err
		}
		if matching.Lookup(s.Kind) != nil {
			known[s.Code] = s
		}
	}
	return rows.Err()
}

// received says when each came last, and which are overdue. A source from which
// nothing ever came has no date to be late from.
func (c *Comparisons) received(ctx context.Context, known map[string]Source) error {
	today := zone.Day(c.Engine.Now())
	return c.pairs(ctx, func(code, received, asOf, _ string) {
		s, ok := known[code]
		last, err := time.Parse(time.RFC3339, received)
		now, err2 := time.Parse(time.DateOnly, today)
		if !ok || err != nil || err2 != nil {
			return
		}
		due := last.AddDate(0, 0, s.Days)
		s.LastReceived, s.LastAsOf, s.DueOn = received, asOf, due.Format(time.DateOnly)
		if late := int(now.Sub(due.Truncate(24*time.Hour)).Hours() / 24); s.Active && late > 0 {
			s.OverdueDays = late
		}
		known[code] = s
	}, `SELECT source, max(received), max(as_of), '' FROM comparison_batches WHERE purpose = 'compare' AND state = 'done' GROUP BY source`)
}

func (c *Comparisons) source(ctx context.Context, code string) (*Source, error) {
	all, err := c.Sources(ctx)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Code == code && all[i].Active {
			return &all[i], nil
		}
	}
	return nil, wire.Err(wire.NotFound, "source")
}

// Agreement is what the county sets of a source; a code that is none yet makes one.
type Agreement struct {
	Kind       string           `json:"kind" validate:"max=40"`
	Label      string           `json:"label" validate:"max=40"`
	Department string           `json:"department" validate:"max=40"`
	Days       int              `json:"days" validate:"min=1,max=1100"`
	Mapping    matching.Mapping `json:"mapping" validate:"max=60,dive,keys,max=40,endkeys,max=80"`
	Active     bool             `json:"active"`
}

// Agree writes it.
func (c *Comparisons) Agree(ctx context.Context, by *engine.Account, code string, a Agreement) (*Source, error) {
	kind := matching.Lookup(a.Kind)
	if kind == nil || code == "" || len(code) > 40 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
		return nil, wire.InvalidField("kind", sourceUnknown)
	}
	if known := matching.Lookup(code); known != nil && known.Code != a.Kind {
		return nil, wire.InvalidField("kind", sourceUnknown)
	}
	if err := checkMapping(kind, a.Mapping); err != nil {
		return nil, err
	}
	if a.Label == "" {
		a.Label = kind.Label
	}
	if a.Department == "" {
		a.Department = kind.Department
	}
	s := Source{Code: code, Kind: a.Kind, Label: a.Label, Department: a.Department, Days: a.Days, Mapping: a.Mapping, Active: a.Active}
	err := c.Engine.Update(ctx, func(tx *engine.Tx) error {
		if err := s.save(tx); err != nil {
			return err
		}
		return tx.Audit(by, "", "comparison.source", code, encode(a))
	})
	return &s, err
}

const (
	sourceUnknown  = "数据源代码只能用小写字母、数字、下划线，种类须是系统已有的名单种类。"
	mappingUnknown = "这种名单没有这一列："
)

func (s *Source) save(tx *engine.Tx) error {
	if s.Mapping == nil {
		s.Mapping = matching.Mapping{}
	}
	return tx.Exec(`INSERT OR REPLACE INTO comparison_sources (code, kind, label, department, days, mapping, active) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		s.Code, s.Kind, s.Label, s.Department, s.Days, encode(s.Mapping), s.Active)
}

// remember keeps how the columns of the last file were laid, and which a person has
// said that it has not.
func (s *Source) remember(tx *engine.Tx, m, asked matching.Mapping) error {
	for field, heading := range asked {
		if heading == matching.NoColumn {
			s.Mapping[field] = heading
		}
	}
	for field, heading := range m {
		s.Mapping[field] = heading
	}
	return s.save(tx)
}

func labelOfSource(code string) string {
	if k := matching.Lookup(code); k != nil {
		return k.Label
	}
	return code
}
