package register

import (
	"context"
	"database/sql"

	"doorstep/sync/engine"
)

// FundSums keeps what the chain of help sums up to, by village: one office's for each
// department that asked, and one for all.
type FundSums struct{ keptSums[chainSum] }

type chainSum struct {
	month, item, state string
	sum                Sum
	households         int
}

// of are the sums of one department ("" all) at a view's moment, or later.
func (k *FundSums) of(v *engine.View, department string) (*villages[chainSum], error) {
	words := map[string]string{} // the same few words stand in thousands of rows
	same := func(s string) string {
		if w, ok := words[s]; ok {
			return w
		}
		words[s] = s
		return s
	}
	return k.upTo(v, department, "", func(areas []string) (*sql.Rows, error) {
		where, args := "", []any{department}
		if areas != nil {
			where, args = ` AND area IN (SELECT value FROM json_each(?2))`, append(args, encode(areas))
		}
		return v.Query(`SELECT area, state, item, `+fundMonth+`, count(*), total(CAST(amount AS REAL)), sum(coalesce(amount, 'null') = 'null'), count(DISTINCT home)
			FROM assistance INDEXED BY figures_assistance_area WHERE deleted = 0 AND state IN ('given', 'returned') AND (?1 = '' OR department = ?1)`+where+` GROUP BY 1, 2, 3, 4`, args...)
	}, func(r *sql.Rows) (area string, x chainSum, err error) {
		err = r.Scan(&area, &x.state, &x.item, &x.month, &x.sum.Count, &x.sum.Amount, &x.sum.Unknown, &x.households)
		x.state, x.item, x.month = same(x.state), same(x.item), same(x.month)
		return same(area), x, err
	})
}

// addFunds puts what was asked for into its rows. A household stands in one village: what
// villages count adds up.
func addFunds(c *villages[chainSum], by *engine.Account, q FundQuery, sums map[fundKey]*FundRow) {
	c.within(by.Scope().Areas, func(area string, x chainSum) {
		if q.Item != "" && x.item != q.Item || x.month != "" && (x.month < q.From || x.month > q.To) {
			return
		}
		r := rowOf(sums, fundKey{x.month, x.item, area[:min(q.Level, len(area))]})
		into := &r.Returned
		if x.state == "given" {
			into = &r.Given
			r.Households += x.households
		}
		into.Count, into.Amount, into.Unknown = into.Count+x.sum.Count, into.Amount+x.sum.Amount, into.Unknown+x.sum.Unknown
	})
}

// FundsAhead sums the whole chain, so that the first who asks does not wait.
func (s *Supervision) FundsAhead(ctx context.Context) error {
	return s.Engine.View(ctx, func(v *engine.View) error {
		_, err := s.Sums.of(v, "")
		return err
	})
}
