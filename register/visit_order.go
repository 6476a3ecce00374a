package register

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"

	"doorstep/domain/access"
	"doorstep/domain/casefile"
	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// VisitOrder is one order that makes tasks for many households. To whom it goes is
// fixed when it is given; the tasks are made a few at a time behind it, so that no push
// waits long, and an order that was cut short is pursued.
type VisitOrder struct {
	CaseFile
	Title    string     `json:"title"`
	Note     string     `json:"note"`
	TaskKind string     `json:"task_kind"`
	TasksDue string     `json:"tasks_due"`
	To       OrderRange `json:"to"`
	By       string     `json:"by"`
	Total    int        `json:"total"`
}

// OrderRange is to whom an order goes: what is empty does not narrow it.
type OrderRange struct {
	Areas      []string `json:"areas" validate:"max=200,unique,dive,numeric,max=12"`
	Categories []string `json:"categories" validate:"max=10,unique"`
	Account    string   `json:"account" validate:"max=40"`                          // a social worker's own households
	NotSince   string   `json:"not_since" validate:"omitempty,datetime=2006-01-02"` // not visited since that day
	Households []string `json:"households" validate:"max=300,unique,dive,uuid"`     // these alone, as somebody chose them
}

// NewVisitOrder is an order as it is given. ID is the client's. Dry counts alone.
type NewVisitOrder struct {
	ID       string     `json:"id" validate:"required,uuid"`
	Title    string     `json:"title" validate:"required,max=120"`
	Note     string     `json:"note" validate:"max=2000"`
	TaskKind string     `json:"task_kind" validate:"required,max=20"`
	DueOn    string     `json:"due_on" validate:"required,datetime=2006-01-02"`
	To       OrderRange `json:"to"`
	Dry      bool       `json:"dry"`
}

const (
	orderOrigin   = "orders:" // begins the origin of an order's task
	maxOrderHomes = 5000
	orderBatch    = 100 // tasks of a transaction
)

// orderKinds are the tasks that an order may make; verifications and what was returned
// have each a reason of their own.
var orderKinds = []string{"visit", "reassess", "collect"}

// GiveOrder makes tasks for all households of a range that have no open task of the
// kind. Sent twice it is one order; Dry says to how many it would go.
func (c *Casework) GiveOrder(ctx context.Context, by *engine.Account, origin string, n NewVisitOrder) (map[string]any, error) {
	if n.Dry {
		return c.countOrder(ctx, by, n)
	}
	o, err := begin(ctx, c, by, origin, casefile.Order, "give", n.ID, func(h *hand) (*VisitOrder, error) {
		homes, err := n.choose(h.tx, by)
		if err != nil {
			return nil, err
		}
		if len(homes) == 0 {
			return nil, decline("to", "order_none")
		}
		plan := make([][2]string, len(homes))
		for i, id := range homes {
			plan[i] = [2]string{id.household, h.tx.NewID()}
		}
		h.said = strings.TrimSpace(n.Title) + "，" + strconv.Itoa(len(homes))
		o := &VisitOrder{Title: strings.TrimSpace(n.Title), Note: strings.TrimSpace(n.Note), TaskKind: n.TaskKind, TasksDue: n.DueOn, To: n.To, By: by.Name, Total: len(homes)}
		if o.Area, o.DueOn = common(homes), n.DueOn; !seesArea(by, o.Area) {
			return nil, decline("to.areas", "order_apart") // nobody but the town would see the order
		}
		return o, h.tx.Exec(`INSERT INTO visit_order_homes (visit_order, household, task, state) SELECT ?, value ->> 0, value ->> 1, 'planned' FROM json_each(?)`, n.ID, encode(plan))
	})
	if err != nil {
		return nil, err
	}
	if err := c.pursue(ctx, o.ID); err != nil {
		return nil, err
	}
	return c.VisitOrder(ctx, by, o.ID)
}

// chosen is a household to which an order goes.
type chosen struct{ household, area string }

// common is the smallest area that all lie in: those who see it see the order.
func common(homes []chosen) string {
	area := homes[0].area
	for _, h := range homes {
		for !strings.HasPrefix(h.area, area) {
			area = area[:len(area)-3]
		}
	}
	return area
}

