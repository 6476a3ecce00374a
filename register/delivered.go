package register

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"doorstep/domain/access"
	"doorstep/domain/referral"
	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
	"doorstep/tables"
)

// 部门救助情况: what a department itself gave, as the chain of help has it; and its list of
// what it gave, taken in. Of whom it is it sees the name, and the town: what it knows.

// DeliveredItem is one help of the department's own.
type DeliveredItem struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	TownName   string   `json:"town_name"`
	Item       string   `json:"item"`
	ItemLabel  string   `json:"item_label"`
	Amount     *float64 `json:"amount"`
	Period     string   `json:"period"`
	GivenOn    string   `json:"given_on"`
	State      string   `json:"state"`
	StateLabel string   `json:"state_label"`
}

// Delivered lists what the account's department gave in its area, the newest first. The
// first page is audited.
func (d *Referrals) Delivered(ctx context.Context, by *engine.Account, origin, state string, limit int, after int64) (items []DeliveredItem, next string, err error) {
	if by.Role != access.Department || by.Department == "" {
		return nil, "", wire.Err(wire.Forbidden, "department")
	}
	items = []DeliveredItem{}
	err = d.Engine.View(ctx, func(v *engine.View) error {
		rows, err := v.Query(`SELECT a.id, coalesce(m.name, h.head_name, ''), a.area, a.item, CAST(nullif(coalesce(a.amount, 'null'), 'null') AS REAL), coalesce(a.period, ''), coalesce(a.given_on, ''), a.state
			FROM assistance a LEFT JOIN households h ON h.id = a.home LEFT JOIN members m ON m.id = a.member
			WHERE a.deleted = 0 AND a.department = ?1 AND (?2 = '' OR a.state = ?2) AND EXISTS (SELECT 1 FROM json_each(?3) WHERE a.area >= value AND a.area < value || '~')
			ORDER BY a.given_on DESC, a.id DESC LIMIT ?4 OFFSET ?5`, by.Department, state, encode(by.Scope().Areas), limit+1, after)
		return scanEach(rows, err, func(r *sql.Rows) error {
			var it DeliveredItem
			var area string
			var amount sql.NullFloat64
			err := r.Scan(&it.ID, &it.Name, &area, &it.Item, &amount, &it.Period, &it.GivenOn, &it.State)
			if amount.Valid {
				it.Amount = &amount.Float64
			}
			it.TownName, it.ItemLabel, it.StateLabel = region.FullName(town(area)), optionLabel("assistance", "item", it.Item), optionLabel("assistance", "state", it.State)
			items = append(items, it)
			return err
		})
	})
	if err != nil {
		return nil, "", err
	}
	if len(items) > limit {
		items, next = items[:limit], engine.NextPage(after+int64(limit))
	}
	if after == 0 {
		err = d.Engine.Audit(ctx, by.ID, "", origin, "delivered.list", "", by.Department+" "+state)
	}
	return items, next, err
}

// DeliveredReport is what came of a department's list. Who of it the register has is not
// told, only how many: it is no way around the inquiry, which is asked one by one.
type DeliveredReport struct {
	Batch    string         `json:"batch"`
	State    string         `json:"state"` // done; known: the same file came before
	Rows     int            `json:"rows"`
	Taken    int            `json:"taken"`
	Repeated int            `json:"repeated"` // the chain had them already
	Unlisted int            `json:"unlisted"` // not in the register
	Bad      int            `json:"bad"`
	Faults   []tables.Fault `json:"faults"`
}

// Deliver takes a department's list of what it gave (救助发放记录). Rows that are well are
// entered, as the department's own; the others are told by line, to be corrected and sent
// again. Nothing is only tried: a list that is looked through and not entered would be an
// inquiry about everybody in it.
func (c *Comparisons) Deliver(ctx context.Context, by *engine.Account, in Incoming) (*DeliveredReport, error) {
	if by.Role != access.Department || len(referral.Inquiries(by.Department)) == 0 {
		return nil, wire.Err(wire.Forbidden, "department")
	}
	if !c.busy.TryLock() {
		return nil, wire.Err(wire.Busy, "")
	}
	defer c.busy.Unlock()
	known, err := c.batches(ctx, `WHERE purpose = ? AND source = ? AND sha256 = ? AND state = 'done' ORDER BY id DESC LIMIT 1`, purposeLoad, "assistance", in.SHA256)
	if err != nil {
		return nil, err
	}
	if len(known) > 0 {
		return &DeliveredReport{Batch: known[0].ID, State: "known", Rows: known[0].Rows, Faults: []tables.Fault{}}, nil
	}
	l := &loading{c: c, by: by, kind: lookupLoad("assistance"), in: in, skip: true, own: by.Department, report: LoadReport{Created: map[string]int{}}, homes: map[string]*loadHome{}, persons: map[string]string{}}
	if err := l.each(func(r loadRow, faults []tables.Fault) error { return l.look(ctx, r, faults) }); err != nil {
		return nil, refusedFile(err)
	}
	out := &DeliveredReport{State: "done", Rows: l.report.Rows, Bad: l.report.Bad, Unlisted: l.unlisted, Faults: append([]tables.Fault{}, l.report.Faults...)}
	if err := l.write(ctx); err != nil {
		return nil, err
	}
	out.Batch, out.Taken = l.report.Batch, l.report.Created["assistance"]
	out.Repeated = out.Rows - out.Bad - out.Unlisted - out.Taken
	return out, nil
}

// foreign is what is wrong with a row of a department's list: another's help.
func (l *loading) foreign(r loadRow) (column, code string) {
	switch said := r.text("assistance.department"); {
	case l.own == "":
	case said != "" && said != l.own:
		return "部门", "department_other"
	case !slices.Contains(referral.Inquiries(l.own), r.text("assistance.item")):
		return "救助事项", "item_other"
	case strings.TrimSpace(r.text("assistance.state")) != "" && !slices.Contains([]string{"given", "returned"}, r.text("assistance.state")):
		return "状态", "state_other"
	}
	return "", ""
}
