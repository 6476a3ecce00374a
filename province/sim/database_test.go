package sim

import (
	"context"
	"time"
)

// Faults of the database strike from inside it: the row at which one is planted loses its
// session, or stands still until the server is stopped. A sequence counts the rows, for
// it goes on when a transaction is taken back.
const faultSchema = `
	CREATE TABLE harness_faults (tab text, at bigint, what text);
	CREATE SEQUENCE harness_records; CREATE SEQUENCE harness_findings; CREATE SEQUENCE harness_words;
	CREATE FUNCTION harness_fault() RETURNS trigger LANGUAGE plpgsql AS $$
	DECLARE n bigint := nextval('harness_' || TG_TABLE_NAME); f text;
	BEGIN
		SELECT what INTO f FROM harness_faults WHERE tab = TG_TABLE_NAME AND at = n;
		IF f = 'lose' THEN
			PERFORM pg_terminate_backend(pg_backend_pid());
			PERFORM pg_sleep(0.01);
		ELSIF f = 'stall' THEN
			PERFORM pg_sleep(600);
		END IF;
		RETURN NEW;
	END $$;
	CREATE TRIGGER harness_fault BEFORE INSERT ON records FOR EACH ROW EXECUTE FUNCTION harness_fault();
	CREATE TRIGGER harness_fault BEFORE INSERT ON findings FOR EACH ROW EXECUTE FUNCTION harness_fault();
	CREATE TRIGGER harness_fault BEFORE INSERT ON words FOR EACH ROW EXECUTE FUNCTION harness_fault();`

func (w *world) plantFaults() error { return w.admin(faultSchema) }

// plant lets the nth row from now of a table fail.
func (w *world) plant(table, what string, n int) {
	if err := w.admin(`INSERT INTO harness_faults SELECT $1, last_value + $3, $2 FROM harness_`+table, table, what, n); err != nil {
		w.fail("harness", "plant: %v", err)
	}
}

// loseSession ends a session in the middle of what it writes.
func (w *world) loseSession() func() {
	table := []string{"records", "records", "findings", "words"}[w.rng.IntN(4)]
	n := 1 + w.rng.IntN(15)
	if table == "words" { // of which there are few
		n = 1 + n/4
	}
	w.note("the session that writes the %dth row of %s is lost", n, table)
	w.plant(table, "lose", n)
	return nil
}

// restartPostgres stops the server in the middle of a batch, as a power cut would.
func (w *world) restartPostgres() func() {
	n := 1 + w.rng.IntN(20)
	w.note("PostgreSQL loses its power at the %dth row", n)
	w.plant("records", "stall", n)
	return func() {
		for range 40 { // where too little is written, it is stopped between batches
			var n int
			if err := w.store.Pool.QueryRow(w.t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'`).Scan(&n); err != nil || n > 0 {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		w.postgres.Stop()
		w.postgres.Start()
		w.awake()
	}
}

// awake waits for the database, and takes away what is planted, and what stands still by it.
func (w *world) awake() {
	w.store.Pool.Reset()
	w.until("PostgreSQL answers", func(context.Context) bool {
		return w.admin(`DELETE FROM harness_faults`) == nil && w.admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'`) == nil
	})
}

// restorePostgres keeps a copy of the database, and puts it in its place some rounds later:
// its readers are not told, and stand where they were.
func (w *world) restorePostgres() func() {
	if !w.copied {
		w.note("a copy of the database is made")
		w.copyDatabase(w.name, w.name+"copy")
		w.copied = true
		return nil
	}
	w.note("the database is restored from its copy")
	return func() {
		w.copyDatabase(w.name+"copy", w.name)
		w.awake()
		// A restore takes longer than a copy does here: as long as a session must rest until its
		// pool looks whether it still lives, and quietly takes another.
		time.Sleep(1200 * time.Millisecond)
	}
}

func (w *world) copyDatabase(from, to string) {
	var last error
	if !w.until("the database is copied", func(ctx context.Context) bool { // when its sessions have ended
		last = w.maintain(ctx, drop(to), "ALTER DATABASE "+from+" ALLOW_CONNECTIONS false",
			"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '"+from+"'", "CREATE DATABASE "+to+" TEMPLATE "+from,
			"ALTER DATABASE "+from+" ALLOW_CONNECTIONS true", "ALTER DATABASE "+to+" ALLOW_CONNECTIONS true")
		return last == nil
	}) {
		w.note("%v", last)
	}
	w.store.Pool.Reset() // the harness's own sessions ended with the others
}

// sendAgain lets findings and words be sent again that the stream has, as after a restore.
func (w *world) sendAgain() func() {
	w.note("findings are sent again, and words passed on again")
	return func() {
		if err := w.admin(`UPDATE findings SET sent = NULL WHERE substr(id, 1, 1) < '8'`); err != nil {
			w.fail("harness", "send again: %v", err)
		}
		if err := w.admin(`UPDATE words SET told = '' WHERE substr(md5(name), 1, 1) < '8'`); err != nil {
			w.fail("harness", "send again: %v", err)
		}
	}
}
