package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Connect opens a database file with synchronous=FULL: PocketBase's own default
// (NORMAL) loses acknowledged rows when the power fails. busy_timeout stands
// first, so that setting WAL mode can wait for another connection.
//
// A transaction takes the write lock as it begins: one that reads first and is then
// overtaken by another process's write (Litestream's, after each of its checkpoints) cannot
// go on, and no waiting helps it. Read-only ones say so and take none.
//
// The log grows to 16 MB before it is copied into the file: a page that many
// batches change is then copied once for all of them.
func Connect(path string) (*dbx.DB, error) {
	return dbx.Open("sqlite", path+"?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)"+
		"&_pragma=wal_autocheckpoint(4000)&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)")
}

// AssertFull checks the setting that every guarantee rests on, on every
// connection that both pools of the app can have open at once.
func AssertFull(app core.App, conns int) error {
	for _, b := range []dbx.Builder{app.NonconcurrentDB(), app.ConcurrentDB()} {
		db, ok := b.(*dbx.DB)
		if !ok {
			return fmt.Errorf("engine: no database to check")
		}
		n := conns
		if most := db.DB().Stats().MaxOpenConnections; most > 0 {
			n = min(n, most)
		}
		if err := assertPool(db.DB(), n); err != nil {
			return err
		}
	}
	return nil
}

func assertPool(db *sql.DB, n int) error {
	ctx := context.Background()
	var held []*sql.Conn
	defer func() {
		for _, c := range held {
			_ = c.Close()
		}
	}()
	for range n {
		c, err := db.Conn(ctx)
		if err != nil {
			return err
		}
		held = append(held, c)
		var synchronous int
		var journal string
		if err := c.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&synchronous); err != nil {
			return err
		}
		if err := c.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&journal); err != nil {
			return err
		}
		if synchronous != 2 || journal != "wal" {
			return fmt.Errorf("engine: a connection has synchronous=%d, journal_mode=%s; FULL (2) and wal are needed", synchronous, journal)
		}
	}
	return nil
}

// taken says that another process has the directory.
type taken struct{ dir string }

func (t *taken) Error() string {
	return fmt.Sprintf("数据目录 %s 正被另一个 Doorstep 进程使用；请先停止它，或用 --dir 指定别的目录", t.dir)
}

// IsTaken reports whether LockDir found another process at work.
func IsTaken(err error) bool {
	var t *taken
	return errors.As(err, &t)
}

// LockDir takes the data directory for this process. A second one is refused:
// two writers would number the same history twice.
func LockDir(dir string) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(dir, ".lock"))
	ok, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("数据目录 %s 无法加锁: %w", dir, err)
	}
	if !ok {
		return nil, &taken{dir}
	}
	return func() { _ = lock.Unlock() }, nil
}