// choose finds to whom an order goes, in the account's areas.
func (n *NewVisitOrder) choose(q engine.Reader, by *engine.Account) ([]chosen, error) {
	switch {
	case !slices.Contains(orderKinds, n.TaskKind):
		return nil, decline("task_kind", "order_kind")
	case n.DueOn < q.Today() || n.DueOn > daysBefore(q.Today(), -furthestDueDays):
		return nil, decline("due_on", "order_due")
	}
	for _, a := range n.To.Areas {
		if !region.Valid(a) || !seesArea(by, a) {
			return nil, decline("to.areas", "order_area")
		}
	}
	for _, k := range n.To.Categories {
		if !isCategory(k) {
			return nil, decline("to.categories", "order_category")
		}
	}
	areas := n.To.Areas
	if len(areas) == 0 {
		areas = by.Scope().Areas
	}
	var out []chosen
	rows, err := q.Query(`SELECT h.id, h.area FROM households h WHERE h.deleted = 0 AND h.home = h.id AND h.state = 'active'
		AND EXISTS (SELECT 1 FROM json_each(?1) WHERE h.area >= value AND h.area < value || '~')
		AND (?2 = '[]' OR EXISTS (SELECT 1 FROM categories c WHERE c.home = h.id AND c.deleted = 0 AND c.category IN (SELECT value FROM json_each(?2))
			AND (c."from" = '' OR c."from" <= ?3) AND (c."to" = '' OR c."to" >= ?3)))
		AND (?4 = '' OR EXISTS (SELECT 1 FROM sync_grants g WHERE g.account = ?4 AND g.kind = 'home' AND g.value = h.id AND g.until_seq = 0))
		AND (?5 = '' OR h.last_visited < ?5)
		AND (?8 = '[]' OR h.id IN (SELECT value FROM json_each(?8)))
		AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.home = h.id AND t.deleted = 0 AND t.state = 'open' AND t.kind = ?6)
		ORDER BY h.area, h.id LIMIT ?7`, encode(append([]string{}, areas...)), encode(append([]string{}, n.To.Categories...)), q.Today(), n.To.Account, n.To.NotSince, n.TaskKind, maxOrderHomes+1,
		encode(append([]string{}, n.To.Households...)))
	err = scanEach(rows, err, func(r *sql.Rows) error {
		var h chosen
		err := r.Scan(&h.household, &h.area)
		out = append(out, h)
		return err
	})
	if len(out) > maxOrderHomes {
		return nil, decline("to", "order_many", maxOrderHomes, maxOrderHomes)
	}
	return out, err
}

