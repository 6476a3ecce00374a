package engine

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"doorstep/sync/atrest"
)

// Report is what Verify found.
type Report struct {
	Ops      int64
	Archived int64 // of them, with their bodies in the archive
	Audit    int64
	Sealed   int64 // of the ops, those whose text no key at hand opens: their digests and links alone were checked
}

func (r Report) String() string {
	said := fmt.Sprintf("哈希链完整：操作 %d 条(其中已归档 %d 条)，审计 %d 条。", r.Ops, r.Archived, r.Audit)
	if r.Sealed > 0 {
		said += fmt.Sprintf("其中 %d 条的内容因没有密钥未核对。", r.Sealed)
	}
	return said
}

// Verify reads the whole op log and audit log and checks every line against the
// hash chain and every op against its digest. Its error names the first line that
// does not fit: the database was changed or damaged there.
func (e *Engine) Verify(ctx context.Context) (Report, error) {
	var out Report
	err := e.view(ctx, func(s *snapshot) error {
		status, err := readStatus(s.q)
		if err != nil {
			return err
		}
		out, err = verifyAll(s, status)
		return err
	})
	return out, err
}

func verifyAll(s *snapshot, status *Status) (out Report, err error) {
	if out.Ops, out.Sealed, err = verifyOps(s, status); err != nil {
		return out, err
	}
	// A copy made by an earlier build has no archive, and is whole without one.
	if has, err := s.hasColumn("sync_ops", "archive"); err != nil {
		return out, err
	} else if has {
		archived, sealed, err := verifyArchive(s)
		if out.Archived, out.Sealed = archived, out.Sealed+sealed; err != nil {
			return out, err
		}
	}
	out.Audit, err = verifyAudit(s)
	return out, err
}

func verifyOps(s *snapshot, status *Status) (n, sealed int64, err error) {
	head, err := firstLink(s)
	if err != nil {
		return 0, 0, err
	}
	return verifyFrom(s, status, head, 0)
}

// hasColumn tells whether a table has a column: a backup is read as the build that
// made it left it, and is migrated when it is opened.
func (s *snapshot) hasColumn(table, column string) (has bool, err error) {
	err = s.queryRow(`SELECT EXISTS (SELECT 1 FROM pragma_table_info(?) WHERE name = ?)`, table, column).Scan(&has)
	return has, err
}

// logColumns are the log's columns for checking it, also where an earlier build wrote it.
func (s *snapshot) logColumns() (string, error) {
	columns := `seq, device, n, digest, author, uploader, received, outcome, body, chain`
	for _, since := range []struct{ column, before string }{{"schema", "1"}, {"archive", "0"}} {
		has, err := s.hasColumn("sync_ops", since.column)
		if err != nil {
			return "", err
		}
		if has {
			columns += ", " + since.column
		} else {
			columns += ", " + since.before
		}
	}
	return columns, nil
}

// verifyFrom checks the log's lines behind a seq against the chain from head on. Of
// a line whose body is in the archive it takes the digest; the archive is checked apart.
func verifyFrom(s *snapshot, status *Status, head [32]byte, from int64) (n, sealed int64, err error) {
	columns, err := s.logColumns()
	if err != nil {
		return 0, 0, err
	}
	rows, err := s.query(`SELECT `+columns+` FROM sync_ops WHERE seq > ? ORDER BY seq`, from)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var seq, device, num, pack int64
		var digest, body, chain []byte
		var schema int
		var author, uploader, received, outcome string
		if err := rows.Scan(&seq, &device, &num, &digest, &author, &uploader, &received, &outcome, &body, &chain, &schema, &pack); err != nil {
			return n, sealed, err
		}
		if pack == 0 {
			known, err := s.matchesSealed(seq, body, digest)
			if err != nil {
				return n, sealed, err
			}
			if !known {
				sealed++
			}
		}
		var sum [32]byte
		copy(sum[:], digest)
		head = link(head, seq, device, num, sum, lineTexts(author, uploader, received, outcome, schema)...)
		if !bytes.Equal(head[:], chain) {
			return n, sealed, fmt.Errorf("操作日志在第 %d 条断链，数据可能损坏或被改动", seq)
		}
		n++
	}
	if head != status.Chain {
		return n, sealed, fmt.Errorf("操作日志的末尾与记录的链头不符，可能缺失了最后的记录")
	}
	return n, sealed, rows.Err()
}

// matchesSealed holds an op's text, as the log has it, against the digest of its line;
// known is false where no key at hand opens it.
func (s *snapshot) matchesSealed(seq int64, body, digest []byte) (known bool, err error) {
	plain, err := s.opened(aboutOp(seq), body)
	switch {
	case errors.Is(err, atrest.ErrNoKey):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("操作日志第 %d 条无法解密，数据可能损坏或被改动：%w", seq, err)
	}
	return true, matches(seq, plain, digest)
}

// startCheck is how much of the log's end is checked at every start; the whole
// of it is what `doorstep verify` is for.
const startCheck = 2000

// verifyTail checks the newest lines of the log and that they end in the head
// that the state names: a torn or set-back file shows here.
func (e *Engine) verifyTail() error {
	return verifyTail(&snapshot{ctx: context.Background(), ring: e.cfg.Ring, q: e.write}, e.status.Load())
}

func verifyTail(s *snapshot, status *Status) error {
	var from int64
	var chain []byte
	err := s.queryRow(`SELECT seq, chain FROM sync_ops ORDER BY seq DESC LIMIT 1 OFFSET ?`, startCheck).Scan(&from, &chain)
	head := [32]byte{}
	if errors.Is(err, sql.ErrNoRows) {
		head, err = firstLink(s)
	} else {
		copy(head[:], chain)
	}
	if err != nil {
		return err
	}
	_, _, err = verifyFrom(s, status, head, from)
	return err
}

// firstLink is where both chains began: kept with the history, since a chain
// needs a beginning nobody else has.
func firstLink(s *snapshot) (out [32]byte, err error) {
	var seed []byte
	err = s.queryRow(`SELECT chain_seed FROM sync_state WHERE id = 1`).Scan(&seed)
	copy(out[:], seed)
	return out, err
}

func verifyAudit(s *snapshot) (n int64, err error) {
	head, err := firstLink(s)
	if err != nil {
		return 0, err
	}
	rows, err := s.query(`SELECT id, at, account, device, origin, action, subject, from_seq, to_seq, detail, chain FROM sync_audit ORDER BY id`)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id int64
		var a AuditEntry
		var chain []byte
		if err := rows.Scan(&id, &a.At, &a.Account, &a.Device, &a.Origin, &a.Action, &a.Subject, &a.FromSeq, &a.ToSeq, &a.Detail, &chain); err != nil {
			return n, err
		}
		head = a.Link(head)
		if !bytes.Equal(head[:], chain) {
			return n, fmt.Errorf("审计日志在第 %d 条断链，数据可能损坏或被改动", id)
		}
		n++
	}
	var want []byte
	if err := s.queryRow(`SELECT audit_chain FROM sync_state WHERE id = 1`).Scan(&want); err != nil {
		return n, err
	}
	if !bytes.Equal(want, head[:]) {
		return n, fmt.Errorf("审计日志的末尾与记录的链头不符，可能缺失了最后的记录")
	}
	return n, rows.Err()
}
