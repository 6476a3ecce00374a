package engine

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"

	"doorstep/sync/policy"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json/jsontext"
)

// Limits of the queues' pages.
const (
	DefaultQueue = 50
	MaxQueue     = 500
)

// DeviceName is a device as the office sees it.
type DeviceName struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Platform string `json:"platform"`
}

// ReviewItem is one line of the town's queue (§10).
type ReviewItem struct {
	Op         string              `json:"op"`
	Seq        int64               `json:"seq"`
	Kind       string              `json:"kind"`
	Type       string              `json:"type"`
	Record     string              `json:"record"`
	Household  string              `json:"household"`
	HeadName   string              `json:"head_name"`
	Region     string              `json:"region"`
	Author     wire.Person         `json:"author"`
	Device     DeviceName          `json:"device"`
	SkewMillis int64               `json:"skew_ms"`
	At         string              `json:"at"`
	Received   string              `json:"received"`
	State      string              `json:"state"`
	Reason     string              `json:"reason,omitempty"`
	Fields     map[string]Compared `json:"fields"`
	Warnings   jsontext.Value      `json:"warnings"`
	Case       *string             `json:"case"`
	Outcome    string              `json:"outcome"`
	Photos     []string            `json:"photos"`
}

// scopeSQL is the condition that an account's grants put on area and home.
func (a *Account) scopeSQL(prefix string) (string, []any) {
	parts := []string{prefix + "home = ?"}
	args := []any{"@" + a.ID}
	for _, g := range a.Grants {
		if g.Kind == GrantArea {
			parts, args = append(parts, "("+prefix+"area >= ? AND "+prefix+"area < ?)"), append(args, g.Value, g.Value+"~")
		} else {
			parts, args = append(parts, prefix+"home = ?"), append(args, g.Value)
		}
	}
	return "(" + strings.Join(parts, " OR ") + ")", args
}

// PageOf reads limit and cursor of a queue's request.
func PageOf(limit, cursor string) (int, int64, error) {
	n := DefaultQueue
	if limit != "" {
		v, err := strconv.Atoi(limit)
		if err != nil || v < 1 {
			return 0, 0, wire.Malformed("limit", "limit 必须是正整数。")
		}
		n = min(v, MaxQueue)
	}
	after := int64(0)
	if cursor != "" {
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		v, err2 := strconv.ParseInt(string(raw), 10, 64)
		if err != nil || err2 != nil || v < 0 {
			return 0, 0, wire.Malformed("cursor", "cursor 无法识别。")
		}
		after = v
	}
	return n, after, nil
}

// NextPage is the cursor behind a line.
func NextPage(after int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(after, 10)))
}

const reviewSQL = `SELECT v.op, v.id, o.kind, v.type, v.record, v.home, coalesce(h.head_name, ''), v.area, o.author, coalesce(u.name, ''), coalesce(u.role, ''),
		d.id, d.name, d.platform, d.skew_ms, o.at, o.received, v.state, v.reason, v.fields, v.warnings, o.result
	FROM sync_reviews v JOIN sync_ops o ON o.seq = v.op JOIN sync_devices d ON d.num = o.device
	LEFT JOIN users u ON u.id = o.author LEFT JOIN households h ON h.id = v.home WHERE `

// Reviews lists the queue of an account's scope, oldest first.
func (e *Engine) Reviews(ctx context.Context, by *Account, state string, limit int, after int64) (items []ReviewItem, next string, err error) {
	where, args := by.scopeSQL("v.")
	items = []ReviewItem{}
	err = e.view(ctx, func(s *snapshot) error {
		rows, err := s.query(reviewSQL+`v.state = ? AND v.op > ? AND `+where+` ORDER BY v.op LIMIT ?`, append(append([]any{state, after}, args...), limit+1)...)
		if err != nil {
			return err
		}
		if items, err = scanReviews(s, rows); err != nil {
			return err
		}
		if len(items) > limit {
			items = items[:limit]
			next = NextPage(items[limit-1].Seq)
		}
		return addPhotos(s, items)
	})
	return items, next, err
}

func scanReviews(s *snapshot, rows *sql.Rows) ([]ReviewItem, error) {
	defer func() { _ = rows.Close() }()
	items := []ReviewItem{}
	for rows.Next() {
		var it ReviewItem
		var fields, warnings, result string
		if err := rows.Scan(&it.Seq, &it.Op, &it.Kind, &it.Type, &it.Record, &it.Household, &it.HeadName, &it.Region, &it.Author.ID, &it.Author.Name, &it.Author.Role,
			&it.Device.ID, &it.Device.Name, &it.Device.Platform, &it.SkewMillis, &it.At, &it.Received, &it.State, &it.Reason, &fields, &warnings, &result); err != nil {
			return nil, err
		}
		if strings.HasPrefix(it.Household, "@") {
			it.Household = ""
		}
		var res wire.Result
		if err := errors.Join(openText(s, it.Op, fields, &it.Fields), decodeText(result, &res)); err != nil {
			return nil, err
		}
		it.Warnings, it.Case, it.Outcome, it.Photos = jsontext.Value(warnings), res.Case, res.Outcome, []string{}
		items = append(items, it)
	}
	return items, rows.Err()
}

