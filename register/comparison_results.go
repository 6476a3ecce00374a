package register

import (
	"context"

	"doorstep/domain/matching"
	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// ResultItem is one result as a desk reads it. Person is who the list names, where
// that is not the member's own word: the number masked.
type ResultItem struct {
	ID          string         `json:"id"`
	Batch       string         `json:"batch"`
	Line        int            `json:"line"`
	Source      string         `json:"source"`
	SourceLabel string         `json:"source_label"`
	Kind        string         `json:"kind"`
	Result      string         `json:"result"`
	ResultLabel string         `json:"result_label"`
	Strength    string         `json:"strength"`
	Household   string         `json:"household"`
	Member      string         `json:"member"`
	HeadName    string         `json:"head_name"`
	MemberName  string         `json:"member_name"`
	Region      string         `json:"region"`
	RegionName  string         `json:"region_name"`
	AsOf        string         `json:"as_of"`
	Reason      string         `json:"reason"`
	Values      map[string]any `json:"values"`
	Person      map[string]any `json:"person"`
	State       string         `json:"state"` // standing, to_confirm, dismissed; withdrawn with its batch
	Decided     map[string]any `json:"decided"`
}

// ResultQuery is what a desk looks for; "" is all.
type ResultQuery struct {
	Batch, Result, State, Household string
	Limit                           int
	After                           int64
}

// Results lists those of the account's scope, the newest first.
func (c *Comparisons) Results(ctx context.Context, by *engine.Account, q ResultQuery) (items []ResultItem, next string, err error) {
	items, err = c.results(ctx, by, `(? = '' OR r.batch = ?) AND (? = '' OR r.result = ?) AND (? = '' OR r.state = ?) AND (? = '' OR r.household = ?)`, q.Limit+1, q.After,
		q.Batch, q.Batch, q.Result, q.Result, q.State, q.State, q.Household, q.Household)
	for i := range items {
		items[i].unnamed()
	}
	if len(items) > q.Limit {
		items, next = items[:q.Limit], engine.NextPage(q.After+int64(q.Limit))
	}
	return items, next, err
}

// unnamed leaves out of a row who may be meant: some of them may live where the reader sees
// nobody. One result alone tells each as far as its reader sees them (candidates).
func (it *ResultItem) unnamed() { delete(it.Person, "may_be") }

func (c *Comparisons) results(ctx context.Context, by *engine.Account, where string, limit int, after int64, args ...any) ([]ResultItem, error) {
	scope, grants := by.InScope("r.")
	rows, err := c.Engine.Query(ctx, `SELECT r.id, r.batch, r.line, r.source, r.kind, r.result, r.strength, r.household, r.member, coalesce(h.head_name, ''), coalesce(m.name, ''), r.area, r.as_of,
			r.reason, r."values", r.person, CASE WHEN r.bstate = 'done' THEN r.state ELSE 'withdrawn' END, r.decided
		FROM (SELECT x.*, x.household AS home, b.state AS bstate FROM comparison_results x JOIN comparison_batches b ON b.id = x.batch AND b.state NOT IN ('loading', 'failed')) r
		LEFT JOIN households h ON h.id = r.household LEFT JOIN members m ON m.id = r.member
		WHERE `+where+` AND `+scope+` ORDER BY r.id DESC LIMIT ? OFFSET ?`, append(append(args, grants...), limit, after)...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	items := []ResultItem{}
	for rows.Next() {
		var it ResultItem
		var values, person, decided string
		if err := rows.Scan(&it.ID, &it.Batch, &it.Line, &it.Source, &it.Kind, &it.Result, &it.Strength, &it.Household, &it.Member, &it.HeadName, &it.MemberName, &it.Region, &it.AsOf,
			&it.Reason, &values, &person, &it.State, &decided); err != nil {
			return nil, err
		}
		for text, into := range map[string]*map[string]any{values: &it.Values, person: &it.Person, decided: &it.Decided} {
			if text == "" {
				continue
			}
			if err := json.Unmarshal([]byte(text), into); err != nil {
				return nil, err
			}
		}
		if it.Person, err = masked(c.Engine.Ring(), it.ID, it.Person); err != nil {
			return nil, err
		}
		it.RegionName, it.SourceLabel, it.ResultLabel = region.FullName(it.Region), labelOfSource(it.Source), matching.Result(it.Result).Label()
		items = append(items, it)
	}
	return items, rows.Err()
}

// Decision is what a person says of a result that is not sure.
type Decision struct {
	Choice string `json:"choice" validate:"required,oneof=confirm dismiss"`
	Member string `json:"member" validate:"omitempty,uuid"` // confirm: who of those who may be meant
	Reason string `json:"reason" validate:"max=500"`
}

// Decide confirms who a row speaks of, or dismisses it. What is confirmed is
// classified like any other and may raise a warning.
func (c *Comparisons) Decide(ctx context.Context, by *engine.Account, id string, d Decision) (*ResultItem, error) {
	list, err := c.results(ctx, by, `r.id = ?`, 1, 0, id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, wire.Err(wire.NotFound, "")
	}
	it := list[0]
	if it.State != "to_confirm" {
		return nil, wire.Err(wire.Decided, "")
	}
	it.State, it.Decided = "dismissed", map[string]any{"choice": d.Choice, "reason": d.Reason, "by": by.ID, "at": wire.Format(c.Engine.Now())}
	if d.Choice == "confirm" {
		if err := c.confirm(ctx, &it, d.Member); err != nil {
			return nil, err
		}
	}
	taken := false
	err = c.Engine.Update(ctx, func(tx *engine.Tx) error {
		rows, err := tx.Query(`SELECT 1 FROM comparison_results WHERE id = ? AND state = 'to_confirm'`, id)
		if err != nil {
			return err
		}
		taken = rows.Next()
		_ = rows.Close()
		if !taken {
			return wire.Err(wire.Decided, "")
		}
		if err := tx.Exec(`UPDATE comparison_results SET household = ?, member = ?, area = ?, result = ?, reason = ?, state = ?, decided = ? WHERE id = ?`,
			it.Household, it.Member, it.Region, it.Result, it.Reason, it.State, encode(it.Decided), id); err != nil {
			return err
		}
		if it.State == "standing" {
			tx.Touch(it.Household, engine.Applied{Type: reportedType, Kind: wire.KindPatch, Set: map[string]any{it.Kind: true}})
		}
		return tx.Audit(by, "", "comparison.decide", id, d.Choice)
	})
	it.unnamed()
	return &it, err
}

// confirm classifies the row for the member chosen.
func (c *Comparisons) confirm(ctx context.Context, it *ResultItem, member string) error {
	home := ""
	may, _ := it.Person["may_be"].([]any)
	for _, m := range may {
		if p, ok := m.(map[string]any); ok && (p["member"] == member || member == "" && len(may) == 1) {
			it.Member, _ = p["member"].(string)
			home, _ = p["household"].(string)
		}
	}
	if home == "" {
		return wire.InvalidField("member", chooseMember)
	}
	kind := matching.Lookup(it.Kind)
	homes := map[string]*matching.Situation{home: {}}
	if err := c.households(ctx, kind, it.AsOf, homes); err != nil {
		return err
	}
	err := c.each(ctx, `SELECT `+personColumns+` FROM json_each(?) j JOIN members m ON m.id = j.value`, []string{it.Member}, func(p matching.Person) {
		s := homes[home]
		s.Found, s.Person, s.Given, s.Record.Values = true, p, ofPerson(s.Given, p.Member), it.Values
		it.Household, it.Region = p.Household, p.Region
	})
	result, reason := kind.Classify(*homes[home])
	it.Result, it.Reason, it.State = string(result), reason, "standing"
	return err
}

const chooseMember = "请选择是哪一位成员。"
