package engine

import (
	"context"
	"database/sql"
	"errors"

	"doorstep/sync/policy"
	"doorstep/sync/wire"
)

// File is a photo's bytes as they are on disk, verified.
type File struct {
	Photo, SHA256 string
	Bytes         int64
	Width, Height int
}

// PhotoStored records that a photo's bytes are on disk, and says so on its record
// if that is there; else it will, when the record comes.
func (e *Engine) PhotoStored(ctx context.Context, account string, f File) error {
	return e.photo(ctx, account, f, "stored", "")
}

// PhotoRefused records that a photo's bytes are none that can be kept.
func (e *Engine) PhotoRefused(ctx context.Context, account string, f File, why string) error {
	return e.photo(ctx, account, f, "refused", why)
}

func (e *Engine) photo(ctx context.Context, account string, f File, state, why string) error {
	return e.Update(ctx, func(tx *Tx) error {
		err := tx.exec(`INSERT INTO sync_files (photo, sha256, bytes, width, height, account, stored, refused) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (photo, sha256) DO UPDATE SET stored = excluded.stored, refused = excluded.refused, width = excluded.width, height = excluded.height`,
			f.Photo, f.SHA256, f.Bytes, f.Width, f.Height, account, tx.stamp, why)
		if err != nil {
			return err
		}
		r, err := tx.load(policy.Lookup("photos"), f.Photo)
		if err != nil || r == nil || r.deleted != 0 || r.values["sha256"] != f.SHA256 || r.values["state"] == "stored" {
			return err
		}
		by, err := tx.account(account)
		if err != nil || by == nil || !by.Sees(r.at) && by.ID != r.author {
			return err // the author's picture counts, though its family has moved away meanwhile
		}
		return tx.Do("rule:photos", []Draft{{Type: "photos", Record: f.Photo, Kind: wire.KindPatch, Set: map[string]any{"state": state}}})
	})
}

// PhotoFor answers the hash under which a photo's bytes are stored, if the account
// may see its record and the bytes are there; else wire.NotFound, one answer for all.
func (e *Engine) PhotoFor(ctx context.Context, by *Account, id string) (sha string, err error) {
	missing := wire.Err(wire.NotFound, "photo")
	s := &snapshot{ctx: ctx, ring: e.cfg.Ring, q: e.read}
	var at location
	var state string
	err = s.queryRow(`SELECT p.sha256, p.area, p.home, p.state FROM photos p WHERE p.id = ? AND p.deleted = 0`, id).Scan(&sha, &at.Area, &at.Home, &state)
	if errors.Is(err, sql.ErrNoRows) || err == nil && (!by.Sees(at) || state != "stored") {
		return "", missing
	}
	return sha, err
}

// MayUpload reports whether bytes for a photo may be handed in by this account:
// its record is not there yet, or is in the account's scope and names this hash.
func (e *Engine) MayUpload(ctx context.Context, by *Account, photo, sha string) error {
	s := &snapshot{ctx: ctx, ring: e.cfg.Ring, q: e.read}
	var at location
	var named string
	err := s.queryRow(`SELECT sha256, area, home FROM photos WHERE id = ?`, photo).Scan(&named, &at.Area, &at.Home)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	if !by.Sees(at) {
		return nil // as if the id were free; the bytes will not be joined to it
	}
	if named != sha {
		return wire.InvalidField("sha256", "与照片记录的校验值不一致，请重新选择照片。")
	}
	return nil
}
