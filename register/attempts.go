package register

import (
	"container/list"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"time"

	"doorstep/sync/engine"
	"doorstep/sync/wire"
)

// Attempts counts wrong passwords in a row by account and device, never by address: a
// whole county sits behind one. A browser on which an account has signed in before proves
// so (Known), and is counted apart: whoever guesses elsewhere does not lock its owner out.
type Attempts struct {
	Engine *engine.Engine
	Key    []byte // signs what a browser keeps

	mu    sync.Mutex
	known *counters // accounts that are there
	vague *counters // logins that nobody has: told the same, and forgotten first
}

// How often one may be wrong; how long the next waits, doubled each time up to a limit;
// after how long without a mistake all is forgotten.
const (
	freeAttempts  = 5
	firstWait     = 30 * time.Second
	longestWait   = 15 * time.Minute
	attemptsKept  = 24 * time.Hour
	mostKnown     = 1 << 16
	mostVague     = 1 << 12
	nonceBytes    = 12
	longestProof  = 200
	longestHidden = 64 // bytes of a login that are looked at
)

type counter struct {
	key      string
	failures int
	last     time.Time
	until    time.Time
}

// counters forget whoever was longest without an attempt when there are too many.
type counters struct {
	most  int
	order *list.List
	byKey map[string]*list.Element
}

func newCounters(most int) *counters {
	return &counters{most: most, order: list.New(), byKey: map[string]*list.Element{}}
}

func (c *counters) at(key string) *counter {
	if e, ok := c.byKey[key]; ok {
		c.order.MoveToFront(e)
		return e.Value.(*counter)
	}
	if len(c.byKey) >= c.most {
		last := c.order.Back()
		delete(c.byKey, last.Value.(*counter).key)
		c.order.Remove(last)
	}
	one := &counter{key: key}
	c.byKey[key] = c.order.PushFront(one)
	return one
}

func (c *counters) drop(key string) {
	if e, ok := c.byKey[key]; ok {
		delete(c.byKey, key)
		c.order.Remove(e)
	}
}

// OpenAttempts reads who has to wait still: a restart forgives nobody.
func OpenAttempts(ctx context.Context, e *engine.Engine, key []byte) (*Attempts, error) {
	a := &Attempts{Engine: e, Key: key, known: newCounters(mostKnown), vague: newCounters(mostVague)}
	rows, err := e.Query(ctx, `SELECT key, failures, last, until FROM account_attempts ORDER BY last`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var key, last, until string
		var failures int
		if err := rows.Scan(&key, &failures, &last, &until); err != nil {
			return nil, err
		}
		c := a.known.at(key)
		c.failures, c.last, c.until = failures, parsed(last), parsed(until)
	}
	return a, rows.Err()
}

func parsed(written string) time.Time {
	t, _ := time.Parse(time.RFC3339, written)
	return t
}

// Attempt is one try, counted as a mistake until it is known to be none: a hundred at
// once are a hundred mistakes.
type Attempt struct {
	of      *Attempts
	account string // "" for a login that nobody has
	key     string
	locked  bool // this one, if wrong, makes the next wait
}

// Begin lets a try through, or says how long to wait. Errors: wire.Busy with the time.
func (a *Attempts) Begin(ctx context.Context, account, login, proof, origin string) (*Attempt, error) {
	t := &Attempt{of: a, account: account, key: account}
	if account == "" {
		t.key = "?" + login[:min(len(login), longestHidden)]
	} else if nonce := a.proven(account, proof); nonce != "" {
		t.key = account + " " + nonce
	}
	now := a.Engine.Now()
	a.mu.Lock()
	c := t.counters().at(t.key)
	if wait := c.until.Sub(now); wait > 0 {
		a.mu.Unlock()
		return nil, waitFor(wait)
	}
	if now.Sub(c.last) > attemptsKept {
		c.failures = 0
	}
	c.failures++
	c.last = now
	if over := c.failures - freeAttempts; over >= 0 {
		c.until = now.Add(min(firstWait<<min(over, 10), longestWait))
		t.locked = true
	}
	kept := *c
	a.mu.Unlock()
	if t.locked && account != "" {
		return t, a.keep(ctx, kept, account, origin)
	}
	return t, nil
}

