// Package webhook signs a message and takes it to another system once, in the shape
// of Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature over
// "id.timestamp.body", HMAC-SHA256), and says when to try again.
//
// It knows no referral, keeps no queue and reads no database: register/ keeps what is
// to be told, hooks/ asks for it.
package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Key signs messages. Its text begins with keyPrefix.
type Key []byte

const (
	keyPrefix = "whsec_"
	keyBytes  = 32
)

// NewKey draws a key.
func NewKey(random io.Reader) (Key, error) {
	k := make(Key, keyBytes)
	_, err := io.ReadFull(random, k)
	return k, err
}

// ParseKey reads a key's text.
func ParseKey(text string) (Key, error) {
	encoded, ok := strings.CutPrefix(text, keyPrefix)
	if !ok {
		return nil, errors.New("webhook: a key begins with " + keyPrefix)
	}
	k, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(k) < 24 || len(k) > 64 {
		return nil, errors.New("webhook: a key is 24 to 64 bytes in base64")
	}
	return k, nil
}

func (k Key) String() string { return keyPrefix + base64.StdEncoding.EncodeToString(k) }

// Sign is the header webhook-signature: one signature for each key that is valid, so
// that the receiver may change to the new one at its own time.
func Sign(id string, at time.Time, body []byte, keys ...Key) string {
	signatures := make([]string, 0, len(keys))
	for _, k := range keys {
		mac := hmac.New(sha256.New, k)
		_, _ = io.WriteString(mac, id+"."+strconv.FormatInt(at.Unix(), 10)+".") // a hash's Write fails never
		_, _ = mac.Write(body)
		signatures = append(signatures, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	return strings.Join(signatures, " ")
}

// maxTarget bounds an address.
const maxTarget = 500

// CheckTarget says whether an address may be told anything: by https, or in the clear
// on this machine alone (a gateway beside the server).
func CheckTarget(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || len(address) > maxTarget || u.Hostname() == "" || u.Fragment != "":
		return errors.New("webhook: not an address: " + address)
	case u.User != nil:
		return errors.New("webhook: an address carries no password")
	case u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()):
		return nil
	}
	return errors.New("webhook: only https, or http on this machine")
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// waits is how long after each attempt the next one is made: about three days in all.
var waits = []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour}

// Attempts is how many are made before a message is given up.
var Attempts = len(waits) + 1

// Wait is the time from attempt n (from 1) to the next; ok is false after the last.
// spread, from 0 to 1, adds up to a fifth, so that what failed together does not come
// back together.
func Wait(n int, spread float64) (wait time.Duration, ok bool) {
	if n < 1 || n > len(waits) {
		return 0, false
	}
	w := waits[n-1]
	return w + time.Duration(spread*float64(w)/5), true
}
