package engine

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"doorstep/domain/access"
	"doorstep/domain/workflow"
	"doorstep/sync/policy"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json/jsontext"
)

// What a desk reads: counts, lists and one household's whole story, inside the
// account's scope.

// Summary counts what waits for somebody.
type Summary struct {
	Reviews  int64 `json:"reviews"`
	Cases    int64 `json:"cases"`
	Warnings int64 `json:"warnings"`
	Held     int64 `json:"held"`
	Rejected int64 `json:"rejected"`
	Lost     int64 `json:"lost"` // what a restore lost, and no tablet still had
}

// Summary counts the queues of an account's scope.
func (e *Engine) Summary(ctx context.Context, by *Account) (Summary, error) {
	var out Summary
	theirs := ""
	if by.Role == access.Town { // what is the county's alone nobody below is told
		theirs = ` AND state <> 'county'`
	}
	where, args := countedScope(by)
	err := e.view(ctx, func(s *snapshot) error {
		for _, q := range []struct {
			from string
			into *int64
		}{
			{`sync_reviews WHERE state = 'open'`, &out.Reviews},
			{`sync_cases WHERE state = 'open'`, &out.Cases},
			{`warnings WHERE deleted = 0 AND ` + toAct + theirs, &out.Warnings},
			{`sync_kept WHERE state = 'open' AND outcome = 'held'`, &out.Held},
			{`sync_kept WHERE state = 'open' AND outcome = 'rejected'`, &out.Rejected},
			{`sync_kept WHERE state = 'open' AND outcome = 'lost'`, &out.Lost},
		} {
			for i, part := range where {
				var n int64
				if err := s.queryRow(`SELECT count(*) FROM `+q.from+` AND `+part, args[i]...).Scan(&n); err != nil {
					return err
				}
				*q.into += n
			}
		}
		return nil
	})
	return out, err
}

// countedScope is an account's scope cut into parts that do not overlap: an area's rows
// are counted from an index by area, and only what is elsewhere is looked for by its home.
func countedScope(by *Account) (where []string, args [][]any) {
	whole, all := by.scopeSQL("")
	_, areas := by.Reach()
	if len(areas) != 1 || len(by.Grants) != 1 {
		return []string{whole}, [][]any{all}
	}
	return []string{`area >= ? AND area < ?`, `home = ? AND NOT (area >= ? AND area < ?)`},
		[][]any{{areas[0], areas[0] + "~"}, {"@" + by.ID, areas[0], areas[0] + "~"}}
}

// Only narrows a list of a desk to what a condition says of its rows (h a household, w a
// warning, d a device); the account's scope comes on top. The zero value leaves all.
type Only struct {
	Where string
	Args  []any
}

func (o Only) and(where string, args []any) (string, []any) {
	if o.Where == "" {
		return where, args
	}
	return where + " AND " + o.Where, append(args, o.Args...)
}

// Among narrows a list of households to those that rows x of a table name: by their
// column Home, under the same area as the household. The zero value leaves all.
type Among struct {
	From, Home, Where string
	Args              []any
}

// Has is the condition that one household is named: for few of them, one after the other.
func (a Among) Has(household string) string {
	return "EXISTS (SELECT 1 FROM " + a.From + " WHERE " + a.Home + " = " + household + " AND " + a.Where + ")"
}

// Within is the condition that a household is among those named from one area to another,
// both included, for many at once; the areas are arguments after the set's own.
func (a Among) Within(household string) string {
	return household + " IN (SELECT " + a.Home + " FROM " + a.From + " WHERE " + a.Where + " AND x.area >= ? AND x.area <= ?)"
}

// HistoryItem is one op in a household's history.
type HistoryItem struct {
	Seq      int64          `json:"seq"`
	Op       string         `json:"op"`
	At       string         `json:"at"`
	Received string         `json:"received"`
	Author   wire.Person    `json:"author"`
	Device   DeviceName     `json:"device"`
	Type     string         `json:"type"`
	Record   string         `json:"record"`
	Kind     string         `json:"kind"`
	Outcome  string         `json:"outcome"`
	Set      map[string]any `json:"set"`
	Was      map[string]any `json:"was"`
	Case     *string        `json:"case"`
}

// maxHistory and maxStory bound one household's page.
const (
	maxHistory = 200
	maxStory   = 500 // records of one type
)

// Story is a household with all that belongs to it: type -> records, newest first.
type Story struct {
	Household jsontext.Value
	Region    string
	Records   map[string][]jsontext.Value
	Away      map[string][]jsontext.Value // recorded by somebody whose household it was not (any more): they never join it by themselves
	History   []HistoryItem
}

