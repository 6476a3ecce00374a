package engine

import (
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"strconv"

	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
)

// entry is one line of the op log.
type entry struct {
	seq      int64
	op       *wire.Op
	device   int64
	uploader string
	author   string
	result   wire.Result
	archive  int64 // the pack with its body; 0: it came with the line
}

// append writes an op with its outcome into the log and links it to the chain.
func (tx *Tx) append(en *entry) error {
	result, err := encodeText(en.result)
	if err != nil {
		return err
	}
	op := en.op
	body, err := tx.e.cfg.Ring.Seal(aboutOp(en.seq), op.Raw)
	if err != nil {
		return err
	}
	tx.logs[op.ID] = true
	delete(tx.fresh, op.Record)
	tx.status.Chain = link(tx.status.Chain, en.seq, en.device, op.N, op.Digest, lineTexts(en.author, en.uploader, tx.stamp, en.result.Outcome, tx.schemaOf(op))...)
	chain := tx.status.Chain
	return tx.exec(`INSERT INTO sync_ops (seq, id, device, n, uploader, author, at, received, type, record, kind, base, policy, schema, digest, body, outcome, result, chain)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		en.seq, op.ID, en.device, op.N, en.uploader, en.author, clip(op.At, 40), tx.stamp, clip(op.Type, 64), clip(op.Record, 64), clip(op.Kind, 16), op.Base,
		tx.e.cfg.Schemas.Current, tx.schemaOf(op), op.Digest[:], body, en.result.Outcome, result, chain[:])
}

func clip(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}

// lineTexts are what the chain covers of a line beside its numbers and its digest.
// The first schema stands for itself: so were lines linked before there was another.
func lineTexts(author, uploader, received, outcome string, schema int) []string {
	texts := []string{author, uploader, received, outcome}
	if schema != 1 {
		texts = append(texts, "schema "+strconv.Itoa(schema))
	}
	return texts
}

// link is the next head of the log's hash chain: it covers all that an op was
// and what was answered, so that no line can be changed or taken out unseen.
func link(head [32]byte, seq, device, n int64, digest [32]byte, texts ...string) [32]byte {
	h := sha256.New()
	h.Write(head[:])
	var buf [24]byte
	binary.BigEndian.PutUint64(buf[0:], uint64(seq))
	binary.BigEndian.PutUint64(buf[8:], uint64(device))
	binary.BigEndian.PutUint64(buf[16:], uint64(n))
	h.Write(buf[:])
	h.Write(digest[:])
	for _, t := range texts {
		binary.BigEndian.PutUint64(buf[0:], uint64(len(t)))
		h.Write(buf[:8])
		h.Write([]byte(t))
	}
	var out [32]byte
	h.Sum(out[:0])
	return out
}

// serverOp builds an operation of the server's own making.
func (tx *Tx) serverOp(n int64, kind, typ, record string, base int64, set, was map[string]any) (*wire.Op, error) {
	op := &wire.Op{N: n, ID: tx.NewID(), At: tx.stamp, Type: typ, Record: record, Kind: kind, Base: base, Set: set, Was: was}
	raw, err := json.Marshal(op, json.Deterministic(true))
	if err != nil {
		return nil, err
	}
	op.Raw, op.Schema = raw, tx.e.cfg.Schemas.Current
	op.Digest, err = wire.Digest(raw)
	return op, err
}

// note logs an act that is no edit of a record (a grant, an acceptance, a
// release …) as an operation, and returns its seq.
func (tx *Tx) note(by *Account, kind, typ, record string, body map[string]any) (int64, error) {
	seq := tx.next()
	return seq, tx.noteAt(seq, by, kind, typ, record, body)
}

// noteAt logs an act at a seq that was allotted before.
func (tx *Tx) noteAt(seq int64, by *Account, kind, typ, record string, body map[string]any) error {
	d, err := tx.desk(by)
	if err != nil {
		return err
	}
	op, err := tx.serverOp(d.nextN, kind, typ, record, 0, body, nil)
	if err != nil {
		return err
	}
	en := &entry{seq: seq, op: op, device: d.num, uploader: by.ID, author: by.ID,
		result: wire.Result{N: op.N, ID: op.ID, Outcome: "applied"}}
	en.result.Seq = en.seq
	if err := tx.append(en); err != nil {
		return err
	}
	return tx.advance(d, op.N+1)
}

// logged finds an op of the log by its id.
func (tx *Tx) logged(id string) (*entry, error) {
	return scanEntry(tx.queryRow(`SELECT seq, id, device, n, uploader, author, type, record, kind, base, schema, digest, body, archive, result FROM sync_ops WHERE id = ?`, id))
}

// loggedAt finds the op that a device numbered n, its own or one handed in again.
func (tx *Tx) loggedAt(device, n int64) (*entry, error) {
	en, err := scanEntry(tx.queryRow(`SELECT seq, id, device, n, uploader, author, type, record, kind, base, schema, digest, body, archive, result FROM sync_ops WHERE device = ? AND n = ?`, device, n))
	if en != nil || err != nil {
		return en, err
	}
	return scanEntry(tx.queryRow(`SELECT o.seq, o.id, o.device, o.n, o.uploader, o.author, o.type, o.record, o.kind, o.base, o.schema, o.digest, o.body, o.archive, o.result
		FROM sync_aliases a JOIN sync_ops o ON o.seq = a.op WHERE a.device = ? AND a.n = ?`, device, n))
}

func scanEntry(s scanner) (*entry, error) {
	en := &entry{op: &wire.Op{}}
	var digest []byte
	var body []byte
	var result string
	err := s.Scan(&en.seq, &en.op.ID, &en.device, &en.op.N, &en.uploader, &en.author, &en.op.Type, &en.op.Record, &en.op.Kind, &en.op.Base, &en.op.Schema, &digest, &body, &en.archive, &result)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	copy(en.op.Digest[:], digest)
	en.op.Raw = body // as it lies in the log: reread opens it
	return en, decodeText(result, &en.result)
}
