package engine

import (
	"bytes"
	"database/sql"
	"errors"
	"sync"
)

// trail is a reader's proof of which history it has read: the log's hash at the
// seq Head, and at 4, 16, 64 … seqs before it. If the database is set back and
// goes on differently, the hash at Head shows it, and the steps show how far back
// the two histories are one.
type trail struct {
	Head  int64  `json:"h"`
	Steps []byte `json:"s"` // the first bytes of each hash, Head's first
}

const (
	trailSteps = 12 // 4^11: four million seqs back; behind that nothing is common for sure
	headBytes  = 12
	stepBytes  = 4
)

// seq is where step i was taken; below the beginning there is nothing.
func (t trail) seq(i int) int64 {
	if i == 0 {
		return t.Head
	}
	return max(t.Head-1<<(2*i), 0)
}

// follows reports whether a log with this hash at step i may be the trail's.
func (t trail) follows(i int, chain [32]byte) bool {
	from, to := 0, headBytes
	if i > 0 {
		from = headBytes + (i-1)*stepBytes
		to = from + stepBytes
	}
	return to <= len(t.Steps) && bytes.HasPrefix(chain[:], t.Steps[from:to])
}

// chainAt is the log's hash as it was at a seq: that of the newest op at or before
// it, or where the log began.
func chainAt(q rowsQuerier, seq int64) (out [32]byte, err error) {
	var chain []byte
	err = q.queryRow(`SELECT chain FROM sync_ops WHERE seq <= ? ORDER BY seq DESC LIMIT 1`, seq).Scan(&chain)
	if errors.Is(err, sql.ErrNoRows) {
		err = q.queryRow(`SELECT chain_seed FROM sync_state WHERE id = 1`).Scan(&chain)
	}
	copy(out[:], chain)
	return out, err
}

// trails keeps the newest trail: a herd that reads at one seq shares it.
type trails struct {
	mu    sync.Mutex
	epoch string
	last  trail
}

// at is the trail to the end of the log as the snapshot sees it.
func (t *trails) at(s *snapshot, status *Status) (trail, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.epoch == status.Epoch && t.last.Head == status.Seq && t.last.follows(0, status.Chain) {
		return t.last, nil
	}
	next := trail{Head: status.Seq, Steps: status.Chain[:headBytes:headBytes]}
	var seqs []int64
	for i := 1; i < trailSteps; i++ {
		seqs = append(seqs, next.seq(i))
	}
	text, err := encodeText(seqs)
	if err != nil {
		return trail{}, err
	}
	rows, err := s.query(`SELECT coalesce((SELECT chain FROM sync_ops WHERE seq <= j.value ORDER BY seq DESC LIMIT 1),
		(SELECT chain_seed FROM sync_state WHERE id = 1)) FROM json_each(?) j ORDER BY j.key`, text)
	if err != nil {
		return trail{}, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var chain []byte
		if err := rows.Scan(&chain); err != nil {
			return trail{}, err
		}
		next.Steps = append(next.Steps, chain[:stepBytes]...)
	}
	t.epoch, t.last = status.Epoch, next
	return next, rows.Err()
}

// common is the last seq at which the cursor's history and this one are surely the
// same: at most four times as far back from its head as where they part. Where the
// cursor's history had come further than this one, over the gap of a restore, a step
// may have its end in that gap: the hash there is that of the backup, and this
// database may be the same backup, as it was when this process opened it.
func (tx *Tx) common(at trail) (int64, error) {
	for i := range trailSteps {
		seq := at.seq(i)
		if seq > tx.status.Seq {
			seq = tx.e.boot.seq
		}
		chain, err := chainAt(tx, seq)
		if err != nil {
			return 0, err
		}
		if at.follows(i, chain) {
			return seq, nil
		}
	}
	return 0, nil
}

// boot is where the database stood when this process opened it. Until a tablet
// from before has read again, it cannot have seen more than that; if its ops claim
// more, they were made in a history that this database has lost (protocol §8), and
// nobody has proved it yet.
type boot struct {
	seq     int64
	devices int64    // the newest device then
	read    sync.Map // by device: it has read since
}

// seen bounds a base by what its device can have seen here.
func (b *boot) seen(d *device, base int64) int64 {
	if base <= b.seq || d.kind != KindTablet || d.num > b.devices {
		return base
	}
	if _, read := b.read.Load(d.num); read {
		return base
	}
	return b.seq
}
