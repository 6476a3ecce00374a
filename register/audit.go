package register

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"doorstep/domain/access"
	"doorstep/domain/zone"
	"doorstep/sync/engine"
	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// Auditing reads the audit log (监督检查): who did what, when, from where, about whom, with
// what result. Nothing in it is ever changed; the reading of it is entered, too.
type Auditing struct {
	Engine *engine.Engine
}

// AuditQuery is what is looked for; "" is all.
type AuditQuery struct {
	Who       string // part of a name or an address to sign in with
	Group     string
	From, To  string // days, of the county's time
	Household string
	Result    string // held, rejected, conflict: of the ops that a line stands for
	Limit     int
	Before    int64 // the last line seen
}

// AuditLine is one line with names for what it names by id. Outcomes are those of the ops
// that it stands for.
type AuditLine struct {
	Number     int64          `json:"number"`
	At         string         `json:"at"`
	Account    string         `json:"account"`
	Name       string         `json:"name"`
	Role       string         `json:"role"`
	RoleLabel  string         `json:"role_label"`
	Device     string         `json:"device"`
	DeviceName string         `json:"device_name"`
	Origin     string         `json:"origin"`
	Action     string         `json:"action"`
	Label      string         `json:"label"`
	Group      string         `json:"group"`
	Subject    string         `json:"subject"`
	Household  string         `json:"household"` // the subject, where it is one
	HeadName   string         `json:"head_name"` // of an export the list's name
	FromSeq    int64          `json:"from_seq"`
	ToSeq      int64          `json:"to_seq"`
	Outcomes   map[string]int `json:"outcomes"`
	Detail     string         `json:"detail"`
}

// Bounds of one question.
const (
	mostAuditWho = 200  // accounts that a part of a name may mean
	mostAuditOps = 3000 // ops of a household, or of a result, the newest
	mostAuditSay = 120
)

// opLines are the lines that stand for a range of ops: the same text as the index has.
const opLines = `action IN ('push', 'write', 'review.accept', 'review.return', 'case.resolve', 'op.release', 'op.reject')`

// Lines answers a page, the newest first; that a question was asked is audited.
func (a *Auditing) Lines(ctx context.Context, by *engine.Account, origin string, q AuditQuery) (items []AuditLine, next string, err error) {
	if err := q.check(); err != nil {
		return nil, "", err
	}
	if q.Before == 0 {
		if err := a.enter(ctx, by, origin, q); err != nil {
			return nil, "", err
		}
		q.Before = 1 << 62
	}
	items = []AuditLine{}
	err = a.Engine.View(ctx, func(v *engine.View) error {
		where, args, err := q.where(v)
		if err != nil || where == "" {
			return err
		}
		rows, err := v.Query(`SELECT a.id, a.at, a.account, coalesce(u.name, ''), coalesce(u.role, ''), a.device, coalesce(d.name, ''), a.origin, a.action, a.subject, coalesce(h.id, ''), coalesce(h.head_name, ''), a.from_seq, a.to_seq, a.detail
			FROM sync_audit a LEFT JOIN users u ON u.id = a.account LEFT JOIN sync_devices d ON d.id = a.device AND a.device <> '' LEFT JOIN households h ON h.id = a.subject AND a.subject <> ''
			WHERE a.id < ? `+where+` ORDER BY a.id DESC LIMIT ?`, append(append([]any{q.Before}, args...), q.Limit+1)...)
		err = scanEach(rows, err, func(r *sql.Rows) error {
			var l AuditLine
			err := r.Scan(&l.Number, &l.At, &l.Account, &l.Name, &l.Role, &l.Device, &l.DeviceName, &l.Origin, &l.Action, &l.Subject, &l.Household, &l.HeadName, &l.FromSeq, &l.ToSeq, &l.Detail)
			items = append(items, l)
			return err
		})
		if err != nil {
			return err
		}
		if len(items) > q.Limit {
			items = items[:q.Limit]
			next = engine.NextPage(items[q.Limit-1].Number)
		}
		for i := range items {
			if err := items[i].explain(v); err != nil {
				return err
			}
		}
		return nil
	})
	return items, next, err
}

// askedAgain is how long a question that is asked again is no new one: the screen looks
// after what is new by itself.
const askedAgain = 10 * time.Minute

