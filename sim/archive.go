package sim

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"time"
)

// archive moves the bodies of ops that are older than an hour or so.
func (w *World) archive() {
	if !w.server.up {
		return
	}
	moved, err := w.server.engine.Archive(bg, w.about(90*time.Minute))
	if err != nil {
		w.fail("harness", "archive: %v", err)
	}
	w.note("archived %d", moved)
}

// body is an op's text, from its line or from the archive.
func (w *World) body(seq, archive int64, stored []byte, packed map[int64]string) string {
	if archive != 0 {
		return packed[seq]
	}
	body, err := w.server.engine.OpenBody(seq, stored)
	if err != nil {
		w.fail("outcomes", "op at %d does not open: %v", seq, err)
	}
	return string(body)
}

// packed reads the bodies that are in the archive, by seq, past the engine.
func (w *World) packed() map[int64]string {
	out := map[int64]string{}
	w.rows(func(scan func(...any) error) error {
		var first int64
		var raw []byte
		if err := scan(&first, &raw); err != nil {
			return err
		}
		raw, err := w.server.engine.OpenPack(first, raw)
		if err != nil {
			return err
		}
		z, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			return err
		}
		var bodies []struct {
			Seq  int64
			Body string
		}
		if err := json.NewDecoder(z).Decode(&bodies); err != nil {
			return err
		}
		for _, b := range bodies {
			out[b.Seq] = b.Body
		}
		return nil
	}, `SELECT first, packed FROM sync_archive ORDER BY id`)
	return out
}