// pursue makes an order's tasks, or ends those of one that was withdrawn, until nothing
// is left to do.
func (c *Casework) pursue(ctx context.Context, id string) error {
	for left := true; left; {
		err := c.Engine.Update(ctx, func(tx *engine.Tx) error {
			o, err := loadFile[VisitOrder](tx, casefile.Order, id)
			if err != nil || o == nil {
				left = false
				return err
			}
			left, err = o.advance(tx)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// advance does the next few; left is whether there may be more.
func (o *VisitOrder) advance(tx *engine.Tx) (left bool, err error) {
	from, to, do := "planned", "made", o.makeTask
	if o.State == "withdrawn" {
		from, to, do = "planned,made", "ended", endOrdered
	}
	rows, err := tx.Query(`SELECT household || ' ' || task FROM visit_order_homes WHERE visit_order = ?1 AND instr(?2, state) > 0 ORDER BY household LIMIT ?3`, o.ID, from, orderBatch)
	pairs, err := idsOf(rows, err)
	if err != nil || len(pairs) == 0 {
		return false, err
	}
	h := &hand{tx: tx, by: engine.Server}
	homes := make([]string, 0, len(pairs))
	for _, p := range pairs {
		household, task, _ := strings.Cut(p, " ")
		homes = append(homes, household)
		if err := do(h, household, task); err != nil {
			return false, err
		}
	}
	if len(h.drafts) > 0 {
		if err := tx.Do(ruleCasework, h.drafts); err != nil {
			return false, err
		}
	}
	return len(pairs) == orderBatch, tx.Exec(`UPDATE visit_order_homes SET state = ? WHERE visit_order = ? AND household IN (SELECT value FROM json_each(?))`, to, o.ID, encode(homes))
}

func (o *VisitOrder) makeTask(h *hand, household, task string) error {
	home, ok, err := h.tx.Record("households", household)
	if err != nil || !ok || home.Text("state") != "active" {
		return err // gone since the order was given
	}
	h.draft(wire.KindCreate, "tasks", task, map[string]any{"household": household, "kind": o.TaskKind, "origin": orderOrigin + o.ID, "title": o.Title, "detail": o.Note, "due_on": o.TasksDue})
	return nil
}

func endOrdered(h *hand, _, task string) error { return h.endTask(task, caseText("withdrawn")) }

// WithdrawOrder takes an order back: what nobody has answered goes off the tablets.
func (c *Casework) WithdrawOrder(ctx context.Context, by *engine.Account, origin, id, reason string) (map[string]any, error) {
	if _, err := take(ctx, c, by, origin, casefile.Order, id, "withdraw", reason, func(*hand, *VisitOrder) error { return nil }); err != nil {
		return nil, err
	}
	if err := c.pursue(ctx, id); err != nil {
		return nil, err
	}
	return c.VisitOrder(ctx, by, id)
}

// pursueOrders goes on with orders that were cut short, and finishes those of which no
// task is open any more.
func (c *Casework) pursueOrders(ctx context.Context) error {
	var short, over []string
	err := c.Engine.View(ctx, func(v *engine.View) (err error) {
		if short, err = idsOf(v.Query(`SELECT DISTINCT f.id FROM case_files f JOIN visit_order_homes o ON o.visit_order = f.id
			WHERE f.kind = 'visit_order' AND (f.state = 'open' AND o.state = 'planned' OR f.state = 'withdrawn' AND o.state <> 'ended') LIMIT 100`)); err != nil {
			return err
		}
		over, err = idsOf(v.Query(`SELECT f.id FROM case_files f WHERE f.kind = 'visit_order' AND f.state = 'open' AND NOT EXISTS (SELECT 1 FROM visit_order_homes o LEFT JOIN tasks t ON t.id = o.task
			WHERE o.visit_order = f.id AND (o.state = 'planned' OR t.state = 'open' AND t.deleted = 0)) LIMIT 100`))
		return err
	})
	for _, id := range short {
		err = errors.Join(err, c.pursue(ctx, id))
	}
	for _, id := range over {
		_, finished := take(ctx, c, engine.Server, "", casefile.Order, id, "finish", "", func(*hand, *VisitOrder) error { return nil })
		if !isDecided(finished) {
			err = errors.Join(err, finished)
		}
	}
	return err
}

// OrderOptions are the tables that the form is made of. A social worker is named with the
// provider whose contract they serve, for an order to their households is the provider's.
func (c *Casework) OrderOptions(ctx context.Context, by *engine.Account) (map[string]any, error) {
	kinds := []policy.Option{}
	for _, o := range policy.Lookup("tasks").Field("kind").Options {
		if slices.Contains(orderKinds, o.Value) {
			kinds = append(kinds, o)
		}
	}
	people := []Staff{}
	err := c.Engine.View(ctx, func(v *engine.View) (err error) {
		if people, err = staffOf(v, by.Scope().Areas, access.Social); err != nil {
			return err
		}
		for i, p := range people {
			providers, err := idsOf(v.Query(`SELECT DISTINCT f.body ->> '$.provider' FROM contract_homes h JOIN case_files f ON f.id = h.contract WHERE h.account = ? AND h.until_on = '' ORDER BY 1`, p.Account))
			if err != nil {
				return err
			}
			people[i].Unit = strings.Join(providers, "、")
		}
		return nil
	})
	return map[string]any{"kinds": kinds, "categories": policy.Lookup("categories").Field("category").Options, "social_workers": people, "places": Places(by),
		"states": casefile.Stages(casefile.Order), "acts": casefile.Acts(casefile.Order), "most": maxOrderHomes}, err
}

// VisitOrders is the office's list.
func (c *Casework) VisitOrders(ctx context.Context, by *engine.Account, q FileQuery) (Page, error) {
	return filesOf(ctx, c, by, casefile.Order, q, func(v *engine.View, o *VisitOrder) (map[string]any, error) {
		o.Steps = nil
		return shown(v, by, &o.CaseFile, o)
	})
}

// VisitOrder is one order with how far each village is. It names nobody.
func (c *Casework) VisitOrder(ctx context.Context, by *engine.Account, id string) (map[string]any, error) {
	var out map[string]any
	err := c.Engine.View(ctx, func(v *engine.View) error {
		o, err := seenFile[VisitOrder](v, by, casefile.Order, id)
		if err != nil {
			return err
		}
		if out, err = shown(v, by, &o.CaseFile, o); err != nil {
			return err
		}
		villages := []VillageCount{}
		rows, err := v.Query(`SELECT h.area, count(*), coalesce(sum(t.state = 'open'), 0), coalesce(sum(t.state = 'done'), 0), coalesce(sum(t.state = 'cannot'), 0)
			FROM visit_order_homes o JOIN households h ON h.id = o.household LEFT JOIN tasks t ON t.id = o.task AND t.deleted = 0 WHERE o.visit_order = ? GROUP BY h.area ORDER BY h.area`, id)
		err = scanEach(rows, err, func(r *sql.Rows) error {
			var n VillageCount
			err := r.Scan(&n.Area, &n.Total, &n.Open, &n.Done, &n.Cannot)
			n.RegionName = region.FullName(n.Area)
			villages = append(villages, n)
			return err
		})
		out["villages"] = villages
		return err
	})
	return out, err
}
