package sim

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"doorstep/province/servers"
	"doorstep/province/wire"
	"doorstep/sync/engine"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// trouble is something that goes wrong. strike begins it, and answers what ends it after
// the round, where it does not end by itself.
type trouble struct {
	name   string
	chance float64 // in each round
	strike func(*world) (end func())
}

// troubles is the table. Each seed draws which of them it has at all, so that one does
// not hide the other.
var troubles = []trouble{
	{"lossy", 0, nil}, // of every line, all the time
	{"cut for weeks", 0.6, (*world).cutOff},
	{"county restored", 0.5, (*world).restoreCounty},
	{"feed forgets", 0.15, (*world).halfAYear},
	{"told again", 0.25, (*world).tellAgain},
	{"watermark set back", 0.4, (*world).setBack},
	{"late", 0.5, (*world).sayAgain},
	{"damaged", 0.4, (*world).damage},
	{"node replaced", 0.2, (*world).replaceNode},
	{"PostgreSQL restarted", 0.3, (*world).restartPostgres},
	{"PostgreSQL restored", 0.4, (*world).restorePostgres},
	{"reader killed", 0.3, (*world).killReader},
	{"session lost", 0.6, (*world).loseSession},
	{"found again", 0.4, (*world).sendAgain},
	{"forged", 0.3, (*world).forge},
	{"streams lost", 0.12, (*world).loseStreams},
	{"receiver stumbles", 0.5, (*world).stumble},
	{"offer forgotten", 0.6, (*world).forgetOffer},
}

func (w *world) draw() {
	for i := range troubles {
		if w.rng.IntN(10) < 8 {
			w.drawn = append(w.drawn, &troubles[i])
		}
	}
}

func (w *world) has(name string) bool {
	return slices.ContainsFunc(w.drawn, func(t *trouble) bool { return t.name == name })
}

func (w *world) troubles() string {
	var names []string
	for _, t := range w.drawn {
		names = append(names, t.name)
	}
	return strings.Join(names, ", ")
}

func (w *world) lossy() float64 {
	if w.has("lossy") {
		return 0.4
	}
	return 0
}

func (w *world) some() *county { return w.counties[w.rng.IntN(len(w.counties))] }

func (w *world) cutOff() func() {
	c := w.some()
	if c.isAway() {
		return nil
	}
	c.away = w.round + 1 + w.rng.IntN(3)
	w.note("%s has no network until round %d", c.Code, c.away)
	return nil
}

func (w *world) restoreCounty() func() {
	kept := slices.DeleteFunc(slices.Clone(w.counties), func(c *county) bool { return len(c.backups) == 0 })
	if len(kept) == 0 {
		return nil
	}
	c := kept[w.rng.IntN(len(kept))]
	i, again := w.rng.IntN(len(c.backups)), w.rng.IntN(2) == 0
	b := c.backups[i]
	c.backups = c.backups[:i+1]
	w.note("%s is restored: %d of %d pushes are lost, handed in again: %v", c.Code, len(c.written)-b.written, len(c.written), again)
	c.restore(b, again)
	return func() { // what comes down meets the restored county before its tablets do
		if again {
			w.carry(10 * time.Second)
		}
	}
}

// halfAYear passes: every county's feed forgets what was deleted before, also that of one
// that deleted something and could not tell.
func (w *world) halfAYear() func() {
	c := w.some()
	c.away = max(c.away, w.round+1)
	c.connect()
	c.hang()
	c.learn()
	for range 3 {
		c.do(c.deleteMember()...)
	}
	w.now.Add(int64(200 * 24 * time.Hour))
	w.note("half a year passes, %s is away", c.Code)
	for _, one := range w.counties {
		if !one.isAway() {
			_, _ = one.relay.Drain(w.t.Context())
		}
	}
	for _, one := range w.counties {
		if _, err := one.Engine.Compact(w.t.Context(), engine.Retention); err != nil {
			w.fail("harness", "compact: %v", err)
		}
	}
	return nil
}

func (w *world) tellAgain() func() {
	c := w.some()
	w.note("%s tells everything again", c.Code)
	c.relay.Resend()
	return nil
}

