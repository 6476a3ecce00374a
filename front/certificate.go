package front

import (
	"crypto/tls"
	"errors"
	"os"
	"sync"
	"time"
)

// lookAgain is how often a certificate's file is looked at: a renewed one is taken
// without a restart.
const lookAgain = time.Minute

// certificate is a pair of files and what was read of them last.
type certificate struct {
	cert, key string
	now       func() time.Time

	mu      sync.Mutex
	pair    *tls.Certificate
	changed time.Time // of the files
	looked  time.Time
}

func readCertificate(cert, key string, now func() time.Time) (*certificate, error) {
	c := &certificate{cert: cert, key: key, now: now}
	if err := c.read(); err != nil {
		return nil, err
	}
	if now().After(c.pair.Leaf.NotAfter) {
		return nil, errors.New("已于 " + c.pair.Leaf.NotAfter.Format("2006-01-02") + " 过期，请更换")
	}
	return c, nil
}

// get answers the certificate of the files as they are now. Files that cannot be read,
// or of which only one is renewed yet, leave the one that was.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); now.Sub(c.looked) >= lookAgain {
		c.looked = now
		if at, err := c.changedAt(); err == nil && at.After(c.changed) {
			_ = c.read()
		}
	}
	return c.pair, nil
}

func (c *certificate) read() error {
	at, err := c.changedAt()
	if err != nil {
		return err
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return err
	}
	c.pair, c.changed, c.looked = &pair, at, c.now()
	return nil
}

// changedAt is when the younger of the two files was written.
func (c *certificate) changedAt() (time.Time, error) {
	var last time.Time
	for _, file := range []string{c.cert, c.key} {
		info, err := os.Stat(file)
		if err != nil {
			return time.Time{}, err
		}
		if info.ModTime().After(last) {
			last = info.ModTime()
		}
	}
	return last, nil
}
