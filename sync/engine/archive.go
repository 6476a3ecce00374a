package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"doorstep/sync/atrest"
	"doorstep/sync/wire"

	"github.com/go-json-experiment/json"
	"github.com/klauspost/compress/gzip"
)

// The archive (docs/decisions/0024): bodies of old ops, many in one pack, which is
// gzip of a JSON list. The op's line stays, with its digest and its link of the
// chain, so a body is proved by its line wherever it lies, and an op sent again is
// answered without it.

// packOps bounds a pack: how many bodies one write transaction moves, and how many
// are unpacked to read one.
const packOps = 500

// packedBody is one op's text in a pack, exactly as it was sent.
type packedBody struct {
	Seq    int64  `json:"seq"`
	Body   string `json:"body"`
	digest []byte // by the op's line
}

// Archive packs the bodies of ops that are older than keep, that a backup covers,
// and about which nobody has anything left to decide. It works pack by pack, each in
// a transaction of its own, and answers how many bodies it moved.
func (e *Engine) Archive(ctx context.Context, keep time.Duration) (moved int, err error) {
	for after := int64(0); ; {
		var bodies []packedBody
		err := e.Update(ctx, func(tx *Tx) (err error) {
			bodies, err = tx.pack(after, tx.now.Add(-keep))
			return err
		})
		if err != nil || len(bodies) == 0 {
			return moved, err
		}
		moved, after = moved+len(bodies), bodies[len(bodies)-1].Seq
	}
}

// pack moves the next bodies behind a seq into a pack.
func (tx *Tx) pack(after int64, before time.Time) ([]packedBody, error) {
	bodies, err := tx.settled(after, wire.Format(before))
	if err != nil || len(bodies) == 0 {
		return nil, err
	}
	packed, err := packBodies(bodies)
	if err != nil {
		return nil, err
	}
	read, err := unpackBodies(packed)
	if err != nil {
		return nil, err
	}
	for _, b := range bodies {
		if err := matches(b.Seq, read[b.Seq], b.digest); err != nil {
			return nil, err
		}
	}
	seqs := make([]int64, len(bodies))
	for i, b := range bodies {
		seqs[i] = b.Seq
	}
	list, err := encodeText(seqs)
	if err != nil {
		return nil, err
	}
	first, last := seqs[0], seqs[len(seqs)-1]
	if packed, err = tx.e.cfg.Ring.Seal(aboutPack(first), packed); err != nil {
		return nil, err
	}
	if err := tx.exec(`INSERT INTO sync_archive (first, last, ops, made, packed) VALUES (?, ?, ?, ?, ?)`, first, last, len(bodies), tx.stamp, packed); err != nil {
		return nil, err
	}
	if err := tx.exec(`UPDATE sync_ops SET body = '', archive = last_insert_rowid() WHERE seq IN (SELECT value FROM json_each(?))`, list); err != nil {
		return nil, err
	}
	return bodies, tx.audit(Server.ID, "", "", "log.archive", "", first, last, "")
}

// settled are the bodies that may go into a pack.
func (tx *Tx) settled(after int64, before string) ([]packedBody, error) {
	rows, err := tx.query(`SELECT o.seq, o.body, o.digest FROM sync_ops o WHERE o.seq > ? AND o.seq <= ? AND o.received < ? AND o.archive = 0
		AND NOT EXISTS (SELECT 1 FROM sync_kept k WHERE k.op = o.seq AND k.state = 'open')
		AND NOT EXISTS (SELECT 1 FROM sync_reviews r WHERE r.op = o.seq AND r.state = 'open')
		AND NOT EXISTS (SELECT 1 FROM sync_cases c JOIN sync_case_ops co ON co."case" = c.id WHERE c.record = o.record AND c.state = 'open' AND co.op = o.seq)
		ORDER BY o.seq LIMIT ?`, after, tx.status.DurableSeq, before, packOps)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []packedBody
	for rows.Next() {
		var b packedBody
		var body []byte
		if err := rows.Scan(&b.Seq, &body, &b.digest); err != nil {
			return nil, err
		}
		if body, err = tx.opened(aboutOp(b.Seq), body); err != nil {
			return nil, err
		}
		b.Body = string(body)
		out = append(out, b)
	}
	return out, rows.Err()
}

func packBodies(bodies []packedBody) ([]byte, error) {
	text, err := json.Marshal(bodies)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	_, err = z.Write(text)
	err = errors.Join(err, z.Close())
	return out.Bytes(), err
}

