package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"doorstep/sync/atrest"

	"modernc.org/sqlite"
)

// copyPages is how many pages are copied between two looks at whether to go on.
const copyPages = 512

// flushEvery is after how many such looks what was copied goes to disk. Left to the
// end, a whole database would be written at once, and on some file systems a push that
// fsyncs meanwhile waits for it.
const flushEvery = 4

// CopyDatabase copies the live database file of a data directory as it stands at
// one moment into a new file, while others write: all pages come from one read
// transaction, which in WAL mode holds up no writer. Another process may own the
// directory. The copy is not checked (OpenCopy), and not yet synced.
func CopyDatabase(ctx context.Context, dir, to string) error {
	db, err := sql.Open("sqlite", fileURI(filepath.Join(dir, "data.db"), "mode=ro&_pragma=busy_timeout(10000)"))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	defer func() { _, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") }()
	var one int
	if err := conn.QueryRowContext(ctx, "SELECT id FROM sync_state").Scan(&one); err != nil { // now the moment is fixed
		return err
	}
	return conn.Raw(func(c any) error { return copyAll(ctx, c, to) })
}

func copyAll(ctx context.Context, c any, to string) error {
	source, ok := c.(interface {
		NewBackup(string) (*sqlite.Backup, error)
	})
	if !ok {
		return errors.New("engine: the driver cannot copy a database")
	}
	b, err := source.NewBackup(fileURI(to, ""))
	if err != nil {
		return err
	}
	more := true
	for i := 1; more && err == nil; i++ {
		if err = ctx.Err(); err == nil {
			more, err = b.Step(copyPages)
		}
		if err == nil && i%flushEvery == 0 {
			err = flush(to)
		}
	}
	return errors.Join(err, b.Finish())
}

func flush(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func fileURI(path, query string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query
}

// Copy is a copied database, read as it stands on disk.
type Copy struct {
	db   *sql.DB
	ring *atrest.Ring
}

// OpenCopy opens a copy for reading; nothing about it is changed. What it has sealed it
// opens by the ring, or by the one that lies beside it; without any, operations' texts are
// not held against their digests (Report.Sealed).
func OpenCopy(path string, ring *atrest.Ring) (*Copy, error) {
	if ring == nil {
		var err error
		if ring, err = ringBeside(filepath.Dir(path)); err != nil {
			return nil, err
		}
	}
	db, err := sql.Open("sqlite", fileURI(path, "mode=ro&immutable=1"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return &Copy{db, ring}, nil
}

// ringBeside is the ring in a directory that is only looked at; nil if there is none.
func ringBeside(dir string) (*atrest.Ring, error) {
	path := filepath.Join(dir, atrest.File)
	if _, err := os.Stat(path); err != nil {
		return nil, nil
	}
	return atrest.Load(path, time.Time{})
}

// Close lets the file go.
func (c *Copy) Close() error { return c.db.Close() }

// Verify checks all of the copy: SQLite's own check of its pages, and both hash
// chains to the heads that the copy names. It answers the history as copied.
func (c *Copy) Verify(ctx context.Context) (Status, Report, error) {
	if err := c.integrity(ctx); err != nil {
		return Status{}, Report{}, err
	}
	s := &snapshot{ctx: ctx, ring: c.ring, q: c.db}
	status, err := readStatus(s.q)
	if err != nil {
		return Status{}, Report{}, err
	}
	report, err := verifyAll(s, status)
	return *status, report, err
}

func (c *Copy) integrity(ctx context.Context) error {
	var found string
	if err := c.db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("数据库副本已损坏：%s", found)
	}
	return nil
}

// Photos are the hashes of the pictures that the copy says are stored, sorted.
func (c *Copy) Photos(ctx context.Context) ([]string, error) {
	rows, err := c.db.QueryContext(ctx, `SELECT DISTINCT sha256 FROM sync_files WHERE refused = '' ORDER BY sha256`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var sha string
		if err := rows.Scan(&sha); err != nil {
			return nil, err
		}
		out = append(out, sha)
	}
	return out, rows.Err()
}

// Cover is what a verified backup covers: this history up to a seq, at which its
// log's chain had this head. Photos marked as stored up to there are in it.
type Cover struct {
	Epoch string
	Seq   int64
	Chain [32]byte
}

// Errors of Vouch.
var (
	ErrOtherEpoch   = errors.New("engine: the backup is from before a restore")
	ErrOtherHistory = errors.New("engine: the backup is of another history")
)

// Vouch raises durable_seq to what a verified backup covers (protocol §1): from now
// on tablets may forget what lies at or below it. It never lowers it, and takes no
// copy's word that is not a beginning of this very log.
func (e *Engine) Vouch(ctx context.Context, c Cover) error {
	return e.Update(ctx, func(tx *Tx) error {
		if c.Epoch != tx.status.Epoch {
			return ErrOtherEpoch
		}
		chain, err := chainAt(tx, c.Seq)
		if err != nil {
			return err
		}
		if c.Seq > tx.status.Seq || chain != c.Chain {
			return ErrOtherHistory
		}
		if c.Seq <= tx.status.DurableSeq {
			return nil
		}
		tx.status.DurableSeq = c.Seq
		if err := tx.exec(`UPDATE sync_state SET durable_seq = ? WHERE id = 1`, c.Seq); err != nil {
			return err
		}
		return tx.audit(Server.ID, "", "", "backup.vouch", c.Epoch, 0, c.Seq, "")
	})
}
