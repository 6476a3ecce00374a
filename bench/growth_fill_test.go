package bench

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"doorstep/sync/policy"

	"github.com/pocketbase/dbx"
)

// multiply makes a county large in minutes: what the engine wrote of the first
// villages is copied, row by row in every table, for villages further on. Ids get
// an older time, areas other villages, and seqs a place in the gap that a new epoch
// leaves: they are rows in the shapes that the engine writes, in all indexes. Only
// the hash chain does not hold across them; what is checked at a start lies behind.
func (c *county) multiply(copies int) {
	tables := []string{"sync_ops", "sync_feed", "sync_reviews", "sync_kept"}
	for _, t := range policy.Types() {
		tables = append(tables, t.Name)
	}
	c.spread(copies, tables)
}

// spread copies the rows of some tables: all, or those that a reader looks at.
func (c *county) spread(copies int, tables []string) {
	from := c.engine.Status().Seq
	must(c.b, c.engine.NewEpoch(context.Background(), "a gap to be filled", 0))
	db := c.app.NonconcurrentDB().(*dbx.DB).DB()
	_, err := db.Exec(`CREATE TEMP TABLE moved (old TEXT, copy INTEGER, new TEXT, PRIMARY KEY (old, copy)) WITHOUT ROWID`)
	must(c.b, err)
	for k := 1; k <= copies; k++ {
		for v := range busyVills {
			_, err := db.Exec(`INSERT INTO moved VALUES (?, ?, ?)`, area(v), k, area(busyVills*k+v))
			must(c.b, err)
		}
	}
	queries := map[string]string{}
	for _, t := range tables {
		queries[t] = c.copying(db, t)
	}
	for k := 1; k <= copies; k++ {
		tx, err := db.Begin()
		must(c.b, err)
		for _, t := range tables {
			_, err := tx.Exec(queries[t], sql.Named("k", k), sql.Named("seqs", int64(k)*from), sql.Named("last", from))
			if err != nil {
				c.b.Fatalf("copy %d of %s: %v", k, t, err)
			}
		}
		must(c.b, tx.Commit())
	}
	for _, t := range policy.Types() {
		if t.HasSealed() && slices.Contains(tables, t.Name) {
			c.sealCopies(db, t, from)
		}
	}
	_, err = db.Exec(`DROP TABLE temp.moved`)
	must(c.b, err)
	_, err = db.Exec(`ANALYZE`)
	must(c.b, err)
}

// sealCopies seals the copies' values each for its own record, to which a sealed value is
// bound. An original and its copies share the end of their ids.
func (c *county) sealCopies(db *sql.DB, t *policy.Type, last int64) {
	columns := []string{"unconfirmed"}
	for _, f := range t.Fields {
		if f.Masked {
			columns = append(columns, f.Name)
		}
	}
	ring := c.engine.Ring()
	for _, column := range columns {
		plain := map[string]string{}
		c.each(db, `SELECT id, `+column+` FROM `+t.Name+` WHERE rev <= ? AND `+column+` IS NOT NULL`, last, func(id, value string) {
			text, err := ring.OpenText(id, value)
			must(c.b, err)
			plain[id[8:]] = text
		})
		sealed := map[string]string{}
		c.each(db, `SELECT id, '' FROM `+t.Name+` WHERE rev > ? AND `+column+` IS NOT NULL`, last, func(id, _ string) {
			text, err := ring.SealText(id, plain[id[8:]])
			must(c.b, err)
			sealed[id] = text
		})
		tx, err := db.Begin()
		must(c.b, err)
		for id, text := range sealed {
			_, err := tx.Exec(`UPDATE `+t.Name+` SET `+column+` = ? WHERE id = ?`, text, id)
			must(c.b, err)
		}
		must(c.b, tx.Commit())
	}
}

// each reads rows of an id and a text.
func (c *county) each(db *sql.DB, query string, arg int64, with func(id, text string)) {
	rows, err := db.Query(query, arg)
	must(c.b, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, text string
		must(c.b, rows.Scan(&id, &text))
		with(id, text)
	}
	must(c.b, rows.Err())
}

// What each kind of column is turned into; others are copied as they are.
var copied = map[string]string{
	"seq": `%[1]s + @seqs`, "since": `%[1]s + @seqs`, "rev": `%[1]s + @seqs`, "op": `%[1]s + @seqs`, "effect": `%[1]s + @seqs`,
	"device": `%[1]s + @k * 1000000`,
	"id":     idCopied, "record": idCopied, "home": idCopied, "household": idCopied, "member": idCopied, "owner": idCopied,
	"area":   `coalesce((SELECT new FROM moved WHERE old = %[1]s AND copy = @k), %[1]s)`,
	"region": `coalesce((SELECT new FROM moved WHERE old = %[1]s AND copy = @k), %[1]s)`,
}

// idCopied makes an id of years ago of one of today, as the ids of a county's older
// records are: new ones stand behind them in every index, not among them.
const idCopied = `CASE WHEN length(%[1]s) = 36 THEN printf('%%08x', 26000000 + @k) || substr(%[1]s, 9) ELSE %[1]s END`

// ordered are the columns by which a table's rows of the first villages are known.
var ordered = map[string]string{"sync_reviews": "op", "sync_kept": "op", "sync_ops": "seq", "sync_feed": "seq"}

func (c *county) copying(db *sql.DB, table string) string {
	rows, err := db.Query(`SELECT name FROM pragma_table_info('` + table + `')`)
	must(c.b, err)
	defer func() { _ = rows.Close() }()
	var names, values []string
	for rows.Next() {
		var name string
		must(c.b, rows.Scan(&name))
		value := copied[name]
		if value == "" {
			value = `%[1]s`
		}
		names, values = append(names, `"`+name+`"`), append(values, fmt.Sprintf(value, `"`+name+`"`))
	}
	must(c.b, rows.Err())
	by := ordered[table]
	if by == "" {
		by = "rev"
	}
	return `INSERT INTO ` + table + ` (` + strings.Join(names, ", ") + `) SELECT ` + strings.Join(values, ", ") + ` FROM ` + table + ` WHERE ` + by + ` <= @last`
}