// archive reads packs, each once.
type archive struct {
	q     rowsQuerier
	packs map[int64]map[int64][]byte
}

func newArchive(q rowsQuerier) *archive { return &archive{q, map[int64]map[int64][]byte{}} }

// body is an op's text: its row's own, or from its pack.
func (a *archive) body(seq, pack int64, own []byte) ([]byte, error) {
	if pack == 0 {
		return a.q.opened(aboutOp(seq), own)
	}
	bodies := a.packs[pack]
	if bodies == nil {
		var err error
		if bodies, err = unpack(a.q, pack); err != nil {
			return nil, err
		}
		a.packs[pack] = bodies
	}
	body, ok := bodies[seq]
	if !ok {
		return nil, fmt.Errorf("操作 %d 的内容不在归档 %d 中，数据可能损坏或被改动", seq, pack)
	}
	return body, nil
}

func unpack(q rowsQuerier, pack int64) (map[int64][]byte, error) {
	var first int64
	var packed []byte
	err := q.queryRow(`SELECT first, packed FROM sync_archive WHERE id = ?`, pack).Scan(&first, &packed)
	if err == nil {
		packed, err = q.opened(aboutPack(first), packed)
	}
	if err != nil {
		return nil, fmt.Errorf("归档 %d 读不到：%w", pack, err)
	}
	bodies, err := unpackBodies(packed)
	if err != nil {
		err = fmt.Errorf("归档 %d 已损坏：%w", pack, err)
	}
	return bodies, err
}

func unpackBodies(packed []byte) (map[int64][]byte, error) {
	var bodies []packedBody
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err == nil {
		var text []byte
		if text, err = io.ReadAll(z); err == nil {
			err = json.Unmarshal(text, &bodies)
		}
	}
	if err != nil {
		return nil, err
	}
	out := make(map[int64][]byte, len(bodies))
	for _, b := range bodies {
		out[b.Seq] = []byte(b.Body)
	}
	return out, nil
}

// matches holds an op's text against the digest of its line.
func matches(seq int64, body, digest []byte) error {
	sum, err := wire.Digest(body)
	if err != nil || !bytes.Equal(sum[:], digest) {
		return fmt.Errorf("操作日志第 %d 条的内容与摘要不符，数据可能损坏或被改动", seq)
	}
	return nil
}

// verifyArchive checks that each line whose body was moved finds it in its pack, as
// its digest says.
func verifyArchive(s *snapshot) (found, sealed int64, err error) {
	var moved, packs int64
	if err := s.queryRow(`SELECT count(*), coalesce(max(archive), 0) FROM sync_ops WHERE archive <> 0`).Scan(&moved, &packs); err != nil {
		return 0, 0, err
	}
	for pack := int64(1); pack <= packs; pack++ {
		bodies, err := unpack(s, pack)
		if errors.Is(err, atrest.ErrNoKey) {
			var n int64
			if err := s.queryRow(`SELECT count(*) FROM sync_ops WHERE archive = ?`, pack).Scan(&n); err != nil {
				return found, sealed, err
			}
			found, sealed = found+n, sealed+n
			continue
		}
		if err == nil {
			err = verifyPack(s, pack, bodies)
		}
		if err != nil {
			return found, sealed, err
		}
		found += int64(len(bodies))
	}
	if found != moved {
		return found, sealed, fmt.Errorf("归档中有 %d 条操作内容，操作日志中记有 %d 条，数据可能损坏或被改动", found, moved)
	}
	return found, sealed, nil
}

func verifyPack(s *snapshot, pack int64, bodies map[int64][]byte) error {
	rows, err := s.query(`SELECT o.seq, o.digest FROM sync_archive a JOIN sync_ops o ON o.seq BETWEEN a.first AND a.last WHERE a.id = ?1 AND o.archive = ?1`, pack)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	n := 0
	for ; rows.Next(); n++ {
		var seq int64
		var digest []byte
		if err := rows.Scan(&seq, &digest); err != nil {
			return err
		}
		if err := matches(seq, bodies[seq], digest); err != nil {
			return err
		}
	}
	if n != len(bodies) {
		return fmt.Errorf("归档 %d 有 %d 条内容，操作日志中对应 %d 条，数据可能损坏或被改动", pack, len(bodies), n)
	}
	return rows.Err()
}
