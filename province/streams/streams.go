// Package streams connects to the province's JetStream servers and knows how its two
// streams are set up and what a county may do on them. It knows no messages' meaning.
package streams

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"doorstep/province/wire"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Where is how the servers are reached.
type Where struct {
	Servers     string // tls://a:4222,tls://b:4222
	CA          string // PEM file that their certificates hang on; "" the system's
	Credentials string // file: the first line the user, the second the password
	Name        string // of the connection; a county's is its code
}

// Bounds of a connection: how long a server may be silent, and how often one is tried.
const (
	dialTime  = 5 * time.Second
	retryWait = 2 * time.Second
	pingEvery = 20 * time.Second
	ackTime   = 30 * time.Second
	// mostPending bounds what is under way and not acknowledged.
	mostPending = 4000
)

// Check is of what can be known to be wrong before the start.
func (w *Where) Check() error {
	_, err := w.options()
	return err
}

func (w *Where) options() ([]nats.Option, error) {
	for one := range strings.SplitSeq(w.Servers, ",") {
		if !strings.HasPrefix(strings.TrimSpace(one), "tls://") {
			return nil, fmt.Errorf("省级消息服务器 %q 须写成 tls://主机:端口，多个用逗号隔开", one)
		}
	}
	text, err := os.ReadFile(w.Credentials)
	if err != nil {
		return nil, fmt.Errorf("不能读取省级消息服务器的账号文件：%w", err)
	}
	lines := strings.Fields(string(text))
	if len(lines) != 2 {
		return nil, fmt.Errorf("账号文件 %s 须有两行：第一行账号，第二行密码", w.Credentials)
	}
	secure := &tls.Config{MinVersion: tls.VersionTLS12}
	if w.CA != "" {
		pem, err := os.ReadFile(w.CA)
		if err != nil {
			return nil, fmt.Errorf("不能读取省级消息服务器的根证书：%w", err)
		}
		if secure.RootCAs = x509.NewCertPool(); !secure.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s 不是 PEM 格式的根证书", w.CA)
		}
	}
	return []nats.Option{nats.Name(w.Name), nats.UserInfo(lines[0], lines[1]), nats.Secure(secure), nats.Timeout(dialTime),
		nats.CustomInboxPrefix(Inbox(w.Name)), nats.MaxReconnects(-1), nats.ReconnectWait(retryWait), nats.RetryOnFailedConnect(true),
		nats.PingInterval(pingEvery), nats.MaxPingsOutstanding(2),
		nats.ReconnectBufSize(-1)}, nil // what is not acknowledged is read from the feed again: nothing piles up here
}

// Inbox is below what answers come to a connection: one county reads none of another's.
func Inbox(name string) string { return "_INBOX_" + name }

// Dial opens a connection; it is kept up, and comes to be as soon as a server answers.
func Dial(w Where) (*nats.Conn, jetstream.JetStream, error) {
	options, err := w.options()
	if err != nil {
		return nil, nil, err
	}
	c, err := nats.Connect(w.Servers, options...)
	if err != nil {
		return nil, nil, fmt.Errorf("连接省级消息服务器：%w", err)
	}
	js, err := jetstream.New(c, jetstream.WithPublishAsyncMaxPending(mostPending), jetstream.WithPublishAsyncTimeout(ackTime))
	if err != nil {
		c.Close()
		return nil, nil, err
	}
	return c, js, nil
}

// Setup is what the province decides of its streams.
type Setup struct {
	Replicas int
	Dedupe   time.Duration // how long the stream remembers a message's id; 0: dedupe
}

const dedupe = 10 * time.Minute

