package engine

import (
	"context"
	"crypto/sha256"
)

// AuditEntry is one line of the audit log, as the chain covers it.
type AuditEntry struct {
	At      string `json:"at"`
	Account string `json:"account"`
	Device  string `json:"device"`
	Origin  string `json:"origin"`
	Action  string `json:"action"`
	Subject string `json:"subject"`
	FromSeq int64  `json:"from_seq"`
	ToSeq   int64  `json:"to_seq"`
	Detail  string `json:"detail"`
}

// Link is the chain's head after this line, with head before it. Whoever has the lines and
// a head can go over the chain again: exports hold both.
func (a *AuditEntry) Link(head [32]byte) [32]byte {
	return link(head, a.FromSeq, a.ToSeq, 0, sha256.Sum256([]byte(a.Detail)), a.At, a.Account, a.Device, a.Origin, a.Action, a.Subject)
}

// audit enters who did what, from where, into the audit log, in the transaction
// of the deed. One entry covers a whole batch: it names the range of seqs, and
// the op log says the rest. The chain is checked by Verify.
func (tx *Tx) audit(account, device, origin, action, subject string, from, to int64, detail string) error {
	var head []byte
	if err := tx.queryRow(`SELECT audit_chain FROM sync_state WHERE id = 1`).Scan(&head); err != nil {
		return err
	}
	var chain [32]byte
	copy(chain[:], head)
	chain = (&AuditEntry{At: tx.stamp, Account: account, Device: device, Origin: origin, Action: action, Subject: subject, FromSeq: from, ToSeq: to, Detail: detail}).Link(chain)
	if err := tx.exec(`INSERT INTO sync_audit (at, account, device, origin, action, subject, from_seq, to_seq, detail, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		tx.stamp, account, device, origin, action, subject, from, to, detail, chain[:]); err != nil {
		return err
	}
	return tx.exec(`UPDATE sync_state SET audit_chain = ? WHERE id = 1`, chain[:])
}

// Audit records a deed that has no transaction of its own (a refused request, a
// read that must be accounted for).
func (e *Engine) Audit(ctx context.Context, account, device, origin, action, subject, detail string) error {
	return e.Update(ctx, func(tx *Tx) error {
		return tx.audit(account, device, origin, action, subject, 0, 0, detail)
	})
}