// Household reads a household's whole story; wire.NotFound if it is not there or
// not the account's.
func (e *Engine) Household(ctx context.Context, by *Account, id string) (*Story, error) {
	out := &Story{Records: map[string][]jsontext.Value{}, Away: map[string][]jsontext.Value{}}
	err := e.view(ctx, func(s *snapshot) error {
		var at location
		err := s.queryRow(`SELECT area, home FROM households WHERE id = ? AND deleted = 0`, id).Scan(&at.Area, &at.Home)
		if errors.Is(err, sql.ErrNoRows) || err == nil && !by.Sees(at) {
			return wire.Err(wire.NotFound, "household")
		}
		if err != nil {
			return err
		}
		out.Region = at.Area
		masked := by.Circle() == policy.Tablet
		for _, t := range policy.Types() {
			if err := out.read(s, t, id, masked); err != nil {
				return err
			}
			if err := out.readAway(s, t, id, by); err != nil {
				return err
			}
		}
		if list := out.Records["households"]; len(list) == 1 {
			out.Household = list[0]
		}
		delete(out.Records, "households")
		return out.readHistory(s, e.cfg.Schemas, id)
	})
	return out, err
}

func (st *Story) read(s *snapshot, t *policy.Type, id string, masked bool) error {
	rows, err := s.query("SELECT "+tables[t.Name].columns+" FROM "+t.Name+" WHERE home = ? AND deleted = 0 ORDER BY id DESC LIMIT ?", id, maxStory)
	if err != nil {
		return err
	}
	st.Records[t.Name] = []jsontext.Value{}
	return renderEach(s, rows, t, masked, func(_ string, r rendered) { st.Records[t.Name] = append(st.Records[t.Name], r.json) })
}

// readAway reads what names the household and is at home with its author, as far as the
// reader may see it there.
func (st *Story) readAway(s *snapshot, t *policy.Type, id string, by *Account) error {
	if t.Parent != "household" {
		return nil
	}
	where, args := by.scopeSQL("")
	rows, err := s.query("SELECT "+tables[t.Name].columns+" FROM "+t.Name+" WHERE id IN (SELECT record FROM sync_dangling WHERE parent = ? AND type = ?) AND deleted = 0 AND "+where+" ORDER BY id DESC LIMIT ?",
		append(append([]any{id, t.Name}, args...), maxStory)...)
	if err != nil {
		return err
	}
	return renderEach(s, rows, t, by.Circle() == policy.Tablet, func(_ string, r rendered) { st.Away[t.Name] = append(st.Away[t.Name], r.json) })
}

func (st *Story) readHistory(s *snapshot, schemas *policy.Schemas, id string) error {
	st.History = []HistoryItem{}
	old := newArchive(s)
	rows, err := s.query(`SELECT o.seq, o.id, o.at, o.received, o.author, coalesce(u.name, ''), coalesce(u.role, ''), d.id, d.name, d.platform, o.type, o.record, o.kind, o.outcome, o.schema, o.body, o.archive, o.result
		FROM sync_ops o JOIN sync_devices d ON d.num = o.device LEFT JOIN users u ON u.id = o.author
		WHERE o.seq IN (SELECT o2.seq FROM sync_feed f JOIN sync_ops o2 ON o2.record = f.record WHERE f.home IN (?1, '@office:' || ?1) AND (f.kind <> 'leave' OR o2.seq <= f.seq) ORDER BY o2.seq DESC LIMIT ?) ORDER BY o.seq DESC`, id, maxHistory)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var h HistoryItem
		var schema int
		var pack int64
		var body []byte
		var result string
		if err := rows.Scan(&h.Seq, &h.Op, &h.At, &h.Received, &h.Author.ID, &h.Author.Name, &h.Author.Role, &h.Device.ID, &h.Device.Name, &h.Device.Platform,
			&h.Type, &h.Record, &h.Kind, &h.Outcome, &schema, &body, &pack, &result); err != nil {
			return err
		}
		if body, err = old.body(h.Seq, pack, body); err != nil {
			return err
		}
		var res wire.Result
		op, err := reread(schemas, body, schema)
		if err := errors.Join(err, decodeText(result, &res)); err != nil {
			return err
		}
		h.Set, h.Was, h.Case = op.Set, op.Was, res.Case
		st.History = append(st.History, h)
	}
	return rows.Err()
}

// WarningItem is a warning with its household's name.
type WarningItem struct {
	Record   jsontext.Value
	State    string
	HeadName string
	Region   string
}

// Warnings lists warnings of the scope, the gravest and most urgent first.
func (e *Engine) Warnings(ctx context.Context, by *Account, states []string, only Only, limit int, after int64) (items []WarningItem, next string, err error) {
	where, args := by.scopeSQL("w.")
	where, args = only.and(where, args)
	all := make([]any, 0, len(states)+len(args)+2)
	for _, s := range states {
		all = append(all, s)
	}
	all = append(append(all, args...), limit+1, after)
	t := policy.Lookup("warnings")
	err = e.view(ctx, func(s *snapshot) error {
		rows, err := s.query(warningsQuery(states, where), all...)
		if err != nil {
			return err
		}
		var ids []string
		if err := renderEach(s, rows, t, false, func(id string, r rendered) {
			ids, items = append(ids, id), append(items, WarningItem{Record: r.json})
		}); err != nil {
			return err
		}
		return whose(s, ids, items)
	})
	if len(items) > limit {
		items = items[:limit]
		next = NextPage(after + int64(limit))
	}
	return items, next, err
}

