package looks_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"doorstep/province/looks"
	"doorstep/province/servers"

	"github.com/jackc/pgx/v5/pgxpool"
)

type log struct {
	t    *testing.T
	pool *pgxpool.Pool
}

func open(t *testing.T, p *servers.Postgres, name string) *log {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), p.URL(name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return &log{t, pool}
}

func (l *log) build() *log {
	l.t.Helper()
	if err := looks.Build(l.t.Context(), l.pool); err != nil {
		l.t.Fatal(err)
	}
	return l
}

func (l *log) enter(n int) *log {
	l.t.Helper()
	for i := range n {
		if err := looks.Enter(l.t.Context(), l.pool, looks.Look{At: time.Now(), Account: "li", By: "李科长", Origin: "10.0.0.8", Action: looks.Person,
			Number: "110***********002X 0a1b", Purpose: fmt.Sprintf("核实信访件 %d", i), Found: i}); err != nil {
			l.t.Fatal(err)
		}
	}
	return l
}

func (l *log) check() looks.State {
	l.t.Helper()
	s, err := looks.Check(l.t.Context(), l.pool)
	if err != nil {
		l.t.Fatal(err)
	}
	return s
}

func (l *log) afresh() {
	l.t.Helper()
	if _, err := l.pool.Exec(l.t.Context(), `DROP SCHEMA IF EXISTS desk CASCADE`); err != nil {
		l.t.Fatal(err)
	}
}

// behind does what somebody who owns the database can do: past the trigger.
func (l *log) behind(sql string) {
	l.t.Helper()
	if _, err := l.pool.Exec(l.t.Context(), `ALTER TABLE desk.looks DISABLE TRIGGER looks_kept; `+sql+`; ALTER TABLE desk.looks ENABLE TRIGGER looks_kept`); err != nil {
		l.t.Fatal(err)
	}
}

func TestWhatIsDoneToTheLogBehindItsBackIsTold(t *testing.T) {
	l := open(t, servers.NewPostgres(t), "changed")
	const copied = `at, account, by_name, origin, action, number, purpose, asked, found, message, rejected, chain`
	for name, one := range map[string]struct {
		sql    string
		broken int64
		gone   int64
		lines  int64
	}{
		"nothing":                           {`SELECT 1`, 0, 0, 6},
		"a purpose changed":                 {`UPDATE desk.looks SET purpose = '核实低保申请' WHERE id = 3`, 3, 0, 2},
		"a moment changed":                  {`UPDATE desk.looks SET at = at + interval '1 microsecond' WHERE id = 1`, 1, 0, 0},
		"text moved to the next column":     {`UPDATE desk.looks SET account = 'l', by_name = 'i李科长' WHERE id = 4`, 4, 0, 3},
		"one deleted":                       {`DELETE FROM desk.looks WHERE id = 2`, 3, 0, 1},
		"the first deleted":                 {`DELETE FROM desk.looks WHERE id = 1`, 2, 0, 0},
		"the last two deleted":              {`DELETE FROM desk.looks WHERE id > 4`, 0, 2, 4},
		"all deleted":                       {`DELETE FROM desk.looks`, 0, 6, 0},
		"one put in at the end":             {`INSERT INTO desk.looks (` + copied + `) SELECT ` + copied + ` FROM desk.looks WHERE id = 6`, 7, 0, 6},
		"one put in between":                {`UPDATE desk.looks SET id = DEFAULT WHERE id > 3; INSERT INTO desk.looks (id, ` + copied + `) OVERRIDING SYSTEM VALUE SELECT 4, ` + copied + ` FROM desk.looks WHERE id = 3`, 4, 0, 3},
		"two exchanged":                     {`UPDATE desk.looks a SET purpose = b.purpose, found = b.found FROM desk.looks b WHERE a.id + b.id = 5 AND a.id IN (2, 3)`, 2, 0, 1},
		"the last with a digest of its own": {`UPDATE desk.looks SET chain = sha256('x') WHERE id = 6`, 6, 0, 5},
	} {
		t.Run(name, func(t *testing.T) {
			l.afresh()
			l.build().enter(6).behind(one.sql)
			s := l.check()
			if s.Broken != one.broken || s.Gone != one.gone || s.Lines != one.lines || s.Whole() != (one.broken+one.gone == 0) {
				t.Errorf("%+v (%s)", s, s)
			}
		})
	}
}

func TestLinesOfBeforeThereWasAChainAreChainedAndOnlyOnce(t *testing.T) {
	l := open(t, servers.NewPostgres(t), "before").build().enter(2)
	// As a database of the release before has it, with more lines than are chained at once.
	l.behind(`DROP TABLE desk.looks_head; ALTER TABLE desk.looks DROP COLUMN chain; INSERT INTO desk.looks (at, account, origin, action, number, purpose, found)
		SELECT now(), 'old', '', 'person', '', 'p ' || n, n FROM generate_series(1, 4500) n`)
	if _, err := looks.Check(t.Context(), l.pool); err != looks.ErrNone {
		t.Fatalf("without a chain: %v", err)
	}
	if s := l.build().check(); !s.Whole() || s.Lines != 4502 {
		t.Fatalf("chained: %+v", s)
	}
	before := l.enter(3).check()
	if s := l.build().check(); s != before || s.Lines != 4505 {
		t.Errorf("built again: %+v, before %+v", s, before)
	}
	if _, err := l.pool.Exec(t.Context(), `UPDATE desk.looks SET purpose = '' WHERE id = 1`); err == nil {
		t.Error("the trigger does not stand any more")
	}
	l.behind(`UPDATE desk.looks SET purpose = 'q' WHERE purpose = 'p 4000'`)
	if s := l.check(); s.Lines != 4001 || s.Whole() {
		t.Errorf("%+v", s)
	}
}

func TestLinesEnteredAtOnceAreOneChain(t *testing.T) {
	l := open(t, servers.NewPostgres(t), "once").build()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 25 {
				if err := looks.Enter(t.Context(), l.pool, looks.Look{At: time.Now(), Account: "dci:bank", Action: looks.Search}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if s := l.check(); !s.Whole() || s.Lines != 200 {
		t.Errorf("%+v", s)
	}
}
