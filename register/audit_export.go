package register

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"doorstep/domain/access"
	"doorstep/domain/zone"
	"doorstep/durable"
	"doorstep/sync/atrest"
	"doorstep/sync/engine"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// A month of the audit log as a file that stands by itself (docs/decisions/0052): its
// lines with the chain, the chain's head before the first and after the last, a signature
// beside it. Months join: where one ends the next begins, so that a missing one is seen.

// AuditMonth is one month's export.
type AuditMonth struct {
	Path  string
	Month string
	Lines int64
	Key   string // which key signed
}

// auditHead is an export's first line, auditEnd its last; between them stand auditLines.
type auditHead struct {
	Doorstep string `json:"doorstep"` // auditFormat
	Month    string `json:"month"`
	From     string `json:"from"`
	To       string `json:"to"`
	Before   string `json:"before"` // the chain's head before the first line
	Made     string `json:"made"`
	Key      string `json:"key"`
}

type auditLine struct {
	Number int64 `json:"number"`
	engine.AuditEntry
	Chain string `json:"chain"`
	Name  string `json:"name"`  // for people, as it is today: not under the chain
	Role  string `json:"role"`  // likewise
	Label string `json:"label"` // likewise
}

type auditEnd struct {
	End   string `json:"end"` // the month
	Lines int64  `json:"lines"`
	After string `json:"after"` // the chain's head after the last line
}

const auditFormat = "audit-1"

// Names of an export, of its signature beside it and of the key to check it with.
const (
	auditFile   = "audit-%s.jsonl"
	AuditSigned = ".sig"
	auditKey    = "audit-signing-%s.pem"
)

// Export writes the month's lines into a folder and signs them. Only a month that is over
// is written, and none a second time. Errors: in Chinese, for whoever runs the server.
func (a *Auditing) Export(ctx context.Context, by *engine.Account, origin, month, dir string) (*AuditMonth, error) {
	from, to, err := monthBounds(month)
	if err != nil {
		return nil, err
	}
	if a.Engine.Now().Before(to) {
		return nil, fmt.Errorf(auditWords("unfinished"), month, zone.Day(to))
	}
	signer, err := a.Engine.Ring().Signing(a.Engine.Now())
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	out := &AuditMonth{Path: filepath.Join(dir, fmt.Sprintf(auditFile, month)), Month: month, Key: signer.ID}
	if _, err := os.Lstat(out.Path); err == nil {
		return nil, fmt.Errorf(auditWords("there"), out.Path)
	}
	head := auditHead{Doorstep: auditFormat, Month: month, From: wire.Format(from), To: wire.Format(to), Made: wire.Format(a.Engine.Now()), Key: signer.ID}
	signature, err := a.writeMonth(ctx, out, head, signer)
	if err != nil {
		return nil, errors.Join(err, os.Remove(out.Path+".part"))
	}
	if err := whollyThere(out.Path, signature, signer); err != nil {
		return nil, err
	}
	return out, a.Engine.Audit(ctx, by.ID, "", origin, "audit.export", month, fmt.Sprintf(auditWords("exported"), out.Lines, signer.ID))
}

// monthBounds are when a month of the county's time begins and ends.
func monthBounds(month string) (from, to time.Time, err error) {
	from, err = time.ParseInLocation("2006-01", month, zone.China)
	if err != nil {
		return from, to, errors.New(auditWords("month"))
	}
	return from, from.AddDate(0, 1, 0), nil
}

// whollyThere puts the signature and the key beside the file, and only then gives the file
// its name.
func whollyThere(path string, signature []byte, signer *atrest.Signer) error {
	public, err := signer.Public()
	if err != nil {
		return err
	}
	if err := durable.WriteFile(path+AuditSigned, bytes.NewReader(signature)); err != nil {
		return err
	}
	if err := durable.WriteFile(keyBeside(path, signer.ID), bytes.NewReader(public)); err != nil {
		return err
	}
	return durable.Rename(path+".part", path)
}

func keyBeside(path, id string) string {
	return filepath.Join(filepath.Dir(path), fmt.Sprintf(auditKey, id))
}