// enter says in the log that it was read.
func (a *Auditing) enter(ctx context.Context, by *engine.Account, origin string, q AuditQuery) error {
	return a.Engine.Update(ctx, func(tx *engine.Tx) error {
		known, err := idsOf(tx.Query(`SELECT id FROM sync_audit WHERE account = ? AND action = 'audit.read' AND subject = ? AND detail = ? AND at >= ? LIMIT 1`, by.ID, q.Household, q.said(), wire.Format(tx.Now().Add(-askedAgain))))
		if err != nil || len(known) > 0 {
			return err
		}
		return tx.Audit(by, origin, "audit.read", q.Household, q.said())
	})
}

func (l *AuditLine) explain(v *engine.View) error {
	d := deedOf(l.Action)
	if list := ListFileOf(l.Subject); list != nil && d.group == "export" {
		l.HeadName = list.Title
	}
	l.Label, l.Group, l.RoleLabel, l.Outcomes = d.label, d.group, access.Role(l.Role).Label(), map[string]int{}
	if l.Account == engine.Server.ID {
		l.Name = auditWords("server")
	}
	if !slices.Contains(opDeeds, l.Action) || l.FromSeq == 0 {
		return nil
	}
	rows, err := v.Query(`SELECT outcome, count(*) FROM sync_ops WHERE seq BETWEEN ? AND ? GROUP BY outcome`, l.FromSeq, min(l.ToSeq, l.FromSeq+mostAuditOps))
	return scanEach(rows, err, func(r *sql.Rows) error {
		var outcome string
		var n int
		err := r.Scan(&outcome, &n)
		l.Outcomes[outcome] = n
		return err
	})
}

var opDeeds = []string{"push", "write", "review.accept", "review.return", "case.resolve", "op.release", "op.reject"}

var auditResults = []string{"", "held", "rejected", "conflict"}

func (q *AuditQuery) check() error {
	for field, day := range map[string]string{"from": q.From, "to": q.To} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			return wire.Malformed(field, auditWords("day"))
		}
	}
	if q.Group != "" && !slices.ContainsFunc(auditGroups, func(g AuditGroup) bool { return g.Group == q.Group }) {
		return wire.Malformed("group", auditWords("group"))
	}
	if !slices.Contains(auditResults, q.Result) {
		return wire.Malformed("result", auditWords("result"))
	}
	if q.Household != "" && !wire.IsUUID(q.Household) {
		return wire.Malformed("household", auditWords("household"))
	}
	if q.Who = strings.TrimSpace(q.Who); len(q.Who) > mostAuditSay {
		return wire.Malformed("who", auditWords("who"))
	}
	return nil
}

func (q *AuditQuery) said() string {
	var parts []string
	for _, p := range [][2]string{{"who", q.Who}, {"group", q.Group}, {"from", q.From}, {"to", q.To}, {"result", q.Result}} {
		if p[1] != "" {
			parts = append(parts, p[0]+"="+p[1])
		}
	}
	return strings.Join(parts, " ")
}

// where is the condition behind the cursor; "" where nothing can answer the question.
func (q *AuditQuery) where(v *engine.View) (where string, args []any, err error) {
	where = "AND 1 "
	if q.From != "" {
		where, args = where+"AND a.at >= ? ", append(args, dayBegins(q.From, 0))
	}
	if q.To != "" {
		where, args = where+"AND a.at < ? ", append(args, dayBegins(q.To, 1))
	}
	if q.Group != "" {
		codes, beginnings, others := codesOf(q.Group)
		where += "AND (a.action IN (SELECT value FROM json_each(?))"
		args = append(args, encode(codes))
		for _, b := range beginnings {
			where += " OR a.action >= ? AND a.action < ? AND a.action NOT IN (SELECT value FROM json_each(?))"
			args = append(args, b, b+"~", encode(others))
		}
		where += ") "
	}
	if q.Who != "" {
		accounts, err := idsOf(v.Query(`SELECT id FROM users WHERE instr(name, ?1) > 0 OR instr(lower(email), lower(?1)) > 0 OR id = ?1 LIMIT ?2`, q.Who, mostAuditWho))
		if err != nil || len(accounts) == 0 {
			return "", nil, err
		}
		where, args = where+"AND a.account IN (SELECT value FROM json_each(?)) ", append(args, encode(accounts))
	}
	if q.Household != "" {
		lines, records, err := linesOfHousehold(v, q.Household)
		if err != nil {
			return "", nil, err
		}
		where, args = where+"AND (a.id IN (SELECT value FROM json_each(?)) OR a.subject <> '' AND a.subject IN (SELECT value FROM json_each(?))) ", append(args, encode(lines), encode(records))
	}
	if q.Result != "" {
		lines, err := linesOfResult(v, q.Result)
		if err != nil {
			return "", nil, err
		}
		where, args = where+"AND a.id IN (SELECT value FROM json_each(?)) ", append(args, encode(lines))
	}
	return where, args, nil
}

