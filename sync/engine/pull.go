package engine

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"doorstep/sync/wire"
)

// PullRequest is a page of GET /pull.
type PullRequest struct {
	Device string
	Cursor string
	Limit  int // changes; 0: wire.DefaultPage
	Schema int // the client's schema version; 0: not said

	Brief     bool  // a record does not repeat what its line says (C.11)
	Told      *Told // what the tablet says of itself (C.15); nil: nothing
	NoResults bool  // leave the results for a later pull (a snapshot carries none)
}

// Told is how a tablet stands, in its own words: it decides nothing.
type Told struct {
	App     string // its version
	Clock   string // its time now
	Waiting int64  // edits that the server has not taken yet
	Photos  int64  // pictures likewise
}

// pageBytes bounds a page whatever its records hold.
const pageBytes = 3 << 20

// Pull answers what changed in the account's scope since the cursor (§3.4).
// Errors: wire.NotFound, wire.DeviceRevoked, wire.CursorExpired,
// wire.UpgradeRequired, *EpochError.
func (e *Engine) Pull(ctx context.Context, by *Account, r PullRequest) (*wire.PullAnswer, error) {
	if r.Schema != 0 && r.Schema < e.cfg.Schemas.Oldest {
		return nil, wire.Err(wire.UpgradeRequired, "")
	}
	if r.Limit <= 0 {
		r.Limit = wire.DefaultPage
	}
	r.Limit = min(r.Limit, wire.MaxPage)
	at, err := e.unseal(r.Cursor)
	if err != nil {
		return nil, err
	}
	var out *wire.PullAnswer
	err = e.view(ctx, func(s *snapshot) error {
		out, err = e.pull(s, by.ID, r, at)
		return err
	})
	var lost *unannounced
	if errors.As(err, &lost) {
		return nil, e.foundRestore(ctx, r.Device, at)
	}
	return out, err
}

func (e *Engine) pull(s *snapshot, account string, r PullRequest, at *cursor) (*wire.PullAnswer, error) {
	by, d, err := e.reader(s, account, r.Device)
	if err != nil {
		return nil, err
	}
	e.heard(d, r.Told)
	status, err := readStatus(s.q)
	if err != nil {
		return nil, err
	}
	if at, err = e.startFrom(s, by, d, status, at); err != nil {
		return nil, err
	}
	p := &page{e: e, s: s, by: by, limit: r.Limit, from: at.At, first: at.At == position{}, quiet: r.NoResults, brief: r.Brief, cursor: *at}
	if err := p.fill(status); err != nil {
		return nil, err
	}
	return p.answer(d, status)
}

// startFrom checks that a cursor belongs to this history and this account, and
// takes in the grants that came or went since.
func (e *Engine) startFrom(s *snapshot, by *Account, d *device, status *Status, at *cursor) (*cursor, error) {
	if at == nil {
		return &cursor{Epoch: status.Epoch, Account: by.ID, Began: status.Seq, Grants: status.Seq}, nil
	}
	if at.Epoch != status.Epoch && at.Trail.Head > status.Seq {
		return nil, &unannounced{} // we signed it at a seq that we never had: a restore lies between
	}
	if at.Epoch != status.Epoch {
		return nil, &EpochError{Epoch: status.Epoch, NextN: d.nextN}
	}
	if err := checkHistory(s, at); err != nil {
		return nil, err
	}
	if at.Account != by.ID || max(at.At.Seq, at.Began) < status.Floor {
		return nil, wire.Err(wire.CursorExpired, "cursor")
	}
	for _, ev := range grantEvents(by, at.Grants) {
		if len(at.Tasks) >= maxTasks {
			return at, nil
		}
		if ev.task.Leave {
			at.Tasks = dropTask(at.Tasks, ev.task.Grant)
		}
		at.Tasks, at.Grants = append(at.Tasks, ev.task), ev.seq
	}
	at.Grants = status.Seq
	return at, nil
}

type grantEvent struct {
	seq  int64
	task task
}

// grantEvents are the grants that came or went after a seq, in order. What came
// and went again is none.
func grantEvents(by *Account, after int64) []grantEvent {
	var out []grantEvent
	for _, g := range by.Grants {
		if g.FromSeq > after {
			out = append(out, grantEvent{g.FromSeq, task{Grant: g.ID}})
		}
	}
	for _, g := range by.Withdrawn {
		if g.UntilSeq > after && g.FromSeq <= after {
			out = append(out, grantEvent{g.UntilSeq, task{Grant: g.ID, Leave: true}})
		}
	}
	slices.SortFunc(out, func(a, b grantEvent) int { return cmp.Compare(a.seq, b.seq) })
	return out
}

func dropTask(tasks []task, grant int64) []task {
	out := tasks[:0]
	for _, t := range tasks {
		if t.Grant != grant {
			out = append(out, t)
		}
	}
	return out
}

// unannounced: the cursor comes from a history that this database does not have.
type unannounced struct{}

func (*unannounced) Error() string { return "engine: the cursor is of another history" }

// checkHistory compares the log's hash at the end of the cursor's trail with ours.
func checkHistory(s *snapshot, at *cursor) error {
	if len(at.Trail.Steps) == 0 {
		return nil // sealed before there were trails
	}
	chain, err := chainAt(s, at.Trail.Head)
	if err == nil && !at.Trail.follows(0, chain) {
		return &unannounced{}
	}
	return err // a read that failed proves nothing
}