func (a *Auditing) writeMonth(ctx context.Context, out *AuditMonth, head auditHead, signer *atrest.Signer) (signature []byte, err error) {
	file, err := os.OpenFile(out.Path+".part", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	sum, err := signer.Hash()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	to := bufio.NewWriterSize(io.MultiWriter(file, sum), 1<<16)
	line := func(v any) error {
		if err := json.MarshalWrite(to, v); err != nil {
			return err
		}
		return to.WriteByte('\n')
	}
	err = a.Engine.View(ctx, func(v *engine.View) (err error) { out.Lines, err = monthLines(v, head, line); return err })
	if err = errors.Join(err, to.Flush(), file.Sync(), file.Close()); err != nil {
		return nil, err
	}
	return signer.Sign(sum.Sum(nil))
}

// monthLines hands on head, lines and end. A month's lines are those behind the last one
// of the time before it, whatever clocks did meanwhile: months overlap nowhere and leave
// nothing out.
func monthLines(v *engine.View, head auditHead, line func(any) error) (n int64, err error) {
	var first, last int64
	var before []byte
	rows, err := v.Query(`SELECT coalesce((SELECT max(id) FROM sync_audit WHERE at < ?1), 0), coalesce((SELECT max(id) FROM sync_audit WHERE at < ?2), 0),
		coalesce((SELECT chain FROM sync_audit WHERE id = (SELECT max(id) FROM sync_audit WHERE at < ?1)), (SELECT chain_seed FROM sync_state WHERE id = 1))`, head.From, head.To)
	err = scanEach(rows, err, func(r *sql.Rows) error { return r.Scan(&first, &last, &before) })
	if err != nil {
		return 0, err
	}
	var at [32]byte // a seed may be shorter than a link
	copy(at[:], before)
	head.Before = hex.EncodeToString(at[:])
	if err := line(head); err != nil {
		return 0, err
	}
	end := auditEnd{End: head.Month, After: head.Before}
	rows, err = v.Query(`SELECT a.id, a.at, a.account, a.device, a.origin, a.action, a.subject, a.from_seq, a.to_seq, a.detail, a.chain, coalesce(u.name, ''), coalesce(u.role, '')
		FROM sync_audit a LEFT JOIN users u ON u.id = a.account WHERE a.id > ? AND a.id <= ? ORDER BY a.id`, first, last)
	err = scanEach(rows, err, func(r *sql.Rows) error {
		var l auditLine
		var chain []byte
		if err := r.Scan(&l.Number, &l.At, &l.Account, &l.Device, &l.Origin, &l.Action, &l.Subject, &l.FromSeq, &l.ToSeq, &l.Detail, &chain, &l.Name, &l.Role); err != nil {
			return err
		}
		l.Chain, l.Label, l.Role = hex.EncodeToString(chain), deedOf(l.Action).label, access.Role(l.Role).Label()
		if l.Account == engine.Server.ID {
			l.Name = auditWords("server")
		}
		end.Lines, end.After = end.Lines+1, l.Chain
		return line(l)
	})
	if err != nil {
		return 0, err
	}
	return end.Lines, line(end)
}

// monthsLooked is how far back months are made up for that nobody exported.
const monthsLooked = 36

// ExportDue writes every month that is over, has lines, and is not in the folder yet: the
// one past, mostly. What it could not write it says, and goes on.
func (a *Auditing) ExportDue(ctx context.Context, dir string) (made []*AuditMonth, err error) {
	first := ""
	if err := a.Engine.View(ctx, func(v *engine.View) error {
		rows, err := v.Query(`SELECT at FROM sync_audit ORDER BY id LIMIT 1`)
		return scanEach(rows, err, func(r *sql.Rows) error { return r.Scan(&first) })
	}); err != nil || first == "" {
		return nil, err
	}
	now := a.Engine.Now().In(zone.China)
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, zone.China)
	var faults []error
	for i := monthsLooked; i > 0; i-- {
		name := month.AddDate(0, -i, 0).Format("2006-01")
		if begun := parsed(first).In(zone.China).Format("2006-01"); name < begun {
			continue
		}
		if _, err := os.Lstat(filepath.Join(dir, fmt.Sprintf(auditFile, name))); err == nil {
			continue
		}
		one, err := a.Export(ctx, engine.Server, "", name, dir)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		made = append(made, one)
	}
	return made, errors.Join(faults...)
}
