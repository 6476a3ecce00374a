package engine

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"doorstep/sync/atrest"
	"doorstep/sync/policy"
)

// Place is a table with sealed columns. Rooms with tables of their own name theirs in
// Config.Places, so that a new key reaches them.
type Place struct {
	Table   string
	Key     string // what orders its rows and names one: a column, or an expression of the key's columns
	Number  bool   // the key is a number
	About   string // an expression for whose a row's values are, as they were sealed
	Columns []SealedColumn
}

// SealedColumn is one sealed value of a row.
type SealedColumn struct {
	Name  string
	Blob  bool   // the bytes themselves, else text
	Path  string // where the value stands in a column of JSON, '$.about.id_number'; "": the column is the value
	Blind string // the column with the value's blind; "": none
}

// sealBatch is how many rows one transaction looks at.
const sealBatch = 500

// enginePlaces are the engine's own.
func enginePlaces() []Place {
	out := []Place{}
	for _, t := range policy.Types() {
		if !t.HasSealed() {
			continue
		}
		p := Place{Table: t.Name, Key: "id", About: "id", Columns: []SealedColumn{{Name: "unconfirmed"}}}
		for i := range t.Fields {
			if f := &t.Fields[i]; f.Masked {
				c := SealedColumn{Name: f.Name}
				if f.Blind {
					c.Blind = f.BlindColumn()
				}
				p.Columns = append(p.Columns, c)
			}
		}
		out = append(out, p)
	}
	return append(out,
		Place{Table: "sync_ops", Key: "seq", Number: true, About: "'op:' || seq", Columns: []SealedColumn{{Name: "body", Blob: true}}},
		Place{Table: "sync_archive", Key: "id", Number: true, About: "'pack:' || first", Columns: []SealedColumn{{Name: "packed", Blob: true}}},
		Place{Table: "sync_cases", Key: "id", About: "id", Columns: []SealedColumn{{Name: "base"}, {Name: "decision"}}},
		Place{Table: "sync_case_ops", Key: `"case" || '/' || op`, About: `"case"`, Columns: []SealedColumn{{Name: "value"}}},
		Place{Table: "sync_reviews", Key: "op", Number: true, About: "id", Columns: []SealedColumn{{Name: "fields"}}})
}

func (e *Engine) places() []Place { return append(enginePlaces(), e.cfg.Places...) }

// Reseal seals anew what lies open or is sealed under an older key, place by place, in
// small transactions with a pause between them, and remembers how far it is. It answers
// how many rows it wrote; where all is sealed under the newest keys it reads nothing.
func (e *Engine) Reseal(ctx context.Context, pause time.Duration) (written int, err error) {
	for _, p := range e.places() {
		for done := false; !done; {
			n := 0
			err := e.Update(ctx, func(tx *Tx) (err error) {
				n, done, err = tx.reseal(&p)
				return err
			})
			if written += n; err != nil {
				return written, fmt.Errorf("engine: seal %s: %w", p.Table, err)
			}
			if done || pause == 0 {
				continue
			}
			select {
			case <-ctx.Done():
				return written, ctx.Err()
			case <-time.After(pause):
			}
		}
	}
	return written, nil
}

// Unsealed names the places that are not sealed whole under the newest keys yet.
func (e *Engine) Unsealed(ctx context.Context) (tables []string, err error) {
	err = e.Update(ctx, func(tx *Tx) error {
		tables = nil
		for _, p := range e.places() {
			at, err := tx.sealedUpTo(&p)
			if err != nil {
				return err
			}
			if !at.done {
				tables = append(tables, p.Table)
			}
		}
		return nil
	})
	return tables, err
}

// upTo is how far a place is sealed under the newest keys.
type upTo struct {
	after string
	done  bool
}

func (tx *Tx) sealedUpTo(p *Place) (at upTo, err error) {
	sealing, blind := tx.e.cfg.Ring.Names()
	var s, b string
	err = tx.queryRow(`SELECT sealing, blind, after, done FROM sealing_state WHERE place = ?`, p.Table).Scan(&s, &b, &at.after, &at.done)
	if err == sql.ErrNoRows || err == nil && (s != sealing || b != blind) {
		return upTo{}, nil
	}
	return at, err
}

// sealedRow is one row that is looked at.
type sealedRow struct {
	key, about string
	values     [][]byte
	blinds     []string
}

func (tx *Tx) reseal(p *Place) (written int, done bool, err error) {
	at, err := tx.sealedUpTo(p)
	if err != nil || at.done {
		return 0, true, err
	}
	rows, err := tx.rowsOf(p, at.after)
	if err != nil {
		return 0, false, err
	}
	for _, r := range rows {
		wrote, err := tx.resealRow(p, &r)
		if err != nil {
			return written, false, err
		}
		if wrote {
			written++
		}
		at.after = r.key
	}
	done = len(rows) < sealBatch
	sealing, blind := tx.e.cfg.Ring.Names()
	return written, done, tx.exec(`INSERT OR REPLACE INTO sealing_state VALUES (?, ?, ?, ?, ?)`, p.Table, sealing, blind, at.after, done)
}

