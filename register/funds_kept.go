package register

import (
	"context"
	"slices"
	"strings"
	"sync"

	"doorstep/sync/engine"
)

// FundSums keeps what the chain of help sums up to, by village. A question brings the
// sums up to its own moment first: along the feed, for the villages alone in which
// something changed. One office's is kept for each department that asked, and one for all.
type FundSums struct {
	mu   sync.Mutex
	kept map[string]*chainSums
}

// chainSums are the sums of one department ("" all) up to a moment. What is in it is
// never changed, but put in place of.
type chainSums struct {
	seq   int64
	areas map[string][]chainSum
}

type chainSum struct {
	month, item, state string
	sum                Sum
	households         int
}

// mostVillages bounds for how many villages it is worth while to sum them alone.
const mostVillages = 60

// upTo are the sums at a view's moment, or later.
func (k *FundSums) upTo(v *engine.View, department string) (*chainSums, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	seq, err := v.Seq()
	if err != nil {
		return nil, err
	}
	before := k.kept[department]
	if before != nil && before.seq >= seq {
		return before, nil
	}
	now := &chainSums{seq: seq, areas: map[string][]chainSum{}}
	var changed []string
	some := before != nil
	if some {
		if changed, some, err = v.AreasSince(before.seq, mostVillages); err != nil {
			return nil, err
		}
	}
	if some {
		for area, sums := range before.areas {
			if !slices.Contains(changed, area) {
				now.areas[area] = sums
			}
		}
	}
	if !some || len(changed) > 0 {
		if err := now.read(v, department, some, changed); err != nil {
			return nil, err
		}
	}
	if k.kept == nil {
		k.kept = map[string]*chainSums{}
	}
	k.kept[department] = now
	return now, nil
}

// read sums all villages, or some.
func (c *chainSums) read(v *engine.View, department string, some bool, areas []string) error {
	where, args := "", []any{department}
	if some {
		where, args = ` AND area IN (SELECT value FROM json_each(?2))`, append(args, encode(areas))
	}
	rows, err := v.Query(`SELECT area, state, item, `+fundMonth+`, count(*), total(CAST(amount AS REAL)), sum(coalesce(amount, 'null') = 'null'), count(DISTINCT home)
		FROM assistance INDEXED BY figures_assistance_area WHERE deleted = 0 AND state IN ('given', 'returned') AND (?1 = '' OR department = ?1)`+where+` GROUP BY 1, 2, 3, 4`, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	words := map[string]string{} // the same few words stand in thousands of rows
	same := func(s string) string {
		if w, ok := words[s]; ok {
			return w
		}
		words[s] = s
		return s
	}
	for rows.Next() {
		var area string
		var x chainSum
		if err := rows.Scan(&area, &x.state, &x.item, &x.month, &x.sum.Count, &x.sum.Amount, &x.sum.Unknown, &x.households); err != nil {
			return err
		}
		x.state, x.item, x.month = same(x.state), same(x.item), same(x.month)
		c.areas[same(area)] = append(c.areas[same(area)], x)
	}
	return rows.Err()
}

// add puts what was asked for into its rows. A household stands in one village: what
// villages count adds up.
func (c *chainSums) add(by *engine.Account, q FundQuery, sums map[fundKey]*FundRow) {
	for area, all := range c.areas {
		if !slices.ContainsFunc(by.Scope().Areas, func(own string) bool { return strings.HasPrefix(area, own) }) {
			continue
		}
		at := area[:min(q.Level, len(area))]
		for _, x := range all {
			if q.Item != "" && x.item != q.Item || x.month != "" && (x.month < q.From || x.month > q.To) {
				continue
			}
			r := rowOf(sums, fundKey{x.month, x.item, at})
			into := &r.Returned
			if x.state == "given" {
				into = &r.Given
				r.Households += x.households
			}
			into.Count, into.Amount, into.Unknown = into.Count+x.sum.Count, into.Amount+x.sum.Amount, into.Unknown+x.sum.Unknown
		}
	}
}

// FundsAhead sums the whole chain, so that the first who asks does not wait.
func (s *Supervision) FundsAhead(ctx context.Context) error {
	return s.Engine.View(ctx, func(v *engine.View) error {
		_, err := s.Sums.upTo(v, "")
		return err
	})
}