func addPhotos(s *snapshot, items []ReviewItem) error {
	for i := range items {
		rows, err := s.query(`SELECT p.id, p.state FROM photos p JOIN sync_reviews v ON v.op = ? WHERE p.owner = v.record AND p.home = v.home AND p.area = v.area AND p.deleted = 0 ORDER BY p.id LIMIT 50`, items[i].Seq)
		if err != nil {
			return err
		}
		photos, err := pairs(rows)
		if err != nil {
			return err
		}
		for _, p := range photos {
			items[i].Photos = append(items[i].Photos, p[0])
		}
	}
	return nil
}

// CaseItem is one conflict (§3.7).
type CaseItem struct {
	Case       string           `json:"case"`
	Type       string           `json:"type"`
	Record     string           `json:"record"`
	Other      string           `json:"other,omitempty"` // of a duplicate: the entry that was there first
	Household  string           `json:"household"`
	HeadName   string           `json:"head_name"`
	Region     string           `json:"region"`
	Field      *string          `json:"field"`
	Kind       string           `json:"kind"`
	State      string           `json:"state"`
	Base       any              `json:"base"`
	Server     CaseSide         `json:"server"`
	Device     []CaseSide       `json:"device"`
	Rev        int64            `json:"rev"`
	Version    int64            `json:"version"`
	Deleted    bool             `json:"deleted"`
	Resolution *wire.Resolution `json:"resolution"`
	opened     int64
}

// CaseSide is one side of a conflict: a value, who wrote it, when, where.
type CaseSide struct {
	Op       string      `json:"op,omitempty"`
	Kind     string      `json:"kind,omitempty"`
	Value    any         `json:"value"`
	By       wire.Person `json:"by"`
	At       string      `json:"at"`
	Received string      `json:"received,omitempty"`
	Device   string      `json:"device"`
	Name     string      `json:"device_name"`
}

// mostUnits is more than any type has fields: so many cases can one op open.
const mostUnits = 64

const caseSQL = `SELECT c.id, c.type, c.record, c.home, coalesce(h.head_name, ''), c.area, c.unit, c.kind, c.state, c.base, c.version, c.opened_seq, c.decision
	FROM sync_cases c LEFT JOIN households h ON h.id = c.home WHERE `

// Cases lists the conflicts of an account's scope, oldest first.
func (e *Engine) Cases(ctx context.Context, by *Account, state string, limit int, after int64) (items []CaseItem, next string, err error) {
	where, args := by.scopeSQL("c.")
	err = e.view(ctx, func(s *snapshot) error {
		rows, err := s.query(caseSQL+`c.state = ? AND c.opened_seq > ? AND `+where+` ORDER BY c.opened_seq, c.id LIMIT ?`, append(append([]any{state, after}, args...), limit+mostUnits+1)...)
		if err != nil {
			return err
		}
		if items, err = scanCases(s, rows); err != nil {
			return err
		}
		if cut := limit; len(items) > cut {
			for cut < len(items) && items[cut].opened == items[cut-1].opened {
				cut++ // the cases of one op stay on one page: the cursor is their seq
			}
			if cut < len(items) {
				next = NextPage(items[cut-1].opened)
			}
			items = items[:cut]
		}
		for i := range items {
			if err := items[i].sides(s); err != nil {
				return err
			}
		}
		return nil
	})
	return items, next, err
}

func scanCases(s *snapshot, rows *sql.Rows) ([]CaseItem, error) {
	defer func() { _ = rows.Close() }()
	items := []CaseItem{}
	for rows.Next() {
		var it CaseItem
		var unit, base, decision string
		if err := rows.Scan(&it.Case, &it.Type, &it.Record, &it.Household, &it.HeadName, &it.Region, &unit, &it.Kind, &it.State, &base, &it.Version, &it.opened, &decision); err != nil {
			return nil, err
		}
		if it.Kind == "duplicate" {
			it.Other = unit
		} else if unit != "" {
			it.Field = &unit
		}
		if strings.HasPrefix(it.Household, "@") {
			it.Household = ""
		}
		if err := errors.Join(openText(s, it.Case, base, &it.Base), openText(s, it.Case, decision, &it.Resolution)); err != nil {
			return nil, err
		}
		items = append(items, it)
	}
	return items, rows.Err()
}

