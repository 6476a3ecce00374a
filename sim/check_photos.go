package sim

// checkPhotos: a photo's bytes are stored, or its record says that they are
// missing (§3.5): "the record's `state: stored` is what acknowledges it".
func (w *World) checkPhotos() {
	w.rows(func(scan func(...any) error) error {
		var id, state string
		var files int64
		if err := scan(&id, &state, &files); err != nil {
			return err
		}
		if want := map[bool]string{true: "stored", false: "missing"}[files > 0]; state != want {
			w.fail("photos", "photo %s says %q; of its bytes there are %d", id, state, files)
		}
		return nil
	}, `SELECT p.id, p.state, (SELECT count(*) FROM sync_files f WHERE f.photo = p.id AND f.sha256 = p.sha256) FROM photos p WHERE p.deleted = 0`)
	for _, t := range w.tablets {
		for _, p := range t.s.photos {
			if !t.retired && w.count(`SELECT count(*) FROM sync_files WHERE photo = ? AND sha256 = ?`, p.id, p.sha) != 1 {
				w.fail("photos", "%s keeps photo %s, whose bytes the server lacks", t.name, p.id)
			}
		}
	}
}
