package register

import (
	"context"
	"database/sql"

	"doorstep/domain/region"
	"doorstep/sync/engine"
)

// VillageCount is how many households of a village something is about, and of them done.
type VillageCount struct {
	Area       string `json:"area"`
	RegionName string `json:"region_name"`
	Total      int    `json:"total"`
	Open       int    `json:"open"`
	Done       int    `json:"done"`
	Cannot     int    `json:"cannot"`
}

// LeftOut is a household that somebody chose and that an order does not go to: why not,
// and of an open task of the kind what it is and until when.
type LeftOut struct {
	Household string `json:"household"`
	HeadName  string `json:"head_name"`
	Why       string `json:"why"` // inactive, category, other_worker, visited, task, elsewhere
	Title     string `json:"title"`
	DueOn     string `json:"due_on"`
}

// countOrder says before an order is given to whom it would go: by village, and of those
// that were chosen by hand who is left out and why.
func (c *Casework) countOrder(ctx context.Context, by *engine.Account, n NewVisitOrder) (map[string]any, error) {
	villages, left := []VillageCount{}, []LeftOut{}
	total := 0
	err := c.Engine.View(ctx, func(v *engine.View) error {
		homes, err := n.choose(v, by)
		if err != nil {
			return err
		}
		total = len(homes)
		going := map[string]bool{}
		for _, h := range homes { // in order of area
			if last := len(villages) - 1; last < 0 || villages[last].Area != h.area {
				villages = append(villages, VillageCount{Area: h.area, RegionName: region.FullName(h.area)})
			}
			villages[len(villages)-1].Total++
			going[h.household] = true
		}
		left, err = n.leftOut(v, by, going)
		return err
	})
	return map[string]any{"total": total, "villages": villages, "left_out": left}, err
}

// leftOut says of each household that was chosen and to which the order does not go why,
// by the same conditions as choose, in their order. Of one that the account does not see
// nothing is said but that it is not there.
func (n *NewVisitOrder) leftOut(q engine.Reader, by *engine.Account, going map[string]bool) ([]LeftOut, error) {
	left := []string{}
	for _, id := range n.To.Households {
		if !going[id] {
			left = append(left, id)
		}
	}
	out := []LeftOut{}
	if len(left) == 0 {
		return out, nil
	}
	scope, args := by.InScope("h.")
	rows, err := q.Query(`SELECT chosen.value, coalesce(h.head_name, ''), CASE
			WHEN h.id IS NULL THEN 'elsewhere'
			WHEN h.deleted <> 0 OR h.home <> h.id OR h.state <> 'active' THEN 'inactive'
			WHEN ?2 <> '[]' AND NOT EXISTS (SELECT 1 FROM categories c WHERE c.home = h.id AND c.deleted = 0 AND c.category IN (SELECT value FROM json_each(?2))
				AND (c."from" = '' OR c."from" <= ?3) AND (c."to" = '' OR c."to" >= ?3)) THEN 'category'
			WHEN ?4 <> '' AND NOT EXISTS (SELECT 1 FROM sync_grants g WHERE g.account = ?4 AND g.kind = 'home' AND g.value = h.id AND g.until_seq = 0) THEN 'other_worker'
			WHEN ?5 <> '' AND h.last_visited >= ?5 THEN 'visited'
			WHEN t.id IS NOT NULL THEN 'task' ELSE 'elsewhere' END, coalesce(t.title, ''), coalesce(t.due_on, '')
		FROM json_each(?1) chosen LEFT JOIN households h ON h.id = chosen.value AND `+numberedFrom(scope, 6)+`
		LEFT JOIN tasks t ON t.id = (SELECT id FROM tasks WHERE home = h.id AND deleted = 0 AND state = 'open' AND kind = ?6 ORDER BY due_on, id LIMIT 1)
		ORDER BY chosen.key`, append([]any{encode(left), encode(append([]string{}, n.To.Categories...)), q.Today(), n.To.Account, n.To.NotSince, n.TaskKind}, args...)...)
	return out, scanEach(rows, err, func(r *sql.Rows) error {
		var l LeftOut
		err := r.Scan(&l.Household, &l.HeadName, &l.Why, &l.Title, &l.DueOn)
		if l.Why != "task" {
			l.Title, l.DueOn = "", ""
		}
		out = append(out, l)
		return err
	})
}
