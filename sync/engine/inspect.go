package engine

import (
	"context"
	"database/sql"
	"path/filepath"
)

// Inspection is what a look from outside finds in a data directory.
type Inspection struct {
	Status     Status
	LastHeard  string   // when the newest op or audit line was written; "" none yet
	Migrations []string // that have run
	Superusers int      // of PocketBase, but for the placeholder it makes itself
	TailFault  error    // of the chain's newest lines
}

// Inspect reads a data directory's database beside whatever process has it, and
// changes nothing.
func Inspect(ctx context.Context, dir string) (*Inspection, error) {
	var out *Inspection
	err := beside(ctx, dir, func(s *snapshot, tx *sql.Tx) (err error) {
		out, err = inspect(s, tx)
		return err
	})
	return out, err
}

// Beside reads a data directory's database beside whatever process has it, one moment.
func Beside(ctx context.Context, dir string, fn func(*View) error) error {
	return beside(ctx, dir, func(s *snapshot, _ *sql.Tx) error { return fn(&View{s: s}) })
}

func beside(ctx context.Context, dir string, fn func(*snapshot, *sql.Tx) error) error {
	db, err := sql.Open("sqlite", fileURI(filepath.Join(dir, "data.db"), "mode=ro&_pragma=busy_timeout(10000)"))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // one moment
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	ring, err := ringBeside(dir)
	if err != nil {
		return err
	}
	return fn(&snapshot{ctx: ctx, ring: ring, q: tx}, tx)
}

func inspect(s *snapshot, tx *sql.Tx) (*Inspection, error) {
	out := &Inspection{}
	status, err := readStatus(tx)
	if err != nil {
		return nil, err
	}
	out.Status = *status
	if err := s.queryRow(`SELECT max(coalesce((SELECT received FROM sync_ops ORDER BY seq DESC LIMIT 1), ''), coalesce((SELECT at FROM sync_audit ORDER BY id DESC LIMIT 1), ''))`).Scan(&out.LastHeard); err != nil {
		return nil, err
	}
	if err := s.queryRow(`SELECT count(*) FROM _superusers WHERE email <> '__pbinstaller@example.com'`).Scan(&out.Superusers); err != nil {
		return nil, err
	}
	rows, err := s.query(`SELECT file FROM _migrations ORDER BY file`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var file string
		if err := rows.Scan(&file); err != nil {
			return nil, err
		}
		out.Migrations = append(out.Migrations, file)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	out.TailFault = verifyTail(s, status)
	return out, nil
}
