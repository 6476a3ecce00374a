package register

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"doorstep/domain/access"
	"doorstep/domain/region"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
	"doorstep/tables"
)

// 资金 (policy 五(三)): what the chain of help says was given, by item, area and month,
// beside what came back. Sums alone: nobody is named.

// FundQuery asks for sums. Level is the digits of the areas: 6 county, 9 town, 12 village.
type FundQuery struct {
	From, To string // months, YYYY-MM
	Item     string
	Level    int
}

// FundRow is one sum. Amounts that nobody told count as entries and in no sum.
type FundRow struct {
	Month      string  `json:"month"` // "": the entry says no month
	Item       string  `json:"item"`
	ItemLabel  string  `json:"item_label"`
	Area       string  `json:"area"`
	AreaName   string  `json:"area_name"`
	Households int     `json:"households"`
	Given      Sum     `json:"given"`
	Returned   Sum     `json:"returned"`      // as the chain has it
	Bank       Sum     `json:"bank_returned"` // as the bank's list has it: the two should agree
	Share      float64 `json:"returned_share"`
}

// Sum is how many entries, of how much, and how many of them say no amount.
type Sum struct {
	Count   int     `json:"count"`
	Amount  float64 `json:"amount"`
	Unknown int     `json:"unknown"`
}

// FundsView is the sums that were asked for, with their total.
type FundsView struct {
	From       string    `json:"from"`
	To         string    `json:"to"`
	Department string    `json:"department"` // whose items alone; "" all
	Rows       []FundRow `json:"rows"`
	Total      FundRow   `json:"total"`
}

// Bounds of one report.
const (
	mostFundMonths = 60
	mostFundRows   = 20000
)

// finance reads all departments' sums (domain: 财政 reads sums); others their own items.
const finance = "finance"

// Funds sums what lies in the account's area. It is audited.
func (s *Supervision) Funds(ctx context.Context, by *engine.Account, origin string, q FundQuery) (*FundsView, error) {
	if err := q.check(by); err != nil {
		return nil, err
	}
	out := &FundsView{From: q.From, To: q.To}
	if by.Role == access.Department && by.Department != finance {
		if out.Department = by.Department; out.Department == "" {
			return nil, wire.Err(wire.Forbidden, "department")
		}
	}
	err := s.Engine.View(ctx, func(v *engine.View) error {
		sums := map[fundKey]*FundRow{}
		chain, err := s.Sums.of(v, out.Department)
		if err != nil {
			return err
		}
		addFunds(chain, by, q, sums)
		if err := sumBank(v, by, q, sums); err != nil {
			return err
		}
		if len(sums) > mostFundRows {
			return wire.InvalidField("from", supervisionWords("many_sums", mostFundRows))
		}
		out.Rows = ordered(sums, out.Department)
		return nil
	})
	if err != nil {
		return nil, err
	}
	out.Total = total(out.Rows)
	return out, s.Engine.Audit(ctx, by.ID, "", origin, "funds.read", strings.Join(by.Scope().Areas, " "), q.From+" "+q.To+" "+q.Item)
}

func (q *FundQuery) check(by *engine.Account) error {
	from, err := time.Parse("2006-01", q.From)
	if err != nil {
		return wire.InvalidField("from", supervisionWords("month"))
	}
	to, err := time.Parse("2006-01", q.To)
	if err != nil || to.Before(from) || !to.Before(from.AddDate(0, mostFundMonths, 0)) {
		return wire.InvalidField("to", supervisionWords("months", mostFundMonths))
	}
	if q.Item != "" && policy.Lookup("assistance").Field("item").CheckValue(q.Item) != nil {
		return wire.InvalidField("item", supervisionWords("item"))
	}
	if !slices.Contains([]int{6, 9, 12}, q.Level) || q.Level == 12 && by.Role == access.Department {
		return wire.InvalidField("level", supervisionWords("level"))
	}
	return nil
}

type fundKey struct{ month, item, area string }

// fundMonth is the month of an entry: of the day it was given, else of its period.
const fundMonth = `CASE WHEN coalesce(given_on, '') <> '' THEN substr(given_on, 1, 7) WHEN period GLOB '[12][0-9][0-9][0-9]-[01][0-9]*' THEN substr(period, 1, 7) ELSE '' END`

