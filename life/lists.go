package life

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"doorstep/domain/matching"
	"doorstep/register"
)

// row is somebody on a department's list.
type row struct {
	*news
	who *person
}

// columns are those of each list beside name and number, and what stands in them.
var columns = map[string]struct {
	heads []string
	cells func(w *world, r row) []string
}{
	"serious_illness": {[]string{"病种", "确诊日期"}, func(w *world, r row) []string { return []string{r.word, w.date(r.day)} }},
	"death":           {[]string{"死亡日期"}, happenedOn},
	"unemployed":      {[]string{"失业登记日期"}, happenedOn},
	"accident":        {[]string{"发生日期"}, happenedOn},
	"fire":            {[]string{"发生日期"}, happenedOn},
	"disaster":        {[]string{"受灾日期"}, happenedOn},
	"disability":      {[]string{"残疾类别", "残疾等级"}, func(_ *world, r row) []string { return []string{r.word, r.more} }},
	"guardian_lost":   {[]string{"监护缺失情形"}, saidOf},
	"birth":           {[]string{"子女出生日期"}, happenedOn},
	"marriage":        {[]string{"登记日期"}, happenedOn},
	"moved":           {[]string{"变动日期", "变动类型"}, func(w *world, r row) []string { return []string{w.date(r.day), r.word} }},
	"house_grade":     {[]string{"鉴定等级"}, saidOf},
	"uninsured":       {[]string{"参保年度"}, func(w *world, _ row) []string { return []string{w.today()[:4]} }},
	"vehicle":         {[]string{"号牌号码"}, saidOf},
	"company":         {[]string{"企业名称"}, func(_ *world, r row) []string { return []string{r.who.name + r.word} }},
	"dropped_out":     {[]string{"就读学校"}, func(_ *world, r row) []string { return []string{r.word} }},
	"enrolled": {[]string{"学段"}, func(_ *world, r row) []string {
		return []string{map[string]string{"senior": "高中", "tertiary": "大学"}[r.word]}
	}},
	"staff_kin":        {[]string{"经办人员", "是否备案"}, func(_ *world, r row) []string { return []string{r.word, "否"} }},
	"payment_returned": {[]string{"救助事项", "发放日期", "退回原因"}, func(w *world, r row) []string { return []string{"basic_living", w.date(r.day), "户名不符"} }},
	"medical_cost": {[]string{"自付金额", "费用年度"}, func(w *world, r row) []string {
		year := w.year()
		return []string{fmt.Sprintf("%.2f", r.who.costs[year]), fmt.Sprint(year)}
	}},
}

func happenedOn(w *world, r row) []string { return []string{w.date(r.day)} }
func saidOf(_ *world, r row) []string     { return []string{r.word} }

func (w *world) year() int { return w.Start.AddDate(0, 0, w.day).Year() }

// due: a source sends its list every so many days as agreed (共享频次), each on a day of
// its own; 教体 at the end of September.
func (w *world) due(source string, days int) bool {
	if source == "enrolled" {
		on := w.Start.AddDate(0, 0, w.day)
		return on.Day() == 25 && (on.Month() == 9 || on.Month() == 3)
	}
	offset := 0
	for _, c := range source {
		offset = (offset*31 + int(c)) % days
	}
	return w.day > 0 && (w.day+offset)%days == 0
}

// deliverLists takes in what departments send today.
func (w *world) deliverLists() error {
	w.spend()
	for _, source := range slices.Sorted(maps.Keys(columns)) {
		kind := matching.Lookup(source)
		if !w.due(source, kind.Days) {
			continue
		}
		rows := w.lists[source]
		if source == "medical_cost" {
			rows = w.costly()
		}
		if kind.Whole {
			rows = slices.DeleteFunc(rows, func(r row) bool { return r.event != nil && r.until < w.day })
			w.lists[source] = rows
			w.standing[source] = slices.Clone(rows)
		} else {
			w.lists[source] = nil
		}
		if len(rows) == 0 {
			continue
		}
		if err := w.take(source, rows); err != nil {
			return err
		}
		for _, r := range rows {
			if r.event != nil && !(kind.Whole && r.onList[source]) {
				r.onList[source] = true
				w.shown(r.news, r.who)
			}
		}
		if source == "medical_cost" {
			w.costsShown(rows)
		}
	}
	return nil
}

func (w *world) take(source string, rows []row) error {
	var out bytes.Buffer
	c := csv.NewWriter(&out)
	_ = c.Write(append([]string{"姓名", "身份证号", "数据日期"}, columns[source].heads...))
	for _, r := range rows {
		_ = c.Write(append([]string{r.who.name, r.who.number, w.today()}, columns[source].cells(w, r)...))
	}
	c.Flush()
	path := filepath.Join(w.Dir, source+".csv")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		return err
	}
	sum := sha256.Sum256(out.Bytes())
	b, err := w.Lists.Take(w.ctx, w.staff.county, register.Incoming{Source: source, AsOf: w.today(), Name: source + ".csv", Path: path, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(out.Len())})
	if err != nil {
		return fmt.Errorf("list %s: %w", source, err)
	}
	if b.State != "done" || b.Bad > 0 || b.Rows != len(rows) {
		return fmt.Errorf("list %s of %d rows: %s, %d read, %d bad %s", source, len(rows), b.State, b.Rows, b.Bad, b.Error)
	}
	w.tally.Lists++
	w.tally.Rows += b.Rows
	return nil
}

// spend adds up each day's own medical cost.
func (w *world) spend() {
	year := w.year()
	for _, h := range w.homes {
		for _, p := range h.people {
			if p.cost > 0 {
				p.costs[year] += p.cost * 12 / 365
			}
		}
	}
}

// costly are all who paid something worth a line this year.
func (w *world) costly() (rows []row) {
	year := w.year()
	for _, h := range w.homes {
		for _, p := range h.people {
			if p.costs[year] >= 300 {
				rows = append(rows, row{&news{known: w.day}, p})
			}
		}
	}
	return rows
}
