package bench

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"doorstep/province/consume"
	"doorstep/province/store"
	"doorstep/province/wire"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Sizes of the readers' workload: as many counties, each in a partition of its own, and as
// many messages to a transaction as the product takes.
const (
	readCounties   = 4
	readHouseholds = 2000
	readBatch      = 2000
)

// BenchmarkProvinceReader: the product's readers take a stream in, beside a bare COPY and
// upsert of the same rows, decoded before, into the same tables of another database, with
// as many connections and the same rows to a transaction. Each county tells everything
// twice: half of the rows are new, half stand already.
func BenchmarkProvinceReader(b *testing.B) {
	p := newProvince(b, 1, nil, "370281")
	register := drawRegister(1, readHouseholds)
	ends := map[int]uint64{}
	for n := 0; len(ends) < readCounties; n++ {
		code := countyCode(n)
		probe := wire.Message{Kind: wire.Begin, County: code, Term: "probe"}
		publish(b, p.js, []*nats.Msg{encoded(b, &probe)})
		if part, _ := p.end(b, code); ends[part] == 0 {
			for _, term := range []string{"one", "two"} {
				p.tell(b, newTeller(b, p.public, code, term), register)
			}
			_, ends[part] = p.end(b, code)
		}
	}
	for b.Loop() {
		p.readByTurns(b, ends)
	}
}

func (p *province) readByTurns(b *testing.B, ends map[int]uint64) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the product runs
	rows := map[int][][]any{}
	total := 0
	for part, end := range ends {
		rows[part] = p.rows(b, part, end)
		total += len(rows[part])
	}
	var ratios, ours, bare, own, node, database, least, shares []float64
	for round := range 2**rounds + 1 {
		st := p.open(b, fmt.Sprint("ours", round))
		c := &consume.Consumer{Store: st, JS: p.js}
		rate, used := p.taken(b, total, func() { read(b, c, st, ends) })
		st.Close()
		st = p.open(b, fmt.Sprint("bare", round))
		bareRate, bareUsed := p.taken(b, total, func() {
			var all sync.WaitGroup
			for _, list := range rows {
				all.Go(func() { copyBare(b, st, list) })
			}
			all.Wait()
		})
		st.Close()
		ours, bare, ratios = append(ours, rate), append(bare, bareRate), append(ratios, rate/bareRate)
		own, node, database = append(own, used.own), append(node, used.node), append(database, used.database)
		least, shares = append(least, bareUsed.sum()), append(shares, bareUsed.sum()/used.sum())
		b.Logf("round %d: %d messages, readers %.0f/s (%.1f), bare %.0f/s (%.1f): %.2f; in CPU %.2f", round, total, rate, used, bareRate, bareUsed, rate/bareRate, bareUsed.sum()/used.sum())
	}
	mid := median(ratios)
	tell("readers, of a bare COPY and upsert of the same rows", "≥ 50 %", slices.Min(ratios) >= 0.5, "%.0f %% (worst round %.0f %%; %.0f of %.0f records/s)",
		mid*100, slices.Min(ratios)*100, median(ours), median(bare))
	note("the same in CPU of all processes", "%.0f %% (worst round %.0f %%): %.0f of PostgreSQL, %.0f of the stream's node, %.0f of the province's process; bare %.0f µs a record",
		median(shares)*100, slices.Min(shares)*100, median(database), median(node), median(own), median(least))
	b.ReportMetric(mid, "of-bare")
}

// spent is CPU, in microseconds a record: of this process, the stream's nodes, PostgreSQL.
type spent struct{ own, node, database float64 }

func (s spent) sum() float64 { return s.own + s.node + s.database }

// taken is how many records a second were taken in, and the CPU of it.
func (p *province) taken(b *testing.B, records int, in func()) (rate float64, used spent) {
	b.Helper()
	began, own, node, database := time.Now(), cpuSeconds(b), p.streamCPU(b), cpuOfFamily(b, p.postgres.Process())
	in()
	each := 1e6 / float64(records)
	return float64(records) / time.Since(began).Seconds(),
		spent{(cpuSeconds(b) - own) * each, (p.streamCPU(b) - node) * each, (cpuOfFamily(b, p.postgres.Process()) - database) * each}
}

