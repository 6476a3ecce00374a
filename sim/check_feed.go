package sim

// checkFeed: the feed holds "for each record and each place it ever was" one line,
// and so grows no faster than records times places, however often records change.
func (w *World) checkFeed() {
	records := w.count(`SELECT count(DISTINCT record) FROM sync_feed`)
	homes := w.count(`SELECT count(*) FROM households`)
	w.rows(func(scan func(...any) error) error {
		var record string
		var lines, places, edits int64
		if err := scan(&record, &lines, &places, &edits); err != nil {
			return err
		}
		if lines != places || lines > (homes+int64(len(workers)+len(reviewers))+1)*int64(len(villages)) {
			w.fail("feed", "record %s has %d lines in %d places", record, lines, places)
		}
		return nil
	}, `SELECT record, count(*), count(DISTINCT home || '|' || area), 0 FROM sync_feed GROUP BY record`)
	if places := w.count(`SELECT count(DISTINCT home || '|' || area) FROM sync_feed`); w.count(`SELECT count(*) FROM sync_feed`) > records*places {
		w.fail("feed", "more lines than %d records times %d places", records, places)
	}
	if n := w.count(`SELECT count(*) FROM (SELECT record FROM sync_feed WHERE kind = 'put' GROUP BY record HAVING count(*) > 1)`); n > 0 {
		w.fail("feed", "%d records are in two places at once", n)
	}
	w.checkLines()
}

// checkLines: every living record stands in the feed exactly where its table says
// that it is, and no deleted one stands there at all.
func (w *World) checkLines() {
	for _, t := range []string{"households", "members", "visits", "status_changes", "photos", "tasks", "warnings"} {
		w.rows(func(scan func(...any) error) error {
			var id, lines string
			var deleted int64
			if err := scan(&id, &deleted, &lines); err != nil {
				return err
			}
			if (deleted == 0) != (lines == "1") {
				w.fail("feed", "%s %s (deleted %d) stands %s times in the feed where its table says", t, id, deleted, lines)
			}
			return nil
		}, `SELECT r.id, r.deleted, (SELECT count(*) FROM sync_feed f WHERE f.record = r.id AND f.kind = 'put' AND f.home = `+homeOf(t)+` AND f.area = r.area) FROM `+t+` r`)
	}
}

// homeOf is where a type's record is at home in the feed: a closed warning with its
// household, but for the office alone.
func homeOf(typ string) string {
	if typ == "warnings" {
		return `CASE WHEN r.state IN ('open', 'verifying') THEN r.home ELSE '@office:' || r.home END`
	}
	return `r.home`
}