// configs are the two streams as they must be.
func configs(s Setup) []jetstream.StreamConfig {
	if s.Dedupe == 0 {
		s.Dedupe = dedupe
	}
	// What goes up is kept: the province's store can be built again from its beginning.
	up := jetstream.StreamConfig{Name: wire.Register, Subjects: []string{wire.Published}, Storage: jetstream.FileStorage, Replicas: s.Replicas,
		Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardNew, Duplicates: s.Dedupe, MaxMsgSize: wire.MostBytes, Compression: jetstream.S2Compression,
		SubjectTransform: &jetstream.SubjectTransformConfig{Source: wire.Published, Destination: wire.Stored}, DenyDelete: true}
	down := jetstream.StreamConfig{Name: wire.Down, Subjects: []string{"down.*"}, Storage: jetstream.FileStorage, Replicas: s.Replicas,
		Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardNew, Duplicates: s.Dedupe, MaxMsgSize: wire.MostBytes, DenyDelete: true}
	return []jetstream.StreamConfig{up, down}
}

// Ensure makes both streams, or brings them to this setup.
func Ensure(ctx context.Context, js jetstream.JetStream, s Setup) error {
	var errs []error
	for _, c := range configs(s) {
		if _, err := js.CreateOrUpdateStream(ctx, c); err != nil {
			errs = append(errs, fmt.Errorf("stream %s: %w", c.Name, err))
		}
	}
	return errors.Join(errs...)
}

// Identity names a stream as long as it is the same one.
func Identity(ctx context.Context, js jetstream.JetStream, stream string) (string, error) {
	s, err := js.Stream(ctx, stream)
	if err != nil {
		return "", err
	}
	return IdentityOf(s), nil
}

// IdentityOf is the identity of a stream that was looked up.
func IdentityOf(s jetstream.Stream) string {
	return s.CachedInfo().Created.UTC().Format(time.RFC3339Nano)
}

// How a stream is read: an ordered consumer by pulls. The heartbeat of a pull is noticed as
// lost within twice its time, which must be less than Idle.
const (
	Idle      = 5 * time.Second // of nothing, before a reader looks at the stream again
	heartbeat = time.Second
	pull      = 10 * time.Second // how long the servers keep one
	// forget is how long the servers keep a reader that asks for nothing: one that stopped, or
	// was killed. The library's five minutes left 16 of them behind at each restart of the
	// province's readers. It need not outlive a lost connection: behind one the library makes
	// a reader anew in any case, after the last message that was taken, as it does for one
	// that was forgotten while PostgreSQL took its time.
	forget = time.Minute
)

// Follow begins to read a stream's messages below a subject, those behind a place, at most
// so many under way. The context is of the asking; whoever reads stops the answer.
func Follow(ctx context.Context, js jetstream.JetStream, stream, subject string, after uint64, most int) (jetstream.MessagesContext, error) {
	reader, err := js.OrderedConsumer(ctx, stream, jetstream.OrderedConsumerConfig{FilterSubjects: []string{subject},
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: after + 1, InactiveThreshold: forget})
	if err != nil {
		return nil, err
	}
	// Few large pulls: for each the servers may unpack a whole block of the stream anew.
	return reader.Messages(jetstream.PullMaxMessages(most), jetstream.PullThresholdMessages(max(1, most/8)), jetstream.PullHeartbeat(heartbeat), jetstream.PullExpiry(pull))
}

// Permissions are what a county's account may publish and read on the servers: itself
// below its own code, and nothing of another county's.
func Permissions(county string) (publish, subscribe []string) {
	return []string{
			wire.Subject(county, ">"), // register.<county>.>
			"$JS.API.STREAM.INFO." + wire.Register, "$JS.API.STREAM.INFO." + wire.Down,
			"$JS.API.CONSUMER.CREATE." + wire.Down + ".*." + wire.DownSubject(county),
			"$JS.API.CONSUMER.INFO." + wire.Down + ".*", "$JS.API.CONSUMER.DELETE." + wire.Down + ".*",
			"$JS.API.CONSUMER.MSG.NEXT." + wire.Down + ".*",
		}, []string{
			Inbox(county) + ".>",
		}
}
