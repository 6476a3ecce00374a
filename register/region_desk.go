package register

import (
	"context"
	"database/sql"
	"strings"

	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Regions is the county's own table of divisions (行政区划): what it has added, renamed,
// merged and closed since the published one. Codes are never given away again, and what
// is no more keeps its name and its history.
type Regions struct {
	Engine *engine.Engine

	homes keptSums[int] // households living there
}

const (
	regionOpen   = "open"
	regionMerged = "merged"
	regionClosed = "closed"
	regionDevice = "rule:regions"

	movedAtOnce = 50 // households in one transaction
)

// Install reads what was changed and puts it in force: at the start, and after a change.
func (r *Regions) Install(ctx context.Context) error {
	rows, err := r.Engine.Query(ctx, `SELECT code, name, state, successor FROM regions`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var changed []region.Region
	for rows.Next() {
		var c region.Region
		var state string
		if err := rows.Scan(&c.Code, &c.Name, &state, &c.Successor); err != nil {
			return err
		}
		c.Closed = state != regionOpen
		changed = append(changed, c)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	region.Install(changed)
	return nil
}

// RegionItem is a division as its desk shows it.
type RegionItem struct {
	Code          string `json:"code"`
	Name          string `json:"name"`
	Short         string `json:"short"`
	State         string `json:"state"`
	Successor     string `json:"successor"`
	SuccessorName string `json:"successor_name"`
	Households    int    `json:"households"` // living there
	Accounts      int    `json:"accounts"`   // that see it by a grant of its own
}

// List reads all divisions of the account's offices, with how much hangs on each.
func (r *Regions) List(ctx context.Context, area string) ([]RegionItem, error) {
	homes, err := r.living(ctx)
	if err != nil {
		return nil, err
	}
	people, err := r.counts(ctx, `SELECT value, count(DISTINCT account) FROM sync_grants WHERE kind = 'area' AND until_seq = 0 GROUP BY value`)
	if err != nil {
		return nil, err
	}
	out := []RegionItem{}
	for _, d := range region.All(area) {
		it := RegionItem{Code: d.Code, Name: d.Name, Short: d.Short(), State: regionOpen, Successor: d.Successor, SuccessorName: region.FullName(d.Successor), Households: homes[d.Code], Accounts: people[d.Code]}
		if d.Closed {
			it.State = regionClosed
			if d.Successor != "" {
				it.State = regionMerged
			}
		}
		out = append(out, it)
	}
	return out, nil
}

// living is how many households live in each village, its town and its county, kept and
// brought up along the feed.
func (r *Regions) living(ctx context.Context) (map[string]int, error) {
	out := map[string]int{}
	err := r.Engine.View(ctx, func(v *engine.View) error {
		homes, err := r.homes.upTo(v, "", "", func(areas []string) (*sql.Rows, error) {
			some, args := ``, []any{}
			if areas != nil {
				some, args = ` AND area IN (SELECT value FROM json_each(?))`, append(args, encode(areas))
			}
			return v.Query(`SELECT area, count(*) FROM households INDEXED BY households_order WHERE deleted = 0 AND area <> '' AND home NOT LIKE '@%'`+some+` GROUP BY area`, args...)
		}, func(row *sql.Rows) (area string, n int, err error) {
			err = row.Scan(&area, &n)
			return area, n, err
		})
		if err != nil {
			return err
		}
		for code, cells := range homes.areas {
			for _, digits := range []int{6, 9, 12} {
				if len(code) >= digits {
					out[code[:digits]] += cells[0]
				}
			}
		}
		return nil
	})
	return out, err
}

func (r *Regions) counts(ctx context.Context, query string) (map[string]int, error) {
	rows, err := r.Engine.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := map[string]int{}
	for rows.Next() {
		var code string
		var n int
		if err := rows.Scan(&code, &n); err != nil {
			return nil, err
		}
		out[code] = n
	}
	return out, rows.Err()
}

// RegionChange is one line of a division's history.
type RegionChange struct {
	Deed    string `json:"deed"` // add, rename, merge, close
	Was     string `json:"was"`
	Becomes string `json:"becomes"`
	At      string `json:"at"`
	By      string `json:"by"`
	Reason  string `json:"reason"`
}

// History reads a division's changes, the newest first.
func (r *Regions) History(ctx context.Context, code string) ([]RegionChange, error) {
	rows, err := r.Engine.Query(ctx, `SELECT c.deed, c.was, c.becomes, c.at, coalesce(u.name, ''), c.reason FROM region_changes c LEFT JOIN users u ON u.id = c.by WHERE c.code = ? ORDER BY c.id DESC LIMIT 200`, code)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := []RegionChange{}
	for rows.Next() {
		var c RegionChange
		if err := rows.Scan(&c.Deed, &c.Was, &c.Becomes, &c.At, &c.By, &c.Reason); err != nil {
			return nil, err
		}
		if c.Deed == "merge" {
			c.Becomes = region.FullName(c.Becomes)
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// RegionOrder is what the county says of a division.
type RegionOrder struct {
	Code   string `json:"code" validate:"required,numeric,max=12"`
	Deed   string `json:"deed" validate:"required,oneof=add rename merge close"`
	Name   string `json:"name" validate:"max=60"`
	Into   string `json:"into" validate:"omitempty,numeric,max=12"`
	Reason string `json:"reason" validate:"required,max=500"`
}

// Change carries an order out. A merger moves the households and hands the accounts'
// grants over; it goes on after a restart.
func (r *Regions) Change(ctx context.Context, by *engine.Account, o RegionOrder, origin string) error {
	o.Name = strings.Join(strings.Fields(o.Name), "")
	if err := o.check(); err != nil {
		return err
	}
	if o.Deed == "close" {
		if err := r.empty(ctx, o.Code); err != nil {
			return err
		}
	}
	err := r.Engine.Update(ctx, func(tx *engine.Tx) error {
		if err := r.enter(tx, by, o); err != nil {
			return err
		}
		return tx.Audit(by, origin, "region."+o.Deed, o.Code, encode(o))
	})
	if err != nil {
		return err
	}
	if err := r.Install(ctx); err != nil {
		return err
	}
	if o.Deed == "merge" {
		return r.move(ctx, by, o.Code, o.Into)
	}
	return nil
}

// What is wrong with an order, and what to do.
const (
	regionCode    = "代码应为本县(市)的 9 位镇(街道)或 12 位村(社区)代码，且上级已经存在。"
	regionThere   = "这个代码已经有了；改名请用“改名”。"
	regionGone    = "没有这个地区，或已经撤销。"
	regionName    = "请填写名称。"
	regionInto    = "请选择并入哪个村(社区)；只有村(社区)可以合并，镇(街道)合并时请逐村并入。"
	regionInUse   = "还有家庭或账号在这里，不能撤销。请先并入别的村(社区)，或转走账号的管辖。"
	regionTooWide = "县(市)本身不能在这里修改。"
)

func (o *RegionOrder) check() error {
	known, there := region.Lookup(o.Code)
	living := there && !known.Closed
	if len(o.Code) <= len(region.County) && o.Deed != "add" {
		return wire.InvalidField("code", regionTooWide)
	}
	switch o.Deed {
	case "add":
		above := map[int]string{9: region.County, 12: region.Town(o.Code)}[len(o.Code)]
		parent, ok := region.Lookup(above)
		switch {
		case !region.Valid(o.Code) || !region.Contains(region.County, o.Code) || !ok || parent.Closed:
			return wire.InvalidField("code", regionCode)
		case there:
			return wire.InvalidField("code", regionThere)
		}
	case "merge":
		into, ok := region.Lookup(o.Into)
		if len(o.Code) != 12 || len(o.Into) != 12 || !ok || into.Closed || o.Into == o.Code {
			return wire.InvalidField("into", regionInto)
		}
	}
	switch {
	case o.Deed != "add" && !living:
		return wire.InvalidField("code", regionGone)
	case (o.Deed == "add" || o.Deed == "rename") && o.Name == "":
		return wire.InvalidField("name", regionName)
	}
	return nil
}

// enter writes the division and its history.
func (r *Regions) enter(tx *engine.Tx, by *engine.Account, o RegionOrder) error {
	known, _ := region.Lookup(o.Code)
	name, state, into, becomes := known.Name, regionOpen, "", o.Name
	switch o.Deed {
	case "add", "rename":
		name = o.Name
	case "merge":
		state, into, becomes = regionMerged, o.Into, o.Into
	case "close":
		state = regionClosed
	}
	if err := tx.Exec(`INSERT OR REPLACE INTO regions (code, name, state, successor) VALUES (?, ?, ?, ?)`, o.Code, name, state, into); err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO region_changes (id, code, deed, was, becomes, at, by, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		tx.NewID(), o.Code, o.Deed, known.Name, becomes, wire.Format(tx.Now()), by.ID, o.Reason)
}

// empty refuses to close what people or accounts hang on.
func (r *Regions) empty(ctx context.Context, code string) error {
	items, err := r.List(ctx, code)
	for _, it := range items {
		if it.Households > 0 || it.Accounts > 0 {
			return wire.InvalidField("code", regionInUse)
		}
	}
	return err
}
