package register

import (
	"context"
	"database/sql"
	"slices"

	"doorstep/sync/engine"
)

// How many of each kind wait. Of a stock, by village, it is kept and brought up along the
// feed: a county has tens of thousands of warnings, and every desk asks every few minutes.

// TodoSums keeps what is counted of stocks, by the name of the kind.
type TodoSums struct{ keptSums[todoCell] }

// todoCell is how many wait in a village, in one state, of one of the stock's parts.
type todoCell struct {
	state       string
	part, count int
}

// of are a stock's cells at a view's moment, or later.
func (s *TodoSums) of(v *engine.View, k todoKind) (*villages[todoCell], error) {
	return s.upTo(v, k.name, v.Today(), func(areas []string) (*sql.Rows, error) {
		if areas == nil {
			return v.Query(k.stock.cells+` GROUP BY 1, 2, 3`, v.Today())
		}
		return v.Query(k.stock.cells+` AND area IN (SELECT value FROM json_each(?2)) GROUP BY 1, 2, 3`, v.Today(), encode(areas))
	}, func(r *sql.Rows) (area string, c todoCell, err error) {
		err = r.Scan(&area, &c.state, &c.part, &c.count)
		return area, c, err
	})
}

// waiting is how many of each part of a stock the account sees in its areas, and how many
// all in all elsewhere, by the few homes that it sees there.
func (d *desk) waiting(i int) (parts []int, elsewhere TodoCount, err error) {
	k := todoKinds[i]
	kept, err := d.x.sums.of(d.v, k)
	if err != nil {
		return nil, elsewhere, err
	}
	parts = make([]int, len(k.stock.parts))
	homes, areas := d.by.Reach()
	kept.within(areas, func(_ string, c todoCell) {
		if c.state == "" || slices.Contains(d.states, c.state) {
			parts[c.part] += c.count
		}
	})
	home, area := k.alias()+`.home`, k.alias()+`.area`
	within := home + ` IN (SELECT value FROM json_each(` + numberedFrom(`?`, len(d.args)) + `)) AND NOT EXISTS (SELECT 1 FROM json_each(?4) WHERE ` + area + ` >= value AND ` + area + ` < value || '~')`
	elsewhere, err = d.count(i, within, encode(homes))
	return parts, elsewhere, err
}

// count counts one row of the table by a condition.
func (d *desk) count(i int, within string, more ...any) (c TodoCount, err error) {
	rows, err := d.v.Often(d.named(i, todoKinds[i].from, within)+`SELECT count(*), coalesce(sum(`+urgencyNow+` = 0), 0) FROM k`, append(slices.Clone(d.args), more...)...)
	err = scanEach(rows, err, func(r *sql.Rows) error { return r.Scan(&c.Count, &c.AtOnce) })
	return c, err
}

// counts are one for each name of the table, in its order.
func (d *desk) counts() ([]TodoCount, error) {
	out := []TodoCount{}
	for i, k := range todoKinds {
		c, err := d.counted(i)
		if err != nil {
			return nil, err
		}
		if c.Kind = k.name; c.Count == 0 {
			continue
		}
		if at := slices.IndexFunc(out, func(o TodoCount) bool { return o.Kind == k.name }); at >= 0 {
			out[at].Count, out[at].AtOnce = out[at].Count+c.Count, out[at].AtOnce+c.AtOnce
			continue
		}
		out = append(out, c)
	}
	return out, nil
}

// counted is how many of a row of the table there are: as they were read, of a stock as
// they are kept, else as they are counted now.
func (d *desk) counted(i int) (TodoCount, error) {
	if c, read := d.seen[i]; read {
		return c, nil
	}
	k := todoKinds[i]
	if k.stock == nil {
		return d.count(i, k.within(d.scope))
	}
	parts, c, err := d.waiting(i)
	for p, n := range parts {
		if c.Count += n; k.stock.parts[p].urgency == 0 {
			c.AtOnce += n
		}
	}
	return c, err
}

// TodosAhead counts the stocks, so that the first who asks does not wait.
func (x *Search) TodosAhead(ctx context.Context) error {
	return x.Engine.View(ctx, func(v *engine.View) error {
		for _, k := range todoKinds {
			if k.stock != nil {
				if _, err := x.sums.of(v, k); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// TodoKinds are the names of the table's rows, each once.
func TodoKinds() []string {
	out := []string{}
	for _, k := range todoKinds {
		if !slices.Contains(out, k.name) {
			out = append(out, k.name)
		}
	}
	return out
}