// sides fills in what stands on the server and what the devices brought.
func (it *CaseItem) sides(s *snapshot) error {
	t := policy.Lookup(it.Type)
	r, err := scanRow(s, t, s.queryRow(tables[t.Name].load, it.Record))
	if err != nil {
		return err
	}
	it.Rev, it.Deleted = r.rev, r.deleted != 0
	newest := r.versions.newest()
	if it.Field != nil {
		it.Server.Value = unitValue(t, *it.Field, r.values)
		v, _ := r.versions.of(*it.Field)
		newest = v.Seq
	} else if it.Kind == "duplicate" {
		older, err := scanRow(s, t, s.queryRow(tables[t.Name].load, it.Other))
		if err != nil {
			return err
		}
		it.Server.Value, it.Rev, newest = older.values, max(r.rev, older.rev), older.versions.newest()
	} else if r.deleted != 0 {
		newest = r.deleted
	}
	const side = `SELECT o.id, o.kind, o.author, coalesce(u.name, ''), coalesce(u.role, ''), o.at, o.received, d.id, d.name FROM sync_ops o JOIN sync_devices d ON d.num = o.device LEFT JOIN users u ON u.id = o.author `
	err = it.Server.scan(s.queryRow(side+`WHERE o.seq = ?`, newest))
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	it.Server.Op = ""
	rows, err := s.query(`SELECT c.value, o.id FROM sync_case_ops c JOIN sync_ops o ON o.seq = c.op WHERE c."case" = ? ORDER BY c.op`, it.Case)
	if err != nil {
		return err
	}
	ops, err := pairs(rows)
	if err != nil {
		return err
	}
	it.Device = make([]CaseSide, len(ops))
	for i, p := range ops {
		if err := it.Device[i].scan(s.queryRow(side+`WHERE o.id = ?`, p[1])); err != nil {
			return err
		}
		if err := openText(s, it.Case, p[0], &it.Device[i].Value); err != nil {
			return err
		}
	}
	return nil
}

func (c *CaseSide) scan(row *sql.Row) error {
	return row.Scan(&c.Op, &c.Kind, &c.By.ID, &c.By.Name, &c.By.Role, &c.At, &c.Received, &c.Device, &c.Name)
}

// heldDays is how long an op may be held before a person has to decide (§3.3).
const heldDays = 90

// KeptItem is an edit kept apart: held or rejected.
type KeptItem struct {
	Op       string         `json:"op"`
	Seq      int64          `json:"seq"`
	Outcome  string         `json:"outcome"`
	State    string         `json:"state"`
	Type     string         `json:"type"`
	Record   string         `json:"record"`
	Region   string         `json:"region"`
	Author   wire.Person    `json:"author"`
	Device   DeviceName     `json:"device"`
	At       string         `json:"at"`
	Received string         `json:"received"`
	Overdue  bool           `json:"overdue"` // held for longer than heldDays: a person must decide
	Error    *wire.Error    `json:"error"`
	Body     jsontext.Value `json:"body"`
}

// Kept lists the edits kept apart in an account's scope, newest first. Without
// outcomes it lists both kinds; only open ones.
func (e *Engine) Kept(ctx context.Context, by *Account, outcomes []string, limit int, before int64) (items []KeptItem, next string, err error) {
	where, args := by.scopeSQL("k.")
	if before == 0 {
		before = 1 << 62
	}
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(outcomes)), ", ")
	all := []any{before}
	for _, o := range outcomes {
		all = append(all, o)
	}
	err = e.view(ctx, func(s *snapshot) (err error) {
		items, err = e.kept(s, `k.op < ? AND k.outcome IN (`+marks+`) AND `+where+` ORDER BY k.op DESC LIMIT ?`, append(append(all, args...), limit+1)...)
		return err
	})
	if len(items) > limit {
		items = items[:limit]
		next = NextPage(items[limit-1].Seq)
	}
	return items, next, err
}

// kept reads those of a condition.
func (e *Engine) kept(s *snapshot, where string, args ...any) ([]KeptItem, error) {
	items := []KeptItem{}
	old := newArchive(s)
	rows, err := s.query(`SELECT k.op, o.id, k.outcome, k.state, o.type, o.record, k.area, o.author, coalesce(u.name, ''), coalesce(u.role, ''), d.id, d.name, d.platform, o.at, o.received,
			coalesce((SELECT n.body FROM sync_results n WHERE n.device = o.device AND n.seq = o.final_seq AND n.op = o.seq), o.result), o.schema, o.body, o.archive
		FROM sync_kept k JOIN sync_ops o ON o.seq = k.op JOIN sync_devices d ON d.num = o.device LEFT JOIN users u ON u.id = o.author
		WHERE k.state IN ('open', 'discarded') AND `+where, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var it KeptItem
		var schema int
		var pack int64
		var result string
		var body []byte
		if err := rows.Scan(&it.Seq, &it.Op, &it.Outcome, &it.State, &it.Type, &it.Record, &it.Region, &it.Author.ID, &it.Author.Name, &it.Author.Role,
			&it.Device.ID, &it.Device.Name, &it.Device.Platform, &it.At, &it.Received, &result, &schema, &body, &pack); err != nil {
			return nil, err
		}
		var res wire.Result
		if err := decodeText(result, &res); err != nil {
			return nil, err
		}
		it.Error = res.Error
		if body, err = old.body(it.Seq, pack, body); err != nil {
			return nil, err
		}
		if it.Body, err = e.shown(body, schema); err != nil {
			return nil, err
		}
		it.Overdue = it.Outcome == "held" && it.State == "open" && it.Received < wire.Format(e.cfg.Now().Add(-heldDays*24*time.Hour))
		items = append(items, it)
	}
	return items, rows.Err()
}