// setBack loses what a relay noted last.
func (w *world) setBack() func() {
	c := w.some()
	if err := c.Engine.Update(w.t.Context(), func(tx *engine.Tx) error {
		return tx.Exec(`UPDATE province_relay SET seq = seq * ? / 100, record = ''`, w.rng.IntN(100))
	}); err != nil {
		w.fail("harness", "set back: %v", err)
	}
	w.note("%s has its watermark set back", c.Code)
	return nil
}

// publish publishes as a county's account does, past what the stream remembers.
func (w *world) publish(js jetstream.JetStream, subject string, data []byte) bool {
	w.started++
	id := fmt.Sprintf("again %d %d", w.seed, w.started)
	return w.until("a message is published", func(ctx context.Context) bool {
		one, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		_, err := js.PublishMsg(one, &nats.Msg{Subject: subject, Data: data}, jetstream.WithMsgID(id))
		return err == nil
	})
}

func (w *world) sayAgain() func() {
	c := w.some()
	old := append(c.line.heard(), c.letters.heard()...)
	if len(old) == 0 {
		return nil
	}
	n := min(len(old), 40)
	from := w.rng.IntN(len(old) - n + 1)
	w.note("%s: %d old messages come again, late", c.Code, n)
	return func() {
		for _, m := range old[from : from+n] {
			if !w.publish(c.js, m.subject, m.data) {
				return
			}
		}
	}
}

// damage publishes what is no message; it must be put aside and stop nobody.
func (w *world) damage() func() {
	c := w.some()
	subject := wire.Subject(c.Code, "members")
	text := []string{"no message", `{"v":1,"kind":"put","county":"370299","term":"t","seq":1,"type":"members","record":"r","values":{}}`,
		`{"v":1,"kind":"put","county":"` + c.Code + `","term":"a term that never began","seq":1,"type":"members","record":"r","values":{}}`,
		`{"v":1,"kind":"put","county":"` + c.Code + `","term":"what no database holds: \u0000","seq":1,"type":"members","record":"r","values":{}}`,
		`{"v":2,"kind":"says","county":"` + c.Code + `","type":"handover","hand":{"id":"h","word":"offer","from":"370299","to":"370202","household":"r"}}`}[w.rng.IntN(5)] // the last in another county's name
	if strings.Contains(text, "says") {
		subject = wire.Subject(c.Code, wire.HandedOver)
	}
	return func() {
		if w.publish(c.js, subject, []byte(text)) {
			w.damaged[c.Code]++
			w.note("%s: a damaged message", c.Code)
		}
	}
}

// replaceNode kills a node while people write, and puts an empty one in its place.
func (w *world) replaceNode() func() {
	w.whole() // one at a time: of three, two must run
	i := w.rng.IntN(servers.Nodes)
	w.note("node %d is killed, an empty one comes", i)
	w.cluster.Stop(i)
	return func() { w.cluster.Replace(i) }
}

// loseStreams is the loss of all three nodes' disks: the streams are others, and empty. Some
// counties were away, and never saw what the old one had for them.
func (w *world) loseStreams() func() {
	for range 4 {
		c := w.some()
		c.away = max(c.away, w.round+1)
		w.note("%s is away", c.Code)
	}
	return func() {
		for range 40 { // where the province is well, the old one has what was found by now
			if w.behind() == "" {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		w.note("both streams are lost with all they had")
		w.newStreams()
		w.perhaps = maps.Clone(w.damaged)
		for _, c := range w.counties {
			c.line.forget()
			c.letters.forget()
		}
	}
}

func (w *world) killReader() func() {
	i := w.rng.IntN(len(w.processes))
	w.note("%s is killed", w.processes[i].name)
	w.processes[i].kill()
	return func() { w.processes[i] = w.start() }
}

func (w *world) stumble() func() {
	c := w.some()
	w.note("%s: its server ends while it takes in what came down", c.Code)
	c.stumble.Store(1)
	return nil
}

// forge says something that the province never said.
func (w *world) forge() func() {
	c := w.some()
	if f := c.forgeAnswer(); f != nil {
		return f
	}
	m := c.any("members")
	if m == nil {
		return nil
	}
	text := fmt.Sprintf(`{"v":1,"text":{"id":"forged","county":%q,"kind":"death","member":%q,"as_of":"2026-11-23","values":{}},"signature":"AAAA"}`, c.Code, m.id)
	return func() { w.publish(w.js, wire.DownSubject(c.Code), []byte(text)) }
}
