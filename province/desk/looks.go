package desk

import (
	"bytes"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"doorstep/domain/zone"
	"doorstep/province/looks"
	"doorstep/tables"
)

// Bounds of what is shown and taken out at once.
const (
	mostLooks    = 100
	mostExported = 50_000
)

// looksFilter is a filter as the form has it.
type looksFilter struct{ From, To, Account, Action, Word string }

func filterOf(r *http.Request) (f looksFilter, out looks.Filter) {
	f = looksFilter{r.FormValue("from"), r.FormValue("to"), r.FormValue("account"), r.FormValue("action"), r.FormValue("word")}
	day := func(text string, later int) time.Time {
		at, err := time.ParseInLocation(time.DateOnly, text, zone.China)
		if err != nil {
			return time.Time{} // nobody's day: asks nothing
		}
		return at.AddDate(0, 0, later)
	}
	out = looks.Filter{From: day(f.From, 0), To: day(f.To, 1), Account: f.Account, Action: f.Action, Word: f.Word}
	out.Before, _ = strconv.ParseInt(r.FormValue("before"), 10, 64)
	return f, out
}

// query is the filter as an address has it.
func (f looksFilter) query(before int64) string {
	v := url.Values{}
	for name, text := range map[string]string{"from": f.From, "to": f.To, "account": f.Account, "action": f.Action, "word": f.Word} {
		if text != "" {
			v.Set(name, text)
		}
	}
	if before > 0 {
		v.Set("before", strconv.FormatInt(before, 10))
	}
	return v.Encode()
}

// looks shows the log, the newest first.
func (d *Desk) looks(w http.ResponseWriter, r *http.Request, a Account) {
	d.showLooks(w, r, page{Title: "查询记录", By: a})
}

// checkLooks compares the whole log with its chain. What came of it is entered, so that
// the log itself tells up to where it was whole, and when.
func (d *Desk) checkLooks(w http.ResponseWriter, r *http.Request, a Account) {
	if !d.checking.TryLock() {
		d.showLooks(w, r, page{Title: "查询记录", By: a, Fault: "别的审计人员正在校验，请过一会儿再试。"})
		return
	}
	defer d.checking.Unlock()
	found, err := looks.Check(r.Context(), d.pool)
	if err == nil {
		err = looks.Enter(r.Context(), d.pool, looks.Look{At: d.Now(), Account: a.Name, By: a.FullName, Origin: origin(r), Action: looks.Checked, Asked: found.String(), Found: int(found.Lines)})
	}
	if err != nil {
		d.broken(w, err)
		return
	}
	d.showLooks(w, r, page{Title: "查询记录", By: a, Chain: &found})
}

func (d *Desk) showLooks(w http.ResponseWriter, r *http.Request, p page) {
	form, filter := filterOf(r)
	p.Filter = form
	err := looks.Each(r.Context(), d.pool, filter, mostLooks+1, func(l *looks.Look) error { p.Looks = append(p.Looks, *l); return nil })
	if err == nil {
		p.Who, err = looks.Accounts(r.Context(), d.pool)
	}
	if err != nil {
		d.broken(w, err)
		return
	}
	if len(p.Looks) > mostLooks {
		p.Looks = p.Looks[:mostLooks]
		p.Older = template.URL("/looks?" + form.query(p.Looks[mostLooks-1].ID))
	}
	d.show(w, http.StatusOK, "looks", p)
}

// columns of the file.
var columns = []string{"编号", "时间", "账号", "姓名或单位", "来自", "做了什么", "身份证号", "用途", "查询条件或变更", "找到", "未答复的原因", "消息", "校验值"}

// export is the log as a file, by the same filter. That it was taken out is entered first.
func (d *Desk) export(w http.ResponseWriter, r *http.Request, a Account) {
	form, filter := filterOf(r)
	filter.Before = 0
	if err := looks.Enter(r.Context(), d.pool, looks.Look{At: d.Now(), Account: a.Name, By: a.FullName, Origin: origin(r), Action: looks.Export, Asked: form.query(0)}); err != nil {
		d.broken(w, err)
		return
	}
	var out bytes.Buffer
	list, err := tables.NewCSV(&out)
	if err == nil {
		err = list.Write(columns)
	}
	if err == nil {
		err = looks.Each(r.Context(), d.pool, filter, mostExported, func(l *looks.Look) error {
			return list.Write([]string{strconv.FormatInt(l.ID, 10), l.At.In(zone.China).Format(time.DateTime), l.Account, l.By, l.Origin, doing(l.Action), l.Number, l.Purpose, l.Asked, strconv.Itoa(l.Found), l.Rejected, l.Message, l.Chain})
		})
	}
	if err == nil {
		err = list.Close()
	}
	if err != nil {
		d.broken(w, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape("查询记录-"+d.Now().In(zone.China).Format("20060102-1504")+".csv"))
	_, _ = out.WriteTo(w)
}

// doing is an action in words.
func doing(action string) string {
	for _, a := range looks.Actions {
		if a[0] == action {
			return a[1]
		}
	}
	return action
}