// tell has a county tell all of a register, and answers how many messages that was.
func (p *province) tell(b *testing.B, t *teller, register []drawn) int {
	b.Helper()
	publish(b, p.js, []*nats.Msg{encoded(b, t.history(wire.Begin))})
	var list []*nats.Msg
	for i := range register {
		for _, m := range t.messages(b, &register[i]) {
			list = append(list, encoded(b, m))
		}
	}
	list = append(list, encoded(b, t.history(wire.Whole)))
	publish(b, p.js, list)
	return len(list) + 1
}

// end is a county's partition and the place of the last message in it.
func (p *province) end(b *testing.B, county string) (part int, at uint64) {
	b.Helper()
	stream, err := p.js.Stream(context.Background(), wire.Register)
	must(b, err)
	last, err := stream.GetLastMsgForSubject(context.Background(), "up.*."+county+".>")
	must(b, err)
	part, err = strconv.Atoi(strings.Split(last.Subject, ".")[1])
	must(b, err)
	last, err = stream.GetLastMsgForSubject(context.Background(), wire.PartitionSubjects(part))
	must(b, err)
	return part, last.Sequence
}

// read has the readers read up to these places.
func read(b *testing.B, c *consume.Consumer, st *store.Store, ends map[int]uint64) {
	b.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c.Tell = func(part int, err error) { b.Errorf("partition %d: %v", part, err) }
	var running sync.WaitGroup
	running.Go(func() { c.Run(ctx) })
	for there := false; !there; time.Sleep(25 * time.Millisecond) { // each look takes from both
		at, err := st.Positions(ctx)
		must(b, err)
		there = true
		for part, end := range ends {
			there = there && at[part].At >= end
		}
	}
	cancel()
	running.Wait()
}

// rows are a partition's records as they are copied.
func (p *province) rows(b *testing.B, part int, end uint64) (out [][]any) {
	b.Helper()
	c, err := p.js.OrderedConsumer(context.Background(), wire.Register, jetstream.OrderedConsumerConfig{FilterSubjects: []string{wire.PartitionSubjects(part)}})
	must(b, err)
	messages, err := c.Messages()
	must(b, err)
	defer messages.Stop()
	generation := int64(0)
	for at := uint64(0); at < end; {
		msg, err := messages.Next()
		must(b, err)
		meta, err := msg.Metadata()
		must(b, err)
		at = meta.Sequence.Stream
		m, err := wire.Decode(msg.Subject(), msg.Data())
		must(b, err)
		if m.Kind == wire.Begin {
			generation = int64(at)
		}
		if m.Type == "" {
			continue
		}
		var sealed any
		if m.Sealed != nil {
			sealed = m.Sealed
		}
		out = append(out, []any{m.County, m.Record, m.Type, generation, m.Term, m.Seq, false, m.Household, m.Area, []byte(m.Values), sealed, m.Blind})
	}
	return out
}

// copyBare is the least that takes rows in: COPY, and one upsert, batch by batch.
func copyBare(b *testing.B, st *store.Store, rows [][]any) {
	ctx := context.Background()
	columns := []string{"county", "record", "type", "generation", "term", "seq", "gone", "household", "area", "values", "sealed", "blind"}
	for batch := range slices.Chunk(rows, readBatch) {
		if err := pgx.BeginFunc(ctx, st.Pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, `CREATE TEMP TABLE IF NOT EXISTS incoming (LIKE records) ON COMMIT DELETE ROWS`); err != nil {
				return err
			}
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{"incoming"}, columns, pgx.CopyFromRows(batch)); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `INSERT INTO records SELECT * FROM incoming ON CONFLICT (county, record) DO UPDATE SET type = excluded.type, generation = excluded.generation, term = excluded.term,
				seq = excluded.seq, gone = excluded.gone, household = excluded.household, area = excluded.area, "values" = excluded."values", sealed = excluded.sealed, blind = excluded.blind`)
			return err
		}); err != nil {
			b.Error(err)
		}
	}
}