func (t *Attempt) counters() *counters {
	if t.account == "" {
		return t.of.vague
	}
	return t.of.known
}

// keep stores a count that makes somebody wait, and enters it in the audit log. A disk
// that is full or faulty keeps nobody from trying: the count stands in memory.
func (a *Attempts) keep(ctx context.Context, c counter, account, origin string) error {
	err := a.Engine.Update(context.WithoutCancel(ctx), func(tx *engine.Tx) error {
		if err := tx.Exec(`INSERT OR REPLACE INTO account_attempts (key, failures, last, until) VALUES (?, ?, ?, ?)`, c.key, c.failures, wire.Format(c.last), wire.Format(c.until)); err != nil {
			return err
		}
		return tx.Audit(engine.Server, origin, "session.locked", account, fmt.Sprintf(`{"failures":%d,"until":%q}`, c.failures, wire.Format(c.until)))
	})
	return unlessDisk(err)
}

// Right forgets the mistakes before.
func (t *Attempt) Right(ctx context.Context) error { return t.of.forget(ctx, []string{t.key}) }

// Void takes one back that was neither right nor wrong.
func (t *Attempt) Void() {
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	c := t.counters().at(t.key)
	c.failures = max(c.failures-1, 0)
	if t.locked {
		c.until = time.Time{}
	}
}

// Forgive forgets all mistakes of an account: its keeper gave it another passphrase.
func (a *Attempts) Forgive(ctx context.Context, account string) error {
	a.mu.Lock()
	var keys []string
	for key := range a.known.byKey {
		if key == account || strings.HasPrefix(key, account+" ") {
			keys = append(keys, key)
		}
	}
	a.mu.Unlock()
	return a.forget(ctx, keys)
}

func (a *Attempts) forget(ctx context.Context, keys []string) error {
	a.mu.Lock()
	var stored []string
	for _, key := range keys {
		if e, ok := a.known.byKey[key]; ok && e.Value.(*counter).failures >= freeAttempts {
			stored = append(stored, key)
		}
		a.known.drop(key)
	}
	a.mu.Unlock()
	if len(stored) == 0 {
		return nil
	}
	return unlessDisk(a.Engine.Update(context.WithoutCancel(ctx), func(tx *engine.Tx) error {
		for _, key := range stored {
			if err := tx.Exec(`DELETE FROM account_attempts WHERE key = ?`, key); err != nil {
				return err
			}
		}
		return nil
	}))
}

// Held is how many are being counted.
func (a *Attempts) Held() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.known.byKey) + len(a.vague.byKey)
}

// Known is what a browser keeps after a sign-in, to be told from strangers at the next.
func (a *Attempts) Known(account string) (string, error) {
	nonce := make([]byte, nonceBytes)
	if _, err := rand.Read(nonce); err != nil {
		return "", err
	}
	n := base64.RawURLEncoding.EncodeToString(nonce)
	return n + "." + a.sign(account, n), nil
}

// proven is the nonce of a proof that is this account's, "" if it is none.
func (a *Attempts) proven(account, proof string) string {
	nonce, mac, ok := strings.Cut(proof, ".")
	if !ok || len(proof) > longestProof || !hmac.Equal([]byte(mac), []byte(a.sign(account, nonce))) {
		return ""
	}
	return nonce
}

func (a *Attempts) sign(account, nonce string) string {
	mac := hmac.New(sha256.New, a.Key)
	mac.Write([]byte("known browser\n" + account + "\n" + nonce))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// waitFor says in words how long.
func waitFor(wait time.Duration) error {
	seconds := int((wait + time.Second - 1) / time.Second)
	said := fmt.Sprintf(attemptsSeconds, seconds)
	if seconds > 90 {
		said = fmt.Sprintf(attemptsMinutes, (seconds+59)/60)
	}
	return wire.Wait(seconds, said)
}

const (
	attemptsSeconds = "密码连续输错多次，请等 %d 秒再试。忘记密码请找管理账号的人重置。"
	attemptsMinutes = "密码连续输错多次，请等 %d 分钟再试。忘记密码请找管理账号的人重置。"
)