// rowsOf reads a place's next rows.
func (tx *Tx) rowsOf(p *Place, after string) ([]sealedRow, error) {
	var read []string
	for _, c := range p.Columns {
		value, blind := quote(c.Name), "''"
		if c.Path != "" {
			value = quote(c.Name) + " ->> '" + c.Path + "'"
		}
		if c.Blind != "" {
			blind = quote(c.Blind)
		}
		read = append(read, value, blind)
	}
	where, args := "1", []any{}
	if after != "" {
		where, args = p.Key+" > ?", []any{after}
		if p.Number {
			where = p.Key + " > CAST(? AS INTEGER)"
		}
	}
	rows, err := tx.query(`SELECT `+p.Key+`, `+p.About+`, `+strings.Join(read, ", ")+` FROM `+p.Table+` WHERE `+where+` ORDER BY `+p.Key+` LIMIT ?`, append(args, sealBatch)...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []sealedRow
	for rows.Next() {
		r := sealedRow{values: make([][]byte, len(p.Columns)), blinds: make([]string, len(p.Columns))}
		into := []any{&r.key, &r.about}
		for i := range p.Columns {
			into = append(into, &r.values[i], &r.blinds[i])
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

func (tx *Tx) resealRow(p *Place, r *sealedRow) (wrote bool, err error) {
	ring := tx.e.cfg.Ring
	for i, c := range p.Columns {
		current := ring.Current(r.values[i])
		if !c.Blob {
			current = ring.CurrentText(string(r.values[i]))
		}
		if current && (c.Blind == "" || len(r.values[i]) == 0 || r.blinds[i] != "" && ring.CurrentBlind(r.blinds[i])) {
			continue
		}
		if err := tx.writeSealed(ring, p, r, i); err != nil {
			return wrote, err
		}
		wrote = true
	}
	return wrote, nil
}

func (tx *Tx) writeSealed(ring *atrest.Ring, p *Place, r *sealedRow, i int) error {
	c := p.Columns[i]
	var sealed any
	var plain []byte
	var err error
	if c.Blob {
		if plain, err = ring.Open(r.about, r.values[i]); err == nil {
			sealed, err = ring.Seal(r.about, plain)
		}
	} else {
		var text string
		if text, err = ring.OpenText(r.about, string(r.values[i])); err == nil {
			sealed, err = ring.SealText(r.about, text)
		}
		plain = []byte(text)
	}
	if err != nil {
		return err
	}
	set, args := quote(c.Name)+" = ?", []any{sealed}
	if c.Path != "" {
		set = quote(c.Name) + " = json_set(" + quote(c.Name) + ", '" + c.Path + "', ?)"
	}
	if c.Blind != "" {
		set, args = set+", "+quote(c.Blind)+" = ?", append(args, ring.Blind(string(plain)))
	}
	var key any = r.key
	where := p.Key + " = ?"
	if p.Number {
		where = p.Key + " = CAST(? AS INTEGER)"
	}
	return tx.exec(`UPDATE `+p.Table+` SET `+set+` WHERE `+where, append(args, key)...)
}

// haveKeys refuses a ring that cannot open what the database has sealed: with new keys in
// the old ones' place nobody would be found any more.
func (e *Engine) haveKeys() error {
	rows, err := e.write.Query(`SELECT DISTINCT sealing, blind FROM sealing_state`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var sealing, blind string
		if err := rows.Scan(&sealing, &blind); err != nil {
			return err
		}
		if !e.cfg.Ring.Has(sealing, blind) {
			return fmt.Errorf("密钥文件 %s 中没有这个数据库所用的密钥(%s、%s)，请用保管的副本恢复密钥文件；没有它，已加密的身份证号和记录无法读取", atrest.File, sealing, blind)
		}
	}
	return rows.Err()
}

// sealBlind seals, before anything is served, the places that people are looked up in:
// until a row has its blind, nobody finds it. It does something at the first start of a
// build that seals, once.
func (e *Engine) sealBlind(ctx context.Context) error {
	for _, p := range e.places() {
		for _, c := range p.Columns {
			if c.Blind == "" {
				continue
			}
			for done := false; !done; {
				err := e.Update(ctx, func(tx *Tx) (err error) {
					at, err := tx.sealedUpTo(&p)
					if err != nil || at.done {
						done = true
						return err
					}
					var begun bool
					if err := tx.queryRow(`SELECT EXISTS (SELECT 1 FROM sealing_state WHERE place = ? AND done)`, p.Table).Scan(&begun); err != nil || begun {
						done = true // of a rotation: the older blinds are asked for, too
						return err
					}
					_, done, err = tx.reseal(&p)
					return err
				})
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}
