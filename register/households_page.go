package register

import (
	"database/sql"
	"encoding/base64"
	"strings"

	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// Pages of households: what is searched for by words or an ID number comes from the
// search's index, all else is walked through by area and name.

// sorted is how many of those found are put in order at a time. A word that finds
// thousands ("王") is answered from its first ones; who pages on comes to the next.
const sorted = 500

// searched is a page of what words or an ID number find.
func searched(v *engine.View, by *engine.Account, q HouseholdQuery) (ids []string, next string, err error) {
	_, after, err := engine.PageOf("", q.Cursor)
	if err != nil {
		return nil, "", err
	}
	source, match, order := `search_numbers n JOIN search_homes s ON s.num = n.num`, `n.blind = ?2 AND ?3 = ''`, `s.area, s.head_name, s.num`
	args := []any{v.Today(), q.Blind, ""}
	if q.Text != "" {
		asked := question(q.Text)
		if asked == "" {
			return nil, "", nil
		}
		source, match, order = `search_text JOIN search_homes s ON s.num = search_text.rowid`, `search_text MATCH ?2 AND ?3 <> ''`,
			`CASE WHEN s.head_name = ?3 THEN 0 WHEN substr(s.head_name, 1, length(?3)) = ?3 THEN 1 ELSE 2 END, s.area, s.head_name, s.num`
		args = []any{v.Today(), asked, strings.Fields(q.Text)[0]}
	}
	scope, more := by.InScope("s.")
	where := []string{match, `?1 <> ''`, scope}
	args = append(args, more...)
	if q.Area != "" {
		where, args = append(where, `s.area >= ? AND s.area < ?`), append(args, q.Area, q.Area+"~")
	}
	for _, set := range q.narrowed() {
		where, args = append(where, set.Has(`s.household`)), append(args, set.Args...)
	}
	before := after / sorted * sorted
	rows, err := v.Query(`SELECT household, found FROM (SELECT s.household, s.area, s.head_name, s.num, count(*) OVER () AS found FROM (
			SELECT s.household, s.area, s.head_name, s.num FROM `+source+` WHERE `+strings.Join(where, " AND ")+` LIMIT ? OFFSET ?) s) s ORDER BY `+order+` LIMIT ? OFFSET ?`,
		append(args, sorted, before, q.Limit, after-before)...)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = rows.Close() }()
	var found int64
	for rows.Next() {
		var id string
		if err := rows.Scan(&id, &found); err != nil {
			return nil, "", err
		}
		ids = append(ids, id)
	}
	if found == sorted || found > after-before+int64(len(ids)) {
		next = engine.NextPage(after + int64(len(ids)))
	}
	return ids, next, rows.Err()
}

// spot is where a household stands in the list.
type spot struct{ area, name, id string }