// whose names the households of warnings.
func whose(s *snapshot, ids []string, items []WarningItem) error {
	list, err := encodeText(ids)
	if err != nil {
		return err
	}
	rows, err := s.query(`SELECT j.key, coalesce(h.head_name, ''), w.area, w.state FROM json_each(?) j JOIN warnings w ON w.id = j.value LEFT JOIN households h ON h.id = w.home`, list)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var i int
		var it WarningItem
		if err := rows.Scan(&i, &it.HeadName, &it.Region, &it.State); err != nil {
			return err
		}
		it.Record = items[i].Record
		items[i] = it
	}
	return rows.Err()
}

// toAct is the condition of warnings that wait for an office, as indexes warnings_urgent
// and warnings_waiting have it (migrations 0024, 0034), over that of those that are over, as
// warnings_over has it: only then are they read from these.
var (
	toAct = stateIn(func(s workflow.Stage) bool { return s.Open && !s.Away })
	over  = stateIn(func(s workflow.Stage) bool { return !s.Open })
)

func stateIn(is func(workflow.Stage) bool) string {
	return `state IN ('` + strings.Join(workflow.States(is), `', '`) + `')`
}

// warningsQuery lists warnings of some states: those that wait by urgency, those that
// are over by the day, the latest first.
func warningsQuery(states []string, scope string) string {
	order, also, index := `CASE level WHEN 'red' THEN 0 WHEN 'orange' THEN 1 ELSE 2 END, due_on, id`, "", "warnings_order"
	is := func(want func(workflow.Stage) bool) bool {
		return !slices.ContainsFunc(states, func(state string) bool {
			stage, known := workflow.StageOf(state)
			return !known || !want(stage)
		})
	}
	switch {
	case is(func(s workflow.Stage) bool { return s.Open && !s.Away }):
		also, index = ` AND `+toAct, "warnings_urgent"
	case is(func(s workflow.Stage) bool { return !s.Open }):
		order, also, index = `handled_on DESC, id DESC`, ` AND `+over, "warnings_over"
	}
	return `SELECT ` + tables["warnings"].columns + ` FROM warnings w INDEXED BY ` + index + ` WHERE deleted = 0` + also + ` AND state IN (?` + strings.Repeat(", ?", len(states)-1) + `) AND ` + scope + `
			ORDER BY ` + order + ` LIMIT ? OFFSET ?`
}

// DeviceItem is a tablet as its office sees it.
type DeviceItem struct {
	Device     string      `json:"device"`
	Name       string      `json:"name"`
	Platform   string      `json:"platform"`
	App        string      `json:"app"`
	Account    wire.Person `json:"account"`
	Office     string      `json:"office"`
	Registered string      `json:"registered"`
	LastSeen   string      `json:"last_seen"`
	NextN      int64       `json:"next_n"`
	SkewMillis int64       `json:"skew_ms"`
	Waiting    int64       `json:"waiting"` // edits and pictures that lie on it, as it told last
	Photos     int64       `json:"photos"`
	Told       string      `json:"told"` // when; "" it never did: an older build
	Revoked    string      `json:"revoked"`
}

// maxDeviceList bounds the device list of one desk.
const maxDeviceList = 2000

// Devices lists the tablets of the people that an account oversees.
func (e *Engine) Devices(ctx context.Context, by *Account, only Only) ([]DeviceItem, error) {
	items := []DeviceItem{}
	where, args := only.and("d.kind = 'tablet'", nil)
	err := e.view(ctx, func(s *snapshot) error {
		rows, err := s.query(`SELECT d.num, d.id, d.name, d.platform, d.app, u.id, u.name, u.role, u.office, d.registered, d.last_seen, d.next_n, d.skew_ms, d.waiting, d.photos, d.told, d.revoked
			FROM sync_devices d JOIN users u ON u.id = d.account WHERE `+where+` ORDER BY d.last_seen DESC LIMIT ?`, append(args, maxDeviceList)...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var it DeviceItem
			var num int64
			if err := rows.Scan(&num, &it.Device, &it.Name, &it.Platform, &it.App, &it.Account.ID, &it.Account.Name, &it.Account.Role, &it.Office, &it.Registered, &it.LastSeen, &it.NextN, &it.SkewMillis, &it.Waiting, &it.Photos, &it.Told, &it.Revoked); err != nil {
				return err
			}
			if by.oversees(&Account{Office: it.Office}) {
				e.seen.peek(num).over(&it)
				items = append(items, it)
			}
		}
		return rows.Err()
	})
	return items, err
}