// linesOfHousehold are the lines under which a household's ops stand, and all that is its,
// by which other lines name it.
func linesOfHousehold(v *engine.View, household string) (lines []int64, records []string, err error) {
	records = []string{household}
	for _, t := range policy.Types() {
		if t.Name == "households" {
			continue
		}
		ids, err := idsOf(v.Query(`SELECT id FROM `+t.Name+` WHERE home = ? ORDER BY id DESC LIMIT 1000`, household))
		if err != nil {
			return nil, nil, err
		}
		records = append(records, ids...)
	}
	for _, table := range []string{"case_files", "supervision_entries"} {
		ids, err := idsOf(v.Query(`SELECT id FROM `+table+` WHERE household = ? LIMIT 1000`, household))
		if err != nil {
			return nil, nil, err
		}
		records = append(records, ids...)
	}
	lines, err = linesOf(v, `SELECT seq FROM sync_ops WHERE record IN (SELECT value FROM json_each(?)) ORDER BY seq DESC LIMIT ?`, encode(records), mostAuditOps)
	return lines, records, err
}

func linesOfResult(v *engine.View, result string) ([]int64, error) {
	if result == "conflict" {
		return linesOf(v, `SELECT DISTINCT opened_seq FROM sync_cases ORDER BY opened_seq DESC LIMIT ?`, mostAuditOps)
	}
	return linesOf(v, `SELECT op FROM sync_kept WHERE outcome = ? ORDER BY op DESC LIMIT ?`, result, mostAuditOps)
}

// linesOf are the lines under which ops stand: of those that begin before an op the last
// few, as far as they reach it. A batch and what the rules wrote with it overlap.
func linesOf(v *engine.View, ops string, args ...any) (out []int64, err error) {
	rows, err := v.Query(`WITH ops (seq) AS (`+ops+`) SELECT DISTINCT a.id FROM ops JOIN sync_audit a ON a.id IN
		(SELECT id FROM sync_audit WHERE `+opLines+` AND from_seq > 0 AND from_seq <= ops.seq ORDER BY from_seq DESC LIMIT 8) WHERE a.to_seq >= ops.seq`, args...)
	err = scanEach(rows, err, func(r *sql.Rows) error {
		var id int64
		err := r.Scan(&id)
		out = append(out, id)
		return err
	})
	return out, err
}

// dayBegins is when a day of the county begins, in the log's way of writing; later by days.
func dayBegins(day string, later int) string {
	t, _ := time.ParseInLocation(time.DateOnly, day, zone.China)
	return wire.Format(t.AddDate(0, 0, later))
}

// ChainReport is what a check of the hash chains found.
type ChainReport struct {
	At       string `json:"at"`
	Millis   int64  `json:"millis"`
	Ops      int64  `json:"ops"`      // compared, digest and link
	Archived int64  `json:"archived"` // of them, with their content in the archive
	Audit    int64  `json:"audit"`
	Intact   bool   `json:"intact"`
	Fault    string `json:"fault"` // where it breaks
}

// Check reads the whole of both logs and compares every line with the hash chain. That it
// was done, and what came of it, is audited.
func (a *Auditing) Check(ctx context.Context, by *engine.Account, origin string) (*ChainReport, error) {
	began := a.Engine.Now()
	found, err := a.Engine.Verify(ctx)
	if err != nil && (engine.FromDatabase(err) || ctx.Err() != nil) {
		return nil, err
	}
	out := &ChainReport{At: wire.Format(began), Millis: a.Engine.Now().Sub(began).Milliseconds(), Ops: found.Ops, Archived: found.Archived, Audit: found.Audit, Intact: err == nil}
	said := found.String()
	if err != nil {
		out.Fault, said = err.Error(), err.Error()
	}
	return out, a.Engine.Audit(ctx, by.ID, "", origin, "audit.verify", "", said)
}