func (s spot) cursor() string {
	text, err := json.Marshal([]string{s.area, s.name, s.id})
	if err != nil {
		panic("register: " + err.Error()) // three texts
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

func spotOf(cursor string) (spot, error) {
	var parts []string
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(text, &parts)
	}
	if err != nil || len(parts) != 3 {
		return spot{}, wire.Malformed("cursor", "cursor 无法识别。")
	}
	return spot{parts[0], parts[1], parts[2]}, nil
}

// A walk that is narrowed looks at so many households at first, and where they were not
// enough at as many more as the page would need if the rest were like them, but no more than
// so many times the last: what is common is found among the first, and what is rare costs no
// more than once through its own index.
const (
	firstStretch = 200
	longer       = 8
)

// nextStretch is how far to look on for as many as are missing. A half more, for what is
// looked for is not spread evenly.
func nextStretch(last, looked, found, missing int) int {
	if found == 0 {
		return last * longer
	}
	return min(max(looked*missing/found*3/2, firstStretch), last*longer)
}

// walked is a page of households in their order, after the one that the cursor names.
func walked(v *engine.View, by *engine.Account, q HouseholdQuery) (ids []string, next string, err error) {
	w, err := walkOf(v, by, q)
	if err != nil {
		return nil, "", err
	}
	var found []spot
	looked := 0
	for stretch := firstStretch; ; stretch = nextStretch(stretch, looked, len(found), q.Limit+1-len(found)) {
		until, err := w.end(v, stretch)
		if err != nil {
			return nil, "", err
		}
		here, err := w.between(v, until, q.Limit+1-len(found))
		if err != nil {
			return nil, "", err
		}
		if found = append(found, here...); until == "" || len(found) > q.Limit {
			break
		}
		looked += stretch
		w.after = spot{until, endOfArea, ""}
	}
	if len(found) > q.Limit {
		found = found[:q.Limit]
		next = found[q.Limit-1].cursor()
	}
	for _, s := range found {
		ids = append(ids, s.id)
	}
	return ids, next, nil
}

// endOfArea is behind every name.
const endOfArea = "\U0010ffff"

// walk is what a list is narrowed to, and how far it was walked through.
type walk struct {
	scope     string
	args      []any
	low, high string // no area of the scope is outside
	sets      []engine.Among
	after     spot
}

func walkOf(v *engine.View, by *engine.Account, q HouseholdQuery) (*walk, error) {
	w := &walk{sets: q.narrowed()}
	w.scope, w.args = by.InScope("h.")
	own, areas := by.Reach()
	rows, err := v.Query(`SELECT coalesce(min(area), ''), coalesce(max(area) || '~', '') FROM (SELECT value AS area FROM json_each(?) UNION ALL SELECT area FROM households WHERE home IN (SELECT value FROM json_each(?)))`, encode(areas), encode(own))
	if err := scanEach(rows, err, func(r *sql.Rows) error { return r.Scan(&w.low, &w.high) }); err != nil {
		return nil, err
	}
	if q.Area != "" {
		w.low, w.high = max(w.low, q.Area), min(w.high, q.Area+"~")
	}
	if q.Cursor != "" {
		w.after, err = spotOf(q.Cursor)
	}
	return w, err
}

// head is the condition that all its questions begin with.
func (w *walk) head(today string) (where string, args []any) {
	return `h.deleted = 0 AND ?1 <> '' AND h.area >= ? AND h.area < ? AND (h.area, h.head_name, h.id) > (?, ?, ?) AND ` + w.scope,
		append([]any{today, max(w.low, w.after.area), w.high, w.after.area, w.after.name, w.after.id}, w.args...)
}

// end is the area in which the next so many households end; "" if there are not as many.
func (w *walk) end(v *engine.View, stretch int) (area string, err error) {
	if len(w.sets) == 0 {
		return "", nil // the page's own bound is enough
	}
	where, args := w.head(v.Today())
	list, err := idsOf(v.Query(`SELECT h.area FROM households h INDEXED BY households_order WHERE `+where+` ORDER BY h.area, h.head_name, h.id LIMIT 1 OFFSET ?`, append(args, stretch)...))
	return strings.Join(list, ""), err
}

// between reads the next households up to the end of an area, "" of all.
func (w *walk) between(v *engine.View, until string, limit int) ([]spot, error) {
	where, args := w.head(v.Today())
	for _, set := range w.sets {
		where, args = where+" AND "+set.Within(`h.id`), append(args, set.Args...)
		args = append(args, max(w.low, w.after.area), upTo(until, w.high))
	}
	if until != "" {
		where, args = where+" AND h.area <= ?", append(args, until)
	}
	rows, err := v.Query(`SELECT h.area, h.head_name, h.id FROM households h INDEXED BY households_order WHERE `+where+` ORDER BY h.area, h.head_name, h.id LIMIT ?`, append(args, limit)...)
	var out []spot
	err = scanEach(rows, err, func(r *sql.Rows) error {
		var s spot
		defer func() { out = append(out, s) }()
		return r.Scan(&s.area, &s.name, &s.id)
	})
	return out, err
}

func upTo(until, high string) string {
	if until == "" {
		return high
	}
	return until
}
