package looks

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
)

// chainTables hold where the chain begins and ends. Lines of before there was a chain get
// theirs from chainAll.
const chainTables = `
ALTER TABLE desk.looks ADD COLUMN IF NOT EXISTS chain bytea;
CREATE TABLE IF NOT EXISTS desk.looks_head (one boolean PRIMARY KEY DEFAULT true CHECK (one), seed bytea NOT NULL, lines bigint NOT NULL, chain bytea NOT NULL);`

// digest is of a line and all before it.
type digest = [sha256.Size]byte

// link is the digest of a line that stands behind another's. Each text counts with its
// length, so that nothing moves from one column to the next unseen.
func (l *Look) link(before digest) (out digest) {
	h := sha256.New()
	h.Write(before[:])
	var size [8]byte
	for _, text := range []string{strconv.FormatInt(l.At.UnixMicro(), 10), l.Account, l.By, l.Origin, l.Action, l.Number, l.Purpose, l.Asked, strconv.Itoa(l.Found), l.Message, l.Rejected} {
		binary.BigEndian.PutUint64(size[:], uint64(len(text)))
		h.Write(size[:])
		h.Write([]byte(text))
	}
	h.Sum(out[:0])
	return out
}

// head is the chain's end: how many lines there are, and the last one's digest.
type head struct {
	seed, chain digest
	lines       int64
}

// headOf reads it; locked, nobody adds a line until the transaction ends.
func headOf(ctx context.Context, tx pgx.Tx, locked bool) (h head, err error) {
	question := `SELECT seed, lines, chain FROM desk.looks_head`
	if locked {
		question += ` FOR UPDATE`
	}
	var seed, chain []byte
	err = tx.QueryRow(ctx, question).Scan(&seed, &h.lines, &chain)
	copy(h.seed[:], seed)
	copy(h.chain[:], chain)
	return h, err
}

// atOnce is how many lines are read or chained at a time.
const atOnce = 2000

// chained are lines behind an id, the oldest first, with the digests that they carry.
func chained(ctx context.Context, tx pgx.Tx, after int64) (lines []Look, digests [][]byte, err error) {
	rows, err := tx.Query(ctx, selectLooks+`id > $1 ORDER BY id LIMIT $2`, after, atOnce)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		l, chain, err := scan(rows)
		if err != nil {
			return nil, nil, err
		}
		lines, digests = append(lines, l), append(digests, chain)
	}
	return lines, digests, rows.Err()
}

// chainAll begins the chain once: with the lines that stand.
func chainAll(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, chainTables); err != nil {
		return err
	}
	var begun bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM desk.looks_head)`).Scan(&begun); err != nil || begun {
		return err
	}
	var h head
	if _, err := rand.Read(h.seed[:]); err != nil {
		return err
	}
	h.chain = h.seed
	if _, err := tx.Exec(ctx, `ALTER TABLE desk.looks DISABLE TRIGGER looks_kept`); err != nil { // locks the table, too
		return err
	}
	for after := int64(0); ; {
		lines, _, err := chained(ctx, tx, after)
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			break
		}
		ids, links := make([]int64, len(lines)), make([][]byte, len(lines))
		for i := range lines {
			h.chain = lines[i].link(h.chain)
			ids[i], links[i] = lines[i].ID, bytes.Clone(h.chain[:])
		}
		if _, err := tx.Exec(ctx, `UPDATE desk.looks l SET chain = n.chain FROM unnest($1::bigint[], $2::bytea[]) AS n (id, chain) WHERE l.id = n.id`, ids, links); err != nil {
			return err
		}
		after, h.lines = ids[len(ids)-1], h.lines+int64(len(lines))
	}
	for _, sql := range []string{`ALTER TABLE desk.looks ENABLE TRIGGER looks_kept`, `ALTER TABLE desk.looks ALTER COLUMN chain SET NOT NULL`} {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `INSERT INTO desk.looks_head (seed, lines, chain) VALUES ($1, $2, $3)`, h.seed[:], h.lines, h.chain[:])
	return err
}

// State is what a look along the chain found.
type State struct {
	Lines  int64  // that fit
	Head   string // the digest of the last of them; whoever noted it sees later whether all up to there still stands
	Broken int64  // the first line that does not fit: it, or what stood before it, is not as it was entered; 0: none
	Gone   int64  // lines missing at the end
}

// Whole reports whether everything is as it was entered.
func (s State) Whole() bool { return s.Broken == 0 && s.Gone == 0 }

// String is the state in words.
func (s State) String() string {
	switch {
	case s.Broken > 0:
		return fmt.Sprintf("自第 %d 条起被改动：这一条或它前面的记录被改动、删除或插入", s.Broken)
	case s.Gone > 0:
		return fmt.Sprintf("末尾缺 %d 条：最后的记录被删除", s.Gone)
	}
	return fmt.Sprintf("完整，共 %d 条，末条校验值 %s", s.Lines, s.Head)
}

// ErrNone is the answer where no log was begun, or one without a chain.
var ErrNone = errors.New("looks: no log with a chain")

// Check reads the whole log as it stands at one moment, and compares each line with the
// chain. It changes nothing, and nobody waits for it.
func Check(ctx context.Context, db interface {
	BeginTx(context.Context, pgx.TxOptions) (pgx.Tx, error)
}) (s State, err error) {
	err = pgx.BeginTxFunc(ctx, db, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		var begun bool
		if err := tx.QueryRow(ctx, `SELECT to_regclass('desk.looks_head') IS NOT NULL`).Scan(&begun); err != nil {
			return err
		}
		if !begun {
			return ErrNone
		}
		h, err := headOf(ctx, tx, false)
		if err != nil {
			return err
		}
		return s.along(ctx, tx, h)
	})
	return s, err
}

func (s *State) along(ctx context.Context, tx pgx.Tx, h head) error {
	at, after := h.seed, int64(0)
	for s.Broken == 0 {
		lines, digests, err := chained(ctx, tx, after)
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			break
		}
		for i := range lines {
			next := lines[i].link(at)
			if !bytes.Equal(next[:], digests[i]) || s.Lines == h.lines {
				s.Broken = lines[i].ID
				break
			}
			at = next
			s.Lines++
		}
		after = lines[len(lines)-1].ID
	}
	if s.Head = hex.EncodeToString(at[:]); s.Broken == 0 {
		s.Gone = h.lines - s.Lines
		if s.Gone == 0 && at != h.chain { // the last line was made anew, with its digest
			s.Broken = after
		}
	}
	return nil
}