// sumBank adds what the bank's list (发放退回) tells of the same months.
func sumBank(v *engine.View, by *engine.Account, q FundQuery, sums map[fundKey]*FundRow) error {
	rows, err := v.Query(`SELECT substr(json_extract(r."values", '$.paid_on'), 1, 7) AS month, coalesce(json_extract(r."values", '$.item'), ''), substr(r.area, 1, ?), 'bank', count(*),
			total(json_extract(r."values", '$.amount')), sum(json_extract(r."values", '$.amount') IS NULL), 0
		FROM comparison_results r JOIN comparison_batches b ON b.id = r.batch WHERE r.kind = 'payment_returned' AND r.household <> '' AND r.state = 'standing' AND b.state = 'done'
		AND EXISTS (SELECT 1 FROM json_each(?2) WHERE r.area >= value AND r.area < value || '~') AND month BETWEEN ?3 AND ?4 GROUP BY 1, 2, 3`, q.Level, encode(by.Scope().Areas), q.From, q.To)
	return addSums(rows, err, sums, func(r *FundRow, _ string, s Sum, _ int) { r.Bank.add(s) }, func(item string) (string, bool) {
		code := itemCode(item)
		return code, q.Item == "" || q.Item == code
	})
}

// addSums reads sums into their rows; only takes an item as it is called, or leaves it out.
func addSums(rows *sql.Rows, err error, sums map[fundKey]*FundRow, add func(*FundRow, string, Sum, int), only ...func(string) (string, bool)) error {
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var k fundKey
		var state string
		var s Sum
		var households int
		if err := rows.Scan(&k.month, &k.item, &k.area, &state, &s.Count, &s.Amount, &s.Unknown, &households); err != nil {
			return err
		}
		if len(only) > 0 {
			code, wanted := only[0](k.item)
			if k.item = code; !wanted {
				continue
			}
		}
		add(rowOf(sums, k), state, s, households)
	}
	return rows.Err()
}

func rowOf(sums map[fundKey]*FundRow, k fundKey) *FundRow {
	if sums[k] == nil {
		sums[k] = &FundRow{Month: k.month, Item: k.item, ItemLabel: label("assistance", "item", k.item), Area: k.area, AreaName: region.FullName(k.area)}
	}
	return sums[k]
}

// itemCode is the code of an item that a list calls by its official word.
func itemCode(said string) string {
	for _, o := range policy.Lookup("assistance").Field("item").Options {
		if o.Label == said {
			return o.Value
		}
	}
	return said
}

func (s *Sum) add(o Sum) {
	s.Count, s.Amount, s.Unknown = s.Count+o.Count, cents(s.Amount+o.Amount), s.Unknown+o.Unknown
}

// cents are an amount as it is paid: sums of decimal fractions are not exact.
func cents(v float64) float64 { return math.Round(v*100) / 100 }

// ordered are the rows by month, area and item. Where they are one department's, what the
// bank returned of other items is left out.
func ordered(sums map[fundKey]*FundRow, department string) []FundRow {
	out := []FundRow{}
	for _, r := range sums {
		if department != "" && r.Given.Count+r.Returned.Count == 0 {
			continue
		}
		r.Given.Amount, r.Returned.Amount, r.Share = cents(r.Given.Amount), cents(r.Returned.Amount), share(*r)
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b FundRow) int {
		return strings.Compare(a.Month+"\x00"+a.Area+"\x00"+a.Item, b.Month+"\x00"+b.Area+"\x00"+b.Item)
	})
	return out
}

// share is how much of what was paid out came back, by entries.
func share(r FundRow) float64 {
	if all := r.Given.Count + r.Returned.Count; all > 0 {
		return math.Round(float64(r.Returned.Count)/float64(all)*1e4) / 1e4
	}
	return 0
}

// total sums the rows. Households stand in several rows and are not summed.
func total(rows []FundRow) FundRow {
	var t FundRow
	for _, r := range rows {
		t.Given.add(r.Given)
		t.Returned.add(r.Returned)
		t.Bank.add(r.Bank)
	}
	t.Share = share(t)
	return t
}

// fundHead is the head of the exported list.
var fundHead = []string{"月份", "救助事项", "地区代码", "地区", "户数", "发放笔数", "发放金额(元)", "未注明金额笔数", "退回笔数", "退回金额(元)", "银行退回笔数", "银行退回金额(元)", "退回比例"}

// Write writes the sums as a list.
func (v *FundsView) Write(to tables.Writer) error {
	if err := to.Write(fundHead); err != nil {
		return err
	}
	for _, r := range v.Rows {
		if err := to.Write([]string{r.Month, r.ItemLabel, r.Area, r.AreaName, strconv.Itoa(r.Households), strconv.Itoa(r.Given.Count), yuan(r.Given.Amount), strconv.Itoa(r.Given.Unknown + r.Returned.Unknown),
			strconv.Itoa(r.Returned.Count), yuan(r.Returned.Amount), strconv.Itoa(r.Bank.Count), yuan(r.Bank.Amount), yuan(r.Share)}); err != nil {
			return err
		}
	}
	return to.Close()
}
