package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Faults of an attempt; "" is none.
const (
	BadTarget   = "target"      // the address may not be told anything
	Unreachable = "unreachable" // no connection
	Untrusted   = "certificate" // its certificate is none that this machine trusts
	TimedOut    = "timeout"
	Redirected  = "redirect" // never followed: the address is what somebody set
	Refused     = "status"   // any other status
	Gone        = "gone"     // 410: it does not want to be told any more
)

// Attempt is what came of one.
type Attempt struct {
	At     time.Time
	Status int // 0: no answer
	Fault  string
	Millis int64
}

// Delivered reports whether the message has arrived.
func (a Attempt) Delivered() bool { return a.Fault == "" }

// Final reports whether another attempt would be the same again.
func (a Attempt) Final() bool { return a.Fault == Gone || a.Fault == BadTarget }

// Sender makes attempts.
type Sender struct {
	client *http.Client
	now    func() time.Time
}

// Limits of one attempt.
const (
	Timeout   = 10 * time.Second
	maxAnswer = 4 << 10 // of the answer's body, which is read and not kept
)

// NewSender makes one. roots nil: the machine's.
func NewSender(now func() time.Time, timeout time.Duration, roots *x509.CertPool) *Sender {
	dial := &net.Dialer{Timeout: timeout}
	return &Sender{now: now, client: &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{DialContext: dial.DialContext, TLSHandshakeTimeout: timeout, ResponseHeaderTimeout: timeout,
			TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, MaxConnsPerHost: 2, MaxIdleConnsPerHost: 1,
			IdleConnTimeout: 30 * time.Second, MaxResponseHeaderBytes: 16 << 10, ForceAttemptHTTP2: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Post makes one attempt.
func (s *Sender) Post(ctx context.Context, target, id string, body []byte, keys ...Key) Attempt {
	a := Attempt{At: s.now()}
	if CheckTarget(target) != nil || len(keys) == 0 {
		a.Fault = BadTarget
		return a
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		a.Fault = BadTarget
		return a
	}
	h := req.Header
	h.Set("Content-Type", "application/json")
	h.Set("User-Agent", "doorstep-webhook/1")
	h.Set("webhook-id", id)
	h.Set("webhook-timestamp", strconv.FormatInt(a.At.Unix(), 10))
	h.Set("webhook-signature", Sign(id, a.At, body, keys...))
	res, err := s.client.Do(req)
	if err == nil {
		_, _ = io.CopyN(io.Discard, res.Body, maxAnswer) // the status is the answer
		_ = res.Body.Close()
		a.Status = res.StatusCode
	}
	a.Millis, a.Fault = s.now().Sub(a.At).Milliseconds(), fault(a.Status, err)
	return a
}

func fault(status int, err error) string {
	var timeout net.Error
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &certificate):
		return Untrusted
	case errors.As(err, &timeout) && timeout.Timeout():
		return TimedOut
	case err != nil:
		return Unreachable
	case status >= 200 && status < 300:
		return ""
	case status >= 300 && status < 400:
		return Redirected
	case status == http.StatusGone:
		return Gone
	}
	return Refused
}
